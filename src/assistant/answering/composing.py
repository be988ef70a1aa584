"""Chosen windows to the text of an answer: each quoted as it stands in its note, each with its mark."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.answering.amounts import NUMBER_WORDS
from assistant.answering.comparing import Comparison
from assistant.answering.folding import PIPE, folded, unmarked
from assistant.answering.outline import Outline
from assistant.answering.ranking import Window
from assistant.answering.tables import cells, columns
from assistant.segmenting.lines import BULLET, NUMBERED, STOPS
from assistant.segmenting.structure import Block
from assistant.values import Citation

_BOUND = r"(?:(?<!\w)(?!(?:to|of) )(?:(?i:up|at|least|most|to|of|is|are|was|(?:more|less|fewer|\w+er) than|than|only|about|over|under|max\w*|min\w*|defaults?|limits?) ){1,3})?"
_NOUN = r" (?!(?:of|to|and|or|in|for|per|at|a|an|the|is|are|by|on|with|from|as|that|which|if|when)\b)[a-z][a-z-]*"
_COUNTED = rf"(?:(?:{_NOUN}){{0,2}}?(?:{_NOUN})(?<=[^\Wsu]s)\b|(?:{_NOUN}){{1,2}}(?= (?:per|in|for|of|is|are)\b|[.,;:)]|$)|{_NOUN})?"
"""What a bare number counts: words up to a plural, or up to what ends a noun phrase, or one."""
_BARE = re.compile(rf"(?<![\w$€£])(?:\d[\d,]*|{NUMBER_WORDS})$", re.I)
_CLOSING = (")", "]", "”", '"')
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Quoted:
    """The part of a block that a window quotes; ``index`` is the block's."""

    index: int
    block: Block
    start: int
    end: int


def citation(number: int, window: Window) -> Citation:
    """The citation of ``window``."""
    return window.outline.citation(number, window.start, window.end, window.first_block)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A window that is quoted, and the ``echoes``: windows that say the same in other notes, cited beside it.

    ``labelled`` is whether it is shown under the line or item that its first item hangs on, ``short`` what of it is set in bold.
    """

    window: Window
    echoes: tuple[Window, ...] = ()
    labelled: bool = False
    short: str | None = None


def compose(excerpts: Sequence[Excerpt]) -> tuple[str, tuple[Citation, ...]]:
    """The answer's text as Markdown, and its citations: a mark ``[n]`` behind each excerpt for its window, and one for each of its echoes.

    White space inside a quote is folded or put in, and its bullets are drawn alike; every word stands as it does in the note. Where a quote is cut
    within a sentence an ellipsis outside of it says so.
    """
    cited, numbers = list[Window](), list[tuple[int, ...]]()
    for one in excerpts:
        first = len(cited) + 1
        cited += [one.window, *one.echoes]
        numbers.append(tuple(range(first, len(cited) + 1)))
    return _joined(excerpts, numbers), _citations(cited)


def compose_comparison(comparison: Comparison) -> tuple[str, tuple[Citation, ...]]:
    """What is quoted of two things: of both at once first, then of each, in a table of two columns; its rows are the aspects.

    Quotes that fit into no cell (code, tables) stand below the name of their side instead.
    """
    numbers = {id(window): number for number, window in enumerate(comparison.windows, start=1)}
    both = _joined([Excerpt(window) for window in comparison.both], [(numbers[id(window)],) for window in comparison.both])
    columns = [[row[side] for row in comparison.rows] for side in (0, 1)]
    if all(_fits_cell(window) for column in columns for window in column):
        rows = [[_cell(window, numbers) for window in row] for row in comparison.rows]
        sides = "\n".join(f"| {' | '.join(row)} |" for row in ([_escaped(name) for name in comparison.names], ["---"] * 2, *rows)) if rows else ""
        return "\n\n".join(filter(None, [both, sides])), _citations(comparison.windows)
    # The numbers go down the columns here, as the text does.
    order = [*comparison.both, *(window for column in columns for window in column)]
    numbers = {id(window): number for number, window in enumerate(order, start=1)}
    texts = [both]
    for name, column in zip(comparison.names, columns, strict=True):
        if column:
            texts += [f"**{folded(name)}**", _joined([Excerpt(window) for window in column], [(numbers[id(window)],) for window in column])]
    return "\n\n".join(filter(None, texts)), _citations(order)


def _citations(windows: Sequence[Window]) -> tuple[Citation, ...]:
    return tuple(citation(number, window) for number, window in enumerate(windows, start=1))


def _fits_cell(window: Window) -> bool:
    return all(part.block.kind in ("paragraph", "item", "heading", "label", "link") for part in _quoted(window))


def _cell(window: Window, numbers: Mapping[int, int]) -> str:
    """A quote on one line, its items with a dot before each."""
    parts = list(_quoted(window))
    lines = [_line(window.outline.document.text, part, part.block.level).strip() for part in parts]
    dotted = [f"• {line.removeprefix('- ')}" if part.block.kind == "item" and len(parts) > 1 else line.removeprefix("- ") for part, line in zip(parts, lines, strict=True)]
    return f"{_escaped(' '.join(dotted))} [{numbers[id(window)]}]"


def _escaped(text: str) -> str:
    return PIPE.sub(r"\|", folded(text))


def _joined(excerpts: Sequence[Excerpt], numbers: Sequence[tuple[int, ...]]) -> str:
    """The quotes, a paragraph each, with their marks; those that go under the same line or table's head follow each other there."""
    text = ""
    for place, (one, marks) in enumerate(zip(excerpts, numbers, strict=True)):
        before = excerpts[place - 1] if place else None
        labelled = one.window.is_rows or one.labelled
        under = before is not None and labelled and one.window.goes_under(before.window)
        quote = _render(one.window, labelled=labelled, under=under)
        if one.short:
            quote = _embolden(quote, one.short)
        text += ("" if not place else "\n" if under else "\n\n") + _marked(quote, *marks)
    return text


