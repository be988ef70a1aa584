"""The values that a text states: amounts with their units, shares, money, counts, dates and times of day, made comparable.

Only the wording decides. A number that names a thing rather than measures one is no value: a version, a step, a figure's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from math import inf

from assistant.retrieval.query import FUNCTION_WORDS

_COUNTED = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_NUMBERS = {word: float(number) for number, word in enumerate(_COUNTED.split(), start=2)} | {
    "half": 0.5, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0,
}  # fmt: skip
"""Not "one", which mostly counts nothing."""
_MULTIPLES = {"k": 1e3, "m": 1e6, "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_HOUR = 3600.0
_DAY = 24 * _HOUR
_YEAR = 365.25 * _DAY
_NAMES = {
    "duration": {
        1e-9: "ns nanosecond", 1e-6: "us µs μs microsecond", 1e-3: "ms msec millisecond", 1.0: "s sec second", 60.0: "min minute",
        _HOUR: "h hr hour", _DAY: "d day", 7 * _DAY: "wk week", _YEAR / 12: "month", _YEAR: "yr year", 10 * _YEAR: "decade",
        100 * _YEAR: "century centurie",
    },
    "length": {
        1e-3: "mm millimetre millimeter", 1e-2: "cm centimetre centimeter", 1.0: "m metre meter", 1e3: "km kilometre kilometer",
        1609.344: "mile", 0.3048: "ft foot feet", 0.0254: "inch inche", 0.9144: "yard",
    },
    "mass": {1e-6: "mg milligram", 1e-3: "g gram gramme", 1.0: "kg kilo kilogram", 1e3: "t ton tonne", 0.4536: "lb pound", 0.02835: "oz ounce"},
    "volume": {1e-3: "ml millilitre milliliter", 1e-2: "cl centilitre centiliter", 0.1: "dl", 1.0: "l L litre liter", 0.24: "cup", 3.785: "gallon"},
    "spoons": {1.0: "tsp teaspoon", 3.0: "tbsp tablespoon"},
    "share": {1.0: "% percent"},
    "temperature": {1.0: "°C ℃ °F"},
    "angle": {1.0: "° degree"},
    "energy": {1.0: "kcal calorie"},
    "power": {1.0: "W watt", 1e3: "kW kilowatt", 1e6: "MW megawatt"},
    "voltage": {1.0: "V volt", 1e3: "kV"},
    "frequency": {1.0: "Hz hertz", 1e3: "kHz", 1e6: "MHz", 1e9: "GHz"},
    "pixels": {1.0: "px pixel"},
    "times": {1.0: "x"},
    "bits": {1.0: "bit", 1e3: "Kb", 1e6: "Mb", 1e9: "Gb"},
    "bits/time": {1.0: "bps", 1e3: "kbps", 1e6: "mbps", 1e9: "gbps"},
    "size": {1.0: "byte"} | {
        1e3**power: f"{letter}b {letter.upper()}B {letter}B {letter}ib {word}byte"
        for power, (letter, word) in enumerate(zip("kmgtpe", ["kilo", "mega", "giga", "tera", "peta", "exa"], strict=True), start=1)
    },
    "money $": {1.0: "dollar usd $"},
    "money €": {1.0: "euro eur €"},
    "money £": {1.0: "gbp £"},
}  # fmt: skip
"""What is measured; by how many base units a unit has, what it is called. Binary prefixes count as decimal ones: notes mix them up."""
_UNITS = {name: (dimension, factor) for dimension, units in _NAMES.items() for factor, names in units.items() for name in names.split()}

_ROUNDING = 0.025
"""How far, in proportion, values in different units may lie apart and be one: 1 GB and 1024 MB, a month and 30 days."""
_ROUGHLY = 0.12
"""How far they may where one is said to be rough."""

_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b(?:{'|'.join(_NUMBERS)})\b)"
# Not out of a name, a version, a path, a formula or a footnote.
_AMOUNT = re.compile(
    rf"(?P<currency>[$€£]\s?)?(?<![\w.,/^#&\\\[])(?<![A-Za-z]-)(?P<number>{_NUMBER})(?![:.]?\d)"
    r"(?P<multiple>[km](?![\w°])|\s?(?:dozen|hundred|thousand|million|billion|trillion)s?\b)?",
    re.I,
)
_UNIT = re.compile(r"[\s-]{0,2}(°\s?[CF]\b|[A-Za-zµμ]+(?![\w-])|[°%℃])")
_PLURAL = re.compile(r"s of\b")
"""As in "100s of files"."""
_PER = re.compile(r"(?:\sof\s\w+)?\s?(?:(?P<slash>/)\s?|\b(?:per|an?|each|every)\s)(?P<what>[A-Za-z]+)")
_NOUN = re.compile(r"(?:\s{1,3}|-)([A-Za-z][A-Za-z'’-]*)")
_MOST_NOUNS = 3
_YEAR_OF_A_NAME = re.compile(r"(?:19|20)\d\d\s[A-Z]")
_IRREGULAR = frozenset({"people", "children", "men", "women", "teeth", "mice", "sheep", "fish", "species"})
_JOIN = re.compile(r"\s?(?:-|–|—|\.\.+|\bto\b|\band\b|\bor\b)\s?", re.I)
_FORMULA_BEFORE, _FORMULA_AFTER = re.compile(r"(?:[*∗×^+/]\s?\(?|[\d)][^.;,:]{0,8}=)\s?$"), re.compile(r"\s?[x*∗×÷^/]\s?[\d(]")
_SAYS = re.compile(r"(?:[=:≤≥<>~]|\b(?:is|are|was|were|be|of|to|than|at|only|about|exactly|default|max|min|maximum|minimum|limit))\s?[(*]?$", re.I)
"""What stands before a bare number that is a value."""
_NAMED = re.compile(
    r"(?<=[\w,] )[A-Z][\w-]*\s$|\b(?i:step|figure|fig\.?|table|chapter|section|page|part|version|option|example|no\.?|nr\.?|line|lesson)\s$"
)
"""What stands before a number that is part of a name."""
_LIST_NUMBER = re.compile(r"(?m)^\s*(?:[-*•]\s*)?\d{1,3}[.)](?=\s)")
_OPAQUE = re.compile(r"\S*(?:://|www\.)\S*|`[^`\n]*`|\$[^$\n]*[\\^_=][^$\n]*\$")
"""Addresses, code and formulas."""

_MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}
_MONTH = r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY_OF_MONTH = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR_NUMBER = r"(?P<year>1\d{3}|20\d{2})(?![\w%-]|[,.]\d)"
_DATES = (
    re.compile(r"(?<![\w-])(?P<year>1\d{3}|20\d{2})-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?![\w-])"),
    re.compile(rf"(?<![\w.,]){_DAY_OF_MONTH}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR_NUMBER})?"),
    re.compile(rf"\b{_MONTH}\s{_DAY_OF_MONTH}\b(?:,?\s{_YEAR_NUMBER})?"),
    re.compile(rf"\b{_MONTH},?\s{_YEAR_NUMBER}"),
    re.compile(rf"(?:\b(?:[Ii]n|[Ss]ince|[Bb]y|[Ff]rom|[Uu]ntil|[Aa]fter|[Bb]efore|[Dd]uring|[Cc]irca|year)\s|\()(?P<whole>{_YEAR_NUMBER})"),
)
_CLOCK = re.compile(r"(?<![\w.,:])(?P<hour>[012]?\d)(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?|(?<![\w.,:])(?P<hours>[012]?\d):(?P<minutes>[0-5]\d)(?![\d:])", re.I)

_ROLES_BESIDE = {
    "max": (r"up to|at most|(?:no|not) (?:more|longer|larger|later) than|(?:less|fewer|lower) than|below|under|within|until|[<≤]=?", r"at most|or (?:less|fewer|lower|below)"),
    "min": (r"at least|(?:no|not) (?:less|fewer) than|(?:more|larger|longer|greater|higher) than|over|above|[>≥]=?|starting (?:at|from)", r"\+|or (?:more|longer|higher|above|later)|and (?:more|up)"),
    "rough": (r"[~≈]|about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|ca\.?|close to", r"or so"),
}  # fmt: skip
"""What a value is, by what stands right before or right behind it."""
_BESIDE = {
    role: (re.compile(rf"(?<!\w)(?:{before})\s?(?:a |an |the )?$", re.I), re.compile(rf"\s?(?:{after})(?!\w)", re.I))
    for role, (before, after) in _ROLES_BESIDE.items()
}
_NEARBY = {
    "max": re.compile(r"\b(?:max(?:imum|imal|imally)?|limit(?:ed)?|upper|highest|largest|longest|biggest)\b", re.I),
    "min": re.compile(r"\b(?:min(?:imum|imal|imally)?|lowest|smallest|shortest)\b", re.I),
    "default": re.compile(r"\bdefaults?\b", re.I),
    "average": re.compile(r"\b(?:average|avg|mean|median|typical(?:ly)?|usual(?:ly)?)\b", re.I),
    "advised": re.compile(r"\b(?:recommend(?:ed|ation)?|ideal(?:ly)?|should|prefer(?:red|ably)?|best)\b", re.I),
}
"""What a value is, by a word that is nearer to it than to any other value."""
_BOUNDS = frozenset({"max", "min"})
_SPANS = frozenset({"date", "day", "clock"})
"""Of these one within another agrees with it: a day with its year."""
_REACH = 45
"""How many characters off such a word may stand, a comma between them counting as many as ``_BREAK``."""
_BREAK = 15
_STOP = re.compile(r"[.;!?](?:\s|$)|\n")


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
    roles: frozenset[str] = field(default=frozenset())


def values(text: str) -> list[Value]:
    """The values that ``text`` states, in order, without overlap."""
    clear = _LIST_NUMBER.sub(_blank, _OPAQUE.sub(_blank, text))
    found: list[Value] = []
    for pattern, read in (*((pattern, _date) for pattern in _DATES), (_CLOCK, _clock)):
        for match in pattern.finditer(clear):
            if value := read(match):
                found.append(value)
        for one in found:
            clear = clear[: one.start] + " " * (one.end - one.start) + clear[one.end :]
    found.extend(_ranges(clear, list(_amounts(clear))))
    return _with_roles(text, sorted(found, key=lambda one: one.start))


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
    if one.dimension not in _SPANS and _is_range(one) == _is_range(other) and _is_open(one) == _is_open(other):
        return equal(one, other)
    return _overlap(one, other, _slack(one, other))


def contradict(one: str, other: str) -> bool:
    """Whether a text gives a value of a sort of which another gives only values that cannot be true as well: "4 days" and "3 days"."""
    mine, theirs = values(one), values(other)
    beside = ((value, [of for of in theirs if comparable(value, of)]) for value in mine)
    return any(found and not any(agree(value, of) for of in found) for value, found in beside)


def equal(one: Value, other: Value) -> bool:
    """Whether two comparable values are the same, as far as both tell; not if one is a range and the other a value within it."""
    slack = _slack(one, other)
    if one.dimension in _SPANS:
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


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


# Amounts


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with what follows it; ``dimension`` is None where it has no unit, ``seconds`` 0 where it is not so much in a time."""

    start: int
    end: int
    number: float
    dimension: str | None
    factor: float
    unit: str
    nouns: frozenset[str]
    per: frozenset[str]
    seconds: float


