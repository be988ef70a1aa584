"""Chosen windows to the text of an answer: each quoted as it stands in its note, each with its mark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.evidence import Outline
from assistant.answering.ranking import Window, same_table
from assistant.segmenting.lines import BULLET, NUMBERED
from assistant.segmenting.structure import Block
from assistant.values import Citation

_MARK_LIKE = re.compile(r"\[(\d+)\]")
_PIPE = re.compile(r"(?<!\\)\|")
_HEAD_LINES = 2
"""A table's head, and the rule under it."""
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The part of a block that a window quotes; ``index`` is the block's."""

    index: int
    block: Block
    start: int
    end: int


def citation(number: int, window: Window) -> Citation:
    """The citation of ``window``; its quote is cut from the document, so that it is verbatim by construction."""
    document, block = window.outline.document, window.outline.blocks[window.first_block]
    return Citation(
        number=number,
        path=document.path,
        start=window.start,
        end=window.end,
        line=document.line_at(window.start),
        page=document.page_at(window.start),
        headings=block.headings,
        quote=document.text[window.start : window.end],
    )


def compose(windows: Sequence[Window], *, short: str | None = None) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text as Markdown, and its citations: window ``i`` (from 0) is marked ``[i+1]``.

    White space inside a quote is folded or put in, and its bullets are drawn alike; every word stands as it does in the note. ``short`` is set in
    bold where the first window says it.
    """
    quotes = [_render(window) for window in windows]
    if short and quotes:
        quotes[0] = _embolden(quotes[0], short)
    marked = [_marked(quote, number) for number, quote in enumerate(quotes, start=1)]
    return _joined(windows, marked), tuple(citation(number, window) for number, window in enumerate(windows, start=1))


def _joined(windows: Sequence[Window], quotes: Sequence[str]) -> str:
    """``quotes``, a paragraph each; rows of one table that follow each other share its head."""
    text = ""
    for place, (window, quote) in enumerate(zip(windows, quotes, strict=True)):
        rows = quote.split("\n", _HEAD_LINES)[_HEAD_LINES:]
        if place and rows and same_table(window, windows[place - 1]) and _only_rows(window) and _only_rows(windows[place - 1]):
            text += f"\n{rows[0]}"
        else:
            text += ("\n\n" if place else "") + quote
    return text


def _only_rows(window: Window) -> bool:
    return all(block.kind in ("head", "row") for block in window.outline.blocks[window.first_block : window.last_block + 1])


def _render(window: Window) -> str:
    outline, parts = window.outline, list(_quoted(window))
    least = min((part.block.level for part in parts if part.block.kind == "item"), default=0)
    chunks = []
    for head, group in groupby(parts, key=_head_of):
        if head is not None:
            chunks.append(_table(outline, outline.blocks[head], list(group)))
        else:
            chunks.append("\n".join(_line(outline.document.text, part, least) for part in group))
    return "\n\n".join(chunks)


def _head_of(part: Quoted) -> int | None:
    """Which block is the head of the table that a part belongs to; None outside of tables."""
    if part.block.kind == "head":
        return part.index
    return part.block.parent if part.block.kind == "row" else None


def _quoted(window: Window) -> Iterator[Quoted]:
    for index in range(window.first_block, window.last_block + 1):
        block = window.outline.blocks[index]
        start, end = max(block.start, window.start), min(block.end, window.end)
        if start < end:
            yield Quoted(index, block, start, end)


def _line(text: str, part: Quoted, least: int) -> str:
    quoted = text[part.start : part.end]
    if part.block.kind == "code":
        return f"\n{_closed(_unmarked(quoted))}\n"
    if part.block.kind != "item":
        return f"{_folded(quoted)}\n"
    indent = "  " * (part.block.level - least)
    if part.start > part.block.start:
        return f"{indent}- {_folded(quoted)}"
    number = NUMBERED.match(quoted)
    marker = f"{number[0].strip()} " if number else "- "
    body = quoted[number.end() :] if number else BULLET.sub("", quoted, count=1)
    return f"{indent}{marker}{_folded(body)}"


def _closed(code: str) -> str:
    """``code`` with a last line that closes its fence, which at the end of a note may be missing: else it would swallow what comes after."""
    fence = _FENCE.match(code)
    if fence is None or ("\n" in code and code.rsplit("\n", 1)[1].strip().startswith(fence[1])):
        return code
    return f"{code}\n{fence[1]}"


def _table(outline: Outline, head: Block, parts: Sequence[Quoted]) -> str:
    """Rows under their head; a head that the window does not hold is shown all the same, for without it a row says little."""
    text = outline.document.text
    names = cells(text[head.start : head.end])
    rows = [cells(text[part.start : part.end]) for part in parts if part.block.kind == "row"]
    width = max(len(row) for row in [names, *rows])
    lines = [names, ["---"] * width, *rows]
    return "\n".join("| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in lines)


def cells(row: str) -> list[str]:
    """The cells of a table row, whether pipes or tabs part them, as they stand in a row parted by pipes."""
    line = row.strip()
    if "\t" in line and not line.startswith("|"):
        return [_folded(part).replace("|", r"\|") for part in line.split("\t")]
    return [_folded(part) for part in _PIPE.split(line.removeprefix("|").removesuffix("|"))]


def _folded(text: str) -> str:
    """On one line, and without anything that would read as a citation's mark."""
    return _unmarked(" ".join(text.split()))


def _unmarked(text: str) -> str:
    """``text`` with a space in each ``[1]`` of its own, which would read as a mark; in code too, where it rarely matters and no escape works."""
    return _MARK_LIKE.sub(r"[ \1]", text)


def _marked(text: str, number: int) -> str:
    text = text.strip("\n")
    if text.endswith(("```", "~~~")):
        return f"{text}\n\n[{number}]"
    if text.endswith("|"):
        return f"{text[:-1].rstrip()} [{number}] |"
    return f"{text} [{number}]"


def _embolden(text: str, short: str) -> str:
    """``text`` with ``short`` in bold, where it stands as words of their own and outside of other mark-up."""
    found = re.search(rf"(?<![\w.,]){re.escape(short)}(?!\w)", text)
    if found is None or "**" in text or "`" in text[: found.start()]:
        return text
    return f"{text[: found.start()]}**{short}**{text[found.end() :]}"
