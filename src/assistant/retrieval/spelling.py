"""Slips of the pen, mended by the notes' own vocabulary."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile

from assistant.retrieval.query import FUNCTION_WORDS

_WORD = re.compile(r"[^\W\d_]{4,}")
_ALIKE = 0.72
"""The least likeness (1 - edits / length, two letters swapped counting as one edit) of a word and what it is taken for."""


def corrected(
    text: str,
    *,
    terms: Callable[[str], list[str]],
    knows: Callable[[str], bool],
    vocabulary: Callable[[], Mapping[str, int]],
    is_word: Callable[[str], bool] = lambda word: False,
) -> str:
    """``text`` with each of its ``corrections`` in the place of the word that it mends, in that word's form."""
    mended = corrections(text, terms=terms, knows=knows, vocabulary=vocabulary, is_word=is_word)
    spelt = {word: _inflected(word, terms(word)[0], term, terms) for word, term in mended.items()}
    return _WORD.sub(lambda match: spelt.get(match[0], match[0]), text)


def _inflected(word: str, stem: str, term: str, terms: Callable[[str], list[str]]) -> str:
    """``term``, which is a stem, with the ending that ``word`` has behind its own stem: "mesages" for "messag" makes "messages".

    The bare stem where that would make another word of it.
    """
    lower = word.lower()
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lower, stem, strict=False)))
    # A stem may end in another letter than the word: "query" in "queri".
    whole = term[: max(0, len(term) - (len(stem) - shared))] + lower[shared:]
    found = whole if terms(whole) == [term] else term
    return found.capitalize() if word[0].isupper() else found


def corrections(
    text: str,
    *,
    terms: Callable[[str], list[str]],
    knows: Callable[[str], bool],
    vocabulary: Callable[[], Mapping[str, int]],
    is_word: Callable[[str], bool] = lambda word: False,
) -> dict[str, str]:
    """For each word of ``text`` that the notes do not hold, the term of theirs that it most likely was meant to be.

    A word that the notes hold is never touched, nor one that is like none of theirs, nor a short one, nor one that only shapes a question,
    nor one that ``is_word`` knows to be spelt right. ``vocabulary`` (terms and how many passages hold them) is asked for only if there is
    a word to mend.
    """
    words = (word for word in dict.fromkeys(_WORD.findall(text)) if word.lower() not in FUNCTION_WORDS)
    unknown = {word: stems[0] for word in words if len(stems := terms(word)) == 1 and not knows(stems[0]) and not is_word(word)}
    if not unknown:
        return {}
    known = vocabulary()
    found = {word: _nearest(stem, known) for word, stem in unknown.items()}
    return {word: term for word, term in found.items() if term is not None}


def _nearest(stem: str, known: Mapping[str, int]) -> str | None:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    near = extract(stem, list(_candidates(stem, known)), scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=8)
    # The most like; of those equally like, the one with the same first letter, then the one that more passages hold.
    best = max(near, key=lambda match: (round(match[1], 2), match[0][0] == stem[0], known[match[0]]), default=None)
    return best[0] if best else None


def _candidates(stem: str, known: Mapping[str, int]) -> Iterable[str]:
    return (term for term in known if abs(len(term) - len(stem)) <= 2 and len(term) >= 4 and not term.isdigit())
