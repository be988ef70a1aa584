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

_ALIKE = 0.75
"""A window that shares more than this of its words with one chosen before says nothing new."""


def strengths(features: np.ndarray) -> np.ndarray:
    """How much speaks for each candidate, a row of ``features``: a weighted sum."""
    return features @ _weights()


def relevance(features: np.ndarray) -> np.ndarray:
    """For each candidate the probability that it is the one that answers, if one does: the softmax of their strengths."""
    if not len(features):
        return np.empty(0)
    scores = strengths(features)
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


@cache
def _weights() -> np.ndarray:
    return np.array([fitted()["weights"][name] for name in Features._fields])


@dataclass(frozen=True)
class Window:
    """A run of candidates of one section: ``text`` is what would be quoted, ``share`` the probability that the answer is in it."""

    outline: Outline
    start: int
    end: int
    first_block: int
    last_block: int
    words: int
    share: float

    @property
    def worth(self) -> float:
        """What it is chosen by."""
        return self.share / (self.words + _SHORTEST) ** _THRIFT

    @cached_property
    def text(self) -> str:
        """What would be quoted."""
        return self.outline.document.text[self.start : self.end]


def windows(candidates: Sequence[Candidate], shares: Sequence[float], *, most_words: int) -> list[Window]:
    """All windows of at most ``most_words`` words (or one unit, if that alone is longer), the worthiest first; ties by place."""
    found = []
    for first in range(len(candidates)):
        words, share = 0, 0.0
        for last in range(first, len(candidates)):
            one = candidates[last]
            if last > first and not (_follows(candidates[last - 1], one) and words + one.words <= most_words):
                break
            words += one.words
            share += shares[last]
            # A line that others hang on says nothing without them.
            if last > first or one.unit.block not in one.outline.leads:
                begin = candidates[first].unit
                found.append(Window(one.outline, begin.start, one.unit.end, begin.block, one.unit.block, words, share))
    return sorted(found, key=lambda window: (-window.worth, window.outline.document.path, window.start, window.end))


def choose(ranked: Sequence[Window], *, words: int, most: int) -> list[Window]:
    """Windows to quote together, best first, of at most ``words`` words in all, and at most ``most`` of them.

    None overlaps another, or says much the same.
    """
    chosen: list[Window] = []
    left = words
    for window in ranked:
        if window.words <= left and not any(_repeats(window, other) for other in chosen):
            chosen.append(window)
            left -= window.words
            if len(chosen) == most:
                break
    return chosen


def _follows(before: Candidate, after: Candidate) -> bool:
    return after.outline is before.outline and after.section == before.section and after.unit.start >= before.unit.end and after.unit.block - before.unit.block <= 1


def _repeats(window: Window, other: Window) -> bool:
    if window.outline is other.outline and window.start < other.end and other.start < window.end:
        return True
    mine, theirs = _bag(window.text), _bag(other.text)
    return len(mine & theirs) > _ALIKE * min(len(mine), len(theirs))


def _bag(text: str) -> set[str]:
    return set(text.lower().split())
