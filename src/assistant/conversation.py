"""Questions that lean on earlier ones, made to stand alone. No language model: what a question leaves out, the one before it says."""

import re
from collections.abc import Sequence

_ANAPHORA = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|those|these|there|he|she|his|her|him|one|ones|former|latter|same|such|other|others|another|else|instead|counterpart)\b"
    r"|\b(?:that|this)\b(?! (?:is|are|was|were|i|we|you|they)\b)"
    r"|^\W*(?:and|but|or|so|also|then|what about|how about|why|why not|how so|since when|compare|versus|vs|the (?:first|second|third|last|next|other))\b",
    re.I,
)
_NAME = re.compile(r"\b(?:\w*[a-z]\w*[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][a-z]+\w*|\w*\d\w*[a-zA-Z]\w*)\b")
_LONG = 12
"""A question of more words says what it is about."""


def standalone(question: str, history: Sequence[str] = ()) -> str:
    """``question`` as it reads on its own: with the earlier questions it leans on in front of it, or as it is where it leans on none."""
    text = " ".join(question.split())
    if not history or not _leans(text):
        return text
    before = standalone(history[-1], history[:-1])
    return f"{before.rstrip('.;, ')} {text}" if before else text


def _leans(text: str) -> bool:
    if _ANAPHORA.search(text):
        return True
    # A capital at the beginning names nothing; one further on does, and a question with a name in it stands alone.
    first, _, rest = text.partition(" ")
    named = _NAME.search(rest) or re.search(r"\w[A-Z]|[A-Z]{2}", first)
    return not named and len(text.split()) <= _LONG
