"""How good answers are: floors under what is reached on judged questions about the notes that ship.

The same is measured on notes and questions of one's own where ASSISTANT_TEST_NOTES names their folder and ASSISTANT_TEST_QUESTIONS the file.
"""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Settings
from assistant.evaluation.judging import (
    KINDS,
    UNANSWERABLE,
    Evidence,
    Outcome,
    Question,
    Report,
    as_read,
    judge,
    read_questions,
)
from conftest import OWN_NOTES, OWN_QUESTIONS, ROOT

QUESTIONS = ROOT / "tests" / "data" / "questions.jsonl"

FLOORS = {"evidence@5": 0.93, "evidence@10": 0.95, "right": 0.84, "answered": 0.95, "refused": 0.4, "verbatim": 1.0}
"""A little under what is reached: one question is worth 0.02, one of those without an answer 0.1."""

OWN_FLOORS = {"evidence@5": 0.94, "right": 0.75, "verbatim": 1.0}


@pytest.fixture(scope="module")
def report(corpus_notes: Assistant) -> Report:
    return Report.of(corpus_notes, read_questions(QUESTIONS))


@pytest.mark.parametrize("measure", FLOORS)
def test_answers_to_the_notes_that_ship_reach_their_floor(report, measure):
    assert report.value(measure) >= FLOORS[measure], "\n".join(f"{one.question.question} -> {one.text}" for one in report.wrong())


# Without notes of one's own there is nothing to measure; a test that is not there is not skipped either.
if OWN_NOTES and OWN_QUESTIONS:

    def test_answers_to_notes_of_ones_own_reach_their_floors(tmp_path, compiled):
        notes = Assistant.open(Settings(corpus=OWN_NOTES, index=tmp_path / "index"))
        reached = Report.of(notes, read_questions(Path(OWN_QUESTIONS)))
        values = {measure: reached.value(measure) for measure in OWN_FLOORS}
        assert all(values[measure] >= floor for measure, floor in OWN_FLOORS.items()), values


# The questions themselves


def test_the_questions_are_of_every_kind_and_all_their_own():
    questions = read_questions(QUESTIONS)
    kinds = Counter(one.kind for one in questions)
    assert set(kinds) == set(KINDS)
    assert 40 <= len(questions) <= 60
    assert 8 <= kinds[UNANSWERABLE] <= 12
    assert len({one.id for one in questions}) == len({one.question for one in questions}) == len(questions)


@pytest.mark.parametrize("question", [one for one in read_questions(QUESTIONS) if one.answerable], ids=lambda one: one.id)
def test_evidence_stands_in_its_note_and_is_not_the_question(question):
    for one in question.evidence:
        note = (ROOT / "corpus" / one.source).read_text(encoding="utf-8")
        assert one.quote in note
    for pattern in (*(one for group in question.must for one in group), *question.must_not):
        re.compile(pattern)
    assert not question.accepts(question.question), "the question says its own answer"


# What measures


def outcome(question: Question, text: str, *, rank: int | None = 1, answered: bool = True) -> Outcome:
    answer = Answer(question.question, question.question, text, None, answered, 0.5, (), (), {"answer": 2.0})
    return Outcome(question, answer, text, rank, 0)


FACT = Question("f", "How long?", "fact", (Evidence("a.md", "two weeks"),), (("2 weeks", "two weeks"), ("parcel",)), ("year",))
LIST = Question("l", "Which?", "list", (Evidence("a.md", "red"),), (("red",),))
NONE = Question("n", "Who?", UNANSWERABLE)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("A parcel waits for two weeks.", True),
        ("A PARCEL waits 2 WEEKS.", True),
        ("It waits for two weeks.", False),
        ("A parcel waits for two weeks or a year.", False),
        ("A parcel waits for two weeks." + " word" * 74, True),
        ("A parcel waits for two weeks." + " word" * 75, False),
    ],
)
def test_a_right_answer_says_all_it_must_and_nothing_else_in_few_words(text, right):
    assert outcome(FACT, text).right is right


def test_long_kinds_may_have_twice_as_many_words():
    assert outcome(LIST, "red" + " word" * 159).right
    assert not outcome(LIST, "red" + " word" * 160).right


def test_what_is_not_answered_is_not_right_whatever_it_says():
    assert not outcome(FACT, "A parcel waits for two weeks.", answered=False).right


def test_shares_are_counted_over_what_they_are_about():
    report = Report((
        outcome(FACT, "A parcel waits for two weeks."),
        outcome(FACT, "No.", rank=6),
        outcome(LIST, "red", rank=None),
        outcome(NONE, "", answered=False, rank=None),
        outcome(NONE, "Mira.", rank=None),
    ))  # fmt: skip
    assert report.counted("evidence@1") == report.counted("evidence@5") == (1, 3)
    assert report.counted("evidence@10") == (2, 3)
    assert report.counted("right") == (2, 3)
    assert report.counted("right:fact") == (1, 2)
    assert report.counted("refused") == (1, 2)
    assert report.value("verbatim") == 1.0
    assert report.kinds == ("fact", "list")
    assert [one.text for one in report.wrong()] == ["No.", "Mira."]
    with pytest.raises(KeyError):
        report.value("speed")


def test_an_answer_is_read_without_marks_and_mark_up():
    assert as_read("| a | b |\n| --- | --- |\n| **1 day** | `x` [2] |").split() == ["a", "b", "1", "day", "x"]


def test_a_judged_answer(corpus_notes):
    question = Question("k", "How long does a Kinesis stream keep data?", "fact", (Evidence("k.md", "1 day\n(24 hours)"),), (("24 hours",),))
    judged = judge(corpus_notes, question)
    assert judged.right
    assert judged.rank in range(1, 11)
    assert judged.verbatim == len(judged.answer.citations) > 0
    assert 0 < judged.milliseconds < 10_000


GOOD = {"id": "a", "question": "How long?", "kind": "fact", "evidence": [{"source": "a.md", "quote": "a day"}], "must": [["day"]]}


def test_questions_are_read_with_what_may_be_missing(tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(GOOD | {"remark": "easy"}) + "\n\n" + json.dumps({"id": "b", "question": "Who?", "kind": UNANSWERABLE}) + "\n")
    assert read_questions(file) == (
        Question("a", "How long?", "fact", (Evidence("a.md", "a day"),), (("day",),)),
        Question("b", "Who?", UNANSWERABLE),
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", r"questions\.jsonl:2 is no judged question"),
        ("[]", r"questions\.jsonl:2 is no judged question"),
        (json.dumps({"id": "a", "kind": "fact"}), "KeyError: 'question'"),
        (json.dumps(GOOD | {"kind": "riddle"}), "the kind 'riddle'; expected one of: fact, "),
        (json.dumps(GOOD | {"must": []}), "needed there"),
        (json.dumps(GOOD | {"kind": UNANSWERABLE}), "needed there"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, why):
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(GOOD) + "\n" + line + "\n")
    with pytest.raises(ValueError, match=why):
        read_questions(file)
