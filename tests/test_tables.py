"""The cell that a question asks for, and the short answer."""

import numpy as np
import pytest

from assistant.answering.considering import Considered
from assistant.answering.evidence import Candidate, Found
from assistant.answering.outline import Outline
from assistant.answering.ranking import Window, window_at
from assistant.answering.shortening import shorten
from assistant.answering.tables import asked_cell, cells
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import understand
from assistant.segmenting.structure import blocks
from assistant.segmenting.units import units
from assistant.values import Document

BOATS = "| boat | crew | hull | speed |\n|---|---|---|---|\n| Heron | 4 | oak | 9 knots |\n| Gull | 2 | steel | |\n"


def terms(text: str) -> list[str]:
    return [word.strip("?.|").lower().removesuffix("s") for word in text.split() if word.strip("?.|")]


LEXICON = Lexicon(terms, lambda term: 1, 50)


def window(text: str, first: int, last: int, kind: str = "markdown") -> Window:
    document = Document("note.md", "Note", text, "", kind)
    one = Outline(document, blocks(document))
    return Window(one, one.blocks[first].start, one.blocks[last].end, first, last, first, last, 9, 1.0)


def asked(question: str, first: int = 1, last: int = 2, text: str = BOATS, kind: str = "markdown") -> str | None:
    return asked_cell(understand(question, terms), window(text, first, last, kind), LEXICON)


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("What hull has the Heron?", "oak"),
        ("What hull has the Gull?", "steel"),
        ("Which crew sails the Gull?", "2"),
        ("What speed has the Gull?", None),  # an empty cell
        ("What hull and crew has the Heron?", None),  # two columns
        ("Tell of the Heron", None),  # none
    ],
)
def test_the_cell_stands_where_the_named_row_meets_the_named_column(question, cell):
    assert asked(question) == cell


def test_of_rows_named_alike_the_one_is_meant_that_holds_more_of_the_question_or_none():
    ferries = "| what | value | note |\n|---|---|---|\n| port of ferry | 9 | quay |\n| people in ferry | 32 | crew too |\n"
    assert asked("Which value has the ferry's crew?", 1, 2, ferries) == "32"
    assert asked("Which value has the ferry?", 1, 2, ferries) is None


def test_what_names_the_row_names_no_column():
    rivers = "| boat | river mail? | crew |\n|---|---|---|\n| River Heron | no, coal | 4 |\n"
    assert asked("Which mail carries the River Heron?", 1, 1, rivers) == "no, coal"
    assert asked("Is the River Heron safe?", 1, 1, rivers) is None


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("Heron   4   oak wood", ["Heron", "4", "oak wood"]),
        ("  Heron      4  oak  \n", ["Heron", "4", "oak"]),
        ("Heron 4 oak", ["Heron 4 oak"]),
        ("Heron\t4  men\toak", ["Heron", "4 men", "oak"]),
        ("| Heron  of oak | 4 |", ["Heron of oak", "4"]),
        ("Heron\t4 | 5", ["Heron", r"4 \| 5"]),
    ],
)
def test_pipes_part_the_cells_of_a_row_or_tabs_or_else_runs_of_spaces(row, found):
    assert cells(row) == found


def test_the_cell_of_a_table_that_spaces_set_is_found_like_that_of_any_other():
    text = "Boat    Crew   Hull\nHeron      4   oak wood\nGull      12   steel\n"
    assert asked("What hull has the Heron?", text=text, kind="text") == "oak wood"
    assert asked("Which crew sails the Gull?", text=text, kind="text") == "12"


def test_of_two_columns_the_second_answers():
    assert asked("How about the Heron?", text="| boat | crew |\n|---|---|\n| Heron | 4 |\n| Gull | 2 |\n") == "4"


def test_where_no_column_is_named_the_kind_of_value_tells():
    text = "| boat | first | second |\n|---|---|---|\n| Heron | oak | 3 days |\n"
    assert asked("How long does the Heron stay away?", 1, 1, text) == "3 days"


