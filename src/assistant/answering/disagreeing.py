"""Where a folder's notes disagree: different values for the same thing.

Two values are of the same thing if the terms that each is said with are found with the other, nothing that matters is said of each alone, and
their units read alike.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np

from assistant.answering.claims import SPANS, Value, agree, comparable, disagree, equal
from assistant.answering.statements import Statement
from assistant.index.vectors import VectorIndex
from assistant.values import Claim, Conflict

LEAST_CERTAIN = 0.2
"""Pairs below this are not listed. Of 70 judged pairs of notes the 26 that are listed are real, and 8 real ones are not listed; over five raw
documents 4 are, all real, and over 680 well-kept ones 4. At 0.1 it is 30, 5 and 9, at 0.3 it is 25, 2 and none.
"""

_ENOUGH = 3.0
"""Shared terms of this weight make a pair 63 % as certain as any number of them would."""
_APART = 1.5
"""A term of this weight on either side that is not on the other makes it 37 % as certain."""
_ABOVE = 0.25
"""What a term that only stands above a value counts in that; within one note, whose headings tell its values apart, all of its weight."""
_SAME_NOTE = 0.7
"""A note disagrees with itself less often than with others."""
DATES = 0.5
"""How certain two dates are to be of one thing, beside other values: a date mostly tells which of several events is meant. Between half and
twice of each of these the order changes little."""

_NEIGHBOURS = 24
"""With so many of the nearest units a statement is compared."""
_NUMBER = re.compile(r"[\d.]+")
_EXACT_UP_TO = 10_000
_EXPLAINED = 0.8
"""A value that the other note holds too, in a place this much as fitting, is not what that note disagrees with."""


def sameness(one: Statement, other: Statement) -> float:
    """How certain it is, from 0 to 1, that two values are of the same thing, by all but the values."""
    mine, theirs = _covered(one, other), _covered(other, one)
    shared = sum(min(weight, other.near[term]) for term, weight in one.near.items() if term in other.near)
    apart = min(_alone(one, other), _alone(other, one))
    alike = math.sqrt(min(mine, theirs) * (mine + theirs) / 2) * max(float(one.vector @ other.vector), 0.0)
    likely = (_SAME_NOTE if one.path == other.path else 1) * (DATES if one.value.dimension in ("date", "day") else 1)
    return alike * (1 - math.exp(-shared / _ENOUGH)) * math.exp(-apart / _APART) * likely


def _covered(one: Statement, other: Statement) -> float:
    """How much of what ``one`` is about is with ``other`` too."""
    total = sum(one.about.values())
    return sum(weight for term, weight in one.about.items() if term in other.held) / total if total else 0.0


def _alone(one: Statement, other: Statement) -> float:
    """The weight of the weightiest term of ``one`` that is not with ``other``."""
    above = 1.0 if one.path == other.path else _ABOVE
    return max((one.near.get(term, above * weight) for term, weight in one.about.items() if term not in other.held), default=0.0)


def conflicts(statements: Sequence[Statement]) -> tuple[Conflict, ...]:
    """Where ``statements``, all that a folder makes, contradict each other; the most certain first."""
    units = _by_unit(statements)
    rivals = _Rivals()
    differing: list[tuple[float, Statement, Statement]] = []
    for one, other in _neighbours(statements):
        certainty = sameness(one, other)
        if siblings(one, other):
            rivals.add_alternatives(one, other, certainty)
        elif equal(one.value, other.value):
            rivals.add_agreement(one, other, certainty)
        elif certainty >= LEAST_CERTAIN and disagree(one.value, other.value) and not _qualified(one, other, units):
            differing.append((certainty, one, other))
    real = [pair for pair in differing if rivals.best(*pair[1:]) < _EXPLAINED * pair[0]]
    return _gathered(sorted(real, key=lambda pair: (-pair[0], _place(pair[1]), _place(pair[2]))))


class _Rivals:
    """What else explains that two values differ, each by how certain it is that it is of the same thing.

    A value that the other note holds as well, elsewhere, is not what that note disagrees with. And where a section gives two values for one
    sort of thing, there is no telling which of them is of what.
    """

    def __init__(self) -> None:
        self._agreeing: dict[tuple[Statement, str], float] = defaultdict(float)
        self._alternatives: dict[Statement, float] = defaultdict(float)

    def add_agreement(self, one: Statement, other: Statement, certainty: float) -> None:
        for key in ((one, other.path), (other, one.path)):
            self._agreeing[key] = max(self._agreeing[key], certainty)

    def add_alternatives(self, one: Statement, other: Statement, certainty: float) -> None:
        if not equal(one.value, other.value):
            for key in (one, other):
                self._alternatives[key] = max(self._alternatives[key], certainty)

    def best(self, one: Statement, other: Statement) -> float:
        return max(self._agreeing[one, other.path], self._agreeing[other, one.path], self._alternatives[one], self._alternatives[other])


def _neighbours(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """The pairs of comparable values in units that read alike, each once."""
    by_dimension: dict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        by_dimension[one.value.dimension].append(one)
    for same in by_dimension.values():
        units = list(_by_unit(same).values())
        matrix = np.array([members[0].vector for members in units], dtype=np.float32)
        index = VectorIndex.build(np.arange(len(units)), matrix, exact_up_to=_EXACT_UP_TO)
        near = {
            (min(place, other), max(place, other))
            for place, vector in enumerate(matrix)
            for other, _ in index.search(vector, _NEIGHBOURS)
        } | {(place, place) for place in range(len(units))}
        for place, other in sorted(near):
            pairs = combinations(units[place], 2) if place == other else product(units[place], units[other])
            yield from (pair for pair in pairs if comparable(pair[0].value, pair[1].value))


def _by_unit(statements: Iterable[Statement]) -> dict[tuple[str, int], list[Statement]]:
    units: dict[tuple[str, int], list[Statement]] = defaultdict(list)
    for one in statements:
        units[one.path, one.unit.start].append(one)
    return units


def siblings(one: Statement, other: Statement) -> bool:
    """Whether both stand in one section, or in sections that only a number tells apart: those are alternatives."""
    section = one.outline.section
    return one.outline is other.outline and (
        section[one.unit.block] == section[other.unit.block] or _headings(one) == _headings(other)
    )


def _headings(statement: Statement) -> list[str]:
    return [_NUMBER.sub("", heading) for heading in statement.outline.blocks[statement.unit.block].headings]


def _qualified(one: Statement, other: Statement, units: Mapping[tuple[str, int], Sequence[Statement]]) -> bool:
    """Whether another date or count beside each tells the two apart: the rent of 2022 and that of 2023."""
    known = _tells_cases(one.value)
    beside = (
        [of for of in units.get((side.path, side.unit.start), ()) if of is not side and (known or _tells_cases(of.value))] for side in (one, other)
    )
    return any(comparable(mine.value, theirs.value) and not agree(mine.value, theirs.value) for mine, theirs in product(*beside))


def _tells_cases(value: Value) -> bool:
    return bool(value.nouns) or value.dimension in SPANS


def _gathered(pairs: Sequence[tuple[float, Statement, Statement]]) -> tuple[Conflict, ...]:
    """Each statement once: with the most certain of its pairs come those that contradict one side of it and say what the other says."""
    against: dict[Statement, list[Statement]] = defaultdict(list)
    for _, one, other in pairs:
        against[one].append(other)
        against[other].append(one)
    used: set[Statement] = set()
    found = []
    for certainty, one, other in pairs:
        if used.isdisjoint((one, other)):
            like = [each for each in against[one] if equal(each.value, other.value)] + [each for each in against[other] if equal(each.value, one.value)]
            members = [each for each in dict.fromkeys([one, other, *like]) if each not in used]
            used.update(members)
            claims = tuple(Claim(each.text, number) for number, each in enumerate(members, start=1))
            found.append(Conflict(certainty, claims, tuple(each.citation(number) for number, each in enumerate(members, start=1))))
    return tuple(found)


def _place(statement: Statement) -> tuple[str, int]:
    return statement.path, statement.value.start

