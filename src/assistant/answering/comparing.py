"""Two things set against each other: what the notes say of both at once, and of each, aspect by aspect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.answering.ranking import Window, choose, overlap, repeats
from assistant.retrieval.lexicon import Lexicon

_CLEARLY = 0.4
"""How much of what only one side is called a text must hold, by rarity, to speak of that side."""
_BOTH = 0.8
"""How much of either side's a text must hold to speak of both."""
_NEARLY_BEST = 0.25
"""A window on both sides is quoted if it is worth this part of the worthiest: it compares, where others only tell."""
_WORTH_A_CELL = 0.6
"""A window on one side is quoted if it is worth this part of the side's worthiest. Of 33 comparisons over five collections as many are right as with
any part of that, in 94 words instead of 119."""
_MOST_OF_BOTH, _MOST_ROWS = 2, 3
_LOOKED_AT = 400
"""Windows, the worthiest: further ones are hardly ever chosen."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is quoted of two things called ``names``: windows on ``both``, then rows of one on each."""

    names: tuple[str, str]
    both: tuple[Window, ...]
    rows: tuple[tuple[Window, Window], ...]

    @property
    def windows(self) -> tuple[Window, ...]:
        """All that is quoted, in the order in which it is shown."""
        return self.both + tuple(one for row in self.rows for one in row)


def compare(
    names: tuple[str, str], ranked: Sequence[Window], lexicon: Lexicon, *, words: int, whole: Callable[[Window, int], Window] = lambda window, words: window
) -> Comparison | None:
    """The comparison of the things called ``names`` in at most ``words`` words; None unless the notes speak of both of them.

    ``ranked`` holds the windows there are, the worthiest first; ``whole`` gives the table that a window of both is of, as far as so many words allow.
    """
    left, right = (frozenset(lexicon.terms(name)) for name in names)
    own = left - right, right - left
    # What one side alone is called, the notes must know; a name may be part of the other.
    if not any(own) or any(terms and not any(map(lexicon.knows, terms)) for terms in own):
        return None
    left, right = (frozenset(filter(lexicon.knows, terms)) for terms in (left, right))
    ranked = ranked[:_LOOKED_AT]
    spoken_of = [_side(window, left, right, lexicon) for window in ranked]
    best = ranked[0].worth if ranked else 0.0
    # What is worth most is quoted whichever side it names.
    both = choose(
        [
            window
            for window, side in zip(ranked, spoken_of, strict=True)
            if (side == _OF_BOTH and window.worth >= _NEARLY_BEST * best) or (side is None and window is ranked[0])
        ],
        words=words // 2,
        most=_MOST_OF_BOTH,
    )
    if both:
        first = whole(both[0], words - sum(window.cost for window in both[1:]))
        both = [first, *(window for window in both[1:] if not repeats(window, first))]
    each = []
    for wanted in (0, 1):
        new = [window for window, side in zip(ranked, spoken_of, strict=True) if side == wanted and not any(repeats(window, other) for other in both)]
        each.append([window for window in new if window.worth >= _WORTH_A_CELL * new[0].worth])
    rows = _paired(*each, words=words - sum(window.cost for window in both))
    return Comparison(names, tuple(both), tuple(_aligned(rows, lexicon=lexicon, mute=left | right))) if both or rows else None


def _paired(left: Sequence[Window], right: Sequence[Window], *, words: int) -> list[tuple[Window, Window]]:
    """Windows of one side with as many of the other, the worthiest first, none that repeats another, of at most ``words`` words.

    Of two sides the same may be said: "a local one is kept in memory", "a global one is kept in memory".
    """
    pairs: list[tuple[Window, Window]] = []
    for one, other in sorted(product(left, right), key=lambda pair: -pair[0].worth * pair[1].worth):
        new = not any(repeats(one, first) or repeats(other, second) or overlap(one, second) or overlap(other, first) for first, second in pairs)
        if new and one.cost + other.cost <= words and not overlap(one, other):
            pairs.append((one, other))
            words -= one.cost + other.cost
            if len(pairs) == _MOST_ROWS:
                break
    return pairs


_OF_BOTH = 2


def _side(window: Window, left: frozenset[str], right: frozenset[str], lexicon: Lexicon) -> int | None:
    """Which side a window speaks of: 0, 1, _OF_BOTH, or None for neither. Its own words tell, or else what it stands under."""
    said = set(lexicon.terms(window.text))
    first, second = _spoken_of(said, left, right, lexicon)
    if min(first, second) > _BOTH:
        return _OF_BOTH
    if max(first, second) <= _CLEARLY or first == second:
        said |= set(lexicon.terms(window.context))
        first, second = _spoken_of(said, left, right, lexicon)
    if max(first, second) <= _CLEARLY or first == second:
        return None
    return int(second > first)


def _spoken_of(said: set[str], left: frozenset[str], right: frozenset[str], lexicon: Lexicon) -> tuple[float, float]:
    """How much ``said`` holds of what only one of two names has; where a name is part of the other, it is meant where the other is not."""
    first, second = _covered(said, left - right, lexicon), _covered(said, right - left, lexicon)
    if left < right:
        first = _covered(said, left, lexicon) if second <= _CLEARLY else 0.0
    if right < left:
        second = _covered(said, right, lexicon) if first <= _CLEARLY else 0.0
    return first, second


def _covered(said: set[str], terms: frozenset[str], lexicon: Lexicon) -> float:
    return sum(lexicon.rarity(term) for term in terms if term in said) / (sum(map(lexicon.rarity, terms)) or 1.0)


def _aligned(pairs: Sequence[tuple[Window, Window]], *, lexicon: Lexicon, mute: frozenset[str]) -> list[tuple[Window, Window]]:
    """Rows in which those stand side by side that share the most terms, beside the names: they speak of the same aspect."""
    terms = {id(window): set(lexicon.terms(window.text)) - mute for pair in pairs for window in pair}
    rows: list[tuple[Window, Window]] = []
    rest = [other for _, other in pairs]
    for one, _ in pairs:
        partner = max(rest, key=lambda other: _likeness(terms[id(one)], terms[id(other)]))
        rows.append((one, partner))
        rest.remove(partner)
    return rows


def _likeness(mine: set[str], theirs: set[str]) -> float:
    return len(mine & theirs) / (len(mine | theirs) or 1)
