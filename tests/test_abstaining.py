"""Whether there is an answer: the signals, the estimate, what is said of what is missing, and the fitting of it all."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.abstaining import OPERATING_POINT, PRIOR, Signals, confidence, held, signals, terms
from assistant.answering.evidence import Features
from assistant.answering.fitted import fitted
from assistant.answering.reasons import NOTHING_CLOSE, why
from assistant.answering.wording import Wording
from assistant.assistant import Assistant
from assistant.evaluation.fitting.__main__ import fit
from assistant.evaluation.fitting.confidence import ANSWERED, UNANSWERED, Trial, fit_confidence
from assistant.evaluation.fitting.impostors import name_in
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.retrieval.lexicon import Lexicon
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings

FERRIES = {
    "ferries/heron.md": """# Heron

The Heron is a ferry. It sails from Lowmouth at seven in the morning.

## Fares

A crossing costs 12 euros. Children travel for 5 euros.

## Crew

Four sailors and a cook work on board.
""",
    "ferries/gull.md": """# Gull

The Gull is a ferry. It sails from Highcliff at nine in the evening.

## Deck

The deck holds 30 cars. Dogs are welcome on it.
""",
    "tea.md": """# Tea

Black tea draws for four minutes, green tea for two.

## Kettle

The kettle holds 2 litres.
""",
}


@pytest.fixture
def over(write, tmp_path: Path, encoder) -> Callable[[Mapping[str, str]], Assistant]:
    """A function that gives an assistant over notes, with an encoder that compares words."""

    def opened(notes: Mapping[str, str]) -> Assistant:
        asked = Settings(corpus=write(notes), index=tmp_path / "index")
        store = Store(asked.index)
        sync(store, asked.corpus, encoder, Sizes(), max_bytes=1_000_000)
        return Assistant(asked, store, encoder)

    return opened


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory, compiled) -> Assistant:
    folder = tmp_path_factory.mktemp("ferries")
    for path, text in FERRIES.items():
        file = folder / "notes" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Assistant.open(Settings(corpus=folder / "notes", index=folder / "index"))


WORDS = ("Heron", "Gull", "heron", "Puffin", "ferry", "deck", "cars", "how", "many", "the", "tea", "sails", "zyx", "12", "?", "WHY", "kettle")


# The words of a question


def wording(text: str) -> Wording:
    return Wording(text, lambda word: [word.lower()])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How fast is the Heron?", {"heron"}),
        ("Which ferry is the Sea Heron of Lowmouth", {"sea", "heron", "lowmouth"}),
        ("Heron or Gull?", {"gull"}),  # a sentence begins with a capital anyway
        ("DAX or ElastiCache?", {"dax", "elasticache"}),
        ("It leaves. Where does it go? A harbour: Lowmouth", set()),
        ("“Heron” is what?", set()),
        ("We sail to Lowmouth. The Gull is slow (so is Mira). Is the Heron faster? I ask in Highcliff.", {"heron"}),
        ("What is the Heron? and what does it cost?", {"heron"}),
        ("how fast is the heron", set()),
        ("HOW FAST IS THE HERON", set()),
        ("Was it 2022?", set()),
        ("How long do 5 TB take over 1 Gbit on the Heron?", {"heron"}),
        ("", set()),
    ],
)
def test_names_have_capitals_where_no_sentence_begins(text, names):
    assert wording(text).names == names


def test_a_text_without_a_word():
    one = wording("Why does the Heron, our ferry, leave when the heron sleeps?")
    assert one.without("heron") == "Why does the , our ferry, leave when the sleeps?"
    assert one.without("gull") == "Why does the Heron, our ferry, leave when the heron sleeps?"


def test_words_side_by_side_make_a_phrase():
    one = wording("Is the green tea, or tea-green paint, of the Green Heron green?")
    assert one.phrases({"green", "tea"}) == ["green tea", "tea-green", "Green", "green"]
    assert one.phrases({"heron", "of"}) == ["of", "Heron"]
    assert one.runs({"green", "tea", "heron"}) == [{"green", "tea"}, {"tea", "green"}, {"green", "heron"}]
    assert one.phrases(()) == []


# Signals


def test_what_is_unknown_strange_and_expected(over):
    notes = over(FERRIES)
    known = signals(notes.consider("Does the Heron sail?"))
    assert (known.unknown, known.stranger, known.expects) == (0.0, 0.0, 0.0)
    strange = signals(notes.consider("Does the Puffin sail?"))
    lexicon = notes.consider("Puffin").lexicon
    share = lexicon.rarity("puffin") / (lexicon.rarity("puffin") + lexicon.rarity("sail"))
    assert (strange.unknown, strange.stranger) == (pytest.approx(share), pytest.approx(share))
    # Without a capital it is some word that the notes happen not to use.
    assert signals(notes.consider("Does the puffin sail?"))[3:5] == (pytest.approx(share), 0.0)
    assert signals(notes.consider("How many cars fit on the Gull?")).expects == 1.0


def test_a_question_without_candidates_has_signals(over):
    assert signals(over({"a.md": ""}).consider("How many cars does Mira have?")) == (0.0, 0.0, 0.0, 1.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0, pytest.approx(2.0), 0.0)


def test_how_near_and_of_what_value_the_likely_candidates_are(over):
    notes = over({"fares.md": "# Fares\n\nA crossing costs 12 euros.\n\n## Crew\n\nFour sailors work on board.\n"})
    considered = notes.consider("What is the fare?")
    assert [one.text for one in considered.candidates] == ["A crossing costs 12 euros.", "Four sailors work on board."]

    def found(expects: str | None, likely: tuple[float, float]) -> tuple[float, float]:
        features = considered.features.copy()
        for name, column in {"similarity": (0.8, 0.4), "value": (1.0, 0.0)}.items():
            features[:, Features._fields.index(name)] = column
        query = replace(considered.query, expects=expects)
        told = signals(replace(considered, query=query, features=features, strengths=np.log(likely)))
        return told.near, told.valued

    assert found("money", (0.75, 0.25)) == (pytest.approx(0.75 * 0.8 + 0.25 * 0.4), pytest.approx(0.75))
    assert found("money", (0.25, 0.75)) == (pytest.approx(0.25 * 0.8 + 0.75 * 0.4), pytest.approx(0.25))
    # Where no value is asked for, none is missing.
    assert found(None, (0.25, 0.75)) == (pytest.approx(0.5), 1.0)


def test_notes_that_tell_no_price_hold_no_value_for_a_question_for_one(over):
    question = "What does a crossing on the Heron cost?"
    told = signals(over(FERRIES).consider(question)).valued
    heron = FERRIES["ferries/heron.md"].replace("costs 12 euros. Children travel for 5 euros", "costs little. Children travel for less")
    assert signals(over(FERRIES | {"ferries/heron.md": heron}).consider(question)).valued == 0.0
    assert 0.5 < told < 1.0


def test_a_name_found_elsewhere_is_told_from_one_that_is_answered_about(over):
    notes = over(FERRIES)
    right, wrong = (signals(notes.consider(f"How many cars does the deck of the {name} hold?")) for name in ("Gull", "Heron"))
    assert right.strayed < 0.05 < 0.15 < wrong.strayed
    assert wrong.held < right.held


def test_of_names_side_by_side_one_will_do(over):
    both, apart = (signals(over(FERRIES).consider(question)) for question in ("When do the Heron and the Gull sail?", "When does the Heron pass the Gull?"))
    assert both.strayed < 0.05 < 0.15 < apart.strayed


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("How long may a name be in Heron and how long in Gull?", [[{"heron"}, {"gull"}]]),
        ("Does it run on Heron, Gull or Tern Mark II?", [[{"heron"}, {"gull"}, {"tern", "mark", "ii"}]]),
        ("Heron vs Gull: who is faster than the Tern?", [[{"heron"}, {"gull"}], [{"tern"}]]),
        ("Does the Heron meet the Gull and the Tern?", [[{"heron"}], [{"gull"}, {"tern"}]]),
        ("Is the Heron in the Gull?", [[{"heron"}], [{"gull"}]]),
        ("is it?", []),
    ],
)
def test_names_that_are_named_side_by_side(text, groups):
    wording = Wording(text, lambda word: word.lower().split())
    names = {"heron", "gull", "tern", "mark", "ii"}
    assert wording.coordinated(names, {*names, "meet", "run", "faster"}) == [[frozenset(one) for one in group] for group in groups]


def test_what_stands_in_a_section_and_in_its_note(over):
    considered = over(FERRIES).consider("fares of the Heron with four sailors")
    sections, notes = held(considered)
    terms = considered.query.terms
    rows = {one.text: row for row, one in enumerate(considered.candidates)}

    def told(table, text):
        return [term for term, holds in zip(terms, table[rows[text]], strict=True) if holds]

    # Headings and the note's title count to what stands in a section.
    assert told(sections, "A crossing costs 12 euros. Children travel for 5 euros.") == ["fare", "heron"]
    assert told(sections, "Four sailors and a cook work on board.") == ["heron", "four", "sailor"]
    assert told(notes, "A crossing costs 12 euros. Children travel for 5 euros.") == ["fare", "heron", "four", "sailor"]
    assert told(notes, "The kettle holds 2 litres.") == ["four"]


def test_only_words_that_the_best_place_has_not_are_left_out(over, encoder):
    considered = over(FERRIES).consider("How many cars does the deck of the Heron hold at nine in Lowmouth with sailors?")
    encoder.encoded.clear()
    found = signals(considered)
    assert found.pull < 0
    # Two at most, the rarest: each is another run of the encoder.
    assert len(encoder.encoded) == 2
    encoder.encoded.clear()
    assert signals(over(FERRIES).consider("dogs on deck")).pull == 0.0


@settings(max_examples=60)
@given(question=st.lists(st.sampled_from(WORDS), min_size=1, max_size=9))
def test_signals_stay_in_their_bounds(ferries, question):
    considered = ferries.consider(" ".join(question))
    found = signals(considered)
    assert all(map(math.isfinite, found))
    assert all(0 <= value <= 1 + 1e-9 for value in (found.unknown, found.stranger, found.strayed, found.expects))
    assert found.lead >= 0 and found.held >= 0 and found.pull <= 0
    assert found.stranger <= found.unknown and found.unknown + found.strayed <= 1 + 1e-9
    assert why(considered).endswith(".")


# Confidence


def test_confidence_is_logistic_and_moved_to_the_prior():
    model = fitted()["confidence"]
    assert set(model) == set(terms(Signals(*range(len(Signals._fields)))))
    none = Signals(*[0.0] * len(Signals._fields))
    odds = math.exp(model["bias, few"]) * PRIOR / (1 - PRIOR)
    assert confidence(none) == pytest.approx(odds / (1 + odds))
    more = none._replace(near=0.5)
    assert confidence(more) == pytest.approx(1 / (1 + math.exp(-math.log(odds) - 0.5 * model["near, few"])))
    logit = 0.75 * model["bias, few"] + 0.25 * model["bias, many"] + 0.5 * (0.75 * model["near, few"] + 0.25 * model["near, many"])
    assert confidence(more._replace(size=0.25)) == pytest.approx(1 / (1 + math.exp(-logit) * (1 - PRIOR) / PRIOR))


def test_each_signal_counts_as_far_as_notes_are_few_and_as_far_as_they_are_many():
    found = Signals(*map(float, range(1, len(Signals._fields))), 0.25)
    added = terms(found)
    assert (added["strength, few"], added["strength, many"], added["bias, few"], added["bias, many"]) == (0.75, 0.25, 0.75, 0.25)
    assert sum(added.values()) == pytest.approx(sum(found) - 0.25 + 1)


@pytest.mark.parametrize(("passages", "size"), [(1, 0.0), (100, 0.0), (math.isqrt(100 * 5000), 0.5), (5000, 1.0), (10**6, 1.0)])
def test_the_size_of_notes_counts_as_far_as_the_model_has_seen_any(ferries, passages, size):
    considered = ferries.consider("Does the Heron sail?")
    lexicon = considered.lexicon
    assert signals(replace(considered, lexicon=Lexicon(lexicon.terms, lexicon.frequency, passages))).size == pytest.approx(size, abs=1e-3)


def test_each_signal_speaks_the_way_it_should():
    model = fitted()["confidence"]
    against = {"unknown", "stranger", "strayed", "expects", "foreign"}
    for name, weight in model.items():
        signal = name.split(",")[0]
        assert signal == "bias" or (weight <= 0 if signal in against else weight >= 0), name
    # What is unknown speaks where it is foreign, and not by itself.
    assert {name for name in Signals._fields[:-1] if max(abs(model[f"{name}, few"]), abs(model[f"{name}, many"])) < 0.01} == {"unknown"}


@pytest.mark.parametrize("question", ["What does a crossing on the Heron cost?", "How many cars fit on the deck of the Gull?", "how long does green tea draw"])
def test_what_the_notes_tell_is_answered(ferries, question):
    answer = ferries.ask(question)
    assert answer.answered and answer.confidence >= OPERATING_POINT
    assert answer.reason is None


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Who captains the Puffin?", "Your notes do not mention “Puffin”."),
        ("Who painted the Mona Lisa?", "Your notes do not mention “Mona Lisa”."),
        ("how do i prune roses", "Your notes do not mention “prune roses”."),
    ],
)
def test_what_they_do_not_tell_is_refused_with_a_reason(ferries, question, reason):
    answer = ferries.ask(question)
    assert (answer.answered, answer.citations, answer.reason) == (False, (), reason)
    assert answer.confidence < OPERATING_POINT


# Reasons


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many cars does the Heron hold?", "Your notes speak of “Heron”, but not together with “cars”."),
        ("Which dogs travel on the Heron and Gull?", "Your notes speak of “Heron”, but not together with “dogs” or “Gull”."),
        ("When was the Gull launched?", "Your notes speak of “Gull”, but not of “launched”."),
        ("Where does the Gull sail from?", "Your notes speak of “Gull”, but nothing there comes close enough to an answer."),
        ("does the kettle sail", NOTHING_CLOSE),
        ("which ferry takes lorries, tents or a tractor", "Your notes do not mention “lorries”, “tents” or “tractor”."),
    ],
)
def test_reasons(over, question, reason):
    assert why(over(FERRIES).consider(question)) == reason


def test_a_mark_that_is_no_word_is_not_shown(over):
    # The word index takes a lone Hebrew vowel for a word.
    assert why(over(FERRIES).consider("\u05b0")) == NOTHING_CLOSE


def test_there_is_a_reason_without_notes(over):
    assert why(over({"a.md": ""}).consider("Who is Mira?")) == "Your notes do not mention “Mira”."


# Fitting


def test_a_name_is_the_longest_run_of_capitals_or_of_the_title():
    def name(question: str, title: str) -> str | None:
        span = name_in(question, title)
        return span and question[slice(*span)]

    assert name("Which crew has the Sea Heron of Lowmouth?", "Ferries") == "Sea Heron"
    assert name("which crew has the sea heron of lowmouth?", "The Sea Heron") == "sea heron"
    assert name("which crew has it?", "The Sea Heron") is None


def test_questions_without_an_answer_are_made_and_told_apart(tmp_path: Path, compiled):
    boats = ["Heron", "Gull", "Tern", "Puffin", "Avocet", "Plover"]
    for name, things in (("ferries", boats), ("towns", [f"{boat}mouth" for boat in boats])):
        folder = tmp_path / name
        (folder / "qrels").mkdir(parents=True)
        rows = [{"_id": f"d{n}", "title": thing, "text": f"The {thing} has {n + 3} bells and a crew of {2 * n + 20}."} for n, thing in enumerate(things)]
        asked = [{"_id": f"q{n}", "text": f"How many bells has the {thing}?", "metadata": {"answers": [f"{n + 3} bells"]}} for n, thing in enumerate(things)]
        asked.append({"_id": "none", "text": f"Who built the {things[0]}?", "metadata": {"answerable": False, "passage": ["d0"]}})
        (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
        (folder / "qrels" / "test.tsv").write_text("\n".join(["q\td\tscore", *(f"q{n}\td{n}\t1" for n in range(len(things)))]), encoding="utf-8")

    content = fit([tmp_path / "ferries", tmp_path / "towns"], index=tmp_path / "index", parts=["confidence"])
    assert content["confidence_fitted_on"]["ferries"] == {
        "answered": 6,
        "note left out": 6,
        "name of the set": 6,
        "name of another set": 6,
        "without an answer": 1,
    }
    assert content["weights"] == fitted()["weights"]
    assert set(content["confidence"]) == set(terms(Signals(*range(len(Signals._fields)))))
    assert content["confidence"]["stranger, few"] < 0
    assert content["confidence_held_out"]["towns"]["area under the curve"] > 0.8


def test_judged_questions_are_counted_by_their_notes_and_fitted_on(tmp_path: Path, write, compiled):
    boats = tmp_path / "boats"
    (boats / "qrels").mkdir(parents=True)
    rows = [{"_id": f"d{n}", "title": name, "text": f"The {name} has {n + 3} bells."} for n, name in enumerate(("Tern", "Avocet"))]
    asked = [
        {"_id": f"q{n}", "text": f"How many bells has the {row['title']}?", "metadata": {"answers": [f"{n + 3} bells"]}}
        for n, row in enumerate(rows)
    ]
    (boats / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (boats / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    (boats / "qrels" / "test.tsv").write_text("q\td\tscore\nq0\td0\t1\nq1\td1\t1", encoding="utf-8")
    answered = ("What does a crossing cost?", "When does the Gull sail?", "How many cars fit?")
    unanswerable = ("Who paints the deck?", "Is tea dear?")
    judged = [
        *({"id": text, "question": text, "must": [["."]]} for text in answered),
        *({"id": text, "question": text, "kind": "unanswerable"} for text in unanswerable),
    ]
    (tmp_path / "judged.jsonl").write_text("\n".join(map(json.dumps, judged)), encoding="utf-8")

    def content(*judged: tuple[Path, Path]) -> dict:
        return fit([boats], judged=judged, index=tmp_path / "index", parts=["confidence"])

    without, found = content(), content((tmp_path / "judged.jsonl", write(FERRIES)))
    counted = found["confidence_fitted_on"]
    assert counted == without["confidence_fitted_on"] | {"notes": {"answered": 3, "without an answer": 2}}
    assert set(counted) == {"boats", "notes"}
    assert found["confidence"] != without["confidence"]
    # With the judged notes there are two sets, each of which can be told by the other.
    assert set(without["confidence_held_out"]) == set()
    assert set(found["confidence_held_out"]) == {"boats", "notes"}
    assert set(found["confidence_held_out"]["notes"]) == {"area under the curve", "refused, without an answer"}


def test_a_signal_that_varies_by_rounding_alone_weighs_nothing():
    def tried(valued: Callable[[int], float]) -> list[Trial]:
        """Questions whose signals all vary, those of the answered ones otherwise; but for ``valued``."""
        found = []
        for number in range(40):
            answered = number % 2 == 0
            speaks = {name: -1 if name in ("unknown", "stranger", "strayed", "expects", "foreign") else 1 for name in Signals._fields}
            varying = [(number * (place + 3) % 11) / 10 + (0.3 * sign if answered else 0.0) for place, sign in enumerate(speaks.values())]
            varying[-1] = 0.5
            found.append(Trial("boats", ANSWERED if answered else UNANSWERED, Signals(*varying)._replace(valued=valued(number))))
        return found

    constant = fit_confidence(tried(lambda number: 1.0))
    rounded = fit_confidence(tried(lambda number: 1.0 - (number % 2) * 2**-53))
    assert rounded == pytest.approx(constant, rel=1e-6, abs=1e-6)
    assert all(abs(weight) > 0.01 for name, weight in rounded.items() if not name.startswith(("bias", "valued"))), rounded
