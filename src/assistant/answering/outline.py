"""A document as the answering layer reads it: its blocks, what they hang on, and the sections they make."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from assistant.segmenting.structure import Block
from assistant.segmenting.units import Unit
from assistant.values import Citation, Document

_CONTEXT = 300
"""Characters of a line that others hang on: where it is longer, its beginning tells what it is about."""


@dataclass(frozen=True)
class Outline:
    """A document with its blocks, as the answering layer reads it."""

    document: Document
    blocks: tuple[Block, ...]

    @cached_property
    def leads(self) -> frozenset[int]:
        """The blocks that others hang on and that say nothing without them: the line before a list, an item that ends in a colon, a table's head."""
        return frozenset(block.parent for block in self.blocks if block.parent is not None and self._announces(self.blocks[block.parent]))

    def _announces(self, block: Block) -> bool:
        return block.kind in ("paragraph", "head") or (block.kind == "item" and self.document.text[block.start : block.end].rstrip(" *_").endswith(":"))

    @cached_property
    def section(self) -> tuple[int, ...]:
        """For each block the number of the section it is in: a heading begins one, and so does a line that a list or table hangs on."""
        return tuple(accumulate(block.kind == "heading" or index in self.leads for index, block in enumerate(self.blocks)))

    def hangs_on(self, index: int) -> Iterator[int]:
        """The blocks that block ``index`` hangs on, innermost first: the item it is nested in, the line its list follows, its table's head."""
        parent = self.blocks[index].parent
        while parent is not None:
            yield parent
            parent = self.blocks[parent].parent

    def opens(self, unit: Unit) -> bool:
        """Whether a unit is the first below a heading."""
        return unit.block > 0 and self.blocks[unit.block - 1].kind == "heading" and unit.start == self.blocks[unit.block].start

    def citation(self, number: int, start: int, end: int, block: int) -> Citation:
        """The citation of what stands from ``start`` to ``end``, which begins in ``block``: cut from the document, it is verbatim by construction."""
        document = self.document
        return Citation(
            number=number,
            path=document.path,
            start=start,
            end=end,
            line=document.line_at(start),
            page=document.page_at(start),
            headings=self.blocks[block].headings,
            quote=document.text[start:end],
        )

    def beginning(self, index: int) -> str:
        """How block ``index`` begins, which tells what that is about that hangs on it."""
        block = self.blocks[index]
        return self.document.text[block.start : min(block.end, block.start + _CONTEXT)]

    def context(self, index: int) -> str:
        """What tells what block ``index`` is about: its headings, and the beginnings of what it hangs on, a line each."""
        return "\n".join([*self.blocks[index].headings, *map(self.beginning, self.hangs_on(index))])
