"""Judged questions asked of notes: whether each answer is right, and what its hits and citations are worth."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.assistant import Assistant
from assistant.evaluation.asking import attempt
from assistant.evaluation.questions import Question
from assistant.values import Answer, Citation

_MARK = re.compile(r"\[\d+\]")
_MARK_UP = re.compile(r":?-{3,}:?|[|>#]+|^\s*-(?=\s)", re.M)
_EMPHASIS = re.compile(r"[*`]+|(?<![^\W_])_+|_+(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question; ``answer`` is None where asking raised ``error``.

    ``ranks`` has for each piece of evidence the rank of the first hit that holds it, None where none does. ``carrying`` tells of each
    citation whether it carries evidence, ``verbatim`` whether its quote stands in its note where it says.
    """

    question: Question
    answer: Answer | None
    ranks: tuple[int | None, ...] = ()
    carrying: tuple[bool, ...] = ()
    verbatim: tuple[bool, ...] = ()
    milliseconds: float | None = None
    error: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is an answer, and not that there is none."""
        return self.answer is not None and self.answer.answered

    @property
    def refused(self) -> bool:
        """Whether the answer is that there is none. An error is no refusal."""
        return self.answer is not None and not self.answer.answered

    @property
    def text(self) -> str:
        """The answer as it is read."""
        return as_read(self.answer.text) if self.answer else ""

    @property
    def words(self) -> int:
        """How long the answer is: all that is read counts, the heads of tables too."""
        return len(self.text.split())

    @property
    def right_at_any_length(self) -> bool:
        """Answered, with all that it must say and nothing that it must not; or with evidence, where nothing is said of what it must say."""
        return self.answered and not self._faults()

    @property
    def right(self) -> bool:
        """Right, in no more words than it may have. Of a question without an answer: refused."""
        return self.right_at_any_length and self.words <= self.question.most_words if self.question.answerable else self.refused

    @property
    def why(self) -> str:
        """What is wrong, in a few words."""
        if self.right:
            return ""
        if self.error is not None:
            return f"asking failed: {self.error}"
        if not self.question.answerable:
            return "answered, though the notes do not"
        if not self.answered:
            return "refused, though the notes answer"
        return "; ".join(self._faults()) or f"{self.words} words where {self.question.most_words} are allowed"

    def _faults(self) -> list[str]:
        asked = self.question
        unsaid = [f"does not say {' or '.join(group)}" for group in asked.unsaid(self.text)]
        uncited = ["cites no evidence"] if not asked.must and not any(self.carrying) else []
        return [*unsaid, *uncited, *(f"says {one}" for one in asked.wrongly_said(self.text))]


def judge(notes: Assistant, question: Question) -> Outcome:
    """Asks ``question`` and looks at the answer. Evidence is looked for in the passages that the answer carries along."""
    asked = attempt(lambda: notes.ask(question.question, history=question.history))
    answer = asked.found
    if answer is None:
        return Outcome(question, None, ranks=(None,) * len(question.evidence), error=asked.error)
    hits = [Letters.of(hit.passage.text) for hit in answer.hits]
    quotes = [one.quote for one in question.evidence]
    texts = {path: notes.note(path).text for path in {one.path for one in answer.citations}}
    return Outcome(
        question=question,
        answer=answer,
        ranks=tuple(next((rank for rank, hit in enumerate(hits, start=1) if hit.holds(quote)), None) for quote in quotes),
        carrying=tuple(carries(one, texts[one.path], quotes) for one in answer.citations),
        verbatim=tuple(texts[one.path][one.start : one.end] == one.quote for one in answer.citations),
        milliseconds=asked.milliseconds,
    )


# Text as it is compared


def unmarked(text: str) -> str:
    """An answer without its marks."""
    return _MARK.sub(" ", text)


def as_read(text: str) -> str:
    """An answer without its marks and mark-up; an underscore within a name is none."""
    return _EMPHASIS.sub("", _MARK_UP.sub(" ", unmarked(text)))


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits of a text, in lower case, and where each stands: how white space and marks stand does not matter."""

    letters: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Letters":
        """Those of ``text``."""
        offsets = array("L", [offset for offset, character in enumerate(text) if character.isalnum()])
        # One to one: a dotted capital I alone would become two.
        return cls("".join(text[offset].lower()[0] for offset in offsets), offsets)

    def spans(self, quote: str) -> Iterator[tuple[int, int]]:
        """Where ``quote`` stands in the text, as offsets; nowhere if it has neither a letter nor a digit."""
        wanted = Letters.of(quote).letters
        at = self.letters.find(wanted) if wanted else -1
        while at >= 0:
            yield self.offsets[at], self.offsets[at + len(wanted) - 1] + 1
            at = self.letters.find(wanted, at + 1)

    def holds(self, quote: str) -> bool:
        """Whether ``quote`` stands in the text."""
        return next(self.spans(quote), None) is not None


_remembered: Callable[[str], Letters] = lru_cache(maxsize=32)(Letters.of)
"""Of whole notes, which question after question cites."""


def carries(citation: Citation, text: str, quotes: Sequence[str]) -> bool:
    """Whether ``citation``, of a note that reads ``text``, overlaps a place where one of ``quotes`` stands."""
    return any(start < citation.end and citation.start < end for quote in quotes for start, end in _remembered(text).spans(quote))
