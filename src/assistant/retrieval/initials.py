"""What a short form that the notes never write may stand for in them: words in a row that begin with its letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from assistant.retrieval.query import Terms

_SHORT = re.compile(r"(?<![\w-])[A-Z]{4,6}(?![\w-])")
"""Of 2,000 short forms made up of usual initials, the best 24 passages for a question hold words for 0.2 % of those of four letters in two
passages or more, and for 2 % in one; for 1 to 2 % of those of three letters in two, and for 21 % in one. Over two collections."""
_BETWEEN = r"[^\w.!?;:\n]{1,3}"
_LEAST = 2
"""Texts that hold the same words, at least."""


def short_forms(text: str) -> list[str]:
    """The words of ``text`` that look like short forms, each once."""
    return list(dict.fromkeys(_SHORT.findall(text)))


def spelt_out(short: str, texts: Iterable[str], terms: Callable[[str], Sequence[str]]) -> Terms | None:
    """The terms of the words in a row that begin with the letters of ``short`` in most of ``texts``, the first of equals; None if too few have such."""
    words = re.compile(r"(?<![^\W_])" + _BETWEEN.join(rf"{letter}[^\W_]+" for letter in short), re.I)
    held = Counter(run for text in texts for run in {tuple(terms(found)): None for found in words.findall(text)})
    run, count = next(iter(held.most_common(1)), ((), 0))
    return run if count >= _LEAST else None
