"""The façade: folders of notes that answer questions. The faces know this and the values it hands out, nothing else."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any, Self

import numpy as np

from assistant import library
from assistant.answering.answer import answer
from assistant.answering.considering import Considered, consider
from assistant.answering.disagreeing import conflicts
from assistant.answering.evidence import Lexicon, Outline
from assistant.answering.gathering import gather
from assistant.answering.reranking import rerank
from assistant.answering.statements import Reader
from assistant.conversation import TURNS, listed, standalone
from assistant.encoding.compiled import open_encoder
from assistant.encoding.encoder import Encoder
from assistant.errors import NotesError, QuestionError
from assistant.feedback import Feedback
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.view import Ids, Record, Stat
from assistant.mapping import Map, draw, spread
from assistant.progress import Progress
from assistant.reading import find_files, place, tops
from assistant.retrieval.aliases import Aliases, recognising, standing_in
from assistant.retrieval.highlighting import completions, folded, matches, sought, unfinished
from assistant.retrieval.operators import parse, spans
from assistant.retrieval.query import Query, understand
from assistant.retrieval.scope import Scope, narrow
from assistant.retrieval.search import Ranked, search
from assistant.retrieval.spelling import Speller
from assistant.segmenting.contents import contents
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from assistant.study.cards import Card, cards, unlike
from assistant.study.reviews import Reviews
from assistant.values import Answer, Conflict, Document, Found, Heading, Hit, Match, SyncReport

LONGEST_QUESTION = 4000
"""Characters. A question is shorter; a pasted document is longer."""

_PATIENCE_S = 1.0
"""How long a question waits for a sync that is under way: that of a few changed notes ends sooner, and a longer one must not hold up a chat."""

_FURTHER = 2
"""So many times the words has the answer to "tell me more"."""

_SPOKEN_OF = 10
"""Among so many of the best passages for a question one names what the talk is about, if the question is about that too. Of 21 follow-ups whose
wording does not tell, 18 are taken for such, and of 100 questions behind one about something else 8; with 5 passages 16 and 5, with 20 19 and 14."""

_SPELT = 8
"""In how many passages it is looked up how the notes spell a word."""

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
        self._state = _State(Snapshot.open(store), encoder)

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
        self._state = _State(Snapshot.open(self._store), self._encoder)

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
        chosen: dict[str, Any] = {"answer_words": words, "hits": hits}
        settings = replace(self.settings, **{name: value for name, value in chosen.items() if value is not None})
        state = self._state
        answer = self._answer(state, text, before, settings)
        if not self._is_current(state, answer):
            self._renew()
            answer = self._answer(self._state, text, before, settings)
        return answer

    def _is_current(self, state: "_State", answer: Answer) -> bool:
        """Whether the files that ``answer`` quotes are, by size and time, those that ``state`` was made from."""
        return all(
            (file := place(self.settings.corpus, path)) is not None and _stat(file) == state.stats[path]
            for path in {one.path for one in answer.citations}
        )

    def consider(self, question: str, *, history: Sequence[str] = ()) -> Considered:
        """What ``ask`` weighs for a question: for measuring and fitting. Raises QuestionError as ``ask`` does."""
        state = self._state
        understood = state.understood(_checked(question), history, items=partial(self._items, state))
        return self._consider(state, understood, self.settings.hits, _Clock())[0]

    def _answer(self, state: "_State", question: str, history: Sequence[str], settings: Settings) -> Answer:
        clock = _Clock()
        with clock.stage("understand"):
            understood = state.understood(question, history, items=partial(self._items, state))
        considered, ranked = self._consider(state, understood, settings.hits, clock)
        with clock.stage("answer"):
            composed = answer(considered, words=settings.answer_words * (_FURTHER if understood.more else 1))
            hits = state.hits(ranked)
        return Answer(
            question=question,
            standalone=understood.standalone,
            text=composed.text,
            short=composed.short,
            answered=composed.answered,
            confidence=0.0 if understood.scope.reason else composed.confidence,
            citations=composed.citations,
            hits=hits,
            timings=clock.timings,
            corrections=understood.corrections,
            further=composed.further,
            disagreements=composed.disagreements,
            reason=understood.scope.reason or composed.reason,
        )

    def _items(self, state: "_State", question: str) -> tuple[str, ...]:
        """What the answer to ``question`` lists."""
        return listed(self._answer(state, question, (), self.settings).text)

    def _consider(self, state: "_State", understood: "_Understood", k: int, clock: "_Clock") -> tuple[Considered, Sequence[Ranked]]:
        query, allowed = understood.query, understood.scope.allowed
        with clock.stage("encode"):
            vector = self._encoder.encode([query.text])[0]
        with clock.stage("search"):
            ranked = search(state.snapshot, query, vector, k=max(k, _WEIGHED), allowed=allowed)
        with clock.stage("weigh"):
            # The best passages alone, however many are listed: what is weighed must not depend on what is shown.
            found = gather(ranked[:_WEIGHED], *state.evidence(ranked[:_WEIGHED], allowed))
            considered = consider(query, vector, found, state.lexicon_for(query), encode=self._encoder.encode)
            return considered, rerank(ranked, considered)[:k]

    def search(self, query: str, *, k: int = 10) -> tuple[Hit, ...]:
        """The ``k`` passages that fit ``query`` best, best first. Raises QuestionError as ``ask`` does, and for a ``k`` below 1."""
        if k < 1:
            raise QuestionError(f"{k} passages were asked for: ask for at least one")
        state = self._state
        return state.hits(self._consider(state, state.understood(_checked(query), ()), k, _Clock())[1])

    def filtered_out(self, query: str) -> str | None:
        """Why the operators in ``query`` leave no passage to search among, in a sentence; None if they leave some."""
        return self._state.understood(_checked(query)).scope.reason

    def find(self, words: str, *, k: int = 20, among: Collection[str] | None = None) -> Found:
        """The ``k`` passages that fit ``words`` best as they are typed, with what they match marked; ``among`` the notes at these paths.

        The last word may be a beginning: those that the notes go on from it with are searched for. Raises QuestionError as ``search`` does.
        """
        state = self._state
        understood, beginning = state.typed(_checked(words), unfinished(words), among)
        hits = state.hits(self._consider(state, understood, k, _Clock())[1])
        mark = partial(matches, terms=sought(understood.query), stem=state.lexicon.terms, prefix=beginning)
        found = tuple(Match(hit, mark(hit.passage.text), tuple(map(mark, hit.passage.headings))) for hit in hits)
        return Found(found, understood.corrections, understood.scope.reason)

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
        max_bytes = int(self.settings.max_file_mb * 1_000_000)
        return library.add(self.settings.corpus, name, data, into=folder, keep_both=keep_both, max_bytes=max_bytes)

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

    def skipped(self) -> tuple:
        """The files that were seen and left out, each with its reason."""
        return tuple(one.skipped for one in self._state.snapshot.view.refused())


@dataclass(frozen=True)
class _Understood:
    """A question ready to be searched for. ``standalone`` is how it reads on its own, with its operators; ``more`` tells that it was asked before,
    and that more is wanted.
    """

    standalone: str
    query: Query
    scope: Scope
    corrections: tuple[tuple[str, str], ...]
    more: bool = False


class _State:
    """One snapshot with what is derived from it. It stays as it is but for ``records``; a sync puts another in its place."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self.snapshot = snapshot
        self.look_again(snapshot.view.documents())
        self._encoder = encoder
        self.outline = lru_cache(maxsize=256)(self._outline)
        # The questions of a talk are looked at again with each that follows.
        self.is_about = lru_cache(maxsize=1024)(self._is_about)

    def look_again(self, records: tuple[Record, ...]) -> None:
        """Takes the notes for ``records``, which hold what they held; their files may bear other times."""
        self.records = records
        self.stats = {record.path: record.stat for record in records}
        """By path, what each note's file was known by when it was last looked at."""

    @cached_property
    def lexicon(self) -> Lexicon:
        words = self.snapshot.words
        return Lexicon(lru_cache(maxsize=65536)(words.terms), lru_cache(maxsize=65536)(words.frequency), len(words))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        view, reader = self.snapshot.view, Reader(self.lexicon)
        return conflicts(
            [
                statement
                for number in view.passage_ids().tolist()
                for one in view.quotable([number]).values()
                for unit, vector in zip(one.units, one.vectors, strict=True)
                for statement in reader.statements(self.outline(one.path), unit, vector)
            ]
        )

    @cached_property
    def map(self) -> Map:
        view = self.snapshot.view
        ids = view.passage_ids()
        drawn = ids[spread(len(ids))]
        return draw(view.vectors(drawn), view.passages(drawn), total=len(ids))

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        view = self.snapshot.view
        return unlike(card for one in self.records for card in cards(view.document(one.path), view.blocks(one.path)))

    def _outline(self, path: str) -> Outline:
        return Outline(self.snapshot.view.document(path), self.snapshot.view.blocks(path))

    def lexicon_for(self, query: Query) -> Lexicon:
        terms, frequency = self.lexicon.terms, self.lexicon.frequency
        return Lexicon(recognising(terms, query.aliases), standing_in(frequency, query.aliases), len(self.snapshot.words))

    @cached_property
    def aliases(self) -> Aliases:
        return Aliases(
            self.snapshot.short_forms, self.records, self.lexicon.terms, frequency=self.lexicon.frequency, adjoin=self.snapshot.words.adjoin
        )

    @cached_property
    def speller(self) -> Speller:
        words = self.snapshot.words
        return Speller(self.lexicon.terms, self.aliases.knows, words.adjoin, words.beginning, self._holding, self._is_word)

    def _is_word(self, text: str) -> bool:
        """Whether the encoder has ``text`` whole among its word pieces, as it has the words of its language that are spelt right."""
        return self._encoder.count([text])[0] == self._encoder.count([""])[0] + 1

    def _holding(self, term: str) -> list[str]:
        """Texts of passages that hold ``term``, those first that say it most."""
        found = self.snapshot.words.search([term], _SPELT, heading_boost=0.0)
        return [text for _, _, text in self.snapshot.view.texts([number for number, _ in found])]

    def understood(
        self, question: str, history: Sequence[str] = (), *, items: Callable[[str], Sequence[str]] = lambda question: ()
    ) -> "_Understood":
        asked, *before = [self.speller.mend(text, untouched=spans(text)) for text in (question, *history[-TURNS:])]
        alone = standalone(asked.text, [one.text for one in before], fits=self.is_about, items=items)
        scope = narrow(self.snapshot, self.records, parse(alone.text))
        query = understand(scope.question, self.lexicon.terms, asked=parse(alone.asked).text, aliases=self.aliases.find)
        return _Understood(alone.text, query, scope, asked.corrections, alone.more)

    def typed(self, text: str, word: str | None, among: Collection[str] | None) -> tuple["_Understood", str | None]:
        """``text`` as it is understood while its last ``word`` may go on, and that word, folded; to be searched for in the notes ``among``."""
        if any(end == len(text) for _, end in spans(text)):
            word = None
        grown = completions(word, self.snapshot.words) if word else ()
        understood = self.understood(text.removesuffix(word) if word and grown else text, ())
        query, scope = understood.query, understood.scope
        if grown:
            query = replace(query, text=f"{query.text} {word}".strip(), terms=tuple(dict.fromkeys((*query.terms, *grown))))
        if among is not None:
            ids = self.snapshot.view.passage_ids_of(list(among))
            scope = replace(scope, allowed=ids if scope.allowed is None else np.intersect1d(ids, scope.allowed))
        return replace(understood, query=query, scope=scope), word and folded(word)

    def _is_about(self, question: str, topic: str) -> bool:
        """Whether ``question``, which does not name it, is about ``topic``: whether the best passages for the one name the other.

        A question that speaks of something that the notes do not hold is about something else.
        """
        text, terms = parse(question).text, self.lexicon.terms
        asked = understand(text, terms)
        known = [term for term in understand(parse(topic).text, terms).terms if self.lexicon.knows(term)]
        if not known or not all(map(self.aliases.knows, asked.terms)):
            return False
        rarest = max(known, key=self.lexicon.rarity)
        # Among few passages the best for a question are all there are.
        few = min(_SPOKEN_OF, 1 + len(self.snapshot.words) // 100)
        found = search(self.snapshot, asked, self._encoder.encode([text])[0], k=few)
        passages = self.snapshot.view.passages([one.id for one in found])
        return any(rarest in terms("\n".join([*one.headings, one.text])) for one in passages)

    def hits(self, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
        passages = self.snapshot.view.passages([one.id for one in ranked])
        return tuple(Hit(passage, one.score, one.dense, one.lexical) for passage, one in zip(passages, ranked, strict=True))

    def evidence(self, ranked: Sequence[Ranked], allowed: Ids | None):
        ids = np.array([number for one in ranked for number in (one.id, one.id + 1)], dtype=np.int64)
        quotable = self.snapshot.view.quotable(ids if allowed is None else ids[np.isin(ids, allowed)])
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


def _checked(question: str) -> str:
    text = question.strip()
    if not text:
        raise QuestionError("the question is empty: ask something, for example what a word in your notes means")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(f"the question has {len(text)} characters; at most {LONGEST_QUESTION} can be asked: shorten it to what you want to know")
    # Lone surrogates come from broken input methods; nothing downstream can encode them.
    return text.encode("utf-8", "replace").decode()
