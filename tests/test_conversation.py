"""Follow-up questions, made to stand alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import standalone

FIRST = "What does the Heron carry?"


@pytest.mark.parametrize(
    "question",
    ["And how fast is it?", "why?", "What about the Gull?", "How many of them are there?", "Does that matter?", "how so", "Which one is larger?", "Is it the Gull?", "How large?"],
)
def test_a_question_that_leans_has_the_one_before_in_front(question):
    assert standalone(question, [FIRST]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "How fast is the Gull?",
        "What is EBB?",
        "What does the s3cret box hold?",
        "Where does iCloud lie?",
        "Whose duty was the lighting of lamps along the whole northern coast in winter?",
        "How long is what IsTold?",
    ],
)
def test_a_question_with_a_name_or_of_many_words_stands_alone(question):
    assert standalone(question, [FIRST]) == question


def test_a_chain_is_followed_back_to_where_it_begins():
    history = ["How is the weather in Rome?", FIRST, "and how much?", "and why?"]
    assert standalone("and since when?", history) == f"{FIRST} and how much? and why? and since when?"


def test_there_is_nothing_before_the_first():
    assert standalone("and then?") == standalone("and then?", []) == "and then?"
    assert standalone("and then?", ["", "  "]) == "and then?"


def test_white_space_is_folded_and_trailing_commas_go():
    assert standalone(" and\n then? ", ["What does  the Heron carry,\t"]) == "What does the Heron carry and then?"


def test_the_question_itself_is_never_pushed_out_of_sight():
    history = [f"{FIRST} " + "it " * 40] * 10
    text = standalone("and why?", history)
    assert text.endswith("it and why?")
    assert len(text.split()) <= 120
    long = "and it " * 200
    assert standalone(long, history) == long.strip()


def test_a_talk_of_any_length_is_read():
    assert len(standalone("and?", ["and?"] * 100_000).split()) == 120


@pytest.mark.parametrize("word", ["a", "A", "1", "a1", "aB", "1a", "é", "_", "it ", "Aa"])
def test_a_question_of_4000_characters_takes_no_time(word):
    start = time.process_time()
    standalone((word * 4000)[:4000], [FIRST])
    standalone("what " + (word * 4000)[:3995], [FIRST])
    assert time.process_time() - start < 0.1


@given(question=st.text(max_size=60).filter(str.strip), history=st.lists(st.text(max_size=40), max_size=5))
def test_it_ends_with_the_question_as_it_was_put(question, history):
    text = standalone(question, history)
    assert text.endswith(" ".join(question.split()))
    assert text == " ".join(text.split())
    assert standalone(question, []) == " ".join(question.split())
