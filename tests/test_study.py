"""Flash cards: what notes make of them, when they come up, and what is kept."""

import csv
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.errors import StudyError
from assistant.segmenting.structure import blocks
from assistant.study.anki import anki_text
from assistant.study.cards import Card, cards, unlike
from assistant.study.deck import AHEAD, Deck
from assistant.study.reviews import Reviews
from assistant.study.schedule import Grade, Memory, intervals
from assistant.values import Document
from assistant.web.studying import interval_text
from web_support import application_over, assistant_over

NOTE = """# Boats

A tiller is a lever that turns the rudder. It is made of wood.

## Rigging

- **Halyard** – a rope that hoists a sail
- Sheet: the rope that trims a sail
  - Material: braided polyester of some kind
- It: the thing that was meant before
- Note: this is no entry of a glossary
- The mast of the small boat is 7 metres high.
- They are at least 7 metres high as well.
- See: https://example.com/ropes for much more

| Boat | Crew | Sails |
|---|---|---|
| Dinghy | 2 | main, jib |
| Raft | - | none |

```
Sloop: a boat with one mast
```
"""
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document(text: str, kind: str = "markdown", path: str = "boats.md") -> Document:
    return Document(path, "Boats", text, "", kind)


def made(text: str, kind: str = "markdown", path: str = "boats.md") -> tuple[Card, ...]:
    note = document(text, kind, path)
    return cards(note, blocks(note))


# What they are made of


def test_definitions_facts_and_tables_become_cards():
    assert [(one.kind, one.front, one.quote) for one in made(NOTE)] == [
        ("definition", "A tiller", "A tiller is a lever that turns the rudder."),
        ("definition", "Halyard", "a rope that hoists a sail"),
        ("definition", "Sheet", "the rope that trims a sail"),
        ("definition", "Material", "braided polyester of some kind"),
        ("fact", "The mast of the small boat is […] high.", "The mast of the small boat is 7 metres high."),
        ("table", "Dinghy — Crew", "2"),
        ("table", "Dinghy — Sails", "main, jib"),
    ]


def test_a_card_tells_what_it_is_about_and_where_it_is_from():
    by_front = {one.front: one for one in made(NOTE)}
    material = by_front["Material"]
    assert material.context == ("Boats", "Rigging", "Sheet: the rope that trims a sail")
    assert (material.path, material.line, material.page, material.headings) == ("boats.md", 9, None, ("Boats", "Rigging"))
    assert by_front["Dinghy — Crew"].context == ("Boats", "Rigging")


@pytest.mark.parametrize(
    "line",
    [
        "This is a lever that turns the rudder.",
        "If it rains: stay at home and read",
        "Why is a boat a good thing to have?",
        "Rope: see https://example.com",
        "Rope: hemp",
        "Which ropes there are:",
        "It holds 7 litres of water in its tank.",
        "A boat needs 2 x 3 = 6 ropes and no more of them.",
        "1990: 3",
    ],
)
def test_what_makes_no_good_card_makes_none(line):
    assert made(line) == ()


def test_a_definition_that_runs_into_the_next_is_none():
    assert made("- GET: reads one of them, POST: writes one of them") == ()


def test_tables_of_tabs_ask_by_row_and_column():
    assert [(one.front, one.quote) for one in made("Boat\tCrew\nDinghy\tof two\nRaft\tof one\n", "text")] == [("Dinghy — Crew", "of two"), ("Raft — Crew", "of one")]


def test_an_edit_retires_a_card_and_another_place_does_not():
    (before,) = made("Sheet: the rope that trims a sail")
    (moved,) = made("# Ropes\n\nSome words. And more words\n\nSheet: the rope that trims a sail")
    (edited,) = made("Sheet: the rope that trims one sail")
    assert before.key == moved.key != edited.key
    assert before.key != made("Sheet: the rope that trims a sail", path="other.md")[0].key


def test_of_cards_that_are_alike_the_first_stays():
    first, copy = made("Sheet: the rope that trims a sail")[0], made("* Sheet: **the** rope that trims a sail", path="copy.md")[0]
    assert unlike([first, copy]) == (first,)


