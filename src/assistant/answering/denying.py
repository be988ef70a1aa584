"""Yes and no: what a text denies, and what it affirms."""

import re
from collections.abc import Callable, Collection
from itertools import islice

from assistant.answering.claims import Value

_POLAR = re.compile(r"^\W*(?:is|are|was|were|does|do|did|can|could|will|would|has|have|may|must|should)\b(?!.*\bor\b)", re.I)
_NOT = re.compile(r"\b(?:not|never|cannot|no longer|\w+n[’']t)\b", re.I)
_LEAVES_OPEN = re.compile(
    r"\b(?:no|none|nor|neither|without|avoid\w*|unless|if|when(?:ever)?|whether|should|must|instead|rather|unlike|except|lacks?|fails?|prevents?|rul(?:es?|ed) out)\b", re.I
)
"""What is said with these is not said to be so: "avoid it where that must be done at once"."""
_WORD = re.compile(r"\w+")
_REACH = 4
"""What is denied stands within so many words."""
_LONGEST = 8
"""What is affirmed takes no more words."""


def is_polar(question: str) -> bool:
    """Whether ``question`` wants a yes or a no."""
    return bool(_POLAR.search(question))


def denied(text: str, terms: Collection[str], stem: Callable[[str], list[str]]) -> Value | None:
    """Where ``text`` denies some of ``terms``, from its "not" to the last of them; ``stem`` gives the terms of a word."""
    for match in _NOT.finditer(text):
        after = [word for word in islice(_WORD.finditer(text, match.end()), _REACH) if not set(terms).isdisjoint(stem(word[0]))]
        if after:
            return Value(match.start(), after[-1].end(), "yes/no", 0, 0)
    return None


def affirmed(text: str, terms: Collection[str], stem: Callable[[str], list[str]]) -> Value | None:
    """Where ``text`` says all of ``terms`` close together, and neither denies anything nor leaves it open, from the first of them to the last."""
    said = [(word, set(terms).intersection(stem(word[0]))) for word in _WORD.finditer(text)]
    held = [word for word, of in said if of]
    if _NOT.search(text) or _LEAVES_OPEN.search(text) or not held or set().union(*(of for _, of in said)) != set(terms):
        return None
    start, end = held[0].start(), held[-1].end()
    return Value(start, end, "yes/no", 1, 1) if len(_WORD.findall(text, start, end)) <= _LONGEST else None
