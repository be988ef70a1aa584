"""Blocks packed into passages: the stretches that are searched.

A passage keeps to one section where the section is large enough to stand alone, holds whole blocks, and with its headings in front of it
fits what the encoder can see.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.segmenting.lines import trimmed
from assistant.segmenting.sentences import sentences
from assistant.segmenting.structure import Block, title
from assistant.segmenting.units import Unit
from assistant.values import Document, Passage

_OVERLAP_WORDS, _OVERLAP_TOKENS, _OVERLAP_CHARACTERS = 24, 48, 400
_WHOLE_WORD = re.compile(r"(?<!\S)\S+")

Count = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large passages are.

    ``target`` and ``least`` count tokens: a passage is closed before it would pass ``target``, and a section of fewer than ``least``
    shares a passage with what follows it. ``pieces`` is the hard limit, in the encoder's word pieces, headings included.
    """

    target: int = 160
    least: int = 48
    pieces: int = 256


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not cut: a block, or a part of one that is too long alone."""

    start: int
    end: int
    kind: str
    level: int
    headings: tuple[str, ...]
    tokens: int = 0


def encoded_text(passage: Passage) -> str:
    """The text that the encoder sees for a passage: its headings, innermost last, then itself."""
    return _encoded(passage.headings, passage.text)


def _encoded(headings: Sequence[str], text: str) -> str:
    # A heading that the text begins with would only weigh twice.
    begin = text[:400]
    return "".join(f"{heading}\n" for heading in headings if heading not in begin) + text


def spans_in(passage: Passage, units: Sequence[Unit]) -> list[tuple[int, int]]:
    """The spans of ``units``, which begin in ``passage``, within its encoded text; a unit that goes on past the passage ends with it."""
    shift = len(encoded_text(passage)) - passage.end
    return [(unit.start + shift, min(unit.end, passage.end) + shift) for unit in units]


def split_units(units: Sequence[Unit], passages: Sequence[Passage]) -> tuple[tuple[Unit, ...], ...]:
    """The units that begin in each of a document's passages; where passages overlap, in both."""
    starts = [unit.start for unit in units]
    return tuple(tuple(units[bisect_left(starts, one.start) : bisect_left(starts, one.end)]) for one in passages)


def passages(document: Document, blocks: Sequence[Block], sizes: Sizes, *, tokens: Count, pieces: Count) -> list[Passage]:
    """The passages of ``document`` in order. Together they cover every block; they overlap only where a
    sentence had to be cut.

    ``tokens`` and ``pieces`` count a batch of texts: the first in tokens, the second in the encoder's word pieces.
    """
    units = list(_units(document.text, blocks, sizes, tokens))
    runs = [fitting for run in _runs(document.text, units, sizes) for fitting in _fit(document.text, run, sizes, pieces)]
    # Where a part that overlaps the next was cut once more, its end may lie behind that one's beginning.
    runs.sort(key=lambda run: (run[0].start, run[-1].end))
    line_ends = [match.start() for match in re.finditer("\n", document.text)]
    return [_passage(document, run, line=bisect_left(line_ends, run[0].start) + 1) for run in runs]


def _units(text: str, blocks: Sequence[Block], sizes: Sizes, tokens: Count) -> Iterator[_Unit]:
    counts = tokens([text[block.start : block.end] for block in blocks])
    for block, count in zip(blocks, counts, strict=True):
        path = (*block.headings, title(text[block.start : block.end])) if block.kind == "heading" else block.headings
        whole = _Unit(block.start, block.end, block.kind, block.level, path, count)
        if count <= sizes.target:
            yield whole
        else:
            yield from _parts(text, whole, sizes, tokens)


def _parts(text: str, unit: _Unit, sizes: Sizes, tokens: Count) -> Iterator[_Unit]:
    """An over-long block by lines if it is code, else by sentences; what is still too long by words."""
    spans = list(_code_lines(text, unit.start, unit.end)) if unit.kind == "code" else list(sentences(text, unit.start, unit.end))
    counts = tokens([text[start:end] for start, end in spans])
    for (start, end), count in zip(spans, counts, strict=True):
        if count <= sizes.target:
            yield _Unit(start, end, unit.kind, unit.level, unit.headings, count)
        else:
            for low, high in halves(text, start, end, lambda part: tokens([part])[0] <= sizes.target - _OVERLAP_TOKENS):
                high = _overlap(text, high, end)
                yield _Unit(low, high, unit.kind, unit.level, unit.headings, tokens([text[low:high]])[0])


def _overlap(text: str, high: int, end: int) -> int:
    """``high`` moved on by a few words: where a sentence had to be cut, what it says across the cut is found from both sides."""
    limit = min(end, high + _OVERLAP_CHARACTERS)
    words = islice(_WHOLE_WORD.finditer(text, high, limit), _OVERLAP_WORDS)
    # A word that goes on past the limit is not taken: text without white space has no words to repeat.
    return max((word.end() for word in words if word.end() == end or text[word.end()].isspace()), default=high)


