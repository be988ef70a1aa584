"""Which windows are quoted: the best one, and after it what adds to it."""

from collections.abc import Sequence

import numpy as np

from assistant.answering.evidence import Features, Window

WEIGHTS = Features(
    covered=1.0, context=1.0, passage=0.9, length=-0.36, similarity=2.0, value=0.1, fragments=-0.33, section=0.15, log_length=0.16
)
"""Found by random search over the development questions; right answers change little within a third of each."""

_ALIKE = 0.75
"""A window that shares more than this of its words with one chosen before says nothing new."""


def rank(windows: Sequence[Window]) -> list[Window]:
    """The windows, best first; ties by place."""
    scores = np.array([window.features for window in windows]) @ np.array(WEIGHTS) if windows else np.empty(0)
    order = sorted(
        range(len(windows)), key=lambda row: (-scores[row], windows[row].outline.document.path, windows[row].start, windows[row].end)
    )
    return [windows[row] for row in order]


def choose(ranked: Sequence[Window], *, words: int, first: int, others: int, most: int) -> list[Window]:
    """Windows to quote together, best first, of at most ``words`` words in all.

    The first has at most ``first`` words, each further one ``others``; there are at most ``most``. None overlaps another, or says much the same.
    """
    chosen: list[Window] = []
    left = words
    for window in ranked:
        if window.words > min(left, others if chosen else first) or any(_repeats(window, other) for other in chosen):
            continue
        chosen.append(window)
        left -= window.words
        if len(chosen) == most:
            break
    return chosen


def _repeats(window: Window, other: Window) -> bool:
    if window.outline.document.path == other.outline.document.path and window.start < other.end and other.start < window.end:
        return True
    mine, theirs = _bag(window.text), _bag(other.text)
    return len(mine & theirs) > _ALIKE * min(len(mine), len(theirs))


def _bag(text: str) -> set[str]:
    return set(text.lower().split())
