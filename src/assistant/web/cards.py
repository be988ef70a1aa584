"""Places in the notes as buttons: marks and cards."""

from collections.abc import Sequence
from html import escape

from assistant.segmenting.structure import plain
from assistant.values import Citation, Hit, Passage
from assistant.web.targets import target

_HOVER = 240
"""Characters of a quote that are shown when the pointer rests on its mark."""


def chip(one: Citation) -> str:
    """The mark of a citation in a text."""
    label = f"Source {one.number}: {one.path}, line {one.line}"
    return (
        f'<button type="button" class="chip" {target(one.path, one.start, one.end, one.headings, one.quote)} '
        f'title="{hover(one.quote)}" aria-label="{escape(label)}">{one.number}</button>'
    )


def citation_card(one: Citation) -> str:
    """The card of a citation, with its number."""
    return _card(str(one.number), one, one.quote)


def hit_card(hit: Hit) -> str:
    """The card of a passage that is near and does not answer, with its beginning."""
    return _card("≈", hit.passage, hit.passage.text, shown=f'<span class="said" dir="auto">{hover(plain(hit.passage.text))}</span>')


def cards_html(cards: Sequence[str], label: str) -> str:
    """``cards`` as a list."""
    return f'<ol class="sources" aria-label="{label}">{"".join(f"<li>{card}</li>" for card in cards)}</ol>' if cards else ""


def hover(quote: str) -> str:
    """What is shown while the pointer rests on a button that leads to ``quote``."""
    text = " ".join(quote.split())
    return escape(text if len(text) <= _HOVER else text[: _HOVER - 1] + "…")


def _card(mark: str, one: Citation | Passage, quote: str, *, shown: str = "") -> str:
    at = f"page {one.page}" if one.page else f"line {one.line}"
    # Whether the note still says so is filled in by the page, which asks again when it comes back to an old answer.
    return (
        f'<button type="button" class="card" {target(one.path, one.start, one.end, one.headings, quote)} title="{hover(quote)}">'
        f'<span class="number">{mark}</span><span class="file"><bdi>{escape(one.path.rpartition("/")[2])}</bdi></span>'
        f'<span class="where"><bdi>{escape(one.headings[-1] if one.headings else "")}</bdi></span>'
        f'<span class="line">{at}</span>{shown}<span class="standing"></span></button>'
    )
