"""What is weighed for a question, before it is decided what of it makes the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.answering.evidence import Candidate, Found, candidates
from assistant.answering.ranking import relevance, strengths
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import Query


@dataclass(frozen=True)
class Considered:
    """The candidates for a question: their features (a row each), how much speaks for each of them (``strengths``), and where they were found.

    ``lexicon`` knows how rare terms are in the notes. ``encode`` makes vectors of texts, such as the question in other words.
    """

    query: Query
    candidates: Sequence[Candidate]
    features: np.ndarray
    strengths: np.ndarray
    lexicon: Lexicon
    found: Sequence[Found]
    encode: Callable[[Sequence[str]], np.ndarray]

    @cached_property
    def vectors(self) -> Mapping[tuple[str, int], np.ndarray]:
        """The vectors of units, by path and start."""
        return {(one.outline.document.path, unit.start): row for one in self.found for unit, row in zip(one.units, one.vectors, strict=True)}

    @cached_property
    def shares(self) -> np.ndarray:
        """For each candidate the probability that it is the one that answers, if one does."""
        return relevance(self.strengths)

    def nearness(self, text: str, candidate: Candidate) -> float:
        """The cosine of ``text`` and ``candidate``."""
        return float(self.encode([text])[0] @ self.vectors[candidate.outline.document.path, candidate.unit.start])


def consider(
    query: Query, vector: np.ndarray, found: Sequence[Found], lexicon: Lexicon, *, encode: Callable[[Sequence[str]], np.ndarray]
) -> Considered:
    """What there is to weigh in ``found`` for ``query``; ``vector`` is the encoded question, ``encode`` makes such vectors of texts."""
    listed, features = candidates(query, vector, found, lexicon)
    return Considered(query, listed, features, strengths(features), lexicon, found, encode)
