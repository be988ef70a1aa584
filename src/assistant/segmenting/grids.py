"""Tables: a head and its rows, parted by pipes, tabs or nothing but spaces."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.segmenting.lines import BULLET, GAP, NUMBERED, TERMINAL, Line

_PIPE_RULE = re.compile(r"\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*+(?:\|\s*)?$")
_LEAST_ROWS = 2
"""Of a table that nothing but spaces part: two lines alike happen."""


class Grid(NamedTuple):
    """A table by its lines: that of its head, and those from its first row to before ``end``."""

    head: int
    first: int
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
    if "\t" in text or "|" in text or BULLET.match(line.text) or NUMBERED.match(line.text) or any(cell.endswith(TERMINAL) for cell in cells[:-1]):
        return 0
    return len(cells) - 1


def _of_pipes(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    if "|" not in lines[at].text or not (is_text(at + 1) and _PIPE_RULE.match(lines[at + 1].text)):
        return None
    end = at + 2
    while is_text(end) and "|" in lines[end].text:
        end += 1
    return Grid(at, at + 2, end)


def _of_tabs(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    tabs = lines[at].text.strip().count("\t")
    end = at + 1
    while tabs and is_text(end) and lines[end].text.strip().count("\t") == tabs:
        end += 1
    return Grid(at, at + 1, end) if end > at + 1 else None


def _of_spaces(lines: Sequence[Line], at: int, is_text: Callable[[int], bool]) -> Grid | None:
    """Below a head without figures, rows of as many cells. It begins where such lines do, so that each is looked at once."""
    count = gaps(lines[at])
    if not count or (at and is_text(at - 1) and gaps(lines[at - 1]) == count):
        return None
    end = at + 1
    while is_text(end) and gaps(lines[end]) == count:
        end += 1
    head = lines[at].text.strip()
    if end - at - 1 < _LEAST_ROWS or any(char.isdigit() for char in head) or head.endswith((",", ";", ":")):
        return None
    if count == 1 and not all(any(char.isdigit() for char in GAP.split(line.text.strip())[-1]) for line in lines[at + 1 : end]):
        # A word and its meaning, or a line of an index.
        return None
    return Grid(at, at + 1, end)
