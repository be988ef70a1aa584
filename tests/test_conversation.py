"""Follow-up questions, made to stand alone."""

import json
import re
import time
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import TURNS, listed, standalone
from assistant.conversation.leaning import referring
from assistant.conversation.phrases import fragment, phrases, words
from assistant.conversation.topics import owner, person, topic
from assistant.retrieval.comparison import pair
from conftest import ROOT

FIRST = "What does the Heron carry?"


def text(question: str, *history: str, **facts) -> str:
    return standalone(question, history, **facts).text


# What a question becomes


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        (FIRST, "And how fast is it?", "How fast is the Heron?"),
        (FIRST, "What is its length?", "What is the Heron's length?"),
        (FIRST, "When was this boat built?", "When was the Heron built?"),
        (FIRST, "who works there?", "Who works in the Heron?"),
        (FIRST, "What about the Gull?", "What does the Gull carry?"),
        (FIRST, "no, I meant the Gull", "What does the Gull carry?"),
        (FIRST, "and in winter?", "What does the Heron carry in winter?"),
        (FIRST, "how long does such a boat last?", "How long does the Heron last?"),
        (FIRST, "why are such things built?", "Why are the Heron built?"),
        # What is done to one thing is done to the next; what one is has parts.
        ("How do I trim a wick in Rome?", "and the lens?", "How do I trim the lens in Rome?"),
        ("What is a lamp?", "and the wick?", "What is the wick of a lamp?"),
        # What says where gives way to what says where, and "the one" is nobody.
        ("What does a lamp cost at the harbour?", "and in Rome?", "What does a lamp cost in Rome?"),
        ("How long does a lamp glow in the old tower?", "and on the one by the sea?", "How long does a lamp glow on the tower by the sea?"),
        ("How old are the lamps at the harbour?", "what about the ones in Rome?", "How old are the lamps in Rome?"),
        ("How old is the lamp in the tower?", "and the one in the hall?", "How old is the lamp in the hall?"),
        # What happens has no noun; of "that boat" the boat is the noun, of "that useful" nothing is.
        (FIRST, "is the crew safe if that sinks?", "Is the crew safe if the Heron sinks?"),
        (FIRST, "who pays when that happens?", "Heron: who pays when that happens?"),
        (FIRST, "in what case is that useful?", "In what case is the Heron useful?"),
        (FIRST, "why is that boat painted?", "Why is the Heron painted?"),
        (FIRST, "how old is that boat?", "How old is the Heron?"),
        (FIRST, "compare it with the Gull", "Compare the Heron with the Gull"),
        (FIRST, "its crew?", "What is the Heron's crew?"),
        (FIRST, "and the name of its captain?", "What is the name of the Heron's captain?"),
        ("What is the crew of the Heron?", "and of the Gull?", "What is the crew of the Gull?"),
        # For a name, in the place of another, but where something is for something.
        ("How long does a Heron lamp burn?", "and for the Gull?", "How long does the Gull lamp burn?"),
        ("What is the fare of the Heron for dogs?", "and for Gulls?", "What is the fare of the Heron for Gulls?"),
        ("What is the fare of the Heron?", "and for dogs?", "What is the fare of the Heron for dogs?"),
        ("What is the price of the Heron?", "and its crew?", "What is the Heron's crew?"),
        ("What is the speed of the Heron?", "and the maximum?", "What is the maximum speed of the Heron?"),
        ("What is the Heron?", "and the crew?", "What is the crew of the Heron?"),
        ("How long is a red buoy?", "and a green one?", "How long is a green buoy?"),
        ("What is the outer lamp of the Heron Lamps for?", "what about the inner one?", "What is the inner lamp of the Heron Lamps for?"),
        ("What is the red store of the Heron good for?", "and the green one?", "What is the green store of the Heron good for?"),
        ("Is the harbour closed in winter?", "why?", "Why is the harbour closed in winter?"),
        ("When is the harbour closed?", "and why?", "Why is the harbour closed?"),
        ("Who was Grace Darling?", "when did she die?", "When did Grace Darling die?"),
        ("What is a tide table in Rome?", "how many of those are there?", "How many of the tide tables in Rome are there?"),
        ("What is the difference between a cog and a hulk?", "which is older?", "Which is older: a cog or a hulk?"),
        ("What is the difference between a cog and a hulk?", "is the latter older?", "Is a hulk older?"),
        ("cog vs. hulk", "are they safe?", "Are cog and hulk safe?"),
    ],
)
def test_a_question_that_leans_is_put_as_one_would_put_it_at_first(before, question, understood):
    assert text(question, before) == understood


