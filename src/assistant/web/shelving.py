"""The HTML of the notes view: the tree, a note with its head and contents, and the report of what is indexed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from assistant.index.view import Record
from assistant.values import Document, Heading, Skipped
from assistant.web.freshness import Freshness
from assistant.web.shelf import Folder, Level, Shelf
from assistant.web.targets import note_address

PAGE = 500
"""Rows of a list that are sent at once; further ones are asked for."""


def skeleton_html(accepted: Iterable[str]) -> str:
    """The view before anything is in it: the shelf beside the note."""
    return (
        '<div class="library"><div class="shelf"><div class="shelf-top">'
        '<input type="search" id="shelf-filter" placeholder="Filter notes" aria-label="Filter notes" autocomplete="off" spellcheck="false">'
        f'<input type="file" id="add-files" accept="{escape(",".join(sorted(accepted)))}" multiple hidden>'
        '<button type="button" class="pill" data-add>Add</button></div>'
        '<a class="overview-link" href="#notes">Overview</a>'
        '<nav id="tree" aria-label="Notes"></nav></div>'
        '<div class="desk"><button type="button" class="pill choose" data-shelf>All notes</button><div id="work" role="status"></div>'
        '<div id="desk"></div></div></div>'
    )


# The tree


def tree_html(level: Level, *, start: int = 0, folder: str = "") -> str:
    """What lies in a folder, from its ``start``-th note on; folders are filled when they are opened."""
    folders = "" if start else "".join(map(_folder, level.folders))
    notes = "".join(f"<li>{_note_link(one)}</li>" for one in level.notes[start : start + PAGE])
    left = len(level.notes) - start - PAGE
    more = f'<li><button type="button" class="more" data-from="{start + PAGE}" data-of="{escape(folder)}">Show {left:,} more</button></li>'
    return f"<ul>{folders}{notes}{more if left > 0 else ''}</ul>"


def found_html(records: Sequence[Record]) -> str:
    """The notes that a filter found, without their folders but with their paths."""
    if not records:
        return '<p class="nothing">No note is called that. <a href="#search">Search what they say</a> instead.</p>'
    return f'<ul class="flat">{"".join(_found(one) for one in records)}</ul>'


def _folder(one: Folder) -> str:
    return (
        f'<li><details data-folder="{escape(one.path)}"><summary><span class="name">{escape(one.name)}</span>'
        f'<span class="count">{one.notes:,}</span></summary></details></li>'
    )


def _note_link(one: Record) -> str:
    return f'<a href="{escape(note_address(one.path))}" title="{escape(one.path)}" data-note="{escape(one.path)}">{escape(one.title)}</a>'


def _found(one: Record) -> str:
    link = f'<a href="{escape(note_address(one.path))}" data-note="{escape(one.path)}">'
    return f'<li>{link}{escape(one.title)} <span class="path">{escape(one.path)}</span></a></li>'


# A note


def read_html(
    document: Document,
    record: Record,
    shelf: Shelf,
    *,
    body: str,
    headings: Sequence[Heading],
    file: Path | None,
    fresh: Freshness,
    cited: tuple[int, int] | None = None,
) -> str:
    """A note with all around it: where it lies, what can be done with it, its contents, and the ``body`` that was drawn of it.

    ``cited`` are the offsets of a quote to be led to.
    """
    return (
        f'<article class="read" data-path="{escape(document.path)}"{_cited(document, cited)}>{_head(document, record, shelf, file, fresh)}'
        f'{_contents(headings)}<div class="read-body" dir="auto">{body}</div></article>'
    )


def _cited(document: Document, cited: tuple[int, int] | None) -> str:
    """The lines of a quote, and what it says."""
    if cited is None or not 0 <= cited[0] < cited[1] <= len(document.text):
        return ""
    start, end = cited
    return (
        f' data-first="{document.line_at(start)}" data-last="{document.line_at(end - 1)}" data-quote="{escape(document.text[start:end])}"'
    )


def _head(document: Document, record: Record, shelf: Shelf, file: Path | None, fresh: Freshness) -> str:
    folder, _, name = document.path.rpartition("/")
    tags = "".join(f'<span class="tag">#{escape(tag)}</span>' for tag in document.tags)
    copied = f'<button type="button" class="quiet" data-copy="{escape(str(file))}">Copy path</button>' if file else ""
    before, after = shelf.around(document.path)
    return (
        '<header class="read-head">'
        f'<h2 tabindex="-1"><span class="folder">{escape(folder)}{"/" if folder else ""}</span>{escape(name)}</h2>'
        f'<p class="read-facts"><span class="{fresh.name.lower()}">{fresh.value}</span><span>Changed {changed_html(file)}</span>'
        f"<span>{_count(record.passages, 'passage')}</span>{tags}{copied}"
        '<button type="button" class="quiet" data-remove>Remove</button></p>'
        '<div class="read-tools" role="toolbar" aria-label="Reading">'
        f"{_step(before, 'Previous note', '‹')}{_step(after, 'Next note', '›')}"
        '<input type="search" id="find" placeholder="Find in note" aria-label="Find in note" autocomplete="off" spellcheck="false">'
        '<span id="found" aria-live="polite"></span>'
        '<button type="button" data-find="-1" aria-label="Previous match" disabled>↑</button>'
        '<button type="button" data-find="1" aria-label="Next match" disabled>↓</button></div></header>'
    )


def _step(record: Record | None, label: str, sign: str) -> str:
    if record is None:
        return f'<span class="step" aria-hidden="true">{sign}</span>'
    kind = label.split()[0].lower()
    title, address = escape(record.title), escape(note_address(record.path))
    return f'<a class="step" data-{kind} href="{address}" aria-label="{label}: {title}" title="{title}">{sign}</a>'


def _contents(headings: Sequence[Heading]) -> str:
    if len(headings) < 2:
        return ""
    least = min(heading.depth for heading in headings)
    rows = "".join(
        f'<li data-depth="{min(heading.depth - least, 4)}">'
        f'<button type="button" data-line="{heading.line}">{escape(heading.text)}</button></li>'
        for heading in headings
    )
    return f'<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>{rows}</ol></details></nav>'


# What is indexed


def overview_html(records: Sequence[Record], skipped: Sequence[Skipped], folders: Sequence[Path], rows: str) -> str:
    """How much of the notes is indexed, file by file."""
    passages = sum(one.passages for one in records)
    places = "".join(
        f'<li><code>{escape(str(one))}</code><button type="button" class="quiet" data-copy="{escape(str(one))}">Copy path</button></li>'
        for one in folders
    )
    left_out = f"{_count(len(skipped), 'file')} left out" if skipped else "nothing left out"
    return (
        '<section class="overview"><h2 tabindex="-1">Your notes</h2>'
        f'<p class="lead">{_count(len(records), "note")}, {_count(passages, "passage")}, {left_out}.</p><ul class="places">{places}</ul>'
        '<p class="actions"><button type="button" class="pill" data-sync>Look for changes</button>'
        '<button type="button" class="pill" data-add>Add notes</button><span class="hint">or drop files anywhere here</span></p>'
        '<table class="coverage"><caption>What is indexed</caption>'
        '<thead><tr><th scope="col">File</th><th scope="col">State</th><th scope="col" class="number">Passages</th>'
        '<th scope="col">Last change</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def coverage_html(lines: Sequence[Record | Skipped], files: Sequence[Path | None], *, start: int, count: int) -> str:
    """Rows of the report; ``files`` are where the notes of ``lines`` lie, ``start`` is the first of ``count``."""
    rows = "".join(_covered(one, file) for one, file in zip(lines, files, strict=True))
    left = count - start - len(lines)
    more = f'<button type="button" class="more" data-from="{start + len(lines)}" data-coverage>Show {left:,} more</button>'
    return rows + (f'<tr><td colspan="4">{more}</td></tr>' if left else "")


def _covered(one: Record | Skipped, file: Path | None) -> str:
    if isinstance(one, Skipped):
        name, state, passages = escape(one.path), f'<td class="left-out">Left out: {escape(one.reason)}</td>', ""
    else:
        name, state, passages = (
            f'<a href="{escape(note_address(one.path))}">{escape(one.path)}</a>',
            '<td class="indexed">Indexed</td>',
            f"{one.passages:,}",
        )
    return f'<tr><th scope="row">{name}</th>{state}<td class="number">{passages}</td><td>{changed_html(file)}</td></tr>'


def changed_html(file: Path | None) -> str:
    """When ``file`` was last changed; a dash if there is no telling."""
    try:
        moment = datetime.fromtimestamp(file.stat().st_mtime) if file else None
    except (OSError, ValueError, OverflowError):
        moment = None
    return f'<time datetime="{moment:%Y-%m-%dT%H:%M}">{moment:%Y-%m-%d %H:%M}</time>' if moment else "–"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
