"""What is asked, and how two searches are made one."""

import math
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.words import WordIndex
from assistant.retrieval.expecting import expected_value
from assistant.retrieval.fusion import convex
from assistant.retrieval.kinds import kind_of
from assistant.retrieval.query import understand
from assistant.retrieval.spelling import Speller

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
        ("What is sourdough?", "definition"),
        ("what's a mortgage", "definition"),
        ("Explain photosynthesis", "definition"),
        ("What does GDP mean?", "definition"),
        ("What is meant by inflation?", "definition"),
        ("mise en place", "definition"),
        ("What is the purpose of the flywheel?", "definition"),
        ("Who is Ada Lovelace?", "definition"),
        ("What kind of animal is an axolotl?", "definition"),
        ("what does a router do", "definition"),
        ("In chess, what is a fork?", "definition"),
        ("Describe the water cycle", "definition"),
        ("What is the boiling point of ethanol?", "fact"),
        ("Who wrote the lab manual?", "fact"),
        ("When is the rent due?", "fact"),
        ("How much flour goes into the dough?", "fact"),
        ("What is the name of my dentist?", "fact"),
        ("Where do I keep the passports?", "fact"),
        ("Is the cabin heated in winter?", "fact"),
        ("How long does the battery last after a failed charge?", "fact"),
        ("Which plug fits the Italian sockets?", "fact"),
        ("What does the parking permit cost?", "fact"),
        ("At what temperature does the glue cure?", "fact"),
        ("How often should I water the ficus?", "fact"),
        ("which year did we fix the roof", "fact"),
        ("Which engineer handles the failed builds?", "fact"),
        ("Does the museum open on Mondays or Tuesdays?", "fact"),
        ("What port does the database listen on?", "fact"),
        ("What are the symptoms of vitamin D deficiency?", "list"),
        ("List all suppliers", "list"),
        ("Name the four seasons of the vineyard.", "list"),
        ("Which tools do I need for the shelf?", "list"),
        ("What are the advantages of heat pumps?", "list"),
        ("three ways to prune a rose", "list"),
        ("What were the action items from the meeting?", "list"),
        ("Give me all the steps of the release", "list"),
        ("What are the main causes of burnout?", "list"),
        ("Who are the members of the board?", "list"),
        ("How do I bleed a radiator?", "howto"),
        ("how to change a tyre", "howto"),
        ("Steps to reset the router", "howto"),
        ("What is the procedure for a refund?", "howto"),
        ("How can we renew the certificate?", "howto"),
        ("What steps should I take to apply for a visa?", "howto"),
        ("instructions for assembling the desk", "howto"),
        ("How does one tie a bowline?", "howto"),
        ("Show me how to proof yeast", "howto"),
        ("Postgres vs MySQL", "compare"),
        ("What is the difference between a crow and a raven?", "compare"),
        ("How does plan A compare to plan B?", "compare"),
        ("butter or margarine: which keeps longer?", "compare"),
        ("Which is cheaper, the train or the bus?", "compare"),
        ("Compare the two landlords' offers", "compare"),
        ("In what way do bees differ from wasps?", "compare"),
        ("Is oat milk healthier than soy milk?", "compare"),
        ("When should I use a hash map and when a tree?", "compare"),
        ("Are lager and ale different?", "compare"),
        ("pros and cons of renting versus buying", "compare"),
        ("The dishwasher shows E24, what now?", "troubleshoot"),
        ("Why does my bread not rise?", "troubleshoot"),
        ("My build fails with ModuleNotFoundError. What should I do?", "troubleshoot"),
        ("printer keeps jamming", "troubleshoot"),
        ("The car won't start. Why?", "troubleshoot"),
        ("wifi drops every few minutes, how do I fix it?", "troubleshoot"),
        ("how to fix a leaking tap", "troubleshoot"),
        ("I get 'permission denied' when I push, what's wrong?", "troubleshoot"),
        ("Copying the log of the lamp from my boat to the tower by hand each night ends in 'the book is closed', although I opened it before. What's really wrong?", "troubleshoot"),
        ("What causes the 502 error on the gateway?", "troubleshoot"),
        ("The tomatoes have black spots at the bottom. What can I do about it?", "troubleshoot"),
        (
            "We have a team of six in three time zones and need a tool to plan sprints without meetings. Which product should we buy?",
            "scenario",
        ),
        ("I want to store 4 TB of photos for ten years and hardly ever look at them. Where should I put them?", "scenario"),
        (
            "A client needs the report by Friday but the data only arrives on Thursday night and two analysts are on leave. How would you organise it?",
            "scenario",
        ),
        ("Our garden is shady, the soil is heavy clay and it floods in spring. Which hedge would you plant?", "scenario"),
        ("A worker gets the same parcel twice. Why?", "troubleshoot"),
        ("Some parcels never arrive. What is usually behind that?", "troubleshoot"),
        ("Stamps or coins: how long does each keep?", "compare"),
        ("What would I keep in the drawer and what in the safe?", "compare"),
        ("How often may I flip between fixed and floating rates?", "fact"),
        ("I failed the exam. How long must I wait?", "fact"),
        ("A step in the release keeps failing - what now?", "troubleshoot"),
        ("How do I send a parcel that is larger than the post allows?", "howto"),
        ("Between which values can the base be set?", "fact"),
        ("Which keys or locks are not insured?", "fact"),
        ("phantom tide - what is that exactly?", "definition"),
        ("slack water = ?", "definition"),
        ("the slack water of Lowmouth strait = ?", "definition"),
        ("Neap tide: what is it?", "definition"),
        ("What is the latest moment a lamp may burn?", "fact"),
        ("What is the lamp's timer set to?", "fact"),
        ("What is the slowest ferry?", "fact"),
        ("ebb or flood - which one fills the basin?", "compare"),
        ("How is the ebb different between spring and neap?", "compare"),
        ("How are boats painted in different towns?", "fact"),
        ("Tides: neap tide against spring tide", "compare"),
        ("insurance against fire", "definition"),
        ("What are the lamps in the tower for?", "fact"),
        ("What are the lamps used for?", "fact"),
        ("What are the lamps in the tower?", "list"),
    ],
)
def test_kind(question, kind):
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("When was the lamp lit?", "year"),
        ("Since when has the lamp been lit?", "year"),
        ("How long does the lamp burn?", "duration"),
        ("What does a lens cost?", "money"),
        ("Which share of the boats is new?", "share"),
        ("How large is the harbour?", "size"),
        ("How many boats are there?", "count"),
        ("What is the maximum crew?", "count"),
        ("Who lights the lamp?", None),
        # Which one it is, is no value; which year, is.
        ("Which lamp has the largest lens?", None),
        ("Which year was the lamp lit in?", "year"),
        ("Which port has the maximum?", "count"),
        # What a question asks for counts, not what it speaks of.
        ("Why would anybody pay for a second lamp?", None),
        ("How do I set the number of lamps?", None),
        ("Who is in charge of the lamp?", None),
        ("What sort of oil keeps the price of a lamp down?", None),
        ("Is there a limit to the number of boats?", None),
        ("The ferry costs nine a head. Where does it land?", None),
        ("When is the lamp with the largest lens lit?", None),
        ("How is the delay explained?", None),
        ("When I set the latency, how many boats wait?", "count"),
        ("Mr. J. Doe rows. How many boats has he?", "count"),
        ("How many bytes does a lamp's name cost?", "size"),
        ("How many days of leave does the keeper have?", "duration"),
        ("How much delay does the lock add?", "duration"),
        ("How much memory has the lamp's computer?", "size"),
        ("How much oil goes into the lamp?", "count"),
        ("How much do I pay for a berth?", "money"),
        ("How much is a berth per night?", "money"),
        ("How often does the ferry run?", "duration"),
        # A length, not a time.
        ("How long may the name of a boat be?", "count"),
        ("How long is the pier?", "count"),
        ("How long is a letter kept?", "duration"),
        ("What am I charged for a berth?", "money"),
        ("What bonus does the harbour pay me?", "money"),
        ("What must I pay attention to?", None),
        ("What is the default timeout of the lock?", "duration"),
        ("What is the maximum size of a boat?", "size"),
        ("What is the limit of the lock's memory?", "count"),
        ("What is the longest time a boat can be moored?", "duration"),
        ("After what time does the lamp go out?", "duration"),
        ("Which lamp has the lowest latency?", None),
        ("What's the largest boat you can row?", "count"),
        ("What is the most beautiful boat?", None),
        ("Below what depth does a boat run aground at most?", "count"),
        ("What's the most oil cans one boat may carry?", "count"),
        ("What is an ebb rate?", None),
        ("What's a good ebb rate?", "count"),
        ("What does the weight of a lamp depend on?", None),
        ("What is the weight of a lamp?", "count"),
        # Without a word that asks.
        ("price of a berth when the harbour is full", "money"),
        ("Limit on boats with lamps of the same size", "count"),
        ("Longest time boats can be moored", "duration"),
        ("ferry lock max memory size", "size"),
        ("cheapest berth and its price a month", "money"),
        ("lamp: default wait time", "duration"),
        ("boats with memory", None),
    ],
)
def test_value(question, value):
    assert expected_value(question) == value


