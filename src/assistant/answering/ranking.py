"""Which units are quoted: runs of those that most likely answer, for the fewest words."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from assistant.answering.claims import Value, contradict
from assistant.answering.evidence import Candidate, Features
from assistant.answering.fitted import fitted
from assistant.answering.outline import Outline
from assistant.answering.stated import values
from assistant.segmenting.lines import STOPS
from assistant.segmenting.structure import Block

_SHORTEST = 8
_THRIFT = 0.8
"""A window's worth is its probability by (words + _SHORTEST) to the power of _THRIFT: one that says the same in fewer words comes first.
Right answers to the development questions change by two in a hundred between thrifts of 0.4 and 0.8."""

_NEGLIGIBLE = 0.001
"""A candidate that is so much less likely than the likeliest."""

_LEAST_SHARE = 0.02
"""A window that is so much less likely than the first would only pad the answer."""

_ALIKE = 0.75
"""A window that shares more than this of its words with one chosen before says nothing new."""

_MOST_ABOVE = 15
"""Words of an item or line that is shown above what hangs on it; a longer one is no label, and an answer of its own."""

_WORD = re.compile(r"\w+")


def strengths(features: np.ndarray) -> np.ndarray:
    """How much speaks for each candidate, a row of ``features``: a weighted sum."""
    return features @ _weights()


def relevance(strengths: np.ndarray) -> np.ndarray:
    """For each candidate the probability that it is the one that answers, if one does: the softmax of their strengths."""
    exponentials = np.exp(strengths - strengths.max(initial=-np.inf))
    return exponentials / exponentials.sum()


@cache
def _weights() -> np.ndarray:
    return np.array([fitted()["weights"][name] for name in Features._fields])


@dataclass(frozen=True)
class Window:
    """A run of candidates of one section, ``first`` to ``last`` of the list they come from: what would be quoted.

    ``share`` is the probability that the answer is in it.
    """

    outline: Outline
    start: int
    end: int
    first: int
    last: int
    first_block: int
    last_block: int
    words: int
    share: float

    @property
    def worth(self) -> float:
        """What it is chosen by."""
        return self.share / (self.cost + _SHORTEST) ** _THRIFT

    @cached_property
    def text(self) -> str:
        """What would be quoted."""
        return self.outline.document.text[self.start : self.end]

    @cached_property
    def bag(self) -> frozenset[str]:
        """Its words, in small letters."""
        return frozenset(_WORD.findall(self.text.lower()))

    @cached_property
    def values(self) -> list[Value]:
        """The values that it states."""
        return values(self.text)

    @property
    def context(self) -> str:
        """The headings that it stands under, and the lines that it hangs on."""
        return self.outline.context(self.first_block)

    @property
    def cost(self) -> int:
        """How many words showing it takes at least."""
        return self.words + (self.above_words if self.is_rows else 0)

    @cached_property
    def above(self) -> int | None:
        """The block that is shown above it, without which it says little, by its index: the head of its table, the short line or item that its
        first item hangs on. None if there is none, or it is in the window.
        """
        block = self.outline.blocks[self.first_block]
        if block.parent is None or block.kind not in ("row", "item") or self.start > block.start:
            return None
        parent = self.outline.blocks[block.parent]
        return block.parent if block.kind == "row" or _words(self.outline, parent) <= _MOST_ABOVE else None

    @cached_property
    def above_words(self) -> int:
        """How many words that adds."""
        return 0 if self.above is None else _words(self.outline, self.outline.blocks[self.above])

    @property
    def is_rows(self) -> bool:
        """Whether it begins with a row of a table, which is never shown without the table's head."""
        return self.outline.blocks[self.first_block].kind == "row"

    def goes_under(self, other: "Window") -> bool:
        """Whether ``other`` shows what would be shown above this window, so that it can follow without."""
        return self.hangs_on(other) or (self.outline is other.outline and self.above is not None and self.above == other.above)

    def hangs_on(self, other: "Window") -> bool:
        """Whether ``other`` quotes what would be shown above this window."""
        return self.outline is other.outline and self.above is not None and other.first_block <= self.above <= other.last_block


