"""Which lines say nothing: footers that come back on each page, watermark letters set upright, navigation residue, bare images.

Noise stays in the document's text. It is left out of what is indexed and of what is quoted.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from assistant.segmenting.lines import IMAGE_ONLY, LINK_ONLY, Line

_FOOTER_REPEATS = 5
"""A line that says who publishes this, or that is a lone link in brackets, is a footer when it comes back this often."""

_FOOTER = re.compile(r"©|\(c\)|all rights reserved|confidential|^\W*(?:https?://|www\.)\S+\W*$|^[\w-]+(?:\.[\w-]+)+/?$|^\[[^\]]*\]$|^(?:page|slide|seite)?\s*\d+(?:\s*(?:/|of)\s*\d+)?$", re.I)
_FOOTER_LENGTH = 200
"""Characters; what is longer is no footer."""

_FEET = 3
"""Lines at the end of a page that may be its foot."""
_NUMBER = re.compile(r"\d+")
_COUNTED = 3
"""A line that comes back so often with nothing changed but a number that counts up is the foot or the head of a page."""
_COUNTED_LENGTH, _COUNTED_WORDS, _LEAST_APART = 100, 4, 5
"""In characters, in words with the number, and in lines from one to the next."""
_NUMBERED_PAGE = re.compile(r"^\W*\d+\W*\s|\d\W*$(?<![.!?])")
_PAGE = re.compile(r"\W*(?:page|seite|p\.)\W*0(?:\s*(?:/|of|von)\s*0)?\W*", re.I)
_LEADING_NUMBER = re.compile(r"(?:part |chapter )?[\dA-Z]{1,3}(?:\.\d+)*[.)]?\s+", re.I)
_PAGED = re.compile(r"(?P<text>\S.{0,98}?)(?:\s*\.{3,}\s*|\t+\s*| {3,})(?P<page>\d{1,3})\s*$")
"""A line of a table of contents: a heading, and the page that it stands on."""
_LISTED = 0.6

_UPRIGHT_RUN = 6
_UPRIGHT_LONGEST = 8
_UPRIGHT_LENGTH = 3.5
"""So many lines in a row, so short on average, are letters set upright beside the page."""

_MARKED = re.compile(r"\s*[\d•*#=>|+~`-]")
"""Begins a line of a list, a table or other mark-up."""

_LIST_OF_LINKS = 3
"""A run of at least this many lines which are nothing but links within the page is a table of contents."""

_ANCHOR = re.compile(r"\]\(#[^()]*\)")


def noise_lines(lines: Sequence[Line], code: Collection[int] = ()) -> set[int]:
    """The indices of the lines that are noise. Blank lines are neither noise nor text; of the lines of ``code`` none is noise."""
    filled = [index for index, line in enumerate(lines) if not line.blank and index not in code]
    noise = _footers(lines, filled) | _running(lines, filled) | _counting(lines, filled) | _listing(lines, filled) | {index for index in filled if IMAGE_ONLY.match(lines[index].text)}
    noise |= _upright(lines, filled, noise)
    return noise | _contents(lines, filled)


def _footers(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    counts = Counter(text for index in filled if len(text := lines[index].text.strip()) <= _FOOTER_LENGTH)
    footers = {text for text, count in counts.items() if count >= _FOOTER_REPEATS and _FOOTER.search(text)}
    return {index for index in filled if lines[index].text.strip() in footers}


def _running(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    """The feet of pages: lines at their ends that come back there with no more changed than their numbers."""
    pages = [at for at, index in enumerate(filled) if at and any("\f" in lines[one].text for one in range(filled[at - 1] + 1, index + 1))]
    # The first line of a page is no foot.
    feet = {filled[at] for first, end in pairwise([0, *pages, len(filled)]) for at in range(max(first + 1, end - _FEET), end)}
    numberless = {index: _NUMBER.sub("0", " ".join(lines[index].text.split())) for index in feet}
    counts = Counter(numberless.values())
    return {index for index, text in numberless.items() if counts[text] >= _FOOTER_REPEATS and "0" in text}


def _counting(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    """The heads and feet of pages where no mark parts the pages: lines that come back with a page number that counts up, first or last in them."""
    groups: dict[str, list[int]] = {}
    for index in [] if any("\f" in line.text for line in lines) else filled:
        text = lines[index].text.strip()
        if len(text) <= _COUNTED_LENGTH and any(map(str.isdigit, text[:4] + text[-4:])) and _NUMBERED_PAGE.search(text):
            groups.setdefault(_NUMBER.sub("0", " ".join(text.split())), []).append(index)
    place = {index: at for at, index in enumerate(filled)}
    return {
        index
        for key, group in groups.items()
        if len(group) >= _COUNTED
        and (_PAGE.fullmatch(key) or len(key.split()) >= _COUNTED_WORDS)
        and all(place[after] - place[before] >= _LEAST_APART for before, after in pairwise(group))
        and _counts_up([lines[one].text for one in group])
        for index in group
    }


def _counts_up(texts: Sequence[str]) -> bool:
    """Whether one of the numbers in ``texts`` grows by a page or two from each to the next, and the others stay."""
    columns = list(zip(*(map(int, _NUMBER.findall(text)) for text in texts), strict=True))
    growing = [column for column in columns if all(0 < after - before <= 2 for before, after in pairwise(column))]
    return len(growing) == 1 and all(len(set(column)) == 1 for column in columns if column is not growing[0])


def _listing(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    """Tables of contents: runs of lines that end in a page number, and are headings further on without it."""
    noise: set[int] = set()
    heads: set[str] = set()
    run: dict[int, str] = {}
    for index in [*filled, None]:
        text = "" if index is None else lines[index].text.strip()
        if index is not None and text[-1:].isdigit() and (paged := _PAGED.match(text)):
            run[index] = paged["text"]
            continue
        if len(run) >= _LIST_OF_LINKS:
            heads = heads or {_bare(lines[one].text) for one in filled}
            noise.update(run if sum(_bare(head) in heads for head in run.values()) >= _LISTED * len(run) else ())
        run = {}
    return noise


def _bare(text: str) -> str:
    """A heading without its number."""
    return _LEADING_NUMBER.sub("", " ".join(text.split()), count=1).casefold()


def _upright(lines: Sequence[Line], filled: Sequence[int], other: Collection[int]) -> set[int]:
    """Runs of lines of a few letters. A longer line or a page's end ends them, and a word at either end is none of them."""
    noise: set[int] = set()
    run: list[int] = []
    for index in [*filled, None]:
        text = "" if index is None else lines[index].text
        short = 0 < len(text.strip()) <= _UPRIGHT_LONGEST and not _MARKED.match(text)
        if short and index in other:
            # A piece that was taken for a footer ("s.co", of an address set upright) parts no letters.
            continue
        if not short or "\f" in text:
            noise.update(_letters([lines[one].text.strip() for one in run], run))
            run = []
        if short and index is not None:
            run.append(index)
    return noise


def _letters(texts: Sequence[str], run: Sequence[int]) -> Sequence[int]:
    """Those of ``run`` that are letters set upright: all between the first and the last line of a few letters, or none."""
    few = [at for at, text in enumerate(texts) if len(text) <= _UPRIGHT_LENGTH]
    low, high = (few[0], few[-1] + 1) if few else (0, 0)
    upright = high - low >= _UPRIGHT_RUN and sum(map(len, texts[low:high])) <= _UPRIGHT_LENGTH * (high - low)
    # The rest of a word in small letters ("gress") belongs to the letters before it.
    if high < len(texts) and texts[high].isalpha() and texts[high].islower():
        high += 1
    return run[low:high] if upright else ()


def _contents(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    noise: set[int] = set()
    run: list[int] = []
    for index in [*filled, None]:
        if index is not None and (LINK_ONLY.match(lines[index].text) or (run and len(lines[index].text.split()) <= 4)):
            run.append(index)
            continue
        while run and not _ANCHOR.search(lines[run[-1]].text):
            run.pop()
        anchors = [one for one in run if _ANCHOR.search(lines[one].text)]
        if len(anchors) >= _LIST_OF_LINKS:
            noise.update(one for one in run if one >= anchors[0])
        run = []
    return noise