WORDS = st.sampled_from(
    ["Sheet", "rope", "the", "is", "a", ":", "–", "|", "\n", "\n\n", "- ", "1. ", "**", "`", "# ", "7 kg", "€ 3", "\t", ".", "(", ")", "Tiller means",
     "|---|---|\n", "[x](y)", "é", "🛶", "\n  - ", "->", "[", "<b>"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map(" ".join), st.sampled_from(["markdown", "text"]))
def test_every_card_quotes_its_note(text, kind):
    found = made(text, kind)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.quote == text[one.start : one.end] == one.quote.strip() != ""
        assert one.front.strip()
        assert one.line == text.count("\n", 0, one.start) + 1


# When they come up


def test_a_new_card_comes_again_by_how_it_was_known():
    # A first step of one minute, another of ten; known at once, after the 8.3 days that FSRS takes a card to last then.
    assert intervals(None, NOW) == {
        Grade.AGAIN: timedelta(minutes=1),
        Grade.HARD: timedelta(minutes=5.5),
        Grade.GOOD: timedelta(minutes=10),
        Grade.EASY: timedelta(days=8),
    }


@given(st.lists(st.tuples(st.sampled_from(Grade), st.integers(0, 90)), min_size=1, max_size=8))
def test_the_better_known_the_later_it_comes_and_the_same_reviews_give_the_same(reviews):
    def after():
        memory, at = None, NOW
        for grade, days in reviews:
            memory = Memory.after(memory, grade, at)
            at += timedelta(days=days)
        return memory, at

    memory, at = after()
    assert memory == after()[0]
    waits = list(intervals(memory, at).values())
    assert waits == sorted(waits)
    assert waits[0] > timedelta(0)


@pytest.mark.parametrize(
    ("wait", "text"),
    [(timedelta(minutes=1), "1 min"), (timedelta(minutes=10), "10 min"), (timedelta(hours=5), "5 hours"), (timedelta(days=1), "1 day"),
     (timedelta(days=45), "1.5 months"), (timedelta(days=800), "2.2 years"), (timedelta(seconds=20), "0 min")],
)  # fmt: skip
def test_waits_in_words(wait, text):
    assert interval_text(wait) == text


def test_due_before_new_before_soon():
    one, two, three, four = found = made("\n\n".join(f"Rope{at}: the rope with number {'abcd'[at]}" for at in range(4)))
    memories = {
        one.key: Memory.after(None, Grade.GOOD, NOW - timedelta(hours=1)),
        two.key: Memory.after(None, Grade.GOOD, NOW - timedelta(hours=2)),
        three.key: Memory.after(None, Grade.AGAIN, NOW),
    }
    deck = Deck.at(found, memories, NOW)
    assert (deck.due, deck.new, deck.soon) == ((two, one), (four,), (three,))
    assert deck.next == two
    assert Deck.at([three, four], memories, NOW).next == four
    assert Deck.at([three], memories, NOW).next == three
    assert Deck.at([three], memories, memories[three.key].due - AHEAD - timedelta(seconds=1)).next is None
    assert Deck.at([], {}, NOW).next is None


# What is kept


def test_reviews_are_kept_beside_the_index_and_read_again(tmp_path):
    reviews = Reviews.beside(tmp_path / "index")
    assert reviews.memories == {}
    first = reviews.add("a", Grade.GOOD, NOW)
    second = reviews.add("a", Grade.EASY, NOW + timedelta(minutes=10))
    assert first.due == NOW + timedelta(minutes=10) < second.due
    assert reviews.file == tmp_path / ".index-reviews.jsonl"
    assert [json.loads(line) for line in reviews.file.read_text().splitlines()] == [
        {"card": "a", "grade": 3, "at": "2026-03-01T12:00:00+00:00"},
        {"card": "a", "grade": 4, "at": "2026-03-01T12:10:00+00:00"},
    ]
    assert Reviews(reviews.file).memories == {"a": second}


def test_a_review_is_taken_back_and_stays_so(tmp_path):
    reviews = Reviews(tmp_path / "reviews.jsonl")
    first = reviews.add("a", Grade.GOOD, NOW)
    reviews.add("a", Grade.EASY, NOW + timedelta(minutes=10))
    reviews.add("b", Grade.AGAIN, NOW)
    for card in ("a", "b", "b", "c"):
        reviews.take_back(card, NOW + timedelta(minutes=11))
    assert reviews.memories == Reviews(reviews.file).memories == {"a": first}
    # What there was nothing of is not taken back.
    assert len(reviews.file.read_text().splitlines()) == 5


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"card": "a"}', '{"card": "a", "grade": 9, "at": "2026-03-01T12:00:00+00:00"}', '{"card": "a", "grade": 1, "at": "2026-03-01"}']
)
def test_a_broken_line_is_named_and_nothing_is_lost(tmp_path, line):
    file = tmp_path / "reviews.jsonl"
    file.write_text(f'{{"card": "a", "grade": 3, "at": "2026-03-01T12:00:00+00:00"}}\n{line}\n')
    with pytest.raises(StudyError, match="line 2, is no review"):
        Reviews(file)
    assert line in file.read_text()


