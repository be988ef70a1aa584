"""Words as they are typed: what the last of them may become, where a text holds them, and the part of it that shows most of them."""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence

from assistant.index.words import WordIndex
from assistant.retrieval.query import Query

Span = tuple[int, int]
"""Start and end in a text, in code points."""

# Letters with what stands above or below them; an underscore parts words, as it does in the word index.
_WORD = re.compile(r"[^\W_]+")
_LONG = 2
"""The shortest beginning of a word that is marked: a single letter begins half of all words."""
_COMPLETIONS = 6
_ENDING, _STEM = 4, 4
"""Letters of an ending that a stem lacks, and of the shortest stem that is looked for."""


def unfinished(text: str) -> str | None:
    """The last word of ``text``, which may go on; None if something stands behind it, or it is too short to tell anything."""
    words = list(_WORD.finditer(text))
    if not words or words[-1].end() != len(text) or len(words[-1][0]) < _LONG:
        return None
    return words[-1][0]


def completions(word: str, words: WordIndex) -> tuple[str, ...]:
    """The terms of the notes that ``word`` may become, those that most passages hold first; none if it is one of theirs already."""
    if any(words.frequency(term) for term in words.terms(word)):
        return ()
    begun = folded(word)
    longer = words.beginning(begun)
    # What is typed may have passed by the stem: "compressi" is on its way to "compression", which is indexed as "compress".
    stems = (begun[:-cut] for cut in range(1, _ENDING + 1) if len(begun) - cut >= _STEM)
    shorter = {stem: frequency for stem in stems if (frequency := words.frequency(stem))}
    known = longer or shorter
    return tuple(sorted(known, key=lambda term: (-known[term], term))[:_COMPLETIONS])


def sought(query: Query) -> frozenset[str]:
    """The terms that show that a passage matches ``query``: its own, and the short forms that may stand in place of some."""
    others = (run[0] for alias in query.aliases for run in alias.others if len(run) == 1)
    return frozenset((*query.terms, *others))


def matches(text: str, terms: Collection[str], *, stem: Callable[[str], Sequence[str]], prefix: str | None = None) -> tuple[Span, ...]:
    """The words of ``text`` that are indexed by one of ``terms``, or begin with ``prefix`` (folded); in order.

    ``stem`` gives what the word index makes of a text.
    """
    return tuple(word.span() for word in _WORD.finditer(text) if _fits(word[0], terms, stem, prefix))


def _fits(word: str, terms: Collection[str], stem: Callable[[str], Sequence[str]], prefix: str | None) -> bool:
    return (prefix is not None and folded(word).startswith(prefix)) or any(term in terms for term in stem(word))


def folded(word: str) -> str:
    """``word`` in lower case and without accents, as the word index folds it before it stems."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))


def excerpt(text: str, spans: Sequence[Span], *, room: int) -> Span:
    """The part of ``text``, at most ``room`` characters and cut between words, that holds most of ``spans``; the earliest of the best."""
    if len(text) <= room:
        return 0, len(text)
    starts = [0, *(_cut(text, max(0, start - room // 4), start) for start, _ in spans)]
    best = max(starts, key=lambda start: (len({text[a:b].lower() for a, b in spans if start <= a and b <= start + room}), -start))
    end = min(len(text), best + room)
    while end < len(text) and end > best + room // 2 and not text[end].isspace():
        end -= 1
    return best, end


def _cut(text: str, start: int, most: int) -> int:
    """The first beginning of a word from ``start`` on, ``most`` at the latest."""
    while 0 < start < most and not text[start - 1].isspace():
        start += 1
    return start
