"""What is found while it is being typed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.errors import QuestionError
from conftest import HashingEncoder
from web_support import assistant_over

NOTES = {
    "birds/heron.md": "---\ntags: [wading]\n---\n# Heron\n\nHerons are wading birds that compress their necks.\n",
    "birds/swift.md": "# Swift\n\nThe swift sleeps in the air and migrates with compression of time.\n",
    "fish/pike.md": "# Pike\n\nThe pike hunts migrating frogs by day.\n",
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory) -> Assistant:
    folder = tmp_path_factory.mktemp("finding") / "notes"
    for path, text in NOTES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return assistant_over(folder, Spelling())


class Spelling(HashingEncoder):
    """Has a piece for each letter, and so takes no word for one that it knows to be spelt right."""

    def count(self, texts):
        return [len(text) + 2 for text in texts]


def marked(notes: Assistant, words: str, **options) -> dict[str, list[str]]:
    """The words that match, by note, of those passages in which any does."""
    found = notes.find(words, **options).matches
    return {one.hit.passage.path: [one.hit.passage.text[start:end] for start, end in one.spans] for one in found if one.spans}


def test_matches_are_marked_by_stem(notes):
    assert marked(notes, "sleeping swifts ") == {"birds/swift.md": ["Swift", "swift", "sleeps"]}


def test_headings_are_marked_too(notes):
    best = notes.find("herons").matches[0]
    assert [
        heading[start:end] for heading, spans in zip(best.hit.passage.headings, best.heading_spans, strict=True) for start, end in spans
    ] == ["Heron"]


@pytest.mark.parametrize("words", ["migr", "migrat", "migrati", "frogs migr", "MIGR"])
def test_a_beginning_finds_what_goes_on_from_it(notes, words):
    found = marked(notes, words)
    assert found["birds/swift.md"] == ["migrates"]
    assert found["fish/pike.md"][0] == "migrating"
    assert notes.find(words).matches[0].hit.lexical is not None


def test_a_word_that_is_longer_than_its_stem_is_found_while_it_is_typed(notes):
    assert set(marked(notes, "compressi")) == {"birds/heron.md", "birds/swift.md"}
    assert notes.find("compressi").corrections == ()


def test_a_word_that_is_finished_is_not_taken_for_a_beginning(notes):
    assert marked(notes, "migr ") == {}


def test_a_slip_is_mended_and_told(notes):
    found = notes.find("herron neck ")
    assert found.corrections == (("herron", "heron"),)
    assert found.matches[0].hit.passage.path == "birds/heron.md"


def test_only_the_notes_asked_for_are_searched(notes):
    assert {one.hit.passage.path for one in notes.find("migrating", among=["fish/pike.md"]).matches} == {"fish/pike.md"}
    assert notes.find("migrating", among=[]).matches == ()


def test_operators_narrow_it_down(notes):
    assert {one.hit.passage.path for one in notes.find("neck #wading").matches} == {"birds/heron.md"}
    assert {one.hit.passage.path for one in notes.find("migr file:fish/").matches} == {"fish/pike.md"}
    assert notes.find("migr file:fish/", among=["birds/swift.md"]).matches == ()
    nothing = notes.find("migr #none")
    assert nothing.matches == () and "no note has the tag #none" in nothing.reason


def test_nothing_typed_is_refused(notes):
    with pytest.raises(QuestionError):
        notes.find("  ")


@given(words=st.text(max_size=40) | st.text(alphabet='hern #"[]file:-. ', max_size=30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_its_marks_lie_in_the_text(notes, words):
    try:
        found = notes.find(words)
    except QuestionError:
        assert not words.strip()
        return
    for one in found.matches:
        assert all(0 <= start < end <= len(one.hit.passage.text) for start, end in one.spans)
