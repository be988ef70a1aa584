"""What is asked: the terms that count, what else the notes may call them, and the kind of answer and of value that is wanted."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.retrieval.expecting import expected_value
from assistant.retrieval.kinds import kind_of

FUNCTION_WORDS = frozenset(
    ["a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "another", "any", "anybody", "anyone", "anything", "are", "as", "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "cannot", "could", "did", "do", "does", "doing", "don", "done", "down", "during", "each", "either", "else", "even", "ever", "every", "few", "for", "from", "further", "gave", "get", "give", "given", "go", "goes", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "kind", "know", "let", "like", "made", "make", "makes", "many", "may", "me", "might", "mine", "more", "most", "much", "must", "my", "myself", "name", "need", "no", "nor", "not", "now", "of", "off", "on", "once", "one", "only", "or", "other", "our", "ours", "out", "over", "own", "please", "put", "same", "shall", "she", "should", "show", "since", "so", "some", "somebody", "someone", "something", "still", "such", "take", "tell", "than", "that", "the", "their", "them", "themselves", "then", "there", "these", "they", "thing", "things", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "us", "use", "used", "very", "want", "was", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you", "your", "yours", "yourself", "s", "t", "m", "d", "ll", "re", "ve", "cant", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "wont", "whats", "hows", "wheres", "whos", "thats", "im", "ive", "explain", "describe", "list", "mean", "meant", "means"]
)
"""Words that shape a question and hardly ever tell what it is about."""

_LONG_KINDS = frozenset({"list", "howto", "compare", "scenario"})

_MEASURE = re.compile(r"(?<=\bhow )(?:long|often|big|large|far|old|fast|quickly|soon|high|deep|wide|heavy|expensive)\b", re.I)
"""Behind "how" such a word tells the kind of value that is wanted, not what the question is about."""

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
