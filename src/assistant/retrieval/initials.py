"""What a short form that the notes never write may stand for in them: words in a row that begin with its letters."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from assistant.retrieval.query import Terms

_SHORT = re.compile(r"(?<![\w-])[A-Z]{4,6}(?![\w-])")
"""Three letters begin three words in a row by chance too often."""
_BETWEEN = r"[^\w.!?;:\n]{1,3}"
_LEAST = 2
"""Texts that hold the same words, at least: four letters, too, begin four words by chance in one text of some two hundred words out of a few hundred."""


def short_forms(text: str) -> list[str]:
    """The words of ``text`` that look like short forms, each once."""
    return list(dict.fromkeys(_SHORT.findall(text)))


def spelt_out(short: str, texts: Iterable[str], terms: Callable[[str], Sequence[str]]) -> Terms | None:
    """The terms of the words in a row that begin with the letters of ``short`` in most of ``texts``, the first of equals; None if too few have such."""
    words = re.compile(r"(?<![^\W_])" + _BETWEEN.join(rf"{letter}[^\W_]+" for letter in short), re.I)
    held = Counter(run for text in texts for run in {tuple(terms(found)): None for found in words.findall(text)})
    run, count = next(iter(held.most_common(1)), ((), 0))
    return run if count >= _LEAST else None
