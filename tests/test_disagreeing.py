"""Disagreements: found over a folder, and shown in answers. Judged pairs of notes of many matters are in data/claims.jsonl.

A pair is two notes and a question about the first. With ``conflict`` they disagree, on ``values``; else ``why`` says why they do not. Those of
kind value give amounts, dates and the like, those of kind yes/no affirm and deny; a folder's disagreements are looked for among the first.
Pairs that are ``held_out`` were written after the thresholds were chosen; two of them led to a rule each.
"""

import json
import re
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.cli import main

PAIRS = [json.loads(line) for line in Path(__file__).with_name("data").joinpath("claims.jsonl").read_text(encoding="utf-8").splitlines()]
REAL = {pair["id"] for pair in PAIRS if pair["conflict"]}

FLOORS = {"listed precision": 0.95, "listed recall": 0.7, "shown precision": 0.9, "shown recall": 0.9}
"""A little under what is reached: 26 of 26 and 26 of 34 listed over the folder of all, 37 of 39 and 37 of 38 shown in answers."""


@pytest.fixture(scope="module")
def notes(tmp_path_factory, compiled) -> Assistant:
    """The notes of all pairs, in one folder."""
    folder = tmp_path_factory.mktemp("pairs")
    for pair in PAIRS:
        for side, text in zip("ab", pair["notes"], strict=True):
            (folder / f"{pair['id']}{side}.md").write_text(text, encoding="utf-8")
    return Assistant.open(Settings(corpus=folder, index=tmp_path_factory.mktemp("index")))


@pytest.fixture(scope="module")
def answers(notes) -> dict:
    return {pair["id"]: notes.ask(pair["question"]) for pair in PAIRS}


def reached(right: set, given: set, real: set, name: str) -> dict[str, float]:
    print(f"\n{name}: {len(right)} of {len(given)} are real, of {len(real)} that there are; not found: {sorted(real - right)}; wrong: {sorted(given - right)}")
    return {f"{name} precision": len(right) / len(given), f"{name} recall": len(right) / len(real)}


def test_disagreements_over_a_folder_are_found_and_hardly_any_others(notes):
    pairs = [tuple(one.path.removesuffix(".md") for one in found.citations[:2]) for found in notes.conflicts()]
    given = {f"{one[:-1]}/{other[:-1]}" for one, other in pairs}
    right = {one[:-1] for one, other in pairs if one[:-1] == other[:-1] and one[:-1] in REAL}
    real = {pair["id"] for pair in PAIRS if pair["conflict"] and pair["kind"] == "value"}
    found = reached({f"{one}/{one}" for one in right}, given, {f"{one}/{one}" for one in real}, "listed")
    assert all(value >= FLOORS[measure] for measure, value in found.items()), found


def test_answers_show_both_values_where_notes_disagree_and_hardly_ever_else(answers):
    given = {name for name, answer in answers.items() if answer.disagreements}
    right = {pair["id"] for pair in PAIRS if pair["conflict"] and {one.value for one in claims(answers[pair["id"]])} == set(pair["values"])}
    found = reached(right, given, REAL, "shown")
    assert all(value >= FLOORS[measure] for measure, value in found.items()), found


def test_the_held_out_pairs_are_as_good(answers):
    held_out = [pair for pair in PAIRS if pair.get("held_out")]
    wrong = [pair["id"] for pair in held_out if bool(answers[pair["id"]].disagreements) != pair["conflict"]]
    assert len(held_out) == 16
    assert len(wrong) <= 1, wrong


def claims(answer) -> tuple:
    return answer.disagreements[0].claims if answer.disagreements else ()


def test_each_claim_stands_in_the_quote_of_its_citation_and_is_told_with_its_mark(answers):
    shown = [answer for answer in answers.values() if answer.disagreements]
    assert shown
    for answer in shown:
        quotes = {one.number: one.quote for one in answer.citations}
        assert all(one.value in quotes[one.number] for one in claims(answer))
        told = ", ".join(f"{' '.join(one.value.split())} [{one.number}]" for one in claims(answer))
        assert answer.text.startswith(f"**Your notes disagree:** {told}.\n\n")
        assert {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)} == set(quotes)


