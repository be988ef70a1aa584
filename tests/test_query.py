"""What is asked, and how two searches are made one."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.words import WordIndex
from assistant.retrieval.fusion import convex
from assistant.retrieval.query import kind_of, understand
from assistant.retrieval.spelling import corrected, corrections

KINDS = {"fact", "definition", "list", "howto", "compare", "troubleshoot", "scenario"}


# The kind of question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who lights the lamp at dusk?", "fact"),
        ("How long does the lamp burn?", "fact"),
        ("How many boats are there?", "fact"),
        ("What is a lens?", "definition"),
        ("Define ebb", "definition"),
        ("tide", "definition"),
        ("List the boats", "list"),
        ("What are the kinds of oil?", "list"),
        ("Which three types of boats are there?", "list"),
        ("How do I read the queue?", "howto"),
        ("How to wind the clock", "howto"),
        ("What are steps", "list"),
        ("What is the difference between ebb and flood?", "compare"),
        ("Heron vs Gull", "compare"),
        ("Which is it, oil or gas lamps?", "compare"),
        ("Why is the lamp broken?", "troubleshoot"),
        ("The crane won't lift anything, what now?", "troubleshoot"),
        ("We want to bring seven sailors and a dog over to the island, which solution fits?", "scenario"),
        ("The keeper is ill and the sea is rough. " * 4, "scenario"),
    ],
)
def test_kind(question, kind):
    assert kind_of(question) == kind


@given(text=st.text(max_size=200))
def test_any_text_is_of_some_kind(text):
    assert kind_of(text) in KINDS


@pytest.mark.parametrize("text", ["cats or " + "a" * 4000, "what " * 800, "a" * 4000, "1" * 4000, "how " * 1000, "x or " * 1000, " " * 4000, "what, and " * 400])
def test_telling_the_kind_never_takes_long(text):
    start = time.process_time()
    kind_of(text)
    assert time.process_time() - start < 0.5


# Terms


TERMS = WordIndex().terms


def test_terms_are_stems_without_the_words_that_shape_a_question():
    query = understand("How long do the lamps of the lamp burn?", TERMS)
    assert (query.text, query.terms, query.kind) == ("How long do the lamps of the lamp burn?", ("lamp", "burn"), "fact")


def test_a_question_of_nothing_else_keeps_its_words():
    assert understand("What is this?", TERMS).terms == ("what", "is", "this")
    assert understand("?!", TERMS).terms == ()


def test_what_is_wanted_is_told_by_the_question_as_it_was_put():
    query = understand("What is the tide? And how many hours is it long?", TERMS, asked="And how many hours is it long?")
    assert query.kind == "fact"
    assert "tide" in query.terms


def test_long_answers_are_for_lists_and_their_like():
    assert [understand(text, TERMS).long for text in ("List the boats", "How to row", "Heron vs Gull", "Who rows?")] == [True, True, True, False]


# Fusion


def test_the_convex_combination_to_the_number():
    fused = convex({1: 0.8, 2: 0.4, 3: -0.2}, {2: 10.0, 4: 5.0}, weight=0.6)
    assert fused == [
        (2, pytest.approx(0.6 * 0.5 + 0.4 * 1)),
        (1, pytest.approx(0.6)),
        (4, pytest.approx(0.4 * 0.5)),
        (3, 0.0),
    ]


def test_ties_go_by_id_and_empty_lists_give_nothing():
    assert convex({7: 1.0, 3: 1.0}, {}, weight=0.5) == [(3, 0.5), (7, 0.5)]
    assert convex({}, {}, weight=0.5) == []
    assert convex({1: 0.0}, {2: 0.0}, weight=0.5) == [(1, 0.0), (2, 0.0)]


# Tenths: no two differ by less than a division rounds away.
SCORES = st.dictionaries(st.integers(0, 20), st.integers(-10, 500).map(lambda tenths: tenths / 10), max_size=12)


@given(dense=SCORES, lexical=SCORES, weight=st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1_and_fall(dense, lexical, weight):
    fused = convex(dense, lexical, weight=weight)
    assert {number for number, _ in fused} == dense.keys() | lexical.keys()
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 or math.isclose(score, 1) for score in scores)


@given(scores=SCORES)
def test_a_list_alone_keeps_its_order(scores):
    order = [number for number, score in sorted(scores.items(), key=lambda row: (-max(row[1], 0.0), row[0]))]
    assert [number for number, _ in convex(scores, {}, weight=1.0)] == order


# Spelling

VOCABULARY = {"messag": 9, "queri": 4, "harbour": 3, "lamp": 5, "light": 2, "lighthous": 6, "replic": 2, "avail": 3, "tide": 1, "them": 7}


def mended(text: str) -> str:
    return corrected(text, terms=TERMS, knows=VOCABULARY.__contains__, vocabulary=lambda: VOCABULARY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mesages", "messages"),
        ("The Mesage", "The Message"),
        ("qeury", "query"),
        ("qeuries", "queries"),
        ("harbor", "harbour"),
        ("avaliability", "availability"),
        ("lighthuose and lihgt", "lighthouse and light"),
        ("lamps and messages", "lamps and messages"),
        ("xylophone", "xylophone"),
        ("tdie", "tide"),
        ("lmp", "lmp"),
        ("then", "then"),
        ("mesage mesages", "message messages"),
        ("", ""),
    ],
)
def test_a_slip_is_mended_in_the_form_of_the_word(text, expected):
    assert mended(text) == expected


def test_a_word_is_mended_as_itself_and_not_within_another():
    # "lapm" is a part of "lapmost", which is like nothing that is known.
    assert mended("lapm lapmostly") == "lamp lapmostly"


def test_where_the_ending_would_make_another_word_the_stem_stands():
    text = mended("repliction")
    assert TERMS(text) == ["replic"]


def test_the_vocabulary_is_asked_for_only_if_a_word_is_unknown():
    def never():
        raise AssertionError

    assert corrections("the lamp and 2 or", terms=TERMS, knows=VOCABULARY.__contains__, vocabulary=never) == {}


@given(text=st.text(alphabet=st.sampled_from("abelmpstuLQ éß潮_1 ,."), max_size=40))
def test_mending_changes_unknown_words_alone_and_what_is_mended_is_known(text):
    found = corrections(text, terms=TERMS, knows=VOCABULARY.__contains__, vocabulary=lambda: VOCABULARY)
    assert set(found.values()) <= VOCABULARY.keys()
    assert not any(TERMS(word)[0] in VOCABULARY for word in found)
    assert mended(text) == text or found
