"""The items of a list in an answer, so that "the second one" can be told."""

import re
from itertools import takewhile

_ITEM = re.compile(r"(?:[-*]|\d+[.)]) (?P<item>.+)")
_ROW = re.compile(r"\| ?(?P<item>[^|]+?) ?\|")
_RULE = re.compile(r"\|[\s:|-]+\|$")
_MARK = re.compile(r" ?\[\d+\]|[*`]")
_NAME_ENDS = re.compile(r": | [–—→(-] ?|[.;] |,? which ")
_MOST_WORDS = 12
"""A longer item has no name that could stand in a question."""


def listed(text: str) -> tuple[str, ...]:
    """The names of the items of the first list in ``text``, which is Markdown, or of the rows of its first table if that comes first.

    An item's name is what stands before a colon, a dash, a bracket or the end of its first sentence. Where several items have a name with
    something behind it, the others only say more of those. There are none where a name is too long to be one, or fewer than two items.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("  ") and not _RULE.match(line)]
    first = next((at for at, line in enumerate(lines) if _ITEM.match(line) or _ROW.match(line)), len(lines))
    form = _ITEM if first < len(lines) and _ITEM.match(lines[first]) else _ROW
    # The first row of a table says what the others hold.
    matches = takewhile(bool, map(form.match, lines[first + (form is _ROW) :]))
    items = [_MARK.sub("", match["item"]).strip() for match in matches if match]
    explained = [item for item in items if _NAME_ENDS.search(item)]
    names = [_NAME_ENDS.split(item)[0].strip(" .,;:…") for item in (explained if len(explained) > 1 else items)]
    return tuple(names) if len(names) > 1 and all(0 < len(name.split()) <= _MOST_WORDS for name in names) else ()
