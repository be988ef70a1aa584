"""Lines with their offsets, and the marks that a line can begin with."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STOPS = tuple(".!?…")
"""End a sentence."""
TERMINAL = (*STOPS, ";", ",")
"""End no title."""
GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
"""What parts the cells of a row that is set with spaces."""
BULLET = re.compile(r"[ \t]*(?:[-*+•●○◦▪■□‣⁃∙·–—✓✔➢➤→⇒»][ \t]+|o[ \t]+(?=[A-Z(“\"])|o\t+(?=\S)|[•●○◦▪■‣⁃](?=\S))")
NUMBERED = re.compile(r"[ \t]*(?:\(?(\d{1,3})[.)]|\(?([a-z])\))[ \t]+(?=\S)")
# In none of these may two parts match the same stretch, nor a part run on past the next opening bracket: a line can be a megabyte long, and
# what goes back to try again would take hours over it.
_URL = r"(?:https?://|www\.|mailto:)\S+"
INLINE_LINK = r"\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*+\)"
LINK = re.compile(rf"{INLINE_LINK}|<?{_URL}>?")
LINK_ONLY = re.compile(rf"[\s>*+•-]*+(?:#\s*)?(?:{INLINE_LINK}|<?{_URL}>?)[\s.,;:#\w]{{0,12}}$")
IMAGE_ONLY = re.compile(
    r"[\s>*+•-]*+(?:!\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*+\)|<img\b[^>]*>|[\w@%()+-]++\.(?:png|jpe?g|gif|svg|webp))\s*$", re.I
)
_FENCE = re.compile(r"\s*(`{3,}(?!.*`)|~{3,})")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line end: ``text == document.text[start:end]``. ``indent`` counts columns, a tab as four."""

    start: int
    end: int
    text: str
    indent: int

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read on it."""
        return not self.text.strip()


def split_lines(text: str, start: int = 0) -> list[Line]:
    """The lines of ``text`` from offset ``start`` on."""
    return list(_lines(text, start))


def _lines(text: str, at: int) -> Iterator[Line]:
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        body = line.lstrip(" \t\f")
        yield Line(at, end, line, len(line[: len(line) - len(body)].replace("\f", "").expandtabs(4)))
        at = end + 1


def fences(lines: Sequence[Line], *, tildes: bool) -> dict[int, int]:
    """The first line of each fenced block of code with its last; one that is not closed goes on to the end.

    ``tildes`` tells whether they fence too, and do not underline.
    """
    found: dict[int, int] = {}
    closing: re.Pattern[str] | None = None
    first = 0
    for index, line in enumerate(lines):
        if closing is not None:
            found[first] = index
            closing = None if closing.fullmatch(line.text) else closing
        elif (opening := _FENCE.match(line.text)) and (tildes or opening[1][0] == "`"):
            first, found[index] = index, index
            closing = re.compile(rf"\s*{opening[1][0]}{{{len(opening[1])},}}\s*")
    return found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` moved inwards past white space; equal if there is nothing else between them."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
