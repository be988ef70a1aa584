"""Which windows are quoted together, and how many words an answer may have."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import _excerpts, _needs_room, answer
from assistant.answering.comparing import Comparison
from assistant.answering.composing import compose
from assistant.answering.considering import Considered, consider
from assistant.answering.evidence import Candidate, Features, Found
from assistant.answering.outline import Outline
from assistant.answering.ranking import Window, choose, joined, over_rows, window_at
from assistant.answering.shortening import Short
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import Query, understand
from assistant.segmenting.structure import blocks
from assistant.segmenting.units import units
from assistant.values import Document
from conftest import HashingEncoder


def terms(text: str) -> list[str]:
    return [word.removesuffix("es") for word in re.findall(r"\w+", text.lower())]


def outline(text: str) -> Outline:
    document = Document("note.md", "Note", text, "", "markdown")
    return Outline(document, blocks(document))


def window(one: Outline, index: int, share: float = 0.5) -> Window:
    """The window of one block."""
    block = one.blocks[index]
    words = len(one.document.text[block.start : block.end].replace("|", " ").split())
    return Window(one, block.start, block.end, index, index, index, index, words, share)


# Room for what a quote hangs on

DAWN = outline(
    """Of the boats that sail at dawn:

- Heron takes mail.

# Fog

Horns sound each minute.

# Ice

Nobody rows then.
"""
)
LINE = window(DAWN, 0, 0.4)
ITEM, HORNS, ROWS = window(DAWN, 1, 0.5), window(DAWN, 3, 0.3), window(DAWN, 5, 0.2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (18, [ITEM, HORNS, ROWS]),
        # The item has four words, and the line that it hangs on seven: the third, and then the second, give way to that.
        (17, [ITEM, HORNS]),
        (15, [ITEM, HORNS]),
        (14, [ITEM, ROWS]),
        (13, [ITEM]),
        (11, [ITEM]),
    ],
)
def test_the_first_leaves_room_for_the_line_that_it_hangs_on(words, expected):
    assert (ITEM.words, ITEM.above_words, HORNS.words, ROWS.words) == (4, 7, 4, 3)
    assert choose([ITEM, HORNS, ROWS], words=words, most=5) == expected


@pytest.mark.parametrize(("words", "expected"), [(15, True), (14, False), (8, False)])
def test_one_that_comes_after_another_is_quoted_without_its_line_where_there_is_no_room(words, expected):
    chosen = choose([HORNS, ITEM], words=words, most=5)
    assert chosen == [HORNS, ITEM]
    assert [one.labelled for one in _excerpts(chosen, chosen, words=words)] == [False, expected]


@pytest.mark.parametrize("chosen", [[ITEM, LINE], [LINE, ITEM]])
def test_what_hangs_on_a_line_that_is_quoted_itself_stands_beneath_it_and_is_not_told_it_again(chosen):
    found = _excerpts([*chosen, HORNS], chosen, words=LINE.words + ITEM.words + HORNS.words)
    assert [(one.window, one.labelled) for one in found] == [(LINE, False), (ITEM, True), (HORNS, False)]
    assert compose(found)[0] == "Of the boats that sail at dawn: [1]\n- Heron takes mail. [2]\n\nHorns sound each minute. [3]"


def test_what_the_short_answer_is_taken_from_stays_the_first_if_it_is_the_first():
    found = _excerpts([ITEM, LINE], [ITEM, LINE], words=50, shown=Short("mail", ITEM))
    assert [(one.window, one.short) for one in found] == [(ITEM, "mail"), (LINE, None)]
    assert "**mail**. [1]" in compose(found)[0]
    found = _excerpts([HORNS, ITEM, LINE], [HORNS, ITEM, LINE], words=50, shown=Short("mail", ITEM))
    assert [(one.window, one.short) for one in found] == [(HORNS, None), (LINE, None), (ITEM, "mail")]


@given(words=st.integers(11, 40))
def test_the_line_that_the_first_hangs_on_is_always_shown_and_all_keep_to_their_words(words):
    chosen = choose([ITEM, HORNS, ROWS], words=words, most=5)
    first, *others = _excerpts(chosen, chosen, words=words)
    assert (first.window, first.labelled) == (ITEM, True)
    assert ITEM.words + ITEM.above_words + sum(one.window.words for one in others) <= words


def test_the_head_of_a_table_is_counted_once():
    row = window(outline("| boat | crew |\n|---|---|\n| Heron | 4 |\n"), 1)
    assert (row.words, row.above_words, row.cost) == (2, 2, 4)
    assert choose([row], words=4, most=5) == [row]
    assert choose([row], words=3, most=5) == []


# What says the same

KEPT = "The queue of the old harbour office keeps {} for {} days{}.\n"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("all mail", 4, ""), ("all mail", 4, ""), 1),
        (("all mail", 4, ""), ("all mail", 3, ""), 2),
        (("all mail", 4, ""), ("any mail", 4, ""), 1),
        # The longer says all that the shorter says, and another value besides; or not what the shorter says.
        (("all mail", 4, ""), ("all mail", 4, " and its keys for 9 days"), 1),
        (("all mail", 4, ""), ("all mail", 3, " and its keys for 9 days"), 2),
    ],
)
def test_what_says_the_same_is_quoted_once_and_what_says_another_value_is_not_the_same(one, other, expected):
    told = [window(outline(KEPT.format(*filled)), 0) for filled in (one, other)]
    assert len(choose(told, words=100, most=5)) == len(choose(told[::-1], words=100, most=5)) == expected


# Room for the answer


@pytest.mark.parametrize(
    ("kind", "share", "expected"),
    [
        ("howto", 0.69, True),
        ("howto", 0.7, False),
        ("scenario", 0.69, True),
        ("scenario", 0.7, False),
        # All of a list is wanted, however clear the first is.
        ("list", 0.69, True),
        ("list", 1.0, True),
        ("fact", 0.1, False),
        ("definition", 0.1, False),
        ("troubleshoot", 0.1, False),
        ("compare", 0.1, False),
    ],
)
def test_an_answer_may_be_long_where_several_places_make_it(kind, share, expected):
    assert _needs_room(Query("?", (), kind, None), replace(ITEM, share=share), None) == expected


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_comparison_needs_room_where_there_are_two_to_compare(share):
    found = Comparison(("fog", "ice"), (), ((HORNS, ROWS),))
    assert _needs_room(Query("Fog or ice?", (), "compare", None), replace(HORNS, share=share), found)


WINCHES = """# Gear

