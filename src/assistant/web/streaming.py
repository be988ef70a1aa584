"""An answer in growing pieces, so that reading can begin before all of it is drawn."""

import re
from collections.abc import Iterator

_WORD_END = re.compile(r"(?<=\S)(?=\s|$)")
_FIRST_WORDS = 6


def pieces(text: str, *, most: int = 6) -> Iterator[str]:
    """At most ``most`` beginnings of ``text``, each longer than the one before, the last of them whole.

    The first holds a few words, each further one about twice as many. None ends in a word, and none in a table, which is drawn as one.
    """
    ends = [match.start() for match in _WORD_END.finditer(text) if not _in_table(text, match.start())]
    words = _FIRST_WORDS
    for _ in range(most - 1):
        if words >= len(ends):
            break
        yield text[: ends[words - 1]]
        words *= 2
    yield text


def _in_table(text: str, at: int) -> bool:
    begin = text.rfind("\n", 0, at) + 1
    return text.startswith("|", begin)