@pytest.mark.parametrize("question", ["why?", "how much of it?", "and the other, how fast?", "and then?"])
def test_where_it_is_not_known_what_is_meant_the_question_before_is_put_in_front(question):
    assert text(question, "Which boats sail at dawn?") == f"Which boats sail at dawn? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "How fast is the Gull?",
        "What does the s3cret box hold?",
        "Where does iCloud lie?",
        "Whose duty was the lighting of lamps along the whole northern coast in winter?",
        "If a lamp goes out, who lights it?",
        "What is it called when the tide turns?",
        "Is there a limit?",
        "Does the Gull carry its own boats?",
        "Which one is the largest lamp that shines at night?",
        "A lamp went out. What can I do about it?",
        "Which boats such as the Gull carry mail?",
        "What helps against no such boat or harbour?",
    ],
)
def test_a_question_with_a_subject_of_its_own_stands_alone(question):
    assert standalone(question, [FIRST]) == standalone(question)
    assert standalone(question).text == standalone(question).asked == question


def test_whether_a_question_without_a_name_is_about_the_topic_the_notes_tell():
    asked = []

    def fits(question: str, about: str) -> bool:
        asked.append((question, about))
        return "rope" in question

    assert text("which rope is best?", FIRST, fits=fits) == "Heron: which rope is best?"
    assert text("which soup is best?", FIRST, fits=fits) == "which soup is best?"
    assert text("how fast is it?", FIRST, fits=fits) == "How fast is the Heron?"
    assert asked == [("which rope is best?", "the Heron"), ("which soup is best?", "the Heron")]


def test_what_kind_of_answer_is_wanted_is_told_by_the_question_itself():
    assert standalone("how fast is it?", [FIRST]).asked == "how fast is it?"
    assert standalone("what about the Gull?", [FIRST]).asked == "What does the Gull carry?"
    assert standalone("why?", ["Which boats sail at dawn?"]).asked == "why?"


@pytest.mark.parametrize("question", ["tell me more", "More?", "what else?", "ok, go on", "Can you tell me more about it?"])
def test_more_of_the_same_is_known_for_it(question):
    done = standalone(question, [FIRST])
    assert (done.text, done.more) == (FIRST, True)
    assert not standalone(FIRST).more


def test_the_second_one_is_looked_up_in_what_was_answered():
    asked = []

    def items(question: str) -> tuple[str, ...]:
        asked.append(question)
        return "cogs", "hulks", "carvels"

    before = "Which ships are there?"
    assert text("tell me about the second one", before, items=items) == "Tell me about hulks"
    assert text("how do the first two differ?", before, items=items) == "How do cogs and hulks differ?"
    assert text("what is the last one for?", before, items=items) == "What is carvels for?"
    assert text("what carries the last?", before, items=items) == "What carries carvels?"
    assert text("tell me about the fourth", before, items=items) == "Ships: tell me about the fourth"
    assert text("how fast are they?", before, items=items) == "How fast are ships?"
    assert asked == [before] * 5
    assert text("and the second one?", "Which boats sail at dawn?") == "Which boats sail at dawn? and the second one?"


def test_a_topic_is_carried_along_and_left():
    talk = ["What is the Heron?", "its crew?", "and how old is it?", "What is the Gull?", "who owns it?"]
    assert [text(question, *talk[:at]) for at, question in enumerate(talk)] == [
        "What is the Heron?",
        "What is the Heron's crew?",
        "How old is the Heron's crew?",
        "What is the Gull?",
        "Who owns the Gull?",
    ]
    assert text("and who owns the Heron?", *talk) == "and who owns the Heron?"


def test_a_talk_stays_in_the_notes_that_it_was_restricted_to():
    assert text("how fast is it?", "What does the Heron carry? file:boats/") == "What does the Heron carry? file:boats/ how fast is it?"
    assert text("how fast is it?", "#boats: what does the Heron carry?").count("#boats") == 1
    assert text("how fast is it?", "file:boats/ What is the Heron?") == "How fast is the Heron? file:boats/"
    assert text("how fast is it? file:b.md", "file:a.md What is the Heron?") == "How fast is the Heron? file:b.md"
    assert text("how old is it?", 'What is "the old Heron"?') == 'How old is "the old Heron"?'


# The judged talks


