"""Tables: a head and its rows, parted by pipes, tabs or nothing but spaces."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.segmenting.lines import BULLET, GAP, NUMBERED, TERMINAL, Line

_PIPE_RULE = re.compile(r"\s*[|+]?\s*:?[-=]+:?\s*(?:[|+]\s*:?[-=]+:?\s*)*+[|+]?\s*$")
_BARE_ROW = re.compile(r"\s*\|.*\|\s*$")
"""A row of a table that has no rule below its head."""
_SPACED_RULE = re.compile(r"\s*[-=]{2,}(?:\s+[-=]{2,})*\s*$")
_LEAST_ROWS = 2
"""Of a table that nothing but spaces part: two lines alike happen."""
_LEAST_SET_IN = 8
"""Columns that a head without a name for its first column is set in."""


class Grid(NamedTuple):
    """A table by its lines: the first and the last of its head, those of its rows, and the one behind its last."""

    head: int
    headed: int
    rows: Sequence[int]
    end: int


def grid_at(lines: Sequence[Line], at: int, is_text: Callable[[int], bool], *, spaced: bool) -> Grid | None:
    """The table that begins on line ``at``; None if none does. Those whose columns spaces part are looked for if ``spaced``.

    ``is_text`` tells whether there is a line of such a number that is neither blank nor noise.
    """
    return _of_pipes(lines, at, is_text) or _of_tabs(lines, at, is_text) or (_of_spaces(lines, at, is_text) if spaced else None)


def gaps(line: Line) -> int:
    """How many gaps between cells a line has, if nothing but spaces parts them. Two spaces behind a sentence are none."""
    text = line.text.strip()
    cells = GAP.split(text)
    if "\t" in text or "|" in text or _begins_item(line) or any(cell.endswith(TERMINAL) for cell in cells[:-1]):
        return 0
    return len(cells) - 1


def tabs(line: Line) -> int:
    """How many gaps between cells a line has that tabs part. That behind a bullet or a number is none."""
    return 0 if _begins_item(line) else line.text.strip().count("\t")


def _begins_item(line: Line) -> bool:
    return bool(BULLET.match(line.text) or NUMBERED.match(line.text))


def _of_pipes(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    """Below a head a rule, or rows of as many cells that pipes begin and end."""
    if "|" not in lines[at].text or not is_text(at + 1):
        return None
    ruled = bool(_PIPE_RULE.match(lines[at + 1].text))
    if not ruled and not (_BARE_ROW.match(lines[at].text) and lines[at].text.count("|") > 2):
        return None
    count = lines[at].text.count("|")
    end = at + 1
    while is_text(end) and (_PIPE_RULE.match(lines[end].text) or ("|" in lines[end].text if ruled else _BARE_ROW.match(lines[end].text) and lines[end].text.count("|") == count)):
        end += 1
    rows = [index for index in range(at + 1, end) if not _PIPE_RULE.match(lines[index].text)]
    return Grid(at, at, rows, end) if ruled or rows else None


def _of_tabs(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    """Below a head rows of as many cells; of a row the last may be missing. A word with a colon behind it heads no table."""
    count = tabs(lines[at])
    if not count or lines[at].text.strip().split("\t")[0].endswith(":"):
        return None
    end = at + 1
    while is_text(end) and count / 2 <= tabs(lines[end]) <= count:
        end += 1
    return Grid(at, at, range(at + 1, end), end) if end > at + 1 else None


def _of_spaces(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    """Below a head without figures, rows of as many cells. It begins where such lines do, so that each is looked at once."""
    count = gaps(lines[at])
    if not count or (at and is_text(at - 1) and gaps(lines[at - 1]) == count):
        return None
    headed, first = _head_and_first(lines, at, count, is_text)
    if lines[at].indent >= _LEAST_SET_IN and is_text(first) and lines[first].indent < lines[at].indent and gaps(lines[first]) == count + 1:
        # The first column has no name.
        count += 1
    end = first
    while is_text(end) and gaps(lines[end]) == count:
        end += 1
    head = lines[at].text.strip()
    if end - first < _LEAST_ROWS or any(char.isdigit() for char in head) or head.endswith((",", ";", ":")):
        return None
    if count == 1 and not all(any(char.isdigit() for char in GAP.split(line.text.strip())[-1]) for line in lines[first:end]):
        # A word and its meaning, or a line of an index.
        return None
    return Grid(at, headed, range(first, end), end)


def _head_and_first(lines: Sequence[Line], at: int, count: int, is_text: Callable[[int], bool]) -> tuple[int, int]:
    """The last line of the head that begins on line ``at``, which may go on below its own columns, and the line of the first row: behind a rule or
    a blank line, if one is there.
    """
    headed = at
    if is_text(at + 1) and lines[at + 1].indent >= max(_LEAST_SET_IN, lines[at].indent) and gaps(lines[at + 1]) < count:
        headed += 1
    first = headed + 1
    parted = first < len(lines) and count > 1 and (lines[first].blank or bool(_PIPE_RULE.match(lines[first].text) or _SPACED_RULE.match(lines[first].text)))
    return headed, first + parted
