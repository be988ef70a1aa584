"""CANARD, follow-up questions with what people made of them (Elgohary et al., EMNLP 2019): whether ours, made to stand alone, say the same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.conversation import standalone
from assistant.errors import EvaluationError
from assistant.evaluation.asking import attempt, told
from assistant.evaluation.files import text_of
from assistant.evaluation.report import Format, Measure, Result
from assistant.index.words import WordIndex
from assistant.progress import Progress
from assistant.retrieval.query import FUNCTION_WORDS
from assistant.settings import Settings


class FollowUp(NamedTuple):
    """A question, what was asked before it, oldest first, and the question as somebody put it to stand alone."""

    id: str
    question: str
    history: tuple[str, ...]
    rewrite: str


def read_follow_ups(file: Path) -> tuple[FollowUp, ...]:
    """The follow-ups in ``file``, a list of JSON objects. Raises EvaluationError for one that is none.

    A talk there begins with the title and the section of an article; both are taken as its first turn, as somebody would name a topic to
    begin with. Answers are left out: this assistant goes by what was asked.
    """
    try:
        return tuple(
            FollowUp(
                id=f"{row['QuAC_dialog_id']}#{row['Question_no']}",
                question=row["Question"],
                history=(", ".join(row["History"][:2]), *row["History"][2::2]),
                rewrite=row["Rewrite"],
            )
            for row in json.loads(text_of(file))
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{file} is no list of follow-ups ({type(error).__name__}: {error}); expected objects with QuAC_dialog_id, Question_no, History, Question and Rewrite"
        ) from error


def ask(file: Path, settings: Settings, progress: Progress | None) -> Sequence[Result]:
    """Compares each follow-up, as it is understood, with its rewrite. No notes are needed, so none say what a question is about where its wording does not."""
    terms = _Terms()
    return [_understood(terms, one) for one in told(read_follow_ups(file), progress)]


class _Terms:
    """The content terms of a text: the stems, as words are searched by, of all its words but those that only shape a question."""

    def __init__(self) -> None:
        self._stems = WordIndex().terms
        self._mute = frozenset(stem for word in FUNCTION_WORDS for stem in self._stems(word))

    def of(self, text: str) -> frozenset[str]:
        return frozenset(self._stems(text)) - self._mute


def _understood(terms: _Terms, one: FollowUp) -> Result:
    asked = attempt(lambda: standalone(one.question, one.history).text)
    wanted = terms.of(one.rewrite)
    texts = {"": asked.found or "", "asked_": one.question, "talk_": " ".join([*one.history, one.question])}
    points: dict[str, tuple[float, float]] = {}
    for prefix, text in texts.items():
        found = terms.of(text)
        shared = len(wanted & found)
        points |= {f"{prefix}recall": (shared, len(wanted)), f"{prefix}f1": (2 * shared, len(wanted) + len(found))}
    missing = sorted(wanted - terms.of(texts[""]))
    return Result(
        id=one.id,
        kind="leans" if wanted - terms.of(one.question) else "stands alone",
        question=one.question,
        right=not missing,
        answered=asked.error is None,
        points={name: (reached / total, 1) for name, (reached, total) in points.items() if total},
        answer=texts[""],
        wanted=[("rewrite", one.rewrite)],
        why=f"asking failed: {asked.error}" if asked.error else f"lacks {', '.join(missing)}" if missing else "",
        milliseconds=asked.milliseconds,
        error=asked.error,
        history=one.history,
    )


CANARD = Format(
    name="canard",
    about="a JSON file of follow-up questions and their rewrites; needs no notes",
    measures=(
        Measure("recall", "recall", "of the rewrite's content terms, those in the question as understood", share=False),
        Measure("f1", "F1", "F1 of the content terms of the question as understood", share=False),
        Measure("asked_recall", "asked, recall", "the same of the question as asked", share=False),
        Measure("asked_f1", "asked, F1", "the same of the question as asked", share=False),
        Measure("talk_recall", "talk, recall", "the same of the question with all that was asked before", share=False),
        Measure("talk_f1", "talk, F1", "the same of the question with all that was asked before", share=False),
    ),
    tables={"Content terms": ("recall", "f1", "asked_recall", "asked_f1", "talk_recall", "talk_f1")},
    headline=("f1",),
    ask=ask,
)
