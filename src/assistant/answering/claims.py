"""Values, and when two of them can both be true of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

_ROUNDING = 0.025
"""How far, in proportion, values in different units may lie apart and be one: 1 GB and 1024 MB, a month and 30 days."""
_ROUGHLY = 0.12
"""How far they may where one is said to be rough."""
_APART = 100.0
"""Values of which one is this many times the other are of different things. The real disagreements of 78 judged pairs of notes lie within 8;
of 515 questions the same are shown a disagreement at 30 and at 100, and at 1,000 one more, which is none."""
_BOUNDS = frozenset({"max", "min"})
SPANS = frozenset({"date", "day", "clock"})
"""The dimensions of time at which something is. Of these one within another agrees with it: a day with its year."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as ``text[start:end]`` states it, from ``low`` to ``high`` in the base unit of its ``dimension``.

    One end is infinite where only the other is told ("at most 5 GB"); a day is a range of one, a year of many. ``nouns`` are what a count
    counts. ``per`` holds what it is for each of, but for times. ``roles`` are some of max, min, default, average, advised, rough.
    """

    start: int
    end: int
    dimension: str
    low: float
    high: float
    unit: str = ""
    nouns: frozenset[str] = frozenset()
    per: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


def comparable(one: Value, other: Value) -> bool:
    """Whether two values are of one sort, so that of one thing only one of them could be true."""
    if one.dimension != other.dimension or (one.dimension == "count" and bool(one.nouns) != bool(other.nouns)):
        return False
    if one.nouns and not one.nouns & other.nouns:
        return False
    if one.per and other.per and not one.per & other.per:
        return False
    mine, theirs = one.roles - {"rough"}, other.roles - {"rough"}
    return not mine or not theirs or (bool(mine & theirs) and not _opposed(mine, theirs))


def _opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one is a highest value and the other a lowest, or one is what is advised and the other what is."""
    return {one & _BOUNDS, other & _BOUNDS} == {frozenset({"max"}), frozenset({"min"})} or ("advised" in one) != ("advised" in other)


def agree(one: Value, other: Value) -> bool:
    """Whether two comparable values can both be true of one thing.

    A value within a range agrees with it, and so does one on the right side of a bound. Two ranges, two bounds and two values of one role
    agree if they are the same.
    """
    if (one.roles & other.roles) - {"rough"}:
        one, other = _closed(one), _closed(other)
    if one.dimension not in SPANS and _is_range(one) == _is_range(other) and _is_open(one) == _is_open(other):
        return equal(one, other)
    return _overlap(one, other, _slack(one, other))


def disagree(one: Value, other: Value) -> bool:
    """Whether two values could be told of one thing, and cannot both be true of it."""
    return comparable(one, other) and not agree(one, other) and not _far_apart(_closed(one), _closed(other))


def contradict(mine: Sequence[Value], theirs: Sequence[Value]) -> bool:
    """Whether one text gives a value of a sort of which another gives only values that cannot be true as well: "4 days" and "3 days"."""
    beside = ((value, [of for of in theirs if comparable(value, of)]) for value in mine)
    return any(found and not any(agree(value, of) for of in found) for value, found in beside)


def _far_apart(one: Value, other: Value) -> bool:
    """Whether all of one is many times all of the other."""
    lower, higher = sorted((one, other), key=lambda value: value.low)
    return one.dimension not in SPANS and 0 < lower.high * _APART < higher.low


def equal(one: Value, other: Value) -> bool:
    """Whether two comparable values are the same, as far as both tell; not if one is a range and the other a value within it."""
    slack = _slack(one, other)
    if one.dimension in SPANS:
        return one.low == other.low and one.high == other.high
    one, other = _closed(one), _closed(other)
    return _close(one.low, other.low, slack) and _close(one.high, other.high, slack)


def _slack(one: Value, other: Value) -> float:
    if "rough" in one.roles | other.roles:
        return _ROUGHLY
    return _ROUNDING if one.unit != other.unit else 1e-9


def _closed(value: Value) -> Value:
    """A bound as the value that is named."""
    return replace(value, low=value.high if value.low == -inf else value.low, high=value.low if value.high == inf else value.high)


def _is_range(value: Value) -> bool:
    return value.low < value.high


def _is_open(value: Value) -> bool:
    return value.low == -inf or value.high == inf


def _overlap(one: Value, other: Value, slack: float) -> bool:
    return (one.low <= other.high or _close(one.low, other.high, slack)) and (other.low <= one.high or _close(other.low, one.high, slack))


def _close(one: float, other: float, slack: float) -> bool:
    return abs(one - other) <= slack * max(abs(one), abs(other))