class Talk(NamedTuple):
    """A talk and what its last question must come to say. ``must`` and ``must_not`` hold words; ``reads`` is how it would be put.

    ``items`` are what the answer before lists; ``kind`` tells whether the notes take a question without a name for one about the topic.
    """

    id: str
    split: str
    kind: str
    history: list[str]
    question: str
    must: list[str]
    must_not: list[str]
    reads: str | None = None
    items: tuple[str, ...] = ()

    def understood(self) -> str:
        return text(self.question, *self.history, fits=lambda *_: self.kind == "ellipsis", items=lambda _: self.items)

    def accepts(self, understood: str) -> bool:
        return all(_says(understood, one) for one in self.must) and not any(_says(understood, one) for one in self.must_not)


def _says(said: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said, re.I) is not None


TALKS = [Talk(**json.loads(line)) for line in (ROOT / "tests" / "data" / "conversations.jsonl").read_text(encoding="utf-8").splitlines()]
FLOORS = {"development": 57 / 58, "held-out": 55 / 58}
"""One under what is reached. All talks were written before there was a rule; the held-out ones were not looked at while rules were made."""


@pytest.mark.parametrize("split", FLOORS)
def test_talks_about_all_manner_of_things_are_understood(split):
    talks = [talk for talk in TALKS if talk.split == split]
    wrong = [(talk.history, talk.question, talk.understood()) for talk in talks if not talk.accepts(talk.understood())]
    assert len(talks) == 58
    assert 1 - len(wrong) / len(talks) >= FLOORS[split], wrong


def test_the_talks_are_judged_by_words_that_the_question_alone_does_not_say():
    assert len({talk.id for talk in TALKS}) == len(TALKS)
    kinds = Counter(talk.kind for talk in TALKS)
    assert kinds["new"] == 20
    for talk in TALKS:
        # A new topic is understood if nothing is added, and a follow-up only if something is.
        assert talk.accepts(talk.question) == (talk.kind in ("new", "back")), talk
        assert talk.reads is None or talk.accepts(talk.reads), talk


# What a question is about


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What is a tide table in Rome?", "a tide table in Rome"),
        ("How does a heat pump work?", "a heat pump"),
        ("Who was Grace Darling?", "Grace Darling"),
        ("Who built the Heron?", "the Heron"),
        ("Tell me more about old lamps", "old lamps"),
        ("Is the Heron closed on Mondays?", "the Heron"),
        ("How do permits work in Rome?", "permits in Rome"),
        ("What node types are there in a cluster?", "node types in a cluster"),
        ("Which colours does the Heron have?", "colours of the Heron"),
        ("Do I need a visa for Rome?", "a visa for Rome"),
        ("What is the Heron good for?", "the Heron"),
        ("Heron: how fast is it?", "Heron"),
        ("cog vs. hulk", "cog and hulk"),
        ("maximum speed of the Heron", "maximum speed of the Heron"),
        ("Which boats sail at dawn?", None),
        ("Which boats are painted?", None),
        ("In the morning, who sails?", None),
        ("The Heron sank. Why was that?", None),
        ("", None),
        ("?", None),
    ],
)
def test_what_a_question_is_about(question, about):
    assert topic(question) == about


def test_the_sides_of_a_comparison():
    assert pair("What is the difference between a cog and a hulk?") == ("a cog", "a hulk")
    assert pair("Compare the Heron with the Gull") == ("the Heron", "the Gull")
    assert pair("How does a cog differ from a hulk?") == ("a cog", "a hulk")
    assert pair("How do cogs and hulks differ?") == ("cogs", "hulks")
    assert pair("Is the Heron faster than the Gull?") == ("the Heron", "the Gull")
    assert pair("Which cogs and hulks sail?") is None


def test_whose_part_something_is():
    assert owner("the price of the Heron", "What is the price of the Heron?") == "the Heron"
    assert owner("the fall of Rome", "What is the fall of Rome?") == "the fall of Rome"
    assert owner("the Heron's crew", "What is the Heron's crew?") == "the Heron"


def test_a_person_has_a_name_of_plain_words():
    assert person("the life of Vasco da Gama") == "Vasco da Gama"
    assert person("S3 and the EBB") is None


# The words


def test_names_are_told_by_their_capitals_and_operators_are_names():
    assert [word.text for word in words("What is EBB in Rome, a tide? file:a.md") if word.name] == ["EBB", "Rome", "file:a.md"]
    assert [word.text for word in words("Rome fell") if word.name] == []
    assert [word.text for word in words("Rome fell", inside=True) if word.name] == ["Rome"]


