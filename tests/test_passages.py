"""Passages: whole blocks that the encoder sees all of."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.encoding.tokens import count_tokens
from assistant.segmenting.lines import fences, split_lines
from assistant.segmenting.noise import noise_lines
from assistant.segmenting.passages import Sizes, encoded_text, passages, spans_in, split_units
from assistant.segmenting.structure import Block, blocks
from assistant.segmenting.units import units
from assistant.values import Document, Passage
from conftest import HashingEncoder

SMALL = Sizes(target=20, least=6, pieces=40)


def words(texts):
    """Counts words: sizes are exact and easy to follow."""
    return [len(text.split()) for text in texts]


def document(text: str, kind: str = "markdown", *, page_starts: tuple[int, ...] = ()) -> Document:
    return Document("note", "Note", text, "", kind, page_starts=page_starts)


def cut(text: str, sizes: Sizes = SMALL, *, kind: str = "markdown", **options) -> list[Passage]:
    one = document(text, kind, **options)
    return passages(one, blocks(one), sizes, tokens=words, pieces=words)


def prose(count: int, first: int = 0) -> str:
    """``count`` sentences of five words."""
    return " ".join(f"Sentence {number} has five words." for number in range(first, first + count))


# What shares a passage


def test_a_short_note_is_one_passage():
    (one,) = cut("# Sea\n\nIt is salty.\n\n- deep\n- wide\n")
    assert (one.text, one.headings, one.kind, one.line) == ("# Sea\n\nIt is salty.\n\n- deep\n- wide", ("Sea",), "mixed", 1)


def test_a_section_large_enough_stands_alone_and_a_smaller_one_joins_the_next():
    text = f"# Sea\n\n{prose(2)}\n\n# Land\n\nDry.\n\n# Sky\n\n{prose(1)}\n"
    assert [(one.text.partition("\n")[0], one.headings) for one in cut(text)] == [("# Sea", ("Sea",)), ("# Land", ())]


def test_a_heading_goes_with_what_stands_under_it():
    text = f"# Sea\n\n{prose(3)}\n\n## Tide\n\n{prose(3)}\n"
    assert [one.text[:6] for one in cut(text)] == ["# Sea\n", "## Tid"]


def test_headings_are_those_that_all_of_it_stands_under():
    text = "# Sea\n\n## Tide\n\nTurns twice.\n\n## Wave\n\nBreaks.\n"
    assert [one.headings for one in cut(text, Sizes(target=20, least=12, pieces=40))] == [("Sea",)]
    assert [one.headings for one in cut(text, Sizes(target=20, least=2, pieces=40))] == [("Sea", "Tide"), ("Sea", "Wave")]


def test_a_note_of_headings_alone_is_a_passage_that_says_so():
    (one,) = cut("The title\n=========\n")
    assert (one.kind, one.headings) == ("heading", ("The title",))


def test_a_table_is_kept_with_its_head_where_it_fits():
    table = "| a | b |\n|---|---|\n| c | d |\n| e | f |"
    found = cut(f"{prose(2)}\n\n{table}\n\n{prose(2)}\n", Sizes(target=25, least=6, pieces=60))
    assert [table in one.text for one in found if "|" in one.text] == [True]


def test_a_list_is_kept_under_its_line_where_it_fits():
    rest = "Bring these:\n\n- one rope\n- two lamps\n  - with oil"
    found = cut(f"{prose(3)}\n\n{rest}\n", Sizes(target=18, least=6, pieces=60))
    assert [one.text for one in found] == [prose(3), rest]


def test_noise_parts_passages_and_is_in_none():
    text = "".join(f"Page {number} says this much.\n\n© Lamp Ltd\n\n" for number in range(6))
    assert [one.text for one in cut(text, kind="text")] == [f"Page {number} says this much." for number in range(6)]


# What has to be cut


def test_a_paragraph_that_is_too_long_is_cut_between_sentences():
    assert [one.text for one in cut(prose(9))] == [prose(4), prose(4, 4), prose(1, 8)]


def test_code_that_is_too_long_is_cut_between_lines():
    code = "```\n" + "".join(f"    line {number} of code;\n" for number in range(12)) + "```"
    found = cut(code)
    assert len(found) > 1
    assert all(re.fullmatch(r"(?:```\n)?(?:    line \d+ of code;\n?)+(?:```)?", one.text) for one in found)


def test_a_sentence_that_is_too_long_is_cut_between_words_and_overlaps():
    text = " ".join(f"word{number}" for number in range(120))
    found = cut(text, Sizes(target=60, least=6, pieces=100))
    assert len(found) > 1
    assert all(re.fullmatch(r"word\d+(?: word\d+)*", one.text) for one in found)
    assert all(0 < len(text[after.start : before.end].split()) <= 24 for before, after in pairwise(found))


def test_text_without_white_space_is_cut_anywhere_and_does_not_overlap():
    found = passages(one := document("x" * 1000), blocks(one), Sizes(target=100), tokens=lambda texts: [len(text) for text in texts], pieces=words)
    assert all(before.end == after.start for before, after in pairwise(found))
    assert "".join(part.text for part in found) == one.text


def test_headings_that_leave_no_room_are_given_up_from_the_outside():
    text = "# " + "Long " * 30 + "\n\n## Short\n\n" + prose(3)
    found = cut(text)
    assert found[-1].headings == ("Short",)
    assert all(words([encoded_text(one)])[0] <= SMALL.pieces for one in found)


# Where they are


def test_lines_and_pages_are_those_they_begin_on():
    text = "Alpha says a thing.\n\n\nBeta says a thing.\n\nGamma says a thing.\n"
    found = cut(text, Sizes(target=4, least=1, pieces=40), kind="pdf", page_starts=(0, text.index("Gamma")))
    assert [(one.text[:5], one.line, one.page) for one in found] == [("Alpha", 1, 1), ("Beta ", 4, 1), ("Gamma", 6, 2)]


def test_a_heading_that_the_text_begins_with_is_not_encoded_twice():
    one = Passage("a", 0, 12, "# Tide\n\nHigh", ("Sea", "Tide"), "mixed", 1)
    assert encoded_text(one) == "Sea\n# Tide\n\nHigh"


def test_spans_and_units_are_given_to_the_passages_they_begin_in():
    text = f"# Sea\n\n{prose(9)}\n"
    one = document(text)
    found = blocks(one)
    all_units = units(text, found)
    parts = passages(one, found, SMALL, tokens=words, pieces=words)
    split = split_units(all_units, parts)
    assert [unit for inside in split for unit in inside] == list(all_units)
    for part, inside in zip(parts, split, strict=True):
        encoded = encoded_text(part)
        for (start, end), unit in zip(spans_in(part, inside), inside, strict=True):
            assert encoded[start:end] == text[unit.start : min(unit.end, part.end)]


# Properties

LINES = st.sampled_from(
    ["# Sea", "## The tide of the sea", "### Low", "- an item of a list", "  - nested in it", "1. first of all", "| a | b |", "|---|---|", "| one | two |", "```",
     "code = 1;", "", "", "", "A sentence stands here. And another one, too.", "It goes on and on, " * 6, "word " * 90, "x" * 300, "© Lamp Ltd", "Draft", "tab\there", "tab\tthere",
     "Title Alone", "\fNew page", "and so it ends.", "Short.", "潮が満ちる。" * 20, "Bring these:", "**Bold head**", "a.b/c_d-" * 40]
)  # fmt: skip
TEXTS = st.one_of(st.lists(LINES, max_size=40).map("\n".join), st.text(max_size=300))
KINDS = st.sampled_from(["markdown", "text", "pdf"])


def assert_sound(one: Document, found: tuple[Block, ...], parts: list[Passage], sizes: Sizes, pieces) -> None:
    text = one.text
    covered = bytearray(len(text))
    for part in parts:
        assert part.text == text[part.start : part.end]
        assert part.text.strip()
        assert pieces([encoded_text(part)])[0] <= sizes.pieces, "more than the encoder sees"
        assert part.line == text[: part.start].count("\n") + 1
        assert part.page == one.page_at(part.start)
        covered[part.start : part.end] = b"\1" * (part.end - part.start)
    assert [part.start for part in parts] == sorted(part.start for part in parts)
    for block in found:
        assert all(covered[at] or text[at].isspace() for at in range(block.start, block.end)), f"not covered: {text[block.start : block.end]!r}"
    lines = split_lines(text, one.body_start)
    code = {line for first, last in fences(lines, tildes=one.kind == "markdown").items() for line in range(first, last + 1)}
    for index in noise_lines(lines, code):
        if re.search(r"\w", lines[index].text):
            assert not any(covered[lines[index].start : lines[index].end]), f"noise in a passage: {lines[index].text!r}"


@settings(max_examples=300)
@given(text=TEXTS, kind=KINDS, target=st.integers(4, 40), room=st.integers(1, 40))
def test_passages_are_verbatim_cover_all_and_are_never_too_long(text, kind, target, room):
    sizes = Sizes(target=target, least=target // 3, pieces=target + room)
    one = document(text, kind)
    found = blocks(one)
    assert_sound(one, found, passages(one, found, sizes, tokens=words, pieces=words), sizes, words)


@settings(max_examples=200)
@given(text=TEXTS, kind=KINDS)
def test_nothing_is_cut_that_fits(text, kind):
    # Room enough for any headings: only a block that is too long alone is cut.
    sizes = Sizes(target=30, least=10, pieces=100_000)
    one = document(text, kind)
    found = blocks(one)
    parts = passages(one, found, sizes, tokens=words, pieces=words)
    fitting = [block for block in found if words([text[block.start : block.end]])[0] <= sizes.target]
    for block in fitting:
        assert any(part.start <= block.start and block.end <= part.end for part in parts), f"cut: {text[block.start : block.end]!r}"


@settings(max_examples=100)
@given(text=TEXTS, kind=KINDS)
def test_the_encoder_of_the_tests_sees_all(text, kind):
    encoder, sizes, one = HashingEncoder(), Sizes(), document(text, kind)
    found = blocks(one)
    assert_sound(one, found, passages(one, found, sizes, tokens=count_tokens, pieces=encoder.count), sizes, encoder.count)


@settings(max_examples=100)
@given(text=TEXTS, kind=KINDS)
def test_the_encoder_that_serves_sees_all(compiled, text, kind):
    sizes, one = Sizes(pieces=compiled.max_pieces), document(text, kind)
    found = blocks(one)
    assert_sound(one, found, passages(one, found, sizes, tokens=count_tokens, pieces=compiled.count), sizes, compiled.count)


@pytest.mark.parametrize("text", ["a1 " * 5_000, "-" * 3_000, "潮" * 1_000, "# " + "Heading " * 400 + "\n\n" + "Text. " * 400, "supercalifragilistic" * 100])
def test_what_has_no_sentences_is_never_cut_off_in_silence(compiled, text):
    one = document(text, "text")
    found = blocks(one)
    sizes = Sizes(pieces=compiled.max_pieces)
    assert_sound(one, found, passages(one, found, sizes, tokens=count_tokens, pieces=compiled.count), sizes, compiled.count)
