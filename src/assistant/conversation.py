"""Questions that lean on earlier ones, made to stand alone. No language model: what a question leaves out, the one before it says."""

import re
from collections.abc import Callable, Sequence

_ANAPHORA = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|those|these|there|he|she|his|her|him|one|ones|former|latter|same|such|other|others|another|else|instead|counterpart)\b"
    r"|\b(?:that|this)\b(?! (?:is|are|was|were|i|we|you|they)\b)"
    r"|^\W*(?:and|but|or|so|also|then|what about|how about|why|why not|how so|since when|compare|versus|vs|the (?:first|second|third|last|next|other))\b",
    re.I,
)
# A capital behind a small letter, two capitals or one at the beginning, a letter behind a digit. No character can be read in two ways:
# with a bare \w* for what lies between, a word of thousands of letters would take seconds.
_NAME = re.compile(r"\b(?:[^\Wa-z]*[a-z][^\WA-Z]*[A-Z]|[A-Z][A-Za-z]|[^\W\d]*\d[^\WA-Za-z]*[A-Za-z])")
_MOST_WORDS = 120
"""So many the encoder sees; of a longer text it would not see the end, which is what is asked now."""
_LONG = 12
"""A question of more words says what it is about."""


def standalone(question: str, history: Sequence[str] = (), *, strange: Callable[[str], bool] = lambda text: False) -> str:
    """``question`` as it reads on its own: with the earlier questions it leans on in front of it, or as it is where it leans on none.

    ``history`` holds the earlier questions, oldest first. ``strange`` tells of a question whether it speaks of what the notes do not know:
    unless a word in it points back, such a one begins a new topic. In all it comes to no more than ``_MOST_WORDS``, unless ``question`` alone does.
    """
    texts = [" ".join(question.split())]
    words = len(texts[0].split())
    for before in reversed(history):
        words += len(before.split())
        if not _leans(texts[-1], strange) or words > _MOST_WORDS:
            break
        texts.append(" ".join(before.split()))
    asked, *earlier = texts
    return " ".join([*(text.rstrip(".;, ") for text in reversed(earlier) if text), asked])


def _leans(text: str, strange: Callable[[str], bool]) -> bool:
    if _ANAPHORA.search(text):
        return True
    # A capital at the beginning names nothing; one further on does, and a question with a name in it stands alone.
    first, _, rest = text.partition(" ")
    named = _NAME.search(rest) or re.search(r"\w[A-Z]|[A-Z]{2}", first)
    return not named and len(text.split()) <= _LONG and not strange(text)
