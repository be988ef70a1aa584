"""The notes that ship: each well made, all of them indexed."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.reading.markdown import front_matter

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
NOTES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.md") if path != CORPUS / "README.md")
"""What the folder itself is about is told to people by its README, which is no note on a topic."""

DOMAINS = {
    "analysis", "architecture", "certification", "collection", "databases", "machine-learning", "orchestration", "processing", "security",
    "storage", "visualisation",
}  # fmt: skip
SOURCES = {"exported notes", "Markdown notes", "web page", "course slides", "practice notes"}
MOST_LINES = 50
"""Without a heading: two screens."""

_HEADING = re.compile(r"(#{1,6}) (\S.*)")
_LINK = re.compile(r"(?<!!)\[[^\]\n]+\]\(([^)\s]+)\)")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")


def lines_of(text: str) -> list[str]:
    """The lines of Markdown, empty where they are code."""
    fenced, lines = False, []
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        lines.append("" if fenced or fence else line)
        fenced ^= fence
    return lines


def headings(text: str) -> list[tuple[int, str]]:
    return [(len(match[1]), match[2].strip()) for line in lines_of(text) if (match := _HEADING.fullmatch(line))]


def anchor(heading: str) -> str:
    """What a heading's link ends with, as Markdown viewers make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def stretches(lines: list[str]) -> list[int]:
    """How many lines stand between one heading and the next."""
    places = [at for at, line in enumerate(lines) if _HEADING.fullmatch(line)]
    return [after - before - 1 for before, after in zip([-1, *places], [*places, len(lines)], strict=True)]


@pytest.fixture(params=NOTES)
def note(request) -> str:
    return request.param


def read(note: str) -> tuple[dict, str]:
    """The front matter of a note, and what comes after it."""
    text = (CORPUS / note).read_text(encoding="utf-8")
    fields, start = front_matter(text)
    return dict(fields), text[start:]


def test_there_are_enough_and_not_too_many():
    assert 60 <= len(NOTES) <= 100
    assert {note.partition("/")[0] for note in NOTES} == DOMAINS


def test_front_matter(note):
    fields, _ = read(note)
    assert list(fields) == ["title", "aliases", "tags", "sources"]
    assert isinstance(fields["title"], str)
    assert fields["title"].strip()
    for name in ("aliases", "tags", "sources"):
        names = fields[name]
        assert isinstance(names, list), name
        assert names, name
        assert len(set(names)) == len(names), f"{name} has one twice"
    assert set(fields["sources"]) <= SOURCES
    assert all(re.fullmatch(r"[a-z0-9-]+", tag) for tag in fields["tags"])


def test_it_begins_with_its_title_and_a_summary(note):
    fields, body = read(note)
    levels = headings(body)
    assert levels[0] == (1, fields["title"])
    assert [level for level, _ in levels].count(1) == 1
    assert body.lstrip().startswith("# "), "something stands before the title"
    summary = body.lstrip().split("\n\n")[1]
    assert re.match(r"[A-Z]", summary), f"begins with {summary[:40]!r} and not with a summary"
    assert 2 <= len(re.findall(r"[.:)](?=\s|$)", summary)) <= 6


def test_headings_go_down_step_by_step_and_are_told_apart(note):
    _, body = read(note)
    found = headings(body)
    assert all(after - before <= 1 for (before, _), (after, _) in pairwise(found))
    names = [name.lower() for _, name in found]
    assert sorted(names) == sorted(set(names))


def test_no_stretch_is_longer_than_two_screens(note):
    _, body = read(note)
    assert max(stretches(lines_of(body))) <= MOST_LINES


def test_stretches_are_measured_between_headings():
    assert stretches(lines_of("# A\n\none\n## B\n```\n# no heading\n```\n")) == [0, 2, 4]


def test_links_lead_somewhere(note):
    _, body = read(note)
    for target in _LINK.findall("\n".join(lines_of(body))):
        path, _, place = target.partition("#")
        assert not re.match(r"\w+:", path), f"{target} leads out of the notes"
        file = (CORPUS / note).parent / path if path else CORPUS / note
        assert file.is_file(), f"{target} leads nowhere"
        assert CORPUS in file.resolve().parents
        if place:
            assert place in [anchor(name) for _, name in headings(file.read_text(encoding="utf-8"))], f"{target}: there is no such heading"


def test_names_say_the_topic(note):
    assert _NAME.fullmatch(note.rpartition("/")[2])


def test_text_is_tidy(note):
    text = (CORPUS / note).read_bytes().decode("utf-8")
    assert re.search(r"[^\n]\n\Z", text)
    assert not re.search(r"\r|\t|\n{3}", text)
    assert not re.search(r"[ ]+$", text, re.M), "white space at the end of a line"
    assert not re.search(r"[\u200b-\u200f\u2028\u2029\ufeff\ufffd\u00a0]", text), "a character that cannot be seen, or that was lost"


def test_tables_have_as_many_cells_in_every_row(note):
    _, body = read(note)
    rows: list[int] = []
    for line in [*lines_of(body), ""]:
        if line.startswith("|"):
            assert line.endswith("|"), line
            rows.append(len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line))))
        else:
            assert len(set(rows)) <= 1, f"the table before {line!r} has rows of {sorted(set(rows))} bars"
            assert len(rows) != 1, "a table of one line"
            rows = []


def test_titles_are_unique():
    titles = [read(note)[0]["title"].lower() for note in NOTES]
    assert sorted(titles) == sorted(set(titles))


def test_every_file_is_a_note_that_is_indexed(corpus_notes):
    assert [one.path for one in corpus_notes.notes()] == sorted([*NOTES, "README.md"])
    assert corpus_notes.skipped() == ()
    assert [one.path for one in corpus_notes.notes() if one.passages == 0] == []
    assert {one.path: one.title for one in corpus_notes.notes() if one.path in NOTES} == {note: read(note)[0]["title"] for note in NOTES}
