"""A question and its answer as the chat shows them."""

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from assistant.values import Answer, Citation, Hit
from assistant.web.markdown import to_html
from assistant.web.opening import Failed, Ready, Working

_NEAREST = 3
_HOVER = 240
"""Characters of a quote that are shown when the pointer rests on its mark."""

_SURENESS = ((0.9, "sure", "Confident"), (0.7, "fair", "Fairly sure"), (0.0, "unsure", "Not quite sure: check the sources"))


def answering_html(answer: Answer, text: str) -> str:
    """The turn of a chat while only the beginning ``text`` of ``answer.text`` is there."""
    return _turn(answer.question, f'<div class="answer" aria-busy="true">{_excerpts(answer, text)}</div>')


def answered_html(answer: Answer) -> str:
    """The turn of a chat that asked and got ``answer``: what it says, how sure that is, and where it stands."""
    body = f'<div class="answer">{_excerpts(answer, answer.text)}</div>' if answer.answered else _not_found(answer)
    return _turn(answer.question, _understood(answer) + body + _sources(answer) + _footer(answer))


def talk_html(turns: Sequence[str]) -> str:
    """The turns of a chat, as a log that screen readers follow."""
    return f'<div role="log" aria-label="Conversation" aria-live="polite">{"".join(turns)}</div>'


def notice_html(message: str) -> str:
    """What went wrong, for the reader to mend."""
    return f'<p class="notice" role="alert">{escape(message[:1].upper() + message[1:])}</p>'


def status_html(state: Working | Ready | Failed) -> str:
    """What a reader sees before the first question."""
    match state:
        case Working(what, done, total):
            return _working(what, done, total)
        case Failed(reason):
            return f'<div class="status failed" role="alert"><h1>Your notes could not be opened</h1><p>{escape(reason)}</p></div>'
        case Ready(examples=examples):
            lead = "Every word of an answer is quoted from them, and each quote leads to its place."
            hint = '<p class="hint">For example</p>' if examples else ""
            return f'<div class="status ready"><h1>Ask your notes</h1><p>{lead}</p>{hint}</div>'


def extent_html(state: Ready) -> str:
    """How many notes there are, and what was left out of them and why."""
    count, skipped = len(state.assistant.notes()), state.assistant.skipped()
    notes = f"<span>{count} {'note' if count == 1 else 'notes'}</span>"
    if not skipped:
        return f'<div class="extent">{notes}</div>'
    rows = "".join(f"<li><b>{escape(one.path)}</b> {escape(one.reason)}</li>" for one in skipped)
    return f'<details class="extent"><summary>{notes} · {len(skipped)} left out</summary><ul>{rows}</ul></details>'


def _working(what: str, done: int, total: int) -> str:
    value = f'value="{done}" max="{total}"' if total else ""
    count = f"{done} of {total}" if total else ""
    return (
        '<div class="status working"><h1>Getting your notes ready</h1>'
        f'<p><label for="progress">{escape(what)}</label><span>{count}</span></p><progress id="progress" {value}></progress>'
        "<p>This is done once; later only what has changed is read. The page goes on by itself.</p></div>"
    )


def _turn(question: str, body: str) -> str:
    return f'<article class="turn"><h2 class="question">{escape(question.strip())}</h2>{body}</article>'


def _understood(answer: Answer) -> str:
    if answer.standalone == " ".join(answer.question.split()):
        return ""
    return f'<p class="understood">Understood as: <q>{escape(answer.standalone)}</q></p>'


def _excerpts(answer: Answer, text: str) -> str:
    """Each quote on its own: two lists from two notes are not one list."""
    chips = {one.number: _chip(one) for one in answer.citations}
    return "".join(f'<div class="excerpt">{to_html(part, chips)}</div>' for part in _parts(text, [one.number for one in answer.citations]))


def _parts(text: str, numbers: Sequence[int]) -> list[str]:
    """``text`` cut behind each mark, which stands at the end of what it is the mark of."""
    parts = []
    for number in numbers:
        if mark := re.search(rf"\[{number}\](?: \|)?\n\n", text):
            parts.append(text[: mark.end()])
            text = text[mark.end() :]
    return [*parts, text]


def _not_found(answer: Answer) -> str:
    heading = '<p class="hint">The nearest passages, which do not answer it:</p>' if answer.hits else ""
    return f'<div class="answer not-found"><p>{escape(answer.text)}</p></div>{heading}'


def _sources(answer: Answer) -> str:
    cards = [_citation_card(one) for one in answer.citations] if answer.answered else [_hit_card(one) for one in answer.hits[:_NEAREST]]
    return f'<ol class="sources" aria-label="Sources">{"".join(f"<li>{card}</li>" for card in cards)}</ol>' if cards else ""


def _chip(one: Citation) -> str:
    label = f"Source {one.number}: {one.path}, line {one.line}"
    return f'<button type="button" class="chip" {_target(one.path, one.start, one.end, one.headings)} title="{_hover(one.quote)}" aria-label="{escape(label)}">{one.number}</button>'


def _citation_card(one: Citation) -> str:
    return _card(str(one.number), one.path, one.start, one.end, one.line, one.page, one.headings, one.quote)


def _hit_card(hit: Hit) -> str:
    one = hit.passage
    return _card("≈", one.path, one.start, one.end, one.line, one.page, one.headings, one.text)


def _card(mark: str, path: str, start: int, end: int, line: int, page: int | None, headings: Sequence[str], quote: str) -> str:
    where = headings[-1] if headings else ""
    at = f"page {page}" if page else f"line {line}"
    return (
        f'<button type="button" class="card" {_target(path, start, end, headings)} title="{_hover(quote)}">'
        f'<span class="number">{mark}</span><span class="file">{escape(path.rpartition("/")[2])}</span>'
        f'<span class="where">{escape(where)}</span><span class="line">{at}</span></button>'
    )


def _target(path: str, start: int, end: int, headings: Sequence[str]) -> str:
    """What a click asks the route of sources for."""
    query = urlencode([("path", path), ("start", start), ("end", end), *(("heading", heading) for heading in headings)])
    return f'data-source="{escape(query)}"'


def _hover(quote: str) -> str:
    text = " ".join(quote.split())
    return escape(text if len(text) <= _HOVER else text[: _HOVER - 1] + "…")


def _footer(answer: Answer) -> str:
    if not answer.answered:
        return ""
    level, words = next((level, words) for least, level, words in _SURENESS if answer.confidence >= least)
    notes = len({one.path for one in answer.citations})
    count = f"from {notes} {'note' if notes == 1 else 'notes'}"
    copied = escape(_plain(answer))
    return (
        f'<footer><span class="sureness {level}">{words}</span><span>{count}</span><span>{sum(answer.timings.values()):.0f} ms</span>'
        f'<button type="button" class="quiet" data-copy="{copied}">Copy</button></footer>'
    )


def _plain(answer: Answer) -> str:
    """What copying copies: the answer with its sources, as Markdown."""
    sources = [f"[{one.number}] {one.path}, line {one.line}" for one in answer.citations]
    return "\n".join([answer.text, "", *sources])