def test_phrases_end_at_verbs_and_at_words_that_shape_a_question():
    found = [(one.article, [word.text for word in one.words]) for one in phrases("How long do I boil a soft egg in an old iron pot?")]
    assert found == [("", ["long"]), ("a", ["soft", "egg"]), ("a", ["old", "iron", "pot"])]
    assert [one.words[-1].text for one in phrases("Does the lamp need oil?")] == ["lamp", "oil"]


def test_a_fragment_has_no_verb():
    assert fragment("and the red lamp?")
    assert not fragment("and does it glow?")
    assert not fragment("who lit the lamp?")


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("how fast is it?", "it"),
        ("what has to be done before people can ask it things?", "it"),
        ("how many of the lamps does it have, over how many rooms?", "it"),
        ("which role is needed for that?", "that"),
        ("the lamp that glows", None),
        ("is it possible to sail?", None),
        ("what does 'do this' mean?", None),
        ("A lamp glows; why does it?", None),
        ("which is the speed at which they sail?", "they"),
    ],
)
def test_the_word_that_refers_to_something_before(question, word):
    found = referring(question)
    assert (found and found[0]) == word


# The items of an answer


def test_the_items_of_a_list():
    answer = "Ships [1]\n\n- **Cogs**: round, with one mast [2]\n  - of oak\n- Hulks – larger [2]\n- Carvels (fast ones)\n\n- Oars [3]"
    assert listed(answer) == ("Cogs", "Hulks", "Carvels")
    assert listed("- Cogs\n- Hulks\n* Oars: long") == ("Cogs", "Hulks", "Oars")
    assert listed("1. Cogs [1]\n2. Hulks [1]") == ("Cogs", "Hulks")
    # Marked as cut within a sentence.
    assert listed("- …cogs\n- hulks… [1]") == ("cogs", "hulks")
    assert listed("| Ship | Masts |\n| --- | --- |\n| Cog | 1 [1] |\n| Hulk | 2 [1] |") == ("Cog", "Hulk")


@pytest.mark.parametrize(
    "answer", ["", "A cog has one mast. [1]", "- one alone [1]", f"- {'so long an item ' * 5}\n- Hulks", "- : \n- [1]"]
)
def test_an_answer_without_a_list_of_names_has_no_items(answer):
    assert listed(answer) == ()


# Limits


def test_there_is_nothing_before_the_first():
    assert standalone("and then?") == standalone("and then?", []) == standalone("and then?", ["", "  "])
    assert text("and then?") == "and then?"


def test_white_space_is_folded():
    assert text(" and\n how fast  is it? ", "What does  the Heron carry\t") == "How fast is the Heron?"


def test_the_question_itself_is_never_pushed_out_of_sight():
    long = "and it " * 200
    assert text(long, FIRST) == long.strip()
    assert text("and why?", "lamp " * 119) == "and why?"
    assert text("and why?", "lamp " * 118) == f"{'lamp ' * 118}and why?"


def test_a_talk_of_any_length_is_read():
    assert text("and?", *["and?"] * 100_000) == " ".join(["and?"] * (TURNS + 1))


@pytest.mark.parametrize("word", ["a", "A", "1", "a1", "aB", "1a", "é", "_", "'", "it ", "Aa", "s of ", "it, ", '"a" ', "the one "])
def test_a_question_of_4000_characters_takes_no_time(word):
    start = time.process_time()
    standalone((word * 4000)[:4000], [FIRST])
    standalone("why is it?", [(word * 4000)[:4000]])
    standalone("what " + (word * 4000)[:3995], [FIRST])
    assert time.process_time() - start < 0.3


WORDS = [
    "what", "which", "who", "why", "is", "are", "the", "a", "it", "its", "one", "ones", "Rome", "lamp", "old", "of", "in", "and", "but",
    "about", "I", "meant", "first", "two", ",", "?", ":", "file:a", "#b",
]  # fmt: skip
QUESTIONS = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)


@given(question=QUESTIONS, history=st.lists(QUESTIONS, max_size=4), about=st.booleans())
def test_any_talk_comes_to_a_question_of_one_line(question, history, about):
    done = standalone(question, history, fits=lambda *_: about, items=lambda _: ("cogs", "hulks"))
    assert done.text == " ".join(done.text.split())
    assert bool(done.text) >= bool(question.strip())
    assert len(done.text.split()) <= max(120, len(question.split()))
    assert standalone(question).text == " ".join(question.split())
