"""Lines with their offsets, and the marks that a line can begin with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

BULLET = re.compile(r"[ \t]*(?:[-*+•●○◦▪■□‣⁃∙·–—✓✔➢➤→⇒»][ \t]+|o[ \t]+(?=[A-Z(“\"])|[•●○◦▪■‣⁃](?=\S))")
NUMBERED = re.compile(r"[ \t]*(?:\(?(\d{1,3})[.)]|\(?([a-z])\))[ \t]+(?=\S)")
_URL = r"(?:https?://|www\.|mailto:)\S+"
LINK = re.compile(rf"\[[^\]]*\]\([^)\s]*\)|<?{_URL}>?")
LINK_ONLY = re.compile(rf"[\s>*+•-]*(?:#\s*)?(?:\[[^\]]*\]\([^)\s]*\)|<?{_URL}>?)[\s.,;:#\w]{{0,12}}$")
IMAGE_ONLY = re.compile(r"[\s>*+•-]*(?:!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>|[\w@%()+-]+\.(?:png|jpe?g|gif|svg|webp))\s*$", re.I)


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


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` moved inwards past white space; equal if there is nothing else between them."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
