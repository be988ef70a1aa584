"""Whether a text says what something is: "A shard is a sequence of records"."""

import re
from collections.abc import Callable, Collection, Sequence

_SAYS_WHAT = re.compile(
    r"(?:[-*+•>#\s]|\*\*|__)*(?:(?:the|an?) )?(?P<name>[^.,;:!?\n(]{2,70}?)(?:\*\*|__)?(?:\s\((?P<other>[^()\n]{1,50})\))?,?"
    r"\s(?:is|are|was|were|means?|refers? to|stands? for)\s(?=(?:an?|the|one|any|some|to|where|when|how)\s)",
    re.I,
)
_MOST_BESIDE = 1
"""Terms of a name that need not be asked for: "Amazon Redshift" of Redshift."""


def defines(text: str, asked: Collection[str], terms: Callable[[str], Sequence[str]]) -> bool:
    """Whether ``text`` begins with a name that is what is ``asked`` about, and says what that is; ``terms`` gives the terms of a text."""
    found = _SAYS_WHAT.match(text)
    if found is None:
        return False
    return any(heads(name, asked, terms) for name in found.groups() if name)


def heads(name: str, asked: Collection[str], terms: Callable[[str], Sequence[str]]) -> bool:
    """Whether ``name`` is that of what is ``asked`` about."""
    own = set(terms(name))
    return own.issuperset(asked) and len(own) <= len(asked) + _MOST_BESIDE
