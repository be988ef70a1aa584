"""Decks: which lines of a document begin a slide."""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise
from statistics import median

from assistant.segmenting.lines import BULLET, LINK_ONLY, Line
from assistant.values import Document

_SLIDE_WORDS = 120
"""A document whose middle page holds fewer words than this is a deck: its pages are slides, and begin with a title."""
_LEAST_SLIDES = 10
_NUMBERED = re.compile(r"\W*(?:slide|folie|diapositive)\s+(?P<number>\d+)\b(?:\s*(?:of|/)\s*\d+)?\W*", re.I)
_LEAST_NUMBERED = 5


def numbered_slides(lines: Sequence[Line], noise: Collection[int]) -> dict[int, int]:
    """The lines that say which slide begins ("Slide 3"), each with the line of the slide's title: the next, or itself if it names it.

    None if they are few, or do not count up.
    """
    marks = {index: mark for index, line in enumerate(lines) if index not in noise and (mark := _NUMBERED.match(line.text))}
    numbers = [int(mark["number"]) for mark in marks.values()]
    if len(marks) < _LEAST_NUMBERED or any(one >= other for one, other in pairwise(numbers)):
        return {}
    filled = [index for index, line in enumerate(lines) if not line.blank and index not in noise]
    found = {}
    for index, mark in marks.items():
        after = bisect_left(filled, index + 1)
        named = mark.end() < len(lines[index].text.rstrip())
        if named or (after < len(filled) and filled[after] not in marks):
            found[index] = index if named else filled[after]
    return found


def slide_starts(document: Document, lines: Sequence[Line], noise: Collection[int]) -> frozenset[int]:
    """The lines that begin a slide, if the document is a deck: after a page break, or after a footer.

    Where a deck was saved as text, a form feed became a space before the first line of each page: the only lines indented by one.
    """
    filled = [index for index, line in enumerate(lines) if not line.blank and index not in noise]
    by_page = set(_first_lines(document, lines, filled))
    shifted = [index for index in filled if lines[index].indent == 1 and not BULLET.match(lines[index].text)]
    flush = sum(lines[index].indent == 0 for index in filled)
    if flush + len(shifted) >= 0.95 * len(filled) and len(shifted) >= _LEAST_SLIDES:
        by_page.update(shifted)
        by_page.update(after for before, after in pairwise(filled) if any(one in noise for one in range(before + 1, after)))
    # A reference at the foot of a slide is not the title of the next.
    starts = sorted(index for index in by_page if not LINK_ONLY.match(lines[index].text))
    if len(starts) < _LEAST_SLIDES:
        return frozenset()
    sizes = [sum(len(lines[one].text.split()) for one in range(low, high)) for low, high in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return frozenset(starts) if median(sizes) <= _SLIDE_WORDS else frozenset()


def _first_lines(document: Document, lines: Sequence[Line], filled: Sequence[int]) -> list[int]:
    found = []
    breaks = sorted({*document.page_starts, *(line.start for line in lines if "\f" in line.text)})
    for start in breaks:
        # The first line that ends behind the break: the break may lie within it.
        at = bisect_left(filled, start + 1, key=lambda index: lines[index].end)
        if at < len(filled):
            found.append(filled[at])
    return found