def test_what_cannot_be_kept_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    reviews = Reviews(tmp_path / "reviews.jsonl")
    reviews.file = tmp_path / "file" / "reviews.jsonl"
    with pytest.raises(StudyError, match="could not be kept"):
        reviews.add("a", Grade.GOOD, NOW)
    assert reviews.memories == {}


# To Anki


def test_anki_reads_a_card_a_line():
    text = anki_text(made("# Ropes <b>\n\nSheet & more: the rope\nthat \"trims\" < a sail & all", path="my boats/old/ropes.md"))
    *head, line = text.splitlines()
    assert head == ["#separator:tab", "#html:true", "#notetype:Basic", "#deck:Notes", "#columns:Front\tBack\tTags", "#tags column:3"]
    ((front, back, tags),) = csv.reader([line], delimiter="\t")
    assert front == "<small>Boats › Ropes &lt;b&gt;</small><br>Sheet &amp; more"
    assert back == "the rope that &quot;trims&quot; &lt; a sail &amp; all<br><small>my boats/old/ropes.md, line 3</small>"
    assert tags == "definition my_boats::old"


# The routes


@pytest.fixture
def served(write, encoder):
    notes = assistant_over(write({"boats.md": NOTE, "sub/ropes.md": "# Ropes\n\nA knot is a way to tie a rope.\n"}), encoder)
    with TestClient(application_over(notes), base_url="http://127.0.0.1") as client:
        yield notes, client


def test_a_grade_is_kept_and_the_next_card_comes(served):
    notes, client = served
    (card,) = [one for one in notes.cards() if one.path == "sub/ropes.md"]
    assert f'data-card="{card.key}"' in client.get("/page/study/card", params={"folder": "sub"}).text
    told = client.post("/page/study/grade", params={"card": card.key, "grade": 4, "folder": "sub"})
    assert (told.status_code, "Nothing to learn here now" in told.text) == (200, True)
    assert list(notes.reviews.memories) == [card.key]
    assert f'data-card="{card.key}"' not in client.get("/page/study/card").text


def test_grades_are_posted_by_this_page_for_cards_that_are(served):
    notes, client = served
    asked = {"card": notes.cards()[0].key, "grade": 3}
    assert client.get("/page/study/grade", params=asked).status_code in (404, 405)
    assert client.post("/page/study/grade", params=asked, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/page/study/grade", params=asked | {"grade": 5}).status_code == 422
    assert "has changed" in client.post("/page/study/grade", params=asked | {"card": "gone"}).text
    assert notes.reviews.memories == {}


def test_what_is_chosen_is_exported(served):
    _, client = served
    told = client.get("/page/study/export", params={"note": "sub/ropes.md"})
    assert told.headers["content-disposition"] == 'attachment; filename="cards.txt"'
    assert told.text.splitlines()[6:] == [
        "<small>Ropes</small><br>A knot\tA knot is a way to tie a rope.<br><small>sub/ropes.md, line 3</small>\tdefinition sub"
    ]
    assert len(client.get("/page/study/export").text.splitlines()) == 6 + 8


def test_a_file_of_reviews_that_cannot_be_read_is_said(served):
    notes, client = served
    notes.settings.index.with_name(".index-reviews.jsonl").write_text("nonsense\n")
    told = client.get("/page/study/card")
    assert (told.status_code, "is no review" in told.text) == (500, True)
