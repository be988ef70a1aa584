"""What came of judged questions, of whatever set: a result for each question, and measures over all of them and over each kind."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from assistant.evaluation.metrics import Bin, expected_calibration_error, percentile, reliability, wilson
from assistant.progress import Progress
from assistant.settings import Settings

ALL = "all"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured. ``name`` stands in JSON and on the command line, ``label`` heads a column, ``words`` say what is counted.

    ``share`` tells the share of things that were counted, which has an interval, from the mean of a number between 0 and 1.
    """

    name: str
    label: str
    words: str
    share: bool = True
    higher_is_better: bool = True

    @property
    def title(self) -> str:
        """The name as words, where there is more room than at the head of a column."""
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Value:
    """How much was reached of how much there was."""

    reached: float
    total: float
    share: bool

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where there was nothing to reach."""
        return self.reached / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence (Wilson); None for what is no share, and where there was nothing to count."""
        return wilson(self.reached, self.total) if self.share and self.total else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question.

    ``points`` maps each measure that the question counts for to what it adds, of how much: ``(1, 1)``, or ``(2, 3)`` for two citations of
    three. ``wanted`` pairs labels with what was wanted, ``why`` says what is wrong, empty where it is right. ``confidence`` is in that the
    notes answer the question, ``answerable`` whether they do; both are None where that is not measured. A question that could not be asked
    has its ``error``, and is wrong. ``details`` are further fields for JSON.
    """

    id: str
    kind: str
    question: str
    right: bool
    answered: bool
    points: Mapping[str, tuple[float, float]]
    answer: str
    wanted: Sequence[tuple[str, str]]
    why: str = ""
    milliseconds: float | None = None
    confidence: float | None = None
    answerable: bool | None = None
    error: str | None = None
    history: Sequence[str] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, float]:
        """What the question reached in each measure that it counts for, between 0 and 1."""
        return {name: reached / total for name, (reached, total) in self.points.items() if total}


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a measure over a kind of questions, or over all, has to be."""

    measure: str
    kind: str
    least: float

    @classmethod
    def of(cls, text: str) -> "Floor":
        """The floor that ``right=0.8`` or ``right:list=0.8`` says. Raises ValueError for anything else."""
        name, _, least = text.partition("=")
        measure, _, kind = name.partition(":")
        if not measure or not 0 <= float(least) <= 1:
            raise ValueError(text)
        return cls(measure, kind or ALL, float(least))


@dataclass(frozen=True, slots=True)
class Format:
    """A form of judged sets. ``ask`` asks all questions of the set at a path.

    ``tables`` are the measures shown together by kind, ``summary`` those shown over all questions, with their intervals. ``headline`` are
    those that say best how good it is: what is drawn, and compared question by question. ``asks_notes`` tells whether a set is asked of the
    notes in the settings, or needs none but its own.
    """

    name: str
    about: str
    measures: Sequence[Measure]
    tables: Mapping[str, Sequence[str]]
    headline: Sequence[str]
    ask: Callable[[Path, Settings, Progress | None], Sequence[Result]]
    summary: Sequence[str] = ()
    asks_notes: bool = False
    kinds: Sequence[str] = ()

    def measure(self, name: str) -> Measure:
        """The measure of that name. Raises EvaluationError if there is none."""
        found = next((one for one in self.measures if one.name == name), None)
        if found is None:
            raise EvaluationError(f"{name!r} is no measure of {self.name} sets; expected one of: {', '.join(one.name for one in self.measures)}")
        return found

    def check(self, floors: Sequence[Floor]) -> None:
        """Raises EvaluationError for a floor under what is no measure, or under one that is better the lower it is."""
        for one in floors:
            if not self.measure(one.measure).higher_is_better:
                raise EvaluationError(f"{one.measure} is better the lower it is: put the floor under another measure")


@dataclass(frozen=True)
class Report:
    """The results of a set. ``about`` says what was asked, for the reader."""

    format: Format
    about: Mapping[str, str]
    results: Sequence[Result]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its questions, in the order of the format, else in that in which they come."""
        there = dict.fromkeys(one.kind for one in self.results)
        return tuple(kind for kind in dict.fromkeys((*self.format.kinds, *there)) if kind in there)

    def of(self, kind: str = ALL) -> list[Result]:
        """The results of a kind, or all of them."""
        return [one for one in self.results if kind in (ALL, one.kind)]

    def value(self, measure: str, kind: str = ALL) -> Value:
        """A measure over the questions of a kind, or over all. Raises EvaluationError if there is no such measure."""
        points = [one.points[measure] for one in self.of(kind) if measure in one.points]
        share = self.format.measure(measure).share
        return Value(math.fsum(reached for reached, _ in points), math.fsum(total for _, total in points), share)

    def latency(self, share: float, kind: str = ALL) -> float | None:
        """The milliseconds that ``share`` of the questions took at most; None where none was asked without an error."""
        times = [one.milliseconds for one in self.of(kind) if one.milliseconds is not None]
        return percentile(times, share) if times else None

    def calibration(self, kind: str = ALL) -> tuple[Bin, ...]:
        """The confidences, in ten bins, beside how many of their questions the notes answer. One that is missing is as wrong as can be."""
        rows = [one for one in self.of(kind) if one.answerable is not None]
        confidences = [float(not one.answerable) if one.confidence is None else one.confidence for one in rows]
        return reliability(confidences, [bool(one.answerable) for one in rows])

    def calibration_error(self, kind: str = ALL) -> float | None:
        """The expected calibration error; None where no confidence is measured."""
        bins = self.calibration(kind)
        return expected_calibration_error(bins) if bins else None

    def wrong(self) -> list[Result]:
        """The questions that went wrong, those with an error among them."""
        return [one for one in self.results if not one.right]

    def below(self, floors: Sequence[Floor]) -> list[str]:
        """What is to be said of each of ``floors`` that is not reached. A measure of nothing reaches none."""
        found = [(floor, self.value(floor.measure, floor.kind).value) for floor in floors]
        return [f"{one.measure} of {one.kind} is {value or 0:.3f}, below {one.least:g}" for one, value in found if value is None or value < one.least]

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON holds it: the measures of all questions and of each kind, the bins of confidence, and a row for each question."""
        return {
            "format": self.format.name,
            "about": dict(self.about),
            "questions": len(self.results),
            "measures": {kind: self._measured(kind) for kind in (ALL, *self.kinds)},
            "reliability": [asdict(one) for one in self.calibration()],
            "results": [_row(one) for one in self.results],
        }

    def _measured(self, kind: str) -> dict[str, Any]:
        values = {one.name: self.value(one.name, kind) for one in self.format.measures}
        return {
            "questions": len(self.of(kind)),
            **{name: _value(one) for name, one in values.items() if one.total},
            "expected_calibration_error": self.calibration_error(kind),
            "milliseconds": {"p50": self.latency(0.5, kind), "p95": self.latency(0.95, kind)},
        }


def _value(value: Value) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": value.value, "reached": value.reached, "of": value.total}
    return shown | ({"interval_95": value.interval} if value.interval else {})


def _row(one: Result) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "question": one.question, "history": list(one.history), "right": one.right, "why": one.why,
        "answered": one.answered, "answer": one.answer, "wanted": [list(pair) for pair in one.wanted], "confidence": one.confidence,
        "milliseconds": one.milliseconds, "error": one.error, "scores": one.scores, **one.details,
    }  # fmt: skip