def _render(window: Window, *, labelled: bool = False, under: bool = False) -> str:
    """What ``window`` quotes; ``labelled``, below what its first row or item hangs on, which is not shown again if it stands ``under`` that already."""
    outline, parts = window.outline, list(_quoted(window))
    least = min((part.block.level for part in parts if part.block.kind == "item"), default=0)
    if labelled and window.above is not None and not window.is_rows:
        label = outline.blocks[window.above]
        least = label.level if label.kind == "item" else 0
        if not under:
            parts.insert(0, Quoted(window.above, label, label.start, label.end))
    chunks: list[str] = []
    for head, group in groupby(parts, key=_head_of):
        if head is not None:
            chunks.append(_table(outline, outline.blocks[head], list(group), headed=not under or bool(chunks)))
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
        return f"\n{_closed(unmarked(quoted))}\n"
    begun, goes_on = _cut(text, part)
    if part.block.kind != "item":
        return f"{begun}{folded(quoted)}{goes_on}\n"
    indent = "  " * (part.block.level - least)
    if part.start > part.block.start:
        return f"{indent}- {begun}{folded(quoted)}{goes_on}"
    number = NUMBERED.match(quoted)
    marker = f"{number[0].strip()} " if number else "- "
    mark = number or BULLET.match(quoted)
    return f"{indent}{marker}{folded(quoted[mark.end() :] if mark else quoted)}{goes_on}"


def _cut(text: str, part: Quoted) -> tuple[str, str]:
    """What shows that a quote begins or ends within a sentence: an ellipsis in front or behind, or nothing."""
    quoted, before, after = text[part.start : part.end].strip(), text[part.block.start : part.start].rstrip(), text[part.end : part.block.end].lstrip()
    begun = before and not before.endswith(STOPS) and quoted[:1].islower()
    goes_on = after[:1].islower() and (quoted[-1:].isalnum() or quoted.endswith(_CLOSING))
    return "…" if begun else "", "…" if goes_on else ""


def _closed(code: str) -> str:
    """``code`` with a last line that closes its fence, which at the end of a note may be missing: else it would swallow what comes after."""
    fence = _FENCE.match(code)
    if fence is None or ("\n" in code and code.rsplit("\n", 1)[1].strip().startswith(fence[1])):
        return code
    return f"{code}\n{fence[1]}"


def _table(outline: Outline, head: Block, parts: Sequence[Quoted], *, headed: bool) -> str:
    """Rows under their head; a head that the window does not hold is shown all the same, if it is to be ``headed``, for without it a row says little."""
    text = outline.document.text
    rows = [cells(text[part.start : part.end]) for part in parts if part.block.kind == "row"]
    names = columns(text[head.start : head.end], rows)
    width = max(len(row) for row in [names, *rows])
    lines = rows if not headed else [names, ["---"] * width, *rows]
    return "\n".join("| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in lines)


def _marked(text: str, *numbers: int) -> str:
    text = text.strip("\n")
    marks = "".join(f"[{number}]" for number in numbers)
    if text.endswith(("```", "~~~")):
        return f"{text}\n\n{marks}"
    if text.endswith("|"):
        return f"{text[:-1].rstrip()} {marks} |"
    return f"{text} {marks}"


def _embolden(text: str, short: str) -> str:
    """``text`` with ``short`` in bold, where it stands as words of their own and outside of other mark-up.

    A bare number is set so with what it counts, and any value with what makes it a limit or a default ("up to", "default is").
    """
    counted = _COUNTED if _BARE.search(short) else ""
    found = re.search(rf"{_BOUND}(?<![\w.,]){re.escape(short)}(?!\w){counted}", text)
    if found is None or "**" in text or "`" in text[: found.start()]:
        return text
    return f"{text[: found.start()]}**{found[0]}**{text[found.end() :]}"
