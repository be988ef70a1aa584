"""Slips of the pen, mended by the notes' own vocabulary."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from assistant.retrieval.query import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[ -]")
_SHORTEST = 3
"""Letters of a word that is mended."""
_LEAST_JOINED = 4

_ALIKE = 0.75
"""The least likeness (1 - edits / length, two letters swapped counting as one edit) of a word and what it is taken for.

Of 2,000 misspelt words that the notes hold spelt right, 70 % are mended as meant and 6 % otherwise; of 2,000 right words that the notes do not
hold, 2.4 % are touched. At 0.8 it is 60, 4 and 1.5 %."""
_SHORT = 5
"""In so short a word a letter written for another makes too many other words: only a vowel for a vowel is mended. (Without this 3.4 % of right
words are touched.)"""
_WITHIN = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Before a capital within a word, which makes a name of it. It is parted only where the notes write the parts with the same capitals: of 2,000
such names that the notes do not hold 2.1 and 2.5 % are touched over two collections, where 4.5 and 4.8 % were; as many slips are mended."""
_CAPITALS = 3
"""A word of which more than one letter in so many is a capital is a name: two short forms that are alike mean two things."""
_SWAPPED = 3.0
"""How much likelier two letters are swapped than another slip is made, as a logarithm. Of 2,324 made-up slips 1,558 are mended as meant at anything
from 1 to 6, and 1,555 at 0; of 1,604 in words that shape a question 823 to 827."""
_VOWELS = frozenset("aeiouy")


