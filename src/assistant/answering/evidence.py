"""The units that could be quoted, and what speaks for each of them."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import groupby
from operator import or_
from typing import NamedTuple

import numpy as np

from assistant.answering.defining import defines, heads
from assistant.answering.outline import Outline
from assistant.retrieval.expecting import VALUES
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import FUNCTION_WORDS, Query
from assistant.segmenting.units import Unit


@dataclass(frozen=True)
class Found:
    """A passage that retrieval found: its id and fused score, and the units from its first to a little past its last, with their vectors.

    ``inside`` of the units begin in the passage itself; ``vectors`` has shape (len(units), dimension).
    """

    id: int
    outline: Outline
    score: float
    units: tuple[Unit, ...]
    vectors: np.ndarray
    inside: int


class Features(NamedTuple):
    """What speaks for a unit or against it. "Covered" is how much of the question's terms, weighted by rarity, a text holds."""

    covered: float
    context: float
    """What its headings and what it hangs on cover of the rest."""
    near: float
    """What the units beside it cover of the rest."""
    section: float
    """What the rest of its section covers of the rest."""
    missing: float
    """What neither its passage nor its context covers."""
    passage: float
    """The fused score of its passage."""
    place: float
    """1 / rank of its passage; passages of one score have one rank."""
    similarity: float
    """The cosine of question and unit."""
    near_similarity: float
    """The highest of the units beside it."""
    section_similarity: float
    """The highest of its section."""
    behind: float
    """How far it lies behind the highest of all; 0 or less."""
    behind_here: float
    """How far it lies behind the highest of its passage."""
    value: float
    """1 if a kind of value is expected and one of that kind is there."""
    no_value: float
    """1 if a kind of value is expected and none of that kind is there."""
    number: float
    """1 if a number is there."""
    length: float
    """In units of 40 words, at most 1."""
    fragment: float
    """1 if it is a word or two."""
    section_length: float
    """log(1 + units of its section)."""
    beyond: float
    """1 if it lies past the end of the passage."""
    section_when_long: float
    """What its section covers, if the question wants a long answer."""
    new: float
    """How many terms it has that the question has not, in units of 6, at most 1."""
    nothing_new: float
    """1 if it has none: it names what is asked about and tells nothing of it."""
    common: float
    """The cosine with the mean of all units that were found: what is like all of them tells least apart."""
    defining: float
    """1 if the question asks what something is, and the unit begins by saying so or is the first below its name."""


@dataclass(frozen=True)
class Candidate:
    """A unit that could be quoted; ``passage`` is the id of the passage that it begins in.

    ``held`` says which of the question's terms stand in it, in what tells what it is about, or in its note's title: bit n stands for term n.
    """

    passage: int
    outline: Outline
    unit: Unit
    words: int
    held: int

    @property
    def section(self) -> int:
        """The section that it is in."""
        return self.outline.section[self.unit.block]

    @cached_property
    def text(self) -> str:
        """What it says."""
        return self.outline.document.text[self.unit.start : self.unit.end]


def candidates(query: Query, vector: np.ndarray, found: Sequence[Found], lexicon: Lexicon) -> tuple[list[Candidate], np.ndarray]:
    """The units of the passages ``found``, each once and in their order, and their features, shape (len(units), len(Features))."""
    coverage = _Coverage(query, lexicon)
    highest = max((float((one.vectors @ vector).max()) for one in found), default=0.0)
    mean = _mean(found, len(vector))
    seen: set[tuple[str, int]] = set()
    collected: list[Candidate] = []
    rows: list[Features] = []
    scores = sorted(-one.score for one in found)
    for one in found:
        rank = 1 + bisect_left(scores, -one.score)
        for candidate, features in _of_passage(query, vector, mean, one, rank, highest, coverage, seen):
            collected.append(candidate)
            rows.append(features)
    return collected, np.array(rows, dtype=np.float64).reshape(len(rows), len(Features._fields))