def _amounts(text: str) -> Iterator[_Amount]:
    for match in _AMOUNT.finditer(text):
        number = _NUMBERS.get(match["number"].lower()) or float(match["number"].replace(",", ""))
        end, unit = match.end(), ""
        multiple = (match["multiple"] or "").strip().lower().removesuffix("s")
        if (match["currency"] or "").strip():
            unit = match["currency"].strip()
        elif (follows := _UNIT.match(text, end)) and not _PLURAL.match(text, end) and (unit := _unit(follows[1])):
            end = follows.end()
        elif multiple == "m" and match["multiple"] == "m":
            multiple, unit = "", "m"
        number *= _MULTIPLES.get(multiple, 1.0)
        dimension, factor = _UNITS.get(unit, (None, 1.0))
        if unit == "°F":
            number = (number - 32) / 1.8
        nouns, stop = _counted(text, end) if dimension is None else ([], end)
        end = stop
        per, seconds = set(), 0.0
        while follows := _PER.match(text, stop):
            what = _unit(follows["what"])
            if what and _UNITS[what][0] == "duration":
                seconds, end = _UNITS[what][1], follows.end()
            elif follows["slash"] or follows[0].strip().startswith("per"):
                per.add(_singular(follows["what"].lower()))
            else:
                break
            stop = follows.end()
        yield _Amount(match.start(), end, number, dimension, factor, unit, frozenset(nouns), frozenset(per), seconds)


