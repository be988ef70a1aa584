"""The notes of one state as a reader finds them: in folders, in order, by name, and by the links of other notes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import extract

from assistant.index.view import Record
from assistant.web.targets import note_address

_ALIKE = 75
"""Of 100: how like a part of its name a note's name must be to what was typed, where no name holds it. One slip in four letters passes."""

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder within another: ``notes`` counts all below it."""

    path: str
    name: str
    notes: int


@dataclass(frozen=True, slots=True)
class Level:
    """What lies in a folder itself, in order."""

    folders: tuple[Folder, ...]
    notes: tuple[Record, ...]


class Shelf:
    """The notes in the order of their tree: folders before notes, numbers by their value."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = tuple(sorted(records, key=lambda one: _order(one.path)))

    def __contains__(self, path: str) -> bool:
        """Whether there is a note at ``path``."""
        return path in self._places

    def record(self, path: str) -> Record:
        """The note at ``path``. Raises KeyError if there is none."""
        return self.records[self._places[path]]

    def level(self, folder: str) -> Level:
        """What lies in ``folder``; an empty name is the top."""
        inside = [(one, _below(one.path, folder)) for one in self.records if folder == "" or one.path.startswith(f"{folder}/")]
        counts = Counter(parts[0] for _, parts in inside if len(parts) > 1)
        folders = tuple(Folder(f"{folder}/{name}" if folder else name, name, count) for name, count in counts.items())
        return Level(folders, tuple(one for one, parts in inside if len(parts) == 1))

    def around(self, path: str) -> tuple[Record | None, Record | None]:
        """The notes before and behind the one at ``path``."""
        at = self._places[path]
        return self.records[at - 1] if at else None, self.records[at + 1] if at + 1 < len(self.records) else None

    def named(self, words: str, *, most: int) -> tuple[Record, ...]:
        """The notes whose title or path holds all of ``words``, those that begin with them first; then those that are nearly so called."""
        sought = _folded(words).split()
        if not sought:
            return self.records[:most]
        holding = [at for at, name in enumerate(self._names) if all(word in name for word in sought)]
        found = sorted(holding, key=lambda at: (self._rank(at, sought[0]), at))[:most]
        if len(found) < most:
            near = extract(" ".join(sought), self._names, scorer=partial_ratio, score_cutoff=_ALIKE, limit=most + len(found))
            found += [at for _, _, at in near if at not in set(found)]
        return tuple(self.records[at] for at in found[:most])

    def leads(self, path: str) -> Callable[[str], str | None]:
        """Where the links of the note at ``path`` lead: by a path from its own folder or the top, or by the name of a note."""

        def lead(target: str) -> str | None:
            name = unquote(target.partition("#")[0]).strip()
            beside = normpath(str(PurePosixPath(path).parent / name))
            found = next((one for one in (beside, normpath(name)) if name and one in self), None) or self._by_name.get(_folded(name))
            return None if found is None else note_address(found)

        return lead

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.path: at for at, one in enumerate(self.records)}

    @cached_property
    def _names(self) -> list[str]:
        return [_folded(f"{one.title} {one.path}") for one in self.records]

    def _rank(self, at: int, word: str) -> tuple[bool, bool, int]:
        title, name = _folded(self.records[at].title), self._names[at]
        return not title.startswith(word), re.search(rf"\b{re.escape(word)}", name) is None, len(title)

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Paths by title, and by the file's name with and without its suffix; a name that two notes share leads to the first."""
        named: dict[str, str] = {}
        for one in self.records:
            path = PurePosixPath(one.path)
            for name in (path.name, path.stem, one.path.removesuffix(path.suffix), one.title):
                named.setdefault(_folded(name), one.path)
        return named


def _below(path: str, folder: str) -> list[str]:
    return path[len(folder) + 1 if folder else 0 :].split("/")


def _order(path: str) -> tuple:
    """What sorts folders before notes at each level, and names as a reader would: without regard to case, numbers by their value."""
    *folders, name = path.split("/")
    return (*((0, _natural(one), one) for one in folders), (1, _natural(name), name))


def _natural(name: str) -> list[tuple[int, int, str]]:
    # isdecimal: a superscript is a digit, and no number.
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(_folded(name)) if part]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
