"""The cell that a question asks for, and the short answer."""

import pytest

from assistant.answering.evidence import Lexicon, Outline
from assistant.answering.ranking import Window
from assistant.answering.shortening import shorten
from assistant.answering.tables import asked_cell, cells
from assistant.retrieval.query import understand
from assistant.segmenting.structure import blocks
from assistant.values import Document

BOATS = "| boat | crew | hull | speed |\n|---|---|---|---|\n| Heron | 4 | oak | 9 knots |\n| Gull | 2 | steel | |\n"


def terms(text: str) -> list[str]:
    return [word.strip("?.|").lower() for word in text.split() if word.strip("?.|")]


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


def test_the_short_answer_is_the_cell_of_rows_unless_it_is_long():
    query = understand("What hull has the Heron?", terms)
    assert shorten(query, window(BOATS, 1, 1), LEXICON) == "oak"
    long = BOATS.replace("oak", "oak " * 13)
    assert shorten(query, window(long, 1, 1), LEXICON) is None


@pytest.mark.parametrize(
    ("question", "text", "short"),
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
def test_the_short_answer_of_a_sentence_is_the_value_nearest_to_what_is_asked(question, text, short):
    assert shorten(understand(question, terms), window(text, 0, 0), LEXICON) == short
