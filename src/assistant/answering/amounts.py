"""Amounts in a text: numbers with their units, shares, money and counts.

A number that names a thing rather than measures one is none: a version, a step, a figure's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.claims import Value
from assistant.retrieval.query import FUNCTION_WORDS

_COUNTED = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_NUMBERS = {word: float(number) for number, word in enumerate(_COUNTED.split(), start=2)} | {
    "half": 0.5, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0,
}  # fmt: skip
"""Not "one", which mostly counts nothing; see _ONE."""
NUMBER_WORDS = "|".join(_NUMBERS)
"""As alternatives of a regular expression."""
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

_ONE = (
    "(?:" + "|".join(rf"(?<=\b{word} )" for word in ["of", "for", "within", "after", "than", "about", "least", "most", "only", "lasts", "takes"]) + ")"
    r"(?:one|an?)(?=[ -](?:minute|hour|day|week|month|year)\b)"
    r"|\b(?:every|once (?:an?|per|every))(?= (?:minute|hour|day|week|month|year)\b)"
)
"""A single unit of time, where that is how long or how often: "for an hour", "every day". Not a second, which is mostly another one."""
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:[ \u00a0\u2009\u202f]\d{{3}})+(?!\d)|\d+(?:\.\d+)?|\b(?:{NUMBER_WORDS})\b|{_ONE})"
_GROUPS = re.compile(r"[,\s]")
# Not out of a name, a version, a path, a formula or a footnote.
_AMOUNT = re.compile(
    rf"(?P<currency>[$€£]\s?)?(?<![\w.,/^#&\\\[])(?<![A-Za-z]-)(?<!\d:)(?P<number>{_NUMBER})(?![:.]?\d)"
    r"(?P<multiple>[km](?![\w°])|\s?(?:dozen|hundred|thousand|million|billion|trillion)s?\b)?",
    re.I,
)
_UNIT = re.compile(r"(?:(?<=[Hh]alf)\san?\s|[\s-]{0,2})(°\s?[CF]\b|[A-Za-zµμ]+(?![\w-])|[°%℃]|[$€£](?!\s?\d))")
_PLURAL = re.compile(r"s of\b")
"""As in "100s of files"."""
_PER = re.compile(r"(?:\sof\s\w+)?\s?(?:(?P<slash>/)\s?|\b(?:per|an?|each|every)\s)(?P<what>[A-Za-z]+)")
_NOUN = re.compile(r"(?:\s{1,3}|-)([A-Za-z][A-Za-z'’-]*)")
_MOST_NOUNS = 3
_YEAR_OF_A_NAME = re.compile(r"(?:19|20)\d\d\s[A-Z]")
_IRREGULAR = frozenset({"people", "children", "men", "women", "teeth", "mice", "sheep", "fish", "species"})
_JOIN = re.compile(r"\s?(?:-|–|—|\.\.+|\bto\b|\band\b|\bor\b)\s?", re.I)
_SWITCH = re.compile(r"[01]\s(?:(?:dis|en)ables?|means?|switche[sd]|turns?|to\s(?:disable|enable|switch|turn)|for\s(?:no|none|off|unlimited))\b", re.I)
"""A number that turns something on or off."""
_MEASURED_IN = re.compile(r"\b(?:[Nn]umber of|in|[Ii]nterval of) ((?:milli|micro)?seconds|minutes|hours|days|(?:kilo|mega|giga)?bytes|[kKM]B)\b")
"""What tells the unit of a bare number behind it: "the number of seconds to wait (default: 900)"."""
_FORMULA_BEFORE, _FORMULA_AFTER = re.compile(r"(?:[*∗×^+/]\s?\(?|[\d)][^.;,:]{0,8}=)\s?$"), re.compile(r"\s?[x*∗×÷^/]\s?[\d(]")
_SAYS = re.compile(r"(?:[=:≤≥<>~|\t]|\b(?:is|are|was|were|be|of|to|than|at|only|about|exactly|default|max|min|maximum|minimum|limit))\s?[(*]?$", re.I)
"""What stands before a bare number that is a value."""
_NAMED = re.compile(
    r"(?<=[\w,] )[A-Z][\w-]*\s$|\b(?i:step|figure|fig\.?|table|chapter|section|page|part|version|option|example|no\.?|nr\.?|line|lesson)\s$"
)
"""What stands before a number that is part of a name."""


def amounts(text: str) -> Iterator[Value]:
    """The amounts in ``text``, in order; two that are joined ("1 to 35 days") are one, a range."""
    return _ranges(text, list(_amounts(text)))


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
    end = 0
    for match in _AMOUNT.finditer(text):
        if match.start() < end:
            # "5 requests every day" is one amount.
            continue
        word = match["number"].lower()
        number = _NUMBERS.get(word) or (float(_GROUPS.sub("", word)) if word[0].isdigit() else 1.0)
        end, unit = match.end(), ""
        multiple = (match["multiple"] or "").strip().lower().removesuffix("s")
        if (match["currency"] or "").strip():
            unit = match["currency"].strip()
        elif (follows := _UNIT.match(text, end)) and not _PLURAL.match(text, end) and (unit := _unit(follows[1])):
            end = follows.end()
        elif match["multiple"] == "m":
            # "50m" is a length, "50M rows" are millions.
            multiple, unit = "", "m"
        number *= _MULTIPLES.get(multiple, 1.0)
        dimension, factor = _UNITS.get(unit, (None, 1.0))
        if unit == "°F":
            number = (number - 32) / 1.8
        nouns, stop = _counted(text, end) if dimension is None else ([], end)
        if dimension is None and not nouns and (told := _MEASURED_IN.findall(text, 0, match.start())):
            unit = _unit(told[-1])
            dimension, factor = _UNITS[unit]
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
    named = _NAMED.search(before) or _YEAR_OF_A_NAME.match(text, amount.start) or _SWITCH.match(text, amount.start)
    return bool(named) or not (amount.nouns or _SAYS.search(before))
