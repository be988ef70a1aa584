"""Reading the store: one consistent state of it, whatever is written meanwhile."""

import json
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import NamedTuple, Self

import numpy as np

from assistant.errors import NotesError
from assistant.index.database import explained
from assistant.index.manifest import Manifest
from assistant.segmenting.structure import Block
from assistant.segmenting.units import Unit
from assistant.values import Document, Passage, Skipped

Ids = Sequence[int] | np.ndarray
"""Ids of passages."""

_CHUNK = 4096
"""Rows of one query: large reads go in steps, so that threads that share a view take turns and memory stays small."""


class Stat(NamedTuple):
    """What tells, without reading it, that a file is as it was."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Record:
    """A document as the index lists it; ``passages`` is how many it has."""

    path: str
    title: str
    kind: str
    sha256: str
    stat: Stat
    passages: int
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was left out; ``stat`` is None where it was left out by the look of it and never read."""

    skipped: Skipped
    stat: Stat | None = None


@dataclass(frozen=True)
class Quotable:
    """What can be quoted of a passage: its units, and the vectors of these, shape (len(units), dimension), of length 1 or 0."""

    path: str
    units: tuple[Unit, ...]
    vectors: np.ndarray


class View:
    """The index as one sync left it. Syncs that end later do not show; open another view to see them.

    ``generation`` counts the syncs that changed something; ``stamp`` names the state, and no other has had or will have it. ``manifest``
    is None before the first sync. A view may be used from several threads. While it is open SQLite keeps the state it shows: close it, or
    let go of it, when there is a newer one.
    """

    generation: int
    stamp: str
    manifest: Manifest | None

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        """Takes ``connection`` over; it is in a transaction."""
        self._connection = connection
        self._file = file
        self._lock = Lock()
        self._close = weakref.finalize(self, connection.close)
        # SQLite fixes the state that a transaction sees at its first read: this one.
        ((self.generation, self.stamp),) = self._rows("SELECT number, stamp FROM generations ORDER BY number DESC LIMIT 1")
        manifests = self._rows("SELECT value FROM meta WHERE key = 'manifest'")
        self.manifest = Manifest.from_json(manifests[0][0]) if manifests else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the state; closing twice is no error."""
        self._close()

    def stamps(self) -> list[str]:
        """The stamps of this state and of those it came from, latest first."""
        return [stamp for (stamp,) in self._rows("SELECT stamp FROM generations ORDER BY number DESC")]

    def documents(self) -> tuple[Record, ...]:
        """All documents, by path."""
        rows = self._rows(
            "SELECT path, title, kind, sha256, size, mtime_ns, (SELECT count(*) FROM passages WHERE document = documents.id), tags, aliases "
            "FROM documents ORDER BY path"
        )
        return tuple(
            Record(path, title, kind, sha, Stat(size, mtime), count, _names(tags), _names(aliases))
            for path, title, kind, sha, size, mtime, count, tags, aliases in rows
        )

    def refused(self) -> tuple[Refused, ...]:
        """The files that the last sync left out, by path."""
        rows = self._rows("SELECT path, reason, size, mtime_ns FROM skipped ORDER BY path")
        return tuple(Refused(Skipped(path, reason), None if size is None else Stat(size, mtime)) for path, reason, size, mtime in rows)

    def document(self, path: str) -> Document:
        """The document at ``path``. Raises NotesError if the index has none there."""
        row = self._of_document("title, text, sha256, kind, tags, aliases, page_starts, body_start", path)
        title, text, sha256, kind, tags, aliases, page_starts, body_start = row
        return Document(
            path=path,
            title=title,
            text=text,
            sha256=sha256,
            kind=kind,
            tags=tuple(json.loads(tags)),
            aliases=tuple(json.loads(aliases)),
            page_starts=tuple(json.loads(page_starts)),
            body_start=body_start,
        )

    def blocks(self, path: str) -> tuple[Block, ...]:
        """The blocks of the document at ``path``, in order. Raises NotesError if the index has none there."""
        (packed,) = self._of_document("blocks", path)
        return unpack_blocks(packed)

    def passage_ids(self) -> np.ndarray:
        """The ids of all passages, int64, ascending."""
        return np.array([number for (number,) in self._rows("SELECT id FROM passages ORDER BY id")], dtype=np.int64)

    def passage_ids_of(self, paths: Sequence[str]) -> np.ndarray:
        """The ids of the passages of the documents at ``paths``, int64, ascending."""
        rows = self._rows(
            "SELECT passages.id FROM passages JOIN documents ON documents.id = document "
            "WHERE path IN (SELECT value FROM json_each(?)) ORDER BY passages.id",
            json.dumps(list(paths)),
        )
        return np.array([number for (number,) in rows], dtype=np.int64)

    def passages(self, ids: Ids) -> list[Passage]:
        """The passages with ``ids``, in that order. Raises KeyError if there is no such passage."""
        rows = self._asked(
            'SELECT path, "start", "end", passages.text, headings, passages.kind, line, page FROM asked '
            "JOIN passages ON passages.id = asked.id JOIN documents ON documents.id = passages.document ORDER BY asked.place",
            ids,
        )
        found = [
            Passage(path, start, end, text, tuple(json.loads(headings)), kind, line, page)
            for chunk in rows
            for path, start, end, text, headings, kind, line, page in chunk
        ]
        if len(found) != len(ids):
            raise KeyError(
                f"{len(ids) - len(found)} of {len(ids)} passage ids are not in the index: take them from a search of the same state"
            )
        return found

    def texts(self, ids: Ids) -> Iterator[tuple[int, str, str]]:
        """What the word index holds of the passages with ``ids``: (id, headings by line, text)."""
        rows = self._asked("SELECT id, headings, text FROM asked JOIN passages USING (id) ORDER BY place", ids)
        return ((number, "\n".join(json.loads(headings)), text) for chunk in rows for number, headings, text in chunk)

    def note_ids(self) -> np.ndarray:
        """The ids of all notes that have passages, int64, ascending.

        A note goes by the id of its first passage. It is written anew when it changes, so what such an id stands for never changes either.
        """
        return np.array([number for (number,) in self._rows("SELECT min(id) FROM passages GROUP BY document ORDER BY 1")], dtype=np.int64)

    def notes_of(self, ids: Ids) -> np.ndarray:
        """For each of the passages with ``ids`` the id of its note, int64."""
        sql = (
            "SELECT (SELECT min(id) FROM passages AS others WHERE others.document = passages.document) "
            "FROM asked JOIN passages USING (id) ORDER BY place"
        )
        return np.array([number for chunk in self._asked(sql, ids) for (number,) in chunk], dtype=np.int64)

    def note_texts(self, ids: Ids) -> Iterator[tuple[int, str, str]]:
        """What the word index holds of the notes with ``ids``: (id, path without its suffix, text of all passages)."""
        rows = self._asked(
            "SELECT asked.id, path, (SELECT group_concat(text, char(10)) FROM passages AS others WHERE others.document = documents.id) "
            "FROM asked JOIN passages USING (id) JOIN documents ON documents.id = passages.document ORDER BY place",
            ids,
        )
        return ((number, str(PurePosixPath(path).with_suffix("")), text) for chunk in rows for number, path, text in chunk)

    def vectors(self, ids: Ids) -> np.ndarray:
        """The vectors of the passages with ``ids``, in that order: float32, one a row."""
        dimension = self.manifest.dimension if self.manifest else 0
        matrix = np.empty((len(ids), dimension), dtype=np.float32)
        sql = "SELECT vectors.vector FROM asked JOIN passages USING (id) JOIN vectors ON vectors.id = passages.vector ORDER BY place"
        for number, chunk in enumerate(self._asked(sql, ids)):
            packed = b"".join(vector for (vector,) in chunk)
            matrix[number * _CHUNK : number * _CHUNK + len(chunk)] = np.frombuffer(packed, dtype="<f4").reshape(len(chunk), dimension)
        return matrix

    def quotable(self, ids: Ids) -> dict[int, Quotable]:
        """What can be quoted of those of the passages ``ids`` that there are, by id."""
        sql = (
            "SELECT asked.id, path, units, parts FROM asked JOIN passages ON passages.id = asked.id "
            "JOIN documents ON documents.id = passages.document JOIN vectors ON vectors.id = passages.vector ORDER BY place"
        )
        dimension = self.manifest.dimension if self.manifest else 0
        return {
            number: Quotable(path, tuple(Unit(*unit) for unit in json.loads(units)), unpack_parts(parts, dimension))
            for chunk in self._asked(sql, ids)
            for number, path, units, parts in chunk
        }

    def without_vector(self, digests: Sequence[str]) -> list[str]:
        """Those of ``digests`` that no vector is kept for, in order."""
        kept = {
            digest
            for (digest,) in self._rows("SELECT digest FROM vectors WHERE digest IN (SELECT value FROM json_each(?))", json.dumps(digests))
        }
        return [digest for digest in digests if digest not in kept]

    def _of_document(self, columns: str, path: str) -> tuple:
        rows = self._rows(f"SELECT {columns} FROM documents WHERE path = ?", path)  # noqa: S608 - columns are this file's own
        if not rows:
            raise NotesError(f"there is no note {path!r} in the index: give the path of one that it lists, relative to the notes folder")
        return rows[0]

    def _asked(self, sql: str, ids: Ids) -> Iterator[list[tuple]]:
        """The rows of ``sql`` over a table ``asked (place, id)`` of ``ids``, a chunk at a time."""
        table = "WITH asked (place, id) AS (SELECT key, value FROM json_each(?)) "
        for start in range(0, len(ids), _CHUNK):
            yield self._rows(table + sql, json.dumps([int(number) for number in ids[start : start + _CHUNK]]))

    def _rows(self, sql: str, *parameters: object) -> list[tuple]:
        with self._lock, explained(self._file):
            return self._connection.execute(sql, parameters).fetchall()


def _names(packed: str) -> tuple[str, ...]:
    # Most notes have none, and there are many notes.
    return () if packed == "[]" else tuple(json.loads(packed))


def pack_blocks(blocks: Sequence[Block]) -> str:
    """``blocks`` as text: they are only ever read together, and most share their headings with the one before."""
    paths = {headings: number for number, headings in enumerate(dict.fromkeys(block.headings for block in blocks))}
    rows = [(block.kind, block.start, block.end, block.level, paths[block.headings], block.parent) for block in blocks]
    return json.dumps({"headings": list(paths), "blocks": rows}, ensure_ascii=False, separators=(",", ":"))


def unpack_blocks(packed: str) -> tuple[Block, ...]:
    """What ``pack_blocks`` packed."""
    content = json.loads(packed)
    paths = [tuple(headings) for headings in content["headings"]]
    return tuple(Block(kind, start, end, level, paths[path], parent) for kind, start, end, level, path, parent in content["blocks"])


def pack_parts(parts: np.ndarray) -> bytes:
    """Vectors of length 1 or 0, in eight bits a number."""
    return np.rint(parts * 127).astype(np.int8).tobytes()


def unpack_parts(packed: bytes, dimension: int) -> np.ndarray:
    """What ``pack_parts`` packed, to within its rounding, of length 1 or 0 again: float32, one a row."""
    parts = np.frombuffer(packed, dtype=np.int8).reshape(-1, max(dimension, 1)).astype(np.float32)
    return parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1)
