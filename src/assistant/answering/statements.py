"""Statements: values in notes, each with what it is said of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from assistant.answering.claims import Value
from assistant.answering.outline import Outline
from assistant.answering.stated import values
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import FUNCTION_WORDS
from assistant.segmenting.units import Unit
from assistant.values import Citation

_NEAR = 8
"""At so many words from a value a term counts half."""
_STOPS = {".": 12, ";": 12, "!": 12, "?": 12, ",": 3}
"""As how many words a mark counts that stands between a value and a term."""
_HEADINGS = (0.4, 0.2, 0.1)
"""What a term of the innermost heading counts, of the one above it, and so on, beside one that stands next to the value."""
_HANGS_ON = 0.3
_UNSEEN = 50
"""Passages that are taken to be there as well, so that in a folder of a few notes their words are worth something."""
_MOST_VALUES = 4
"""A unit with more of them is a table that has lost its columns, or a list of alternatives."""

_ROLE_WORDS = "max maximum min minimum default defaults average limit limited recommended typically usually"
_EXAMPLE = re.compile(r"\W*(?:ex\b|e\.?g\b|(?:worked )?examples?\b|for (?:example|instance)|suppose|imagine|let's say|say,)", re.I)
_SUPPOSED = re.compile(r"\bif (?:(?:we|you|i|they|(?:an?|the) [\w-]+) (?:have|has|had)|there (?:are|is|were)) (?:[a-z-]+ ){0,2}$", re.I)
"""In front of a value that is not said to be so: "if we have 5 readers"."""
_SUM = re.compile(r"\d\)?\s?[x×*∗÷/+]\s?\(?\d|[\d)]\s?=\s?\d")
_MAY_HOLD = re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|dozen|hundred|thousand|million)\b", re.I)
_PIECE = re.compile(r"\w+|[.;!?,](?=\s)")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z]\w+|\b\w*[a-z][A-Z]\w*")
"""A capital within a sentence or a word."""
_IDENTIFIER = re.compile(r"\b[A-Za-z]\w*_\w+")
_SEPARATOR = re.compile(r"\t|(?<!\\)\|")


@dataclass(frozen=True, eq=False)
class Statement:
    """A value with what it is said of; the offsets of ``value`` are the document's, and ``vector`` is the unit's.

    ``near`` weighs the terms around it, ``about`` these and those above it; ``held`` are all the terms of its unit and of what it stands
    under, ``above`` those of its headings and its note's title, ``names`` those of its unit that are written as names. ``identifiers`` are
    those that its unit, its heading or the line above it writes, such as work_mem. ``column`` is that of a table it stands in, 0 outside of
    tables.
    """

    outline: Outline
    unit: Unit
    vector: np.ndarray = field(repr=False)
    value: Value
    near: Mapping[str, float]
    about: Mapping[str, float]
    held: frozenset[str]
    above: frozenset[str]
    names: frozenset[str]
    identifiers: frozenset[str]
    column: int = 0

    @property
    def text(self) -> str:
        """The value as it stands."""
        return self.outline.document.text[self.value.start : self.value.end]

    @property
    def path(self) -> str:
        """The note that it stands in."""
        return self.outline.document.path

    def citation(self, number: int) -> Citation:
        """The citation of its unit."""
        return self.outline.citation(number, self.unit.start, self.unit.end, self.unit.block)


class Reader:
    """Reads statements out of units."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._mute = frozenset(term for word in (*FUNCTION_WORDS, *_ROLE_WORDS.split()) for term in lexicon.terms(word))

    def rarity(self, term: str) -> float:
        """What ``term`` weighs next to a value."""
        return self._lexicon.rarity(term, unseen=_UNSEEN)

    def telling(self, terms: Sequence[str]) -> list[str]:
        """Those of ``terms`` that tell what a text is about."""
        return [term for term in terms if term not in self._mute and not (term.isdigit() and len(term) < 4)]

    def statements(self, outline: Outline, unit: Unit, vector: np.ndarray) -> list[Statement]:
        """What the values in ``unit`` are said of. Code, sums and examples claim nothing."""
        block = outline.blocks[unit.block]
        text = outline.document.text[unit.start : unit.end]
        if block.kind in ("code", "head") or not _MAY_HOLD.search(text) or _SUM.search(text) or _EXAMPLE.match(text):
            return []
        if block.headings and _EXAMPLE.match(block.headings[-1]):
            return []
        found = values(text)
        if len(found) > _MOST_VALUES:
            return []
        clear = text
        for value in found:
            clear = clear[: value.start] + " " * (value.end - value.start) + clear[value.end :]
        # A table's row of dates is an event of many.
        dated = block.kind == "row"
        claimed = (one for one in found if not (dated and one.dimension in ("date", "day")) and not _SUPPOSED.search(text[: one.start]))
        return [self.statement(outline, unit, vector, clear, value) for value in claimed]

    def statement(self, outline: Outline, unit: Unit, vector: np.ndarray, clear: str, value: Value) -> Statement:
        """``value``, its offsets those of the unit's text, with what it is said of; ``clear`` is that text with all values blanked."""
        block = outline.blocks[unit.block]
        above = [outline.beginning(index) for index in outline.hangs_on(unit.block)]
        column, name = 0, ""
        if block.kind == "row" and above:
            clear, column, name = _cell(clear, above.pop(0), value.start)
        near = self._around(clear, value, name)
        about = dict(near)
        levels = [*((_HANGS_ON, text) for text in above[:1]), *zip(_HEADINGS, reversed(block.headings), strict=False)]
        for weight, text in levels:
            for term in self._terms(text):
                about[term] = max(about.get(term, 0.0), weight * self.rarity(term))
        headings = frozenset(term for text in (*block.headings, outline.document.title) for term in self._terms(text))
        held = headings.union(near, *map(self._terms, (*above, clear, name)))
        moved = replace(value, start=unit.start + value.start, end=unit.start + value.end)
        names = frozenset(term for match in _NAME.finditer(clear) for term in self._terms(match[0]))
        identifiers = frozenset(name.lower() for text in (clear, *above[:1], *block.headings[-1:]) for name in _IDENTIFIER.findall(text))
        return Statement(outline, unit, vector, moved, near, about, held, headings, names, identifiers, column)

    def _around(self, text: str, value: Value, name: str) -> dict[str, float]:
        """The terms of ``text`` by rarity and by how near they stand to ``value``; those of ``name``, its column's, stand next to it."""
        near = {term: self.rarity(term) for word in (*value.nouns, *value.per, name) for term in self._terms(word)}
        for pieces in (reversed(list(_PIECE.finditer(text, 0, value.start))), _PIECE.finditer(text, value.end)):
            distance = 0
            for piece in pieces:
                if piece[0] in _STOPS:
                    distance += _STOPS[piece[0]]
                    continue
                for term in self._terms(piece[0]):
                    near[term] = max(near.get(term, 0.0), self.rarity(term) / (1 + distance / _NEAR))
                distance += 1
        return near

    def _terms(self, text: str) -> Iterator[str]:
        # Word by word: words repeat and are remembered.
        return (term for word in _PIECE.findall(text) for term in self.telling(self._lexicon.terms(word)))


def _cell(row: str, head: str, offset: int) -> tuple[str, int, str]:
    """Of a table's ``row`` the first cell and the one at ``offset``, the rest blanked; the number of that cell, and the name of its column."""
    spans = list(pairwise([0, *(match.end() for match in _SEPARATOR.finditer(row)), len(row)]))
    names = _SEPARATOR.split(head)
    here = next(place for place, (_, end) in enumerate(spans) if offset < end)
    first = next(place for place, (start, end) in enumerate(spans) if place == here or row[start:end].strip(" |\t"))
    kept = "".join(row[start:end] if place in (first, here) else " " * (end - start) for place, (start, end) in enumerate(spans))
    # A head may lack the cell above the first column.
    above = here - (len(spans) - len(names))
    return kept, here, names[above] if 0 <= above < len(names) else ""
