"""What kind of value a question asks for, by its wording alone, and what such a value looks like."""

import re
from collections.abc import Mapping

from assistant.retrieval.patterns import EXTREMES, SENTENCE_END, either

_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand|million|once|twice|unlimited"
VALUES: Mapping[str, re.Pattern[str]] = {
    "duration": re.compile(
        r"\d\s?-?(?:ms|s\b|sec|second|min|minute|h\b|hr|hour|day|week|month|year)|\b(?:hour|minute|second|day|week|month|year)s?\b", re.I
    ),
    "size": re.compile(r"\d\s?-?(?:[kmgtpe]i?b\b|bytes?\b)", re.I),
    "money": re.compile(r"[$€£]\s?\d|\d\s?(?:[$€£]|(?:dollars?|euros?|cents?|usd|eur|gbp)\b)|\bfree\b|\bno (?:\w+ )?(?:cost|charge|fee)s?\b|\bcosts? nothing\b", re.I),
    "share": re.compile(r"\d\s?(?:%|percent)", re.I),
    "year": re.compile(r"\b(?:1[5-9]|20)\d\d\b"),
    "count": re.compile(rf"\d|\b(?:{_NUMBERS})\b", re.I),
}
"""What a value of each kind that a question can expect looks like; see Query.expects."""

_ASKING = either(r"\b(?:how|what|which)\b|(?:^|[,:;] )\W*(?:who|whom|whose|why|when|where)\b(?!.*[,:;] (?:[a-z]+ ){0,2}(?:how|what|which)\b)")
"""The word that asks. "When" and its like only where a part of the sentence begins, and no other part asks for more."""
_YES_OR_NO = either(r"^\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had)\b")

_TIMES = r"(?:(?:milli|micro|nano)?seconds|minutes|hours|days|weeks|months|years)\b"
_BYTES = r"(?:(?:kilo|mega|giga|tera|peta)?bytes|[kmgtp]i?b)\b"
_PAYING = r"\b(?:costs?|pay|paid|charged?|worth)\b(?! attention)|\bpriced?\b"

_HOW: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("duration", either(rf"how (?:many|much) (?:more |additional |extra )?{_TIMES}|how much (?:\w+ )?(?:time|delay|latency)\b|how (?:often|frequently|soon|quickly|far back)\b")),
    ("size", either(rf"how many (?:\w+ )?{_BYTES}|how (?:big|large)\b|how much (?:\w+ )?(?:data|storage|memory|ram|space)\b")),
    ("share", either(r"how (?:many|much) percent\b|how much (?:can|could|do|will) (?:i|we|you) save\b")),
    ("money", either(r"how (?:many|much) (?:money|dollars|euros|cents)\b", rf"how much\b.*(?:{_PAYING})", r"how much (?:is|are)\b.*\b(?:per|a|an|each|every) (?:\w+-)?\w+\W*$")),
    # What a thing measures, not how long something goes on.
    ("count", either(r"how long (?:and how \w+ )?(?:is|are|was|were|can|may|must|should|could)\b.*\bbe\b", r"how short\b", r"how long (?:is|are|was|were) (?:the|an?) [\w-]+\W*$")),
    ("duration", either(r"how long\b")),
    ("count", either(r"how (?:many|much|high|old|fast|far|heavy|heavily|tall|wide|deep)\b")),
)
"""Of a question that asks how; the first that fits. A count is any number."""

