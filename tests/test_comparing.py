"""Two things set against each other: found in the question, told apart in the notes, shown side by side."""

import math
import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.comparing import Comparison, compare
from assistant.answering.composing import compose_comparison
from assistant.answering.outline import Outline
from assistant.answering.ranking import Window, echoes
from assistant.retrieval.comparison import sides
from assistant.retrieval.lexicon import Lexicon
from assistant.segmenting.structure import blocks
from assistant.values import Document

# In the question


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ebb vs flood", ("ebb", "flood")),
        ("What is the difference between a local and a global index?", ("local", "global index")),
        ("When do you set a local vs. a global index?", ("local", "global index")),
        ("How do the heron and the gull differ?", ("heron", "gull")),
        ("How does the heron differ from the gull?", ("heron", "gull")),
        ("Steam engine or sail: which was faster?", ("Steam engine", "sail")),
        ("What goes into the hold, and what on the deck?", ("hold", "deck")),
        ("What is OLAP as opposed to OLTP, and who uses it?", ("OLAP", "OLTP")),
        ("Compare rope with chain", ("rope", "chain")),
        ("ebb versus flood: which is longer?", ("ebb", "flood")),
        ("Rope or chain: which one holds a boat, and which one an anchor?", ("Rope", "chain")),
        ("Tides: neap tide against spring tide", ("neap tide", "spring tide")),
        ("What is a lens?", None),
        ("ebb vs ebb", None),
        ("or", None),
    ],
)
def test_the_sides_of_a_question(text, expected):
    assert sides(text) == expected


@given(st.text(max_size=80))
def test_any_text_has_two_sides_or_none_and_they_are_its_words(text):
    found = sides(text)
    assert found is None or (found[0] != found[1] and all(word in text for name in found for word in name.split()))


# In the notes

NOTE = """# Queues

## Standard queue

- Order is best effort.
- Throughput is unlimited.

## Strict queue

- Throughput is 300 a second.
- Order is kept.

## Advice

A standard queue is cheaper than a strict queue.
"""


def lexicon(frequencies: Mapping[str, int] | None = None) -> Lexicon:
    known = frequencies or dict.fromkeys(terms(NOTE), 1)
    return Lexicon(terms, lambda term: known.get(term, 0), 20)