def test_each_conflict_quotes_its_claims_from_the_notes_the_most_certain_first(notes):
    found = notes.conflicts()
    for one in found:
        assert len(one.claims) >= 2
        assert [claim.number for claim in one.claims] == [quoted.number for quoted in one.citations] == list(range(1, len(one.claims) + 1))
        assert all(claim.value in quoted.quote for claim, quoted in zip(one.claims, one.citations, strict=True))
        assert all(notes.note(quoted.path).text[quoted.start : quoted.end] == quoted.quote for quoted in one.citations)
    assert [one.certainty for one in found] == sorted((one.certainty for one in found), reverse=True)
    assert all(0.2 <= one.certainty <= 1 for one in found)


# What is one thing, and what is not


QUEUE = "# Harbour queue\n\nThe harbour queue keeps a message for {}.\n"


@pytest.fixture
def conflicts(write, tmp_path, compiled):
    """A function that gives the values that notes disagree on."""

    def found(*texts: str) -> list[set[str]]:
        folder = write({f"{number}.md": text for number, text in enumerate(texts)})
        one = Assistant.open(Settings(corpus=folder, index=tmp_path / "index"))
        return [{claim.value for claim in conflict.claims} for conflict in one.conflicts()]

    return found


def test_two_values_of_one_thing_are_a_conflict_and_one_value_in_two_units_is_none(conflicts):
    assert conflicts(QUEUE.format("4 days"), QUEUE.format("3 days")) == [{"4 days", "3 days"}]
    assert conflicts(QUEUE.format("1 day"), QUEUE.format("24 hours")) == []
    assert conflicts(QUEUE.format("3 days"), QUEUE.format("up to 4 days")) == []


def test_what_the_other_note_says_too_is_no_conflict(conflicts):
    gannet, plover = ("## {0}\n\nThe ferry {0} needs {1} for the crossing.\n".format(*ferry) for ferry in (("Gannet", "40 minutes"), ("Plover", "55 minutes")))
    assert conflicts(f"# Ferries\n\n{gannet}\n{plover}", f"# Timetable\n\n{plover}\n{gannet}") == []
    assert conflicts(f"# Ferries\n\n{gannet}\n{plover}", f"# Timetable\n\n{gannet.replace('40', '50')}") == [{"40 minutes", "50 minutes"}]


def test_values_that_dates_tell_apart_are_no_conflict(conflicts):
    rent = "# Boat house\n\nThe rent of the boat house came to {} in {}.\n"
    assert conflicts(rent.format("€4,800", "2022"), rent.format("€5,200", "2022")) == [{"€4,800", "€5,200"}]
    assert conflicts(rent.format("€4,800", "2022"), rent.format("€5,200", "2023")) == []


def test_a_table_disagrees_by_the_cell(conflicts):
    table = "# Ferries\n\n| Ferry | Length of the ferry | Length of the crossing |\n|---|---|---|\n| Gannet | {} | {} |\n| Plover | 44 m | 9 km |\n"
    assert conflicts(table.format("70 m", "12 km"), table.format("70 m", "12 km")) == []
    assert conflicts(table.format("70 m", "12 km"), table.format("85 m", "12 km")) == [{"70 m", "85 m"}]


def test_examples_sums_and_code_claim_nothing(conflicts):
    assert conflicts("# Queue\n\nExample: keep it 4 days in the queue.", "# Queue\n\nExample: keep it 9 days in the queue.") == []
    assert conflicts("# Pay\n\nThe pay of a shift: 8 * 12 = €96", "# Pay\n\nThe pay of a shift: 8 * 15 = €120") == []
    assert conflicts("# Queue\n\n```\nkeep the queue for 4 days\n```\n", "# Queue\n\n```\nkeep the queue for 9 days\n```\n") == []


def test_one_note_alone_and_notes_without_values_have_none(conflicts):
    assert conflicts(QUEUE.format("4 days")) == []
    assert conflicts("# Sea\n\nThe sea is calm.", "# Sea\n\nThe sea is rough.") == []


