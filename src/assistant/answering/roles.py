"""What a value is of its kind: the highest, the lowest, the default one, a rough one; by the words around it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from assistant.answering.claims import SPANS, Value

_ROLES_BESIDE = {
    "max": (r"up to|at most|(?:no|not) (?:more|longer|larger|later) than|(?:less|fewer|lower) than|below|under|within|until|[<≤]=?", r"at most|or (?:less|fewer|lower|below)"),
    "min": (r"at least|(?:no|not) (?:less|fewer) than|(?:more|larger|longer|greater|higher) than|over|above|[>≥]=?|starting (?:at|from)", r"\+|or (?:more|longer|higher|above|later)|and (?:more|up)"),
    "rough": (r"[~≈]|about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|ca\.?|close to", r"or so"),
}  # fmt: skip
"""What a value is, by what stands right before or right behind it."""
_BESIDE = {
    role: (re.compile(rf"(?<!\w)(?:{before})\s?(?:a |an |the )?$", re.I), re.compile(rf"\s?(?:{after})(?!\w)", re.I))
    for role, (before, after) in _ROLES_BESIDE.items()
}
_NEARBY = {
    "max": re.compile(r"\b(?:max(?:imum|imal|imally)?|limit(?:ed)?|upper|highest|largest|longest|biggest)\b", re.I),
    "min": re.compile(r"\b(?:min(?:imum|imal|imally)?|lowest|smallest|shortest)\b", re.I),
    "default": re.compile(r"\bdefaults?\b", re.I),
    "average": re.compile(r"\b(?:average|avg|mean|median|typical(?:ly)?|usual(?:ly)?)\b", re.I),
    "advised": re.compile(r"\b(?:recommend(?:ed|ation)?|ideal(?:ly)?|should|prefer(?:red|ably)?|best)\b", re.I),
}
"""What a value is, by a word that is nearer to it than to any other value."""
_REACH = 45
"""How many characters off such a word may stand, a comma between them counting as many as ``_BREAK``."""
_BREAK = 15
_STOP = re.compile(r"[.;!?](?:\s|$)|\n")


def roles_in(text: str) -> frozenset[str]:
    """The roles that the words of ``text`` name."""
    return frozenset(role for role, pattern in _NEARBY.items() if pattern.search(text))


def with_roles(text: str, found: Sequence[Value]) -> list[Value]:
    """The values ``found`` in ``text``, each with its roles; one that is only the highest or lowest is open to the other side."""
    roles: list[set[str]] = [set() for _ in found]
    for at, one in enumerate(found):
        for role, (before, after) in _BESIDE.items():
            if before.search(text[max(0, one.start - 24) : one.start]) or after.match(text, one.end):
                roles[at].add(role)
    for role, pattern in _NEARBY.items():
        for word in pattern.finditer(text):
            if any(one.start <= word.start() < one.end for one in found):
                continue
            near = [(distance, at) for at, one in enumerate(found) if (distance := _distance(text, one, word.start(), word.end())) is not None]
            if near:
                roles[min(near)[1]].add(role)
    return [_bounded(replace(one, roles=frozenset(held))) for one, held in zip(found, roles, strict=True)]


def _distance(text: str, value: Value, start: int, end: int) -> int | None:
    """How many characters lie between a value and a word of its sentence; None if it is too far, or in another sentence."""
    between = text[end : value.start] if end <= value.start else text[value.end : start]
    distance = len(between) + _BREAK * sum(between.count(mark) for mark in ",;")
    return None if distance > _REACH or _STOP.search(between) else distance


def _bounded(value: Value) -> Value:
    if value.low < value.high or value.dimension in SPANS or {"max", "min"} <= value.roles:
        return value
    if "max" in value.roles:
        return replace(value, low=-inf)
    return replace(value, high=inf) if "min" in value.roles else value
