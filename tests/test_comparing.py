"""Two things set against each other: found in the question, told apart in the notes, shown side by side."""

import math
import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.comparing import Comparison, compare
from assistant.answering.composing import compose_comparison
from assistant.answering.evidence import Lexicon, Outline
from assistant.answering.ranking import Window, echoes
from assistant.retrieval.comparison import sides
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
    assert compare(("queue", "strict queue"), ranked, lexicon(), words=100) is None
    assert compare(("standard queue", "strict queue"), [], lexicon(), words=100) is None


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
