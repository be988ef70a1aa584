"""A question and its answer as the chat shows them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from html import escape

from assistant.values import Answer, Citation
from assistant.web.cards import cards_html, chip, citation_card, hit_card
from assistant.web.markdown import to_html

_NEAREST = 3
"""Passages shown at once where the notes do not answer; the others are behind a click."""

_SURENESS = ((0.93, "sure", "Confident"), (0.85, "fair", "Fairly sure"), (0.0, "unsure", "Not quite sure: check the sources"))


def answering_html(answer: Answer, text: str) -> str:
    """The turn of a chat while only the beginning ``text`` of ``answer.text`` is there."""
    return _turn(answer.question, f'<div class="answer">{_excerpts(answer, text)}</div>', ' aria-busy="true"')


def answered_html(answer: Answer) -> str:
    """The turn of a chat that asked and got ``answer``: what it says, how sure that is, and where it stands."""
    body = _found(answer) if answer.answered else _not_found(answer)
    return _turn(answer.question, _understood(answer) + body + _footer(answer))


def _turn(question: str, body: str, attributes: str = "") -> str:
    return f'<article class="turn"{attributes}><h2 class="question" dir="auto">{escape(question.strip())}</h2>{body}</article>'


# What was asked


def _understood(answer: Answer) -> str:
    """The words that were taken for slips; and the question as it was understood, where it is not as it was asked."""
    parts = []
    if answer.corrections:
        pairs = ", ".join(f"<b>{escape(to)}</b> for <q>{escape(word)}</q>" for word, to in answer.corrections)
        parts.append(f'<p class="understood corrected">Searched for {pairs}</p>')
    if answer.standalone != _corrected(answer):
        edit = f'<button type="button" class="quiet" data-act="edit" data-text="{escape(answer.standalone)}">Edit</button>'
        parts.append(f'<p class="understood">Understood as: <q dir="auto">{escape(answer.standalone)}</q> {edit}</p>')
    return "".join(parts)


def _corrected(answer: Answer) -> str:
    """The question with its slips mended and nothing else done to it."""
    text = " ".join(answer.question.split())
    for word, to in answer.corrections:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", to.replace("\\", r"\\"), text, flags=re.I)
    return text


# What the notes say


def _found(answer: Answer) -> str:
    sources = cards_html([citation_card(one) for one in answer.citations], "Sources")
    return f'<div class="answer">{_excerpts(answer, answer.text)}</div>{sources}{_further(answer)}'


def _not_found(answer: Answer) -> str:
    """That they do not, why, and what comes nearest."""
    reason = f'<p class="reason" dir="auto">{escape(answer.reason)}</p>' if answer.reason else ""
    said = f'<div class="answer not-found"><p>{escape(answer.text)}</p>{reason}</div>'
    nearest = [hit_card(one) for one in answer.hits]
    if not nearest:
        return said
    hint = '<p class="hint">The nearest passages, which do not answer it:</p>'
    rest = nearest[_NEAREST:]
    more = f'<details class="further"><summary>{len(rest)} more</summary>{cards_html(rest, "More of the nearest passages")}</details>' if rest else ""
    return said + hint + cards_html(nearest[:_NEAREST], "The nearest passages") + more


def _excerpts(answer: Answer, text: str) -> str:
    """Each quote on its own, for two lists from two notes are not one list; in front of them the line that says which values disagree."""
    chips = {one.number: chip(one) for one in answer.citations}
    claims: dict[int, list[str]] = defaultdict(list)
    for claim in (claim for one in answer.disagreements for claim in one.claims):
        claims[claim.number].append(claim.value)
    said = ""
    if answer.disagreements:
        line, _, text = text.partition("\n\n")
        said = f'<div class="disagreement" role="note" dir="auto">{to_html(line, chips, [value for values in claims.values() for value in values])}</div>'
    return said + "".join(
        f'<div class="excerpt" dir="auto">{to_html(part, chips, [value for number in numbers for value in claims[number]])}</div>'
        for part, numbers in _parts(text, answer.citations)
    )


def _parts(text: str, citations: tuple[Citation, ...]) -> Iterator[tuple[str, list[int]]]:
    """``text`` cut behind its marks, each part with the numbers of those at its end: a quote that stands in several notes has several."""
    left = [one.number for one in citations]
    while left:
        found = re.search(rf"\[{left.pop(0)}\](?: ?\[\d+\])*(?: \|)?(?:\n\n|$)", text)
        if found is None:
            continue
        numbers = [int(number) for number in re.findall(r"\[(\d+)\]", found[0])]
        left = [number for number in left if number not in numbers]
        yield text[: found.end()], numbers
        text = text[found.end() :]
    if text:
        yield text, []


def _further(answer: Answer) -> str:
    """What else the notes say, behind a click."""
    if not answer.further:
        return ""
    count = len(answer.further)
    items = "".join(
        f'<li><blockquote dir="auto">{escape(" ".join(one.quote.split()))}</blockquote>{citation_card(one)}</li>' for one in answer.further
    )
    return f'<details class="further"><summary>{count} more {"place" if count == 1 else "places"} in your notes</summary><ol>{items}</ol></details>'


# What to do with it


def _footer(answer: Answer) -> str:
    facts = f"<span>{sum(answer.timings.values()):.0f} ms</span>"
    if answer.answered:
        level, words = next((level, words) for least, level, words in _SURENESS if answer.confidence >= least)
        notes = len({one.path for one in answer.citations})
        facts = f'<span class="sureness {level}">{words}</span><span>from {notes} {"note" if notes == 1 else "notes"}</span>{facts}'
    return f'<footer>{facts}<span class="acts">{_ACTS.format(copied=escape(plain(answer)))}</span></footer>'


_ACTS = (
    '<button type="button" class="quiet" data-copy="{copied}">Copy</button>'
    '<button type="button" class="quiet" data-act="edit">Edit</button>'
    '<button type="button" class="quiet" data-act="retry">Retry</button>'
    '<button type="button" class="quiet thumb up" data-act="good" aria-pressed="false" aria-label="Good answer" title="Good answer"></button>'
    '<button type="button" class="quiet thumb down" data-act="bad" aria-pressed="false" aria-label="Bad answer" title="Bad answer"></button>'
)


def plain(answer: Answer) -> str:
    """What copying copies: the answer with its sources, as Markdown."""
    sources = [f"[{one.number}] {one.path}, line {one.line}" for one in answer.citations]
    return "\n".join([answer.text, "", *sources]) if sources else answer.text
