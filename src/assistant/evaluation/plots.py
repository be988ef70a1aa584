"""Plots as inline SVG, drawn in the classes that the page's style colours. Each says in words what it shows, for those who do not see it."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from assistant.evaluation.metrics import Bin

_WIDTH = 360
"""A plot is as wide as the narrowest screen, so that its text is never scaled down below what can be read."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 12, 36
_BARS = 104
"""Where bars begin, behind their labels."""


class Row(NamedTuple):
    """A bar: its label, its value between 0 and 1, the interval around it, and how many questions it is made of."""

    label: str
    value: float
    interval: tuple[float, float] | None
    questions: int


def bars(title: str, rows: Sequence[Row]) -> str:
    """A horizontal bar for each row, with its interval as a whisker."""
    span = _WIDTH - _BARS - 44
    parts = []
    for number, row in enumerate(rows):
        top = 8 + 24 * number
        parts += [
            _text(_BARS - 8, top + 13, f"{row.label} ({row.questions})", anchor="end"),
            f'<rect class="track" x="{_BARS}" y="{top}" width="{span}" height="16" rx="3"/>',
            f'<rect class="half" x="{_BARS}" y="{top}" width="{span * row.value:.1f}" height="16" rx="3"/>',
            _text(_WIDTH - 4, top + 13, f"{100 * row.value:.0f}", anchor="end"),
        ]
        if row.interval:
            low, high = (_BARS + span * bound for bound in row.interval)
            parts.append(f'<path class="whisker" d="M{low:.1f} {top + 8}H{high:.1f}M{low:.1f} {top + 4}v8M{high:.1f} {top + 4}v8"/>')
    said = ", ".join(f"{row.label} {100 * row.value:.0f} % of {row.questions}" for row in rows)
    return _svg(f"{title}: {said}", 16 + 24 * len(rows), parts)


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """For each bin of confidence the share of questions that the notes do answer; on the diagonal both are the same."""
    height = 300
    x, y = _scales(height)
    parts = _axes(height, "confidence", [(one / 5, f"{one / 5:.1f}") for one in range(6)])
    for one in bins:
        left, top = x(one.low) + 1, y(one.share)
        parts += [
            f'<rect class="half" x="{left:.1f}" y="{top:.1f}" width="{x(one.high) - 1 - left:.1f}" height="{y(0) - top:.1f}"/>',
            _text(x((one.low + one.high) / 2), y(0.02), str(one.count), anchor="middle", kind="count"),
        ]
    parts.append(f'<path class="diagonal" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>')
    parts += [f'<circle class="point" cx="{x(one.confidence):.1f}" cy="{y(one.share):.1f}" r="3.5"/>' for one in bins]
    said = "; ".join(f"up to {one.high:.1f}: {one.count} questions, {100 * one.share:.0f} % answered by the notes" for one in bins)
    return _svg(f"Reliability by confidence: {said}", height, parts)


def histogram(title: str, groups: Sequence[tuple[str, str, Sequence[float]]], *, bins: int = 20) -> str:
    """How many values between 0 and 1 lie where, stacked by group; a group is its label, the class that colours it, and its values."""
    height = 260
    counts = [[0] * bins for _ in groups]
    for row, (_, _, values) in zip(counts, groups, strict=True):
        for value in values:
            row[min(int(value * bins), bins - 1)] += 1
    most = max(1, *(sum(column) for column in zip(*counts, strict=True)))
    x, y = _scales(height)
    parts = _axes(height, "confidence", [(one / 5, f"{one / 5:.1f}") for one in range(6)], most=most)
    width = (x(1) - x(0)) / bins
    for number, column in enumerate(zip(*counts, strict=True)):
        base = 0
        for count, (_, style, _) in zip(column, groups, strict=True):
            if count:
                top, bottom = y((base + count) / most), y(base / most)
                parts.append(f'<rect class="{style}" x="{x(0) + number * width + 0.5:.1f}" y="{top:.1f}" width="{width - 1:.1f}" height="{bottom - top:.1f}"/>')
            base += count
    return _svg(f"{title}: {', '.join(f'{label} {len(values)}' for label, _, values in groups)}", height, parts)


def latencies(milliseconds: Sequence[float], marks: Sequence[tuple[str, float]]) -> str:
    """The share of questions that took no longer than so many milliseconds; ``marks`` are labelled times to draw a line at."""
    height = 260
    ordered = sorted(milliseconds)
    # One slow outlier would press all the others against the axis.
    most = min(ordered[-1], 2 * max(time for _, time in marks)) * 1.05 or 1.0
    x, y = _scales(height)
    path, drawn = f"M{x(0)} {y(0)}", [time for time in ordered if time <= most]
    for done, time in enumerate(drawn, start=1):
        path += f"H{x(time / most):.1f}V{y(done / len(ordered)):.1f}"
    parts = [*_axes(height, "milliseconds", [(tick / most, f"{tick:g}") for tick in _ticks(most)]), f'<path class="curve" d="{path}H{x(1)}"/>']
    for number, (label, time) in enumerate(marks):
        parts += [
            f'<path class="diagonal" d="M{x(time / most):.1f} {y(0)}V{y(1)}"/>',
            _text(min(x(time / most) + 4, _WIDTH - 96), y(0.3 - 0.12 * number), label),
        ]
    beyond = len(ordered) - len(drawn)
    return _svg("Latency: " + ", ".join(label for label, _ in marks) + (f", {beyond} off the scale" if beyond else ""), height, parts)


def _scales(height: int):
    return (lambda share: _LEFT + share * (_WIDTH - _LEFT - _RIGHT)), (lambda share: height - _BOTTOM - share * (height - _BOTTOM - _TOP))


def _axes(height: int, label: str, ticks: Iterable[tuple[float, str]], *, most: int | None = None) -> list[str]:
    """The frame: ``ticks`` along the bottom; to the left shares in per cent, or counts up to ``most``."""
    x, y = _scales(height)
    lines = [(one / 4, f"{25 * one}") for one in range(5)] if most is None else [(tick / most, f"{tick:g}") for tick in _ticks(most) if tick == int(tick)]
    parts = [f'<path class="grid" d="M{x(0)} {y(share):.1f}H{x(1)}"/>' + _text(x(0) - 6, y(share) + 4, name, anchor="end") for share, name in lines]
    parts += [_text(x(share), height - _BOTTOM + 16, name, anchor="middle") for share, name in ticks]
    return [*parts, _text(x(0.5), height - 4, label, anchor="middle")]


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 up to ``most``, four to nine of them."""
    unit = 10 ** math.floor(math.log10(most / 4))
    step = next(step for factor in (1, 2, 5, 10) if most / (step := factor * unit) < 8)
    return [step * number for number in range(math.floor(most / step) + 1)]


def _text(x: float, y: float, text: str, *, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"' + (f' class="{kind}"' if kind else "") + f">{escape(text)}</text>"


def _svg(said: str, height: int, parts: Sequence[str]) -> str:
    return f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" aria-label="{escape(said)}">{"".join(parts)}</svg>'
