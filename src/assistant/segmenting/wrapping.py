"""Text that is wrapped: where lines are broken because the width ends, one that breaks off early ends a paragraph, or heads the next."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.segmenting.lines import STOPS, TERMINAL, Line

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
_HEADING_WORDS = 8


class Wrapping:
    """Where the paragraphs of a text end that is wrapped and has no blank lines between them; nowhere in a text that is not."""

    def __init__(self, lines: Sequence[Line], noise: Collection[int]) -> None:
        self._lines = lines
        self._noise = noise
        self.width = wrap_width(lines, noise)
        """See ``wrap_width``."""

    def ends_paragraph(self, index: int) -> bool:
        """Whether line ``index`` is a paragraph's last, though a line of text follows."""
        return self.ends_early(index) or (bool(self.width) and self._text(index).endswith(STOPS) and self.heads(index + 1))

    def ends_early(self, index: int) -> bool:
        """Whether line ``index`` breaks off where the next word had room."""
        if not (self.width and self._is_text(index + 1)):
            return False
        return len(self._text(index)) + 1 + len(self._text(index + 1).split(maxsplit=1)[0]) <= self.width

    def heads(self, index: int) -> bool:
        """Whether the short line ``index`` heads the paragraph after it, as where an export has lost the space between them."""
        if not self.ends_early(index) or self.ends_early(index + 1) or not self._is_text(index + 2):
            return False
        text = self._text(index).strip()
        titled = len(text.split()) <= _HEADING_WORDS and not text.endswith((*TERMINAL, ":")) and any(char.isalpha() for char in text)
        return titled and self._text(index + 1).lstrip()[:1].isupper()

    def _text(self, index: int) -> str:
        return self._lines[index].text.rstrip()

    def _is_text(self, index: int) -> bool:
        return index < len(self._lines) and index not in self._noise and not self._lines[index].blank


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
