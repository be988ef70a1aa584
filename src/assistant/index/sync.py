"""From the notes folders to the store: what changed, and only that, is read, segmented and encoded."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.encoding.encoder import Encoder
from assistant.encoding.tokens import count_tokens
from assistant.errors import EncoderError, NotesError, StoreLocked
from assistant.index.manifest import Manifest
from assistant.index.store import Entry, Record, Refused, Stat, Store
from assistant.progress import Progress
from assistant.reading import NoteFile, Unreadable, digest, find_files, read
from assistant.segmenting.passages import Sizes, encoded_text, passages, spans_in, split_units
from assistant.segmenting.structure import blocks
from assistant.segmenting.units import Unit, units
from assistant.values import Passage, Skipped, SyncReport

_BATCH = 128
"""Passages encoded between two writes: what a process that is killed loses, and all the vectors that are ever in memory."""

_TRIES = 3
_FRESH_NS = 2_000_000_000
"""The coarsest clock of a file system in use (FAT) ticks in two seconds: a file may change again within the tick and not show it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store knows before a sync; ``stale`` if it was built in another way, so that none of it can stay."""

    generation: int
    stale: bool
    records: Mapping[str, Record]
    refused: Mapping[str, Refused]


@dataclass(frozen=True, slots=True)
class _Same:
    """A note that holds what it held; ``stat`` is as it is now."""

    path: str
    stat: Stat


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a sync is about to write. ``same``, ``entries`` and ``refused`` have no path in common."""

    known: _Known
    same: tuple[_Same, ...]
    entries: tuple[Entry, ...]
    refused: tuple[Refused, ...]

    @property
    def staying(self) -> frozenset[str]:
        return frozenset([one.path for one in self.same] + [entry.document.path for entry in self.entries])

    @property
    def removed(self) -> tuple[str, ...]:
        staying = self.staying
        return tuple(path for path in self.known.records if path not in staying)

    @property
    def touched(self) -> tuple[_Same, ...]:
        return tuple(one for one in self.same if one.stat != self.known.records[one.path].stat)

    @property
    def notes_differ(self) -> bool:
        return bool(self.known.stale or self.entries or self.removed)

    @property
    def none(self) -> bool:
        return not (self.notes_differ or self.touched or self.refused != tuple(self.known.refused.values()))

    def report(self) -> SyncReport:
        paths = [entry.document.path for entry in self.entries]
        return SyncReport(
            added=tuple(path for path in paths if path not in self.known.records),
            changed=tuple(path for path in paths if path in self.known.records),
            removed=self.removed,
            unchanged=tuple(one.path for one in self.same),
            skipped=tuple(one.skipped for one in self.refused),
        )


def sync(
    store: Store, folders: Sequence[Path], encoder: Encoder, sizes: Sizes, *, max_bytes: int, progress: Progress | None = None
) -> SyncReport:
    """Brings the store up to date with the notes in ``folders``; all of it is seen at once at the end, or nothing.

    An unchanged note costs a look at its size and time; unchanged text is never encoded again, wherever it moved. A sync that is cut off,
    by ``progress`` raising Cancelled or otherwise, leaves the index as it was, and the next one goes on from the vectors that were done.
    If ``encoder`` or ``sizes`` are not those that the store was built with, all notes are read again and those reported as changed.

    Raises NotesError, and leaves the index as it is, if a folder is missing, or holds no note any more though the index has notes from it.
    """
    step = progress or _say_nothing
    manifest = Manifest.of(encoder, sizes)
    for _ in range(_TRIES):
        changes = _look(store, folders, encoder, manifest, max_bytes, step)
        _encode(store, encoder, changes.entries, step)
        if _write(store, manifest, changes):
            return changes.report()
    raise StoreLocked(
        f"the index in {store.folder} was changed {_TRIES} times by other processes during a sync: run again when they have ended"
    )


def _say_nothing(what: str, done: int, total: int) -> None:
    pass


# What changed


def _look(store: Store, folders: Sequence[Path], encoder: Encoder, manifest: Manifest, max_bytes: int, step: Progress) -> _Changes:
    notes, passed = find_files(folders, max_bytes=max_bytes)
    known = _known(store, manifest)
    kept = {note.path: same for note in notes if (same := _unchanged(note, known)) is not None}
    fresh = [note for note in notes if note.path not in kept]
    found: list[_Same | Refused | Entry] = [*kept.values(), *_read_all(fresh, encoder, manifest, step)]
    refused = [*map(Refused, passed), *(one for one in found if isinstance(one, Refused))]
    changes = _Changes(
        known=known,
        same=tuple(one for one in found if isinstance(one, _Same)),
        entries=tuple(one for one in found if isinstance(one, Entry)),
        refused=tuple(sorted(refused, key=lambda one: one.skipped.path)),
    )
    _refuse_to_empty(store, folders, notes, changes)
    return changes


def _known(store: Store, manifest: Manifest) -> _Known:
    with store.view() as view:
        return _Known(
            generation=view.generation,
            stale=view.manifest != manifest,
            records={record.path: record for record in view.documents()},
            refused={one.skipped.path: one for one in view.refused()},
        )