_YEAR = either(r"\b(?:which|what) (?:year|decade)s?\b|^\W*(?:when (?:was|were|did)|since when)\b")
_HEADS: tuple[tuple[str, str], ...] = (
    (
        "duration",
        r"durations?|latenc(?:y|ies)|delays?|time-?outs?|ttl|retention|intervals?|half-li(?:fe|ves)|lifetime|tenure|time (?:limit|lag|span)"
        r"|(?:\w+ion|grace|billing|waiting|notice|cooldown|trial) period|(?:\w+ing|\w+ion|average|mean|maximum|minimum|max|min|total|response|recovery|wait|default) time"
        r"|(?:longest|shortest) (?:[\w-]+ ){0,3}(?:time|period)",
    ),
    ("money", r"prices?|costs?|fees?|charges?|pricing|salary|rent"),
    ("share", r"percent(?:age)?|share|proportion"),
    ("size", r"sizes?|memory|ram|storage|throughput|bandwidth|disk space"),
    (
        "count",
        r"numbers?|amounts?|limits?|quotas?|max(?:imum|ima|imal)?|min(?:imum|ima|imal)?|defaults?|values?|thresholds?|ratios?|factors?|ports?|scores?|capacity"
        r"|population|lengths?|weights?|heights?|depths?|widths?|distances?|speeds?|temperatures?|ages?|rates?|frequency|availability|doses?|dosage|voltage|pressure",
    ),
)
"""Nouns for what is measured, by the kind of value that measures it."""
_HEAD = {kind: re.compile(rf"\b(?:{words})$", re.IGNORECASE) for kind, words in _HEADS}
_WITHIN = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, words in _HEADS if kind != "count"}
_PHRASE_ENDS = either(
    r"\b(?:of|for|in|on|at|to|from|per|with|by|that|which|who|and|or|if|when|as|between|during|than|under|over|after|before|until|without"
    r"|is|are|was|were|be|do|does|did|can|could|may|might|must|should|will|would|has|have|had|i|you|we|it|they|one|a|an|the)\b|[?,;:()=]"
)
"""What ends the phrase that a noun is the last word of: "the default timeout | of the lock"."""
_EXTREME = either(rf"\b(?:(?P<limit>max(?:imum|imal)?|min(?:imum|imal)?)|total|{EXTREMES})\b")
_ARTICLE = either(r"^(?:['’]s|\s|\b(?:is|are|was|were|would be|will be|the|an?|its|their|my|our|your|this|that)\b)+")
_IS_A = either(r"what(?:['’]s| is) an? (?!(?:good|best|normal|usual|typical|sensible|reasonable|safe)\b)[\w -]+\W*$")
"""Asks what such a thing is, not how much it measures."""
_TIME_AFTER = either(r"\b(?:after|for|within) (?:what|which) time\b")
_PAID = either(rf"what (?:[\w-]+ )?(?:do|does|did|would|will|must|should|am|are)\b.*(?:{_PAYING})")
_MEASURED = either(
    r"\b(?:at most|at least|up to)\b",
    rf"\b(?:{EXTREMES}|heaviest|oldest)\b.{{1,50}}\b(?:can|may|could|allowed|possible|be)\b",
    r"(?:\bthe|^\W*) ?most [\w-]+(?: [\w-]+){0,2}s (?:[\w-]+ ){1,5}(?:can|may|could)\b|\bbetween (?:which|what) (?:two )?(?:values|numbers|limits|bounds)\b",
)


def expected_value(text: str) -> str | None:
    """The kind of value that a question asks for: year, duration, money, share, size or count; None where it asks for none.

    What is asked decides, not what is spoken of: "how many bytes", "what is the default timeout of X", "price of X". How often
    the answers to public questions hold a value of the kind expected is told by benchmarks/wording.py.
    """
    *_, asked = SENTENCE_END.split(text.strip())
    if _YEAR.search(asked):
        return "year"
    if (word := _ASKING.search(asked)) is None:
        return None if _YES_OR_NO.search(asked) else _named(asked)
    rest = asked[word.start() :].lstrip(" ,:;").lower()
    if rest.startswith("how"):
        return next((kind for kind, pattern in _HOW if pattern.match(rest)), None)
    if not rest.startswith(("what", "which")) or _IS_A.match(rest):
        return None
    if _TIME_AFTER.search(asked):
        return "duration"
    if kind := _measured(rest.removeprefix("what").removeprefix("which")):
        return kind
    if _PAID.match(rest):
        return "money"
    return "count" if _MEASURED.search(asked) else None


def _named(text: str) -> str | None:
    """What is asked for by naming it alone: "price of X", "X: default timeout"."""
    found = next(filter(None, map(_measured, re.split(r"[:;,]|\band\b", text))), None)
    if found:
        return found
    if re.search(_PAYING, text, re.IGNORECASE):
        return "money"
    return "count" if _MEASURED.search(text) else None


def _measured(text: str) -> str | None:
    """The kind of what the noun measures that ``text`` begins with."""
    phrase = _PHRASE_ENDS.split(_ARTICLE.sub("", text.strip()), maxsplit=1)[0].strip()
    kind = next((kind for kind, head in _HEAD.items() if head.search(phrase)), None)
    if kind is None and (extreme := _EXTREME.search(phrase)):
        kind = "count" if extreme["limit"] else ""
    if kind in ("count", ""):
        # The limit, default or largest of something that tells more.
        return next((other for other, within in _WITHIN.items() if within.search(phrase)), kind) or None
    return kind
