"""The source beside the chat: a note as text, with the cited passage marked and where it stands."""

import re
from dataclasses import dataclass
from html import escape

from assistant.values import Document
from assistant.web.freshness import Freshness
from assistant.web.targets import map_address, note_address

_AROUND = 400
"""Lines shown before and after a passage, unless all are asked for."""

_HEADING = re.compile(r"^(#{1,6} .*)$", re.M)


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of a document, ``text[start:end]``."""

    start: int
    end: int

    def fits(self, document: Document) -> bool:
        """Whether the document is long enough to hold it, and it holds something."""
        return 0 <= self.start < self.end <= len(document.text)


def source_html(document: Document, span: Span, headings: tuple[str, ...], freshness: Freshness, *, whole: bool = False) -> str:
    """The panel for ``span`` of ``document``: its head, then the note's text, escaped, lines as they are, the span in ``<mark>``."""
    first, last = (0, len(document.text)) if whole else _window(document, span)
    parts = [
        _head(document, span, headings, freshness),
        '<div class="note" tabindex="0" aria-label="Text of the note">',
        _more("Show the note from its beginning") if first > _floor(document, span) and not whole else "",
        f'<div class="lines">{_text(document.text[first : span.start])}',
        f'<mark id="cited">{_text(document.text[span.start : span.end])}</mark>',
        f"{_text(document.text[span.end : last])}</div>",
        _more("Show the rest of the note") if last < len(document.text) else "",
        "</div>",
    ]
    return "".join(parts)


def gone_html(why: str) -> str:
    """The panel where there is nothing to show."""
    return f'<p class="note" role="alert">{escape(why)}</p>'


def _head(document: Document, span: Span, headings: tuple[str, ...], freshness: Freshness) -> str:
    folder, _, name = document.path.rpartition("/")
    crumbs = "".join(f"<li>{escape(heading)}</li>" for heading in headings)
    return (
        '<header class="source-head"><div class="source-name">'
        f'<h2 tabindex="-1"><span class="folder">{escape(folder)}{"/" if folder else ""}</span>{escape(name)}</h2></div>'
        f'<ol class="crumbs" aria-label="Headings">{crumbs}</ol>'
        f'<p class="place"><span>{place(document, span.start)}</span><span class="{freshness.name.lower()}">{freshness.value}</span>'
        f'<a href="{escape(note_address(document.path, (span.start, span.end)))}">Open in Notes</a>'
        f'<a href="{escape(map_address(document.path, span.start))}">Show on map</a></p></header>'
    )


def place(document: Document, offset: int) -> str:
    """Where ``offset`` lies, in words: its line, and its page where there are pages."""
    page = document.page_at(offset)
    return (f"Page {page}, line " if page else "Line ") + str(document.line_at(offset))


def _window(document: Document, span: Span) -> tuple[int, int]:
    """From where to where the note is shown."""
    before = document.text[_floor(document, span) : span.start].splitlines(keepends=True)[-_AROUND:]
    # The first of these is the rest of the passage's own last line.
    after = document.text[span.end :].splitlines(keepends=True)[: 1 + _AROUND]
    return span.start - sum(map(len, before)), span.end + sum(map(len, after))


def _floor(document: Document, span: Span) -> int:
    """Where a note begins for its reader: behind its front matter, unless that is what is cited."""
    return document.body_start if span.start >= document.body_start else 0


def _text(text: str) -> str:
    return _HEADING.sub(r'<b class="heading">\1</b>', escape(text))


def _more(label: str) -> str:
    return f'<button type="button" class="more" data-whole>{label}</button>'
