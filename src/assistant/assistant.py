"""The façade: folders of notes that answer questions. The faces know this and the values it hands out, nothing else."""

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Self

from assistant import library
from assistant.answering.considering import Considered
from assistant.encoding.compiled import open_encoder
from assistant.encoding.encoder import Encoder
from assistant.errors import NotesError, QuestionError
from assistant.feedback import Feedback
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.view import Record, Stat
from assistant.mapping import Map
from assistant.progress import Progress
from assistant.reading import find_files, place, tops
from assistant.segmenting.contents import contents
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from assistant.state import State
from assistant.study.cards import Card
from assistant.study.reviews import Reviews
from assistant.values import Answer, Conflict, Document, Found, Heading, Hit, Skipped, SyncReport

LONGEST_QUESTION = 4000
"""Characters. A question is shorter; a pasted document is longer."""

_PATIENCE_S = 1.0
"""How long a question waits for a sync that is under way: that of a few changed notes ends sooner, and a longer one must not hold up a chat."""


class Assistant:
    """Folders of notes, ready to be asked. Safe to share between threads: a sync builds the next state while questions use this one."""

    def __init__(self, settings: Settings, store: Store, encoder: Encoder) -> None:
        """Use ``open``, which also brings the index up to date."""
        self.settings = settings
        self._store = store
        self._encoder = encoder
        self._syncing = Lock()
        self._state = State(Snapshot.open(store), encoder)

    @classmethod
    def open(cls, settings: Settings | None = None, *, progress: Progress | None = None) -> Self:
        """The assistant for ``settings``, its index built or brought up to date first.

        Raises NotesError if a notes folder is missing, StoreError if the index cannot be used, EncoderError if the model cannot.
        """
        return cls.open_reporting(settings, progress=progress)[0]

    @classmethod
    def open_reporting(cls, settings: Settings | None = None, *, progress: Progress | None = None) -> tuple[Self, SyncReport]:
        """What ``open`` opens, and what it found changed."""
        settings = settings or Settings()
        _check_folders(settings.corpus)
        encoder = open_encoder(settings.model, settings.cache_folder, progress=progress)
        store = Store(settings.index)
        report = _sync(store, settings, encoder, progress)
        return cls(settings, store, encoder), report

    def sync(self, *, progress: Progress | None = None) -> SyncReport:
        """Reads what changed in the notes folders. Questions go on being answered from the state before until it is done.

        Raises what ``open`` raises, and Cancelled if ``progress`` does; the state before stays in place then.
        """
        with self._syncing:
            return self._synced(progress)

    def _synced(self, progress: Progress | None = None) -> SyncReport:
        report = _sync(self._store, self.settings, self._encoder, progress)
        self._catch_up()
        return report

    def _renew(self) -> None:
        """Syncs, unless another sync is under way and goes on for longer than a question is kept waiting."""
        if self._syncing.acquire(timeout=_PATIENCE_S):
            try:
                self._synced()
            finally:
                self._syncing.release()

    def _catch_up(self) -> None:
        """Moves on to the index's latest state, whichever process made it."""
        with self._store.view() as view:
            if view.stamp == self._state.snapshot.view.stamp:
                # The notes say what they said, but their files may bear other times.
                self._state.look_again(view.documents())
                return
        self._state = State(Snapshot.open(self._store), self._encoder)

    def ask(self, question: str, *, history: Sequence[str] = (), words: int | None = None, hits: int | None = None) -> Answer:
        """The answer to ``question``; ``history`` holds the earlier questions of the chat, oldest first.

        ``words`` and ``hits`` stand in for the settings ``answer_words`` and ``hits``. Raises SettingsError where those could not be set so.

        What it quotes stands in the files now: if one that is quoted changed since it was indexed, the notes are synced first, and the
        answer is made anew. (Once: a file that is written to all the time keeps no question waiting for good.) A file passes for
        unchanged if its size and time are. While a long sync is under way the answer comes from the state before it.

        Raises QuestionError for a question that is empty or longer than ``LONGEST_QUESTION`` characters, and what ``sync`` raises.
        """
        text = _checked(question)
        # What could not have been asked is no part of the talk.
        before = [_checked(one) for one in history if 0 < len(one.strip()) <= LONGEST_QUESTION]
        own = self.settings
        settings = replace(own, answer_words=own.answer_words if words is None else words, hits=own.hits if hits is None else hits)
        state = self._state
        answer = state.ask(text, before, words=settings.answer_words, k=settings.hits)
        if not self._is_current(state, answer):
            self._renew()
            answer = self._state.ask(text, before, words=settings.answer_words, k=settings.hits)
        return answer

    def _is_current(self, state: State, answer: Answer) -> bool:
        """Whether the files that ``answer`` quotes are, by size and time, those that ``state`` was made from."""
        return all(
            (file := place(self.settings.corpus, path)) is not None and _stat(file) == state.stats[path]
            for path in {one.path for one in answer.citations}
        )

    def consider(self, question: str, *, history: Sequence[str] = ()) -> Considered:
        """What ``ask`` weighs for a question: for measuring and fitting. Raises QuestionError as ``ask`` does."""
        return self._state.consider(_checked(question), history)

    def search(self, query: str, *, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` passages that fit ``query`` best, best first. Raises QuestionError as ``ask`` does, and for a ``k`` below 1."""
        if k < 1:
            raise QuestionError(f"{k} passages were asked for: ask for at least one")
        return self._state.search(_checked(query), k=k)

    def filtered_out(self, query: str) -> str | None:
        """Why the operators in ``query`` leave no passage to search among, in a sentence; None if they leave some."""
        return self._state.interpreter.understood(_checked(query)).scope.reason

    def find(self, words: str, *, k: int = 20, among: Collection[str] | None = None) -> Found:
        """The ``k`` passages that fit ``words`` best as they are typed, with what they match marked; ``among`` the notes at these paths.

        Unless a blank follows, the last word may be a beginning: those that the notes go on from it with are searched for. Raises
        QuestionError as ``search`` does.
        """
        return self._state.find(_checked(words), k=k, among=among, finished=words[-1:].isspace())

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the notes disagree about a value, the most certain first. Found once for each state of the notes, which takes some seconds."""
        return self._state.conflicts

    def map(self) -> Map:
        """Where the passages lie, by what they mean. Drawn once for each state of the notes, which takes some seconds."""
        return self._state.map

    def cards(self) -> tuple[Card, ...]:
        """The flash cards that the notes make, by note and place; where two notes make the same one, the first."""
        return self._state.cards

    @cached_property
    def reviews(self) -> Reviews:
        """How well the cards were remembered so far. Raises StudyError where that cannot be read."""
        return Reviews.beside(self.settings.index)

    def note(self, path: str) -> Document:
        """The note at ``path``, as it was indexed. Raises NotesError if there is none; no file is opened."""
        return self._state.snapshot.view.document(path)

    def add_note(self, name: str, data: bytes, *, folder: str = "", keep_both: bool = False) -> str:
        """Writes ``data`` as a new file into ``folder`` of the notes, and gives its path; the next sync reads it. See ``library.add``."""
        return library.add(self.settings.corpus, name, data, into=folder, keep_both=keep_both, max_bytes=self.settings.max_bytes)

    def remove_note(self, path: str) -> Path:
        """Moves the file of the note at ``path`` into the trash beside the index, and gives where it lies then; the next sync forgets it.

        Raises NotesError if there is no such note, if its file cannot be moved, and for the last note of a folder: an empty one passes
        for a disk that is not there.
        """
        self.note(path)
        folder = next(top for top in tops(self.settings.corpus) if PurePosixPath(path).is_relative_to(top))
        if sum(PurePosixPath(one.path).is_relative_to(folder) for one in self.notes()) == 1:
            raise NotesError(f"{path!r} is the last note of its folder, and an empty folder passes for one that went missing: add another note first")
        return library.remove(self.settings.corpus, path, trash=self.trash)

    @cached_property
    def feedback(self) -> Feedback:
        """What readers thought of answers."""
        return Feedback.beside(self.settings.index)

    @property
    def trash(self) -> Path:
        """Where notes that were removed lie: beside the index, which may be deleted, and hidden, so that it is never read as notes."""
        return self.settings.index.absolute().parent / ".trash"

    @property
    def stamp(self) -> str:
        """The name of the state that questions are answered from: another after each sync that changed something."""
        return self._state.snapshot.view.stamp

    def contents(self, path: str) -> tuple[Heading, ...]:
        """The headings of the note at ``path``, in order. Raises NotesError as ``note`` does."""
        view = self._state.snapshot.view
        return contents(view.document(path), view.blocks(path))

    def notes(self) -> tuple[Record, ...]:
        """All notes of the index, by path."""
        return self._state.records

    def skipped(self) -> tuple[Skipped, ...]:
        """The files that were seen and left out, each with its reason."""
        return tuple(one.skipped for one in self._state.snapshot.view.refused())


def _sync(store: Store, settings: Settings, encoder: Encoder, progress: Progress | None) -> SyncReport:
    return sync(store, settings.corpus, encoder, Sizes(), max_bytes=settings.max_bytes, progress=progress)


def _check_folders(folders: Sequence[Path]) -> None:
    """Raises NotesError for a folder that is missing, before a model is compiled and an index made for nothing."""
    for folder in folders:
        if not os.path.isdir(folder.expanduser()):
            find_files([folder], max_bytes=0)


def _stat(file: Path) -> Stat | None:
    """The size and time of ``file``; None if there is no looking at it."""
    try:
        found = file.stat()
    except OSError:
        return None
    return Stat(found.st_size, found.st_mtime_ns)


def _checked(question: str) -> str:
    text = question.strip()
    if not text:
        raise QuestionError("the question is empty: ask something, for example what a word in your notes means")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"the question has {len(text)} characters; at most {LONGEST_QUESTION} can be asked: shorten it to what you want to know")
    # Lone surrogates come from broken input methods; nothing downstream can encode them.
    return text.encode("utf-8", "replace").decode()
