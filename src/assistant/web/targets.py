"""Where a button of the page leads: a place in a note with the digest of its words, written as the query of an address."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, quote, urlencode

from assistant.values import Document

_DIGITS = 15
"""More has no place in a note."""


@dataclass(frozen=True, slots=True)
class Target:
    """The place ``text[start:end]`` of the note at ``path``. ``digest`` is that of the words that stood there; empty stands for any."""

    path: str
    start: int
    end: int
    digest: str = ""

    @classmethod
    def read(cls, query: str) -> "Target":
        """What ``query`` says, which comes from a browser: a place that fits no note where it says nothing of use."""
        said = {name: values[0] for name, values in parse_qs(query).items()}
        start, end = (int(one) if one.isdecimal() and len(one) <= _DIGITS else 0 for one in (said.get("start", ""), said.get("end", "")))
        return cls(said.get("path", ""), start, end, said.get("digest", ""))

    def quote(self, document: Document) -> str | None:
        """The words at the place in ``document``; None where it does not reach that far, or says something else by now."""
        text = document.text[self.start : self.end]
        fits = 0 <= self.start < self.end <= len(document.text)
        return text if fits and self.digest in ("", digest(text)) else None


def target(path: str, start: int, end: int, headings: Sequence[str], quote: str) -> str:
    """The attribute of a button that opens the source panel at ``quote``, which is ``text[start:end]`` of the note at ``path``."""
    return f'data-source="{escape(target_query(path, start, end, headings, quote))}"'


def target_query(path: str, start: int, end: int, headings: Sequence[str], quote: str) -> str:
    """What that attribute holds."""
    return urlencode([("path", path), ("start", start), ("end", end), ("digest", digest(quote)), *(("heading", heading) for heading in headings)])


def note_address(path: str, span: tuple[int, int] | None = None) -> str:
    """The address in the page at which the note at ``path`` is read; with the offsets ``span``, led to what stands there."""
    return f"#notes/{quote(path, safe='/')}" + (f"?start={span[0]}&end={span[1]}" if span else "")


def map_address(path: str, start: int) -> str:
    """The address in the page at which the map shows the passage that holds the offset ``start`` of the note at ``path``."""
    return f"#map?{urlencode({'path': path, 'start': start})}"


def digest(quote: str) -> str:
    """What tells whether a note still says ``quote``: a page may be older than the index."""
    return hashlib.sha256(quote.encode("utf-8", "surrogatepass")).hexdigest()[:12]
