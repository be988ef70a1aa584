"""Short forms and what they stand for, read where a text introduces them: "Relational Database Service (RDS)", "RDS (Relational Database Service)"."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from assistant.segmenting.structure import plain

_BRACKETS = re.compile(r"(?<=\s)\(([^()]{2,120})\)")
_EQUATED = re.compile(r"(?<![\w-])([A-Z][A-Za-z0-9-]{1,9})(?: stands for| is short for| ?[-–—=:])\s")
_SHORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9&/-]{1,9}")
_INITIAL = re.compile(r"(?<![^\W_])[^\W_]|(?<=[a-z])[A-Z]")
_PLURAL = re.compile(r"(?<=[A-Z0-9])['’]?s$")
_ASIDE = re.compile(r"[,;]")
_SENTENCE = re.compile(r"[.;:!?|]\s+|[()•#]")
_REACH = 160
"""Characters before a bracket, or behind a dash, that a long form may take."""


class Abbreviation(NamedTuple):
    """A short form and what it stands for."""

    short: str
    long: str


def abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """Those that ``text`` introduces, each once, in order.

    After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003): the short form stands in
    brackets behind the long one or before it, its letters occur in the long form in their order, the first of them at its beginning, and the
    long form has at most min(n + 5, 2n) words for n letters. Stricter than theirs: all letters but one begin a word. Behind a dash, where no
    bracket vouches for it, all do.
    """
    return tuple(dict.fromkeys(_found(plain(text))))


def among(names: Sequence[str]) -> Iterator[Abbreviation]:
    """Those that one of ``names`` is of another: every letter of the short one begins a word of the long one, and every word is begun."""
    shorts = [name for name in names if _short(name) == name]
    for short, long in product(shorts, names):
        if len(short) >= _weighty(long) > 1 and _begins_words(short, long):
            yield Abbreviation(short, long)


def _begins_words(short: str, text: str) -> bool:
    """Whether every letter of ``short`` begins a word of ``text``, in order, the first of them the text."""
    initials = iter(_INITIAL.findall(text))
    letters = [char.lower() for char in short if char.isalnum()]
    return text[:1].lower() == letters[0] and all(any(letter == initial.lower() for initial in initials) for letter in letters)


def _weighty(text: str) -> int:
    """The number of words, without those like "of" and "the" that a short form passes over; compounds count as one."""
    return sum(len(word) > 3 or word[0].isupper() for word in text.split())


def _found(text: str) -> Iterator[Abbreviation]:
    for bracket in _BRACKETS.finditer(text):
        before = _SENTENCE.split(text[max(0, bracket.start() - _REACH) : bracket.start()])[-1].split()
        inside = bracket[1].split()
        if short := _short(_ASIDE.split(bracket[1])[0]):
            yield from _pair(short, [before[-length:] for length in range(1, len(before) + 1)])
        elif before and (short := _short(before[-1])):
            yield from _pair(short, _beginnings(inside))
    for equated in _EQUATED.finditer(text):
        behind = _SENTENCE.split(text[equated.end() : equated.end() + _REACH])[0].split()
        if short := _short(equated[1]):
            yield from _pair(short, _beginnings(behind), least=len(short))


def _beginnings(words: Sequence[str]) -> list[Sequence[str]]:
    return [words[:length] for length in range(1, len(words) + 1)]


def _pair(short: str, candidates: Sequence[Sequence[str]], *, least: int = 0) -> Iterator[Abbreviation]:
    if long := _long(short, candidates, least=least):
        yield Abbreviation(short, long)


def _short(text: str) -> str | None:
    """``text`` without the ending of its plural, if it looks like a short form."""
    text = _PLURAL.sub("", text.strip(" \"'“”‘’*"))
    return text if _SHORT.fullmatch(text) and sum(map(str.isupper, text)) > 1 else None


def _long(short: str, candidates: Sequence[Sequence[str]], *, least: int = 0) -> str | None:
    """The one of ``candidates``, which have one word more each, that begins most words with letters of ``short``; the shortest of those."""
    letters = [char.lower() for char in short if char.isalnum()]
    allowed = candidates[: min(len(letters) + 5, 2 * len(letters))]
    best = max(allowed, key=lambda words: (_initials(letters, " ".join(words)), -len(words)), default=())
    found = " ".join(best).strip(" \"'“”‘’,.")
    # Two letters occur in anything, unless it is one word.
    least = max(least, len(letters) - (len(letters) > 2 or len(best) == 1))
    return found if len(found) > len(short) and short not in best and _initials(letters, found) >= least else None


def _initials(letters: Sequence[str], text: str) -> int:
    """How many of ``letters`` begin words of ``text``, at best; -1 if they cannot all be found in their order.

    The first begins the text; one that begins no word stands in the word of the one before it.
    """
    most, here = [-1] * len(letters), [-1] * len(letters)
    for place, char in enumerate(text):
        begins = char.isalnum() and (place == 0 or not text[place - 1].isalnum() or (char.isupper() and text[place - 1].islower()))
        if begins:
            here = [-1] * len(letters)
        for at in reversed(range(len(letters))):
            before = (most if begins else here)[at - 1] if at else -(place > 0)
            if char.lower() == letters[at] and before >= 0:
                here[at] = max(here[at], before + begins)
                most[at] = max(most[at], here[at])
    return most[-1]
