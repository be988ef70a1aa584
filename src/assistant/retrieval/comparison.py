"""The two things that a question compares, by its wording alone."""

import re
from collections.abc import Iterable

from assistant.retrieval.query import FUNCTION_WORDS

_JOINTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<joint>\b(?:vs\b\.?|versus\b|as opposed to\b|compared (?:to|with)\b|in contrast to\b|rather than\b))",
        r"^[^?:.]*\b(?P<joint>or|and|against)\b(?=[^?:.]*(?::| [-–—]) )",
        r"\bbetween\b.{2,80}?\b(?P<joint>and)\b",
        r"\b(?:differ\w*|distinguish\w*|compar\w+)\b.{0,80}?\b(?P<joint>and|from|with|to)\b",
        r"\b(?P<joint>and|or)\b(?=.{2,60}\bdiffer)",
        r"\b(?P<joint>and|or)\b (?:what|when|which|how|where)\b",
        r"\b(?P<joint>or|against)\b",
    )
)
"""What joins the two, the surest first."""

_SIDE = r"(?:the |an? )?[^,;:?!]{1,60}?"
_PAIRS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:difference|differences|differ|choose|decide) between (?P<a>{_SIDE}) and (?P<b>[^,;:?!]+)",
        rf"^compare (?P<a>{_SIDE}) (?:and|with|to|against) (?P<b>[^,;:?!]+)",
        rf"\b(?:do|does|did) (?P<a>{_SIDE}) (?:differ from|compare (?:to|with)) (?P<b>[^,;:?!]+)",
        rf"\b(?:do|did) (?P<a>{_SIDE}) and (?P<b>[^,;:?!]+?) (?:differ|compare)\b",
        rf"^(?:is|are|was|were) (?P<a>{_SIDE}) (?:\w+er|more \w+|less \w+) than (?P<b>[^,;:?!]+)",
        rf"^(?P<a>{_SIDE}) (?:vs\.?|versus) (?P<b>[^,;:?!]+)",
    )
)
"""How a question is put that compares two things, and nothing else beside."""

_TOKEN = re.compile(r"\w[\w'’-]*|[^\w\s]")
_TELLING = re.compile(r"(?:compar|differ|distinguish)\w*|(?:bett|cheap|fast|slow|old|new|larg|small|bigg|long|short|strong|weak|saf)er|worse|more|less", re.I)
"""Words that set two things against each other, and name none."""
_LONGEST_NAME = 4
"""In words."""


def pair(text: str) -> tuple[str, str] | None:
    """The two things that a question compares, as it puts them: "a local index" and "a global one"; None if it compares none."""
    found = next((match for pattern in _PAIRS if (match := pattern.search(text))), None)
    return (found["a"].strip(), found["b"].strip(" .")) if found else None


def sides(text: str) -> tuple[str, str] | None:
    """The names of the two things that ``text`` sets against each other, as it writes them; None where it does not.

    A name is the run of words that adjoins what joins the two: "a local vs. a global index" gives ("local", "global index").
    """
    for joint in _JOINTS:
        if match := joint.search(text):
            low, high = match.span("joint")
            left = _run(reversed(_TOKEN.findall(text[:low])))[::-1]
            right = _run(iter(_TOKEN.findall(text[high:])))
            if left and right and left != right:
                return " ".join(left), " ".join(right)
    return None


def _run(tokens: Iterable[str]) -> list[str]:
    """The first words of ``tokens`` that name something, up to what shapes a sentence."""
    words: list[str] = []
    for token in tokens:
        if token[0].isalnum() and token.lower() not in FUNCTION_WORDS and not _TELLING.fullmatch(token):
            words.append(token)
        elif words:
            break
    return words[:_LONGEST_NAME]