def _counted(text: str, start: int) -> tuple[list[str], int]:
    """The words from ``start`` on that say what is counted, up to the last plural of a few, and where they end; none if none is one."""
    words: list[str] = []
    ends = [start]
    while len(words) < _MOST_NOUNS and (noun := _NOUN.match(text, ends[-1])) and noun[1].lower() not in FUNCTION_WORDS | {"per"}:
        words.append(noun[1].lower())
        ends.append(noun.end())
    plurals = [count for count, word in enumerate(words, start=1) if _singular(word) != word or word in _IRREGULAR]
    count = plurals[-1] if plurals else 0
    return [_singular(word) for word in words[:count]], ends[count]


def _unit(name: str) -> str:
    """The unit that goes by ``name``, as the table spells it; empty if there is none."""
    name = name.replace("° ", "°")
    return next((one for one in (name, name.lower(), _singular(name.lower())) if one in _UNITS), "")


def _singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 2 and not word.endswith("ss") else word


def _ranges(text: str, amounts: Sequence[_Amount]) -> Iterator[Value]:
    """``amounts`` as values: two that are joined become one, and a number that only names something is left out."""
    skip = None
    for one, following in pairwise([*amounts, None]):
        if one is skip or one is None:
            continue
        if following and _joins(text, one, following):
            skip = following
            low = replace(one, dimension=one.dimension or following.dimension, factor=(one if one.dimension else following).factor)
            high = replace(following, dimension=low.dimension, factor=(following if following.dimension else low).factor)
            yield _value(high, one.start, following.end, *sorted((low.number * low.factor, high.number * high.factor)))
        elif not _is_name(text, one):
            yield _value(one, one.start, one.end, one.number * one.factor, one.number * one.factor)


