"""Units: the smallest spans that are ranked and quoted. A block where it is short, else its sentences or clauses."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.segmenting.sentences import sentences
from assistant.segmenting.structure import Block

_WHOLE_WORDS = 30
"""A block of at most so many words is one unit."""
_CLAUSE_WORDS = 40
"""A sentence of more words is cut into clauses: so long a one has lost its full stops."""
_LONGEST_CLAUSE = 18
_NEAR = 5
"""So many words off a clause may end at a mark. 29 and 79 % of the cuts within such runs are then at one, where 8 and 26 % were, over two collections."""
_MARKS = (",", ":", ")", "–")
_LONGEST_TERM = 5
"""In words, before an arrow."""

_ARROW = re.compile(r"\$\\rightarrow\$|->|=>|→|⇒|==|—")
_WORD = re.compile(r"\S+")
_MUTE = frozenset({"heading", "link", "label"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of a document's text, and the index of the block that it is (a part of)."""

    start: int
    end: int
    block: int


def units(text: str, blocks: Sequence[Block]) -> tuple[Unit, ...]:
    """The units of a document in order. Headings, bare links and labels out of drawings answer nothing and give none."""
    return tuple(unit for index, block in enumerate(blocks) if block.kind not in _MUTE for unit in _of_block(text, index, block))


def _of_block(text: str, index: int, block: Block) -> Iterator[Unit]:
    if block.kind in ("head", "row", "code") or _words(text, block.start, block.end) <= _WHOLE_WORDS:
        yield Unit(block.start, block.end, index)
        return
    for start, end in sentences(text, block.start, block.end):
        if _words(text, start, end) <= _CLAUSE_WORDS:
            yield Unit(start, end, index)
        else:
            yield from (Unit(low, high, index) for low, high in clauses(text, start, end))


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run of words without full stops, cut where a new subject seems to begin.

    That is at an empty line, before the term that an arrow or dash explains, and where a capitalised word follows a small one; what is still
    long is cut every so many words, at a mark if one is near.
    """
    words = list(_WORD.finditer(text, start, end))
    if not words:
        return
    paragraphs = [0, *(at for at in range(1, len(words)) if text.count("\n", words[at - 1].end(), words[at].start()) > 1)]
    cuts = set(paragraphs)
    for at in range(1, len(words)):
        if _ARROW.fullmatch(words[at][0]):
            begun = paragraphs[bisect_left(paragraphs, at) - 1]
            cuts.add(begun if at - begun < _LONGEST_TERM else _subject(words, at))
        elif (words[at][0][:1].isupper() and words[at][0][1:2].islower() and words[at - 1][0][-1:] in ")…") or words[at - 1][0].endswith(";"):
            cuts.add(at)
    bounds = [*sorted(cuts), len(words)]
    for low, high in pairwise(bounds):
        first = low
        for last in _ends(words, low, high):
            yield words[first].start(), words[last - 1].end()
            first = last


def _ends(words: Sequence[re.Match[str]], low: int, high: int) -> Iterator[int]:
    """Behind which of the words from ``low`` to ``high`` to cut, so that the parts are about as long as one another: at a mark if one is near."""
    while (parts := -(-(high - low) // _LONGEST_CLAUSE)) > 1:
        size = -(-(high - low) // parts)
        marks = (at for at in range(low + size - _NEAR, low + size + _NEAR + 1) if words[at - 1][0].endswith(_MARKS))
        low = min(marks, key=lambda at: abs(at - low - size), default=low + size)
        yield low
    yield high


def _subject(words: Sequence[re.Match[str]], arrow: int) -> int:
    """Where the term begins that stands before the arrow: its capitalised words if they adjoin it, else the one word before."""
    at = arrow - 1
    if not words[at][0][:1].isupper():
        return max(at, 0)
    while at > 0 and arrow - at < _LONGEST_TERM and words[at - 1][0][:1].isupper() and words[at - 1][0][-1:] not in ".;:)":
        at -= 1
    return max(at, 0)


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())
