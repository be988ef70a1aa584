"""Files taken into the notes folders and out of them: nothing is written over, nothing destroyed, and nothing leaves the folders."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import NotesError
from assistant.library import NoteExists, add, remove
from assistant.reading import find_files, place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes/birds").mkdir(parents=True)
    (tmp_path / "notes/birds/heron.md").write_text("# Heron\n")
    return tmp_path / "notes"


def added(folder: Path, name: str, data: bytes = b"text", **options) -> str:
    return add([folder], name, data, **{"max_bytes": 100, **options})


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# Taking in


def test_a_note_is_written_as_it_came(folder):
    assert added(folder, "swift.md", b"# Swift\r\n\xff") == "swift.md"
    assert added(folder, "Wren.TXT", into="birds") == "birds/Wren.TXT"
    assert files(folder) == {"birds/heron.md": b"# Heron\n", "swift.md": b"# Swift\r\n\xff", "birds/Wren.TXT": b"text"}


def test_nothing_is_written_over(folder):
    with pytest.raises(NoteExists, match=r"already a file 'heron.md' in birds"):
        added(folder, "heron.md", into="birds")
    assert added(folder, "heron.md", into="birds", keep_both=True) == "birds/heron (2).md"
    assert added(folder, "heron.md", into="birds", keep_both=True) == "birds/heron (3).md"
    assert files(folder)["birds/heron.md"] == b"# Heron\n"


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/cron.md", "cron.md"),
        ("C:\\Users\\me\\plan.md", "plan.md"),
        ("..\\..\\up.txt", "up.txt"),
        (".hidden.md", "hidden.md"),
        ("a\0b\x1b\n.md", "ab.md"),
        ('what? <b> "x"|*.md', "what b x.md"),
        ("  two   words .md ", "two words.md"),
        ("e\u0301te\u0301.md", "\u00e9t\u00e9.md"),
        ("broken\udcff.md", "broken.md"),
        ("x" * 500 + ".md", "x" * 197 + ".md"),
        ("é" * 300 + ".md", "é" * 98 + ".md"),
    ],
)
def test_a_name_is_one_part_that_every_system_takes(folder, given_name, name):
    assert added(folder, given_name) == name
    assert (folder / name).read_bytes() == b"text"


@pytest.mark.parametrize("name", ["", "..", ".md", "a/", "/", "\\", "...", " .md", "\0.md"])
def test_what_is_no_name_is_refused(folder, name):
    with pytest.raises(NotesError):
        added(folder, name)
    assert list(files(folder)) == ["birds/heron.md"]


@given(
    name=st.text(),
    into=st.sampled_from(["", "birds", "..", "../notes", "/", "birds/..", "birds/../..", ".", "none", "birds/heron.md", "\0"]) | st.text(),
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_for_a_note_lands_where_it_is_read_or_nowhere(folder, name, into):
    before = files(folder.parent)
    try:
        path = added(folder, name, into=into, keep_both=True)
    except NotesError:
        assert files(folder.parent) == before
    else:
        (new,) = set(files(folder.parent)) - set(before)
        assert new == f"notes/{path}"
        assert path in {note.path for note in find_files([folder], max_bytes=100)[0]}
        assert place([folder], path) == folder / path


@pytest.mark.parametrize("into", ["..", "../notes", "birds/../..", "/", "/etc", "none", "birds/heron.md", ".secret", "out"])
def test_only_a_folder_of_the_notes_takes_them(folder, into, tmp_path):
    (folder / ".secret").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    before = files(tmp_path)
    with pytest.raises(NotesError, match="no folder of your notes"):
        added(folder, "a.md", into=into)
    assert files(tmp_path) == before


def test_of_several_folders_one_is_chosen(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for one in folders:
        one.mkdir()
    assert add(folders, "x.md", b"1", max_bytes=9) == "a/x.md"
    assert add(folders, "x.md", b"2", into="b", max_bytes=9) == "b/x.md"
    assert (tmp_path / "b/x.md").read_bytes() == b"2"


@pytest.mark.parametrize(
    ("name", "data", "reason"), [("a.exe", b"x", "format"), ("a", b"x", "name"), ("a.md", b"", "empty"), ("a.md", b"x" * 101, "101 bytes")]
)
def test_only_what_can_be_read_is_taken(folder, name, data, reason):
    with pytest.raises(NotesError, match=reason):
        added(folder, name, data)
    assert list(files(folder)) == ["birds/heron.md"]


# Taking out


def test_what_is_removed_lies_in_the_trash(folder, tmp_path):
    trash = tmp_path / "trash"
    kept = remove([folder], "birds/heron.md", trash=trash)
    assert kept.relative_to(trash).parts[1:] == ("birds", "heron.md")
    assert kept.read_bytes() == b"# Heron\n"
    assert files(folder) == {}


def test_two_of_one_name_are_both_kept(folder, tmp_path):
    first = remove([folder], "birds/heron.md", trash=tmp_path / "trash")
    added(folder, "heron.md", b"another", into="birds")
    second = remove([folder], "birds/heron.md", trash=tmp_path / "trash")
    assert (first.read_bytes(), second.read_bytes()) == (b"# Heron\n", b"another")


@pytest.mark.parametrize(
    "path", ["birds/none.md", "birds", "../notes/birds/heron.md", "/etc/passwd", "birds/../birds/heron.md", "", "out/kept.md"]
)
def test_what_is_no_note_is_not_removed(folder, tmp_path, path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/kept.md").write_text("kept")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    before = files(tmp_path)
    with pytest.raises(NotesError, match="no file for the note"):
        remove([folder], path, trash=tmp_path / "trash")
    assert files(tmp_path) == before