# In answers


def test_both_values_have_their_place_even_where_one_would_repeat_the_other(write, tmp_path, compiled):
    texts = {"a.md": QUEUE.format("4 days"), "b.md": QUEUE.format("3 days")}
    notes = Assistant.open(Settings(corpus=write(texts), index=tmp_path / "index"))
    answer = notes.ask("How long does the harbour queue keep a message?")
    assert {one.value for one in claims(answer)} == {"4 days", "3 days"}
    assert {one.path for one in answer.citations} == {"a.md", "b.md"}


def test_a_note_that_says_another_value_is_not_cited_for_it(write, tmp_path, compiled):
    line = "# Shed\n\nThe red shed by the old harbour wall was painted by the fishermen of the village {} years ago.\n"
    notes = Assistant.open(Settings(corpus=write({"a.md": line.format(12), "b.md": line.format(15), "c.md": line.format(12)}), index=tmp_path / "index"))
    answer = notes.ask("Who painted the red shed by the harbour wall?")
    first = answer.text.split("\n\n")[0]
    assert "fishermen" in first
    cited = [one.path for one in answer.citations if f"[{one.number}]" in first]
    assert cited in (["a.md", "c.md"], ["b.md"])


CARRIED = "# {0}\n\nEach {0} can carry {1} of freight.\n"
RENT = "# {0}\n\nThe rent of the {0} comes to {1}.\n"
HIRE = "# {0}\n\n{1}\n"
TOLD = {
    # What is asked about, and what two notes tell of it.
    "barge": (CARRIED, "400 tonnes", "300 tonnes"),
    "telegraph": (CARRIED, "400 KB/s", "300 KB/s"),
    "wherry": (CARRIED, "400 tonnes", "400,000 kg"),
    "wireless": (CARRIED, "400 KB/s", "0.4 MB/s"),
    "mooring": (RENT, "5 000 EUR", "4 000 €"),
    "boathouse": (RENT, "5\u202f000 €", "4,000 euros"),
    "slipway": (RENT, "5 000 EUR", "5,000 €"),
    "crane": (RENT, "5\u00a0000 €", "5000 euros"),
    "dinghy": (HIRE, "Hiring the dinghy costs 50 EUR, and whoever wants to, may have a lifejacket and a map of the bay besides, 90 EUR.", "Hiring the dinghy costs 40 EUR."),
    "kayak": (HIRE, "For 50 EUR on weekdays there is hiring the kayak, on Sundays for 90 EUR.", "Hiring the kayak costs 40 EUR."),
    "lifebelt": (HIRE, "A lifebelt keeps afloat for 3 days by default, at most 14 days.", "A lifebelt keeps afloat for 14 days."),
    "raft": (HIRE, "A raft keeps afloat for 3 days by default, at most 14 days.", "A raft keeps afloat for 12 days by default."),
    "winch": (HIRE, "A winch waits for as long as winch_timeout says, 30 seconds.", "A winch waits for as long as winch_delay says, 5 minutes."),
    "capstan": (HIRE, "A capstan waits for as long as capstan_delay says, 30 seconds.", "A capstan waits for as long as capstan_delay says, 5 minutes."),
    "tug": (HIRE, "If we have 5 tugs, the harbour is full.", "The harbour is full of tugs at 3 tugs."),
    "hoist": (HIRE, "The hoist takes 80 GB of readings, of the log 80 MB.", "The log that the hoist takes is 8 GB."),
    "pontoon": (CARRIED, "400 tonnes", "3 tonnes"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory, compiled) -> Assistant:
    folder = tmp_path_factory.mktemp("told")
    for thing, (text, *told) in TOLD.items():
        for side, value in zip("ab", told, strict=True):
            (folder / f"{thing}-{side}.md").write_text(text.format(thing, value), encoding="utf-8")
    return Assistant.open(Settings(corpus=folder, index=tmp_path_factory.mktemp("index")))


@pytest.mark.parametrize(
    ("question", "values"),
    [
        # "How much" is answered by a mass or a size too, "how many" is not.
        ("how much can each barge carry", {"400 tonnes", "300 tonnes"}),
        ("How much can each telegraph carry?", {"400 KB/s", "300 KB/s"}),
        ("How many can each telegraph carry?", set()),
        ("How much can each wherry carry?", set()),
        ("How much can each wireless carry?", set()),
        # A space within a number is none between two, and a currency is one whatever it is called.
        ("What does the mooring cost?", {"5 000 EUR", "4 000 €"}),
        ("How much is the rent of the boathouse?", {"5\u202f000 €", "4,000 euros"}),
        ("What does the slipway cost?", set()),
        ("How much is the rent of the crane?", set()),
        # Of two values beside each other the one is asked for that stands by what is asked.
        ("What does hiring the dinghy cost?", {"50 EUR", "40 EUR"}),
        ("What does hiring the kayak cost?", set()),
        # What the one says as well is nothing else.
        ("How long does a lifebelt keep afloat?", set()),
        ("How long does a raft keep afloat?", {"3 days", "12 days"}),
        # Two settings are two things.
        ("How long does a winch wait?", set()),
        ("How long does a capstan wait?", {"30 seconds", "5 minutes"}),
        # What is supposed is not said to be so.
        ("How many tugs fill the harbour?", set()),
        # A hundred times as much is of something else, but may be what is asked for all the same.
        ("How large a log does the hoist take?", set()),
        ("How much can each pontoon carry?", set()),
    ],
)
def test_values_of_what_is_asked_for_disagree_unless_they_are_the_same_otherwise_written(told, question, values):
    answer = told.ask(question)
    assert answer.answered
    assert {one.value for one in claims(answer)} == values


@pytest.mark.parametrize(
    ("line", "disagrees"),
    [
        ("The mail boat sails in fog.", True),
        # What is to be avoided, supposed or asked for is not said to be so.
        ("Avoid the mail boat where it sails in fog.", False),
        ("Ring twice when the mail boat sails in fog.", False),
        ("The mail boat must be lit if it sails in fog.", False),
        ("Whether the mail boat sails in fog is up to the keeper.", False),
    ],
)
def test_a_yes_is_what_is_said_to_be_so(line, disagrees, write, tmp_path, compiled):
    texts = {"a.md": f"# Mail\n\n{line}\n", "b.md": "# Fog\n\nThe mail boat does not sail in fog.\n"}
    notes = Assistant.open(Settings(corpus=write(texts), index=tmp_path / "index"))
    answer = notes.ask("Does the mail boat sail in fog?")
    assert answer.answered
    assert bool(answer.disagreements) == disagrees


@pytest.mark.parametrize(("subject", "disagrees"), [("The mail boat", True), ("A pilot cutter", False)])
def test_a_yes_is_said_of_what_the_no_is_said_of(subject, disagrees, write, tmp_path, compiled):
    texts = {"a.md": f"# The mail boat and the pilot cutter\n\n{subject} sails in fog.\n", "b.md": "# Fog\n\nThe mail boat does not sail in fog.\n"}
    notes = Assistant.open(Settings(corpus=write(texts), index=tmp_path / "index"))
    assert bool(notes.ask("Does the mail boat sail in fog?").disagreements) == disagrees


# On the command line


def test_conflicts_are_printed_with_values_quotes_and_places(write, tmp_path, compiled, capsys):
    folder = write({"a.md": QUEUE.format("4 days"), "b.md": QUEUE.format("3 days")})
    where = ["--corpus", str(folder), "--index", str(tmp_path / "index")]
    assert main(["conflicts", *where]) == 0
    printed = capsys.readouterr().out
    assert re.match(r"0\.\d\d  4 days / 3 days\n", printed)
    assert "a.md:3  Harbour queue\n        The harbour queue keeps a message for 4 days.\n" in printed
    assert main(["conflicts", *where, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert [one["value"] for one in found["claims"]] == ["4 days", "3 days"]
    assert [one["quote"] for one in found["citations"]] == [f"The harbour queue keeps a message for {days} days." for days in (4, 3)]
    assert main(["conflicts", *where, "-k", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
