"""Judged questions: a file of JSON lines; ``read_questions`` says of which form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from assistant.evaluation.files import rows_of
from assistant.retrieval.kinds import kind_of

UNANSWERABLE = "unanswerable"
KINDS = (
    "fact", "definition", "list", "howto", "compare", "table", "troubleshoot", "scenario", "conflict", "typo", "followup", UNANSWERABLE,
)  # fmt: skip
LONG_KINDS = frozenset({"list", "howto", "compare", "scenario", "conflict"})
MOST_WORDS, MOST_WORDS_OF_LONG = 80, 160


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

    def unsaid(self, text: str) -> tuple[tuple[str, ...], ...]:
        """The groups of ``must`` that ``text`` does not say."""
        return tuple(group for group in self.must if not any(re.search(one, text, re.I) for one in group))

    def says_some(self, text: str) -> bool:
        """Whether ``text`` says one group of ``must``."""
        return len(self.unsaid(text)) < len(self.must)

    def wrongly_said(self, text: str) -> tuple[str, ...]:
        """What of ``must_not`` the ``text`` says."""
        return tuple(one for one in self.must_not if re.search(one, text, re.I))


def read_questions(file: Path) -> tuple[Question, ...]:
    r"""The questions in ``file``, an object a line.

        {"id": "q1", "question": "How long is a parcel kept?", "kind": "fact",
         "evidence": [{"source": "post/parcels.md", "quote": "kept for two weeks"}],
         "must": [["\\b(2|two) weeks\\b", "\\b14 days\\b"]], "must_not": ["year"], "history": ["What does the post office do?"]}

    ``id`` names it, and no other. ``question`` is what is asked, ``history`` holds the earlier questions of the talk, oldest first.
    ``kind`` is one of ``KINDS``; where it is missing, the wording tells. ``evidence`` says where the answer stands: a note's path, or its
    beginning, and words of it, which may differ in case, white space and punctuation.

    ``must`` lists groups of regular expressions: a right answer matches one of each group, whatever the case, and none of ``must_not``.
    Where ``must`` is missing, an answer is right if one of its citations carries some of the evidence: the form in which answers that a
    reader approved of are exported. A question that has an answer needs one of ``evidence`` and ``must``. One of the kind unanswerable,
    which the notes are right to refuse, has neither. Other fields are notes to the reader.

    Raises EvaluationError for a file that cannot be read or holds no question, and for a line that is none of that, which it names.
    """
    questions = tuple(_question(row, where) for where, row in rows_of(file))
    if not questions:
        raise EvaluationError(f"{file} holds no question: expected a JSON object a line")
    seen: set[str] = set()
    for one in questions:
        if one.id in seen:
            raise EvaluationError(f"{file} has two questions with the id {one.id!r}: give each its own, they are compared by it")
        seen.add(one.id)
    return questions


def _question(row: Mapping[str, Any], where: str) -> Question:
    try:
        one = Question(
            id=_text(row["id"]),
            question=_text(row["question"]),
            kind=_text(row.get("kind") or kind_of(row["question"])),
            evidence=tuple(Evidence(_text(place["source"]), _text(place["quote"])) for place in _list(row, "evidence")),
            must=tuple(tuple(map(_pattern, group)) for group in _list(row, "must")),
            must_not=tuple(map(_pattern, _list(row, "must_not"))),
            history=tuple(map(_text, _list(row, "history"))),
        )
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise EvaluationError(f"{where} is no judged question ({type(error).__name__}: {error}): mend or remove the line") from error
    if one.kind not in KINDS:
        raise EvaluationError(f"{where} has the kind {one.kind!r}; expected one of: {', '.join(KINDS)}")
    if one.answerable != bool(one.must or one.evidence):
        raise EvaluationError(f"{where} is of the kind {one.kind}: evidence or must is for questions that have an answer, and needed there")
    return one


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    # The letters of a string would pass for patterns.
    if not isinstance(value, list) or (name == "must" and not all(group and isinstance(group, list) for group in value)):
        raise TypeError(f"{name} is {value!r} where a list{' of lists' if name == 'must' else ''} was expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} where some text was expected")
    return value


def _pattern(value: Any) -> str:
    re.compile(_text(value))
    return value
