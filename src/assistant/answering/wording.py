"""The words of a question as they are written, by the terms that they are searched by."""

import re
from collections.abc import Callable, Collection, Iterator

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"\S.*?(?:[.?!:](?=\s)|$)", re.S)
_JOINT = re.compile(r"[,/&]|\b(?:and|or|vs|versus|than|against)\b", re.I)
_CLOSING = " )]\"'”’"


class Wording:
    """The words of ``text``; ``terms`` gives those of a word."""

    def __init__(self, text: str, terms: Callable[[str], list[str]]) -> None:
        self._text = text
        self._words = [(word, frozenset(terms(word[0]))) for word in _WORD.finditer(text)]

    @property
    def terms(self) -> frozenset[str]:
        """The terms of all its words."""
        return frozenset(term for _, terms in self._words for term in terms)

    @property
    def names(self) -> frozenset[str]:
        """The terms that are written as names: with a capital where no sentence begins, or in capitals throughout.

        Of several sentences those count that ask: what is told before only sets the scene. None in a text that is all in capitals.
        """
        if not any(map(str.islower, self._text)):
            return frozenset()
        sentences = [sentence for sentence in map(self._within, _SENTENCE.finditer(self._text)) if sentence]
        asking = [sentence for sentence in sentences if self._text[sentence[-1][0].end() :].lstrip(_CLOSING).startswith("?")] or sentences
        named = (one for sentence in asking for at, one in enumerate(sentence) if _is_name(one[0], begins=at == 0))
        return frozenset(term for _, terms in named for term in terms)

    def _within(self, sentence: re.Match[str]) -> list[tuple[re.Match[str], frozenset[str]]]:
        return [(word, terms) for word, terms in self._words if sentence.start() <= word.start() < sentence.end()]

    def without(self, term: str) -> str:
        """The text without the words that are searched by ``term``."""
        rest, end = "", 0
        for word, terms in self._words:
            if term in terms:
                rest, end = rest + self._text[end : word.start()], word.end()
        return " ".join((rest + self._text[end:]).split())

    def phrases(self, terms: Collection[str]) -> list[str]:
        """The words that are searched by ``terms``, as they are written and in their order, each once; those side by side make one phrase."""
        return list(dict.fromkeys(self._text[run[0][0].start() : run[-1][0].end()] for run in self._runs(terms)))

    def runs(self, terms: Collection[str]) -> list[frozenset[str]]:
        """The terms of each of those phrases."""
        return [frozenset().union(*(found for _, found in run)) for run in self._runs(terms)]

    def coordinated(self, terms: Collection[str], telling: Collection[str]) -> list[list[frozenset[str]]]:
        """The terms of each of those phrases, together those that are named side by side: "in A and in B", "A, B or C".

        Between two of them stands what joins them, and none of the ``telling`` terms.
        """
        groups: list[list[frozenset[str]]] = []
        end = 0
        for run in self._runs(terms):
            start = run[0][0].start()
            between = frozenset().union(*(found for word, found in self._words if end <= word.start() < start))
            if not (groups and between.isdisjoint(telling) and _JOINT.search(self._text, end, start)):
                groups.append([])
            groups[-1].append(frozenset().union(*(found for _, found in run)))
            end = run[-1][0].end()
        return groups

    def _runs(self, terms: Collection[str]) -> Iterator[list[tuple[re.Match[str], frozenset[str]]]]:
        run: list[tuple[re.Match[str], frozenset[str]]] = []
        for word, found in self._words:
            if found.isdisjoint(terms):
                continue
            if run and self._text[run[-1][0].end() : word.start()] not in (" ", "-"):
                yield run
                run = []
            run.append((word, found))
        if run:
            yield run


def _is_name(word: re.Match[str], *, begins: bool) -> bool:
    # What follows a number is its unit.
    if word.string[: word.start()].rstrip()[-1:].isdigit():
        return False
    return (word[0].isupper() and len(word[0]) > 1) or (word[0][0].isupper() and not begins)
