"""The blocks of a document: headings, paragraphs, list items, table rows, code.

One pass over the lines serves marked-up and plain text alike. Where there is no mark-up, structure is inferred from what the eye goes by:
isolated short lines are headings, numbered ones of the level that their number tells, the first line of a slide is its title, and what
follows a line that ends in a colon hangs on that line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.segmenting.grids import gaps, grid_at, tabs
from assistant.segmenting.layout import Layout, unmarked
from assistant.segmenting.lines import BULLET, INLINE_LINK, NUMBERED, STOPS, TERMINAL, fences, split_lines, trimmed
from assistant.segmenting.noise import noise_lines
from assistant.segmenting.shapes import is_label, is_link, is_titular, is_values
from assistant.segmenting.slides import numbered_slides, slide_starts
from assistant.segmenting.wrapping import Wrapping
from assistant.values import Document

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_SETEXT = re.compile(r" {0,3}(=+|-{3,})[ \t]*$")
_RULE = re.compile(r"\s*(?:[-*_=~][ \t]*){3,}$|\s*[-*+•]\s*$")
_BOLD_LINE = re.compile(r"\s*(?:>\s*)?(\*\*|__)(?P<text>[^*_].*?)\1:?\s*$")
_QUOTED_LINE = re.compile(r"\s*>\s*(?P<text>\S.*)$")
_NUMBERED_HEADING = re.compile(r"\s*(?P<number>\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}\.?|[A-Z]\.\d{1,2}|[IVX]{1,5}\.|[A-Z]\.)[ \t]+(?P<text>[A-Z“\"(].*)$")
_LETTERED = re.compile(r"[A-Z]\.[ \t]")
_CLOSING_MARKS = re.compile(r"(?<=[ \t])#+[ \t]*$")
# An underscore within a word is a part of its name.
_MARKS = re.compile(rf"[*`]{{1,3}}(?=\S)|(?<=\S)[*`]{{1,3}}|(?<!\w)_{{1,3}}(?=\S)|(?<=\S)_{{1,3}}(?!\w)|{INLINE_LINK}")

# Levels behind those of `#` (1 to 6) and of numbers (1 for "2", 2 for "2.1").
_SECTION_SLIDE, _SLIDE, _FRAMED, _INFERRED, _LABEL = 1, 2, 6, 7, 8
_FRAMED_WORDS = 14


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is read as one.

    ``kind`` is heading, paragraph, item, head (a table's first row), row, code, link (hardly anything but a link) or label (a word or two
    out of a drawing on a slide, a field of a mail that tells neither who wrote nor of what). ``level`` is a heading's or an
    item's depth. ``headings`` are those that it stands under. ``parent`` is the index of the block that its meaning hangs on: the line
    that a list follows, the item that it is nested in, a row's head.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    headings: tuple[str, ...] = ()
    parent: int | None = None


def blocks(document: Document) -> tuple[Block, ...]:
    """The blocks of ``document`` in order, noise left out; between them lie white space, noise and mark-up only."""
    return tuple(_Parser(document).run())


def plain(text: str) -> str:
    """``text`` as it reads: without marks, link targets and surplus white space."""
    return " ".join(_MARKS.sub(lambda match: match[1] or "", text).split())


def title(heading: str) -> str:
    """The text of a heading's block as it reads: ``plain``, and without the marks that make it a heading."""
    if atx := _ATX.match(heading):
        return plain(_CLOSING_MARKS.sub("", heading[atx.end() :]))
    text, _, last = heading.rpartition("\n")
    text = text if text and _SETEXT.match(last) else heading
    if marked := _BOLD_LINE.match(text) or _QUOTED_LINE.match(text):
        text = marked["text"]
    return plain(unmarked(text))


