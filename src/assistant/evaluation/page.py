"""A report as one HTML page that needs nothing else: its style and plots lie in it, it has no script, and whatever it quotes is text."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import chain

from assistant.evaluation.comparing import Before, Change, Comparison
from assistant.evaluation.plots import Row, bars, histogram, latencies, reliability_diagram
from assistant.evaluation.report import ALL, Report, Result
from assistant.evaluation.tables import CHANCE, NOTHING, Table, by_kind, changes, milliseconds, percent

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_page(report: Report, comparison: Comparison | None = None) -> str:
    """``report`` as a page, with what changed since an older one where that is given."""
    title = f"{report.format.name}: {len(report.results)} questions"
    parts = [_head(report, title), _cards(report), _figures(report), _tables(report), _compared(comparison, report) if comparison else "", _failures(report)]
    style = (files("assistant.evaluation") / "page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{escape(title)}</title><style>\n{style}</style></head>\n'
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


# The numbers


def _head(report: Report, title: str) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in report.about.items())
    return f"<header><h1>{escape(title)}</h1><dl>{rows}</dl></header>"


def _cards(report: Report) -> str:
    tables = report.format.tables.values()
    names = dict.fromkeys([*report.format.headline, *(report.format.summary or chain.from_iterable(tables))])
    cards = [_measure_card(report, name) for name in names]
    if (error := report.calibration_error()) is not None:
        cards.append(_card("calibration error", f"{percent(error)} %", "expected, in ten bins; 0 is best"))
    for share in (0.5, 0.95):
        if (time := report.latency(share)) is not None:
            cards.append(_card(f"p{100 * share:.0f}", f"{milliseconds(time)} ms", "for a question"))
    return f'<section class="cards" aria-label="In all">{"".join(cards)}</section>'


def _measure_card(report: Report, name: str) -> str:
    measure, value = report.format.measure(name), report.value(name)
    below = [measure.words]
    if value.interval:
        below.insert(0, f"{value.reached:.0f} of {value.total:.0f}; 95 %: {'–'.join(map(percent, value.interval))}")
    return _card(measure.title, f"{percent(value.value)} %", *below)


def _card(label: str, value: str, *below: str) -> str:
    return f'<div class="card"><span>{escape(label)}</span><b>{escape(value)}</b>' + "".join(f"<span>{escape(one)}</span>" for one in below) + "</div>"


def _tables(report: Report) -> str:
    words = "".join(f"<dt>{escape(one.label)}</dt><dd>{escape(one.words)}</dd>" for one in report.format.measures)
    return f"<h2>By kind, in per cent</h2>{''.join(map(_table, by_kind(report)))}<details><summary>What the columns say</summary><dl>{words}</dl></details>"


def _table(table: Table) -> str:
    head, rows = table
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr{" class=all" if row[0] == ALL else ""}><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(head[0])}"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


# The plots


def _figures(report: Report) -> str:
    return f'<h2>At a glance</h2><section class="figures">{"".join(_drawn(report))}</section>'


def _drawn(report: Report) -> Iterator[str]:
    for name in report.format.headline:
        measure = report.format.measure(name)
        kinds = [kind for kind in (*report.kinds, ALL) if report.value(name, kind).total]
        rows = [_bar(report, name, kind) for kind in kinds]
        if len(rows) > 2:
            yield _figure(bars(f"{measure.label}, in per cent", rows), f"{measure.label}: {measure.words}, in per cent" + ("; the line is the 95 % interval." if measure.share else "."))
    if bins := report.calibration():
        yield _figure(reliability_diagram(bins), "How often the notes do answer, in per cent, by the confidence that they do. On the dashed line both agree; numbers are questions.")
        groups = _groups(report)
        legend = "".join(f'<span class="legend"><i class="key {style}"></i>{escape(label)}: {len(values)}</span>' for label, style, values in groups)
        yield _figure(histogram("Questions by confidence", groups), "Questions by confidence.", legend)
    if times := [one.milliseconds for one in report.results if one.milliseconds is not None]:
        ends = {share: report.latency(share) or 0.0 for share in (0.5, 0.95)}
        marks = [(f"p{100 * share:.0f} {milliseconds(time)} ms", time) for share, time in ends.items()]
        yield _figure(latencies(times, marks), "The share of questions, in per cent, that took no longer.")


def _bar(report: Report, name: str, kind: str) -> Row:
    value = report.value(name, kind)
    return Row(kind, value.value or 0.0, value.interval, sum(name in one.points for one in report.of(kind)))


def _groups(report: Report) -> list[tuple[str, str, list[float]]]:
    groups = (
        ("answered, and the notes do", "bar", True, True),
        ("refused, though the notes answer", "half", True, False),
        ("refused, and the notes do not answer", "half-bad", False, False),
        ("answered, though the notes do not", "bad", False, True),
    )
    return [
        (label, style, [one.confidence for one in report.results if one.confidence is not None and (one.answerable, one.answered) == (answerable, answered)])
        for label, style, answerable, answered in groups
    ]


def _figure(plot: str, caption: str, legend: str = "") -> str:
    return f"<figure>{plot}<figcaption>{escape(caption)}{legend}</figcaption></figure>"


# The questions


def _failures(report: Report) -> str:
    wrong = report.wrong()
    articles = "".join(f"<article>{_asked(one)}{_facts(one)}{_beside('Answered', one.answer, 'Wanted', _wanted(one))}</article>" for one in wrong)
    return f"<h2>{len(wrong)} of {len(report.results)} questions went wrong</h2>{articles}"


def _asked(one: Result) -> str:
    before = "".join(f"{escape(text)} › " for text in one.history)
    return f'<h3><span class="tag">{escape(one.id)} · {escape(one.kind)}</span> <span class="soft">{before}</span>{escape(one.question)}</h3>'


def _facts(one: Result) -> str:
    facts = [one.why]
    if one.confidence is not None:
        facts.append(f"confidence {one.confidence:.2f}")
    if ranks := one.details.get("ranks"):
        facts.append("ranks of what is wanted: " + ", ".join(NOTHING if rank is None else str(rank) for rank in ranks))
    return f'<p class="why">{escape(" · ".join(facts))}</p>'


def _wanted(one: Result) -> str:
    return "".join(f'<span class="wanted"><small>{escape(label)}</small>{escape(text)}</span>' for label, text in one.wanted)


def _beside(left: str, text: str, right: str, content: str) -> str:
    return f'<div class="beside"><div><h4>{left}</h4><p class="said">{escape(text) or NOTHING}</p></div><div><h4>{right}</h4>{content}</div></div>'


# What changed


def _compared(comparison: Comparison, report: Report) -> str:
    lists = [_changed(one, comparison) for one in comparison.changes if one.measure.name in report.format.headline]
    others = [(what, names) for what, names in (("Only in the new report", comparison.added), ("Only in the old report", comparison.gone)) if names]
    return (
        f'<h2>What changed</h2>{_table(changes(comparison))}<p class="soft">{escape(CHANCE)}</p>'
        + "".join(lists)
        + "".join(f"<p>{what}: {len(names)} questions ({escape(', '.join(names))})</p>" for what, names in others)
    )


def _changed(change: Change, comparison: Comparison) -> str:
    def listed(results: Sequence[Result], mark: str, word: str) -> str:
        return "".join(_turned(one, comparison.before[one.id], f'<b class="{word}">{mark} {word}</b>') for one in results)

    items = listed(change.won, "+", "won") + listed(change.lost, "−", "lost")
    return f"<h3>{escape(change.measure.label)}</h3>{items or '<p>No question changed.</p>'}"


def _turned(one: Result, before: Before, mark: str) -> str:
    after = f'<p class="said">{escape(one.answer) or NOTHING}</p>'
    why = f'<p class="why">before: {escape(before.why or "right")} · after: {escape(one.why or "right")}</p>'
    head = f'<summary>{mark} <span class="tag">{escape(one.id)} · {escape(one.kind)}</span> {escape(one.question)}</summary>'
    return f"<details>{head}{why}{_beside('Before', before.answer, 'After', after)}</details>"
