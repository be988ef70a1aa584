"""What is asked: the terms that count, the kind of answer that is wanted, and the kind of value expected in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FUNCTION_WORDS = frozenset(
    ["a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "another", "any", "anybody", "anyone", "anything", "are", "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "cannot", "could", "did", "do", "does", "doing", "don", "done", "down", "during", "each", "either", "else", "even", "ever", "every", "few", "for", "from", "further", "gave", "get", "give", "given", "go", "goes", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "kind", "know", "let", "like", "made", "make", "makes", "many", "may", "me", "might", "mine", "more", "most", "much", "must", "my", "myself", "name", "need", "no", "nor", "not", "now", "of", "off", "on", "once", "one", "only", "or", "other", "our", "ours", "out", "over", "own", "please", "put", "same", "shall", "she", "should", "show", "since", "so", "some", "somebody", "someone", "something", "still", "such", "take", "tell", "than", "that", "the", "their", "them", "themselves", "then", "there", "these", "they", "thing", "things", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "us", "use", "used", "very", "want", "was", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you", "your", "yours", "yourself", "s", "t", "m", "d", "ll", "re", "ve", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "wont", "whats", "hows", "wheres", "whos", "thats", "im", "ive", "explain", "describe", "list", "mean", "meant", "means"]
)
"""Words that shape a question and hardly ever tell what it is about."""

_LONG_KINDS = frozenset({"list", "howto", "compare", "scenario"})

_COMPARE = re.compile(
    r"\b(?:vs\.?|versus|compar\w+|differ\w*|distinguish\w*|as opposed to|unlike|(?:better|cheaper|faster|worse|slower|more expensive) than)\b"
    r"|\bwhat\b.{3,80}, and what\b|\bwhen\b.{3,80} and when\b|\b(?:\w+ ){1,6}or (?:\w+ ){0,5}\w+ ?[:?]",
    re.I,
)
_MEASURE = re.compile(r"(?<=\bhow )(?:long|often|big|large|far|old|fast|quickly|soon|high|deep|wide|heavy|expensive)\b", re.I)
"""Behind "how" such a word tells the kind of value that is wanted, not what the question is about."""
_COUNT = re.compile(r"\bhow (?:many|much|long|often|big|large|far|old|fast|quickly|soon|high|strict)\b", re.I)
_HOWTO = re.compile(
    r"\bhow (?:do|can|should|could|would|must) (?:i|we|you|one|someone|somebody|people)\b|\bhow to\b|\b(?:steps?|procedure|instructions?|recipe)\b"
    r"|\bwalk me through\b|\bwhich (?:commands?|statements?|sql|queries)\b.{0,40}\b(?:issue|run|enter|type)\b",
    re.I,
)
_PLURAL_KINDS = (
    r"kinds|types|sorts|ways|options|variants|forms|strategies|personas|roles|situations|cases|states|stages|phases|steps|logs|views|platforms|styles|"
    r"sources|targets|destinations|methods|modes|features|components|parts|categories|examples|formats|levels|classes|engines|languages|reasons|benefits|"
    r"advantages|disadvantages|limits|limitations|metrics|techniques|pillars|domains|services|tools|conditions|properties|requirements|prerequisites"
)
_LIST = re.compile(
    rf"^\W*(?:list|name|enumerate)\b|\b(?:which|what)(?: \w+)? (?:are|were)(?: \w+){{0,4}} (?:{_PLURAL_KINDS})\b"
    rf"|\b(?:which|what)(?: [\w-]+){{0,3}} (?:{_PLURAL_KINDS})\b|\b(?:two|three|four|five|six|seven|all(?: the)?) (?:\w+ )?(?:{_PLURAL_KINDS})\b|\bpossible ways\b",
    re.I,
)
_SCENARIO = re.compile(
    r"\bwhich (?:\w+ ){0,3}(?:service|services|solution|product|database|storage class(?:es)?|option)\b|\bshould (?:we|i|they|he|she)\b|\bhow would you\b|\bwe want\b",
    re.I,
)
_TROUBLE = re.compile(r"\b(?:error|exception|fails?|failed|failing|failure|broken|crash\w*|dies|abort\w*|stuck|slow|wrong|can't|cannot|won't|doesn't|isn't|not work\w*|fix\w*|problem)\b", re.I)
_DEFINITION = re.compile(
    r"^\W*(?:what(?:'s| is| are| was| does)|who (?:is|was)|define|explain|describe|meaning of)\b(?!.*\b(?:max\w*|min\w*|default|limit|size|price|cost|number|port|longest|shortest|largest|smallest)\b)",
    re.I,
)
_EXPECTED = {
    "year": re.compile(r"\b(?:in )?(?:which|what) year\b|^\W*when (?:was|were|did)\b", re.I),
    "duration": re.compile(
        r"\bhow (?:long|often|soon|quickly|fast|old|far back|much time)\b|\bhow many (?:milli|micro)?(?:seconds|minutes|hours|days|weeks|months|years)\b"
        r"|\b(?:duration|interval|period|retention|latency|delay|time-?out|ttl|after (?:which|what) time|longest|shortest|wait)\b",
        re.I,
    ),
    "money": re.compile(r"\b(?:price[sd]?|costs?|pay|paid|charged?|fees?|cheap\w*|expensive)\b|[$€£]", re.I),
    "share": re.compile(r"\bpercent\w*\b|%|\bhow much (?:can|could|do|will) (?:i|we|you) save\b|\b(?:share|proportion) of\b", re.I),
    "size": re.compile(
        r"\bhow (?:big|large)\b|\bhow much (?:data|storage|memory|ram|space)\b|\b(?:size|memory|ram|storage|capacity|throughput|bandwidth|largest|smallest|biggest)\b",
        re.I,
    ),
    "count": re.compile(
        r"\bhow (?:many|much|high)\b|\b(?:number of|limit|quota|max(?:imum|imal)?|min(?:imum|imal)?|at most|at least|up to|port|default|threshold|highest|lowest|ratio)\b"
        r"|\bbetween which\b",
        re.I,
    ),
}
"""Which kind of value a question asks for; the first that fits."""

_SCENARIO_WORDS = 26
_SHORT_QUERY_WORDS = 4


Terms = tuple[str, ...]
"""Stems as the word index makes them, in the order of a text."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Terms of a question, one behind the other, and the runs of terms that the notes may hold in their place."""

    asked: Terms
    others: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A stand-alone question. ``terms`` are unique and stemmed as the word index stems them, in the order of the question.

    ``kind`` is fact, definition, list, howto, compare, troubleshoot or scenario. ``expects`` is the kind of value that is asked for, if
    any: year, duration, money, share, size or count. ``aliases`` tell what else the notes may call what is asked about.
    """

    text: str
    terms: Terms
    kind: str
    expects: str | None
    aliases: tuple[Alias, ...] = ()

    @property
    def long(self) -> bool:
        """Whether the answer to such a question needs room: several places, or all of a list."""
        return self.kind in _LONG_KINDS


def understand(
    text: str,
    terms: Callable[[str], list[str]],
    *,
    asked: str | None = None,
    aliases: Callable[[Sequence[str]], Sequence[Alias]] = lambda terms: (),
) -> Query:
    """The query behind a stand-alone question; ``terms`` stems as the word index does, ``aliases`` finds those of what terms hold.

    ``asked`` is the question as it was put, where ``text`` has earlier ones in front of it: what kind of answer is wanted, it alone tells.
    """
    asked = asked or text
    mute = frozenset(term for word in FUNCTION_WORDS for term in terms(word))
    found = terms(_MEASURE.sub(" ", text)) or terms(text)
    telling = tuple(dict.fromkeys(term for term in found if term not in mute)) or tuple(dict.fromkeys(found))
    known = tuple(alias for alias in aliases(found) if any(term in telling for term in alias.asked))
    return Query(text, telling, kind_of(asked), expected_value(asked), known)


def kind_of(text: str) -> str:
    """The kind of answer that a question asks for, by its wording alone."""
    words = len(text.split())
    if _COMPARE.search(text) and words < _SCENARIO_WORDS and (not _COUNT.search(text) or "vs" in text.lower()):
        return "compare"
    if _LIST.search(text) and not _COUNT.search(text):
        return "list"
    if _HOWTO.search(text) and words < _SCENARIO_WORDS:
        return "howto"
    if words >= _SCENARIO_WORDS or (_SCENARIO.search(text) and not _COUNT.search(text) and words >= 12):
        return "scenario"
    if _TROUBLE.search(text):
        return "troubleshoot"
    if _DEFINITION.search(text) or (words <= _SHORT_QUERY_WORDS and not expected_value(text)):
        return "definition"
    return "fact"


def expected_value(text: str) -> str | None:
    """The kind of value that a question asks for, by its wording alone."""
    return next((kind for kind, pattern in _EXPECTED.items() if pattern.search(text)), None)
