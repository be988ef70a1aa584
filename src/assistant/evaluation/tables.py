"""The tables of a report, as the terminal and the page show them: a head and rows of text, what is counted in the first column."""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.report import ALL, Report

NOTHING = "–"


class Table(NamedTuple):
    """Each row has as many cells as the head."""

    head: list[str]
    rows: list[list[str]]


def by_kind(report: Report) -> Iterator[Table]:
    """The measures of each kind and of all, in per cent, how long questions took, and how far confidence is from the truth."""
    kinds = [*report.kinds, ALL] if len(report.kinds) > 1 else [ALL]
    sizes = {kind: str(len(report.of(kind))) for kind in kinds}
    for title, names in report.format.tables.items():
        head = [title, "n", *(report.format.measure(name).label for name in names)]
        yield Table(head, [[kind, sizes[kind], *(percent(report.value(name, kind).value) for name in names)] for kind in kinds])
    calibrated = ["calibration error"] if report.calibration() else []
    rows = [
        [kind, sizes[kind], *(milliseconds(report.latency(share, kind)) for share in (0.5, 0.95)), *(percent(report.calibration_error(kind)) for _ in calibrated)]
        for kind in kinds
    ]
    yield Table(["Milliseconds", "n", "p50", "p95", *calibrated], rows)


def changes(comparison: Comparison) -> Table:
    """The measures before and after, in per cent, how many questions each won and lost, and whether that may be chance."""
    rows = [
        [one.measure.label, str(one.questions), percent(one.before), percent(one.after), str(len(one.won)), str(len(one.lost)), f"{one.p:.3f}"]
        for one in comparison.changes
    ]
    return Table(["Measure", "questions", "before", "after", "won", "lost", "p"], rows)


CHANCE = (
    "Before and after are means over the questions that both have. p is of the exact sign test (McNemar's exact test for what is right or wrong), two-sided, for each measure alone. "
    "Above 0.05 it may well be noise."
)


def percent(value: float | None) -> str:
    """A number between 0 and 1."""
    return NOTHING if value is None else f"{100 * value:.1f}"


def milliseconds(value: float | None) -> str:
    """A time, to a tenth or, below a millisecond, to two digits."""
    return NOTHING if value is None else f"{value:.1f}" if value >= 1 else f"{value:.2g}"
