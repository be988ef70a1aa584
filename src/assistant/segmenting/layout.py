"""Plain text as it is laid out by hand: where a line stands for itself, and which lines head what follows without a mark of Markdown."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import pairwise

from assistant.segmenting.grids import gaps
from assistant.segmenting.lines import STOPS, Line

_WIDTH = 0.9
"""The width of a text is that of its lines but for one in ten."""
_WIDEST = 120
"""In characters: what is wider is one paragraph a line."""
_EARLY = 0.85
"""A line and the word after it that take less than this of the width had room for each other. (Of the same paragraphs 146 to 158 and 24 with 0.75 to
0.95.)"""
_MOST_SMALL, _LEAST_EARLY, _MOST_WHOLE = 0.2, 0.4, 0.8
"""So many of the lines may begin in small letters, so many must break off early, and so many may end a sentence, for each to say something of its
own: prose can have a sentence on each line. In 91 texts of sixteen small folders and in 23 long ones 150 and 24 paragraphs are taken for such lines;
148 to 155 and 23 to 26 with 0.1 to 0.3, 154 to 150 and 24 with 0.2 to 0.5 (140 and 23 with 0.6), and 147 and 23 with 0.6 (207 and 48 with 1)."""
_STAMP = re.compile(r"\s*[\[(<]?(?:\d{4}-\d\d-\d\d[ T]|\d{1,2}[./]\d{1,2}[./]\d{2,4},? )?\d{1,2}:\d{2}\b")
"""The time that an entry of a log begins with, or a line of a transcript."""
_NEARLY_ALL = 0.8
_SHORT = 30
"""So few words are one statement, on however many lines: the cells of a table that an export has put below each other say little alone. As many as
are one unit, however they end."""

_OUTLINE = re.compile(r"(?P<marks>\*{1,6}|={1,6})[ \t]+(?=\S)")
_RUN_ON = 0.5
"""Lines with one mark that follow each other directly, by more than this share, are a list."""
_FRAMED = re.compile(r"\s*(?P<frame>[-=*#~_+])(?P=frame){2,}\s*(?P<text>[^\s\-=*#~_+].*?)\s*(?P=frame){2,}(?P<more>(?:\s+\S+){0,3})\s*$")
_LONGEST_FRAMED = 120
"""In characters."""
_LINE = re.compile(r"\s*(?P<mark>[-=*#~_+])(?:\s*(?P=mark)){9,}\s*$")
"""A line drawn across the page."""
_LEAST_FRAMES = 2
_MOST_FRAMED = 3
"""Lines between two that are drawn."""
_FIELD = re.compile(r"(?:from|to|cc|date|sent|subject|re|von|an|datum|gesendet|betreff)\s?:\s*\S", re.I)
_TELLING_FIELD = re.compile(r"(?:from|subject|von|betreff)\s?:\s*\S", re.I)
_SENT_FIELD = re.compile(r"(?:date|sent|subject|datum|gesendet|betreff)\s?:", re.I)
_TOPIC_WORDS, _LEAST_TOLD = 5, 50
"""A line of at most so many words heads the line below it, which has at least so many characters. In the same texts there are 1,063 and 2,671
headings; 1,053 to 1,070 and 2,671 to 2,672 with 3 to 8 words, 1,084 to 1,049 and 2,671 with 35 to 70 characters."""


def unmarked(heading: str) -> str:
    """The text of a heading without the stars that tell its level, or what it is framed by."""
    if found := _framed(heading):
        return str(found["text"] + found["more"])
    marked = _OUTLINE.match(heading)
    return heading[marked.end() :] if marked else heading


class Layout:
    """What the lines of a plain text show by where they stand; ``noise`` are those that say nothing."""

    def __init__(self, lines: Sequence[Line], noise: Collection[int]) -> None:
        self._lines = lines
        self._noise = noise
        lengths = sorted(len(line.text.rstrip()) for index, line in enumerate(lines) if not line.blank and index not in noise)
        self._least = _EARLY * min(lengths[math.ceil(_WIDTH * (len(lengths) - 1))], _WIDEST) if lengths else 0.0

    @cached_property
    def _outline(self) -> str | None:
        return _outline_mark(self._lines)

    @cached_property
    def _framed_lines(self) -> frozenset[int]:
        """The lines that stand between marks of one kind, of which there are several."""
        frames = {index: frame for index in range(len(self._lines)) if (frame := self._frame(index)) is not None}
        times = Counter(frames.values())
        return frozenset(index for index, frame in frames.items() if times[frame] >= _LEAST_FRAMES)

    def outline_level(self, index: int) -> int:
        """How deep a heading is that begins with stars or equals signs, one for each level; 0 where line ``index`` is none."""
        return _marks(self._lines[index].text, self._outline) if self._outline else 0

    def framed(self, index: int) -> bool:
        """Whether line ``index`` stands between marks, as headings do: "=== Costs ===", or the first of a few lines between two drawn ones.

        A note has several such headings: one alone is something else.
        """
        return index in self._framed_lines

    def _frame(self, index: int) -> str | None:
        """The mark that line ``index`` stands between; an empty one for drawn lines, None if it stands between none."""
        if found := _framed(self._lines[index].text):
            return str(found["frame"])
        if not self._drawn(index - 1):
            return None
        below = next((one for one in range(index + 1, index + _MOST_FRAMED + 1) if self._drawn(one) or not self._is_text(one)), None)
        return "" if below is not None and self._drawn(below) else None

    def letter(self, index: int) -> dict[int, bool]:
        """The lines of the fields that a mail begins with, if line ``index`` is the first of them: for each whether it tells who wrote, or of what."""
        if ":" not in self._lines[index].text or not _TELLING_FIELD.match(self._lines[index].text) or self.is_field(self._neighbour(index, -1)):
            return {}
        found = {}
        field: int | None = index
        while field is not None and self.is_field(field):
            found[field] = bool(_TELLING_FIELD.match(self._lines[field].text))
            field = self._neighbour(field, 1)
        # "From: Hamburg, To: Munich" is no mail.
        return found if any(_SENT_FIELD.match(self._lines[one].text) for one in found) and len(found) > 1 else {}

    def is_field(self, index: int | None) -> bool:
        """Whether line ``index`` is one of them."""
        return index is not None and bool(_FIELD.match(self._lines[index].text))

    def topic(self, index: int) -> bool:
        """Whether the short line ``index`` says what the longer one right below it is about."""
        line = self._lines[index]
        if not self._is_text(index + 1) or line.indent or self._lines[index + 1].indent or gaps(line) or len(line.text.split()) > _TOPIC_WORDS:
            return False
        below = self._lines[index + 1].text.strip()
        return len(below) >= max(_LEAST_TOLD, 2 * len(line.text)) and below[:1].isupper()

    def ends_early(self, index: int) -> bool:
        """Whether line ``index`` breaks off where the first word of the next had room."""
        text = self._lines[index].text.rstrip()
        following = self._lines[index + 1].text.split(maxsplit=1)
        return len(text) + 1 + len(following[0] if following else "") <= self._least

    def statements(self, first: int, last: int) -> list[int]:
        """The lines from ``first`` to ``last``, which no blank one parts, that each begin something of their own, such as an entry of a log;
        [first] if they are one run of prose.

        Prose that is wrapped breaks off where the next word has no room, and goes on in small letters mostly. What is set in below the others, and
        the answer below a question, belongs to the line before it.
        """
        inner = [index for index in range(first + 1, last + 1) if self._is_text(index)]
        if sum(len(self._lines[index].text.split()) for index in (first, *inner)) <= _SHORT:
            return [first]
        if starts := self._entries(first, inner):
            return starts
        starts, counted, small, early, whole = [first], 0, 0, 0, 0
        for index in inner:
            before, line = self._lines[index - 1].text.rstrip(), self._lines[index]
            low = line.text.lstrip()[:1].islower()
            ended = self.ends_early(index - 1) or before.endswith((*STOPS, ":", ";"))
            if line.indent > self._lines[starts[-1]].indent and (low or not ended):
                continue
            counted, small, early = counted + 1, small + low, early + ended
            whole += before.endswith(STOPS) and before.lstrip()[:1].isalpha()
            if not low and not before.endswith("?"):
                starts.append(index)
        prose = small > _MOST_SMALL * counted or early < _LEAST_EARLY * counted or whole > _MOST_WHOLE * counted
        return [first] if prose else starts

    def _entries(self, first: int, inner: Sequence[int]) -> list[int]:
        """The lines that begin with a time, or are parted alike by semicolons, if nearly all are; else none."""
        every = [first, *inner]
        stamped = [index for index in every if _STAMP.match(self._lines[index].text)]
        if len(inner) > 1 and len(stamped) >= _NEARLY_ALL * len(every):
            return list(dict.fromkeys([first, *stamped]))
        (parts, alike), *_ = Counter(self._lines[index].text.count(";") for index in every).most_common(1)
        return every if len(inner) > 1 and parts and alike >= _NEARLY_ALL * len(every) else []

    def _is_text(self, index: int) -> bool:
        return 0 <= index < len(self._lines) and index not in self._noise and not self._lines[index].blank

    def _drawn(self, index: int) -> bool:
        return 0 <= index < len(self._lines) and bool(_LINE.match(self._lines[index].text))

    def _neighbour(self, index: int, step: int) -> int | None:
        """The nearest line of text before (``step`` -1) or after (1) line ``index``, if at most one blank line parts them."""
        return next((one for one in (index + step, index + 2 * step) if self._is_text(one)), None)


def _marks(text: str, mark: str) -> int:
    """How many of ``mark`` a line begins with that does not end with it too."""
    marked = _OUTLINE.match(text)
    return len(marked["marks"]) if marked and marked["marks"][0] == mark and not text.rstrip().endswith(mark) else 0


def _framed(text: str) -> re.Match[str] | None:
    found = _FRAMED.match(text) if len(text) <= _LONGEST_FRAMED else None
    # A drawing has more of such lines within.
    return found if found and found["frame"] * 3 not in found["text"] else None


def _outline_mark(lines: Sequence[Line]) -> str | None:
    """The mark that begins headings of several levels, one for each level, at the beginning of lines; None if there is none."""
    for mark in "*=":
        found = [(index, count) for index, line in enumerate(lines) if (count := _marks(line.text, mark))]
        levels = {level for _, level in found}
        together = sum(one + 1 == other for (one, _), (other, _) in pairwise(found))
        if max(levels, default=0) > 1 and together <= _RUN_ON * len(found):
            return mark
    return None
