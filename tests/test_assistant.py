"""The façade: notes in, answers out, each word of them proved."""

import json
import math
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assistant
from assistant import Answer, Assistant, Settings
from assistant.assistant import LONGEST_QUESTION
from assistant.errors import NotesError, QuestionError, StoreTooNew

Write = Callable[[Mapping[str, str]], Path]

NOTES = {
    "harbour/queue.md": """# Harbour queue

A message stays in the harbour queue for 4 days by default, and for 14 days at most.

## Reading it

To read the queue:

1. Ring the bell.
2. Open the drawer.
3. Sign the register.
""",
    "harbour/boats.md": """# Boats

The harbour has three boats.

| boat | crew | speed |
| --- | --- | --- |
| Heron | 4 sailors | 12 knots |
| Gull | 2 sailors | 18 knots |
| Puffin | 7 sailors | 9 knots |
""",
    "crane.md": """# Crane

The crane is steered by a small program; see [3] and [the manual](https://crane.example/manual). Its `slots[0]` is the hook.

```c
int hook = slots[0];
lift(hook, slots[1]);
```

The crane lifts 300 kg.
""",
    "keeper.txt": """Duties of the keeper

The keeper lights the lamp at dusk. The keeper winds the clock every Sunday.

Holidays

The keeper has 25 days of holiday a year, and takes them in winter.
""",
}

ASKED = (
    "How long does a message stay in the harbour queue?",
    "How do I read the queue?",
    "What is the crew of the Puffin?",
    "Which is faster, the boat Heron or the boat Gull?",
    "Which boats does the harbour have?",
    "How is the crane steered?",
    "Which slots does the program of the crane use?",
    "How much does the crane lift?",
    "How many days of holiday does the keeper have?",
    "When does the keeper light the lamp?",
    "List the duties of the keeper.",
)


@pytest.fixture
def open_notes(tmp_path: Path, write: Write, compiled) -> Callable[..., Assistant]:
    """A function that opens an assistant over NOTES, or over what it is given."""

    def opened(notes: Mapping[str, str] = NOTES, *, index: str = "index") -> Assistant:
        return Assistant.open(Settings(corpus=write(notes), index=tmp_path / index))

    return opened


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory, compiled) -> Assistant:
    """An assistant over NOTES that no test changes."""
    folder = tmp_path_factory.mktemp("harbour")
    for path, text in NOTES.items():
        file = folder / "notes" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(1_700_000_000_000_000_000, 1_700_000_000_000_000_000))
    return Assistant.open(Settings(corpus=folder / "notes", index=folder / "index"))


class Counting(Assistant):
    """Counts how often it syncs."""

    syncs = 0

    def _synced(self, progress=None):
        self.syncs += 1
        return super()._synced(progress)


