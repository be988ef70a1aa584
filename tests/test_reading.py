"""Files to documents: what is found, what is left out and why, and what each format makes of its bytes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import NotesError
from assistant.reading import NoteFile, Unreadable, find_files, place, read
from assistant.values import Document, Skipped

DATA = Path(__file__).parent / "data" / "reading"
SUFFIXES = (".txt", ".md", ".html", ".pdf")


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that tests may write into without regard for one another; Hypothesis runs many examples in one test."""
    return tmp_path_factory.mktemp("scratch")


def note_of(file: Path) -> NoteFile:
    stat = file.stat()
    return NoteFile(file.name, file, stat.st_size, stat.st_mtime_ns)


def read_bytes(folder: Path, name: str, data: bytes) -> Document:
    file = folder / name
    file.write_bytes(data)
    return read(note_of(file))


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As a user whom permissions bind: nobody, where the tests run as root, whom they do not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def pdf(*pages: tuple[str, ...], title: str = "") -> bytes:
    """A PDF with these pages of lines, written by hand."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) >>",
    ]
    for number, lines in enumerate(pages):
        shown = "BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
        resources = "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {6 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table.encode() + trailer.encode()


class TestFindFiles:
    def test_notes_come_sorted_and_all_else_is_listed_once_with_its_reason(self, tmp_path: Path) -> None:
        for name, data in {
            "b.txt": b"b", "a.MD": b"a", "sub/deep/c.html": b"c", "empty.txt": b"", "large.txt": b"x" * 11, ".hidden.md": b"h",
            ".git/config": b"c", ".git/HEAD": b"h", "photo.png": b"\x89PNG\0", "table.xyz": b"1;2", "TODO": b"milk",
        }.items():  # fmt: skip
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(data)
        notes, skipped = find_files([tmp_path], max_bytes=10)
        stat = (tmp_path / "b.txt").stat()
        assert [note.path for note in notes] == ["a.MD", "b.txt", "sub/deep/c.html"]
        assert notes[1] == NoteFile("b.txt", tmp_path / "b.txt", 1, stat.st_mtime_ns)
        assert skipped == (
            Skipped(".git", "is hidden: its name begins with a dot"),
            Skipped(".hidden.md", "is hidden: its name begins with a dot"),
            Skipped("TODO", "has no suffix that tells its format: name it .md or .txt to have it read"),
            Skipped("empty.txt", "is empty"),
            Skipped("large.txt", "is too large: 11 bytes, at most 10 are read"),
            Skipped("photo.png", "is binary, and of a format that is not read"),
            Skipped("table.xyz", "is of a format that is not read (.xyz)"),
        )

    def test_no_link_is_followed(self, tmp_path: Path) -> None:
        root = tmp_path / "notes"
        (root / "sub").mkdir(parents=True)
        (root / "note.md").write_text("note")
        (tmp_path / "secret.md").write_text("secret")
        (root / "out.md").symlink_to(tmp_path / "secret.md")
        (root / "up").symlink_to(tmp_path)
        (root / "twin.md").symlink_to(root / "note.md")
        (root / "sub" / "loop").symlink_to(root)
        (root / "gone.md").symlink_to(root / "nothing")
        notes, skipped = find_files([root], max_bytes=100)
        assert [note.path for note in notes] == ["note.md"]
        assert skipped == (
            Skipped("gone.md", "is a link to nothing"),
            Skipped("out.md", "is a link that leaves the notes folder"),
            Skipped("sub/loop", "is a link: what it points to is read where it lies"),
            Skipped("twin.md", "is a link: what it points to is read where it lies"),
            Skipped("up", "is a link that leaves the notes folder"),
        )

    @pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes in folders nor names that are not Unicode")
    def test_pipes_are_not_opened_and_names_that_are_no_text_are_shown_escaped(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.txt")
        try:
            (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
        except OSError:
            pytest.skip("this file system takes no names that are not UTF-8")
        assert find_files([tmp_path], max_bytes=100) == (
            (),
            (
                Skipped("caf\\xe9.txt", "has a name that is not valid UTF-8: rename it"),
                Skipped("pipe.txt", "is neither a file nor a folder"),
            ),
        )

    @pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
    def test_what_is_closed_to_the_user_is_listed(self) -> None:
        reason = "cannot be opened: Permission denied"
        with TemporaryDirectory() as name:
            root = Path(name)
            (root / "closed.md").write_text("x")
            (root / "closed.md").chmod(0o000)
            (root / "closed").mkdir(mode=0o000)
            root.chmod(0o755)
            with ordinary_user():
                found = find_files([root], max_bytes=100)
            (root / "closed").chmod(0o700)
        assert found == ((), (Skipped("closed", reason), Skipped("closed.md", reason)))

    def test_several_folders_are_told_apart_by_names_made_unique(self, tmp_path: Path) -> None:
        folders = [tmp_path / "a" / "notes", tmp_path / "b" / "notes", tmp_path / "work"]
        for folder in folders:
            folder.mkdir(parents=True)
            (folder / "n.md").write_text("x")
        notes, _ = find_files([*folders, folders[0]], max_bytes=100)
        assert [(note.path, note.file.parent) for note in notes] == [
            ("notes/n.md", folders[0]), ("notes-2/n.md", folders[1]), ("work/n.md", folders[2]),
        ]  # fmt: skip

    def test_folders_that_cannot_be_used_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file.md").write_text("x")
        (tmp_path / "sub").mkdir()
        for folders, message in (
            ([], "no notes folder was given"),
            ([tmp_path / "missing"], "does not exist"),
            ([tmp_path / "file.md"], "is a file: give the folder"),
            ([tmp_path / "sub", tmp_path], "lies inside"),
        ):
            with pytest.raises(NotesError, match=message):
                find_files(folders, max_bytes=100)


class TestText:
    def test_what_a_document_holds(self, tmp_path: Path) -> None:
        data = b"# The *plan* #\r\nfirst\rsecond\x0cthird\n"
        text, digest = "# The *plan* #\nfirst\nsecond\x0cthird\n", hashlib.sha256(data).hexdigest()
        assert read_bytes(tmp_path, "n.txt", data) == Document(path="n.txt", title="The plan", text=text, sha256=digest, kind="text")

    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            *((encoding, "Grüße, 日本 🎉\n") for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32")),
            *((encoding, "Plain words, café.\n") for encoding in ("utf-16-le", "utf-16-be", "cp1252")),
            ("cp1252", "• “El niño” – ¿qué más? 5 €\n"),
            ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy\n"),
            ("cp1251", "Привет, как дела? Это короткая заметка.\n"),
            ("cp932", "日本語のテキストです。これは短いメモです。\n"),
            ("gb18030", "中文笔记：今天的会议\n"),
        ],
    )
    def test_encodings_are_told_apart(self, tmp_path: Path, encoding: str, text: str) -> None:
        assert read_bytes(tmp_path, "n.txt", text.encode(encoding)).text == text

    def test_utf8_with_a_broken_byte_stays_utf8(self, tmp_path: Path) -> None:
        text = "Übergrößen für Ärzte: äußerst schön, über später öfter"
        assert read_bytes(tmp_path, "n.txt", text.encode() + b"\xc3").text == text + "\N{REPLACEMENT CHARACTER}"

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "holds no text"),
            (b"\xef\xbb\xbf", "holds no text"),
            (b" \n\t\n", "holds no text"),
            (b"MZ\0\1\2", "is binary, not text"),
            (bytes(range(128, 256)) * 4, "is binary, or in an encoding that cannot be told: save it as UTF-8"),
        ],
    )
    def test_what_is_no_text_says_so(self, tmp_path: Path, data: bytes, reason: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read_bytes(tmp_path, "n.txt", data)
        assert caught.value.reason == reason

    def test_a_file_that_has_gone_is_unreadable(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="cannot be opened: No such file"):
            read(NoteFile("n.txt", tmp_path / "n.txt", 1, 0))

    @pytest.mark.parametrize(
        ("name", "text", "title"),
        [
            ("meeting-notes_2024-01-02.txt", "text", "Meeting notes 2024-01-02"),
            ("README.txt", "text\n\n# A later section", "README"),
            ("n.txt", "\n\nUnderlined\n==========\ntext", "Underlined"),
            ("n.txt", "# " + "a paragraph without line ends " * 20, "N"),
            ("__.txt", "text", "__"),
        ],
    )
    def test_titles(self, tmp_path: Path, name: str, text: str, title: str) -> None:
        assert read_bytes(tmp_path, name, text.encode()).title == title


class TestMarkdown:
    def test_front_matter_tells_title_tags_and_aliases_and_stays_in_the_text(self, tmp_path: Path) -> None:
        text = "---\nTitle: 'Simple: Queue'\naliases: [SQS, Amazon SQS, SQS]\ntags: '#queue, aws/sqs'\ndate: 2024-99-99\n---\n# Another\n"
        document = read_bytes(tmp_path, "n.md", text.encode())
        assert (document.title, document.aliases, document.tags) == ("Simple: Queue", ("SQS", "Amazon SQS"), ("queue", "aws/sqs"))
        assert document.text == text
        assert document.text[document.body_start :] == "# Another\n"

    def test_tags_in_the_text_follow_those_of_the_front_matter(self, tmp_path: Path) -> None:
        text = (
            "---\ntags: [sea]\n---\n# Tide #high\n\nIt is (#low) and #sea/deep, not C#, #1, issue #12, a#b, ##c, # d, or https://a.example/#e.\n"
            "#Low #low #a-b_c/\n\n```sh\n#include f\n```\n`#g` and ``#h`` \n\n#2024-plan\n\n~~~\n#open"
        )
        assert read_bytes(tmp_path, "a.md", text.encode()).tags == ("sea", "high", "low", "sea/deep", "Low", "a-b_c", "2024-plan")

    @pytest.mark.parametrize(
        ("front", "title", "aliases", "tags"),
        [
            ("title: 2024\naliases: One, Two words\ntags: a b", "2024", ("One", "Two words"), ("a", "b")),
            ("title:\naliases:\ntags: []", "Body", (), ()),
            ("title: [a]\naliases: {a: b}\ntags: [x, [y], '#', 1.0]", "Body", (), ("x", "1.0")),
            (r'title: "\ud83d\ude00 \ud800\0"', "😀 ��", (), ()),
            ("# only a comment", "Body", (), ()),
        ],
    )
    def test_fields_of_other_types(self, tmp_path: Path, front: str, title: str, aliases: tuple[str, ...], tags: tuple[str, ...]) -> None:
        document = read_bytes(tmp_path, "n.md", f"---\n{front}\n---\n# Body".encode())
        assert (document.title, document.aliases, document.tags, document.body_start) == (title, aliases, tags, len(front) + 9)

    @pytest.mark.parametrize("front", ["a: b: c", "just a line", "- a\n- list", "[" * 5000, "&a [*a]", "x: !!python/object:os.system {"])
    def test_broken_front_matter_is_text(self, tmp_path: Path, front: str) -> None:
        document = read_bytes(tmp_path, "n.md", f"---\n{front}\n---\n# Body".encode())
        assert (document.title, document.aliases, document.tags, document.body_start) == ("Body", (), (), 0)

    def test_a_rule_that_is_not_closed_is_no_front_matter(self, tmp_path: Path) -> None:
        assert read_bytes(tmp_path, "n.md", b"---\ntitle: x\n").body_start == 0

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("intro\n\n# Later *is* fine", "Later is fine"),
            ("```sh\n# a comment\n```\n\n# Title ##", "Title"),
            ("~~~\n# never closed", "N"),
            ("```one line```\n# Title", "Title"),
            ("## Second level\n\nTitle\n=====", "Title"),
            ("# [Docs](https://example.org) for `snake_case` and C#", "Docs for snake_case and C#"),
            ("#\n#hashtag\n# \n## Only a second level", "N"),
        ],
    )
    def test_without_a_title_the_first_heading_counts(self, tmp_path: Path, text: str, title: str) -> None:
        assert read_bytes(tmp_path, "n.md", text.encode()).title == title


class TestHtml:
    def test_a_page_reads_as_markdown(self) -> None:
        document = read(note_of(DATA / "page.html"))
        assert (document.kind, document.title) == ("html", "Opening hours & prices")
        assert document.text == (
            "# Opening hours\n\n"
            "The **café** opens at nine, see the map. Set max_size, not <script>.\n\n"
            "- Coffee\n  - black\n  - with milk\n- Tea\n\n"
            "| Day | From |\n| --- | --- |\n| Monday | 9 o'clock |\n\n"
            "```\nx = 1\n\n\ny = 2\n```"
        )

    @pytest.mark.parametrize(
        ("page", "text"),
        [
            ("<p>Grüße", "Grüße"),
            ("<meta charset=utf-16><p>Grüße", "Grüße"),
            ("<meta charset=unicode_escape><p>\\ud800 \\x", "\\ud800 \\x"),
            ("<meta charset=nonsense><p>Grüße", "Grüße"),
            ("<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><body>Grüße", "Grüße"),
            ("notes.txt", "notes.txt"),
            ("<p>one&#13;two &#xD800;", "one\ntwo \N{REPLACEMENT CHARACTER}"),
            ("<ol start='²'><li>one", "1. one"),
        ],
    )
    def test_odd_pages(self, tmp_path: Path, page: str, text: str) -> None:
        assert read_bytes(tmp_path, "n.html", page.encode()).text.strip() == text

    def test_a_title_is_that_of_the_head_or_the_first_heading(self, tmp_path: Path) -> None:
        page = "<svg><title>Drawing</title></svg><h1>Heading</h1>"
        assert read_bytes(tmp_path, "n.html", page.encode()).title == "Heading"

    def test_a_page_nested_too_deeply_is_unreadable(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="nested too deeply"):
            read_bytes(tmp_path, "n.html", b"<div>" * 3000 + b"x")


class TestPdf:
    def test_pages_begin_where_page_starts_says(self, tmp_path: Path) -> None:
        pages = ("Hello caf\xe9,", "a hyphen-", "ated word, x-", "1"), (), ("Page three",)
        document = read_bytes(tmp_path, "n.pdf", pdf(*pages, title="A title"))
        assert (document.kind, document.title) == ("pdf", "A title")
        assert document.text == "Hello café,\na hyphenated word, x-1\n\n\n\nPage three"
        assert [document.text[start : start + 5] for start in document.page_starts] == ["Hello", "\n\nPag", "Page "]

    @pytest.mark.parametrize("title", ["", "Microsoft Word - draft.doc", "scan_001.pdf", "Untitled"])
    def test_a_title_that_a_program_made_up_is_none(self, tmp_path: Path, title: str) -> None:
        assert read_bytes(tmp_path, "user-guide.pdf", pdf(("x",), title=title)).title == "User guide"

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            ((DATA / "locked.pdf").read_bytes(), "is a PDF that wants a password: save a copy without one"),
            (pdf((), ()), "is a PDF of pictures without text: run text recognition (OCR) over it first"),
            (b"%PDF-1.4\nno more", "is no PDF, or a broken one"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, tmp_path: Path, data: bytes, reason: str) -> None:
        with pytest.raises(Unreadable) as caught:
            read_bytes(tmp_path, "n.pdf", data)
        assert caught.value.reason == reason

    def test_threads_may_read_at_the_same_time(self, tmp_path: Path) -> None:
        (tmp_path / "n.pdf").write_bytes(pdf(*((f"Page {number}",) for number in range(20))))
        note = note_of(tmp_path / "n.pdf")
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(read, [note] * 40)) == {read(note)}


def sound(folder: Path, name: str, data: bytes) -> bool:
    """Whether ``data`` is refused with a reason, or makes a document of which all is true that is promised of any."""
    try:
        document = read_bytes(folder, name, data)
    except Unreadable as error:
        return bool(error.reason)
    texts = (document.text, document.title, *document.tags, *document.aliases)
    return (
        "\r" not in document.text
        and all(text.encode("utf-8").decode("utf-8") == text and "\0" not in text for text in texts)
        and bool(document.text.strip() and document.title)
        and 0 <= document.body_start <= len(document.text)
        and list(document.page_starts) == sorted(document.page_starts)
        and all(0 <= start <= len(document.text) for start in document.page_starts)
    )


_SNIPPETS = (
    b"---\n", b"title: ", b"tags: [", b'"\\ud800"', b"# ", b"```\n", b"===\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe",
    b"<table><tr><td colspan=", b"<ol start=", b"<meta charset=", b"utf-7>", b"<pre>", b"<!--", b"<![CDATA[", b"&#13;", b"&#xD800;",
    b"<svg><title>", b"%PDF-1.4\n", b"1 0 obj\n<<",
)  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.binary(max_size=200) | st.lists(st.sampled_from(_SNIPPETS) | st.binary(max_size=8), max_size=12).map(b"".join))
def test_any_bytes_make_a_sound_document_or_are_unreadable(scratch: Path, suffix: str, data: bytes) -> None:
    assert sound(scratch, f"any{suffix}", data)


@given(at=st.integers(0, len(pdf(("One",), ("Two",), title="Title")) - 1), junk=st.binary(min_size=1, max_size=4))
def test_a_damaged_pdf_makes_a_sound_document_or_is_unreadable(scratch: Path, at: int, junk: bytes) -> None:
    whole = pdf(("One",), ("Two",), title="Title")
    damaged = whole[:at] + junk + whole[at + len(junk) :]
    assert sound(scratch, "damaged.pdf", damaged)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\0\N{ZERO WIDTH NO-BREAK SPACE}")).filter(str.strip))
def test_text_in_utf8_is_read_as_written(scratch: Path, suffix: str, text: str) -> None:
    assert read_bytes(scratch, f"written{suffix}", text.encode()).text == text


def test_no_library_is_imported_before_a_file_wants_it() -> None:
    heavy = {"yaml", "bs4", "lxml", "markdownify", "pypdfium2", "charset_normalizer"}
    code = f"import sys, assistant.reading; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


# Where a note lies


def test_place_leads_back_to_every_file_that_was_found(tmp_path):
    folders = [tmp_path / "a" / "notes", tmp_path / "b" / "notes", tmp_path / "more"]
    for folder in folders:
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "one.txt").write_text("One.")
    for chosen in (folders, folders[:1]):
        found, _ = find_files(chosen, max_bytes=100)
        assert len(found) == len(chosen)
        assert [place(chosen, note.path) for note in found] == [note.file for note in found]
    assert place(folders, "elsewhere/deep/one.txt") is None
