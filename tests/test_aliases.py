"""Other names for what is asked about: how they are mined, kept and used."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.index.shortforms import ShortForms
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.view import Record, Stat
from assistant.index.words import WordIndex
from assistant.retrieval.aliases import Aliases, recognising, standing_in
from assistant.retrieval.initials import short_forms, spelt_out
from assistant.retrieval.query import Alias
from assistant.segmenting.abbreviations import Abbreviation, abbreviations, among
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings

# Short forms where a text introduces them


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The Harbour Queue Service (HQS) waits.", [("HQS", "Harbour Queue Service")]),
        ("HQS (Harbour Queue Service) waits.", [("HQS", "Harbour Queue Service")]),
        ("HQS (Harbour Queue Service, a queue) waits.", [("HQS", "Harbour Queue Service")]),
        ("the **harbour queue service** (`HQS`)", [("HQS", "harbour queue service")]),
        ("Boats of the harbour\nqueue service (HQSs)", [("HQS", "harbour queue service")]),
        ("Internet of Things (IoT), software as a service (SaaS)", [("IoT", "Internet of Things"), ("SaaS", "software as a service")]),
        ("write-once-read-many (WORM)", [("WORM", "write-once-read-many")]),
        ("workload management (WLM)", [("WLM", "workload management")]),
        ("Elastic MapReduce (EMR)", [("EMR", "Elastic MapReduce")]),
        ("HQS stands for harbour queue service.", [("HQS", "harbour queue service")]),
        ("- HQS – harbour queue service", [("HQS", "harbour queue service")]),
        ("HQS: harbour queue service", [("HQS", "harbour queue service")]),
        ("HQS (High Quay Service) and HQS (High Quay Service)", [("HQS", "High Quay Service")]),
        # None of these tells what a short form stands for.
        ("The keeper lights the lamp (at DUSK).", []),
        ("of several sizes and sails (SSD)", []),
        ("it is enabled (ID)", []),
        ("a long list of boats (e.g. Heron)", []),
        ("Boats (see Harbour Queue Service)", []),
        ("the HQS (HQS) queue", []),
        ("HQS: the queue of the harbour", []),
        ("a function f(XY) of x and y", []),
        ("Harbour. Queue Service (HQS)", []),
        ("", []),
    ],
)
def test_short_forms_are_read_where_they_are_introduced(text, pairs):
    assert list(map(tuple, abbreviations(text))) == pairs


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=2, max_size=6), min_size=3, max_size=6)


@given(words=WORDS, behind=st.booleans())
def test_initials_are_always_understood(words, behind):
    short, long = "".join(word[0] for word in words).upper(), " ".join(words)
    found = abbreviations(f"{long} ({short})" if behind else f"{short} ({long})")
    # The same letters may begin a shorter run of words.
    assert [one.short for one in found] == [short]
    assert long.endswith(found[0].long) if behind else long.startswith(found[0].long)


@given(st.text(alphabet=st.sampled_from("aAbBcC ().,;:-–s'*[]#\n"), max_size=60))
def test_what_is_found_stands_in_the_text_and_is_the_longer_one(text):
    for short, long in abbreviations(text):
        assert len(long) > len(short) > 1
        assert short[0].lower() == long[0].lower()
        assert short in text


def test_among_the_names_of_one_thing():
    names = ["Harbour Queue Service (HQS): a guide", "HQS", "Harbour Queue Service", "High Quay Service", "queue", "HQ service"]
    assert list(among(names)) == [("HQS", "Harbour Queue Service"), ("HQS", "High Quay Service")]


# Kept


def test_they_are_kept_by_passage(tmp_path):
    added = [(1, "", "Harbour Queue Service (HQS)"), (2, "", "nothing"), (7, "", "Sea Lamp (SL) and Sea Lamp (SL)")]
    built = ShortForms().updated(added=added)
    built.save(tmp_path / "file")
    loaded = ShortForms.load(tmp_path / "file")
    assert list(loaded) == list(built) == [("HQS", "Harbour Queue Service"), ("SL", "Sea Lamp")]
    changed = loaded.updated(removed=[1, 2], added=[(8, "", "Old Sea Lamp (OSL)")])
    assert list(changed) == [("SL", "Sea Lamp"), ("OSL", "Old Sea Lamp")]
    assert list(loaded) == list(built)


# Found in a question


PASSAGES = (
    "HQS waits at the harbour queue.",
    "The lamp burns.",
    "The database has a side gate.",
    "Old sea lamp and time out, time and out; workflow work flow.",
)


def record(title: str, *aliases: str) -> Record:
    return Record(f"{title}.md", title, "markdown", "", Stat(0, 0), 1, (), aliases)


@pytest.fixture(scope="module")
def index() -> WordIndex:
    index = WordIndex()
    index.update(added=[(number, "Harbour queue service" if number == 1 else "", text) for number, text in enumerate(PASSAGES)])
    return index


@pytest.fixture(scope="module")
def aliases(index) -> Aliases:
    short_forms = [
        Abbreviation("HQS", "Harbour Queue Services"),
        Abbreviation("HQS", "High Quays"),
        Abbreviation("HQS", "Harbour Queue Services"),
    ]
    records = [record("Harbour keeper", "warden", "lamp", "old lamp", "HK"), record("Gate", "GT", "Garden Terrace"), record("Nothing")]
    return Aliases(short_forms, records, index.terms, frequency=index.frequency, adjoin=index.adjoin)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("what is hqs?", [Alias(("hqs",), (("harbour", "queue", "servic"), ("high", "quay")))]),
        ("a harbour queue service", [Alias(("harbour", "queue", "servic"), (("hqs",),))]),
        ("the high quay", [Alias(("high", "quay"), (("hqs",),))]),
        ("harbour queue of services", []),
        # An alias that the notes hold nowhere else is the note's title.
        ("the wardens", [Alias(("warden",), (("harbour", "keeper"),))]),
        ("an old lamp", [Alias(("old", "lamp"), (("harbour", "keeper"),))]),
        ("a lamp", []),
        # Both ways, among the names of a note.
        ("gt", [Alias(("gt",), (("garden", "terrac"), ("gate",)))]),
        ("garden terrace", [Alias(("garden", "terrac"), (("gt",), ("gate",)))]),
        # Two words that the notes write as one, and not so.
        ("the data base", [Alias(("data", "base"), (("databas",),))]),
        ("a work flow", []),
        ("hqs and hqs", [Alias(("hqs",), (("harbour", "queue", "servic"), ("high", "quay")))]),
        ("", []),
    ],
)
def test_what_the_notes_may_say_instead(aliases, index, question, found):
    assert list(aliases.find(index.terms(question))) == found


def test_an_alias_is_known_though_no_passage_holds_it(aliases):
    assert [aliases.knows(term) for term in ("warden", "lamp", "unicorn")] == [True, True, False]


NESTED = Aliases(
    [Abbreviation("HQS", "Harbour Queue Service"), Abbreviation("HQ", "harbour queue")],
    [],
    WordIndex().terms,
    frequency=lambda term: int(term == "databas"),
    adjoin=lambda terms: False,
)


@given(st.lists(st.sampled_from(["hqs", "harbour", "queue", "servic", "high", "old", "lamp", "data", "base", "x"]), max_size=12))
def test_what_is_found_stands_in_the_question_in_order_without_overlap(terms):
    text = " ".join(terms)
    for alias in NESTED.find(terms):
        assert " ".join(alias.asked) in text
        assert alias.others


# Recognised in a text, and searched for

HQS = Alias(("hqs",), (("harbour", "queue", "servic"), ("high", "quay")))


def test_other_words_for_a_term_count_as_the_term(index):
    terms = recognising(index.terms, [HQS])
    assert terms("A harbour queue service") == ["a", "harbour", "queue", "servic", "hqs"]
    assert terms("harbour queue, high service") == ["harbour", "queue", "high", "servic"]
    assert terms("high quay high") == ["high", "quay", "high", "hqs"]
    assert recognising(index.terms, []) == index.terms


def test_a_term_that_only_an_alias_holds_is_as_frequent_as_what_it_stands_for(index):
    frequency = standing_in(index.frequency, [Alias(("warden",), (("lamp",), ("old", "sea"))), Alias(("lamp",), (("hqs",),))])
    assert [frequency(term) for term in ("warden", "lamp", "unicorn")] == [2, 2, 0]


def found(index: WordIndex, *terms: str, instead=()) -> dict[int, float]:
    return dict(index.search(terms, 9, heading_boost=0.5, instead=instead))


def test_a_run_of_words_is_found_in_place_of_a_term_and_weighs_as_much():
    index = WordIndex()
    texts = ("hqs waits", "old lamp", "lamp old", "old lamp hqs")
    index.update(added=[(number, "", text) for number, text in enumerate(texts)])
    plain = found(index, "hqs")
    both = found(index, "hqs", instead=[(["hqs"], [["old", "lamp"]])])
    assert set(plain) == {0, 3}
    assert set(both) == {0, 1, 3}
    # "hqs" is in two passages, "old" and "lamp" in three each: what they weigh is put on a par.
    assert both[0] == pytest.approx(plain[0])
    assert both[1] == pytest.approx(plain[0])
    # What holds both is not counted twice.
    assert both[3] == pytest.approx(max(plain[3], both[3]))
    assert both[3] < both[0] + both[1]


def test_a_term_is_found_in_place_of_a_run_and_in_headings(index):
    instead = [(["harbour", "queue", "servic"], [["hqs"]])]
    assert found(index, "harbour", "queue", "servic", instead=instead).keys() == {0, 1}
    # In the headings alone: weighed by the boost.
    assert found(index, "hqs", instead=[(["hqs"], [["harbour", "queue", "servic"]])]).keys() == {0, 1}
    # What stands for terms that are not searched for is not searched for.
    assert found(index, "lamp", instead=instead) == found(index, "lamp")


# All together

NOTES = {
    "tide.md": "# The tide gauge\n\nThe Tide Level Recorder (TLR) stands at the pier.\n",
    "pier.md": "# Pier\n\nEvery morning the tide level recorder is wound by the keeper's wife.\n",
    "mole.md": "# Mole\n\nA TLR costs 900 crowns.\n\nA barometer costs 70 crowns.\n",
    "keeper.md": "---\naliases: [warden]\n---\n# Keeper\n\nHe lights all lamps at dusk.\n",
    "bay.md": "# Bay\n\nIn the bay, man over board drills take place on the first Monday.\n",
    "crew.md": "# Crew\n\nTwelve sailors take part in a “man-over-board” drill.\n",
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory, compiled) -> Assistant:
    folder = tmp_path_factory.mktemp("aliases")
    for path, text in NOTES.items():
        (folder / path).write_text(text, encoding="utf-8")
    store = Store(folder / "index")
    sync(store, [folder], compiled, Sizes(), max_bytes=10_000)
    return Assistant(Settings(corpus=(folder,), index=folder / "index"), store, compiled)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("What does a tide level recorder cost?", "mole.md"),
        ("How often is the TLR wound?", "pier.md"),
        ("When does the warden light his lamps?", "keeper.md"),
        ("How many sailors take part in a MOBD?", "crew.md"),
    ],
)
def test_a_question_is_answered_from_where_it_is_called_otherwise(notes, question, path):
    answer = notes.ask(question)
    assert answer.answered
    assert answer.citations[0].path == answer.hits[0].passage.path == path
    assert answer.standalone == question


# Short forms that no note writes


@pytest.mark.parametrize(
    ("texts", "run"),
    [
        (["a man over board drill", "“Man-over-board” drills"], ("man", "over", "board", "drill")),
        (["a man over board drill, man over board drill"], None),
        (["a man over board drill", "a man over-board dinghy"], None),
        (["man over. Board drill", "man over. Board drill"], None),
        (["woman over board drill", "woman over board drill"], None),
        (["main oar by day", "main oar by day", "man over board drill", "man over board drill", "man over board drill"], ("man", "over", "board", "drill")),
        ([], None),
    ],
)
def test_a_short_form_is_spelt_out_by_words_in_a_row_that_several_texts_hold(texts, run):
    assert spelt_out("MOBD", texts, lambda text: [word.removesuffix("s") for word in re.findall(r"\w+", text.lower())]) == run


def test_what_looks_like_a_short_form():
    assert short_forms("Does the MOBD of MOBD use TLR, X-MOBD, MOBDs, LIGHTHOUSE or 4MOB?") == ["MOBD"]
