"""What is found, and in which order."""

import math

import pytest

from assistant.assistant import Assistant
from assistant.retrieval.query import understand
from assistant.retrieval.search import Ranked, search
from conftest import HashingEncoder
from web_support import assistant_over

DOORS = "# Rules\n\nThe doors are shut at nine in the evening, and opened again at six.\n" + "Who comes late may ring for the porter.\n" * 12
LONG = "\n\n## {title}\n\n" + " ".join(["The oil is carried up the stairs each morning, and the glass is wiped with chalk."] * 12)


def ranked(notes: Assistant, question: str) -> list[Ranked]:
    snapshot = notes._state.snapshot
    return search(snapshot, understand(question, snapshot.words.terms), HashingEncoder().encode([question])[0], k=50)


@pytest.mark.parametrize(
    "notes",
    [
        # By its path.
        {"bakery/rules.md": DOORS, "beacon/rules.md": DOORS},
        # By another passage.
        {"a.md": DOORS + LONG.format(title="Of the bakery"), "b.md": DOORS + LONG.format(title="Of the beacon")},
    ],
)
def test_of_passages_that_say_the_same_that_of_the_note_that_is_about_it_comes_first(write, notes):
    bakery, beacon = notes
    asked = assistant_over(write(notes | {"c.md": "# Boats\n\nThey are tarred in May.\n"}), HashingEncoder())
    for place, path in (("bakery", bakery), ("beacon", beacon)):
        first, second, *_ = asked.search(f"When are the doors of the {place} shut?", k=9)
        assert (first.passage.path, first.passage.text) == (path, second.passage.text)
        assert first.score > second.score


def test_how_well_a_note_fits(write):
    notes = assistant_over(write({"a.md": DOORS + LONG.format(title="Glass"), "b.md": "# Boats\n\nTarred in May.\n", "c.md": "# Glass\n\nIt is dear.\n"}), HashingEncoder())
    snapshot, found = notes._state.snapshot, ranked(notes, "glass doors")
    whole = dict(snapshot.notes.search(["glass", "door"], 3, heading_boost=1.0))
    share = math.log(3) / math.log(len(snapshot.words)) / max(one.lexical for one in found if one.lexical)
    assert len(found) == len(snapshot.words) > 3
    for one, note in zip(found, snapshot.view.notes_of([one.id for one in found]).tolist(), strict=True):
        assert one.note == pytest.approx(share * whole.get(note, 0.0))
    assert {one.note == 0 for one in found} == {True, False}


def test_where_there_is_one_note_it_tells_nothing(write):
    notes = assistant_over(write({"doors.md": DOORS + LONG.format(title="Glass")}), HashingEncoder())
    assert {one.note for one in ranked(notes, "When are the doors shut?")} == {0.0}
    assert ranked(notes, "zebra")[0].note == 0.0
