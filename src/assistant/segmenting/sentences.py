"""Sentences, as spans."""

import re
from collections.abc import Iterator

from assistant.segmenting.lines import trimmed

# Possessive, and from the first full stop of a run on: a row of dots a megabyte long is gone over once.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]*_]*+(?=\s)|[。！？]")
_WORD = re.compile(r"\S")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|no|nr|fig|min|max|avg|approx|dept|est|ca|st|mr|mrs|ms|dr|prof|inc|ltd|jr|sr|[a-z])\.$",
    re.I,
)


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of ``text[start:end]``, trimmed of white space, in order; together they hold all that is not white space.

    A full stop ends a sentence where white space follows, unless it closes an abbreviation or an ordinal that goes on in small letters.
    """
    begin = start
    for match in _END.finditer(text, start, end):
        if match[0].startswith(".") and not _closes(text, begin, match.end(), end):
            continue
        low, high = trimmed(text, begin, match.end())
        if low < high:
            yield low, high
        begin = match.end()
    low, high = trimmed(text, begin, end)
    if low < high:
        yield low, high


def _closes(text: str, begin: int, stop: int, end: int) -> bool:
    if _ABBREVIATION.search(text, max(begin, stop - 12), stop):
        # "etc." and the like do end a sentence where a capital letter follows.
        following = _WORD.search(text, stop, end)
        return text[stop - 4 : stop - 1].lower() == "etc" and following is not None and following[0].isupper()
    # A list number on its own ("3.") belongs to what follows it.
    return not text[begin:stop].strip().rstrip(".").isdigit()
