"""The values that a text states: amounts, dates and times of day, made comparable. Only the wording decides."""

import re

from assistant.answering.amounts import amounts
from assistant.answering.claims import Value
from assistant.answering.moments import moments
from assistant.answering.roles import with_roles

_LIST_NUMBER = re.compile(r"(?m)^\s*(?:[-*•]\s*)?\d{1,3}[.)](?=\s)")
_OPAQUE = re.compile(r"\S*(?:://|www\.)\S*|`[^`\n]*`|\$[^$\n]*[\\^_=][^$\n]*\$")
"""Addresses, code and formulas."""


def values(text: str) -> list[Value]:
    """The values that ``text`` states, in order, without overlap."""
    clear = _LIST_NUMBER.sub(_blank, _OPAQUE.sub(_blank, text))
    found = list(moments(clear))
    for one in found:
        clear = clear[: one.start] + " " * (one.end - one.start) + clear[one.end :]
    return with_roles(text, sorted([*found, *amounts(clear)], key=lambda one: one.start))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
