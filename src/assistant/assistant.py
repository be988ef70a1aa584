"""The façade: folders of notes that answer questions. The faces know this and the values it hands out, nothing else."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Self

from assistant.answering.answer import Considered, answer, consider
from assistant.answering.evidence import Lexicon, Outline
from assistant.answering.gathering import gather
from assistant.answering.reranking import rerank
from assistant.conversation import standalone
from assistant.encoding.compiled import open_encoder
from assistant.encoding.encoder import Encoder
from assistant.errors import QuestionError
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.view import Record, Stat
from assistant.progress import Progress
from assistant.reading import find_files, place
from assistant.retrieval.query import understand
from assistant.retrieval.search import Ranked, search
from assistant.retrieval.spelling import corrected
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from assistant.values import Answer, Document, Hit, SyncReport

LONGEST_QUESTION = 4000
"""Characters. A question is shorter; a pasted document is longer."""

_WEIGHED = 24
"""How many passages are looked into for an answer, and ranked by what they hold."""


class Assistant:
    """Folders of notes, ready to be asked. Safe to share between threads: a sync builds the next state while questions use this one."""

    def __init__(self, settings: Settings, store: Store, encoder: Encoder) -> None:
        """Use ``open``, which also brings the index up to date."""
        self.settings = settings
        self._store = store
        self._encoder = encoder
        self._syncing = Lock()
        self._state = _State(Snapshot.open(store))

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
        """Reads what changed in the notes folders. Questions go on being answered from the state before until it is done."""
        with self._syncing:
            report = _sync(self._store, self.settings, self._encoder, progress)
            self._catch_up()
            return report

    def _catch_up(self) -> None:
        """Moves on to the index's latest state, whichever process made it."""
        with self._store.view() as view:
            if view.stamp == self._state.snapshot.view.stamp:
                # The notes say what they said, but their files may bear other times.
                self._state.stats = _stats(view.documents())
                return
        self._state = _State(Snapshot.open(self._store))

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        """The answer to ``question``; ``history`` holds the earlier questions of the chat, oldest first.

        What it quotes stands in the files now: if one that is quoted changed since it was indexed, the notes are synced first, and the
        answer is made anew. (Once: a file that is written to all the time keeps no question waiting for good.) A file passes for
        unchanged if its size and time are.

        Raises QuestionError for a question that is empty or longer than ``LONGEST_QUESTION`` characters, and what ``sync`` raises.
        """
        text = _checked(question)
        # What could not have been asked is no part of the talk.
        before = [_checked(one) for one in history if 0 < len(one.strip()) <= LONGEST_QUESTION]
        state = self._state
        answer = self._answer(state, text, before)
        if not self._is_current(state, answer):
            self.sync()
            answer = self._answer(self._state, text, before)
        return answer

    def _is_current(self, state: "_State", answer: Answer) -> bool:
        """Whether the files that ``answer`` quotes are, by size and time, those that ``state`` was made from."""
        return all(
            (file := place(self.settings.corpus, path)) is not None and _stat(file) == state.stats[path]
            for path in {one.path for one in answer.citations}
        )

    def consider(self, question: str, *, history: Sequence[str] = ()) -> Considered:
        """What ``ask`` weighs for a question: for measuring and fitting. Raises QuestionError as ``ask`` does."""
        return self._consider(self._state, _checked(question), history, self.settings.hits, _Clock())[0]

    def _answer(self, state: "_State", question: str, history: Sequence[str]) -> Answer:
        clock = _Clock()
        considered, ranked = self._consider(state, question, history, self.settings.hits, clock)
        with clock.stage("answer"):
            composed = answer(considered, words=self.settings.answer_words)
            hits = state.hits(ranked)
        return Answer(
            question=question,
            standalone=considered.query.text,
            text=composed.text,
            short=composed.short,
            answered=composed.answered,
            confidence=composed.confidence,
            citations=composed.citations,
            hits=hits,
            timings=clock.timings,
        )

    def _is_word(self, text: str) -> bool:
        """Whether the encoder has ``text`` whole among its word pieces, as it has the words of its language that are spelt right."""
        return self._encoder.count([text])[0] == self._encoder.count([""])[0] + 1

    def _consider(
        self, state: "_State", question: str, history: Sequence[str], k: int, clock: "_Clock"
    ) -> tuple[Considered, Sequence[Ranked]]:
        with clock.stage("understand"):
            asked, *before = [state.corrected(text, self._is_word) for text in (question, *history)]
            alone = standalone(asked, before, strange=state.strange)
            query = understand(alone, state.lexicon.terms, asked=asked)
        with clock.stage("encode"):
            vector = self._encoder.encode([alone])[0]
        with clock.stage("search"):
            ranked = search(state.snapshot, query, vector, k=max(k, _WEIGHED))
        with clock.stage("weigh"):
            # The best passages alone, however many are listed: what is weighed must not depend on what is shown.
            found = gather(ranked[:_WEIGHED], *state.evidence(ranked[:_WEIGHED]))
            considered = consider(query, vector, found, state.lexicon)
            return considered, rerank(ranked, considered)[:k]

    def search(self, query: str, *, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` passages that fit ``query`` best, best first. Raises QuestionError as ``ask`` does, and for a ``k`` below 1."""
        if k < 1:
            raise QuestionError(f"{k} passages were asked for: ask for at least one")
        state = self._state
        return state.hits(self._consider(state, _checked(query), (), k, _Clock())[1])

    def note(self, path: str) -> Document:
        """The note at ``path``, as it was indexed. Raises NotesError if there is none; no file is opened."""
        return self._state.snapshot.view.document(path)

    def notes(self) -> tuple[Record, ...]:
        """All notes of the index, by path."""
        return self._state.snapshot.view.documents()

    def skipped(self) -> tuple:
        """The files that were seen and left out, each with its reason."""
        return tuple(one.skipped for one in self._state.snapshot.view.refused())


class _State:
    """One snapshot with what is derived from it. It stays as it is but for ``stats``; a sync puts another in its place."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.stats = _stats(snapshot.view.documents())
        """By path, what each note's file was known by when it was last looked at."""
        self.outline = lru_cache(maxsize=256)(self._outline)

    @cached_property
    def lexicon(self) -> Lexicon:
        words = self.snapshot.words
        return Lexicon(lru_cache(maxsize=65536)(words.terms), lru_cache(maxsize=65536)(words.frequency), len(words))

    def _outline(self, path: str) -> Outline:
        return Outline(self.snapshot.view.document(path), self.snapshot.view.blocks(path))

    def corrected(self, text: str, is_word: Callable[[str], bool]) -> str:
        """``text`` with each word that the notes do not hold, but hold one like it, put as they spell it."""
        vocabulary = self.snapshot.words.vocabulary
        return corrected(text, terms=self.lexicon.terms, knows=self.lexicon.knows, vocabulary=vocabulary, is_word=is_word)

    def strange(self, text: str) -> bool:
        """Whether ``text`` speaks of something that the notes do not hold."""
        return not all(map(self.lexicon.knows, understand(text, self.lexicon.terms).terms))

    def hits(self, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
        passages = self.snapshot.view.passages([one.id for one in ranked])
        return tuple(Hit(passage, one.score, one.dense, one.lexical) for passage, one in zip(passages, ranked, strict=True))

    def evidence(self, ranked: Sequence[Ranked]):
        quotable = self.snapshot.view.quotable([number for one in ranked for number in (one.id, one.id + 1)])
        return quotable, {one.path: self.outline(one.path) for one in quotable.values()}


class _Clock:
    """Milliseconds a stage."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = 1e3 * (time.perf_counter() - start)


def _sync(store: Store, settings: Settings, encoder: Encoder, progress: Progress | None) -> SyncReport:
    return sync(store, settings.corpus, encoder, Sizes(), max_bytes=int(settings.max_file_mb * 1_000_000), progress=progress)


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


def _stats(records: Iterable[Record]) -> Mapping[str, Stat]:
    return {record.path: record.stat for record in records}


def _checked(question: str) -> str:
    text = question.strip()
    if not text:
        raise QuestionError("the question is empty: ask something, for example what a word in your notes means")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"the question has {len(text)} characters; at most {LONGEST_QUESTION} can be asked: shorten it to what you want to know")
    # Lone surrogates come from broken input methods; nothing downstream can encode them.
    return text.encode("utf-8", "replace").decode()