## Winch lever

Pull the brass lever back until both pawls click loudly.

## Winch bearing

Grease every bearing before winter with thick yellow tallow only.

## Winch cable

Never stand beside a loaded cable during any strong gale.

## Windlass handle

Sailors turn their own handle alone, facing towards the quay.

## Windlass drum

Wooden drums wear out after many long seasons at sea.

## Windlass chest

Store spare ratchets inside that tarred chest below deck stairs.
"""
EVENLY = (1 / 6,) * 6


def considered(question: str, shares: Sequence[float]) -> Considered:
    """``question`` and the six paragraphs of WINCHES, each of ten words, where they answer with such probabilities."""
    one, encoder = outline(WINCHES), HashingEncoder()
    spans = units(WINCHES, one.blocks)
    vectors = encoder.embed(WINCHES, [(unit.start, unit.end) for unit in spans])[1]
    lexicon = Lexicon(terms, lambda term: terms(WINCHES).count(term), 5000)
    found = [Found(1, one, 1.0, spans, vectors, len(spans))]
    weighed = consider(understand(question, terms), encoder.encode([question])[0], found, lexicon, encode=encoder.encode)
    # So strong a candidate among so many passages is taken for an answer, whatever is asked.
    return replace(weighed, strengths=200 + np.log(shares))


@pytest.mark.parametrize(
    ("question", "kind", "shares", "quoted"),
    [
        ("How do I work the winch?", "howto", (0.69, 0.11, 0.05, 0.05, 0.05, 0.05), 5),
        ("How do I work the winch?", "howto", (0.71, 0.09, 0.05, 0.05, 0.05, 0.05), 3),
        ("We want to pull seven sailors and a loaded chest over to the quay, which winch?", "scenario", EVENLY, 5),
        ("We want to pull seven sailors and a loaded chest over to the quay, which winch?", "scenario", (0.75, *[0.05] * 5), 3),
        ("List the parts of the winch", "list", (0.75, *[0.05] * 5), 5),
        ("Who works the winch?", "fact", EVENLY, 3),
        ("Compare the winch with the windlass", "compare", EVENLY, 6),
        # Only one of the two is known, or only one is named.
        ("Compare the winch with the capstan", "compare", EVENLY, 3),
        ("Compare the winches", "compare", EVENLY, 3),
    ],
)
def test_an_answer_has_its_words_or_twice_as_many(question, kind, shares, quoted):
    asked = considered(question, shares)
    assert asked.query.kind == kind
    found = answer(asked, words=30)
    assert found.answered
    # Each quote has ten words; of other answers than comparisons five at most are quoted.
    assert [len(one.quote.split()) for one in found.citations] == [10] * quoted


@pytest.mark.parametrize(("scores", "places"), [((1.0, 1.0, 0.5), (1, 1, 1 / 3)), ((1.0, 0.7, 0.5), (1, 1 / 2, 1 / 3)), ((1.0, 0.5, 0.5), (1, 1 / 2, 1 / 2))])
def test_passages_of_one_score_have_one_rank(scores, places):
    encoder, text = HashingEncoder(), "The winch has a drum.\n"
    copies = [Outline(Document(f"{name}.md", "Note", text, "", "markdown"), outline(text).blocks) for name in "abc"]
    spans = units(text, copies[0].blocks)
    vectors = encoder.embed(text, [(unit.start, unit.end) for unit in spans])[1]
    found = [Found(number, one, score, spans, vectors, len(spans)) for number, (one, score) in enumerate(zip(copies, scores, strict=True))]
    lexicon = Lexicon(terms, lambda term: 1, 20)
    weighed = consider(understand("What has the winch?", terms), encoder.encode(["What has the winch?"])[0], found, lexicon, encode=encoder.encode)
    assert weighed.features[:, Features._fields.index("place")].tolist() == pytest.approx(places)


# A table that compares


def candidates(one: Outline) -> list[Candidate]:
    text = one.document.text
    return [Candidate(1, one, unit, len(text[unit.start : unit.end].split()), 0) for unit in units(text, one.blocks)]


BOATS = outline("| | steam | sail |\n|---|---|---|\n| cost | high | low |\n| speed | ten | five |\n| crew | two | six |\n\nBoth leave at dawn.\n")
UNITS = candidates(BOATS)


def quoted_rows(place: int, words: int) -> list[str]:
    grown = over_rows(window_at(UNITS, place), UNITS, [0.2] * len(UNITS), words=words)
    return re.findall(r"cost|speed|crew|dawn", grown.text)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # A row has seven words as it is counted here, marks and all, and the head above it two.
        (9, ["speed"]),
        (15, ["speed"]),
        (16, ["speed", "crew"]),
        (22, ["speed", "crew"]),
        (23, ["cost", "speed", "crew"]),
        (200, ["cost", "speed", "crew"]),
    ],
)
def test_a_row_is_grown_over_its_table_as_far_as_there_is_room(words, expected):
    assert quoted_rows(2, words) == expected


def test_what_is_no_row_is_not_grown_and_no_table_over_what_follows_it():
    assert quoted_rows(4, 200) == ["dawn"]
    assert quoted_rows(3, 200) == ["cost", "speed", "crew"]


# A sentence in parts

LONG = candidates(outline(f"{', '.join(f'the {place}th boat of the harbour sails' for place in range(12))}. Then comes the night, and {'no ' * 30}boat sails.\n\n# Ice\n\nNone.\n"))
"""A sentence in five parts, the next one whole, and a section of its own."""


def test_a_long_sentence_is_cut_into_parts():
    assert [one.text[-1] for one in LONG] == [",", ",", ",", ",", ".", ".", "."]
    assert LONG[-2].text.startswith("Then comes the night")


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([1, 2], [(1, 2)]),
        ([2, 1], [(1, 2)]),
        ([0, 2], [(0, 0), (2, 2)]),
        ([3, 0, 2], [(2, 3), (0, 0)]),
        ([0, 2, 1], [(0, 2)]),
        # Another sentence, though it comes next.
        ([5, 4], [(5, 5), (4, 4)]),
        ([6, 5], [(6, 6), (5, 5)]),
        ([], []),
    ],
)
def test_parts_of_a_sentence_that_are_quoted_one_behind_the_other_are_one_quote_in_the_place_of_the_best(chosen, expected):
    windows = [window_at(LONG, place) for place in chosen]
    found = joined(windows, LONG, [0.1] * len(LONG))
    assert [(one.first, one.last) for one in found] == expected
    assert sum(one.words for one in found) == sum(one.words for one in windows)
    assert all(one.text == one.outline.document.text[LONG[one.first].unit.start : LONG[one.last].unit.end] for one in found)
