"""Which words of a text are marked, and which part of it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.words import WordIndex
from assistant.retrieval.highlighting import excerpt, matches, unfinished

STEM = WordIndex().terms


def marked(text: str, query: str, prefix: str | None = None) -> list[str]:
    return [text[start:end] for start, end in matches(text, frozenset(STEM(query)), stem=STEM, prefix=prefix)]


def test_words_are_marked_by_their_stem():
    assert marked("Herons nest; the nesting Heron, the heroine.", "heron nests") == ["Herons", "nest", "nesting", "Heron"]


def test_case_and_accents_do_not_matter():
    assert marked("Das CAFÉ, cafe\u0301 and Cafe.", "café")[0] == "CAFÉ"
    assert marked("Cafe", "CAFÉ") == ["Cafe"]


def test_the_word_being_typed_marks_what_begins_with_it():
    assert marked("Kinesis and kinetic, not akin", "", "kin") == ["Kinesis", "kinetic"]
    assert marked("Éclair", "", "ecl") == ["Éclair"]


def test_an_underscore_parts_words_as_the_index_does():
    assert marked("max_file_mb", "file") == ["file"]


@pytest.mark.parametrize(
    ("text", "word"), [("the kin", "kin"), ("Éc", "Éc"), ("kin ", None), ("k", None), ("", None), ("kin?", None), ("C++ 12", "12")]
)
def test_a_word_is_unfinished_while_nothing_stands_behind_it(text, word):
    assert unfinished(text) == word


@given(text=st.text(), query=st.text(), prefix=st.none() | st.text(min_size=1))
def test_marks_are_words_in_order(text, query, prefix):
    spans = matches(text, frozenset(STEM(query)), stem=STEM, prefix=prefix)
    assert list(spans) == sorted(set(spans))
    assert all(0 <= start < end <= len(text) and text[start:end].isalnum() for start, end in spans)


def test_the_part_with_most_of_the_words_is_shown():
    text = "alpha " + "x " * 100 + "alpha beta gamma " + "y " * 100 + "beta"
    spans = matches(text, frozenset(STEM("alpha beta gamma")), stem=STEM)
    start, end = excerpt(text, spans, room=60)
    assert "alpha beta gamma" in text[start:end]
    assert end - start <= 60


def test_without_marks_the_beginning_is_shown():
    assert excerpt("word " * 50, (), room=22) == (0, 19)
    assert excerpt("short", (), room=22) == (0, 5)


@given(words=st.lists(st.text(alphabet="abc ", max_size=30), max_size=30), room=st.integers(8, 80))
def test_an_excerpt_lies_in_the_text_and_keeps_to_its_room(words, room):
    text = " ".join(words)
    spans = matches(text, frozenset(["a", "b", "ab"]), stem=STEM)
    start, end = excerpt(text, spans, room=room)
    assert 0 <= start <= end <= len(text)
    assert end - start <= room
