"""What a change won and lost, question by question, and how likely chance alone would have done so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from assistant.evaluation.files import text_of
from assistant.evaluation.metrics import sign_test
from assistant.evaluation.report import Format, Measure, Report, Result


@dataclass(frozen=True, slots=True)
class Before:
    """A question's result in an older report: what it reached in each measure, and what was answered."""

    scores: Mapping[str, float]
    answer: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A measure over the questions that count for it in both reports: its mean in each, and the questions that ``won`` and ``lost``."""

    measure: Measure
    questions: int
    before: float
    after: float
    won: Sequence[Result]
    lost: Sequence[Result]

    @property
    def p(self) -> float:
        """By the exact sign test, two-sided; of what is either right or wrong it is McNemar's exact test."""
        return sign_test(len(self.won), len(self.lost))


@dataclass(frozen=True)
class Comparison:
    """A report beside an older one. ``added`` and ``gone`` are the ids of questions that only one of them has; they are compared in nothing."""

    changes: Sequence[Change]
    before: Mapping[str, Before]
    added: Sequence[str]
    gone: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON holds it, questions by their ids."""
        return {
            "test": "exact sign test, two-sided (McNemar's exact test for what is right or wrong)",
            "measures": {
                one.measure.name: {
                    "questions": one.questions, "before": one.before, "after": one.after, "p": one.p,
                    "won": [won.id for won in one.won], "lost": [lost.id for lost in one.lost],
                }
                for one in self.changes
            },
            "added": list(self.added),
            "gone": list(self.gone),
        }  # fmt: skip


def read_results(file: Path, form: Format) -> dict[tuple[str, str], Before]:
    """The results of the report that ``file`` holds as JSON, by id and question.

    Raises EvaluationError if it is no such report, or one of another form than ``form``.
    """
    try:
        content = json.loads(text_of(file))
        rows = {
            (row["id"], row["question"]): Before({name: float(score) for name, score in row["scores"].items()}, row["answer"], row["why"])
            for row in content["results"]
        }
        older = content["format"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvaluationError(f"{file} is no report to compare with ({type(error).__name__}: {error}); expected what --json wrote") from error
    if older != form.name:
        raise EvaluationError(f"{file} is a report of a set of the form {older}; expected {form.name}, as what is asked now")
    return rows


def compare(report: Report, before: Mapping[tuple[str, str], Before]) -> Comparison:
    """``report`` beside the older results, in the measures of its tables. A question with the same id but other words is another one."""
    names = dict.fromkeys(name for table in report.format.tables.values() for name in table)
    shared = [one for one in report.results if (one.id, one.question) in before]
    here = {(one.id, one.question) for one in report.results}
    older = {one.id: before[one.id, one.question] for one in shared}
    changes = (_change(report.format.measure(name), shared, older) for name in names)
    return Comparison(
        changes=[one for one in changes if one.questions],
        before=older,
        added=[one.id for one in report.results if (one.id, one.question) not in before],
        gone=[name for name, question in before if (name, question) not in here],
    )


def _change(measure: Measure, results: Sequence[Result], before: Mapping[str, Before]) -> Change:
    name = measure.name
    pairs = [(one, before[one.id].scores[name], one.scores[name]) for one in results if name in one.scores and name in before[one.id].scores]
    sign = 1 if measure.higher_is_better else -1
    return Change(
        measure=measure,
        questions=len(pairs),
        before=sum(old for _, old, _ in pairs) / max(1, len(pairs)),
        after=sum(new for _, _, new in pairs) / max(1, len(pairs)),
        won=[one for one, old, new in pairs if sign * (new - old) > 0],
        lost=[one for one, old, new in pairs if sign * (new - old) < 0],
    )