def marks(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\[(\d+)\]", text)}


def assert_sound(notes: Assistant, answer: Answer) -> None:
    """What holds for every answer there is."""
    assert marks(answer.text) == {one.number for one in answer.citations}
    assert [one.number for one in answer.citations] == list(range(1, len(answer.citations) + 1))
    for one in answer.citations:
        document = notes.note(one.path)
        assert document.text[one.start : one.end] == one.quote
        assert one.quote.strip() == one.quote != ""
        assert one.line == document.text[: one.start].count("\n") + 1
    assert 0 <= answer.confidence <= 1
    assert answer.answered == bool(answer.citations)
    assert answer.text
    assert answer.short is None or any(answer.short in " ".join(one.quote.split()) for one in answer.citations)
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
    assert all(notes.note(hit.passage.path).text[hit.passage.start : hit.passage.end] == hit.passage.text for hit in answer.hits)
    json.dumps(asdict(answer), ensure_ascii=False, allow_nan=False).encode()


def quotes(answer: Answer) -> str:
    return "\n".join(one.quote for one in answer.citations)


# Answers


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_is_proved_word_by_word(harbour, question):
    answer = harbour.ask(question)
    assert answer.answered
    assert answer.question == answer.standalone == question
    assert_sound(harbour, answer)


WORDS = st.sampled_from(sorted(set(re.findall(r"\S+", " ".join(NOTES.values()))) | {"who", "why", "[1]", "[7]", "**", "`", "submarine"}))


@settings(max_examples=150)
@given(words=st.lists(WORDS, min_size=1, max_size=14))
def test_every_answer_is_sound_whatever_is_asked(harbour, words):
    assert_sound(harbour, harbour.ask(" ".join(words)))


@settings(max_examples=100)
@given(question=st.text(min_size=1, max_size=80))
def test_no_question_breaks_it(harbour, question):
    try:
        assert_sound(harbour, harbour.ask(question))
    except QuestionError:
        assert not question.strip()


def test_a_value_is_told_in_short(harbour):
    answer = harbour.ask("How long does a message stay in the harbour queue by default?")
    assert (answer.short, answer.citations[0].path, answer.citations[0].line) == ("4 days", "harbour/queue.md", 3)
    assert answer.citations[0].headings == ("Harbour queue",)
    assert "**4 days**" in answer.text


def test_a_list_comes_with_its_items_and_a_row_with_its_head(harbour):
    steps = harbour.ask("How do I read the queue?").text
    assert [step in steps for step in ("1. Ring the bell.", "2. Open the drawer.", "3. Sign the register.")] == [True] * 3
    assert "| boat | crew | speed |" in harbour.ask("What is the crew of the Puffin?").text


def test_what_the_notes_do_not_hold_is_an_ordinary_answer(harbour):
    answer = harbour.ask("Who won the football championship in Brazil?")
    assert (answer.answered, answer.short, answer.citations, answer.text) == (False, None, (), "This is not in your notes.")
    assert answer.hits
    assert_sound(harbour, answer)


def test_the_stages_are_timed(harbour):
    timings = harbour.ask(ASKED[0]).timings
    assert list(timings) == ["understand", "encode", "search", "weigh", "answer"]
    assert all(ms > 0 for ms in timings.values())


def test_a_word_formed_of_one_that_is_known_is_no_slip_of_another(open_notes):
    told = "The charts are readable by lamp. The haulier and the boater wait. Boats have craws, and a new fender."
    notes = open_notes({"charts.md": f"# Charts\n\n{told}\n"})

    def understood(*asked: str) -> list[str]:
        return [notes.ask(one).standalone for one in asked]

    assert understood("Is it reachable?", "Is it the hauler?", "Who crawls?") == ["Is it reachable?", "Is it the hauler?", "Who crawls?"]
    assert understood("Is it raedable?", "Is it the hualier?", "A fendre?") == ["Is it readable?", "Is it the haulier?", "A fender?"]
    # An ending behind so few letters forms no word.
    assert understood("Is it the boter?") == ["Is it the boater?"]


def test_a_slip_of_the_pen_is_mended_as_the_notes_spell_it(harbour):
    answer = harbour.ask("How long does a mesage stay in the harbuor queue?")
    assert answer.standalone == "How long does a message stay in the harbour queue?"
    assert answer.corrections == (("mesage", "message"), ("harbuor", "harbour"))
    assert answer.short == "4 days"


# Questions


@pytest.mark.parametrize("question", ["", " \n\t ", "\u3000"])
def test_an_empty_question_is_refused(harbour, question):
    with pytest.raises(QuestionError, match="empty"):
        harbour.ask(question)
    with pytest.raises(QuestionError, match="empty"):
        harbour.search(question)


def test_a_question_of_100_000_characters_is_refused_and_a_long_one_answered(harbour):
    with pytest.raises(QuestionError, match=f"100000 characters; at most {LONGEST_QUESTION}"):
        harbour.ask("a" * 100_000)
    for word in ("a", "1", "a1", "1,", "cats or ", "what ", "[", "(", "_", ".", "é"):
        assert_sound(harbour, harbour.ask((word * LONGEST_QUESTION)[:LONGEST_QUESTION]))


@pytest.mark.parametrize(
    "question",
    ["Сколько дней?", "何日ですか", "כמה ימים", "🦆🦆", 'queue AND (harbour:"4 days" OR *', "C++ -- ; DROP TABLE notes", "\x00\x07\x1b[31m", "\ufeff", "?", "%s %(x)s {}"],
)
def test_scripts_and_query_syntax_are_just_text(harbour, question):
    assert_sound(harbour, harbour.ask(question))
    hits = harbour.search(question)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(math.isfinite(hit.score) for hit in hits)


def test_lone_surrogates_are_taken_out(harbour):
    answer = harbour.ask("How long does a message stay in the \udce9harbour queue?")
    assert answer.question == "How long does a message stay in the ?harbour queue?"
    assert answer.answered
    assert_sound(harbour, answer)


def test_a_long_sentence_is_quoted_in_one_piece(write, tmp_path, compiled):
    sentence = (
        "The lamp of the old lighthouse burns the oil of whales that the ferry brings from the islands in spring and in autumn, "
        "while the lamp of the new lighthouse burns the oil of olives that the mail boat brings from the south in all of the months of the year."
    )
    notes = Assistant.open(Settings(corpus=write({"lamps.md": f"# Lamps\n\n{sentence}\n"}), index=tmp_path / "index"))
    assert [one.quote for one in notes.ask("Which oil does the lamp of the old lighthouse burn?").citations] == [sentence]


def test_a_follow_up_is_understood_by_what_came_before(harbour):
    answer = harbour.ask("And at most?", history=["What is the crew of the Puffin?", "How long does a message stay in the queue?"])
    assert answer.standalone == "How long does a message stay in the queue at most?"
    assert "14 days" in quotes(answer)
    assert answer.question == "And at most?"


def test_a_question_about_something_else_in_the_notes_begins_a_new_topic(harbour):
    talk = ["What is the crew of the Puffin?"]
    other = "How many days of holiday does the keeper have?"
    assert harbour.ask(other, history=talk).standalone == other
    assert harbour.ask("how many sailors?", history=talk).standalone == "Crew of the Puffin: how many sailors?"


def test_the_second_one_is_told_by_the_answer_before(harbour):
    talk = ["How do I read the queue?"]
    assert harbour.ask(talk[0]).text.startswith("To read the queue:\n\n1. Ring the bell.\n2. Open the drawer.")
    assert harbour.ask("tell me about the second step", history=talk).standalone == "Tell me about Open the drawer"


def test_more_of_an_answer_is_what_it_had_no_room_for(harbour):
    before = "How is the crane steered?"
    answer, more = harbour.ask(before, words=20), harbour.ask("tell me more", history=[before], words=20)
    assert more.standalone == before
    assert answer.further
    assert [one.quote for one in more.citations] == [one.quote for one in answer.further]
    assert_sound(harbour, more)


def test_where_there_is_no_more_the_answer_is_given_again(open_notes):
    notes = open_notes({"lamp.md": "# Lamp\n\nThe lamp is lit at dusk.\n"})
    answer, more = notes.ask("When is the lamp lit?"), notes.ask("tell me more", history=["When is the lamp lit?"])
    assert answer.further == ()
    assert (more.text, more.citations) == (answer.text, answer.citations)


def test_what_is_longer_than_an_answer_may_be_is_quoted_alone_if_there_is_nothing_else(open_notes):
    row = f"| heron | {' '.join(['sails slowly'] * 30)} |"
    notes = open_notes({"a.md": f"| boat | how it sails |\n| --- | --- |\n{row}\n"})
    answer = notes.ask("How does the heron sail?", words=20)
    assert [one.quote for one in answer.citations] == [row]


def test_a_history_may_be_long_blank_or_unfit(harbour):
    history = ["", "x" * (LONGEST_QUESTION + 1), "How many days of holiday does the keeper have?", "and then?", " "]
    assert harbour.ask("and when?", history=history).standalone == "How many days of holiday does the keeper have? and then? and when?"
    assert_sound(harbour, harbour.ask("and when?", history=["and then?"] * 20_000))


# Search and notes


def test_search_gives_as_many_as_are_asked_for_best_first(harbour):
    hits = harbour.search("the keeper winds the clock", k=100)
    assert hits[0].passage.path == "keeper.txt"
    assert len(hits) == sum(record.passages for record in harbour.notes())
    assert harbour.search("the keeper winds the clock", k=3) == hits[:3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_search_looks_as_far_as_it_is_asked_to(open_notes):
    notes = open_notes({f"{number}.md": f"Lamp number {number} burns.\n" for number in range(230)})
    assert len(notes.search("lamp", k=230)) == 230


@pytest.mark.parametrize("k", [0, -1])
def test_search_for_none_is_refused(harbour, k):
    with pytest.raises(QuestionError, match=f"{k} passages"):
        harbour.search("boat", k=k)


@pytest.mark.parametrize("path", ["../secret.txt", "harbour/../../secret.txt", "/etc/passwd", "", ".", "harbour", "keeper.TXT", "keeper.txt\0"])
def test_no_file_outside_the_index_is_read(open_notes, tmp_path, path):
    (tmp_path / "secret.txt").write_text("not a note", encoding="utf-8")
    notes = open_notes()
    with pytest.raises(NotesError, match="no note"):
        notes.note(path)


def test_a_note_is_given_as_it_was_read(harbour):
    note = harbour.note("harbour/queue.md")
    assert (note.path, note.title, note.text) == ("harbour/queue.md", "Harbour queue", NOTES["harbour/queue.md"])


# The same answer, each time


def told(answer: Answer) -> str:
    return json.dumps({name: value for name, value in asdict(answer).items() if name != "timings"}, sort_keys=True)


def test_two_indexes_of_the_same_notes_give_the_same_bytes(harbour, open_notes):
    other = open_notes(dict(reversed(NOTES.items())))
    assert [told(other.ask(question)) for question in ASKED] == [told(harbour.ask(question)) for question in ASKED]


def test_processes_that_hash_differently_give_the_same_bytes(write, tmp_path, compiled):
    folder = write(NOTES)
    code = f"""
import json
from dataclasses import asdict
from assistant import Assistant, Settings
import sys
notes = Assistant.open(Settings(corpus={str(folder)!r}, index=sys.argv[1]))
for question in {ASKED!r}:
    print({{name: value for name, value in asdict(notes.ask(question)).items() if name != "timings"}})
"""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(Path(assistant.__file__).parents[1]), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"'answered': True") == len(ASKED)


# Notes that change


QUESTION = "How long does a message stay in the harbour queue?"


def test_a_quote_is_checked_against_the_file(open_notes, write):
    notes = open_notes()
    assert notes.ask(QUESTION).short == "4 days"
    write({"harbour/queue.md": "# Harbour queue\n\nNow a message stays in the harbour queue for 9 weeks.\n"})
    answer = notes.ask(QUESTION)
    assert (answer.short, answer.citations[0].quote) == ("9 weeks", "Now a message stays in the harbour queue for 9 weeks.")
    assert_sound(notes, answer)


def test_a_note_that_is_gone_is_not_quoted(open_notes, write):
    notes = open_notes()
    (notes.settings.corpus[0] / "harbour/queue.md").unlink()
    answer = notes.ask(QUESTION)
    assert "harbour/queue.md" not in {one.path for one in answer.citations} | {hit.passage.path for hit in answer.hits}


def test_notes_that_are_all_gone_are_an_error_and_not_forgotten(open_notes, tmp_path):
    notes = open_notes()
    folder = notes.settings.corpus[0]
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(NotesError, match="does not exist"):
        notes.ask(QUESTION)
    (tmp_path / "elsewhere").rename(folder)
    assert notes.ask(QUESTION).short == "4 days"


def counting(notes: Assistant) -> Counting:
    """``notes`` once more, counting its syncs."""
    return Counting.open(notes.settings)


def test_notes_that_stay_cost_no_sync(open_notes):
    notes = counting(open_notes())
    for question in ASKED:
        notes.ask(question)
    assert notes.syncs == 0


def test_a_note_that_was_only_touched_costs_one_sync(open_notes):
    notes = counting(open_notes())
    file = notes.settings.corpus[0] / "harbour/queue.md"
    os.utime(file, ns=(1_650_000_000_000_000_000,) * 2)
    before, after = notes.ask(QUESTION), notes.ask(QUESTION)
    assert told(before) == told(after)
    assert notes.syncs == 1


def test_a_note_that_is_not_quoted_may_change_without_a_sync(open_notes, write):
    # Enough that answers there is no room to quote anything else.
    filler = {f"queue-{number}.md": f"# Harbour queue {number}\n\nA message stays in the harbour queue for {number} days.\n" for number in range(20, 40)}
    notes = counting(open_notes({**filler, "unheard.md": "# Of\n\nNobody asks about tachyons.\n"}))
    assert "unheard.md" not in {one.path for one in notes.ask(QUESTION).citations}
    write({"unheard.md": "# Of\n\nNobody asks about quarks.\n"})
    notes.ask(QUESTION)
    assert notes.syncs == 0


def test_folders_of_one_name_are_told_apart(tmp_path, compiled):
    for place, days in (("a", 3), ("b", 5)):
        folder = tmp_path / place / "notes"
        folder.mkdir(parents=True)
        file = folder / "queue.md"
        file.write_text(f"The {place}-queue keeps a message for {days} days.\n", encoding="utf-8")
        os.utime(file, ns=(1_700_000_000_000_000_000 + days,) * 2)
    notes = Counting.open(Settings(corpus=(tmp_path / "a/notes", tmp_path / "b/notes"), index=tmp_path / "index"))
    question = "For how many days does the b-queue keep a message?"
    assert (notes.ask(question).citations[0].path, notes.syncs) == ("notes-2/queue.md", 0)
    (tmp_path / "b/notes/queue.md").write_text("The b-queue keeps a message for 60 days.\n", encoding="utf-8")
    assert "60 days" in quotes(notes.ask(question))
    assert notes.syncs == 1


def test_what_another_process_synced_is_seen(open_notes, write):
    notes = open_notes()
    write({"harbour/queue.md": "# Harbour queue\n\nNow a message stays in the harbour queue for 9 weeks.\n"})
    assert Assistant.open_reporting(notes.settings)[1].changed == ("harbour/queue.md",)
    assert notes.sync().changed == ()
    assert "9 weeks" in notes.search(QUESTION, k=1)[0].passage.text


def test_a_sync_reports_what_changed(open_notes, write):
    notes = open_notes()
    write({"new.md": "# New\n\nSomething new.\n", "crane.md": "# Crane\n\nThe crane is broken.\n", "empty.md": ""})
    (notes.settings.corpus[0] / "keeper.txt").unlink()
    report = notes.sync()
    assert (report.added, report.changed, report.removed) == (("new.md",), ("crane.md",), ("keeper.txt",))
    assert report.unchanged == ("harbour/boats.md", "harbour/queue.md")
    assert [tuple(one) for one in notes.skipped()] == [("empty.md", "is empty")]
    assert [record.path for record in notes.notes()] == ["crane.md", "harbour/boats.md", "harbour/queue.md", "new.md"]


def test_questions_are_answered_while_the_notes_are_synced(open_notes):
    notes = open_notes()
    texts = [NOTES["harbour/queue.md"].replace("4 days", f"{number} days") for number in (4, 5, 6, 7)]
    file = notes.settings.corpus[0] / "harbour/queue.md"

    def ask(number: int) -> Answer:
        return notes.ask(ASKED[number % 3])

    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(ask, number) for number in range(60)]
        for text in texts[1:]:
            # At once, as editors do; a file that is half written would be read so.
            file.with_suffix(".new").write_text(text, encoding="utf-8")
            file.with_suffix(".new").replace(file)
            notes.sync()
        answers = [one.result() for one in waiting]
    states = {**dict.fromkeys(NOTES, ()), "harbour/queue.md": texts}
    for answer in answers:
        assert answer.answered
        for one in answer.citations:
            assert one.quote in {text[one.start : one.end] for text in states[one.path] or [NOTES[one.path]]}
    assert notes.ask(QUESTION).short == "7 days"


