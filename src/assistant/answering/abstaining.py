"""Whether the notes answer a question at all, and how sure that is."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.evidence import Lexicon, Window
from assistant.retrieval.query import Query


class Signals(NamedTuple):
    """What tells an answered question from one that the notes do not answer; each lies between 0 and 1."""

    unknown: float
    """How much of the question's terms, by rarity, the notes do not hold at all."""
    missing: float
    """How much of it does not stand in the best window, nor in what that hangs on."""
    similarity: float
    """The highest cosine of question and unit among the windows found."""
    passage: float
    """The highest cosine of question and passage."""


WEIGHTS = Signals(unknown=-9.0, missing=-1.0, similarity=6.0, passage=6.0)
BIAS = -0.9
"""A logistic model; see docs/quality.md for what it was fitted on and what it gets wrong."""

OPERATING_POINT = 0.5
"""Below this confidence the answer is that it is not in the notes."""


def signals(query: Query, chosen: Sequence[Window], ranked: Sequence[Window], dense: float, lexicon: Lexicon) -> Signals:
    """The signals of a question whose answer would be ``chosen``; ``dense`` is the highest cosine of question and passage."""
    total = sum(map(lexicon.rarity, query.terms)) or 1.0
    unknown = sum(lexicon.rarity(term) for term in query.terms if not lexicon.knows(term)) / total
    best = chosen[0].features if chosen else None
    return Signals(
        unknown=unknown,
        missing=1 - best.covered - best.context if best else 1.0,
        similarity=max((window.features.similarity for window in ranked), default=0.0),
        passage=dense,
    )


def confidence(found: Signals) -> float:
    """The probability, between 0 and 1, that the notes answer the question."""
    return 1 / (1 + math.exp(-(BIAS + sum(weight * signal for weight, signal in zip(WEIGHTS, found, strict=True)))))
