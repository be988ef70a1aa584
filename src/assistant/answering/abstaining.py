"""Whether the notes answer a question at all, and how sure that is."""

import math
from collections.abc import Container
from typing import NamedTuple, Self

import numpy as np

from assistant.answering.evidence import Lexicon
from assistant.answering.fitted import fitted
from assistant.retrieval.query import Query

OPERATING_POINT = 0.35
"""Below this confidence the answer is that it is not in the notes; docs/quality.md has what it lets through and what it refuses wrongly."""

PRIOR = 0.9
"""How many of the questions that people ask their notes are taken to be answered there: the model was fitted on one in two."""


class Signals(NamedTuple):
    """What tells an answered question from one that the notes do not answer."""

    unknown: float
    """How much of the question's terms, by rarity, the notes do not hold at all."""
    strength: float
    """A tenth of the highest strength of a candidate."""


    @classmethod
    def of(cls, unknown: float, strengths: np.ndarray) -> Self:
        """The signals of a question of which so much is ``unknown``, from the ``strengths`` of its candidates."""
        return cls(unknown, float(strengths.max(initial=0.0)) / 10)


def unknown(query: Query, lexicon: Lexicon, *, beside: Container[str] = ()) -> float:
    """How much of a question's terms, by rarity, the notes do not hold; terms ``beside`` count as not held."""
    total = sum(map(lexicon.rarity, query.terms)) or 1.0
    return sum(lexicon.rarity(term) for term in query.terms if term in beside or not lexicon.knows(term)) / total


def confidence(found: Signals) -> float:
    """The probability, between 0 and 1, that the notes answer the question: a logistic model, moved to the prior."""
    model = fitted()["confidence"]
    logit = model["bias"] + sum(model[name] * value for name, value in zip(Signals._fields, found, strict=True))
    return 1 / (1 + math.exp(-(logit + math.log(PRIOR / (1 - PRIOR)))))
