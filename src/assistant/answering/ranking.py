"""Which units are quoted: runs of those that most likely answer, for the fewest words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from assistant.answering.evidence import Candidate, Features, Outline
from assistant.answering.fitted import fitted

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
        return self.share / (self.words + self.head_words + _SHORTEST) ** _THRIFT

    @cached_property
    def text(self) -> str:
        """What would be quoted."""
        return self.outline.document.text[self.start : self.end]

    @cached_property
    def head(self) -> int | None:
        """The head of the table that it is rows of, as the index of a block; None if it is anything else."""
        block = self.outline.blocks[self.first_block]
        if block.kind == "head":
            return self.first_block
        return block.parent if block.kind == "row" else None

    @cached_property
    def head_words(self) -> int:
        """How many words its table's head adds, without which rows say little: 0 if there is none, or it is in the window."""
        if self.outline.blocks[self.first_block].kind != "row" or self.head is None:
            return 0
        block = self.outline.blocks[self.head]
        return len(self.outline.document.text[block.start : block.end].replace("|", " ").split())


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
            # A line that others hang on says nothing without them.
            if shares[last] >= least and (last > first or one.unit.block not in one.outline.leads):
                found.append(_window(candidates, first, last, words, share))
    return sorted(found, key=lambda window: (-window.worth, window.outline.document.path, window.start, window.end))


def choose(ranked: Sequence[Window], *, words: int, most: int) -> list[Window]:
    """Windows to quote together, best first, of at most ``words`` words in all, and at most ``most`` of them.

    None overlaps another, or says much the same, or is far less likely than the first. Rows of one table come one after another.
    """
    chosen: list[Window] = []
    left = words
    for window in ranked:
        known = any(same_table(window, other) for other in chosen)
        cost = window.words + (0 if known else window.head_words)
        if chosen and window.share < _LEAST_SHARE * chosen[0].share:
            continue
        if cost <= left and not any(_repeats(window, other) for other in chosen):
            chosen.append(window)
            left -= cost
            if len(chosen) == most:
                break
    firsts = [next(place for place, other in enumerate(chosen) if other is window or same_table(window, other)) for window in chosen]
    return [window for _, window in sorted(zip(firsts, chosen, strict=True), key=lambda pair: pair[0])]


def complete(chosen: Sequence[Window], candidates: Sequence[Candidate], shares: Sequence[float], *, words: int) -> list[Window]:
    """The windows ``chosen``, the first of them grown over the rest of its section as far as ``words`` words in all allow.

    For questions that want all of a list: what follows an item belongs to the answer, likely or not. What it grows over gives way.
    """
    if not chosen:
        return []
    first, others = chosen[0], list(chosen[1:])
    low, high, count = first.first, first.last, first.words + first.head_words
    while high + 1 < len(candidates) and _follows(candidates[high], candidates[high + 1]) and count + candidates[high + 1].words <= words:
        high += 1
        count += candidates[high].words
    while low > 0 and _follows(candidates[low - 1], candidates[low]) and count + candidates[low - 1].words <= words:
        low -= 1
        count += candidates[low].words
    grown = _window(candidates, low, high, sum(one.words for one in candidates[low : high + 1]), sum(shares[low : high + 1]))
    kept = [grown]
    left = words - count
    for other in others:
        if other.words <= left and not _repeats(other, grown):
            kept.append(other)
            left -= other.words
    return kept


def _window(candidates: Sequence[Candidate], first: int, last: int, words: int, share: float) -> Window:
    begin, end = candidates[first], candidates[last]
    return Window(begin.outline, begin.unit.start, end.unit.end, first, last, begin.unit.block, end.unit.block, words, share)


def same_table(window: Window, other: Window) -> bool:
    """Whether both are rows of one table."""
    return window.head is not None and window.outline is other.outline and window.head == other.head


def _follows(before: Candidate, after: Candidate) -> bool:
    """Whether two candidates stand one after the other in one section."""
    return (
        after.outline is before.outline
        and after.section == before.section
        and after.unit.start >= before.unit.end
        and after.unit.block - before.unit.block <= 1
    )


def _repeats(window: Window, other: Window) -> bool:
    if window.outline is other.outline and window.start < other.end and other.start < window.end:
        return True
    mine, theirs = _bag(window.text), _bag(other.text)
    return len(mine & theirs) > _ALIKE * min(len(mine), len(theirs))


def _bag(text: str) -> set[str]:
    return set(text.lower().split())
