"""The few words that answer a question for a value, or for the cell of a table."""

import re
from collections.abc import Iterator

from assistant.answering.evidence import VALUES, Lexicon
from assistant.answering.folding import folded
from assistant.answering.moments import moments
from assistant.answering.ranking import Window
from assistant.answering.tables import asked_cell
from assistant.retrieval.query import Query

_NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|hundred|thousand|million|billion|half"
_AMOUNT = rf"(?:[$€£]\s?)?(?:\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?![\d.,]*\d)|\d[\d,.]*\d|\d|\b(?:{_NUMBER_WORDS})\b)"
_UNIT = (
    r"%|percent|[KMGTPE]i?B(?:/s(?:ec)?)?|[kmgtp]b(?:/s)?|[kKMGT]bps|bytes?|bits?|ms|µs|s\b|secs?|seconds?|mins?|minutes?|h\b|hrs?|hours?|days?|weeks?|months?|"
    r"years?|times|x\b|nodes?|records?|items?|messages?|requests?|shards?|consumers?|replicas?|partitions?|users?|questions?|units?|"
    r"[mk]?g|tons?|tonnes?|lbs?|[cmk]?m|miles?|°[CF]|[kKMG]?W|k?V|[kMG]?Hz|px|euros?|eur|dollars?|usd|gbp"
)
# Not out of a name or a version (EC2, v1.5), nor the number of a footnote.
_VALUE = re.compile(
    rf"(?<![\w.,\[])(?:up to |at least |at most |between |about |around |~|<|>|≥|≤)?{_AMOUNT}"
    rf"(?:(?:\s?(?:{_UNIT})(?=\s?(?:-|–|to\b)))?\s?(?:-|–|to|and|or)\s?{_AMOUNT})?"
    rf"(?:\s{{0,2}}-?(?:{_UNIT})\b|\s?[%$€£](?!\s?\d)|k\b|K\b)?",
    re.I,
)
_REACH = 60
"""A value this many characters away from a word of the question is hardly what that word asks about."""


_LONGEST_CELL = 12
"""In words; a longer cell is no short answer."""


def shorten(query: Query, window: Window, lexicon: Lexicon) -> str | None:
    """The value in ``window`` that answers, or of rows the cell that does; None where no value is asked for, or none is near.

    Of the values that is the one nearest to the question's terms. A value that the question itself names is not its answer, nor is one of
    another kind than it asks for.
    """
    if window.is_rows and not query.long and (cell := asked_cell(query, window, lexicon)):
        return cell if len(cell.split()) <= _LONGEST_CELL else None
    # What fits a need is named, not measured.
    if query.expects is None or query.kind == "scenario":
        return None
    kind = VALUES[query.expects]
    text = window.text
    asked = query.text.lower()
    places = [at for at, term in _term_places(text, lexicon) if term in query.terms]
    best: tuple[float, int, str] | None = None
    for start, value in _dates(text) if query.expects == "year" else _amounts(text):
        if value.lower() in asked or not places or not kind.search(value):
            continue
        near = sum(max(0.0, 1 - abs(start - at) / _REACH) for at in places)
        bare = re.sub(r"[,.\s]", "", value).isdigit()
        key = (-(near - 0.3 * bare), start, value)
        if near > 0 and (best is None or key < best):
            best = key
    return best[2] if best else None


def _amounts(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), folded(match[0])) for match in _VALUE.finditer(text))


def _dates(text: str) -> Iterator[tuple[int, str]]:
    """The dates in ``text``, and the years in the rest of it."""
    found = [(one.start, one.end) for one in moments(text) if one.dimension == "date"]
    years = (year.span() for year in VALUES["year"].finditer(text))
    found += [(start, end) for start, end in years if not any(low <= start < high for low, high in found)]
    return ((start, folded(text[start:end])) for start, end in sorted(found))


def _term_places(text: str, lexicon: Lexicon) -> list[tuple[int, str]]:
    return [(word.start(), term) for word in re.finditer(r"\w+", text) for term in lexicon.terms(word[0])]