def _unchanged(note: NoteFile, known: _Known) -> _Same | Refused | None:
    """What the store knows of a note and may keep; None if it has to be read."""
    if known.stale:
        return None
    stat = Stat(note.size, note.mtime_ns)
    refused, record = known.refused.get(note.path), known.records.get(note.path)
    if refused and refused.stat == stat:
        return refused
    if record and record.stat == stat:
        return _Same(note.path, stat)
    return _Same(note.path, _settled(note)) if record and record.sha256 == digest(note.file) else None


def _settled(note: NoteFile) -> Stat:
    """The size and time to know a note by; a time that no file has, if the note is so fresh that its own cannot be trusted."""
    return Stat(note.size, note.mtime_ns if time.time_ns() - note.mtime_ns > _FRESH_NS else -1)


def _read_all(notes: Sequence[NoteFile], encoder: Encoder, manifest: Manifest, step: Progress) -> Iterator[Entry | Refused]:
    for done, note in enumerate(notes):
        step("Reading notes", done, len(notes))
        # The time is judged before the file is read: what changes afterwards shows at the next sync.
        stat = _settled(note)
        try:
            yield _entry(note, stat, encoder, manifest)
        except Unreadable as error:
            # One that is gone by now was removed, not left out.
            if note.file.exists():
                yield Refused(Skipped(note.path, str(error)), stat)
    if notes:
        step("Reading notes", len(notes), len(notes))


def _entry(note: NoteFile, stat: Stat, encoder: Encoder, manifest: Manifest) -> Entry:
    document = read(note)
    found = blocks(document)
    cut = tuple(passages(document, found, manifest.sizes, tokens=count_tokens, pieces=encoder.count))
    within = split_units(units(document.text, found), cut)
    digests = tuple(manifest.digest(encoded_text(one), spans_in(one, inside)) for one, inside in zip(cut, within, strict=True))
    return Entry(document, found, cut, within, digests, stat)


def _refuse_to_empty(store: Store, folders: Sequence[Path], notes: Sequence[NoteFile], changes: _Changes) -> None:
    """Raises NotesError if a folder that the index has notes from holds none: a disk not mounted is likelier than all deleted."""
    paths = changes.staying
    staying = [note for note in notes if note.path in paths]
    bare = [str(folder) for folder in folders if not any(note.file.is_relative_to(folder.expanduser().resolve()) for note in staying)]
    # With several folders the first part of a path tells which one it comes from.
    tops = {_top(note.path) for note in staying}
    lost = [path for path in changes.removed if _top(path) not in tops]
    if bare and lost:
        raise NotesError(
            f"there is no note to be read in {', '.join(bare)}, but the index holds {len(lost)} from there (such as {lost[0]!r}): "
            f"the index is kept; check the folder and that its disk is there, or delete {store.folder} if the notes are to be forgotten"
        )


def _top(path: str) -> str:
    return path.partition("/")[0]


# What is written


def _encode(store: Store, encoder: Encoder, entries: Sequence[Entry], step: Progress) -> None:
    """Has the store keep a vector for each passage of ``entries``. They are written as they come: no more than a batch is ever at stake."""
    by_digest = {
        digest: (one, inside) for entry in entries for digest, one, inside in zip(entry.digests, entry.passages, entry.units, strict=True)
    }
    if not by_digest:
        return
    with store.view() as view:
        missing = view.without_vector(list(by_digest))
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        for done in range(0, len(missing), _BATCH):
            step("Encoding passages", done, len(missing))
            batch = missing[done : done + _BATCH]
            vectors, parts = zip(*cores.map(lambda digest: _embedded(encoder, *by_digest[digest]), batch), strict=True)
            with store.writing() as writer:
                writer.add_vectors(batch, np.stack(vectors), parts)
    if missing:
        step("Encoding passages", len(missing), len(missing))


def _embedded(encoder: Encoder, passage: Passage, inside: Sequence[Unit]) -> tuple[np.ndarray, np.ndarray]:
    """A passage's vector and those of its units. Raises EncoderError if they are not what an Encoder promises."""
    spans = spans_in(passage, inside)
    vector, parts = encoder.embed(encoded_text(passage), spans)
    lengths = np.linalg.norm(parts, axis=-1)
    fits = (vector.shape, parts.shape) == ((encoder.dimension,), (len(spans), encoder.dimension))
    if not (fits and _near(np.linalg.norm(vector), 1) and (_near(lengths, 1) | (lengths == 0)).all()):
        raise EncoderError(
            f"encoder {encoder.fingerprint!r} gave vectors that are not all of {encoder.dimension} finite numbers and of length 1: "
            f"it cannot be searched by; use another model (got shapes {vector.shape} and {parts.shape}, passage in {passage.path})"
        )
    return vector.astype(np.float32, copy=False), parts


def _near(lengths: np.ndarray | np.floating, length: float) -> np.ndarray:
    # As np.isclose does, which takes longer than all else here; what is not a number is near nothing.
    return np.abs(lengths - length) <= 1e-3


def _write(store: Store, manifest: Manifest, changes: _Changes) -> bool:
    """Writes ``changes``; False, and nothing is written, if another process changed the notes since they were looked at."""
    if changes.none:
        return True
    with store.writing() as writer:
        if writer.generation != changes.known.generation:
            return False
        writer.remove(changes.removed)
        for entry in changes.entries:
            writer.put(entry)
        for one in changes.touched:
            writer.touch(one.path, one.stat)
        writer.refuse(changes.refused)
        if changes.notes_differ:
            writer.advance(manifest)
    return True