def _value(amount: _Amount, start: int, end: int, low: float, high: float) -> Value:
    dimension = (amount.dimension or "count") + ("/time" if amount.seconds else "")
    rate = amount.seconds or 1.0
    return Value(start, end, dimension, low / rate, high / rate, amount.unit, amount.nouns, amount.per)


def _joins(text: str, one: _Amount, following: _Amount) -> bool:
    return (
        (one.dimension in (None, following.dimension) or (following.dimension is None and not following.nouns and "money" in one.dimension))
        and bool(_JOIN.fullmatch(text, one.end, following.start))
        and not (one.dimension is None and one.nouns - following.nouns and text[one.end : following.start].strip() in ("and", "or"))
        and not (following.dimension is None and not following.nouns and not one.dimension and not _SAYS.search(text, max(0, one.start - 20), one.start))
    )


def _is_name(text: str, amount: _Amount) -> bool:
    before = text[max(0, amount.start - 24) : amount.start]
    if _FORMULA_BEFORE.search(before) or _FORMULA_AFTER.match(text, amount.end):
        return True
    if amount.dimension:
        return False
    named = _NAMED.search(before) or _YEAR_OF_A_NAME.match(text, amount.start)
    return bool(named) or not (amount.nouns or _SAYS.search(before))


# Dates and times of day


def _date(match: re.Match[str]) -> Value | None:
    parts = match.groupdict()
    month = int(parts.get("number") or 0) or _MONTHS.get((parts.get("month") or "")[:3].lower(), 0)
    day = int(parts.get("day") or 0)
    start = match.start("whole") if parts.get("whole") else match.start()
    try:
        if not parts["year"]:
            # Of any year: 2000 was a leap year.
            low = high = date(2000, month, day).toordinal()
            return Value(start, match.end(), "day", low, high)
        low = date(int(parts["year"]), month or 1, day or 1).toordinal()
        high = low if day else date(int(parts["year"]) + (month in (0, 12)), month % 12 + 1 if month else 1, 1).toordinal() - 1
    except ValueError:
        return None
    return Value(start, match.end(), "date", low, high)


def _clock(match: re.Match[str]) -> Value | None:
    hour, minute = int(match["hour"] or match["hours"]), int(match["minute"] or match["minutes"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    at = 60 * hour + minute
    return Value(match.start(), match.end(), "clock", at, at) if hour < 24 else None


# What a value is of its kind


def roles_in(text: str) -> frozenset[str]:
    """The roles that the words of ``text`` name."""
    return frozenset(role for role, pattern in _NEARBY.items() if pattern.search(text))


def _with_roles(text: str, found: Sequence[Value]) -> list[Value]:
    roles: list[set[str]] = [set() for _ in found]
    for at, one in enumerate(found):
        for role, (before, after) in _BESIDE.items():
            if before.search(text[max(0, one.start - 24) : one.start]) or after.match(text, one.end):
                roles[at].add(role)
    for role, pattern in _NEARBY.items():
        for word in pattern.finditer(text):
            if any(one.start <= word.start() < one.end for one in found):
                continue
            near = [(distance, at) for at, one in enumerate(found) if (distance := _distance(text, one, word.start(), word.end())) is not None]
            if near:
                roles[min(near)[1]].add(role)
    return [_bounded(replace(one, roles=frozenset(held))) for one, held in zip(found, roles, strict=True)]


def _distance(text: str, value: Value, start: int, end: int) -> int | None:
    """How many characters lie between a value and a word of its sentence; None if it is too far, or in another sentence."""
    between = text[end : value.start] if end <= value.start else text[value.end : start]
    distance = len(between) + _BREAK * sum(between.count(mark) for mark in ",;")
    return None if distance > _REACH or _STOP.search(between) else distance


def _bounded(value: Value) -> Value:
    if value.low < value.high or value.dimension in _SPANS or {"max", "min"} <= value.roles:
        return value
    if "max" in value.roles:
        return replace(value, low=-inf)
    return replace(value, high=inf) if "min" in value.roles else value
