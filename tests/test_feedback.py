"""What readers thought of answers: kept, taken back, and handed out as judged questions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FeedbackError
from assistant.evaluation.questions import Evidence, read_questions
from assistant.feedback import Feedback, Place, Verdict

GOOD = Verdict("a", "What does the heron eat?", True, True, (Place("birds/heron.md", "The heron eats frogs."),), ("What is a heron?",))


@pytest.fixture
def feedback(tmp_path) -> Feedback:
    return Feedback(tmp_path / "folder" / "feedback.jsonl")


def test_before_the_first_verdict_there_is_none_and_no_file(feedback):
    assert feedback.verdicts() == ()
    assert not feedback.file.exists()


@given(
    st.lists(
        st.builds(
            Verdict,
            id=st.sampled_from("abc"),
            question=st.text(min_size=1),
            good=st.sampled_from([True, False, None]),
            answered=st.booleans(),
            evidence=st.lists(st.builds(Place, source=st.text(), quote=st.text())).map(tuple),
            history=st.lists(st.text()).map(tuple),
            remark=st.text(),
        ),
        max_size=6,
    )
)
def test_the_latest_verdict_on_each_turn_counts(tmp_path_factory, verdicts):
    feedback = Feedback(tmp_path_factory.mktemp("feedback") / "feedback.jsonl")
    for one in verdicts:
        feedback.add(one)
    latest = {one.id: one for one in verdicts}
    assert {one.id: one for one in feedback.verdicts()} == {key: one for key, one in latest.items() if one.good is not None}


def test_what_was_good_is_a_judged_question(feedback, tmp_path):
    feedback.add(GOOD)
    feedback.add(Verdict("b", "Who painted the heron?", True, False, remark="Right."))
    feedback.add(Verdict("c", "How long is its beak?", False, True, GOOD.evidence))
    file = tmp_path / "judged.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in feedback.judged()), encoding="utf-8")
    heron, painter = read_questions(file)
    assert (heron.id, heron.question, heron.answerable, heron.history) == ("a", GOOD.question, True, ("What is a heron?",))
    assert heron.evidence == (Evidence("birds/heron.md", "The heron eats frogs."),)
    assert (painter.id, painter.answerable, painter.evidence) == ("b", False, ())


def test_a_line_that_is_no_verdict_is_named(feedback):
    feedback.add(GOOD)
    with feedback.file.open("a", encoding="utf-8") as file:
        file.write('{"id": "b"}\n')
    with pytest.raises(FeedbackError, match=r"feedback\.jsonl, line 2, is no verdict"):
        feedback.verdicts()


def test_a_disk_that_takes_nothing_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(FeedbackError, match="could not be kept"):
        Feedback(tmp_path / "file" / "feedback.jsonl").add(GOOD)


@pytest.mark.parametrize(("index", "file"), [("index", ".index-feedback.jsonl"), (".index", ".index-feedback.jsonl")])
def test_it_lies_beside_the_index_and_hidden(tmp_path, index, file):
    assert Feedback.beside(tmp_path / index).file == tmp_path / file