@given(text=st.text(max_size=200))
def test_any_text_is_of_some_kind(text):
    assert kind_of(text) in KINDS
    assert expected_value(text) in {None, "year", "duration", "money", "share", "size", "count"}


@pytest.mark.parametrize(
    "text",
    [
        "cats or " + "a" * 4000,
        "what " * 800,
        "a" * 4000,
        "1" * 4000,
        "how " * 1000,
        "x or " * 1000,
        " " * 4000,
        "what, and " * 400,
        "is " + "a" * 4000,
        "is " * 1300,
        "what are the " * 300,
        "in a" * 1000,
        "name " * 800,
        "a. " * 1300,
        ", who " * 700,
        "max " * 1000,
        "how much pay" * 350,
        "the longest " * 350,
    ],
)
def test_telling_the_kind_never_takes_long(text):
    start = time.process_time()
    kind_of(text)
    expected_value(text)
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
    assert [understand(text, TERMS).long for text in ("List the boats", "How to row", "Heron vs Gull", "Who rows?")] == [
        True,
        True,
        True,
        False,
    ]


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

PASSAGES = (
    "Messages and a message wait in the harbour; queries query the lamps, and the lamp lights the lighthouse, no house; a lighthouse.",
    "Availability of replication: the tide of them. LightHouse is what OpenWell calls its WELLS. How many? Who?",
    "The data base has a time out, and a backup of each ledger; a signal box, and the director of Tide Mill. Winds change. Who knows?",
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    index = WordIndex()
    index.update(added=[(number, "", text) for number, text in enumerate(PASSAGES)])
    return Speller(
        index.terms,
        knows=lambda term: index.frequency(term) > 0,
        adjoin=index.adjoin,
        beginning=index.beginning,
        holding=lambda term: [PASSAGES[number] for number, _ in index.search([term], 9, heading_boost=0.0)],
        is_word=frozenset(["direct", "light", "wall", "timely"]).__contains__,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mesages", "messages"),
        ("The Mesage", "The Message"),
        ("qeury", "query"),
        ("qeuries", "queries"),
        ("harbor", "harbour"),
        ("avaliability", "availability"),
        ("lighthuose and lihgts", "lighthouse and lights"),
        ("tdie", "tide"),
        # An "e" that the stemmer leaves where it takes that of the word meant.
        ("chnage", "change"),
        # As the notes spell it.
        ("opnewell", "OpenWell"),
        ("how meny", "how many"),
        # The first letter is hardly ever the one that is missed.
        ("hwo meny", "how many"),
        # Words that are known, or right all the same.
        ("lamps and messages", "lamps and messages"),
        ("then", "then"),
        ("wall", "wall"),
        ("walls", "walls"),
        # Like nothing that is known, or too short to tell.
        ("xylophone", "xylophone"),
        ("lmp", "lamp"),
        ("Lmp", "Lmp"),
        ("lnp", "lnp"),
        ("tode", "tide"),
        ("tike", "tike"),
        ("ight", "ight"),
        # Names in capitals.
        ("TDIE", "TDIE"),
        ("qTDe", "qTDe"),
        # Parts of what is no word.
        ("mesage_1 mesage2", "message_1 mesage2"),
        ("mesage mesages", "message messages"),
        ("", ""),
    ],
)
def test_a_slip_is_mended_in_the_form_of_the_word(speller, text, expected):
    assert speller.mend(text).text == expected


