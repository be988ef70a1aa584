"""The SQLite file of the index: its tables, how it is opened, and its errors in words that say what to do."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex

from assistant.errors import StoreError, StoreLocked, StoreTooNew

SCHEMA_VERSION = 1
"""Raised whenever a table changes. An older index is dropped and built again from the notes; a newer one is refused."""

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # One row a state of the notes. The stamp is random: what was made from one state can never pass for another's, not even where the
    # database was deleted, restored from a copy or lost its last transaction.
    "CREATE TABLE generations (number INTEGER PRIMARY KEY, stamp TEXT NOT NULL UNIQUE)",
    # The long columns stand last: a listing reads the short ones without touching the pages that the text spills over to.
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL,
        size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, body_start INTEGER NOT NULL,
        tags TEXT NOT NULL, aliases TEXT NOT NULL, page_starts TEXT NOT NULL, blocks TEXT NOT NULL, text TEXT NOT NULL)""",
    # Keyed by a digest of the encoder's fingerprint, the text and its parts: equal ones share a vector, and encoders never do. The vectors
    # of the parts are kept in eight bits a number: they rank what stands within a few passages, and there are many.
    "CREATE TABLE vectors (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, vector BLOB NOT NULL, parts BLOB NOT NULL)",
    # AUTOINCREMENT: an id is never given twice, and what it stands for never changes, so ids alone tell a cache what to add and remove.
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, vector INTEGER NOT NULL REFERENCES vectors,
        "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, line INTEGER NOT NULL, page INTEGER, kind TEXT NOT NULL,
        headings TEXT NOT NULL, units TEXT NOT NULL, text TEXT NOT NULL)""",
    "CREATE INDEX passages_of_document ON passages (document)",
    "CREATE INDEX passages_of_vector ON passages (vector)",
    "CREATE TABLE skipped (path TEXT PRIMARY KEY, reason TEXT NOT NULL, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID",
)

_DELETE = "delete the folder {folder} and run again: it is built anew from the notes"
_ADVICE: Mapping[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (StoreLocked, "another process is writing to it: try again when it has ended"),
    sqlite3.SQLITE_FULL: (StoreError, "the disk is full: free some space and run again; the index is as it was before"),
    sqlite3.SQLITE_IOERR: (StoreError, "the disk refused to read or write: check its space and its state, then run again"),
    sqlite3.SQLITE_CORRUPT: (StoreError, f"the file is damaged: {_DELETE}"),
    sqlite3.SQLITE_NOTADB: (StoreError, f"the file is no index: {_DELETE}"),
    sqlite3.SQLITE_READONLY: (StoreError, "it may not be written to: check the permissions of the folder {folder}"),
    sqlite3.SQLITE_CANTOPEN: (StoreError, "it cannot be opened: check that the folder {folder} is there and may be written to"),
}


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turns SQLite's errors that a user can mend into StoreErrors; others are faults of this program and pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind of error, the rest its cause.
        known = _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if known is None:
            raise
        kind, advice = known
        raise kind(f"the index {file} cannot be used ({error}): {advice.format(folder=file.parent)}") from error


def connect(file: Path, wait_s: float) -> sqlite3.Connection:
    """A connection to a database that ``prepare`` made; transactions are begun and ended by the caller."""
    # mode=rw: a database that was deleted meanwhile is an error, not an empty new one.
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # With WAL the lesser NORMAL could lose the last transaction in a power cut, though caches were made from it already.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def prepare(file: Path, wait_s: float) -> None:
    """Makes the database where there is none, and makes an older one anew. Raises StoreTooNew for one of a newer version."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the index folder {file.parent} cannot be made ({error.strerror}): give a folder that may be written to"
        ) from error
    with explained(file), closing(sqlite3.connect(file, timeout=wait_s, isolation_level=None)) as connection:
        if not _current(connection, file):
            _switch_to_wal(connection, wait_s)
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have been quicker.
            if not _current(connection, file):
                _make(connection)
            connection.execute("COMMIT")


def new_stamp() -> str:
    """A name for a state of the notes, as no other has."""
    return token_hex(8)


def _current(connection: sqlite3.Connection, file: Path) -> bool:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"the index {file} was written by a newer version of this program (format {version}, this one reads {SCHEMA_VERSION}): "
            f"update the program, or delete the folder {file.parent} to build the index anew from the notes"
        )
    return version == SCHEMA_VERSION


def _switch_to_wal(connection: sqlite3.Connection, wait_s: float) -> None:
    """Readers go on while one process writes. SQLite does not wait its timeout for this one statement, so the wait is here."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _make(connection: sqlite3.Connection) -> None:
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO generations VALUES (0, ?)", (new_stamp(),))
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
