"""A question and the evidence for it made an answer, or the finding that the notes hold none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.abstaining import OPERATING_POINT, confidence, signals
from assistant.answering.composing import compose
from assistant.answering.evidence import Found, Lexicon, windows
from assistant.answering.ranking import choose, rank
from assistant.answering.shortening import shorten
from assistant.retrieval.query import Query
from assistant.values import Citation

NOT_FOUND = "This is not in your notes."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an answer quotes, in words: in all, in its first window, in each further one, and how many windows there are at most."""

    words: int
    first: int
    others: int
    windows: int = 6

    @classmethod
    def of(cls, query: Query, words: int) -> "Limits":
        """The limits for a question of its kind, where a fact is given ``words`` words: one of the long kinds gets twice as many."""
        return cls(2 * words, words * 3 // 2, words // 2) if query.long else cls(words, words // 2, words * 3 // 8)


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer says; see values.Answer for the fields."""

    text: str
    short: str | None
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]


def answer(query: Query, vector: np.ndarray, found: Sequence[Found], dense: float, lexicon: Lexicon, *, words: int) -> Composed:
    """The answer to ``query`` out of ``found``; ``vector`` is the encoded question, ``dense`` its highest cosine with a passage.

    ``words`` bounds what is quoted for a fact. The same arguments give the same answer, to the byte.
    """
    limits = Limits.of(query, words)
    ranked = rank(windows(query, vector, found, lexicon, most_words=max(limits.first, limits.others)))
    chosen = choose(ranked, words=limits.words, first=limits.first, others=limits.others, most=limits.windows)
    sure = confidence(signals(query, chosen, ranked, dense, lexicon))
    if not chosen or sure < OPERATING_POINT:
        return Composed(NOT_FOUND, None, False, sure, ())
    short = shorten(query, chosen[0], lexicon)
    text, citations = compose(chosen, short=short)
    return Composed(text, short, True, sure, citations)
