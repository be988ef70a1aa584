"""The headings of a document, as a table of contents lists them."""

from collections.abc import Iterator, Sequence

from assistant.segmenting.structure import Block, title
from assistant.values import Document, Heading


def contents(document: Document, blocks: Sequence[Block]) -> tuple[Heading, ...]:
    """The headings among the ``blocks`` of ``document``, in order."""
    return tuple(_headings(document.text, blocks))


def _headings(text: str, blocks: Sequence[Block]) -> Iterator[Heading]:
    at, line = 0, 1
    for block in blocks:
        if block.kind == "heading":
            # Counted on from the one before: a long note has hundreds of headings.
            line += text.count("\n", at, block.start)
            at = block.start
            yield Heading(title(text[block.start : block.end]), len(block.headings), block.start, line)
