"""The few words that answer a question for a value, or for the cell of a table."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.amounts import NUMBER_WORDS
from assistant.answering.asking import Asked, Claimed, fits, is_among
from assistant.answering.claims import Value, comparable, equal
from assistant.answering.considering import Considered
from assistant.answering.folding import folded
from assistant.answering.ranking import Window
from assistant.answering.roles import roles_in
from assistant.answering.stated import values
from assistant.answering.tables import asked_cell
from assistant.retrieval.query import Query

_SHARE, _PULL, _NOUN, _ROLE = 0.7, 3.0, 1.2, 0.5
"""What makes a value likelier to be the one asked for: the logarithm of its unit's probability, how much of the question stands by it, that it
counts what "how many" asks for, and that it is the highest, lowest or default one where such a one is wanted."""
_LIKELY = 0.3
"""The least probability of a value that is given as the answer. Of 142 questions for values over seven collections that are answered right it is
right in 84 and wrong in 35 (the value nearest to the question's words alone: 71 and 41), of 759 public ones in 423 and 187 (386 and 175); at
0.45 in 76 and 23, and 377 and 148."""
_LONGEST_CELL = 12
"""In words; a longer cell is no short answer."""

_COUNTED = re.compile(r"\bhow many (?P<what>(?:[\w-]+ ){0,3}?(?:[\w-]*[^\Wsu]s|people|men|women|children)\b|[\w-]+)", re.I)
_BARE = re.compile(r"(?<![\w.,\[/-])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d,.]*\d|\d)(?![\w/.]*\d)")
"""A number that nothing tells to be a value, but the question."""
_BOUND = re.compile(r"(?:\b(?:up to|at least|at most|(?:more|less|fewer) than|over|under|between|about|around)\s|[~<>≥≤]\s?)$", re.I)
_UNCOUNTED = re.compile(rf".*(?:\d[kKmM]?|\b(?:{NUMBER_WORDS}|dozen|hundred|thousand|million|billion))\b", re.I | re.S)
"""A count up to its last number."""


class Short(NamedTuple):
    """The few words that answer, and the window that they are taken from."""

    text: str
    window: Window


def shorten(considered: Considered, quoted: Sequence[Window]) -> Short | None:
    """The value in the windows ``quoted`` that answers, or of rows the cell that does; None where no value is asked for, or none is likely.

    A value that the question itself names is not its answer, nor is one of another kind than it asks for.
    """
    query, first = considered.query, quoted[0]
    if first.is_rows and not query.long and (cell := asked_cell(query, first, considered.lexicon)):
        return Short(cell, first) if len(cell.split()) <= _LONGEST_CELL else None
    # Of a list, or of what fits a need, no one value is the answer.
    if query.expects is None or query.long:
        return None
    asked, given, wanted = Asked(considered), values(query.text), roles_in(query.text)
    told = [
        asked.claimed(place, value)
        for window in quoted
        for place in range(window.first, window.last + 1)
        for value in _values(considered.candidates[place].text, query)
        if fits(query, value) and not is_among(given, value)
    ]
    counted = _counted(considered)
    odds = [_odds(considered, asked, one, counted, wanted) for one in told]
    likely = [sum(other for same, other in zip(told, odds, strict=True) if _same(one, same)) / (sum(odds) or 1.0) for one in told]
    best = max(range(len(told)), key=lambda at: (likely[at], odds[at]), default=None)
    return taken(told[best], quoted, wanted) if best is not None and likely[best] >= _LIKELY else None


def _odds(considered: Considered, asked: Asked, one: Claimed, counted: Sequence[str], wanted: frozenset[str]) -> float:
    value = one.statement.value
    nouns = frozenset(term for noun in value.nouns for term in considered.lexicon.terms(noun))
    # "Read replicas" are replicas, but not the reverse.
    counts = sum(term in nouns for term in counted) / len(counted) if counted and counted[-1] in nouns else 0.0
    weight = _PULL * asked.pull(one) + _NOUN * counts + _ROLE * bool(value.roles & wanted)
    return math.exp(weight) * float(considered.shares[one.place]) ** _SHARE


def taken(claimed: Claimed, quoted: Sequence[Window], wanted: frozenset[str] = frozenset()) -> Short:
    """The value of ``claimed``, which is in one of ``quoted``, without what it counts; with what bounds it, unless a highest or lowest is ``wanted``."""
    window = next(window for window in quoted if window.first <= claimed.place <= window.last)
    value, text = claimed.statement.value, claimed.statement.outline.document.text
    said = _UNCOUNTED.match(text, value.start, value.end) if value.dimension.startswith("count") else None
    bound = None if value.roles & wanted & {"max", "min"} else _BOUND.search(text, window.start, value.start)
    return Short(folded(text[bound.start() if bound else value.start : said.end() if said else value.end]), window)


def _values(text: str, query: Query) -> list[Value]:
    """What ``text`` states; where a count is wanted the numbers too that it does not say to be one."""
    found = values(text)
    if query.expects != "count":
        return found
    bare = (_bare(match) for match in _BARE.finditer(text))
    return [*found, *(number for number in bare if not any(number.start < one.end and one.start < number.end for one in found))]


def _bare(match: re.Match[str]) -> Value:
    number = _number(match[0])
    return Value(match.start(), match.end(), "count", number, number)


def _number(text: str) -> float:
    """The number that digits with points, commas and spaces between them stand for; two points make a version's first part of it."""
    whole, point, rest = text.replace(",", "").partition(".")
    return float("".join(whole.split()) + point + rest.partition(".")[0])


def _counted(considered: Considered) -> list[str]:
    """The terms of what "how many" asks for, in order."""
    found = _COUNTED.search(considered.query.text)
    return considered.lexicon.terms(found["what"]) if found else []


def _same(one: Claimed, other: Claimed) -> bool:
    mine, theirs = one.statement.value, other.statement.value
    return one.statement.text.lower() == other.statement.text.lower() or (comparable(mine, theirs) and equal(mine, theirs))
