"""Two things set against each other: what the notes say of both at once, and of each, aspect by aspect."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Lexicon
from assistant.answering.ranking import Window, choose, repeats

_CLEARLY = 0.4
"""How much of what only one side is called a text must hold, by rarity, to speak of that side."""
_BOTH = 0.8
"""How much of either side's a text must hold to speak of both."""
_NEARLY_BEST = 0.25
"""A window on both sides is quoted if it is worth this part of the worthiest: it compares, where others only tell."""
_MOST_OF_BOTH, _MOST_OF_ONE = 2, 3
_LOOKED_AT = 400
"""Windows, the worthiest: further ones are hardly ever chosen."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is quoted of two things called ``names``: windows on ``both``, then rows of one on each; None where one side has no more to say."""

    names: tuple[str, str]
    both: tuple[Window, ...]
    rows: tuple[tuple[Window | None, Window | None], ...]

    @property
    def windows(self) -> tuple[Window, ...]:
        """All that is quoted, in the order in which it is shown."""
        return self.both + tuple(one for row in self.rows for one in row if one is not None)


def compare(names: tuple[str, str], ranked: Sequence[Window], lexicon: Lexicon, *, words: int) -> Comparison | None:
    """The comparison of the things called ``names`` in at most ``words`` words; None unless the notes speak of both of them.

    ``ranked`` holds the windows there are, the worthiest first.
    """
    left, right = (frozenset(filter(lexicon.knows, lexicon.terms(name))) for name in names)
    own = left - right, right - left
    if not all(own):
        return None
    ranked = ranked[:_LOOKED_AT]
    spoken_of = [_side(window, own, lexicon) for window in ranked]
    best = ranked[0].worth if ranked else 0.0
    both = choose(
        [window for window, side in zip(ranked, spoken_of, strict=True) if side == _OF_BOTH and window.worth >= _NEARLY_BEST * best],
        words=words // 2,
        most=_MOST_OF_BOTH,
    )
    half = (words - sum(window.cost for window in both)) // 2
    each: list[list[Window]] = []
    for wanted in (0, 1):
        new = [
            window
            for window, side in zip(ranked, spoken_of, strict=True)
            if side == wanted and not any(repeats(window, other) for other in [*both, *(one for chosen in each for one in chosen)])
        ]
        each.append(choose(new, words=half, most=_MOST_OF_ONE))
    if not both and not all(each):
        return None
    return Comparison(names, tuple(both), tuple(_aligned(*each, lexicon=lexicon, mute=left | right)))


_OF_BOTH = 2


def _side(window: Window, own: tuple[frozenset[str], frozenset[str]], lexicon: Lexicon) -> int | None:
    """Which side a window speaks of: 0, 1, _OF_BOTH, or None for neither. Its own words tell, or else what it stands under."""
    said = set(lexicon.terms(window.text))
    first, second = (_covered(said, terms, lexicon) for terms in own)
    if min(first, second) > _BOTH:
        return _OF_BOTH
    if max(first, second) <= _CLEARLY or first == second:
        said |= set(lexicon.terms(window.context))
        first, second = (_covered(said, terms, lexicon) for terms in own)
    if max(first, second) <= _CLEARLY or first == second:
        return None
    return int(second > first)


def _covered(said: set[str], terms: frozenset[str], lexicon: Lexicon) -> float:
    return sum(lexicon.rarity(term) for term in terms if term in said) / sum(map(lexicon.rarity, terms))


def _aligned(left: Sequence[Window], right: Sequence[Window], *, lexicon: Lexicon, mute: frozenset[str]) -> list[tuple[Window | None, Window | None]]:
    """Rows in which those stand side by side that share the most terms, beside the names: they speak of the same aspect."""
    terms = {id(window): set(lexicon.terms(window.text)) - mute for window in [*left, *right]}
    rows: list[tuple[Window | None, Window | None]] = []
    rest = list(right)
    for one in left:
        partner = max(rest, key=lambda other: _likeness(terms[id(one)], terms[id(other)]), default=None)
        rows.append((one, partner))
        if partner is not None:
            rest.remove(partner)
    return rows + [(None, other) for other in rest]


def _likeness(mine: set[str], theirs: set[str]) -> float:
    return len(mine & theirs) / (len(mine | theirs) or 1)
