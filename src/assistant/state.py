"""One state of the notes, and what is asked of it."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial

import numpy as np

from assistant.answering.answer import answer
from assistant.answering.considering import Considered, consider
from assistant.answering.disagreeing import conflicts
from assistant.answering.evidence import Found as Evidence
from assistant.answering.gathering import gather
from assistant.answering.outline import Outline
from assistant.answering.reranking import rerank
from assistant.answering.statements import Reader
from assistant.conversation import listed
from assistant.encoding.encoder import Encoder
from assistant.index.snapshot import Snapshot
from assistant.index.view import Ids, Record
from assistant.mapping import Map, draw, spread
from assistant.retrieval.highlighting import matches, sought
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.search import Ranked, search
from assistant.study.cards import Card, cards, unlike
from assistant.understanding import Interpreter, Understood
from assistant.values import Answer, Conflict, Found, Hit, Match

_WEIGHED = 24
"""How many passages are looked into for an answer, and ranked by what they hold."""


class State:
    """One snapshot with what is derived from it. It stays as it is but for ``records``; a sync puts another in its place."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        self.snapshot = snapshot
        self.look_again(snapshot.view.documents())
        self._encoder = encoder
        self._outline = lru_cache(maxsize=256)(lambda path: Outline(snapshot.view.document(path), snapshot.view.blocks(path)))

    def look_again(self, records: tuple[Record, ...]) -> None:
        """Takes the notes for ``records``, which hold what they held; their files may bear other times."""
        self.records = records
        self.stats = {record.path: record.stat for record in records}
        """By path, what each note's file was known by when it was last looked at."""

    @cached_property
    def lexicon(self) -> Lexicon:
        """The terms of the notes."""
        words = self.snapshot.words
        return Lexicon(lru_cache(maxsize=65536)(words.terms), lru_cache(maxsize=65536)(words.frequency), len(words))

    @cached_property
    def interpreter(self) -> Interpreter:
        """What understands questions by these notes."""
        return Interpreter(self.snapshot, self.records, self.lexicon, self._encoder)

    # What is asked of the notes

    def ask(self, question: str, history: Sequence[str] = (), *, words: int, k: int) -> Answer:
        """The answer to ``question``, asked after those of ``history``, in about ``words`` words and with the ``k`` best passages."""
        clock = _Clock()
        with clock.stage("understand"):
            understood = self.interpreter.understood(question, history, items=lambda one: listed(self.ask(one, words=words, k=k).text))
        considered, ranked = self._considered(understood, k, clock)
        with clock.stage("answer"):
            composed = answer(considered, words=words, more=understood.more)
            hits = self._hits(ranked)
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

    def consider(self, question: str, history: Sequence[str] = ()) -> Considered:
        """What is weighed to answer ``question``, asked after those of ``history``."""
        return self._considered(self.interpreter.understood(question, history), _WEIGHED, _Clock())[0]

    def search(self, query: str, *, k: int) -> tuple[Hit, ...]:
        """The ``k`` passages that fit ``query`` best, best first."""
        return self._hits(self._considered(self.interpreter.understood(query), k, _Clock())[1])

    def find(self, words: str, *, k: int, among: Collection[str] | None, finished: bool) -> Found:
        """The ``k`` passages that fit ``words`` best as they are typed, with what they match marked; see ``Interpreter.typed``."""
        understood, beginning = self.interpreter.typed(words, among, finished=finished)
        hits = self._hits(self._considered(understood, k, _Clock())[1])
        mark = partial(matches, terms=sought(understood.query), stem=self.lexicon.terms, prefix=beginning)
        found = tuple(Match(hit, mark(hit.passage.text), tuple(map(mark, hit.passage.headings))) for hit in hits)
        return Found(found, understood.corrections, understood.scope.reason)

    def _considered(self, understood: Understood, k: int, clock: "_Clock") -> tuple[Considered, Sequence[Ranked]]:
        query, allowed = understood.query, understood.scope.allowed
        with clock.stage("encode"):
            vector = self._encoder.encode([query.text])[0]
        with clock.stage("search"):
            ranked = search(self.snapshot, query, vector, k=max(k, _WEIGHED), allowed=allowed)
        with clock.stage("weigh"):
            # The best passages alone, however many are listed: what is weighed must not depend on what is shown.
            found = self._evidence(ranked[:_WEIGHED], allowed)
            considered = consider(query, vector, found, self.interpreter.lexicon_for(query), encode=self._encoder.encode)
            return considered, rerank(ranked, considered)[:k]

    def _evidence(self, ranked: Sequence[Ranked], allowed: Ids | None) -> list[Evidence]:
        ids = np.array([number for one in ranked for number in (one.id, one.id + 1)], dtype=np.int64)
        quotable = self.snapshot.view.quotable(ids if allowed is None else ids[np.isin(ids, allowed)])
        return gather(ranked, quotable, {one.path: self._outline(one.path) for one in quotable.values()})

    def _hits(self, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
        passages = self.snapshot.view.passages([one.id for one in ranked])
        return tuple(Hit(passage, one.score, one.dense, one.lexical) for passage, one in zip(passages, ranked, strict=True))

    # What is made of all notes

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where the notes disagree about a value, the most certain first."""
        view, reader = self.snapshot.view, Reader(self.lexicon)
        return conflicts(
            [
                statement
                for number in view.passage_ids().tolist()
                for one in view.quotable([number]).values()
                for unit, vector in zip(one.units, one.vectors, strict=True)
                for statement in reader.statements(self._outline(one.path), unit, vector)
            ]
        )

    @cached_property
    def map(self) -> Map:
        """Where the passages lie, by what they mean."""
        view = self.snapshot.view
        ids = view.passage_ids()
        drawn = ids[spread(len(ids))]
        return draw(view.vectors(drawn), view.passages(drawn), total=len(ids))

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """The flash cards that the notes make, by note and place."""
        view = self.snapshot.view
        return unlike(card for one in self.records for card in cards(view.document(one.path), view.blocks(one.path)))


class _Clock:
    """Milliseconds a stage."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = 1e3 * (time.perf_counter() - start)
