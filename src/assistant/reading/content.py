"""What a format's reader makes of a file's bytes, and how it says that it cannot."""

from dataclasses import dataclass

from assistant.errors import NotesError


class Unreadable(NotesError):
    """One file cannot be read; ``reason`` says why. The other files are read all the same."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """A note as its format tells it: the fields of a Document that do not depend on where the file lies.

    ``title`` is None where the format gives none. Every string in it is ``storable``.
    """

    kind: str
    text: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    body_start: int = 0


def storable(text: str) -> str:
    """``text`` with U+FFFD for what a database or a JSON reader chokes on: lone surrogates and zeros. Surrogate pairs are joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def unified_lines(text: str) -> str:
    r"""``text`` with every line end (``\r\n``, ``\r``) written as ``\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
