"""Text that is wrapped: whether lines are broken where the width ends, so that a line that breaks off early ends a paragraph."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.segmenting.lines import Line

_LEAST_PAIRS = 40
"""Lines that follow each other without a blank one: with fewer it cannot be told."""
_WIDE = 0.95
"""The width is that of the widest lines, but for one in twenty."""
_FULL = 0.8
"""A line and the word after it that take less than this of the width had room for each other; letters are not all of one width."""
_WRAPPED = 0.5
"""So many of the lines must be full for a text to be wrapped. Of thirteen documents three are wrapped, by 63 to 77 %; of the others 8 to 38 % are full."""
_NARROWEST, _WIDEST = 40, 160
"""In characters: what is wider is one paragraph a line."""


def wrap_width(lines: Sequence[Line], noise: Collection[int]) -> int:
    """How many characters a line holds at least, with the word after it, where a text is wrapped and the line does not end a paragraph.

    0 if the text is not wrapped.
    """
    text = [None if line.blank or index in noise else line.text.rstrip() for index, line in enumerate(lines)]
    pairs = [(one, after) for one, after in pairwise(text) if one is not None and after is not None]
    if len(pairs) < _LEAST_PAIRS:
        return 0
    widths = sorted(len(one) for one, _ in pairs)
    width = widths[int(_WIDE * (len(widths) - 1))]
    least = int(_FULL * width)
    full = sum(len(one) + 1 + len(after.split(maxsplit=1)[0]) > least for one, after in pairs)
    return least if _NARROWEST <= width <= _WIDEST and full >= _WRAPPED * len(pairs) else 0
