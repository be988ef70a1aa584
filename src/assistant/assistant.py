"""The façade: folders of notes that answer questions. The faces know this and the values it hands out, nothing else."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from threading import Lock
from typing import Self

from assistant.answering.answer import answer
from assistant.answering.evidence import Lexicon, Outline
from assistant.answering.gathering import gather
from assistant.conversation import standalone
from assistant.encoding.compiled import open_encoder
from assistant.encoding.encoder import Encoder
from assistant.errors import QuestionError
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.view import Record
from assistant.retrieval.query import understand
from assistant.retrieval.search import Ranked, search
from assistant.retrieval.spelling import corrections
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from assistant.values import Answer, Document, Hit, SyncReport

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are."""

LONGEST_QUESTION = 4000
"""Characters. A question is shorter; a pasted document is longer."""

_EVIDENCE = 12
"""How many passages, at least, are looked at for an answer."""


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
        encoder = open_encoder(settings.model, settings.cache_folder, progress=progress)
        store = Store(settings.index)
        report = _sync(store, settings, encoder, progress)
        return cls(settings, store, encoder), report

    def sync(self, *, progress: Progress | None = None) -> SyncReport:
        """Reads what changed in the notes folders. Questions go on being answered from the state before until it is done."""
        with self._syncing:
            report = _sync(self._store, self.settings, self._encoder, progress)
            if report.added or report.changed or report.removed:
                self._state = _State(Snapshot.open(self._store))
            return report

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        """The answer to ``question``; ``history`` holds the earlier questions of the chat, oldest first.

        Raises QuestionError for a question that is empty or longer than ``LONGEST_QUESTION`` characters.
        """
        clock = _Clock()
        state = self._state
        with clock.stage("understand"):
            alone = state.corrected(standalone(_checked(question), [_checked(one) for one in history if one.strip()]))
            query = understand(alone, state.lexicon.terms, asked=question)
        with clock.stage("encode"):
            vector = self._encoder.encode([alone])[0]
        with clock.stage("search"):
            ranked = search(state.snapshot, query, vector, k=max(self.settings.hits, _EVIDENCE))
            hits = state.hits(ranked[: self.settings.hits])
        with clock.stage("answer"):
            dense = max((one.dense or 0.0 for one in ranked), default=0.0)
            found = gather(ranked, *state.evidence(ranked))
            composed = answer(query, vector, found, dense, state.lexicon, words=self.settings.answer_words)
        return Answer(
            question=question,
            standalone=alone,
            text=composed.text,
            short=composed.short,
            answered=composed.answered,
            confidence=composed.confidence,
            citations=composed.citations,
            hits=hits,
            timings=clock.timings,
        )

    def search(self, query: str, *, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` passages that fit ``query`` best, best first. Raises QuestionError as ``ask`` does."""
        state = self._state
        text = state.corrected(_checked(query))
        ranked = search(state.snapshot, understand(text, state.lexicon.terms), self._encoder.encode([text])[0], k=k)
        return state.hits(ranked)

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
    """One snapshot with what is derived from it. It stays as it is; a sync puts another in its place."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.outline = lru_cache(maxsize=256)(self._outline)

    @cached_property
    def lexicon(self) -> Lexicon:
        words = self.snapshot.words
        return Lexicon(words.terms, lru_cache(maxsize=65536)(words.frequency), len(words))

    def _outline(self, path: str) -> Outline:
        return Outline(self.snapshot.view.document(path), self.snapshot.view.blocks(path))

    def corrected(self, text: str) -> str:
        """``text`` with each word that the notes do not hold, but hold one like it, put as they spell it."""
        mended = corrections(text, terms=self.lexicon.terms, knows=self.lexicon.knows, vocabulary=self.snapshot.words.vocabulary)
        for word, term in mended.items():
            text = text.replace(word, term)
        return text

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


def _checked(question: str) -> str:
    text = question.strip()
    if not text:
        raise QuestionError("the question is empty: ask something, for example what a word in your notes means")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"the question has {len(text)} characters; at most {LONGEST_QUESTION} can be asked: shorten it to what you want to know")
    # Lone surrogates come from broken input methods; nothing downstream can encode them.
    return text.encode("utf-8", "replace").decode()
