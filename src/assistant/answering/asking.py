"""What a question asks for, and what the candidates for it state."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from assistant.answering.claims import Value, comparable, equal
from assistant.answering.considering import Considered
from assistant.answering.evidence import Candidate
from assistant.answering.statements import Reader, Statement
from assistant.retrieval.patterns import EXTREMES, either
from assistant.retrieval.query import Query

_REACH = 5.0
"""A candidate this much weaker than the strongest is not looked at."""
_ABOVE, _BESIDE = 0.6, 0.5
"""How near to a value a term counts that stands above it, or in the unit beside its own."""

_DIMENSIONS = {"duration": ("duration", "length"), "size": ("size", "bits"), "money": ("money",), "share": ("share",), "year": ("date",)}
"""The dimensions, by how their names begin, of a value that a question expects; see Query.expects. "How long" may ask for a length."""
_TIMES = ("duration", "date", "day", "clock")
_NO_COUNTS = (*_TIMES, "size", "bits")
"""Those of a value that a question for a count does not expect: "how high" and "the limit" ask for any other, "how much" for a size too."""
_HOW_MUCH = re.compile(r"\bhow much\b", re.I)
_HOW_FAR = either(r"\bhow (?:far|long|short|old|fast|heavy|high|tall|wide|deep)\b", rf"\b(?:{EXTREMES})\b")
"""Asks for a measure, whatever that is of."""


class Claimed(NamedTuple):
    """A statement, and the place of its candidate."""

    statement: Statement
    place: int


class Asked:
    """A question, and the candidates for it that are within reach."""

    def __init__(self, considered: Considered) -> None:
        strengths, lexicon = considered.strengths, considered.lexicon
        least = strengths.max(initial=-math.inf) - _REACH
        self.places = [place for place in np.argsort(-strengths, kind="stable").tolist() if strengths[place] >= least]
        """Of the candidates within reach, the strongest first."""
        self.candidates = considered.candidates
        self.stem = lexicon.terms
        self._vectors = considered.vectors
        self._reader = Reader(lexicon)
        self._weights = {term: lexicon.rarity(term) for term in self._reader.telling(considered.query.terms) if lexicon.knows(term)}
        self._total = sum(self._weights.values()) or 1.0

    def told(self) -> list[Claimed]:
        """What the candidates state."""
        units = ((place, self.candidates[place]) for place in self.places)
        return [Claimed(told, place) for place, one in units for told in self._reader.statements(one.outline, one.unit, self._vector(one))]

    def claimed(self, place: int, value: Value) -> Claimed:
        """``value``, its offsets those of the candidate's text."""
        one = self.candidates[place]
        return Claimed(self._reader.statement(one.outline, one.unit, self._vector(one), one.text, value), place)

    def _vector(self, one: Candidate) -> np.ndarray:
        return self._vectors[one.outline.document.path, one.unit.start]

    @property
    def terms(self) -> frozenset[str]:
        """The question's terms that tell what it is about, as far as the notes know them."""
        return frozenset(self._weights)

    def share(self, terms: Iterable[str]) -> float:
        """How much of the question ``terms`` are, by rarity."""
        return sum(self._weights[term] for term in terms) / self._total

    def nearness(self, claimed: Claimed) -> dict[str, float]:
        """The question's terms that are with a statement, each with how near it is to the value, from 0 to 1."""
        one = claimed.statement
        beside = {term for text in self._beside(claimed.place) for term in self.stem(text)}
        near = dict.fromkeys(self.terms & beside, _BESIDE) | dict.fromkeys(self.terms & one.held, _ABOVE)
        return near | {term: one.near[term] / self._reader.rarity(term) for term in self.terms & one.near.keys()}

    def pull(self, claimed: Claimed) -> float:
        """How much of the question stands by a value in its unit, by rarity and nearness, from 0 to 1."""
        near = claimed.statement.near
        return sum(weight * near.get(term, 0.0) / self._reader.rarity(term) for term, weight in self._weights.items()) / self._total

    def in_common(self, one: Mapping[str, float], other: Mapping[str, float]) -> float:
        """How much of what is with one statement is as near to another, by rarity."""
        shared = sum(self._weights[term] * min(1.0, other[term] / near) for term, near in one.items() if term in other)
        return shared / (self._total * self.share(one) or 1.0)

    def _beside(self, place: int) -> Iterator[str]:
        here = self.candidates[place]
        for at in (place - 1, place + 1):
            one = self.candidates[at] if 0 <= at < len(self.candidates) else here
            # Rows of a table tell of other things.
            if one.outline is here.outline and one.section == here.section and one.outline.blocks[one.unit.block].kind != "row":
                yield one.text


def fits(query: Query, value: Value) -> bool:
    """Whether a value is of the kind that a question expects; any is where it expects none."""
    if query.expects == "count":
        return bool(_HOW_FAR.search(query.text)) or not value.dimension.startswith(_TIMES if _HOW_MUCH.search(query.text) else _NO_COUNTS)
    return query.expects is None or value.dimension.startswith(_DIMENSIONS[query.expects])


def is_among(given: Sequence[Value], value: Value) -> bool:
    """Whether a value is one that the question itself gives: nobody asks for what they tell."""
    return any(comparable(one, value) and equal(one, value) for one in given)
