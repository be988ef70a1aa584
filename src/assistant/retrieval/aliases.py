"""Other names for what is asked about, mined from the notes: short forms with what they stand for, and the aliases that notes give themselves."""

from collections.abc import Callable, Iterable, Sequence

from assistant.index.view import Record
from assistant.retrieval.query import FUNCTION_WORDS, Alias, Terms
from assistant.segmenting.abbreviations import Abbreviation, among


class Aliases:
    """Names for one thing, each found by the other."""

    def __init__(
        self,
        short_forms: Iterable[Abbreviation],
        records: Iterable[Record],
        terms: Callable[[str], list[str]],
        *,
        frequency: Callable[[str], int],
        adjoin: Callable[[Sequence[str]], bool],
    ) -> None:
        """``terms`` stems as the word index does, ``frequency`` counts the passages with a term, ``adjoin`` tells if one has terms in a row."""
        self._terms, self._frequency, self._adjoin = terms, frequency, adjoin
        self._others: dict[Terms, dict[Terms, None]] = {}
        self._titles: dict[Terms, dict[Terms, None]] = {}
        for pair in dict.fromkeys(short_forms):
            self._pair(*pair)
        for record in records:
            if record.aliases:
                self._name(record)
        self._longest = max(map(len, [*self._others, *self._titles]), default=0)
        self._named = frozenset(term for name in self._titles for term in name)

    def _pair(self, one: str, other: str) -> None:
        first, second = tuple(self._terms(one)), tuple(self._terms(other))
        if first and second and first != second:
            self._others.setdefault(first, {})[second] = None
            self._others.setdefault(second, {})[first] = None

    def _name(self, record: Record) -> None:
        for pair in among([record.title, *record.aliases]):
            self._pair(*pair)
        title = tuple(self._terms(record.title))
        for alias in record.aliases:
            if title and (name := tuple(self._terms(alias))):
                self._titles.setdefault(name, {})[title] = None

    def knows(self, term: str) -> bool:
        """Whether the notes hold ``term``, be it in an alias alone."""
        return self._frequency(term) > 0 or term in self._named

    def find(self, terms: Sequence[str]) -> tuple[Alias, ...]:
        """What the notes may say in place of parts of ``terms``: of parts that share a term, the longest.

        A short form and what it stands for are found by each other. An alias of a note is found as the note's title, if the notes hold it
        nowhere else: people put down as aliases whatever a note is to be found by. Two words are found as one, if the notes write them so alone.
        """
        found, at = dict[Alias, None](), 0
        while at < len(terms):
            runs = (tuple(terms[at : at + length]) for length in range(min(self._longest, len(terms) - at), 0, -1))
            alias = next((Alias(run, others) for run in runs if (others := self._instead(run))), None) or self._joined(*terms[at : at + 2])
            if alias:
                found[alias] = None
            at += len(alias.asked) if alias else 1
        return tuple(found)

    def _instead(self, run: Terms) -> tuple[Terms, ...]:
        titles = () if run not in self._titles or self._holds(run) else self._titles[run]
        return (*self._others.get(run, ()), *titles)

    def _joined(self, first: str, second: str = "") -> Alias | None:
        if not second or first in FUNCTION_WORDS:
            return None
        whole = tuple(self._terms(first + second))
        return Alias((first, second), (whole,)) if self._holds(whole) and not self._holds((first, second)) else None

    def _holds(self, run: Terms) -> bool:
        return all(map(self._frequency, run)) and (len(run) == 1 or self._adjoin(run))


def recognising(terms: Callable[[str], list[str]], aliases: Sequence[Alias]) -> Callable[[str], list[str]]:
    """``terms``, which gives the terms of a text, with those of the question behind them that the text puts in other words."""
    if not aliases:
        return terms

    def recognised(text: str) -> list[str]:
        found = terms(text)
        return [*found, *(term for alias in aliases if any(_runs_in(found, other) for other in alias.others) for term in alias.asked)]

    return recognised


def _runs_in(terms: Sequence[str], run: Terms) -> bool:
    """Whether ``run`` stands in ``terms`` without a gap."""
    return run[0] in terms and any(tuple(terms[at : at + len(run)]) == run for at, term in enumerate(terms) if term == run[0])


def standing_in(frequency: Callable[[str], int], aliases: Sequence[Alias]) -> Callable[[str], int]:
    """``frequency``, which counts the passages that hold a term; for one that none holds, those that may hold its alias instead."""
    instead = {term: max(min(map(frequency, other)) for other in alias.others) for alias in aliases for term in alias.asked}
    return lambda term: frequency(term) or instead.get(term, 0)