# What cannot be opened


def test_a_missing_folder_is_an_error_before_anything_is_made(tmp_path):
    with pytest.raises(NotesError, match="nowhere"):
        Assistant.open(Settings(corpus=tmp_path / "nowhere", index=tmp_path / "index", cache=tmp_path / "cache"))
    assert list(tmp_path.iterdir()) == []


def test_notes_that_went_missing_leave_the_index_as_it_is(open_notes, tmp_path):
    settings = open_notes().settings
    settings.corpus[0].rename(tmp_path / "elsewhere")
    settings.corpus[0].mkdir()
    with pytest.raises(NotesError, match="the index is kept"):
        Assistant.open(settings)
    settings.corpus[0].rmdir()
    (tmp_path / "elsewhere").rename(settings.corpus[0])
    assert Assistant.open_reporting(settings)[1].unchanged == tuple(sorted(NOTES))


def test_an_index_of_a_newer_version_is_refused_and_left_alone(open_notes):
    settings = open_notes().settings
    file = settings.index / "notes.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreTooNew, match="newer version"):
        Assistant.open(settings)
    assert file.read_bytes() == before


def test_an_empty_folder_has_no_answers(tmp_path, compiled):
    (tmp_path / "notes").mkdir()
    notes = Assistant.open(Settings(corpus=tmp_path / "notes", index=tmp_path / "index"))
    answer = notes.ask(QUESTION)
    assert (answer.answered, answer.hits, notes.search("queue"), notes.notes()) == (False, (), (), ())
