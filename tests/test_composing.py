"""The text of an answer: Markdown in which each mark has its citation."""

import re
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.composing import Excerpt, compose
from assistant.answering.outline import Outline
from assistant.answering.ranking import Window
from assistant.answering.tables import cells
from assistant.segmenting.structure import blocks
from assistant.values import Document


def outline(text: str, kind: str = "markdown") -> Outline:
    document = Document("note.md", "Note", text, "", kind)
    return Outline(document, blocks(document))


def window(one: Outline, first: int, last: int | None = None) -> Window:
    """The window that quotes the blocks from ``first`` to ``last`` whole."""
    last = first if last is None else last
    start, end = one.blocks[first].start, one.blocks[last].end
    place = {"outline": one, "start": start, "end": end, "first_block": first, "last_block": last}
    # What a window was chosen by does not matter here.
    return Window(**{field.name: place.get(field.name, 0) for field in fields(Window)})


def composed(text: str, first: int = 0, last: int | None = None, *, kind: str = "markdown", short: str | None = None) -> str:
    return compose([Excerpt(window(outline(text, kind), first, last), short=short)])[0]


# Each kind of block


def test_a_paragraph_is_folded_and_marked():
    assert composed("The lamp\n  burns.") == "The lamp burns. [1]"


@pytest.mark.parametrize(
    ("text", "quote", "shown"),
    [
        ("The lamp burns oil, and the keeper trims it at dusk.", "and the keeper trims it at dusk.", "…and the keeper trims it at dusk. [1]"),
        ("The lamp burns oil while the keeper sleeps.", "The lamp burns oil", "The lamp burns oil… [1]"),
        ("- The lamp (a big one) burns oil.", "- The lamp (a big one)", "- The lamp (a big one)… [1]"),
        ("- The lamp burns oil, and the keeper sleeps.", "and the keeper sleeps.", "- …and the keeper sleeps. [1]"),
        ("The lamp burns. The keeper sleeps. the end", "The keeper sleeps.", "The keeper sleeps. [1]"),
        # A comma says so itself.
        ("The lamp burns oil, and the keeper sleeps.", "The lamp burns oil,", "The lamp burns oil, [1]"),
        ("The lamp burns Keeper sleeps", "Keeper sleeps", "Keeper sleeps [1]"),
    ],
)
def test_a_quote_that_is_cut_within_a_sentence_shows_it(text, quote, shown):
    one = outline(text)
    start = text.index(quote)
    cut = replace(window(one, 0), start=start, end=start + len(quote))
    composed_text, (cited,) = compose([Excerpt(cut)])
    assert (composed_text, cited.quote) == (shown, quote)


def test_windows_are_numbered_in_their_order():
    one = outline("# Sea\n\nSalt.\n\n## Tide\n\nTurns.\n")
    text, citations = compose([Excerpt(window(one, 3)), Excerpt(window(one, 1))])
    assert text == "Turns. [1]\n\nSalt. [2]"
    assert [(cited.number, cited.quote, cited.line, cited.headings) for cited in citations] == [(1, "Turns.", 7, ("Sea", "Tide")), (2, "Salt.", 3, ("Sea",))]


def test_list_items_are_drawn_alike_and_nest():
    assert composed("Bring:\n\n* rope\n  and twine\n  • thick\n+ oil\n", 0, 3) == "Bring:\n\n- rope and twine\n  - thick\n- oil [1]"
    assert composed("1. Ring.\n2) Open.\n", 0, 1) == "1. Ring.\n2) Open. [1]"


def test_nested_items_alone_begin_at_the_margin():
    assert composed("- a\n  - b\n    - c\n", 1, 2) == "- b\n  - c [1]"


def test_a_table_is_drawn_and_a_row_comes_with_its_head():
    text = "| boat | crew |\n|---|---|\n| Heron | 4 |\n| Gull | 2 |\n"
    assert composed(text, 0, 2) == "| boat | crew |\n| --- | --- |\n| Heron | 4 |\n| Gull | 2 [1] |"
    assert composed(text, 2) == "| boat | crew |\n| --- | --- |\n| Gull | 2 [1] |"


def test_a_table_parted_by_tabs_is_drawn_with_its_bars_escaped():
    assert composed("Boat\tUse\nHeron\ta|b\n", 0, 1, kind="text") == "| Boat | Use |\n| --- | --- |\n| Heron | a\\|b [1] |"


def test_two_tables_in_one_quote_keep_their_heads():
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| c | d |\n|---|---|\n| 3 | 4 |\n"
    assert composed(text, 0, 3) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c | d |\n| --- | --- |\n| 3 | 4 [1] |"


