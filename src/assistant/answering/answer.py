"""A question and the evidence for it made an answer, or the finding that the notes hold none."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.answering.abstaining import OPERATING_POINT, Signals, confidence, unknown
from assistant.answering.composing import compose
from assistant.answering.evidence import Candidate, Found, Lexicon, candidates
from assistant.answering.ranking import choose, complete, relevance, strengths, windows
from assistant.answering.shortening import shorten
from assistant.retrieval.query import Query
from assistant.values import Citation

NOT_FOUND = "This is not in your notes."

MOST_WINDOWS = 5
LONGEST_WINDOW = 50
"""In words."""


@dataclass(frozen=True)
class Considered:
    """What is weighed for a question: the candidates, their features (a row each), and how rare its terms are in the notes."""

    query: Query
    candidates: Sequence[Candidate]
    features: np.ndarray
    lexicon: Lexicon

    @cached_property
    def strengths(self) -> np.ndarray:
        """How much speaks for each candidate."""
        return strengths(self.features)

    @cached_property
    def shares(self) -> np.ndarray:
        """For each candidate the probability that it is the one that answers, if one does."""
        return relevance(self.strengths)


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer says; see values.Answer for the fields."""

    text: str
    short: str | None
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]


def consider(query: Query, vector: np.ndarray, found: Sequence[Found], lexicon: Lexicon) -> Considered:
    """What there is to weigh in ``found`` for ``query``; ``vector`` is the encoded question."""
    return Considered(query, *candidates(query, vector, found, lexicon), lexicon)


def answer(considered: Considered, *, words: int) -> Composed:
    """The answer, quoting at most ``words`` words for a fact and twice as many where the question wants a long answer.

    The same arguments give the same answer, to the byte.
    """
    query = considered.query
    budget = 2 * words if query.long else words
    shares = considered.shares.tolist()
    chosen = choose(windows(considered.candidates, shares, most_words=min(budget, LONGEST_WINDOW)), words=budget, most=MOST_WINDOWS)
    if query.kind in ("list", "howto"):
        chosen = complete(chosen, considered.candidates, shares, words=budget)
    sure = confidence(Signals.of(unknown(query, considered.lexicon), considered.strengths))
    if not chosen or sure < OPERATING_POINT:
        return Composed(NOT_FOUND, None, False, sure, ())
    short = shorten(query, chosen[0], considered.lexicon)
    text, citations = compose(chosen, short=short)
    return Composed(text, short, True, sure, citations)
