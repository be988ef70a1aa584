"""The notes and search views without a browser: what their routes answer, take in and refuse, and that notes stay text."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.assistant import Assistant
from assistant.index.view import Record, Stat
from assistant.settings import Settings
from assistant.values import Document
from assistant.web.opening import Opening
from assistant.web.reading import LARGEST_DRAWN, note_html
from assistant.web.shelf import Shelf
from conftest import HashingEncoder
from web_support import NOTES, application_of, application_over, assistant_over, opened, written

HERE = "http://127.0.0.1:7860"
MORE = {
    "birds/old notes/crane #1?.md": "---\ntags: [tall, wading/long]\n---\n# Crane\n\nThe crane dances.\n\n## Dance\n\nIt bows and leaps.\n",
    "plain.txt": "Owls\n\nThe owl hunts by night and <b>hears</b> well.\n",
}


@dataclass(frozen=True)
class Served:
    """Notes, and the application over them."""

    notes: Assistant
    opening: Opening
    client: TestClient

    @property
    def folder(self) -> Path:
        return self.notes.settings.corpus[0]

    def files(self) -> dict[str, bytes]:
        return {file.relative_to(self.folder).as_posix(): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}

    def post(self, what: str, content: bytes = b"", **parameters: object):
        return self.client.post(f"/page/notes/{what}", params=parameters, content=content)

    def sync(self) -> dict:
        """Syncs; gives the state told afterwards."""
        assert self.post("sync").status_code == 204
        self.opening.indexing.wait()
        return self.client.get("/page/notes/state").json()


@contextmanager
def served_notes(folder: Path) -> Iterator[Served]:
    for path, text in MORE.items():
        (written(folder) / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (folder / "empty.md").touch()
    notes = assistant_over(folder, HashingEncoder())
    opening = opened(notes)
    app = application_of(opening, Settings(corpus=folder, index=notes.settings.index, max_file_mb=0.01))
    with TestClient(app, base_url=HERE) as client:
        yield Served(notes, opening, client)


@pytest.fixture(scope="module")
def still(tmp_path_factory) -> Iterator[Served]:
    """Notes that stay as they are."""
    with served_notes(tmp_path_factory.mktemp("still") / "notes") as served:
        yield served


@pytest.fixture
def own(tmp_path) -> Iterator[Served]:
    """Notes that a test may change."""
    with served_notes(tmp_path / "notes") as served:
        yield served


@pytest.fixture(scope="module")
def client(still) -> TestClient:
    return still.client


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


# The shelf


def record(path: str, title: str = "", **more) -> Record:
    return Record(path, title or path, "markdown", "", Stat(1, 1), 1, **more)


def test_notes_stand_in_the_order_of_their_tree():
    shelf = Shelf([record(path) for path in ("b.md", "a10.md", "a9.md", "z/y.md", "Z/x.md", "z/k/i.md", "A1.md")])
    assert [one.path for one in shelf.records] == ["Z/x.md", "z/k/i.md", "z/y.md", "A1.md", "a9.md", "a10.md", "b.md"]
    top = shelf.level("")
    assert {(one.path, one.notes) for one in top.folders} == {("Z", 1), ("z", 2)}
    assert [one.path for one in top.notes] == ["A1.md", "a9.md", "a10.md", "b.md"]
    assert [one.path for one in shelf.level("z").notes] == ["z/y.md"]
    assert [one.path for one in shelf.level("z").folders] == ["z/k"]


@given(st.lists(st.text(alphabet="aZ1é²٣ ./", min_size=1, max_size=8).map(lambda path: f"{path.strip('/')}x"), unique=True, min_size=1))
def test_every_note_has_its_neighbours(paths):
    shelf = Shelf([record(path) for path in paths])
    ordered = [one.path for one in shelf.records]
    assert sorted(ordered) == sorted(paths)
    for before, path in zip([None, *ordered], ordered, strict=False):
        assert (shelf.around(path)[0].path if before else shelf.around(path)[0]) == before


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("heron", ["birds/heron.md", "far/grey.md"]),
        ("her", ["birds/heron.md", "far/grey.md"]),
        ("grey heron", ["far/grey.md"]),
        ("far", ["far/grey.md"]),
        ("hreon", ["birds/heron.md", "far/grey.md"]),
        ("ECLAIR", ["éclair.md"]),
        ("zzzz", []),
        ("", ["birds/heron.md", "far/grey.md", "éclair.md"]),
    ],
)
def test_notes_are_found_by_a_part_of_their_name(words, paths):
    shelf = Shelf([record("birds/heron.md", "Heron"), record("far/grey.md", "The grey heron"), record("éclair.md", "Éclair")])
    assert [one.path for one in shelf.named(words, most=9)] == paths
    assert [one.path for one in shelf.named(words, most=1)] == paths[:1]


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("swift.md", "#notes/birds/swift.md"),
        ("./swift.md#Food", "#notes/birds/swift.md"),
        ("../up%20here.md", "#notes/up%20here.md"),
        ("birds/swift.md", "#notes/birds/swift.md"),
        ("Swift", "#notes/birds/swift.md"),
        ("up here", "#notes/up%20here.md"),
        ("The swift bird", "#notes/birds/swift.md"),
        ("https://example.com/swift.md", None),
        ("javascript:alert(1)", None),
        ("../../etc/passwd", None),
        ("#Food", None),
        ("", None),
    ],
)
def test_links_lead_to_notes_and_nowhere_else(target, address):
    shelf = Shelf([record("birds/heron.md"), record("birds/swift.md", "The swift bird"), record("up here.md")])
    assert shelf.leads("birds/heron.md")(target) == address


# The tree and the report


def test_the_tree_shows_one_level_at_a_time(client):
    top = client.get("/page/notes/tree").text
    assert re.findall(r'data-folder="([^"]*)"', top) == ["birds"]
    assert re.findall(r'data-note="([^"]*)"', top) == ["nasty.md", "plain.txt"]
    below = client.get("/page/notes/tree", params={"folder": "birds"}).text
    assert re.findall(r'data-note="([^"]*)"', below) == ["birds/heron.md", "birds/swift.md"]
    assert 'href="#notes/birds/old%20notes/crane%20%231%3F.md"' in client.get("/page/notes/tree", params={"folder": "birds/old notes"}).text


def test_a_long_list_comes_in_pieces(client, monkeypatch):
    monkeypatch.setattr("assistant.web.shelving.PAGE", 1)
    first = client.get("/page/notes/tree", params={"folder": "birds"}).text
    assert re.findall(r'data-note="([^"]*)"', first) == ["birds/heron.md"]
    assert "Show 1 more" in first and 'data-from="1" data-of="birds"' in first
    second = client.get("/page/notes/tree", params={"folder": "birds", "start": 1}).text
    assert re.findall(r'data-note="([^"]*)"', second) == ["birds/swift.md"]
    assert "more" not in second and "details" not in second


def test_the_report_tells_of_each_file(client):
    page = client.get("/page/notes/overview").text
    assert "5 notes, 5 passages, 1 file left out." in text(page)
    rows = {
        row[0]: row[1:]
        for row in ([text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line)] for line in re.findall(r"<tr>.*?</tr>", page))
        if row
    }
    assert rows["empty.md"][:2] == ["Left out: is empty", ""]
    assert rows["birds/heron.md"][:2] == ["Indexed", "1"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rows["plain.txt"][2])


def test_a_long_report_comes_in_pieces(client, monkeypatch):
    monkeypatch.setattr("assistant.web.views.notes.PAGE", 4)
    assert "Show 2 more" in client.get("/page/notes/overview").text
    rest = client.get("/page/notes/coverage", params={"start": 4}).text
    assert rest.count("<tr>") == 2 and "more" not in rest


# A note


def test_a_note_is_drawn_with_its_contents_and_its_neighbours(still):
    client = still.client
    page = client.get("/page/notes/read", params={"path": "birds/old notes/crane #1?.md"}).text
    assert '<h1 data-line="4" data-last="4">Crane</h1>' in page
    assert re.findall(r'<li data-depth="(\d)"><button type="button" data-line="(\d+)">(\w+)', page) == [
        ("0", "4", "Crane"),
        ("1", "8", "Dance"),
    ]
    assert "#tall" in page and "#wading/long" in page
    assert "tags: [" not in page
    assert str(still.folder / "birds/old notes/crane #1?.md") in unescape(page)
    assert 'aria-label="Next note: Heron"' in page and "data-previous" not in page
    assert "Verified against the file" in page


def test_text_stands_as_it_is(client):
    page = client.get("/page/notes/read", params={"path": "plain.txt"}).text
    assert '<span data-line="3">The owl hunts by night and &lt;b&gt;hears&lt;/b&gt; well.\n</span>' in page


def test_a_place_in_a_note_is_named_by_its_lines(client):
    start = NOTES["birds/heron.md"].index("The heron eats")
    page = client.get("/page/notes/read", params={"path": "birds/heron.md", "start": start, "end": start + 29}).text
    assert 'data-first="7" data-last="7" data-quote="The heron eats frogs and fish"' in page
    beyond = client.get("/page/notes/read", params={"path": "birds/heron.md", "start": 5, "end": 10**9}).text
    assert "data-quote" not in beyond


def test_no_mark_up_of_a_note_lives(client):
    page = client.get("/page/notes/read", params={"path": "nasty.md"}).text
    body = page[page.index("read-body") :]
    assert "&lt;script&gt;window.harmed = 1&lt;/script&gt;" in body
    assert not re.search(r"<(script|img|a|iframe|style|svg|object)\b", body)
    assert "javascript:" not in re.sub(r"\[here\]\(javascript:alert\(1\)\)", "", body)


def document(content: str, kind: str = "markdown", **more) -> Document:
    return Document("a.md", "A", content, "", kind, **more)


def drawn(content: str, kind: str = "markdown", **more) -> str:
    return note_html(document(content, kind, **more), (), {"other.md": "#notes/other.md"}.get)


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("[x](other.md)", '<a class="link" href="#notes/other.md">x</a>'),
        ("[[other.md]]", '<a class="link" href="#notes/other.md">other.md</a>'),
        ("[[other.md|**x** <b>]]", '<a class="link" href="#notes/other.md">**x** &lt;b&gt;</a>'),
        ("[x](https://example.com)", '<span class="link" title="https://example.com">x</span>'),
        ("[[none]]", '<span class="link" title="none">none</span>'),
        ('[x](<a"b>)', '<span class="link" title="a%22b">x</span>'),
        ("![pic](http://example.com/a.png)", '<span class="link picture" title="http://example.com/a.png">pic</span>'),
        ("<https://example.com>", '<span class="link" title="https://example.com">https://example.com</span>'),
        ("```html\n<b>\n```", '<pre tabindex="0" data-line="1" data-last="3"><code>&lt;b&gt;\n</code></pre>'),
    ],
)
def test_links_pictures_and_code_are_drawn_without_harm(content, html):
    assert html in drawn(content)


def test_blocks_bear_their_lines():
    page = drawn("---\nx: 1\n---\n# One\n\n- a\n- b\n  more\n\npara\ngraph\n\n| a |\n|---|\n| c |\n", body_start=13)
    assert re.findall(r'<(\w+) data-line="(\d+)" data-last="(\d+)"', page) == [
        ("h1", "4", "4"), ("li", "6", "6"), ("li", "7", "8"), ("p", "10", "11"), ("tr", "13", "13"), ("tr", "15", "15"),
    ]  # fmt: skip


def test_a_long_note_comes_in_parts_and_a_huge_one_as_text():
    long = "\n\n".join(f"## H {number}\n\nText." for number in range(500))
    assert drawn(long).count('class="part"') == 17
    assert drawn("word\n" * 1000, "text").count('class="part lines"') == 9
    assert "<h2" not in drawn("## H\n\n" + "x" * LARGEST_DRAWN)


def test_pages_are_named_where_they_begin():
    page = drawn("one\ntwo\nthree", "pdf", page_starts=(0, 4))
    assert re.findall(r'Page (\d)</span><span data-line="(\d)"', page) == [("1", "1"), ("2", "2")]


@given(st.text(alphabet="ab \n#*_`[]()!<>&\"'|-~:\\\t1.", max_size=200), st.sampled_from(["markdown", "text"]))
def test_whatever_a_note_holds_it_makes_no_other_elements(content, kind):
    allowed = "div|h[1-6]|p|ul|ol|li|em|strong|s|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|span"
    assert not re.search(rf"<(?!/?(?:{allowed})\b)", drawn(content, kind))


@pytest.mark.parametrize("path", ["none.md", "../notes/plain.txt", "/etc/passwd", "empty.md", ""])
def test_what_is_not_in_the_index_is_not_read(client, path):
    text = client.get("/page/notes/read", params={"path": path}).text
    assert re.fullmatch(r'<p class="notice" role="alert">There is no note [^<]* any more</p>', text)


# Taking in and taking out

NEWT = b"# New\n\nThe newt swims.\n"


def test_a_note_is_added_synced_and_found(own):
    response = own.post("add", NEWT, name="newt.md", folder="birds")
    assert (response.status_code, response.json()) == (201, {"path": "birds/newt.md"})
    before = own.client.get("/page/notes/state").json()["stamp"]
    after = own.sync()
    assert after["said"] == "Up to date: 1 added" and after["stamp"] != before
    assert "newt swims" in text(own.client.get("/page/search", params={"q": "newt "}).text)
    assert own.sync()["said"] == "Up to date: nothing had changed"


def test_a_name_that_is_taken_is_left_alone(own):
    before = own.files()
    response = own.post("add", NEWT, name="heron.md", folder="birds")
    assert response.status_code == 409 and "already" in response.text
    assert own.files() == before
    assert own.post("add", NEWT, name="heron.md", folder="birds", keep_both=True).json() == {"path": "birds/heron (2).md"}
    assert own.files() == before | {"birds/heron (2).md": NEWT}


@pytest.mark.parametrize(
    ("name", "folder", "data", "status"),
    [
        ("../../up.md", "..", b"x", 422),
        ("a.md", "/etc", b"x", 422),
        ("a.exe", "", b"x", 422),
        ("a.md", "", b"", 422),
        ("a.md", "", b"x" * 10_001, 413),
    ],
)
def test_what_does_not_belong_is_refused(still, name, folder, data, status):
    before = still.files()
    assert still.post("add", data, name=name, folder=folder).status_code == status
    assert still.files() == before


def test_a_name_with_a_way_in_it_stays_where_it_belongs(own):
    assert own.post("add", NEWT, name="../../../up.md").json() == {"path": "up.md"}
    assert own.files()["up.md"] == NEWT


def test_a_note_is_removed_into_the_trash(own):
    before = own.files()["birds/heron.md"]
    kept = Path(own.post("remove", path="birds/heron.md").json()["kept"])
    assert kept.is_relative_to(own.notes.trash) and kept.read_bytes() == before
    assert own.sync()["said"] == "Up to date: 1 removed"
    assert "There is no note" in own.client.get("/page/notes/read", params={"path": "birds/heron.md"}).text


@pytest.mark.parametrize("path", ["none.md", "../notes/plain.txt", "empty.md", "birds", ""])
def test_what_is_no_note_is_not_removed(still, path):
    before = still.files()
    assert still.post("remove", path=path).status_code == 422
    assert still.files() == before


def test_the_last_note_is_kept(tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/only.md").write_text("# Only\n")
    with TestClient(application_over(assistant_over(tmp_path / "notes", HashingEncoder())), base_url=HERE) as client:
        response = client.post("/page/notes/remove", params={"path": "only.md"})
    assert response.status_code == 422 and "last note" in response.text
    assert (tmp_path / "notes/only.md").exists()


@pytest.mark.parametrize("what", ["add?name=a.md", "remove?path=plain.txt", "sync", "stop"])
def test_nothing_is_changed_by_a_link_or_by_pages_of_other_sites(still, what):
    before = still.files()
    assert still.client.get(f"/page/notes/{what}").status_code == 404
    for origin in ("http://evil.example", "null", "http://127.0.0.1.evil.example:7860"):
        assert still.client.post(f"/page/notes/{what}", headers={"Origin": origin}, content=b"x").status_code == 403
    assert still.files() == before


def test_a_sync_that_cannot_end_says_why(own, tmp_path):
    own.folder.rename(tmp_path / "away")
    state = own.sync()
    assert state["failed"] is True and "does not exist" in state["said"]
    assert own.client.get("/page/notes/read", params={"path": "plain.txt"}).status_code == 200


def test_while_the_notes_are_opened_there_is_nothing_to_see(tmp_path):
    go_on = Event()
    opening = Opening(lambda show: go_on.wait())
    opening.start()
    with TestClient(application_of(opening, Settings(corpus=tmp_path)), base_url=HERE) as client:
        for path in (
            "notes/tree",
            "notes/named",
            "notes/overview",
            "notes/coverage",
            "notes/state",
            "notes/read?path=a",
            "search",
            "search/choices",
        ):
            assert client.get(f"/page/{path}").status_code == 503
        assert client.post("/page/notes/add?name=a.md", content=b"x").status_code == 503
    go_on.set()
    assert os.listdir(tmp_path) == []


# Searching


def found(client: TestClient, **parameters) -> list[str]:
    return re.findall(r"<bdi>([^<]*)</bdi>", client.get("/page/search", params=parameters).text)


def test_matches_are_marked_and_lead_to_their_place(client):
    page = client.get("/page/search", params={"q": "herons eat fro"}).text
    first = page[: page.index("</li>")]
    assert "<mark>Heron</mark>" in first and "<mark>eats</mark> <mark>frogs</mark>" in first
    source = unescape(re.search(r'data-source="([^"]*)"', first)[1])
    assert '<mark id="cited">' in client.get(f"/page/source?{source}").text


def test_what_is_found_stays_text(client):
    page = client.get("/page/search", params={"q": "walrus"}).text
    assert "&lt;script&gt;window.harmed = 1&lt;/script&gt;" in page
    assert not re.search(r"<(script|img|a)\b", page)
    assert "<b>" not in client.get("/page/search", params={"q": "<b>none</b>", "folder": "none"}).text


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({"folder": "birds/old notes"}, {"birds/old notes/crane #1?.md"}),
        ({"tag": "tall"}, {"birds/old notes/crane #1?.md"}),
        ({"tag": "wading"}, {"birds/old notes/crane #1?.md"}),
        ({"kind": ".txt"}, {"plain.txt"}),
        ({"folder": "birds", "kind": ".txt"}, set()),
        ({"folder": "bird"}, set()),
        ({"tag": "none"}, set()),
    ],
)
def test_filters_narrow_what_is_searched(client, filters, paths):
    assert {unescape(path) for path in found(client, q="the bird hunts", **filters)} == paths


def test_notes_are_filtered_by_their_last_change(own):
    os.utime(own.folder / "plain.txt", ns=(0, 1_000_000_000_000_000_000))
    own.sync()
    assert "plain.txt" in found(own.client, q="owl")
    assert "plain.txt" not in found(own.client, q="owl", days=365)
    assert "birds/heron.md" in found(own.client, q="owl heron", days=1)


def test_what_is_missing_is_said_in_words_that_help(client):
    assert "Nothing within these filters for <q>owl</q>" in client.get("/page/search", params={"q": "owl", "folder": "none"}).text
    assert "no note has the tag #owls" in client.get("/page/search", params={"q": "#owls"}).text
    assert "No note holds these words. Nearest in meaning" in client.get("/page/search", params={"q": "zeppelin "}).text
    empty = text(client.get("/page/search").text)
    assert "Changed lately" in empty and "exact words" in empty


def test_the_filters_offer_what_there_is(client):
    choices = client.get("/page/search/choices").text
    assert re.findall(r'<option value="([^"]+)"', choices) == [
        "birds",
        "birds/old notes",
        "tall",
        "wading/long",
        ".md",
        ".txt",
        "1",
        "7",
        "31",
        "365",
    ]


@pytest.mark.parametrize("parameters", [{"q": "x" * 4001}, {"q": "a", "days": -1}, {"q": "a", "days": "x"}])
def test_what_cannot_be_searched_for_is_refused(client, parameters):
    assert client.get("/page/search", params=parameters).status_code == 422
