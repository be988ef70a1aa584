"""The spans that could be quoted, and what speaks for each of them.

A window is a run of units of one section, as few or as many as fit the answer. Every window that begins in a passage found is looked at.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from assistant.retrieval.query import Query
from assistant.segmenting.structure import Block
from assistant.segmenting.units import Unit
from assistant.values import Document

_VALUE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|half|once|twice|unlimited|never|always)\b", re.I
)


@dataclass(frozen=True)
class Outline:
    """A document with its blocks, as the answering layer reads it."""

    document: Document
    blocks: tuple[Block, ...]

    @cached_property
    def leads(self) -> frozenset[int]:
        """The blocks that others hang on and that say nothing without them: the line before a list, the head of a table."""
        return frozenset(
            block.parent for block in self.blocks if block.parent is not None and self.blocks[block.parent].kind in ("paragraph", "head")
        )

    @cached_property
    def section(self) -> tuple[int, ...]:
        """For each block the number of the section it is in: a heading begins one, and so does a line that a list or table hangs on."""
        starts = (block.kind == "heading" or index in self.leads for index, block in enumerate(self.blocks))
        return tuple(accumulate(starts))

    def hangs_on(self, index: int) -> Iterator[Block]:
        """What block ``index`` hangs on, innermost first: the item it is nested in, the line its list follows, its table's head."""
        parent = self.blocks[index].parent
        while parent is not None:
            yield self.blocks[parent]
            parent = self.blocks[parent].parent


@dataclass(frozen=True)
class Found:
    """A passage that retrieval found: its fused score, and the units from its first on to a little past its last, with their vectors.

    ``inside`` of the units begin in the passage itself; ``vectors`` has shape (len(units), dimension).
    """

    outline: Outline
    score: float
    units: tuple[Unit, ...]
    vectors: np.ndarray
    inside: int


class Features(NamedTuple):
    """What speaks for a window; each lies about between 0 and 1, but for ``length``, in units of 80 words."""

    covered: float
    """How much of the question's terms, weighted by their rarity, stands in it."""
    context: float
    """How much of the rest stands in its headings and in what it hangs on."""
    passage: float
    """The fused score of the passage it begins in."""
    length: float
    similarity: float
    """The highest cosine of question and unit."""
    value: float
    """1 if a number is asked for and one is there."""
    fragments: float
    """The share of its units that are a word or two."""
    section: float
    """1 if it is all of its section."""
    log_length: float
    """log(1 + words): being longer helps most at first."""


@dataclass(frozen=True)
class Window:
    """A run of units of one section: ``text[start:end]`` of ``outline.document``. ``terms`` are those it shares with the question."""

    outline: Outline
    start: int
    end: int
    first_block: int
    last_block: int
    words: int
    terms: frozenset[str]
    features: Features

    @cached_property
    def text(self) -> str:
        """What would be quoted."""
        return self.outline.document.text[self.start : self.end]


class Lexicon:
    """The terms of a text, and how rare they are over all passages."""

    def __init__(self, terms: Callable[[str], list[str]], frequency: Callable[[str], int], passages: int) -> None:
        self.terms = terms
        self._frequency = frequency
        self._passages = passages

    def knows(self, term: str) -> bool:
        """Whether the notes hold ``term`` at all."""
        return self._frequency(term) > 0

    def rarity(self, term: str) -> float:
        """BM25's inverse document frequency, log(1 + (N - n + 0.5) / (n + 0.5)) of the n of N passages that hold ``term``."""
        held = self._frequency(term)
        return math.log(1 + (self._passages - held + 0.5) / (held + 0.5))


def windows(query: Query, vector: np.ndarray, found: Sequence[Found], lexicon: Lexicon, *, most_words: int) -> list[Window]:
    """Every window of at most ``most_words`` words (or one unit, if that alone is longer) that begins in a passage found."""
    weights = {term: lexicon.rarity(term) for term in query.terms if lexicon.knows(term)}
    seen: set[tuple[str, int, int]] = set()
    contexts: dict[tuple[str, int], frozenset[str]] = {}
    collected = []
    for one in found:
        collected.extend(_of_passage(query, vector, one, lexicon, weights, contexts, seen, most_words))
    return collected


def _of_passage(
    query: Query,
    vector: np.ndarray,
    found: Found,
    lexicon: Lexicon,
    weights: Mapping[str, float],
    contexts: dict[tuple[str, int], frozenset[str]],
    seen: set[tuple[str, int, int]],
    most_words: int,
) -> Iterator[Window]:
    outline, units = found.outline, found.units
    text, path = outline.document.text, outline.document.path
    texts = [text[unit.start : unit.end] for unit in units]
    held = [frozenset(lexicon.terms(one)) & weights.keys() for one in texts]
    words = [len(one.split()) for one in texts]
    cosines = (found.vectors @ vector).tolist()
    total = sum(weights.values()) or 1.0
    for first in range(found.inside):
        key = (path, units[first].block)
        if key not in contexts:
            contexts[key] = _context(outline, units[first].block, lexicon) & weights.keys()
        count, best, fragments, terms = 0, 0.0, 0, frozenset()
        for last in range(first, len(units)):
            if last > first and (count + words[last] > most_words or outline.section[units[last].block] != outline.section[units[first].block]):
                break
            count += words[last]
            best = max(best, cosines[last])
            fragments += words[last] <= 2
            terms |= held[last]
            span = (path, units[first].start, units[last].end)
            # A line that others hang on says nothing without them.
            if span in seen or (last == first and units[first].block in outline.leads):
                continue
            seen.add(span)
            features = Features(
                covered=sum(weights[term] for term in terms) / total,
                context=sum(weights[term] for term in contexts[key] - terms) / total,
                passage=found.score,
                length=count / 80,
                similarity=best,
                value=float(query.numeric and any(_VALUE.search(one) for one in texts[first : last + 1])),
                fragments=fragments / (last - first + 1),
                section=float(_begins(found, first) and _ends(found, last)),
                log_length=math.log1p(count),
            )
            yield Window(outline, span[1], span[2], units[first].block, units[last].block, count, terms, features)


def _context(outline: Outline, index: int, lexicon: Lexicon) -> frozenset[str]:
    text = outline.document.text
    parts = [*outline.blocks[index].headings, *(text[block.start : block.end][:300] for block in outline.hangs_on(index))]
    return frozenset(lexicon.terms("\n".join(parts)))


def _begins(found: Found, first: int) -> bool:
    block, section = found.units[first].block, found.outline.section
    return block == 0 or section[block - 1] != section[block] or found.outline.blocks[block - 1].kind == "heading"


def _ends(found: Found, last: int) -> bool:
    unit, section = found.units[last], found.outline.section
    whole = unit.end >= found.outline.blocks[unit.block].end
    return whole and (unit.block + 1 >= len(section) or section[unit.block + 1] != section[unit.block])