class _Coverage:
    """How much of a question's terms a text holds. Sets of terms are bits of an integer: there are many units and few terms."""

    def __init__(self, query: Query, lexicon: Lexicon) -> None:
        self._bits = {term: 1 << place for place, term in enumerate(query.terms)}
        self._weights = [lexicon.rarity(term) if lexicon.knows(term) else 0.0 for term in query.terms]
        self._total = sum(self._weights) or 1.0
        self.terms = lexicon.terms
        self._told = frozenset(lexicon.terms(query.text)).union(*map(lexicon.terms, FUNCTION_WORDS))
        self._shares: dict[int, float] = {}
        self._titles: dict[str, int] = {}
        self._lines: dict[tuple[str, int], int] = {}

    def of(self, text: str) -> tuple[int, int]:
        """The question's terms in ``text``, and how many it has that neither the question has nor every text."""
        terms = set(self.terms(text))
        return sum(bit for term, bit in self._bits.items() if term in terms), len(terms - self._told)

    def share(self, bits: int) -> float:
        """How much of the question a set of terms is, by rarity."""
        if bits not in self._shares:
            self._shares[bits] = sum(weight for place, weight in enumerate(self._weights) if bits >> place & 1) / self._total
        return self._shares[bits]

    def title(self, text: str) -> int:
        """The question's terms in a title or heading."""
        if text not in self._titles:
            self._titles[text], _ = self.of(text)
        return self._titles[text]

    def context(self, outline: Outline, index: int) -> int:
        """The question's terms in the headings of block ``index`` and in what it hangs on."""
        block = outline.blocks[index]
        return _union(map(self.title, block.headings)) | self._hung_on(outline, block.parent)

    def _hung_on(self, outline: Outline, index: int | None) -> int:
        """Those in block ``index``, and in what that hangs on."""
        if index is None:
            return 0
        key = (outline.document.path, index)
        if key not in self._lines:
            own, _ = self.of(outline.beginning(index))
            self._lines[key] = own | self._hung_on(outline, outline.blocks[index].parent)
        return self._lines[key]


def _of_passage(
    query: Query, vector: np.ndarray, mean: np.ndarray, found: Found, rank: int, highest: float, coverage: _Coverage, seen: set[tuple[str, int]]
) -> Iterator[tuple[Candidate, Features]]:
    """The units of a passage that are not among those ``seen``, which they are added to: passages share units."""
    outline, units = found.outline, found.units
    texts = [outline.document.text[unit.start : unit.end] for unit in units]
    told = [coverage.of(text) for text in texts]
    held = [bits for bits, _ in told]
    title = coverage.title(outline.document.title)
    cosines, common = (found.vectors @ vector).tolist(), (found.vectors @ mean).tolist()
    highest_here = max(cosines[: found.inside])
    in_passage = _union(held)
    sections = _sections([outline.section[unit.block] for unit in units], held, cosines)
    expected = VALUES.get(query.expects or "")
    for at, (unit, text) in enumerate(zip(units, texts, strict=True)):
        if (place := (outline.document.path, unit.start)) in seen:
            continue
        seen.add(place)
        in_section = sections[at]
        beside = [other for other in (at - 1, at + 1) if in_section.first <= other < in_section.last]
        context = coverage.context(outline, unit.block)
        own, near, section = held[at], _union(held[other] for other in beside), in_section.held
        words, new = len(text.split()), told[at][1]
        valued = expected is not None and bool(expected.search(text))
        yield (
            # What lies beyond a passage is in the next one, and ids follow one another.
            Candidate(found.id + (at >= found.inside), outline, unit, words, own | context | title),
            Features(
                covered=coverage.share(own),
                context=coverage.share(context & ~own),
                near=coverage.share(near & ~own & ~context),
                section=coverage.share(section & ~near & ~own & ~context),
                missing=1 - coverage.share(in_passage | context),
                passage=found.score,
                place=1 / rank,
                similarity=cosines[at],
                near_similarity=max((cosines[other] for other in beside), default=0.0),
                section_similarity=in_section.highest,
                behind=cosines[at] - highest,
                behind_here=cosines[at] - highest_here,
                value=float(valued),
                no_value=float(expected is not None and not valued),
                number=float(bool(VALUES["count"].search(text))),
                length=min(words, 40) / 40,
                fragment=float(words <= 2),
                section_length=math.log1p(in_section.last - in_section.first),
                beyond=float(at >= found.inside),
                section_when_long=coverage.share(section) if query.long else 0.0,
                new=min(new, 6) / 6,
                nothing_new=float(not new),
                common=common[at],
                defining=float(
                    query.kind == "definition"
                    and (defines(text, query.terms, coverage.terms) or (outline.opens(unit) and heads(outline.blocks[unit.block].headings[-1], query.terms, coverage.terms)))
                ),
            ),
        )


def _mean(found: Sequence[Found], dimension: int) -> np.ndarray:
    """The mean of the vectors of all units in ``found``, of length 1."""
    mean = np.concatenate([np.zeros((1, dimension), dtype=np.float32), *(one.vectors for one in found)]).mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-12)


class _Section(NamedTuple):
    """A run of a passage's units that stand in one section: the places ``first`` to before ``last``."""

    first: int
    last: int
    held: int
    """The question's terms in them."""
    highest: float
    """Their highest cosine with the question."""


def _sections(numbers: Sequence[int], held: Sequence[int], cosines: Sequence[float]) -> list[_Section]:
    """For each place the section it is in; ``numbers`` tell which."""
    found: list[_Section] = []
    for _, run in groupby(numbers):
        first, last = len(found), len(found) + len(list(run))
        found += [_Section(first, last, _union(held[first:last]), max(cosines[first:last]))] * (last - first)
    return found


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