def _words(outline: Outline, block: Block) -> int:
    return len(outline.document.text[block.start : block.end].replace("|", " ").split())


def windows(candidates: Sequence[Candidate], shares: Sequence[float], *, most_words: int) -> list[Window]:
    """The windows of at most ``most_words`` words (or one unit, if that alone is longer), the worthiest first; ties by place.

    None begins or ends with a candidate that could as well be left out.
    """
    found = []
    least = _NEGLIGIBLE * max(shares, default=0.0)
    for first in range(len(candidates)):
        if shares[first] < least:
            continue
        words, share = 0, 0.0
        for last in range(first, len(candidates)):
            one = candidates[last]
            if last > first and not (_follows(candidates[last - 1], one) and words + one.words <= most_words):
                break
            words += one.words
            share += shares[last]
            if shares[last] >= least and (last > first or not _is_label(one)):
                found.append(_window(candidates, first, last, words, share))
    return sorted(found, key=lambda window: (-window.worth, window.outline.document.path, window.start, window.end))


def choose(ranked: Iterable[Window], *, words: int, most: int) -> list[Window]:
    """Windows to quote together, best first, of at most ``words`` words in all, and at most ``most`` of them.

    None overlaps another, or says much the same, or is far less likely than the first. The first leaves room for what it hangs on.
    Those that go under the same line or head come one after another.
    """
    chosen: list[Window] = []
    left = words
    for window in ranked:
        known = any(window.goes_under(other) for other in chosen)
        cost = window.words if known else window.cost
        if not chosen and window.words + window.above_words <= words:
            cost = window.words + window.above_words
        if chosen and window.share < _LEAST_SHARE * chosen[0].share:
            continue
        if cost <= left and not any(repeats(window, other) for other in chosen):
            chosen.append(window)
            left -= cost
            if len(chosen) == most:
                break
    firsts = [next(place for place, other in enumerate(chosen) if other is window or window.goes_under(other)) for window in chosen]
    return [window for _, window in sorted(zip(firsts, chosen, strict=True), key=lambda pair: pair[0])]


def complete(chosen: Sequence[Window], candidates: Sequence[Candidate], shares: Sequence[float], *, words: int) -> list[Window]:
    """The windows ``chosen``, the first of them grown over the rest of its section as far as ``words`` words in all allow.

    For questions that want all of a list: what follows an item belongs to the answer, likely or not. What it grows over gives way.
    """
    if not chosen:
        return []
    first, *others = chosen
    grown = _grown(first, candidates, shares, _follows, words=words)
    kept = [grown]
    left = words - first.cost - (grown.words - first.words)
    for other in others:
        if other.words <= left and not repeats(other, grown):
            kept.append(other)
            left -= other.words
    return kept


def joined(chosen: Sequence[Window], candidates: Sequence[Candidate], shares: Sequence[float]) -> list[Window]:
    """The windows ``chosen``, those of them as one that hold one sentence between them; it takes the place of the first of them."""
    runs: list[list[Window]] = []
    for window in sorted(chosen, key=lambda one: one.first):
        last = runs[-1][-1].last if runs else None
        if last is not None and last + 1 == window.first and _goes_on(candidates[last], candidates[window.first]):
            runs[-1].append(window)
        else:
            runs.append([window])
    runs.sort(key=lambda run: min(map(chosen.index, run)))
    return [run[0] if len(run) == 1 else _run(candidates, shares, run[0].first, run[-1].last) for run in runs]


def over_rows(window: Window, candidates: Sequence[Candidate], shares: Sequence[float], *, words: int) -> Window:
    """``window``, grown over the other rows of the table that it ends in, the next ones first, as far as ``words`` words allow."""
    return _grown(window, candidates, shares, _same_table, words=words)


