"""The truth about the notes, in one SQLite file: documents, their blocks and passages, and the passages' vectors.

All else in the index folder is a cache of it. Reading goes through a ``View``, writing through a ``Writer``; each has a connection of its
own, so readers never wait for a writer, and a process that is killed leaves the state of before or the one of after.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.index.database import connect, explained, new_stamp, prepare
from assistant.index.manifest import Manifest
from assistant.index.view import Record, Refused, Stat, View, pack_blocks, pack_parts
from assistant.segmenting.structure import Block
from assistant.segmenting.units import Unit
from assistant.values import Document, Passage

WAIT_S = 5.0

__all__ = ["Entry", "Record", "Refused", "Stat", "Store", "View", "Writer"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as it goes into the store: ``digests[i]`` names the vectors of ``passages[i]`` and of its ``units[i]``."""

    document: Document
    blocks: tuple[Block, ...]
    passages: tuple[Passage, ...]
    units: tuple[tuple[Unit, ...], ...]
    digests: tuple[str, ...]
    stat: Stat


class Writer(View):
    """One write transaction. It sees what it has written; nobody else does before it ends."""

    def add_vectors(self, digests: Sequence[str], vectors: np.ndarray, parts: Sequence[np.ndarray]) -> None:
        """Keeps the vectors of passages to come, and of the parts of each. What none uses is dropped at the next ``advance``."""
        rows = zip(digests, (row.tobytes() for row in vectors.astype("<f4", copy=False)), map(pack_parts, parts), strict=True)
        self._connection.executemany("INSERT OR IGNORE INTO vectors (digest, vector, parts) VALUES (?, ?, ?)", rows)

    def put(self, entry: Entry) -> None:
        """Writes a note in place of what stood at its path. Its vectors are there already."""
        self.remove([entry.document.path])
        document = self._insert_document(entry)
        self._connection.executemany(
            'INSERT INTO passages (document, vector, "start", "end", line, page, kind, headings, units, text) '
            "VALUES (?, (SELECT id FROM vectors WHERE digest = ?), ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (document, digest, one.start, one.end, one.line, one.page, one.kind, _json(one.headings), _packed(units), one.text)
                for one, digest, units in zip(entry.passages, entry.digests, entry.units, strict=True)
            ),
        )

    def _insert_document(self, entry: Entry) -> int | None:
        one = entry.document
        row = {
            "path": one.path,
            "title": one.title,
            "sha256": one.sha256,
            "kind": one.kind,
            "size": entry.stat.size,
            "mtime_ns": entry.stat.mtime_ns,
            "body_start": one.body_start,
            "tags": _json(one.tags),
            "aliases": _json(one.aliases),
            "page_starts": _json(one.page_starts),
            "blocks": pack_blocks(entry.blocks),
            "text": one.text,
        }
        marks = ", ".join(f":{column}" for column in row)
        # The columns are named above, the values are bound.
        return self._connection.execute(f"INSERT INTO documents ({', '.join(row)}) VALUES ({marks})", row).lastrowid  # noqa: S608

    def remove(self, paths: Sequence[str]) -> None:
        """Takes the notes at ``paths`` out, with their passages."""
        self._connection.executemany("DELETE FROM documents WHERE path = ?", ((path,) for path in paths))

    def touch(self, path: str, stat: Stat) -> None:
        """Notes that the file at ``path`` holds what it held, though its ``stat`` changed."""
        self._connection.execute("UPDATE documents SET size = ?, mtime_ns = ? WHERE path = ?", (*stat, path))

    def refuse(self, refused: Sequence[Refused]) -> None:
        """Replaces the list of files that were left out."""
        rows = ((one.skipped.path, one.skipped.reason, *(one.stat or (None, None))) for one in refused)
        self._connection.execute("DELETE FROM skipped")
        self._connection.executemany("INSERT OR REPLACE INTO skipped (path, reason, size, mtime_ns) VALUES (?, ?, ?, ?)", rows)

    def advance(self, manifest: Manifest) -> None:
        """Ends a change of the notes: a new generation, built with ``manifest``, without the vectors that nothing uses any more."""
        # EXCEPT goes over the two indexes; a plain NOT IN would read every vector to look at its id.
        self._connection.execute("DELETE FROM vectors WHERE id IN (SELECT id FROM vectors EXCEPT SELECT vector FROM passages)")
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('manifest', ?)", (manifest.to_json(),))
        self.generation, self.stamp, self.manifest = self.generation + 1, new_stamp(), manifest
        self._connection.execute("INSERT INTO generations VALUES (?, ?)", (self.generation, self.stamp))


class Store:
    """The database in ``folder``. It holds no connection; threads may share it, and processes may each have one on the folder."""

    def __init__(self, folder: Path, *, wait_s: float = WAIT_S) -> None:
        """Opens the database, made where there is none; ``wait_s`` is how long another process that writes is waited for.

        Raises StoreTooNew for one of a newer version, StoreError for a damaged one.
        """
        self.folder = folder
        self._file = folder / "notes.db"
        self._wait_s = wait_s
        prepare(self._file, wait_s)

    def view(self) -> View:
        """The state of now, to read from."""
        with explained(self._file):
            connection = connect(self._file, self._wait_s)
            connection.execute("BEGIN")
            connection.execute("PRAGMA query_only = ON")
            return View(connection, self._file)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: all of it happens when the block ends, or nothing if it raises or the process dies.

        Raises StoreLocked if another process goes on writing for longer than the store waits, StoreError if the disk is full.
        """
        with explained(self._file):
            connection = connect(self._file, self._wait_s)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield Writer(connection, self._file)
                connection.execute("COMMIT")
            finally:
                # Closing rolls back what was not committed.
                connection.close()


def _json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _packed(units: Sequence[Unit]) -> str:
    return _json([(unit.start, unit.end, unit.block) for unit in units])
