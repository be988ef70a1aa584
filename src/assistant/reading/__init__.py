"""Files to documents: one parser a format, chosen by suffix. Knows nothing of models; a format's library is imported by its first file."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.reading import folder, html, markdown, pdf, text
from assistant.reading.content import Content, Unreadable
from assistant.reading.folder import NoteFile, place, tops
from assistant.reading.titles import title_of_name
from assistant.values import Document, Skipped

__all__ = ["SUFFIXES", "NoteFile", "Unreadable", "digest", "find_files", "place", "read", "tops"]

_PARSERS: Mapping[str, Callable[[bytes], Content]] = {
    **dict.fromkeys((".txt", ".text", ".log", ".rst", ".org", ".adoc"), text.parse),
    **dict.fromkeys((".md", ".markdown", ".mdx"), markdown.parse),
    **dict.fromkeys((".html", ".htm", ".xhtml"), html.parse),
    ".pdf": pdf.parse,
}

SUFFIXES = frozenset(_PARSERS)
"""The suffixes of the formats that are read, in lower case."""


def find_files(folders: Sequence[Path], *, max_bytes: int) -> tuple[tuple[NoteFile, ...], tuple[Skipped, ...]]:
    """The notes in ``folders``, and what was left out with its reason; both sorted by path. See ``folder.walk``."""
    return folder.walk(folders, suffixes=_PARSERS.keys(), max_bytes=max_bytes)


def digest(file: Path) -> str | None:
    """What a Document's ``sha256`` is for ``file`` as it is now; None if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None


def read(note: NoteFile) -> Document:
    """The document in a file that ``find_files`` found. Raises Unreadable if there is none to be had; nothing else."""
    try:
        data = note.file.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}") from error
    content = _PARSERS[note.file.suffix.lower()](data)
    if not content.text.strip():
        raise Unreadable("holds no text")
    return Document(
        path=note.path,
        title=content.title or title_of_name(note.file.stem),
        text=content.text,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=content.kind,
        tags=content.tags,
        aliases=content.aliases,
        page_starts=content.page_starts,
        body_start=content.body_start,
    )