def _grown(
    window: Window, candidates: Sequence[Candidate], shares: Sequence[float], adjoin: Callable[[Candidate, Candidate], bool], *, words: int
) -> Window:
    """``window`` with the candidates after it, and then those before it, that each ``adjoin`` the one beside them, in at most ``words`` words."""
    low, high, left = window.first, window.last, words - window.cost
    while high + 1 < len(candidates) and adjoin(candidates[high], candidates[high + 1]) and candidates[high + 1].words <= left:
        high += 1
        left -= candidates[high].words
    while low > 0 and adjoin(candidates[low - 1], candidates[low]) and candidates[low - 1].words <= left:
        low -= 1
        left -= candidates[low].words
    return _run(candidates, shares, low, high)


def _run(candidates: Sequence[Candidate], shares: Sequence[float], first: int, last: int) -> Window:
    """The window of the candidates from ``first`` to ``last``."""
    return _window(candidates, first, last, sum(one.words for one in candidates[first : last + 1]), sum(shares[first : last + 1]))


def window_at(candidates: Sequence[Candidate], place: int) -> Window:
    """The window of one candidate alone."""
    return _window(candidates, place, place, candidates[place].words, 0.0)


def _window(candidates: Sequence[Candidate], first: int, last: int, words: int, share: float) -> Window:
    begin, end = candidates[first], candidates[last]
    return Window(begin.outline, begin.unit.start, end.unit.end, first, last, begin.unit.block, end.unit.block, words, share)


def _is_label(one: Candidate) -> bool:
    """Whether a candidate is a line that others hang on, and says nothing without them."""
    block = one.outline.blocks[one.unit.block]
    return one.unit.block in one.outline.leads and (block.kind == "head" or one.text.rstrip(" *_").endswith(":") or one.words <= _MOST_ABOVE)


def _follows(before: Candidate, after: Candidate) -> bool:
    """Whether two candidates stand one after the other in one section."""
    return (
        after.outline is before.outline
        and after.section == before.section
        and after.unit.start >= before.unit.end
        and after.unit.block - before.unit.block <= 1
    )


def _goes_on(before: Candidate, after: Candidate) -> bool:
    """Whether a sentence that ``before`` begins goes on in ``after``."""
    return _follows(before, after) and before.unit.block == after.unit.block and not before.text.endswith(STOPS)


def _same_table(before: Candidate, after: Candidate) -> bool:
    """Whether two candidates are rows of one table."""
    rows = [one.outline.blocks[one.unit.block] for one in (before, after)]
    return before.outline is after.outline and all(row.kind == "row" for row in rows) and rows[0].parent == rows[1].parent


def overlap(window: Window, other: Window) -> bool:
    """Whether two windows have a place in common."""
    return window.outline is other.outline and window.start < other.end and other.start < window.end


def repeats(window: Window, other: Window) -> bool:
    """Whether two windows overlap, or one says hardly anything that the other does not, and no value that contradicts one of the other's."""
    if overlap(window, other):
        return True
    less, more = (window, other) if len(window.bag) <= len(other.bag) else (other, window)
    return len(less.bag & more.bag) > _ALIKE * len(less.bag) and not contradict(less.values, more.values)


def echoes(window: Window, ranked: Sequence[Window], *, most: int) -> list[Window]:
    """The windows that say the same as ``window`` in other notes, one of each note, those that are most like it; at most ``most`` of them.

    Two say the same if they share so much of their words that neither says much that the other does not, and no value contradicts another.
    """
    best: dict[str, tuple[float, Window]] = {}
    for other in ranked:
        path = other.outline.document.path
        if path == window.outline.document.path:
            continue
        if (likeness := _likeness(window, other)) > max(_ALIKE, best.get(path, (0.0,))[0]) and not contradict(window.values, other.values):
            best[path] = likeness, other
    return [other for _, other in sorted(best.values(), key=lambda pair: (-pair[0], pair[1].outline.document.path))[:most]]


def _likeness(window: Window, other: Window) -> float:
    return len(window.bag & other.bag) / max(len(window.bag), len(other.bag))
