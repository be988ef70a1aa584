"""Blocks, sentences and units: what a text is made of, marked up or not, and the properties that hold for any text."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.segmenting.lines import fences, split_lines, trimmed
from assistant.segmenting.noise import noise_lines
from assistant.segmenting.sentences import sentences
from assistant.segmenting.structure import Block, blocks, plain, title
from assistant.segmenting.units import clauses, units
from assistant.values import Document


def document(text: str, kind: str = "markdown", *, page_starts: tuple[int, ...] = (), body_start: int = 0) -> Document:
    return Document("note", "Note", text, "", kind, page_starts=page_starts, body_start=body_start)


def parsed(text: str, kind: str = "markdown", **options) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind, text[block.start : block.end]) for block in blocks(document(text, kind, **options))]


def headings(text: str, kind: str = "markdown") -> dict[str, tuple[str, ...]]:
    """What each block that is no heading stands under."""
    return {text[block.start : block.end]: block.headings for block in blocks(document(text, kind)) if block.kind != "heading"}


def parents(text: str, kind: str = "markdown") -> dict[str, str | None]:
    """What each block hangs on."""
    found = blocks(document(text, kind))
    said = [text[block.start : block.end] for block in found]
    return {said[index]: None if block.parent is None else said[block.parent] for index, block in enumerate(found)}


# Markdown


def test_headings_of_all_marks_nest_by_level():
    text = "# Sea\n\na\n\n## Tide ##\n\nb\n\nEbb\n---\n\nc\n\n### Low\n\nd\n\nLand\n====\n\ne\n"
    assert headings(text) == {
        "a": ("Sea",),
        "b": ("Sea", "Tide"),
        "c": ("Sea", "Ebb"),
        "d": ("Sea", "Ebb", "Low"),
        "e": ("Land",),
    }


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("# C#", "C#"),
        ("## The max_file_mb setting ##", "The max_file_mb setting"),
        ("# __Bold__ and *not* `code`", "Bold and not code"),
        ("# See [the map](https://a.example/b_(c)) now", "See the map now"),
        ("Two words\n=========", "Two words"),
        ("**Oil: kinds**", "Oil: kinds"),
        ("**Oil**:", "Oil"),
        ("> Quoted", "Quoted"),
        ("A title\nover two lines", "A title over two lines"),
    ],
)
def test_a_heading_is_read_without_its_marks(heading, read):
    assert title(heading) == read


def test_a_bold_line_heads_what_stands_under_it():
    text = "# Lamp\n\n**Lighting it**\n\nStrike a match.\n\n**Not** a heading.\n"
    assert headings(text) == {"Strike a match.": ("Lamp", "Lighting it"), "**Not** a heading.": ("Lamp", "Lighting it")}


def test_lists_nest_and_hang_on_the_line_above():
    text = "Bring:\n\n- rope\n  and twine\n  - thick\n    1. red\n- oil\n\nThen go.\n"
    assert parents(text) == {
        "Bring:": None,
        "- rope\n  and twine": "Bring:",
        "- thick": "- rope\n  and twine",
        "1. red": "- thick",
        "- oil": "Bring:",
        "Then go.": None,
    }
    assert [block.level for block in blocks(document(text)) if block.kind == "item"] == [0, 1, 2, 0]


def test_a_pipe_table_has_a_head_and_rows_without_its_rule():
    text = "The boats:\n\n| boat | crew |\n| :--- | ---: |\n| Heron | 4 |\n| Gull | 2 |\n\nAll afloat.\n"
    assert parsed(text) == [
        ("paragraph", "The boats:"),
        ("head", "| boat | crew |"),
        ("row", "| Heron | 4 |"),
        ("row", "| Gull | 2 |"),
        ("paragraph", "All afloat."),
    ]
    assert parents(text)["| Gull | 2 |"] == "| boat | crew |"
    assert parents(text)["| boat | crew |"] == "The boats:"


def test_code_is_one_block_whatever_stands_in_it():
    code = "```py\n# no heading\n\n- no item\n| a |\n| - |\n}\n}\n}\n}\n}\n}\n```"
    assert parsed(f"Do:\n\n{code}\nDone.\n") == [("paragraph", "Do:"), ("code", code), ("paragraph", "Done.")]


def test_a_fence_closes_by_its_own_kind_and_an_open_one_at_the_end():
    assert parsed("~~~\n```\n~~~~\nafter\n\n````\n```\nopen") == [("code", "~~~\n```\n~~~~"), ("paragraph", "after"), ("code", "````\n```\nopen")]


def test_code_on_one_line_opens_no_fence():
    assert parsed("```x = 1```\n\nText.\n") == [("paragraph", "```x = 1```"), ("paragraph", "Text.")]


def test_front_matter_is_in_no_block():
    text = "---\ntitle: Sea\n---\nText.\n"
    assert parsed(text, body_start=19) == [("paragraph", "Text.")]


# Plain text


def test_numbered_headings_have_the_level_of_their_number():
    text = "1. Lighting\n\nThe lamp is lit at dusk.\n\n1.1 Oil\n\nThe oil is thick.\n\n1.2 Wick\n\nThe wick is cotton.\n\n2. Storms\n\nIn storms we wait.\n"
    assert headings(text, "text") == {
        "The lamp is lit at dusk.": ("1. Lighting",),
        "The oil is thick.": ("1. Lighting", "1.1 Oil"),
        "The wick is cotton.": ("1. Lighting", "1.2 Wick"),
        "In storms we wait.": ("2. Storms",),
    }


def test_a_numbered_list_has_no_headings():
    text = "Steps:\n\n1. Ring the bell\n\n2. Open the door\n\n3. Sign\n"
    assert parsed(text, "text") == [("paragraph", "Steps:"), ("item", "1. Ring the bell"), ("item", "2. Open the door"), ("item", "3. Sign")]


def test_a_short_line_that_stands_alone_is_a_heading():
    text = "Duties of the keeper\n\nThe keeper winds the clock.\n\nso it goes\n\nA sentence ends with a stop.\n"
    assert parsed(text, "text") == [
        ("heading", "Duties of the keeper"),
        ("paragraph", "The keeper winds the clock."),
        ("paragraph", "so it goes"),
        ("paragraph", "A sentence ends with a stop."),
    ]


def test_a_list_hangs_on_the_line_that_ends_with_a_colon():
    text = "He needs:\n• rope\n• oil of the\nbest kind\n   ○ refined\n• a knife\n\nThat is all of it.\n"
    assert parents(text, "text") == {
        "He needs:": None,
        "• rope": "He needs:",
        "• oil of the\nbest kind": "He needs:",
        "○ refined": "• oil of the\nbest kind",
        "• a knife": "He needs:",
        "That is all of it.": None,
    }


def test_lines_with_tabs_are_a_table():
    text = "Boat\tCrew\tSpeed\nHeron\t4\t12\nGull\t2\t18\n\nOne\ttab alone is none.\n"
    assert parsed(text, "text")[:4] == [("head", "Boat\tCrew\tSpeed"), ("row", "Heron\t4\t12"), ("row", "Gull\t2\t18"), ("paragraph", "One\ttab alone is none.")]


def test_a_line_of_tildes_underlines_in_plain_text():
    assert ("paragraph", "Text under it.") in parsed("Oil\n~~~\n\nText under it.\n\nWick\n~~~~\n\nMore.\n", "text")


def test_a_page_break_within_an_item_does_not_cut_it():
    text = "Duties:\n• He winds the clock that stands in the \n\nhall and rings the bell.\n• He sleeps.\n"
    assert parsed(text, "text")[1] == ("item", "• He winds the clock that stands in the \n\nhall and rings the bell.")


def test_a_footer_within_an_item_is_left_out_and_the_rest_hangs_on_it():
    text = "Duties:\n• He winds the clock that stands in the \n© Lamp Ltd\nhall and rings the bell.\n• He sleeps.\n" + "© Lamp Ltd\n\n" * 5
    assert parents(text, "text") == {
        "Duties:": None,
        "• He winds the clock that stands in the": "Duties:",
        "hall and rings the bell.": "• He winds the clock that stands in the",
        "• He sleeps.": "Duties:",
    }


def test_where_line_breaks_were_lost_a_heading_is_found_at_the_end_of_the_paragraph_before():
    text = "The oil burns for long and smells of the sea and of fish Wick\n\n\nis the part that burns, and is made of cotton. Lens\n\n\nbundles the light.\n"
    assert parsed(text, "text") == [
        ("paragraph", "The oil burns for long and smells of the sea and of fish"),
        ("heading", "Wick"),
        ("paragraph", "is the part that burns, and is made of cotton."),
        ("heading", "Lens"),
        ("paragraph", "bundles the light."),
    ]
    assert headings(text, "text")["bundles the light."] == ("Lens",)


# Slides

FOOTER = "© 2020 Lighthouse Academy"


def deck() -> str:
    """Twelve slides with a footer and upright letters, one section slide among them."""
    slides = [f"Tides part {number}\nof the year\n• first of {number}\n• second goes on\nover here\nD\nr\na\nf\nt\ns\n{FOOTER}\n" for number in range(11)]
    return "\f".join([*slides[:5], "Storms\n", *slides[5:]])


def test_a_slide_begins_with_its_title_even_over_two_lines():
    found = headings(deck(), "text")
    assert found["• first of 3"] == ("Tides part 3 of the year",)
    assert found["• second goes on\nover here"] == ("Storms", "Tides part 10 of the year")


def test_a_slide_with_a_title_alone_begins_a_section():
    found = headings(deck(), "text")
    assert (found["• first of 4"], found["• first of 5"]) == (("Tides part 4 of the year",), ("Storms", "Tides part 5 of the year"))


def test_footers_and_upright_letters_are_in_no_block():
    said = [text for _, text in parsed(deck(), "text")]
    assert not any(FOOTER in text or re.search(r"^[Drafts]$", text, re.M) for text in said)


def test_pages_told_by_the_reader_begin_slides_as_well():
    pages = [f"Title {number}\nA line about {number}, told in full.\n" for number in range(10)]
    starts = tuple(sum(map(len, pages[:number])) for number in range(10))
    text = "".join(pages)
    found = blocks(document(text, "pdf", page_starts=starts))
    assert [text[block.start : block.end] for block in found if block.kind == "heading"] == [f"Title {number}" for number in range(10)]


def test_long_pages_are_no_slides():
    text = "\f".join("Once upon a time\nthe sea was calm and the keeper slept.\n" + "It was so on every day of the year.\n" * 20 for _ in range(12))
    assert {kind for kind, _ in parsed(text, "text")} == {"paragraph"}


# Noise


def noise(text: str) -> list[str]:
    lines = split_lines(text)
    return [lines[index].text for index in sorted(noise_lines(lines))]


def test_a_footer_is_one_only_if_it_comes_back():
    assert noise("© Lamp\n" * 4) == []
    assert noise("© Lamp\nx\n" * 5) == ["© Lamp"] * 5
    assert noise("The same line\n" * 9) == []


def test_a_contents_list_of_links_is_noise_and_a_list_of_three_items_is_not():
    contents = ["- [Oil](#oil)", "- [Wick](#wick)", "- [Lens](#lens)"]
    assert noise("\n".join([*contents, "", "Text that says something."])) == contents
    assert noise("\n".join(contents[:2])) == []
    assert noise("- [Oil](https://a.example)\n" * 3) == []


@pytest.mark.parametrize("line", ["![alt](a.png)", "![alt](a (1).png)", "lamp.PNG", '<img src="a.png">', "- ![](x.svg)"])
def test_a_bare_image_is_noise(line):
    assert noise(f"Text.\n{line}\nText.") == [line]
    assert noise(f"Text with {line} in it.") == []


def test_upright_letters_are_noise_and_the_words_around_them_are_not():
    letters = ["Dr", "a", "f", "t", "cop", "y"]
    assert noise("\n".join(["Storms", *letters, "The end"])) == letters
    assert noise("\n".join(["Storms", *letters[1:], "The end"])) == []
    address = ["w", "w", "w", ".la", "mp", "s.co", "m"]
    assert noise("\n".join(["\fStorms", *address, "Tides"] * 6)) == address * 6
    assert noise("\n".join(["# A", "b", "## C", "d", "## E", "f", "## G", "h"])) == []


def test_no_line_of_code_is_noise():
    lines = split_lines("```\n" + "fi\n© Lamp\n" * 6 + "```\n")
    assert noise_lines(lines, range(len(lines))) == set()
    assert len(noise_lines(lines)) == 12


# Sentences and units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It costs 3.5 dollars. See a.b.c for more.", ["It costs 3.5 dollars.", "See a.b.c for more."]),
        ("Boats, e.g. the Heron, sail. Dr. Li too.", ["Boats, e.g. the Heron, sail.", "Dr. Li too."]),
        ("Rope, oil, etc. Bring them. Rope, etc. as well.", ["Rope, oil, etc.", "Bring them.", "Rope, etc. as well."]),
        ("3. Third of all. Done", ["3. Third of all.", "Done"]),
        ("He said (\"wait.\") Then he went.", ['He said ("wait.")', "Then he went."]),
        ("Wait... what?! Yes.", ["Wait...", "what?!", "Yes."]),
        ("潮が満ちる。船が出る。", ["潮が満ちる。", "船が出る。"]),
        ("No stop\n\nat all", ["No stop\n\nat all"]),
        ("....x", ["....x"]),
        (" \n ", []),
    ],
)
def test_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text, 0, len(text))] == expected


def test_units_are_short_blocks_whole_and_long_ones_by_sentence():
    long = " ".join(f"This is sentence {number} of the paragraph." for number in range(8))
    text = f"# Head\n\nShort. Block.\n\n{long}\n\n| a | b |\n|---|---|\n| {long} | c |\n"
    found = [text[unit.start : unit.end] for unit in units(text, blocks(document(text)))]
    assert found == ["Short. Block.", *re.findall(r"This is .*?\.", long), "| a | b |", f"| {long} | c |"]


def test_a_sentence_that_lost_its_stops_is_cut_at_its_subjects():
    text = "Heron -> a boat of four sailors that goes far out Gull -> a boat of two " + "small words that go on " * 8
    first, second, *_ = (text[start:end] for start, end in clauses(text, 0, len(text)))
    assert (first, second[:10]) == ("Heron -> a boat of four sailors that goes far out", "Gull -> a ")


def test_a_long_run_is_cut_at_a_mark_if_one_is_near():
    first, second = "one two three four five six seven eight nine ten eleven,", "twelve and a few more words that go on and on until here"
    text = f"{first} {second}"
    assert [text[start:end] for start, end in clauses(text, 0, len(text))] == [first, second]
    even = text.replace(",", "")
    assert [len(even[start:end].split()) for start, end in clauses(even, 0, len(even))] == [12, 12]


# Properties


PIECES = st.sampled_from(
    ["# ", "## ", "- ", "  - ", "1. ", "2) ", "• ", "| a | b |", "|---|---|", "```", "~~~", "===", "---", "> ", "**Bold**", "\t", "  ", "\f", "\n", "\n\n", "\r",
     "a", "Word", "ends here.", "Title Case", "e.g.", ":", "...", "…", "©", "[x](#y)", "https://a.example", "a.png", "潮。", "é", "\u2028", "\x85", "\x1c", "x" * 70, "3", ")", "->"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.lists(PIECES, max_size=40).map("\n".join), st.text(max_size=200))
KINDS = st.sampled_from(["markdown", "text", "html", "pdf"])
MARKUP = re.compile(r"[\s\-*_=~+•|:]*")


def assert_well_formed(text: str, found: tuple[Block, ...]) -> None:
    at = 0
    for index, block in enumerate(found):
        assert at <= block.start < block.end <= len(text)
        assert trimmed(text, block.start, block.end) == (block.start, block.end)
        assert block.parent is None or 0 <= block.parent < index
        at = block.end


@settings(max_examples=300)
@given(text=TEXTS, kind=KINDS, data=st.data())
def test_blocks_are_in_order_and_leave_out_only_noise_and_markup(text, kind, data):
    pages = tuple(sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=12))))
    one = document(text, kind, page_starts=pages)
    found = blocks(one)
    assert_well_formed(text, found)
    lines = split_lines(text)
    code = {line for first, last in fences(lines, tildes=kind in ("markdown", "html")).items() for line in range(first, last + 1)}
    left_out = noise_lines(lines, code)
    inside = bytearray(len(text))
    for block in found:
        inside[block.start : block.end] = b"\1" * (block.end - block.start)
    for index, line in enumerate(lines):
        start, end = trimmed(text, line.start, line.end)
        if index in left_out:
            assert not any(inside[start:end]), f"noise in a block: {line.text!r}"
        elif not MARKUP.fullmatch(line.text):
            assert all(inside[start:end]), f"in no block: {line.text!r}"


@settings(max_examples=200)
@given(text=TEXTS, kind=KINDS)
def test_units_lie_within_their_blocks_and_cover_them(text, kind):
    found = blocks(document(text, kind))
    at = 0
    covered = dict.fromkeys(range(len(found)), "")
    for unit in units(text, found):
        block = found[unit.block]
        assert max(at, block.start) <= unit.start < unit.end <= block.end
        covered[unit.block] += text[unit.start : unit.end]
        at = unit.end
    for index, block in enumerate(found):
        expected = "" if block.kind in ("heading", "link", "label") else text[block.start : block.end]
        assert "".join(covered[index].split()) == "".join(expected.split())


@settings(max_examples=300)
@given(text=st.one_of(st.text(alphabet=st.sampled_from("aB. !?…\n)\"'*_。1 \te"), max_size=80), TEXTS), data=st.data())
@pytest.mark.parametrize("cut", [sentences, clauses])
def test_what_cuts_a_span_covers_it_without_overlap(cut, text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at, said = start, ""
    for low, high in cut(text, start, end):
        assert at <= low < high <= end
        assert trimmed(text, low, high) == (low, high)
        at, said = high, said + text[low:high]
    assert "".join(said.split()) == "".join(text[start:end].split())


@given(text=st.text(max_size=100))
def test_plain_never_raises_and_has_no_surplus_white_space(text):
    assert plain(text) == " ".join(plain(text).split())


# It takes time in proportion


UNITS = (
    "[", "[](", "](#", "!", "-", "- ", "|", "|-", " ", "a", "a ", "a. ", "e.g. ", "1. ", ".", ". ", "...)", "*", "**a", "`", "```\n", "```a\n", "# ", "\n",
    "a\n\n", "A\n\n", "\f\n", "a\n\fB\n", "x.png", "(a", "http://.", "_", "a\tb\n", "|a|\n|-|\n", "• \n", "> ", "A\n===\n", "Foo -> ", "。", "<img ", "\u3000",
)  # fmt: skip


def seconds(unit: str, size: int) -> float:
    """How long it takes to segment a text of ``size`` characters; the least of three runs, as others use this machine too."""
    # Once under a link, where navigation is looked for, and once in a paragraph that is more than a link.
    many = unit * (size // len(unit) // 2)
    text = f"[x](#y)\n{many}x\n\nHere are some words and {many}x\n\nThe end."
    times = []
    for _ in range(3):
        start = time.process_time()
        for kind in ("text", "markdown"):
            found = blocks(document(text, kind))
            assert_well_formed(text, found)
            units(text, found)
            [title(text[block.start : block.end]) for block in found]
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_time_grows_with_the_text_and_not_with_its_square(unit):
    # Eight times the text, where its square would take 64 times as long; the constant is what a tick of the clock may add.
    assert seconds(unit, 32_000) < 24 * seconds(unit, 4_000) + 0.05


@pytest.mark.parametrize("unit", [".", "a. ", "etc. ", "...)", "1. ", "Foo -> ", "a ", "。", "\n "])
@pytest.mark.parametrize("cut", [sentences, clauses])
def test_cutting_a_span_takes_time_in_proportion(cut, unit):
    def taken(size: int) -> float:
        text = unit * (size // len(unit)) + "x"
        start = time.process_time()
        assert [span for span in cut(text, 0, len(text)) if span[0] >= span[1]] == []
        return time.process_time() - start

    assert min(taken(160_000) for _ in range(2)) < 24 * min(taken(20_000) for _ in range(3)) + 0.05


@pytest.mark.parametrize("line", ["x" * 1_000_000, "word " * 200_000, "[" * 1_000_000, "." * 1_000_000, "a. " * 333_333], ids=["x", "word", "bracket", "stop", "initial"])
def test_a_line_of_a_megabyte(line):
    start = time.process_time()
    assert_well_formed(line, blocks(document(line, "text")))
    assert sum(end - start for start, end in sentences(line, 0, len(line))) > 600_000
    assert time.process_time() - start < 5


def test_ten_thousand_lines():
    text = "".join(f"{number % 1000}. Item\n   - nested\n\nTitle {number}\n\nA line of text.\n" for number in range(2_000))
    start = time.process_time()
    assert len(blocks(document(text, "text"))) == 8_000
    assert time.process_time() - start < 5