def short(question: str, text: str, *quoted: int, strengths: dict[int, float] | None = None) -> str | None:
    """The short answer from the units ``quoted`` of ``text``; all are as strong but those in ``strengths``."""
    document = Document("note.md", "Note", text, "", "markdown")
    one = Outline(document, blocks(document))
    there = tuple(units(text, one.blocks))
    candidates = [Candidate(0, one, unit, len(text[unit.start : unit.end].split()), 0) for unit in there]
    strong = np.array([(strengths or {}).get(place, 0.0) for place in range(len(there))])
    found = Found(0, one, 1.0, there, np.zeros((len(there), 2), dtype=np.float32), len(there))
    considered = Considered(understand(question, terms), candidates, np.zeros((len(there), 1)), strong, LEXICON, [found], lambda texts: np.zeros((len(texts), 2)))
    answer = shorten(considered, [window_at(candidates, place) for place in quoted])
    return answer and answer.text


def test_the_short_answer_is_the_cell_of_rows_unless_it_is_long():
    assert short("What hull has the Heron?", BOATS, 1) == "oak"
    assert short("What hull has the Heron?", BOATS.replace("oak", "oak " * 13), 1) is None


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("How long does the lamp burn?", "The lamp burns for 4 hours.", "4 hours"),
        ("How long does the lamp burn?", "The bell rings for 2 minutes, and the lamp does burn up to 4 hours.", "up to 4 hours"),
        ("Does the lamp burn for 4 hours?", "The lamp burns for 4 hours.", None),  # no value is asked for
        ("How long is the lamp lit after 4 hours?", "The lamp is lit after 4 hours.", None),  # the question's own
        ("How long does the lamp burn?", "The lamp burns oil.", None),
        # A range is one value, a date too.
        ("How long does the lamp burn?", "The lamp burns between 1 day to 365 days.", "between 1 day to 365 days"),
        ("How long does the lamp burn?", "The lamp burns for 1 hour - 2 hours.", "1 hour - 2 hours"),
        ("How long does the lamp burn?", "The lamp burns 15 minutes to 1 \nhour.", "15 minutes to 1 hour"),
        ("How long does the lamp burn?", "The lamp burns for 4 hours and 30 boats sail.", "4 hours"),
        ("When was the mill built?", "The mill was built on 13 October 1922, and mended in 1950.", "13 October 1922"),
        ("When was the mill built?", "Mill, built: 1922-10-13.", "1922-10-13"),
        ("When was the mill built?", "The mill, built for 20 men in 1922, has 4 sails.", "1922"),
    ],
)
def test_the_short_answer_of_a_sentence_is_the_value_nearest_to_what_is_asked(question, text, expected):
    assert short(question, text, 0) == expected


LAMPS = "- The lamp burns 4 hours.\n- The lamp burns 6 hours.\n- The lamp, they say, burns 6 hours.\n- A bell rings 2 minutes; 3 minutes; 7 minutes; 9 minutes.\n"


def test_the_value_of_the_unit_that_likelier_answers_is_the_short_answer():
    question = "How long does the lamp burn?"
    assert short(question, LAMPS, 0, 1, strengths={0: 2.0}) == "4 hours"
    assert short(question, LAMPS, 0, 1, strengths={1: 2.0}) == "6 hours"
    # What several say is likelier; where none is likely there is none, nor from what is not quoted.
    assert short(question, LAMPS, 0, 1, 2) == "6 hours"
    assert short(question, LAMPS, 3) is None
    assert short(question, LAMPS, 0, strengths={1: 9.0}) == "4 hours"


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        # What "how many" asks for is counted; the count itself is said.
        ("How many oars has the boat?", "The boat has 3 sails and 8 long oars.", "8"),
        ("How many sails has the boat?", "The boat has 3 sails and 8 long oars.", "3"),
        ("How many mail boats can sail?", "Boats can sail: 9 boats, 4 mail boats.", "4"),
        ("How many seats has the boat?", "The boat has up to 20 thousand seats.", "up to 20 thousand"),
        ("How many seats has the boat?", "The boat has more than 20 seats.", "more than 20"),
        # "At most" says what a maximum is.
        ("What is the maximum of seats?", "The maximum is up to 20 seats.", "20"),
        ("What is the maximum price of a boat?", "The price of a boat is $4; the maximum price of a boat is $6.", "$6"),
        # A number that nothing tells to be a value, but the question.
        ("Which port does the lamp use?", "The lamp uses TCP port 5439 here.", "5439"),
        ("Which port does the lamp use?", "The lamp uses v1.5 here.", None),
        # No comparison has one value.
        ("limit of lamps vs. limit of bells", "The limit of lamps is 4.", None),
    ],
)
def test_the_short_answer_is_of_the_kind_that_is_asked_for(question, text, expected):
    assert short(question, text, 0) == expected