class Mended(NamedTuple):
    """A text, and what was put right in it: pairs of a word as it stood and as it stands."""

    text: str
    corrections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Speller:
    """The notes' spelling.

    ``terms`` stems as the word index does, ``knows`` tells whether the notes hold a term, ``adjoin`` whether they hold terms one behind the
    other. ``beginning`` gives the terms with a prefix and how many passages hold each, and ``holding`` texts that hold a term; they are asked
    only if there is a word to mend. ``is_word`` knows words that are spelt right though the notes do not hold them.
    """

    terms: Callable[[str], list[str]]
    knows: Callable[[str], bool]
    adjoin: Callable[[Sequence[str]], bool]
    beginning: Callable[[str], Mapping[str, int]]
    holding: Callable[[str], Iterable[str]]
    is_word: Callable[[str], bool] = lambda word: False

    def mend(self, text: str, *, untouched: Iterable[tuple[int, int]] = ()) -> Mended:
        """``text`` with what the notes do not hold, but hold in a like form, put as they spell it; nothing within the spans ``untouched``.

        A word that the notes hold is never changed, nor one that is like none of theirs, nor one that only shapes a question, nor a name in
        capitals. Two words are joined where the notes hold them as one and not both alone, and one is parted where they hold its parts alone, one
        behind the other; one with a capital within only where they write it apart with that capital.
        """
        kept = list(untouched)
        words = [word for word in _WORD.finditer(text) if not any(start < word.end() and word.start() < end for start, end in kept)]
        places = dict(self._joined(text, words))
        joined = {place for start, end in places for place in range(start, end)}
        places |= {word.span(): found for word in words if word.start() not in joined and (found := self._meant(word[0]))}
        pairs = dict.fromkeys((text[start:end], found) for (start, end), found in sorted(places.items()))
        for (start, end), found in sorted(places.items(), reverse=True):
            text = text[:start] + found + text[end:]
        return Mended(text, tuple(pairs))

    # Words parted and joined

    def _joined(self, text: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[tuple[int, int], str]]:
        end = 0
        for first, second in pairwise(words):
            whole = first[0] + second[0]
            if (
                first.start() < end
                or not _JOINT.fullmatch(text[first.end() : second.start()])
                or _shapes(first[0])
                or len(whole) < _LEAST_JOINED
            ):
                continue
            if self._holds(whole) and not (self._holds(first[0]) and self._holds(second[0])):
                end = second.end()
                yield (first.start(), end), whole

    def _parted(self, word: str, *, among_words: bool) -> str | None:
        """``word`` in two parts that the notes hold one behind the other; "director" is a word, and not "direct or"."""
        places = range(_SHORTEST, len(word) - _SHORTEST + 1)
        cuts = (f"{word[:at]} {word[at:]}" for at in places if not _shapes(word[:at]) and not (among_words and _shapes(word[at:])))
        return next((cut for cut in cuts if all(map(self._holds, cut.split())) and self.adjoin(self.terms(cut))), None)

    def _written_apart(self, name: str) -> str | None:
        """``name``, which has capitals within, as words, if the notes write it so: "BigQuery" is not what they say of a big query."""
        apart = _WITHIN.sub(" ", name)
        stems = self.terms(apart)
        return apart if all(map(self.knows, stems)) and any(apart in text for text in self.holding(stems[-1])) else None

    def _holds(self, word: str) -> bool:
        stems = self.terms(word)
        return len(stems) == 1 and self.knows(stems[0])

    # Words misspelt

    def _meant(self, word: str) -> str | None:
        """What ``word`` most likely was meant to be; None if it may stand."""
        stems = self.terms(word)
        if len(word) < _SHORTEST or len(stems) != 1 or not word.isalpha() or _shapes(word) or self.knows(stems[0]):
            return None
        if sum(map(str.isupper, word)) > len(word) / _CAPITALS or (len(stems[0]) <= _SHORTEST and not word.islower()):
            return None
        right = self.is_word(word) or self.is_word(stems[0])
        if parted := self._written_apart(word) if _WITHIN.search(word) else self._parted(word, among_words=right):
            return parted
        if right:
            return None
        term = self._nearest(stems[0])
        return self._as_spelt(word, term) if term else None

    def _nearest(self, stem: str) -> str | None:
        """The term that takes the fewest edits from ``stem``, if one is like it; of several the likeliest.

        People hardly ever miss the first letter (Yannakoudakis and Fawthrop, "The rules of spelling errors", 1983: in 1.4 % of their errors),
        but may swap it with the second.
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        known = {**self.beginning(stem[0]), **self.beginning(stem[1::-1])}
        likely = [term for term in known if _may_be(stem, term)]
        # One edit in three letters leaves a likeness of two thirds.
        least = _ALIKE if len(stem) > _SHORTEST else 0.66
        near = extract(stem, likely, scorer=OSA.normalized_similarity, score_cutoff=least, limit=8)
        best = min(near, key=lambda match: (OSA.distance(stem, match[0]), -_likelihood(stem, match[0], known[match[0]])), default=None)
        if best is None and stem.endswith("e") and len(stem) > _SHORTEST + 1:
            # The stemmer takes the "e" of "change", and leaves that of "chnage".
            return self._nearest(stem[:-1])
        return best[0] if best else None

    def _as_spelt(self, word: str, term: str) -> str | None:
        """``term`` as the notes spell it, in the form that is most like ``word``, or else is the most frequent."""
        from rapidfuzz.distance import OSA

        forms = Counter(form for text in self.holding(term) for form in _WORD.findall(text) if self.terms(form) == [term])
        if not forms:
            return None
        form = min(forms, key=lambda form: (OSA.distance(word.lower(), form.lower()), -forms[form], form))
        # A capital at the beginning is the sentence's, one further on the word's own.
        return form if form[1:] != form[1:].lower() else form.capitalize() if word[0].isupper() else form.lower()


def _shapes(word: str) -> bool:
    return word.lower() in FUNCTION_WORDS


def _likelihood(stem: str, term: str, held: int) -> float:
    """How likely ``term`` was meant, as a logarithm: by how many passages hold it, and whether it has the letters of ``stem`` and its first one."""
    return math.log1p(held) + _SWAPPED * (sorted(term) == sorted(stem)) + (term[0] == stem[0])


def _may_be(stem: str, term: str) -> bool:
    """Whether ``stem`` may be ``term`` misspelt, however like they are."""
    if abs(len(term) - len(stem)) > 2 or len(term) < _SHORTEST or term.isdigit():
        return False
    if sorted(stem) == sorted(term):
        return True
    if min(len(stem), len(term)) == _SHORTEST:
        return len(stem) < len(term) == _SHORTEST + 1 and _without_one(term, stem)
    if len(stem) == len(term) <= _SHORT:
        return all(one == other or {one, other} <= _VOWELS for one, other in zip(stem, term, strict=True))
    return True


def _without_one(term: str, stem: str) -> bool:
    """Whether ``stem`` is ``term`` with a letter left out."""
    return any(term[:at] + term[at + 1 :] == stem for at in range(len(term)))