def _code_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        low, high = trimmed(text, at, stop)
        if low < high:
            yield at, high
        at = stop + 1


def halves(text: str, start: int, end: int, fits: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """``text[start:end]`` in parts that ``fits`` accepts, cut at white space near the middle, or anywhere if there is none."""
    if end - start <= 1 or fits(text[start:end]):
        yield start, end
        return
    middle = (start + end) // 2
    gap = next((at for reach in range(middle - start) for at in (middle - reach, middle + reach) if text[at].isspace()), middle)
    for low, high in (trimmed(text, start, gap), trimmed(text, gap, end)):
        if low < high:
            yield from halves(text, low, high, fits)


def _runs(text: str, units: Sequence[_Unit], sizes: Sizes) -> Iterator[list[_Unit]]:
    """Consecutive units that share a passage. What belongs together (a table, a list under its line) is kept whole where it fits whole."""
    run: list[_Unit] = []
    size = 0
    for group in _groups(units):
        heading, whole = group[0].kind == "heading", sum(unit.tokens for unit in group)
        if run and (_ends(run, size, sizes) if heading else size + whole > sizes.target >= whole and size >= sizes.least):
            run, size, closed = _carry(run)
            yield closed
        for unit in group:
            if run and (size + unit.tokens > sizes.target or _gap(text, run[-1].end, unit.start)):
                run, size, closed = _carry(run)
                yield closed
            run.append(unit)
            size += unit.tokens
    if run:
        yield run


def _groups(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """A table with its head, an item with the items under it, the line before a list with the list; else a unit alone."""
    group: list[_Unit] = []
    for unit in units:
        joins = group and (
            (unit.kind == "row" and group[-1].kind in ("head", "row"))
            or (unit.kind == "item" and group[-1].kind == "item" and unit.level > group[0].level)
            or (unit.kind in ("item", "head") and group[-1].kind == "paragraph" and len(group) == 1 and group[0].tokens <= 24)
        )
        if group and not joins:
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _ends(run: Sequence[_Unit], size: int, sizes: Sizes) -> bool:
    """Whether a section may end here: it is large enough to stand alone, and not only headings."""
    return size >= sizes.least and any(unit.kind != "heading" for unit in run)


def _carry(run: list[_Unit]) -> tuple[list[_Unit], int, list[_Unit]]:
    """The run to begin with, its size, and the one to close: headings at the end of a run go with what stands under them."""
    cut = len(run)
    while cut > 1 and run[cut - 1].kind == "heading":
        cut -= 1
    if all(unit.kind == "heading" for unit in run[:cut]):
        cut = len(run)
    return run[cut:], sum(unit.tokens for unit in run[cut:]), run[:cut]


def _gap(text: str, end: int, start: int) -> bool:
    """Whether noise lies between two units, so that no passage may hold both."""
    return bool(text[end:start].strip(" \t\n\f|#>*_-=`~:+"))


def _fit(text: str, run: list[_Unit], sizes: Sizes, pieces: Count) -> Iterator[list[_Unit]]:
    """``run`` itself if the encoder sees all of it, else in parts that it does see."""
    if pieces([_encoded(_path(run), text[run[0].start : run[-1].end])])[0] <= sizes.pieces:
        yield run
    elif len(run) > 1:
        middle = len(run) // 2
        yield from _fit(text, run[:middle], sizes, pieces)
        yield from _fit(text, run[middle:], sizes, pieces)
    else:
        unit = run[0]
        if pieces([_encoded(unit.headings, "")])[0] > sizes.pieces // 2:
            # Headings that leave no room are given up from the outside in.
            yield from _fit(text, [_Unit(unit.start, unit.end, unit.kind, unit.level, unit.headings[1:])], sizes, pieces)
            return
        for low, high in halves(text, unit.start, unit.end, lambda part: pieces([_encoded(unit.headings, part)])[0] <= sizes.pieces):
            yield [_Unit(low, high, unit.kind, unit.level, unit.headings)]


def _path(run: Sequence[_Unit]) -> tuple[str, ...]:
    """The headings that all of a run stands under."""
    paths = [unit.headings for unit in run if unit.kind != "heading"] or [run[-1].headings]
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return paths[0][:shared]


def _passage(document: Document, run: Sequence[_Unit], *, line: int) -> Passage:
    start, end = run[0].start, run[-1].end
    kinds = {unit.kind for unit in run if unit.kind != "heading"} or {"heading"}
    return Passage(
        path=document.path,
        start=start,
        end=end,
        text=document.text[start:end],
        headings=_path(run),
        kind=kinds.pop() if len(kinds) == 1 else "mixed",
        line=line,
        page=document.page_at(start),
    )