class _Parser:
    """Goes over the lines once; each ``_take_`` method consumes what it recognises and answers whether it did."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.lines = split_lines(document.text, document.body_start)
        self.markdown = document.kind in ("markdown", "html")
        self.fences = fences(self.lines, tildes=self.markdown)
        code = {line for first, last in self.fences.items() for line in range(first, last + 1)}
        self.noise = noise_lines(self.lines, code)
        slides = {} if self.markdown else numbered_slides(self.lines, self.noise)
        self.titles = frozenset(slides.values()) if slides or self.markdown else slide_starts(document, self.lines, self.noise)
        self.noise |= {mark for mark, first in slides.items() if mark != first}
        # Elsewhere a lone # begins a comment or stands before a command.
        self.hashed = self.markdown or (not self.titles and any(self._marks(index) > 1 for index in range(len(self.lines)) if index not in code))
        self.plain = not self.markdown and not self.titles
        self.wrapping = Wrapping(self.lines if self.plain else [], self.noise)
        self.layout = Layout(self.lines, self.noise)
        self.loose = not self.markdown and not self.wrapping.width and (not self.titles or bool(slides))
        """Whether a line may stand for itself though another follows it; Markdown has lists for that."""
        self.blocks: list[Block] = []
        self.headings: list[tuple[int, str]] = []
        self.stack: list[tuple[int, int]] = []
        """The open list items, outermost first, as (indent, index of the block)."""
        self.lead: int | None = None
        self.at = 0

    def run(self) -> list[Block]:
        takers = (
            self._take_slide_title, self._take_fence, self._take_rule, self._take_table, self._take_letter, self._take_heading, self._take_item, self._take_paragraph,
        )  # fmt: skip
        while self.at < len(self.lines):
            if not self._text_at(self.at):
                self.at += 1
            else:
                any(take() for take in takers)
        return self.blocks

    # What the lines are

    def _text_at(self, index: int) -> bool:
        return 0 <= index < len(self.lines) and index not in self.noise and not self.lines[index].blank

    def _marks(self, index: int) -> int:
        """How many # a heading in Markdown has that is on line ``index``; 0 if there is none."""
        atx = None if index in self.noise else _ATX.match(self.lines[index].text)
        return len(atx[1]) if atx else 0

    def _isolated(self, index: int) -> bool:
        return (
            not self._text_at(index - 1) or index - 1 in self.titles or self.wrapping.ends_paragraph(index - 1)
            or (self.plain and bool(_RULE.match(self.lines[index - 1].text))) or self._sets_off(index)
        )  # fmt: skip

    def _sets_off(self, index: int) -> bool:
        """Whether a line heads a section by its number ("2.1 Costs"), though it follows another directly."""
        if not (self.plain and self.loose) or self.lines[index].indent or (numbered := _NUMBERED_HEADING.match(self.lines[index].text)) is None:
            return False
        ended = self._text_at(index - 1) and (self.layout.ends_early(index - 1) or self.lines[index - 1].text.rstrip().endswith(STOPS))
        return ended and is_titular(numbered["text"]) and (_parted(numbered["number"]) or self._heads_parts(index, numbered["number"]))

    def _heads_parts(self, index: int, number: str) -> bool:
        """Whether the line below ``index`` is the heading of its first part: "2.1" below "2"."""
        below = _NUMBERED_HEADING.match(self.lines[index + 1].text) if self._text_at(index + 1) else None
        return below is not None and below["number"].startswith(f"{number.rstrip('.')}.")

    def _next_text(self, index: int) -> int | None:
        return next((one for one in range(index + 1, len(self.lines)) if self._text_at(one)), None)

    def _starts_item(self, index: int) -> re.Match[str] | None:
        text = self.lines[index].text
        return BULLET.match(text) or NUMBERED.match(text)

    # What they become

    def _add(self, kind: str, first: int, last: int, *, level: int = 0, parent: int | None = None) -> int:
        start, end = trimmed(self.text, self.lines[first].start, self.lines[last].end)
        path = tuple(text for _, text in self.headings)
        if kind in ("item", "paragraph") and is_link(self.text[start:end]):
            kind = "link"
        elif kind == "paragraph" and self.titles and is_label(self.text[start:end]):
            kind = "label"
        if kind == "paragraph" and self._names_values(first, start, end):
            label = self.blocks.pop()
            start, parent = label.start, label.parent
        self.blocks.append(Block(kind, start, end, level, path, parent))
        return len(self.blocks) - 1

    def _names_values(self, first: int, start: int, end: int) -> bool:
        """Whether ``text[start:end]``, from line ``first`` on, is the rest of a table's row that the label before it begins, in a deck saved as text."""
        return (
            bool(self.titles)
            and bool(self.blocks)
            and self.blocks[-1].kind == "label"
            and not self.text[self.blocks[-1].end : start].strip()
            and is_values(self.text[start:end])
        )

    def _add_heading(self, level: int, first: int, last: int) -> bool:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self._add("heading", first, last, level=level)
        self.headings.append((level, title(self.text[self.blocks[-1].start : self.blocks[-1].end])))
        self._close_lists()
        self.at = last + 1
        return True

    def _close_lists(self) -> None:
        self.stack.clear()
        self.lead = None

    def _take_slide_title(self) -> bool:
        first = self.at
        if first not in self.titles:
            return False
        last = first
        words = len(self.lines[first].text.split())
        while self._text_at(last + 1) and last + 1 not in self.titles and last - first < 3 and not self._starts_item(last + 1):
            if self.lines[last + 1].text.rstrip().endswith((".", ";", ":")) or tabs(self.lines[last + 1]):
                # A sentence under the title, the line before a list, or a table.
                break
            words += len(self.lines[last + 1].text.split())
            if words > 14:
                break
            last += 1
        following = self._next_text(last)
        alone = following is not None and following in self.titles
        start, end = trimmed(self.text, self.lines[first].start, self.lines[last].end)
        repeats = bool(self.headings) and self.headings[-1][1] == title(self.text[start:end])
        section = alone and not repeats and words <= 6 and is_titular(self.text[start:end])
        return self._add_heading(_SECTION_SLIDE if section else _SLIDE, first, last)

    def _take_fence(self) -> bool:
        last = self.fences.get(self.at)
        if last is None:
            return False
        self._add("code", self.at, last, parent=self.stack[-1][1] if self.stack else self.lead)
        self.at = last + 1
        return True

    def _take_rule(self) -> bool:
        if _RULE.match(self.lines[self.at].text):
            self.at += 1
            return True
        return False

    def _take_table(self) -> bool:
        found = grid_at(self.lines, self.at, self._text_at, spaced=not self.markdown)
        if found is None:
            return False
        head = self._add("head", found.head, found.headed, parent=self.lead)
        for index in found.rows:
            self._add("row", index, index, parent=head)
        self._close_lists()
        self.at = found.end
        return True

    def _take_letter(self) -> bool:
        """The fields that a mail begins with: who wrote it, and of what, heads it; the others say little."""
        first = self.at
        fields = self.layout.letter(first) if self.plain else {}
        for index, telling in fields.items():
            if telling:
                self._add_heading(_FRAMED if index == first else _INFERRED, index, index)
            else:
                self._add("label", index, index)
        self.at = max(fields, default=first - 1) + 1
        return bool(fields)

    def _take_heading(self) -> bool:
        found = self._heading(self.at)
        if not found:
            return False
        level, last = found
        return self._add_heading(level, self.at, last)

    def _heading(self, index: int) -> tuple[int, int] | None:
        """Level and last line of the heading at line ``index``, or None."""
        line = self.lines[index]
        text = line.text.strip()
        if self.hashed and (marks := self._marks(index)):
            return marks, index
        if self._text_at(index + 1) and (rule := _SETEXT.match(self.lines[index + 1].text)) and self._isolated(index) and not self._starts_item(index):
            return (1 if rule[1][0] == "=" else 2), index + 1
        if self.plain and (level := self._laid_out(index)):
            return level, index
        if not self._isolated(index) or len(text) > 90:
            return None
        if _BOLD_LINE.match(line.text) and len(text.split()) <= 12 and not self._text_at(index + 1):
            return _LABEL, index
        if (quoted := _QUOTED_LINE.match(line.text)) and not self._text_at(index + 1) and is_titular(quoted["text"]):
            return _LABEL, index
        if self.markdown or self.titles:
            return None
        if (numbered := _NUMBERED_HEADING.match(line.text)) and self._stands_above(index, numbered["number"]) and is_titular(numbered["text"]) and self._heads(index):
            return max(1, len(re.findall(r"[\dA-ZIVX]+", numbered["number"]))), index
        if self._starts_item(index) or (self.stack and self.lines[index].indent > self.stack[0][0] + 4):
            return None
        if self.layout.is_field(index) or gaps(line) > 1:
            return None
        if self.loose and is_titular(text) and self.layout.topic(index):
            return _INFERRED, index
        following = self._next_text(index)
        if following is None or (self._text_at(index + 1) and not self._starts_item(index + 1) and not self.wrapping.heads(index)):
            return None
        return (_INFERRED, index) if is_titular(text) or self.wrapping.heads(index) else None

    def _laid_out(self, index: int) -> int:
        """The level of a heading that is told by what stands around line ``index``; 0 if it is none."""
        if level := self.layout.outline_level(index):
            return level
        before = index - 1
        apart = not self._text_at(before) or bool(_RULE.match(self.lines[before].text))
        short = len(self.lines[index].text.split()) <= _FRAMED_WORDS
        return _FRAMED if apart and short and self.layout.framed(index) else 0

    def _stands_above(self, index: int, number: str) -> bool:
        """Whether a numbered line stands above its section, and does not begin its text."""
        if not self._text_at(index + 1) or self.wrapping.ends_early(index):
            return True
        return self.loose and (_parted(number) or self._heads_parts(index, number) or grid_at(self.lines, index + 1, self._text_at, spaced=True) is not None)

    def _heads(self, index: int) -> bool:
        """Whether a numbered line heads a section, and is not an item of a list: its neighbours in text are no items of that list."""
        number = NUMBERED.match(self.lines[index].text)
        following = self._next_text(index)
        if following is not None and _LETTERED.match(self.lines[index].text):
            # "A. Costs" may be an item, "A. Miller" a name.
            return not _LETTERED.match(self.lines[following].text) and self.lines[index].text.isupper()
        if number is None or following is None:
            return following is not None
        after = NUMBERED.match(self.lines[following].text)
        return self.lines[index].indent == 0 and not (after and after[1] and number[1] and int(after[1]) == int(number[1]) + 1) and not self.stack

    def _take_item(self) -> bool:
        if not self._starts_item(self.at):
            return False
        first = self.at
        indent = self.lines[first].indent
        while self.stack and self.stack[-1][0] >= indent:
            self.stack.pop()
        last = self._last_of_text(first)
        parent = self.stack[-1][1] if self.stack else self.lead
        block = self._add("item", first, last, level=len(self.stack), parent=parent)
        self.stack.append((indent, block))
        self.at = last + 1
        return True

    def _last_of_text(self, first: int) -> int:
        """The last line of the item or paragraph that begins on line ``first``."""
        last = first
        while True:
            if self._text_at(last + 1) and not self._breaks(last + 1) and not self._leaves(last, first):
                last += 1
            elif (after := self._continuation(last)) is not None:
                last = after
            else:
                return last

    def _leaves(self, last: int, first: int) -> bool:
        """Whether line ``last`` ends what begins on line ``first``, though a line of text follows."""
        if self._hangs(last + 1, first):
            return False
        if self.loose and self._starts_item(first):
            return self.lines[last + 1].text.lstrip()[:1].isupper() and self.layout.ends_early(last)
        return self.wrapping.ends_paragraph(last)

    def _hangs(self, index: int, first: int) -> bool:
        """Whether line ``index`` is set in under line ``first``, as the further lines of an item are."""
        return self.lines[index].indent > self.lines[first].indent

    def _breaks(self, index: int) -> bool:
        """Whether line ``index`` begins something of its own, though no blank line stands before it."""
        text = self.lines[index].text
        return bool(
            index in self.titles or self._starts_item(index) or (self.hashed and self._marks(index)) or index in self.fences or _RULE.match(text)
            or text.lstrip().startswith("|") or tabs(self.lines[index]) or (self.plain and (self._laid_out(index) or self._sets_off(index) or self.layout.letter(index))) or (not self.markdown and grid_at(self.lines, index, self._text_at, spaced=True))
        )  # fmt: skip

    def _continuation(self, last: int) -> int | None:
        """The line after a blank one that goes on with the sentence of line ``last``, as page breaks and exports leave it."""
        following = self._next_text(last)
        adjoins = following == last + 2 and last + 1 not in self.noise
        return following if following is not None and adjoins and self._goes_on(last, following) else None

    def _goes_on(self, last: int, following: int) -> bool:
        """Whether line ``following`` goes on with the sentence of line ``last``, whatever lies between."""
        if self.markdown or self._breaks(following):
            return False
        before, after = self.lines[last].text, self.lines[following].text.strip()
        open_ended = before.endswith((" ", "-", ",")) or not before.rstrip().endswith((".", "!", "?", ":", ";", ")"))
        return open_ended and after[:1].islower() and (before.endswith((" ", "-", ",")) or len(before) > 60)

    def _resumes_item(self, index: int) -> bool:
        """Whether line ``index`` goes on with the item before it, from which noise parts it, such as the footer of a page."""
        before = next((one for one in range(index - 1, -1, -1) if self._text_at(one)), None)
        return bool(self.stack) and index - 1 != before and before is not None and self._goes_on(before, index)

    def _take_paragraph(self) -> bool:
        first = self.at
        indent = self.lines[first].indent
        resumes = self._resumes_item(first)
        last = self._last_of_text(first)
        self.at = last + 1
        while self.stack and self.stack[-1][0] >= indent and not resumes:
            self.stack.pop()
        parent = self.stack[-1][1] if self.stack else self._announcing()
        if self.loose and len(starts := self.layout.statements(first, last)) > 1:
            self._add_statements(starts, last, parent)
            return True
        tail = None if not self.plain or self.wrapping.width or self.stack else self._tail_heading(first, last)
        block = self._add("paragraph", first, last, parent=parent)
        if tail is not None:
            self._split_tail(block, tail)
        elif not self.stack:
            self.lead = block if self._leads(block) else None
        return True

    def _add_statements(self, starts: Sequence[int], last: int, parent: int | None) -> None:
        """Adds lines that each say something of their own; one that is set in hangs on the one above that is less."""
        ends = [start - 1 for start in [*starts[1:], last + 1]]
        open_ones: list[tuple[int, int]] = []
        for start, end in zip(starts, ends, strict=True):
            indent = self.lines[start].indent
            while open_ones and open_ones[-1][0] >= indent:
                open_ones.pop()
            block = self._add("item", start, end, level=len(self.stack) + len(open_ones), parent=open_ones[-1][1] if open_ones else parent)
            open_ones.append((indent, block))
        if not self.stack:
            self.lead = block if self._leads(block) else None

    def _announcing(self) -> int | None:
        """The block before, if it is a paragraph that ends in a colon: what follows hangs on it."""
        before = self.blocks[-1] if self.blocks else None
        ends = before is not None and before.kind == "paragraph" and self.text[before.start : before.end].endswith(":")
        return len(self.blocks) - 1 if ends else None

    def _leads(self, index: int) -> bool:
        """Whether the list, table or code that follows hangs on this paragraph."""
        block = self.blocks[index]
        text = self.text[block.start : block.end]
        following = self._next_text(self.at - 1)
        line = self.lines[following].text if following is not None else ""
        starts = following is not None and (self._starts_item(following) or following in self.fences or "\t" in line.strip() or "|" in line or (not self.markdown and gaps(self.lines[following])))
        return bool(starts) and (text.endswith(":") or not text.endswith(TERMINAL) or self._text_at(self.at))

    def _tail_heading(self, first: int, last: int) -> int | None:
        """Where the heading of the next paragraph begins at the end of this one, as in text whose line breaks were lost.

        Such a paragraph ends without a full stop, and the next goes on in small letters about what the last words named.
        """
        following = self._next_text(last)
        if following is None or not self.lines[following].text.lstrip()[:1].islower():
            return None
        start, end = trimmed(self.text, self.lines[first].start, self.lines[last].end)
        text = self.text[start:end]
        words = list(re.finditer(r"\S+", text))
        if text.endswith((*TERMINAL, ":")) or len(words) < 2:
            return None
        if len(words) <= 8 and words[0][0][:1].isupper():
            return start
        for before, word in pairwise(words[-10:]):
            if word[0][:1].isupper() and (before[0][-1:].islower() or before[0][-1:] in ").…"):
                return start + word.start()
        return None

    def _split_tail(self, index: int, tail: int) -> None:
        block = self.blocks[index]
        while self.headings and self.headings[-1][0] >= _INFERRED:
            self.headings.pop()
        path = tuple(text for _, text in self.headings)
        heading = Block("heading", tail, block.end, _INFERRED, path)
        start, end = trimmed(self.text, block.start, tail)
        self.blocks[index:] = [replace(block, end=end), heading] if start < end else [heading]
        self.headings.append((_INFERRED, title(self.text[tail : block.end])))
        self._close_lists()


def _parted(number: str) -> bool:
    """Whether the number of a heading has parts: 2.1."""
    return "." in number.rstrip(".")
