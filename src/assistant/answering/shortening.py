"""The few words that answer a question for a value, or for the cell of a table."""

import re

from assistant.answering.evidence import VALUES, Lexicon
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
_VALUE = re.compile(rf"(?<![\w.,\[])(?:up to |at least |at most |between |about |around |~|<|>|≥|≤)?{_AMOUNT}(?:\s?(?:-|–|to|and|or)\s?{_AMOUNT})?(?:\s?-?(?:{_UNIT})\b|\s?[%$€£](?!\s?\d)|k\b|K\b)?", re.I)
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
    for match in _VALUE.finditer(text):
        value = match[0].strip()
        if value.lower() in asked or not places or not kind.search(value):
            continue
        near = sum(max(0.0, 1 - abs(match.start() - at) / _REACH) for at in places)
        bare = re.sub(r"[,.\s]", "", value).isdigit()
        key = (-(near - 0.3 * bare), match.start(), value)
        if near > 0 and (best is None or key < best):
            best = key
    return best[2] if best else None


def _term_places(text: str, lexicon: Lexicon) -> list[tuple[int, str]]:
    return [(word.start(), term) for word in re.finditer(r"\w+", text) for term in lexicon.terms(word[0])]
