"""The HTML of the search view: its filters, and what was found, with what matches marked."""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath

from assistant.index.view import Record
from assistant.retrieval.highlighting import Span, excerpt
from assistant.values import Found, Match
from assistant.web.targets import note_address, target

_ROOM = 260
"""Characters of a passage that are shown, around what matches: three lines."""

_LAYOUT = re.compile(r"^[ \t]*#{1,6}[ \t]+|^[ \t]*\|?[ \t]*:?-{2,}[ \t:|-]*$|^[ \t]*\||\|[ \t]*$|`{3,}|\*\*", re.M)
"""Marks of headings, tables, code and bold type; no letter among them, so that none lies in what matches."""

_AGES = ((1, "Past day"), (7, "Past week"), (31, "Past month"), (365, "Past year"))
_DAY_NS = 86_400_000_000_000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which notes are searched: those in a folder, with a tag or one nested in it, of a format (a suffix), changed within so many days.

    What is empty admits all.
    """

    folder: str = ""
    tag: str = ""
    kind: str = ""
    days: int = 0

    def admit(self, record: Record) -> bool:
        """Whether the note is one of them. One so fresh that its time was not trusted is of today."""
        age = time.time_ns() - record.stat.mtime_ns
        return (
            record.path.startswith(f"{self.folder}/" if self.folder else "")
            and (not self.tag or any(f"{tag}/".startswith(f"{self.tag}/") for tag in record.tags))
            and self.kind in ("", _suffix(record))
            and (not self.days or record.stat.mtime_ns < 0 or age <= self.days * _DAY_NS)
        )


def skeleton_html() -> str:
    """The view before anything is typed."""
    return (
        '<div class="searching"><div class="search-line" role="search">'
        '<input type="search" id="search-words" placeholder="Search your notes" aria-label="Search your notes" '
        'aria-describedby="search-count" autocomplete="off" autocapitalize="off" spellcheck="false"></div>'
        '<div id="search-filters" role="group" aria-label="Filters"></div>'
        '<p id="search-count" role="status"></p><div id="search-found" data-sources></div></div>'
    )


def folders(records: Sequence[Record]) -> list[str]:
    """The folders that hold notes, or folders that do, by name."""
    return sorted({str(folder) for one in records for folder in PurePosixPath(one.path).parents[:-1]}, key=str.casefold)


def choices_html(records: Sequence[Record]) -> str:
    """The filters, each as what the notes allow it to be set to; one with nothing to choose from is left out."""
    tags = sorted({tag for one in records for tag in one.tags}, key=str.casefold)
    kinds = sorted({_suffix(one) for one in records})
    return (
        choice("folder", "All folders", ((folder, folder) for folder in folders(records)))
        + choice("tag", "All tags", ((tag, f"#{tag}") for tag in tags))
        + choice("kind", "All formats", ((kind, kind) for kind in kinds if len(kinds) > 1))
        + choice("days", "Any time", ((str(days), label) for days, label in _AGES))
        + '<button type="button" data-clear hidden>Clear filters</button>'
    )


def choice(name: str, anything: str, options: Iterable[tuple[str, str]]) -> str:
    """A list to choose from: ``options`` as value and label, below one that is empty and called ``anything``; nothing without options."""
    rows = "".join(f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in options)
    return f'<select name="{name}" aria-label="{anything}"><option value="">{anything}</option>{rows}</select>' if rows else ""


def nothing_typed_html(latest: Sequence[Record]) -> str:
    """What helps to begin."""
    notes = "".join(
        f'<li><a href="{escape(note_address(one.path))}">{escape(one.title)}</a> <span class="path">{escape(one.path)}</span></li>'
        for one in latest
    )
    lately = f'<h3>Changed lately</h3><ul class="latest">{notes}</ul>' if latest else "<p>There are no notes here.</p>"
    return (
        '<div class="search-help"><p>Type a few words, or what you mean in other words: both are looked for.</p>'
        "<dl><dt><kbd>&quot;exact words&quot;</kbd></dt><dd>a phrase as it stands</dd><dt><kbd>#tag</kbd></dt><dd>notes with a tag</dd>"
        "<dt><kbd>file:name</kbd></dt><dd>notes whose path holds it</dd><dt><kbd>[[note]]</kbd></dt><dd>one note</dd>"
        "<dt><kbd>-</kbd></dt><dd>in front of any of these leaves it out</dd></dl>"
        "<p><kbd>/</kbd> to search, <kbd>↓</kbd> <kbd>↑</kbd> to go through what is found, <kbd>Enter</kbd> to read, "
        "<kbd>Esc</kbd> to go back; <kbd>Ctrl</kbd> <kbd>K</kbd> to open a note by its name.</p>"
        f"{lately}</div>"
    )


def found_html(words: str, found: Found, *, filtered: bool) -> str:
    """What was found for ``words``, each passage as a button that opens it where it stands; or why there is nothing."""
    notice = _corrected(found) + _how_found(found)
    if not found.matches:
        return notice + _nothing(words, found, filtered)
    rows = "".join(f"<li>{_result(one)}</li>" for one in found.matches)
    return f'{notice}<ol class="results" aria-label="What was found">{rows}</ol>'


def _corrected(found: Found) -> str:
    pairs = ", ".join(f"<b>{escape(to)}</b> for <q>{escape(word)}</q>" for word, to in found.corrections)
    return f'<p class="understood">Searched for {pairs}</p>' if pairs else ""


def _how_found(found: Found) -> str:
    """Where no word was met with, what is shown is but near: a reader should know."""
    if found.matches and not any(one.spans or any(one.heading_spans) for one in found.matches):
        return '<p class="understood">No note holds these words. Nearest in meaning:</p>'
    return ""


def _nothing(words: str, found: Found, filtered: bool) -> str:
    if found.reason:
        return f'<div class="search-nothing"><p>{escape(found.reason)}</p></div>'
    more = (
        '<button type="button" class="pill" data-clear>Search all notes</button>'
        if filtered
        else '<a href="#notes">See which notes there are</a>'
    )
    where = " within these filters" if filtered else ""
    return f'<div class="search-nothing"><p>Nothing{where} for <q>{escape(words.strip())}</q>.</p><p>{more}</p></div>'


def _result(match: Match) -> str:
    one = match.hit.passage
    headings = [_marked(text, spans) for text, spans in zip(one.headings, match.heading_spans, strict=True)]
    crumbs = " › ".join(headings[1:])
    at = f"page {one.page}" if one.page else f"line {one.line}"
    by_meaning = "" if match.spans or any(match.heading_spans) else '<span class="by">by meaning</span>'
    return (
        f'<button type="button" class="result" {target(one.path, one.start, one.end, one.headings, one.text)}>'
        f'<span class="result-head"><b dir="auto">{headings[0] if headings else escape(PurePosixPath(one.path).name)}</b>'
        f'<span class="crumbs" dir="auto">{crumbs}</span></span>'
        f'<span class="result-text" dir="auto">{_excerpt(match)}</span>'
        f'<span class="result-place"><bdi>{escape(one.path)}</bdi><span>{at}</span>{by_meaning}</span></button>'
    )


def _excerpt(match: Match) -> str:
    text = match.hit.passage.text
    start, end = excerpt(text, match.spans, room=_ROOM)
    spans = [(a - start, b - start) for a, b in match.spans if start <= a and b <= end]
    return f"{'… ' if start else ''}{_marked(text[start:end], spans, bare=True)}{' …' if end < len(text) else ''}"


def _marked(text: str, spans: Sequence[Span], *, bare: bool = False) -> str:
    """``text`` escaped, with ``spans`` in ``<mark>``; if ``bare``, without the mark-up that only its layout needs."""
    left_out = [match.span() for match in _LAYOUT.finditer(text)] if bare else []
    parts, at = [], 0
    for start, end in sorted([*spans, *left_out]):
        parts.append(escape(text[at:start]))
        parts.append(f"<mark>{escape(text[start:end])}</mark>" if (start, end) not in left_out else " ")
        at = end
    return "".join([*parts, escape(text[at:])])


def _suffix(record: Record) -> str:
    return PurePosixPath(record.path).suffix.lower()