def test_of_words_equally_like_the_one_of_the_same_letters_is_meant_and_else_the_more_frequent():
    frequency = {"firm": 1, "form": 5, "from": 9}
    speller = Speller(
        terms=lambda text: text.lower().split(),
        knows=frequency.__contains__,
        adjoin=lambda terms: False,
        beginning=lambda prefix: {term: count for term, count in frequency.items() if term.startswith(prefix)},
        holding=lambda term: [term],
    )
    assert speller.mend("frim").text == "firm"
    # One letter more than "firm", and one more than "form".
    assert speller.mend("foirm").text == "form"
    # A slip of the notes' own, which one of them holds, is no better than a slip.
    frequency |= {"datbas": 1, "databas": 200}
    assert speller.mend("databs").text == "databas"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the timeout", "the time out"),
        ("a Database", "a Data base"),
        ("signalbox", "signal box"),
        # A name is not what small letters say of something else.
        ("SignalBox", "SignalBox"),
        ("TideMill", "Tide Mill"),
        ("back-up", "backup"),
        ("of led ger", "of ledger"),
        ("data base", "data base"),
        # A word, and not two that happen to make it up.
        ("director", "director"),
        # Both are known by themselves.
        ("light house", "light house"),
        # Beside one another, but not so in the notes.
        ("boxsignal", "boxsignal"),
        ("back, up", "back, up"),
    ],
)
def test_words_are_parted_and_joined_as_the_notes_have_them(speller, text, expected):
    assert speller.mend(text).text == expected


def test_what_was_mended_is_told_once_and_in_order(speller):
    assert speller.mend("mesage of tdie, mesage").corrections == (("mesage", "message"), ("tdie", "tide"))
    assert speller.mend("led ger of tdie").corrections == (("led ger", "ledger"), ("tdie", "tide"))


def test_what_is_to_stay_stays(speller):
    assert speller.mend("tdie #tdie tdie", untouched=[(5, 10)]).text == "tide #tdie tide"
    assert speller.mend("led ger", untouched=[(4, 7)]).text == "led ger"


def test_the_vocabulary_is_asked_for_only_if_a_word_is_unknown(speller):
    def never(prefix):
        raise AssertionError

    assert replace(speller, beginning=never).mend("the lamp and 2 or").corrections == ()


@given(text=st.text(alphabet=st.sampled_from("abdeilmpstuLQ éß潮_1 ,.-"), max_size=40))
def test_mending_changes_unknown_words_alone_and_what_is_mended_is_known(speller, text):
    mended = speller.mend(text)
    assert (mended.text == text) == (not mended.corrections)
    for asked, found in mended.corrections:
        assert not all(map(speller.knows, TERMS(asked)))
        assert all(map(speller.knows, TERMS(found)))
