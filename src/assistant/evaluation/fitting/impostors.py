"""Questions that the notes do not answer, made of questions that they do."""

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from assistant.assistant import Assistant
from assistant.evaluation.fitting.sets import Collection, Judged
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import FUNCTION_WORDS

_TRIES = 40


def holders(notes: Assistant, texts: Mapping[str, str]) -> Counter[str]:
    """For each term how many notes hold it."""
    terms = notes.consider("words").lexicon.terms
    return Counter(term for text in texts.values() for term in set(terms(text)))


def without(lexicon: Lexicon, lost: frozenset[str], passages: int) -> Lexicon:
    """``lexicon`` of notes that do not hold the terms ``lost``."""
    return Lexicon(lexicon.terms, lambda term: 0 if term in lost else lexicon.frequency(term), passages)


def names(collection: Collection) -> list[str]:
    """The names in the questions of a set."""
    found = ((one.question, name_in(one.question, _title(collection.notes.note(one.path).text))) for one in collection.judged)
    return [question[slice(*span)] for question, span in found if span]


def swapped(asked: Sequence[Judged], texts: Mapping[str, str], names: Sequence[str]) -> dict[Judged, str]:
    """Those of the questions that hold a name, with one of ``names`` for it, of as many words, that the note that answers does not hold."""
    chance = random.Random(0)  # noqa: S311 - any fixed order will do
    found = {}
    for one in asked:
        if not one.answers or (span := name_in(one.question, _title(texts[one.path]))) is None:
            continue
        start, end = span
        words, held = len(one.question[start:end].split()), texts[one.path].lower()
        tried = (chance.choice(names) for _ in range(_TRIES if names else 0))
        if (name := next((name for name in tried if len(name.split()) == words and name.lower() not in held), None)) is not None:
            found[one] = one.question[:start] + _in_case_of(one.question, name) + one.question[end:]
    return found


def _in_case_of(question: str, name: str) -> str:
    """Small in a question without capitals, which would tell it from the others; as a name in one that has some."""
    if question.islower():
        return name.lower()
    return name.title() if name.islower() else name


def _title(text: str) -> str:
    return text.partition("\n")[0]


def name_in(question: str, title: str) -> tuple[int, int] | None:
    """Where the longest run of words that names something stands: capitalised ones, or those of the note's title where none is."""
    words = list(re.finditer(r"[^\W_][\w'-]*", question))
    told = {word.lower() for word in title.split()} - FUNCTION_WORDS
    capitals = any(map(str.isupper, question[1:]))
    named = ((word[0][0].isupper() and word.start() > 0 if capitals else word[0].lower() in told, word) for word in words)
    runs = [[word for _, word in run] for is_name, run in groupby(named, key=lambda pair: pair[0]) if is_name]
    return max(((run[0].start(), run[-1].end()) for run in runs), key=lambda span: span[1] - span[0], default=None)
