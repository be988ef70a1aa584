"""Judged questions about a folder of notes: all that is measured of their answers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from assistant.assistant import Assistant
from assistant.evaluation.asking import told
from assistant.evaluation.judging import Outcome, judge
from assistant.evaluation.metrics import recall, reciprocal_rank
from assistant.evaluation.questions import KINDS, Question, read_questions
from assistant.evaluation.report import Format, Measure, Result
from assistant.progress import Progress
from assistant.settings import Settings

_DEPTHS = (1, 5, 10)


def ask(file: Path, settings: Settings, progress: Progress | None) -> Sequence[Result]:
    """Asks the questions in ``file`` of the notes."""
    questions = read_questions(file)
    # Evidence is looked for as far down as it is measured, however few passages an answer is set to carry along.
    notes = Assistant.open(replace(settings, hits=max(settings.hits, *_DEPTHS)), progress=progress)
    return [result(judge(notes, one)) for one in told(questions, progress)]


def result(one: Outcome) -> Result:
    """An outcome with its points in each of ``MEASURES`` that it counts for."""
    asked, answer = one.question, one.answer
    return Result(
        id=asked.id,
        kind=asked.kind,
        question=asked.question,
        right=one.right,
        answered=one.answered,
        points=dict(_points(one)),
        answer=answer.text if answer else "",
        wanted=tuple(_wanted(asked)),
        why=one.why,
        milliseconds=one.milliseconds,
        confidence=answer.confidence if answer else None,
        answerable=asked.answerable,
        error=one.error,
        history=asked.history,
        details={
            "standalone": answer.standalone if answer else None,
            "short": answer.short if answer else None,
            "words": one.words,
            "most_words": asked.most_words if asked.answerable else None,
            "right_at_any_length": one.right_at_any_length,
            "ranks": list(one.ranks),
            "evidence": [asdict(piece) for piece in asked.evidence],
            "citations": [
                {"path": cited.path, "line": cited.line, "quote": cited.quote, "carries_evidence": carrying, "verbatim": exact}
                for cited, carrying, exact in zip(answer.citations if answer else (), one.carrying, one.verbatim, strict=True)
            ],
        },
    )


def _points(one: Outcome) -> Iterator[tuple[str, tuple[float, float]]]:
    yield "verbatim", (sum(one.verbatim), len(one.verbatim))
    if one.refused:
        yield "refusal_precision", (not one.question.answerable, 1)
    if not one.question.answerable:
        yield "refusal_recall", (one.refused, 1)
        return
    if one.question.evidence:
        for k in _DEPTHS:
            found = recall(one.ranks, k)
            yield f"evidence@{k}", (found > 0, 1)
            yield f"recall@{k}", (found, 1)
        yield "mrr", (reciprocal_rank(one.ranks), 1)
        yield "cited", (any(one.carrying), 1)
        yield "citation_precision", (sum(one.carrying), len(one.carrying))
    yield "right", (one.right, 1)
    yield "right_at_any_length", (one.right_at_any_length, 1)
    if one.right and one.question.must and one.answer and one.answer.short:
        yield "short_right", (one.question.says_some(one.answer.short), 1)
    yield "answered", (one.answered, 1)
    yield "false_refusals", (one.refused, 1)


def _wanted(question: Question) -> Iterator[tuple[str, str]]:
    if not question.answerable:
        yield "a refusal", "the notes do not answer it"
    for piece in question.evidence:
        yield f"evidence, {piece.source}", piece.quote
    for group in question.must:
        yield "must say", " or ".join(group)
    for pattern in question.must_not:
        yield "must not say", pattern


NOTES = Format(
    name="notes",
    about="judged questions about notes, an object a line",
    measures=(
        *(Measure(f"evidence@{k}", f"evidence@{k}", f"some of the evidence in the first {k} hits") for k in _DEPTHS),
        *(Measure(f"recall@{k}", f"recall@{k}", f"of the pieces of evidence, those in the first {k} hits", share=False) for k in _DEPTHS),
        Measure("mrr", "MRR", "1 / rank of the first hit with evidence", share=False),
        Measure("right", "right", "answered, saying all it must and nothing it must not, within the word limit"),
        Measure("right_at_any_length", "any length", "right answers, were there no word limit"),
        Measure("short_right", "short right", "of the right answers with a short answer, those whose short answer says some of what it must"),
        Measure("answered", "answered", "answered, of those with an answer"),
        Measure("false_refusals", "false refusals", "refused, of those with an answer", higher_is_better=False),
        Measure("cited", "cited", "answered with a citation that carries evidence"),
        Measure("citation_precision", "precision", "of the citations, those that carry evidence"),
        Measure("verbatim", "verbatim", "of the citations, those that stand in the note as they are quoted"),
        Measure("refusal_precision", "refusal precision", "of the questions refused, those without an answer"),
        Measure("refusal_recall", "refusal recall", "of the questions without an answer, those refused"),
    ),
    tables={
        "Retrieval": (*(f"evidence@{k}" for k in _DEPTHS), *(f"recall@{k}" for k in _DEPTHS), "mrr"),
        "Answers": ("right", "right_at_any_length", "answered", "cited", "citation_precision", "refusal_recall"),
    },
    summary=("evidence@5", "right", "short_right", "cited", "citation_precision", "verbatim", "refusal_precision", "refusal_recall", "false_refusals"),
    headline=("right", "refusal_recall"),
    ask=ask,
    asks_notes=True,
    kinds=KINDS,
)
"""All but the refusals is measured over the questions with an answer; retrieval and citing over those of them that have evidence.

Pieces of evidence are often ways to say one thing, or the same said in several notes. So ``evidence@k`` (success at k) is enough for a
question with one answer, while ``recall@k`` tells whether all sides of a comparison or a disagreement were found. A citation that answers
from another place than the evidence counts as not carrying it: both citation measures are lower bounds.
"""
