"""How well judged questions are answered. A set is a file of JSON lines; ``read_questions`` says of which form.

Measures are named ``name`` or ``name:kind`` and lie between 0 and 1, higher is better; see ``MEASURES``.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.values import Answer

UNANSWERABLE = "unanswerable"
KINDS = (
    "fact", "definition", "list", "howto", "compare", "table", "troubleshoot", "scenario", "conflict", "typo", "followup", UNANSWERABLE,
)  # fmt: skip
LONG_KINDS = frozenset({"list", "howto", "compare", "scenario", "conflict"})
MOST_WORDS, MOST_WORDS_OF_LONG = 80, 160

_MARK = re.compile(r"\[\d+\]")
_MARK_UP = re.compile(r"[*_`|>#]+")
_FIELDS = {"id", "question", "kind", "evidence", "must", "must_not", "history"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that answer, as they stand in the note ``source`` (its path, or the beginning of it)."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A judged question; see ``read_questions``."""

    id: str
    question: str
    kind: str
    evidence: tuple[Evidence, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the notes answer it."""
        return self.kind != UNANSWERABLE

    @property
    def most_words(self) -> int:
        """What a right answer may have."""
        return MOST_WORDS_OF_LONG if self.kind in LONG_KINDS else MOST_WORDS

    def accepts(self, text: str) -> bool:
        """Whether ``text`` says what it must and nothing that it must not."""
        return all(any(re.search(one, text, re.I) for one in group) for group in self.must) and not any(
            re.search(one, text, re.I) for one in self.must_not
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. ``rank`` is that of the first hit with evidence, from 1; None where none of the hits has any.

    ``verbatim`` counts the citations whose quote stands in its note where they say.
    """

    question: Question
    answer: Answer
    text: str
    rank: int | None
    verbatim: int

    @property
    def words(self) -> int:
        """How long the answer is."""
        return len(self.text.split())

    @property
    def right(self) -> bool:
        """Answered, with all that it must say, in no more words than it may have."""
        return self.answer.answered and self.words <= self.question.most_words and self.question.accepts(self.text)

    @property
    def milliseconds(self) -> float:
        """How long the answer took."""
        return sum(self.answer.timings.values())


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions in ``file``, an object a line.

    ``id`` names it, ``question`` is what is asked, ``kind`` one of ``KINDS``. ``evidence`` lists {"source", "quote"}: where the answer
    stands. ``must`` lists groups of regular expressions: of each group one has to match in a right answer, whatever its case. ``must_not``
    lists those that may not. ``history`` holds the earlier questions of the talk, oldest first. Other fields are notes to the reader.

    Raises ValueError for a line that is none of that, and says which.
    """
    with file.open(encoding="utf-8") as lines:
        return tuple(_question(line, f"{file}:{number}") for number, line in enumerate(lines, start=1) if line.strip())


def _question(line: str, where: str) -> Question:
    try:
        row: dict[str, Any] = {name: value for name, value in json.loads(line).items() if name in _FIELDS}
        one = Question(
            id=row["id"],
            question=row["question"],
            kind=row["kind"],
            evidence=tuple(Evidence(place["source"], place["quote"]) for place in row.get("evidence", ())),
            must=tuple(tuple(group) for group in row.get("must", ())),
            must_not=tuple(row.get("must_not", ())),
            history=tuple(row.get("history", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{where} is no judged question ({type(error).__name__}: {error}): see read_questions for the form") from error
    if one.kind not in KINDS:
        raise ValueError(f"{where} has the kind {one.kind!r}; expected one of: {', '.join(KINDS)}")
    if one.answerable != bool(one.must) or one.answerable != bool(one.evidence):
        raise ValueError(f"{where} is {one.kind}: evidence and must are for questions that have an answer, and needed there")
    return one


def judge(notes: Assistant, question: Question) -> Outcome:
    """Asks ``question`` and looks at the answer. Evidence is looked for in the passages that the answer carries along."""
    answer = notes.ask(question.question, history=question.history)
    quotes = [_squashed(one.quote) for one in question.evidence]
    held = [any(quote in _squashed(hit.passage.text) for quote in quotes) for hit in answer.hits]
    return Outcome(
        question=question,
        answer=answer,
        text=as_read(answer.text),
        rank=held.index(True) + 1 if True in held else None,
        verbatim=sum(notes.note(one.path).text[one.start : one.end] == one.quote for one in answer.citations),
    )


def as_read(text: str) -> str:
    """An answer without its marks and mark-up."""
    return _MARK_UP.sub(" ", re.sub(r":?-{3,}:?", " ", _MARK.sub(" ", text)))


def _squashed(text: str) -> str:
    """Letters and digits alone: how white space and marks stand does not matter."""
    return "".join(character for character in text.lower() if character.isalnum())


# Measures


def _evidence_at(k: int) -> Callable[[Outcome], bool]:
    return lambda one: one.rank is not None and one.rank <= k


MEASURES: Mapping[str, tuple[str, Callable[[Outcome], bool], bool]] = {
    "evidence@1": ("evidence in the first hit", _evidence_at(1), True),
    "evidence@5": ("evidence in the first five hits", _evidence_at(5), True),
    "evidence@10": ("evidence in the first ten hits", _evidence_at(10), True),
    "right": ("right answers", lambda one: one.right, True),
    "right_at_any_length": ("right answers, were they not too long", lambda one: one.answer.answered and one.question.accepts(one.text), True),
    "answered": ("answered, of those with an answer", lambda one: one.answer.answered, True),
    "refused": ("refused, of those without", lambda one: not one.answer.answered, False),
}
"""By name: what is counted in words, what counts, and whether it is counted over the questions with an answer or over those without."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of a set."""

    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(cls, notes: Assistant, questions: Sequence[Question]) -> "Report":
        """Asks all of ``questions``."""
        return cls(tuple(judge(notes, one) for one in questions))

    def counted(self, measure: str) -> tuple[int, int]:
        """How many count for ``measure``, and of how many. Raises KeyError for one that there is not."""
        name, _, kind = measure.partition(":")
        _, counts, answerable = MEASURES[name]
        among = [one for one in self.outcomes if one.question.answerable == answerable and kind in ("", one.question.kind)]
        return sum(map(counts, among)), len(among)

    def value(self, measure: str) -> float:
        """The share that counts, 0 where there is nothing to count; ``verbatim`` is the share of citations, 1 where there are none."""
        if measure == "verbatim":
            exact, total = self.verbatim
            return exact / total if total else 1.0
        count, total = self.counted(measure)
        return count / total if total else 0.0

    @property
    def verbatim(self) -> tuple[int, int]:
        """How many citations are verbatim, and of how many."""
        return sum(one.verbatim for one in self.outcomes), sum(len(one.answer.citations) for one in self.outcomes)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of questions in it that have an answer."""
        return tuple(kind for kind in KINDS if kind != UNANSWERABLE and any(one.question.kind == kind for one in self.outcomes))

    def wrong(self) -> tuple[Outcome, ...]:
        """The questions that were not answered right, and those that should not have been answered."""
        return tuple(one for one in self.outcomes if one.right != one.question.answerable)