def terms(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def outline(text: str, path: str = "note.md") -> Outline:
    document = Document(path, "Note", text, "", "markdown")
    return Outline(document, blocks(document))


def windows_of(one: Outline, shares: Mapping[str, float] | None = None) -> list[Window]:
    """A window for each block that is no heading, likelier the earlier it stands unless ``shares`` says how likely."""
    found = []
    for index, block in enumerate(one.blocks):
        text = one.document.text[block.start : block.end]
        if block.kind != "heading":
            share = (shares or {}).get(text, 1 / (2 + index))
            found.append(Window(one, block.start, block.end, index, index, index, index, len(text.split()), share))
    return sorted(found, key=lambda window: -window.worth)


def compared(words: int = 100) -> Comparison:
    found = compare(("standard queue", "strict queue"), windows_of(outline(NOTE)), lexicon(), words=words)
    assert found is not None
    return found


def texts(row: Sequence[Window | None]) -> tuple[str | None, ...]:
    return tuple(one and one.text.removeprefix("- ") for one in row)


def test_what_speaks_of_both_comes_first_then_rows_by_aspect():
    found = compared()
    assert texts(found.both) == ("A standard queue is cheaper than a strict queue.",)
    # Their order in the note is not the same on both sides: what they speak of is.
    assert sorted(map(texts, found.rows)) == [
        ("Order is best effort.", "Order is kept."),
        ("Throughput is unlimited.", "Throughput is 300 a second."),
    ]


@given(st.integers(1, 60))
def test_a_comparison_keeps_to_its_words_and_says_nothing_twice(words):
    found = compare(("standard queue", "strict queue"), windows_of(outline(NOTE)), lexicon(), words=words)
    if found is not None:
        assert sum(window.cost for window in found.windows) <= words
        assert len({(window.start, window.end) for window in found.windows}) == len(found.windows)


def test_there_is_no_comparison_where_one_side_is_unknown_or_no_side_is_apart():
    ranked = windows_of(outline(NOTE))
    assert compare(("standard queue", "circular queue"), ranked, lexicon(), words=100) is None
    assert compare(("queue", "queue"), ranked, lexicon(), words=100) is None
    assert compare(("standard queue", "strict queue"), [], lexicon(), words=100) is None


BOATS = "Whatever is urgent goes over to them by boat."
ADVICE = "A standard queue is cheaper than a strict queue."


@pytest.mark.parametrize(
    ("boats", "advice", "expected"),
    [
        # What names neither side is quoted if nothing is worth more, and is then the first.
        (0.9, 0.8, (BOATS, ADVICE)),
        (0.8, 0.9, (ADVICE,)),
        (0.02, 0.9, (ADVICE,)),
        # What names both has to be worth a quarter of the worthiest, whatever that names.
        (0.9, 0.23, (BOATS, ADVICE)),
        (0.9, 0.22, (BOATS,)),
    ],
)
def test_the_worthiest_window_is_quoted_first_whatever_it_names(boats, advice, expected):
    # Both are of nine words: what is likelier is worth more.
    text = f"{NOTE}\n## Boats\n\n{BOATS}\n"
    ranked = windows_of(outline(text), {BOATS: boats, ADVICE: advice})
    found = compare(("standard queue", "strict queue"), ranked, lexicon(dict.fromkeys(terms(text), 1)), words=100)
    assert found is not None
    assert texts(found.both) == expected
    assert texts(found.windows)[: len(expected)] == expected
    assert len(found.rows) == 2


OIL = ("- Burns for nine hours.", "- Costs two crowns daily.", "- Smells of old fish.")
GAS = ("- Lasts until noon only.", "- Needs five new pipes.", "- Hisses through winter nights.")
LAMPS = "# Lamps\n\n## Oil lamp\n\n{}\n\n## Gas lamp\n\n{}\n".format("\n".join(OIL), "\n".join(GAS))


def lamps_compared(oil: Sequence[float], gas: Sequence[float], words: int = 100) -> Comparison | None:
    """The lamps compared where the items are so likely; each is of five words, so that they are worth as much as they are likely."""
    ranked = windows_of(outline(LAMPS), dict(zip(OIL + GAS, [*oil, *gas], strict=True)))
    return compare(("oil lamp", "gas lamp"), ranked, lexicon(dict.fromkeys(terms(LAMPS), 1)), words=words)


@pytest.mark.parametrize(
    ("oil", "gas", "oils", "gases"),
    [
        ((0.5, 0.4, 0.31), (0.1, 0.08, 0.061), {0, 1, 2}, {0, 1, 2}),
        # Worth less than 0.6 of the best of its own side.
        ((0.5, 0.4, 0.29), (0.1, 0.08, 0.061), {0, 1}, {0, 1}),
        ((0.5, 0.4, 0.31), (0.1, 0.08, 0.059), {0, 1}, {0, 1}),
        ((0.29, 0.5, 0.2), (0.1, 0.08, 0.061), {1}, {0}),
        ((0.05, 0.1, 0.04), (0.04, 0.05, 0.9), {1}, {2}),
    ],
)
def test_each_side_has_as_many_quotes_as_the_other_and_none_that_is_worth_much_less_than_its_best(oil, gas, oils, gases):
    found = lamps_compared(oil, gas)
    assert found is not None
    assert found.both == ()
    assert {one.text for one, _ in found.rows} == {OIL[at] for at in oils}
    assert {other.text for _, other in found.rows} == {GAS[at] for at in gases}


@pytest.mark.parametrize(("words", "rows"), [(9, 0), (10, 1), (19, 1), (20, 2), (29, 2), (30, 3), (100, 3)])
def test_a_row_is_quoted_where_there_is_room_for_both_of_its_cells(words, rows):
    found = lamps_compared((0.5, 0.4, 0.31), (0.1, 0.08, 0.061), words)
    assert len(found.rows if found else ()) == rows


LIKELY = st.lists(st.integers(1, 100).map(lambda hundredths: hundredths / 100), min_size=3, max_size=3)


@given(oil=LIKELY, gas=LIKELY, words=st.integers(1, 40))
def test_rows_are_pairs_of_what_is_worth_a_cell_and_keep_to_their_words(oil, gas, words):
    found = lamps_compared(oil, gas, words)
    assert (found is None) == (words < 10)
    rows = found.rows if found else ()
    for cells, texts_of, likely in (([one for one, _ in rows], OIL, oil), ([other for _, other in rows], GAS, gas)):
        assert len({cell.text for cell in cells}) == len(cells)
        assert {cell.text for cell in cells} <= set(texts_of)
        assert all(cell.share >= 0.6 * max(likely) * (1 - 1e-9) for cell in cells)
    worthy = min(sum(share >= 0.6 * max(likely) * (1 + 1e-9) for share in likely) for likely in (oil, gas))
    assert len(rows) >= min(worthy, words // 10)


ROPES = "# Ropes\n\n- The rope on the left bank is drawn by two oxen.\n- The rope on the right bank is drawn by two oxen.\n"


def test_what_is_said_alike_of_both_sides_is_said_of_each():
    found = compare(("left bank", "right bank"), windows_of(outline(ROPES)), lexicon(dict.fromkeys(terms(ROPES), 1)), words=100)
    assert found is not None
    assert [texts(row) for row in found.rows] == [("The rope on the left bank is drawn by two oxen.", "The rope on the right bank is drawn by two oxen.")]


PUMPS = "# Pumps\n\n- A pump lifts water by hand.\n- A steam pump lifts water by fire.\n"


@pytest.mark.parametrize("names", [("pump", "steam pump"), ("steam pump", "pump")])
def test_a_name_that_is_part_of_the_other_is_meant_where_the_other_is_not(names):
    found = compare(names, windows_of(outline(PUMPS)), lexicon(dict.fromkeys(terms(PUMPS), 1)), words=100)
    assert found is not None
    cells = {"pump": "A pump lifts water by hand.", "steam pump": "A steam pump lifts water by fire."}
    assert found.both == ()
    assert [texts(row) for row in found.rows] == [tuple(cells[name] for name in names)]


# On the page


def test_sides_are_columns_and_aspects_rows():
    text, citations = compose_comparison(compared())
    table = text.split("\n")[2:]
    assert text.startswith("A standard queue is cheaper than a strict queue. [1]\n\n| standard queue | strict queue |\n| --- | --- |\n")
    assert len(table) == 4
    assert all(line.count("|") == 3 for line in table)
    assert re.findall(r"\[(\d)\]", text) == ["1", "2", "3", "4", "5"]
    for one in citations:
        assert one.quote == NOTE[one.start : one.end]
        assert f"{one.quote.removeprefix('- ')} [{one.number}]" in text


def test_a_pipe_in_a_cell_is_escaped():
    one = outline("# Ebb\n\nFalls.\n\nSlow | long.\n\n# Flood\n\nRises.\n")
    _, slow, rises = sorted(windows_of(one), key=lambda window: window.start)
    text, _ = compose_comparison(Comparison(("ebb", "flood"), (), ((slow, rises),)))
    assert text == "| ebb | flood |\n| --- | --- |\n| Slow \\| long. [1] | Rises. [2] |"


def test_what_fits_into_no_cell_stands_below_its_side():
    one = outline("# Ebb\n\n```\nfall()\n```\n\n# Flood\n\nRises.\n")
    fall, rises = sorted(windows_of(one), key=lambda window: window.start)
    text, citations = compose_comparison(Comparison(("ebb", "flood"), (), ((fall, rises),)))
    assert text == "**ebb**\n\n```\nfall()\n```\n\n[1]\n\n**flood**\n\nRises. [2]"
    assert [one.quote for one in citations] == ["```\nfall()\n```", "Rises."]


# The same in several notes


def test_what_other_notes_say_alike_is_an_echo_once_a_note():
    said = "The lamp burns for four hours a night."
    window = windows_of(outline(said, "a.md"))[0]
    ranked = [
        *windows_of(outline(f"{said}\n\nThe lamp burns for four hours.\n", "b.md")),
        *windows_of(outline("The lamp burns for 4 hours a night!", "c.md")),
        *windows_of(outline("The boat leaves for four hours a day.", "d.md")),
        window,
    ]
    found = echoes(window, ranked, most=5)
    assert [(one.outline.document.path, one.text) for one in found] == [("b.md", said), ("c.md", "The lamp burns for 4 hours a night!")]
    assert echoes(window, ranked, most=1) == found[:1]


def test_rarity_is_what_tells_the_sides_apart():
    # The rarer word of a name weighs more than the one that both notes and names are full of.
    frequencies = dict.fromkeys(terms(NOTE), 18) | {"strict": 1, "standard": 1}
    rare = lexicon(frequencies)
    assert rare.rarity("strict") > 5 * rare.rarity("queue")
    assert math.isclose(rare.rarity("strict"), math.log(1 + 19.5 / 1.5))
    found = compare(("standard queue", "strict queue"), windows_of(outline(NOTE)), rare, words=100)
    assert found is not None
    assert len(found.rows) == 2
