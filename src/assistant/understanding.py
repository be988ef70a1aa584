"""A question as it is put, made ready to be searched for in one state of the notes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from assistant.conversation import TURNS, standalone
from assistant.encoding.encoder import Encoder
from assistant.index.snapshot import Snapshot
from assistant.index.view import Record
from assistant.retrieval.aliases import Aliases, recognising, standing_in
from assistant.retrieval.highlighting import completions, folded, unfinished
from assistant.retrieval.initials import short_forms, spelt_out
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.operators import parse, spans
from assistant.retrieval.query import Alias, Query, understand
from assistant.retrieval.scope import Scope, narrow
from assistant.retrieval.search import search
from assistant.retrieval.spelling import Speller

_SPOKEN_OF = 10
"""Among so many of the best passages for a question one names what the talk is about, if the question is about that too. Of 21 follow-ups whose
wording does not tell, 18 are taken for such, and of 100 questions behind one about something else 8; with 5 passages 16 and 5, with 20 19 and 14."""

_SPELT_OUT = 24
"""Among so many of the best passages for a question stand the words, if any, that a short form in it is made of."""

_ENDINGS = ("able", "er", "s", "es", "ing", "ed", "ly", "ness")
_SHORTEST_FORMED = 4
"""Letters of a word that another is formed from by an ending."""
_SPELT = 8
"""In how many passages it is looked up how the notes spell a word."""


@dataclass(frozen=True)
class Understood:
    """A question ready to be searched for. ``standalone`` is how it reads on its own, with its operators; ``more`` tells that it was asked before,
    and that more is wanted.
    """

    standalone: str
    query: Query
    scope: Scope
    corrections: tuple[tuple[str, str], ...]
    more: bool = False


class Interpreter:
    """Understands questions by what the notes ``records`` of ``snapshot`` hold; ``lexicon`` is theirs."""

    def __init__(self, snapshot: Snapshot, records: Sequence[Record], lexicon: Lexicon, encoder: Encoder) -> None:
        words = snapshot.words
        self._snapshot, self._records, self._lexicon, self._encoder = snapshot, records, lexicon, encoder
        self._aliases = Aliases(snapshot.short_forms, records, lexicon.terms, frequency=lexicon.frequency, adjoin=words.adjoin)
        self._speller = Speller(lexicon.terms, self._aliases.knows, words.adjoin, words.beginning, self._holding, self._is_word)
        # The questions of a talk are looked at again with each that follows.
        self._fits = lru_cache(maxsize=1024)(self._is_about)

    def understood(
        self, question: str, history: Sequence[str] = (), *, items: Callable[[str], Sequence[str]] = lambda question: ()
    ) -> Understood:
        """``question``, asked after those of ``history``, oldest first; ``items`` gives what the answer to a question lists."""
        asked, *before = [self._speller.mend(text, untouched=spans(text)) for text in (question, *history[-TURNS:])]
        alone = standalone(asked.text, [one.text for one in before], fits=self._fits, items=items)
        scope = narrow(self._snapshot, self._records, parse(alone.text))
        query = understand(scope.question, self._lexicon.terms, asked=parse(alone.asked).text, aliases=partial(self._called, scope.question))
        return Understood(alone.text, query, scope, asked.corrections, alone.more)

    def typed(self, text: str, among: Collection[str] | None, *, finished: bool) -> tuple[Understood, str | None]:
        """``text`` as it is understood while it is typed, to be searched for in the notes at the paths ``among``, None for all; and the beginning
        of a word that it ends in, folded, None where it ends in none or its last word is ``finished``.
        """
        word = None if finished or any(end == len(text) for _, end in spans(text)) else unfinished(text)
        grown = completions(word, self._snapshot.words) if word else ()
        understood = self.understood(text.removesuffix(word) if word and grown else text)
        query, scope = understood.query, understood.scope
        if grown:
            query = replace(query, text=f"{query.text} {word}".strip(), terms=tuple(dict.fromkeys((*query.terms, *grown))))
        if among is not None:
            ids = self._snapshot.view.passage_ids_of(list(among))
            scope = replace(scope, allowed=ids if scope.allowed is None else np.intersect1d(ids, scope.allowed))
        return replace(understood, query=query, scope=scope), word and folded(word)

    def lexicon_for(self, query: Query) -> Lexicon:
        """The lexicon, with what the notes call otherwise than ``query`` does taken for what that calls it."""
        terms, frequency = self._lexicon.terms, self._lexicon.frequency
        return Lexicon(recognising(terms, query.aliases), standing_in(frequency, query.aliases), len(self._snapshot.words))

    def _called(self, text: str, terms: Sequence[str]) -> tuple[Alias, ...]:
        """What the notes may say in place of parts of ``terms``, which are those of ``text``; see Aliases, and for what no note writes, initials."""
        strange = {short: found for short in short_forms(text) for found in self._lexicon.terms(short) if not self._aliases.knows(found)}
        if not strange:
            return self._aliases.find(terms)
        best = search(self._snapshot, understand(text, self._lexicon.terms), self._encoder.encode([text])[0], k=_SPELT_OUT)
        texts = [passage.text for passage in self._snapshot.view.passages([one.id for one in best])]
        runs = {term: run for short, term in strange.items() if (run := spelt_out(short, texts, self._lexicon.terms))}
        return (*self._aliases.find(terms), *(Alias((term,), (run,)) for term, run in runs.items()))

    def _is_about(self, question: str, topic: str) -> bool:
        """Whether ``question``, which does not name it, is about ``topic``: whether the best passages for the one name the other.

        A question that speaks of something that the notes do not hold is about something else.
        """
        text, terms = parse(question).text, self._lexicon.terms
        asked = understand(text, terms)
        known = [term for term in understand(parse(topic).text, terms).terms if self._lexicon.knows(term)]
        if not known or not all(map(self._aliases.knows, asked.terms)):
            return False
        rarest = max(known, key=self._lexicon.rarity)
        # Among few passages the best for a question are all there are.
        few = min(_SPOKEN_OF, 1 + len(self._snapshot.words) // 100)
        found = search(self._snapshot, asked, self._encoder.encode([text])[0], k=few)
        passages = self._snapshot.view.passages([one.id for one in found])
        return any(rarest in terms("\n".join([*one.headings, one.text])) for one in passages)

    def _is_word(self, text: str) -> bool:
        """Whether the encoder has ``text``, or what it is formed from, whole among its word pieces, as it has the words of its language."""
        formed = (text.removesuffix(ending) for ending in _ENDINGS if text.endswith(ending))
        forms = [text, *(form for form in formed if len(form) >= _SHORTEST_FORMED)]
        return self._encoder.count([""])[0] + 1 in self._encoder.count(forms)

    def _holding(self, term: str) -> list[str]:
        """Texts of passages that hold ``term``, those first that say it most."""
        found = self._snapshot.words.search([term], _SPELT, heading_boost=0.0)
        return [text for _, _, text in self._snapshot.view.texts([number for number, _ in found])]
