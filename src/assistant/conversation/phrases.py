"""The words and noun phrases of a question, told by the few words that shape English questions: no model, no dictionary of nouns."""

import re
from dataclasses import dataclass

from assistant.retrieval.operators import spans
from assistant.retrieval.query import FUNCTION_WORDS

DETERMINERS = frozenset(
    [
        "a", "an", "the", "my", "your", "our", "some", "any", "each", "every", "no", "this", "that", "these", "those", "his", "her",
        "its", "their"
    ]
)  # fmt: skip
PREPOSITIONS = frozenset(
    [
        "of", "in", "on", "at", "for", "with", "from", "to", "by", "about", "into", "onto", "over", "under", "between", "behind",
        "within", "without", "through", "during", "before", "after", "since", "until", "against", "per", "via", "inside", "outside",
        "across", "near", "above", "below", "around", "along", "among", "beside", "beyond", "towards", "upon", "as"
    ]
)  # fmt: skip
QUESTION_WORDS = frozenset(["what", "which", "who", "whom", "whose", "when", "where", "why", "how"])
PERSONS = frozenset(["i", "you", "we", "one", "someone", "somebody", "anyone", "anybody", "people"])
BE = frozenset(["am", "is", "are", "was", "were", "what's", "who's", "where's", "how's", "isn't", "aren't", "wasn't", "weren't"])
_AUXILIARIES = BE | frozenset(
    [
        "do", "does", "did", "can", "could", "will", "would", "shall", "should", "may", "might", "must", "has", "have", "had", "don't",
        "doesn't", "didn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't"
    ]
)  # fmt: skip
_VERBS = frozenset(
    [
        "accept", "add", "allow", "apply", "ask", "begin", "belong", "bill", "call", "cause", "change", "charge", "come", "compare",
        "consist", "contain", "cost", "create", "deal", "depend", "die", "differ", "end", "expect", "fail", "find", "fit", "follow",
        "get", "give", "go", "happen", "help", "hold", "include", "install", "join", "keep", "last", "learn", "leave", "let", "listen",
        "live", "look", "lose", "make", "mean", "need", "offer", "open", "pay", "prevent", "produce", "provide", "put", "reach", "read",
        "receive", "replace", "require", "return", "run", "save", "scale", "see", "sell", "send", "serve", "start", "stay", "stop",
        "store", "support", "take", "tell", "think", "transfer", "treat", "turn", "understand", "use", "visit", "wait", "want", "win",
        "work", "write"
    ]
)  # fmt: skip
"""Verbs that often follow the subject of a question: where the subject ends, nothing else tells."""

_TOKEN = re.compile(r"[^\s,;:?!()\[\]\"“”‘`*]+|[,;:?!()\[\]\"“”‘`*]")
_CAPITAL = re.compile(r"[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a text, or an operator (see ``retrieval.operators``), which counts as a name.

    ``content`` tells of a word that it does more than shape a question, ``name`` that it looks like a name.
    """

    text: str
    start: int
    end: int
    content: bool
    name: bool

    @property
    def lower(self) -> str:
        """What it is looked up by."""
        return self.text.lower()

    @property
    def auxiliary(self) -> bool:
        """Whether it is a form of "be", "do" or "have", or "can" and the like."""
        return not self.name and self.lower in _AUXILIARIES

    @property
    def verb(self) -> bool:
        """Whether it may well be a verb."""
        return self.auxiliary or (not self.name and self.lower in _VERBS)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What looks like a noun phrase: a run of content words and the determiner in front of it; ``before`` and ``after`` stand beside it."""

    words: tuple[Word, ...]
    determiner: Word | None
    before: Word | None
    after: Word | None

    @property
    def start(self) -> int:
        """Where it begins in the text it is of, its determiner included."""
        return (self.determiner or self.words[0]).start

    @property
    def end(self) -> int:
        """Where it ends in the text it is of."""
        return self.words[-1].end

    @property
    def named(self) -> bool:
        """Whether there is a name in it."""
        return any(word.name for word in self.words)

    @property
    def article(self) -> str:
        """Its determiner, "a" for "an" too; empty if it has none."""
        return "" if self.determiner is None else "a" if self.determiner.lower == "an" else self.determiner.lower

    def hangs_on(self, other: "Phrase") -> bool:
        """Whether nothing but a preposition stands between ``other`` and this one."""
        return self.before is not None and self.before == other.after and self.before.lower in PREPOSITIONS


def words(text: str, *, inside: bool = False) -> list[Word]:
    """The words and marks of ``text`` in order. A capital at its beginning makes no name, unless ``text`` stands ``inside`` a sentence."""
    found: list[Word] = []
    at = 0
    for start, end in spans(text):
        found += _words(text, at, start, inside=inside or at > 0)
        found.append(Word(text[start:end], start, end, content=True, name=True))
        at = end
    return found + _words(text, at, len(text), inside=inside or at > 0)


def _words(text: str, start: int, stop: int, *, inside: bool) -> list[Word]:
    found: list[Word] = []
    for match in _TOKEN.finditer(text, start, stop):
        token = match[0].rstrip(".") or match[0]
        shaping = _shapes(token.lower()) or not any(map(str.isalnum, token))
        capital = bool(_CAPITAL.search(token if found or inside else token[1:]))
        name = capital and (not shaping or (token.isupper() and len(token) > 1))
        found.append(Word(token, match.start(), match.start() + len(token), name or not shaping, name))
    return found


def _shapes(lower: str) -> bool:
    return lower in FUNCTION_WORDS or lower in PREPOSITIONS or lower in DETERMINERS or lower in _AUXILIARIES


def phrases(text: str, *, inside: bool = False, start: int | None = None) -> list[Phrase]:
    """The phrases of ``text`` in order; those from ``start`` on, if it is given.

    No verb is expected from there on, nor in a text that stands ``inside`` a sentence. Elsewhere a verb that is not known for one is taken for
    a part of its subject.
    """
    tokens = words(text, inside=inside)
    found: list[Phrase] = []
    first = 0
    for at in range(len(tokens) + 1):
        nominal = inside or (at < len(tokens) and start is not None and tokens[at].start >= start)
        if at < len(tokens) and tokens[at].content and (nominal or not _acts(tokens, at, begun=first < at)):
            continue
        if first < at:
            found.append(_phrase(tokens, first, at))
        first = at + 1
    return [one for one in found if start is None or one.start >= start]


def _phrase(tokens: list[Word], first: int, end: int) -> Phrase:
    before = tokens[first - 1] if first else None
    determiner = before if before is not None and before.lower in DETERMINERS else None
    outer = first - (2 if determiner else 1)
    return Phrase(tuple(tokens[first:end]), determiner, tokens[outer] if outer >= 0 else None, tokens[end] if end < len(tokens) else None)


def fragment(text: str) -> bool:
    """Whether ``text`` has no verb that could be told."""
    tokens = words(text)
    if len(tokens) > 1 and tokens[0].lower == "who" and tokens[1].content:
        return False
    return not any(word.auxiliary or _acts(tokens, at, begun=at > 0 and tokens[at - 1].content) for at, word in enumerate(tokens))


def _acts(tokens: list[Word], at: int, *, begun: bool) -> bool:
    """Whether a word is a verb: where a subject has ``begun``, one that can be a verb is, and behind "I" any word is."""
    word = tokens[at]
    # "The one" is nobody.
    behind_person = at > 0 and tokens[at - 1].lower in PERSONS and not (at > 1 and tokens[at - 2].lower in DETERMINERS)
    return not word.name and word.text[0].isalpha() and (behind_person or (begun and word.lower in _VERBS))
