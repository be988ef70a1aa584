"""The short forms that passages introduce, and what each stands for. A cache of the store's passages."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from assistant.index.view import Ids
from assistant.segmenting.abbreviations import Abbreviation, abbreviations


class ShortForms:
    """Abbreviations by the id of the passage that introduces them. Stays as it is."""

    def __init__(self, by_passage: Mapping[int, tuple[Abbreviation, ...]] | None = None) -> None:
        self._by_passage = by_passage or {}

    def __iter__(self) -> Iterator[Abbreviation]:
        """All of them, each as often as passages introduce it."""
        return (one for found in self._by_passage.values() for one in found)

    @classmethod
    def load(cls, file: Path) -> Self:
        """What ``save`` wrote."""
        packed = json.loads(file.read_bytes())
        return cls({int(number): tuple(Abbreviation(*one) for one in found) for number, found in packed.items()})

    def save(self, file: Path) -> None:
        """Writes all of it to ``file``."""
        file.write_text(json.dumps(self._by_passage, ensure_ascii=False), encoding="utf-8")

    def updated(self, *, removed: Ids = (), added: Iterable[tuple[int, str, str]] = ()) -> Self:
        """Without the passages ``removed``, and with those ``added``, as (id, headings, text)."""
        gone = {int(number) for number in removed}
        kept = {number: found for number, found in self._by_passage.items() if number not in gone}
        new = {number: found for number, _, text in added if (found := abbreviations(text))}
        return type(self)(kept | new)
