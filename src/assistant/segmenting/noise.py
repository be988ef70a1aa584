"""Which lines say nothing: footers that come back on each page, watermark letters set upright, navigation residue, bare images.

Noise stays in the document's text. It is left out of what is indexed and of what is quoted.
"""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.segmenting.lines import IMAGE_ONLY, LINK_ONLY, Line

_FOOTER_REPEATS = 5
"""A line that says who publishes this, or that is a lone link in brackets, is a footer when it comes back this often."""

_FOOTER = re.compile(r"©|\(c\)|all rights reserved|confidential|^\W*(?:https?://|www\.)\S+\W*$|^[\w-]+(?:\.[\w-]+)+/?$|^\[[^\]]*\]$|^(?:page|slide|seite)?\s*\d+(?:\s*(?:/|of)\s*\d+)?$", re.I)
_UPRIGHT_RUN = 6
_UPRIGHT_LENGTH = 3.5
"""So many lines in a row, so short on average, are letters set upright beside the page."""

_LIST_OF_LINKS = 3
"""A run of at least this many lines which are nothing but links within the page is a table of contents."""

_ANCHOR = re.compile(r"\]\(#[^)]*\)")


def noise_lines(lines: Sequence[Line]) -> set[int]:
    """The indices of the lines that are noise; blank lines are neither noise nor text."""
    filled = [index for index, line in enumerate(lines) if not line.blank]
    noise = _footers(lines, filled) | {index for index in filled if IMAGE_ONLY.match(lines[index].text)}
    noise |= _upright(lines, [index for index in filled if index not in noise])
    return noise | _contents(lines, filled)


def _footers(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    counts = Counter(lines[index].text.strip() for index in filled)
    footers = {text for text, count in counts.items() if count >= _FOOTER_REPEATS and _FOOTER.search(text)}
    return {index for index in filled if lines[index].text.strip() in footers}


def _upright(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    noise: set[int] = set()
    run: list[int] = []
    for index in [*filled, None]:
        if index is not None and len(lines[index].text.strip()) <= 8 and not re.match(r"\s*[\d•*-]", lines[index].text):
            run.append(index)
            continue
        if len(run) >= _UPRIGHT_RUN and sum(len(lines[one].text.strip()) for one in run) <= _UPRIGHT_LENGTH * len(run):
            noise.update(run)
        run = []
    return noise


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
