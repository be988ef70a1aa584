"""A report as text for a terminal: tables by kind, all columns aligned."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from textwrap import shorten, wrap

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.report import Report, Result
from assistant.evaluation.tables import CHANCE, NOTHING, Table, by_kind, changes, percent

_WIDTH = 80


def report_text(report: Report, *, failures: int = 0) -> str:
    """The measures of ``report`` in all and by kind, with the first ``failures`` of the questions that went wrong.

    Questions that could not be asked are listed in any case.
    """
    shown = [one for one in report.wrong() if not one.error][:failures]
    failed = [one for one in report.results if one.error]
    return "\n".join([*_tables(report), *_summary(report), *(line for one in [*failed, *shown] for line in _failure(one))])


def comparison_text(comparison: Comparison, headline: Sequence[str]) -> str:
    """The measures before and after, and for those of ``headline`` the questions that were won and lost."""
    lines = [*_aligned(changes(comparison)), "", *wrap(CHANCE, _WIDTH)]
    for one in comparison.changes:
        if one.measure.name in headline:
            for what, results in (("won", one.won), ("lost", one.lost)):
                lines += [f"{what} in {one.measure.label}: {result.id} ({result.kind}) {result.question}" for result in results]
    for what, names in (("only in the new report", comparison.added), ("only in the old report", comparison.gone)):
        if names:
            lines.append(f"{what}: {len(names)} questions ({shorten(', '.join(names), _WIDTH, placeholder=' …')})")
    return "\n".join(lines)


def _tables(report: Report) -> Iterator[str]:
    for head, rows in by_kind(report):
        # The first of evidence@1, evidence@5, evidence@10 says what the others are.
        short = [label[label.index("@") :] if "@" in label and label.partition("@")[0] == before.partition("@")[0] else label for before, label in pairwise(["", *head])]
        yield from (*_aligned(Table(short, rows)), "")


def _summary(report: Report) -> Iterator[str]:
    for name in report.format.summary:
        measure, value = report.format.measure(name), report.value(name)
        low, high = value.interval or (0.0, 1.0)
        yield f"{measure.title:20}{value.reached:5.0f} of {value.total:<5.0f}{percent(value.value):>6} %  (95 %: {percent(low)} to {percent(high)})"
    if (error := report.calibration_error()) is not None:
        yield f"{'calibration error':20}{percent(error):>20} %  expected, in ten bins"


def _failure(one: Result) -> Iterator[str]:
    yield ""
    yield f"{one.id} ({one.kind}) {' › '.join([*one.history, one.question])}"
    yield f"  {one.why}"
    yield f"  answered: {' '.join(one.answer.split()) or NOTHING}"
    yield from (f"  {label}: {' '.join(text.split())}" for label, text in one.wanted)


def _aligned(table: Table) -> list[str]:
    """The first column to the left, all others to the right."""
    lines = [table.head, *table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]) for row in lines]