@pytest.mark.parametrize(
    ("row", "expected"),
    [("| a | b |", ["a", "b"]), ("a | b", ["a", "b"]), (r"| a\|b | c |", [r"a\|b", "c"]), ("| a |  |", ["a", ""]), ("a\tb", ["a", "b"]), ("|| a |", ["", "a"]), ("| a\tb | c |", ["a b", "c"])],
)
def test_cells(row, expected):
    assert cells(row) == expected


def test_code_stays_as_it_is_and_is_marked_behind_its_fence():
    assert composed("```py\nx =  1\n\ny = 2\n```") == "```py\nx =  1\n\ny = 2\n```\n\n[1]"


def test_an_open_fence_is_closed_before_what_follows():
    assert composed("~~~\nx = 1\n") == "~~~\nx = 1\n~~~\n\n[1]"
    assert composed("````\n```\nx") == "````\n```\nx\n````\n\n[1]"


# Marks


def test_what_reads_like_a_mark_is_none():
    for text, expected in {
        "See [3] and [12].": "See [ 3] and [ 12]. [1]",
        "Its `slots[0]` is it.": "Its `slots[ 0]` is it. [1]",
        "```\na[7]\n```": "```\na[ 7]\n```\n\n[1]",
        "- [4] four": "- [ 4] four [1]",
    }.items():
        assert composed(text) == expected
    assert composed("| a[5] | b |\n|---|---|\n| [6] | c |\n", 0, 1) == "| a[ 5] | b |\n| --- | --- |\n| [ 6] | c [1] |"


# The short answer


@pytest.mark.parametrize(
    ("text", "short", "expected"),
    [
        ("Kept for 4 days.", "4 days", "Kept for **4 days**. [1]"),
        ("Kept for 14 days, or 4 days.", "4 days", "Kept for 14 days, or **4 days**. [1]"),
        ("At 10.5 it is 5 of 5.", "5", "At 10.5 it **is 5** of 5. [1]"),
        ("At least 10 events each.", "10", "**At least 10 events** each. [1]"),
        ("They may be up to 5 TB.", "5 TB", "They may be **up to 5 TB**. [1]"),
        ("5 a day.", "5", "**5** a day. [1]"),
        ("It takes longer than 1 month.", "1 month", "It takes **longer than 1 month**. [1]"),
        ("Only 1 data store per harbour.", "1", "**Only 1 data store** per harbour. [1]"),
        ("There are 3 dedicated signal boxes here.", "3", "There **are 3 dedicated signal boxes** here. [1]"),
        ("All 250 ready made parts fit.", "250", "All **250 ready made parts** fit. [1]"),
        ("Set to 10 by default.", "10", "Set to **10** by default. [1]"),
        ("Grown to more than two sails.", "two", "Grown to **more than two sails**. [1]"),
        ("**Kept** for 4 days.", "4 days", "**Kept** for 4 days. [1]"),
        ("Run `sleep 4` for 4 days.", "4 days", "Run `sleep 4` for 4 days. [1]"),
        ("Kept\nfor 4\ndays.", "4\ndays", "Kept for 4 days. [1]"),
        ("Costs $5 each.", "$5", "Costs **$5** each. [1]"),
        ("One of them.", "1", "One of them. [1]"),
    ],
)
def test_the_short_answer_is_set_in_bold_where_it_stands_as_such(text, short, expected):
    assert composed(text, short=short) == expected


# Properties

LINES = st.sampled_from(
    ["Some text [1] here.", "- item [2]", "  - nested", "3. third", "| a [9] | b |", "|---|---|", "| c | d |", "```", "x[0] = [1]", "", "", "tab\there", "two\tcells", "**bold** 4 days", "> quote", "~~~"]
)  # fmt: skip


@settings(max_examples=300)
@given(lines=st.lists(LINES, min_size=1, max_size=16), kind=st.sampled_from(["markdown", "text"]), data=st.data())
def test_every_mark_has_its_citation_and_every_quote_is_verbatim(lines, kind, data):
    one = outline("\n".join(lines), kind)
    if not one.blocks:
        return
    firsts = data.draw(st.lists(st.integers(0, len(one.blocks) - 1), min_size=1, max_size=3))
    chosen = [window(one, first, data.draw(st.integers(first, len(one.blocks) - 1))) for first in firsts]
    text, citations = compose([Excerpt(one, short="4") for one in chosen])
    assert [int(number) for number in re.findall(r"\[(\d+)\]", text)] == list(range(1, len(chosen) + 1))
    assert [cited.number for cited in citations] == list(range(1, len(chosen) + 1))
    for cited in citations:
        assert cited.quote == one.document.text[cited.start : cited.end]
        assert cited.line == one.document.line_at(cited.start)
    # Whatever words are quoted are there to be read.
    said = re.findall(r"[a-z]+", text)
    assert all(word in said for cited in citations for word in re.findall(r"[a-z]+", cited.quote))
