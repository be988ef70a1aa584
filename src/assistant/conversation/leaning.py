"""Whether a question leans on those before it, told by its wording."""

import re
from bisect import bisect_right

from assistant.conversation.phrases import PREPOSITIONS, Phrase, phrases, words

OPENING = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks?(?: you)?|great|good|nice|hm+|well|right|cool|fine|i see|yes|no|sorry|wait|actually)\b\W*)+", re.I
)
"""What is said before a question and asks nothing."""

CONNECTIVE = re.compile(r"^(?:(?:and|but|or|so|also|then|plus)\b\W*)+", re.I)
"""What a question begins with that goes on from the one before."""

_EXPLETIVE = re.compile(
    r"\b(?:is|are|was|were|be|been) there\b|\bthere(?:'s| (?:is|are|was|were|will|has|have|a|any)\b)"
    r"|\bit (?:called|known as|possible|necessary|true|safe|worth|better|best|important|legal|allowed|required|recommended|normal|easy"
    r"|hard|ok)"
    r"(?: \w+)? (?:to|that|when|if|for|in)\b|\b(?:does|did|will|would) it take (?:[\w-]+ ){0,3}to\b|\bit takes? (?:[\w-]+ ){0,3}to\b"
    r"|\bwhat time is it\b|\b(?:this|next|last) (?:year|month|week|morning|evening|time)\b|\b(?:those|these|that) who\b"
    r"|(?<!\w)(['\"‘“`]).+?['\"’”`](?!\w)",
    re.I,
)
"""An "it", "there" or "this" that stands for nothing said before; and what is quoted."""

_PRONOUN = re.compile(
    r"\b(?:(?P<near>its|theirs?|his|her(?= \w)|(?:an)?other)|it|they|them|he|she|him|hers?|itself|themselves|this|that|these|those|there"
    r"|(?<!no )(?<!as )(?<!any )such(?! as\b| that\b|[,;:.?!)])|former|latter|else|instead|others|which ones?(?! of| is (?:a|the)\b| are (?:a|the)\b)"
    r"|(?:the|an?|any|these|those) [\w-]+ ones?(?![- ](?:time|way|day|off)\b))\b",
    re.I,
)
"""What stands for something named before; ``near`` if that may be what its own clause is about: "Does a lamp have its own switch?" """

_CLAUSE = re.compile(r"[,;:.!?—–]\s|\s-\s|\s(?:and|but|or|if|when|while|because|before|after|until|that|which|who|so|once|without)\s", re.I)
_CONDITION = re.compile(r"\b(?:if|when|while|once|because)\s+$", re.I)
_RELATIVE = re.compile(r"(?:\s\w+)?\s(?:which|that|whom)$", re.I)
_POINTING = frozenset(
    [
        "do", "like", "than", "and", "but", "or", "why", "how", "what", "when", "where", "who", "all", "use", "if", "once", "while",
        "because", "unless", "whether"
    ]
)  # fmt: skip


def referring(text: str) -> re.Match[str] | None:
    """The first word of ``text`` that stands for something that ``text`` itself does not name."""
    masked = _EXPLETIVE.sub(lambda match: "_" * len(match[0]), text)
    found, clauses = phrases(masked), [clause.start() for clause in _CLAUSE.finditer(masked)]
    return next((match for match in _PRONOUN.finditer(masked) if _refers_back(masked, match, found, clauses)), None)


def _refers_back(text: str, match: re.Match[str], found: list[Phrase], clauses: list[int]) -> bool:
    word, before = match[0].lower(), text[: match.start()].rstrip()
    if word == "that" and not _points(before, text[match.end() :]):
        return False
    if word in ("this", "that") and _CONDITION.search(text[: match.start()]):
        # What has happened, which no noun beside it names: "is the lamp safe if that breaks?"
        return True
    earlier = [one for one in found if one.end <= match.start()]
    if match["near"]:
        return not any(
            one.named or (word.endswith("other") and one.determiner) or (word.startswith("it") and _is_subject(one)) for one in earlier
        )
    # A pronoun never stands for what its own clause is about, nor for the noun that its clause explains.
    passed = bisect_right(clauses, match.start() - 1)
    limit = clauses[passed - 1] if passed else 0
    if earlier and word in ("it", "they", "he", "she") and earlier[-1].end == len(_RELATIVE.sub("", before)):
        limit = earlier[-1].start
    return not any(one.end <= limit and (one.named or one.determiner or _CONDITION.search(text[: one.start])) for one in earlier)


def _is_subject(phrase: Phrase) -> bool:
    """Whether ``phrase`` may be what a later "its" is about; "the size of its ..." is not."""
    told = phrase.determiner is not None or (phrase.before is not None and phrase.before.verb)
    return told and not (phrase.after is not None and phrase.after.lower in PREPOSITIONS)


def _points(before: str, after: str) -> bool:
    """Whether a "that" between two texts points at something, and does not begin a clause."""
    last = words(before[-40:])[-1:]
    return not after.strip(" ?.!") or not last or last[0].verb or last[0].lower in PREPOSITIONS or last[0].lower in _POINTING
