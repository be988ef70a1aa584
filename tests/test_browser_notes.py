"""Reading, adding and removing notes in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from playwright.sync_api import Page, expect

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.web.opening import Opening
from browser_support import closing, opened_at, violations, watched
from web_support import NOTES, application_of, application_over, assistant_over, opened, served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]


@contextmanager
def notes_at(page: Page, assistant: Assistant, view: str = "notes") -> Iterator[Page]:
    with served(application_over(assistant)) as address, closing(page):
        yield opened_at(page, address, view)


def read(page: Page):
    return page.locator("#notes .read")


def tree(page: Page):
    return page.get_by_role("navigation", name="Notes")


# Reading


def test_from_the_tree_to_a_note_and_on(page, address):
    opened_at(page, address, "notes")
    expect(page.locator(".overview .lead")).to_contain_text("3 notes")
    tree(page).get_by_text("birds").click()
    tree(page).get_by_role("link", name="Heron").click()
    expect(read(page).get_by_role("heading", name="Heron", level=1)).to_be_visible()
    expect(read(page).locator("h2").first).to_have_text("birds/heron.md")
    expect(tree(page).locator("[aria-current]")).to_have_text("Heron")
    expect(page).to_have_url(re.compile(r"#notes/birds/heron\.md$"))
    page.get_by_label("Next note: Swift").click()
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    expect(read(page).locator("table").first).to_contain_text("in the air")
    page.get_by_label("Previous note: Heron").click()
    expect(read(page)).to_have_attribute("data-path", "birds/heron.md")
    page.go_back()
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    page.reload()
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    expect(tree(page).locator("[aria-current]")).to_have_text("Swift")


def test_the_tree_is_walked_by_keys(page, address):
    opened_at(page, address, "notes")
    expect(tree(page)).to_contain_text("birds")
    page.get_by_label("Filter notes").press("ArrowDown")
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
        expect(tree(page).get_by_role("link", name="Heron")).to_be_visible()
    expect(tree(page).get_by_role("link", name="Swift")).to_be_focused()
    page.keyboard.press("Enter")
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    page.keyboard.press("ArrowLeft")
    expect(tree(page).locator("summary")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tree(page).get_by_role("link", name="Heron")).to_be_hidden()


def test_notes_are_filtered_by_name(page, address):
    opened_at(page, address, "notes")
    box = page.get_by_label("Filter notes")
    box.fill("swft")
    box.press("Enter")
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    box.fill("zzzz")
    expect(tree(page)).to_contain_text("No note is called that")
    box.press("Escape")
    expect(tree(page).locator("[aria-current]")).to_have_text("Swift")


def test_a_note_is_searched(page, address):
    opened_at(page, address, "notes/birds/heron.md")
    box = page.get_by_label("Find in note")
    box.fill("HERON")
    expect(page.locator("#found")).to_have_text("1 of 3")
    box.press("Enter")
    expect(page.locator("#found")).to_have_text("2 of 3")
    box.press("Shift+Enter")
    page.get_by_label("Previous match").click()
    expect(page.locator("#found")).to_have_text("3 of 3")
    assert page.evaluate("[CSS.highlights.get('found').size, String([...CSS.highlights.get('found-now')][0])]") == [3, "heron"]
    box.fill("unicorn")
    expect(page.locator("#found")).to_have_text("Not found")
    expect(page.get_by_label("Next match")).to_be_disabled()
    box.press("Escape")
    expect(page.locator("#found")).to_have_text("")


def test_notes_that_try_to_do_harm_are_text(page, address):
    opened_at(page, address, "notes/nasty.md")
    expect(read(page)).to_contain_text("<script>window.harmed = 1</script>")
    assert read(page).locator("img, script, .read-body a").count() == 0
    assert page.evaluate("window.harmed") is None


def test_what_is_not_there_is_said(page, address):
    opened_at(page, address, "notes/birds/none%20%.md")
    expect(page.locator("#desk").get_by_role("alert")).to_contain_text("There is no note")


def test_links_between_notes_are_followed(page, write, encoder):
    notes = {"a b.md": "# A\n\nSee [[Deep one]] and [that](deep/b%231.md).\n", "deep/b#1.md": "# Deep one\n\nBack to [A](../a%20b.md).\n"}
    with notes_at(page, assistant_over(write(notes), encoder), "notes/a%20b.md"):
        read(page).get_by_role("link", name="Deep one", exact=True).click()
        expect(read(page)).to_have_attribute("data-path", "deep/b#1.md")
        read(page).get_by_role("link", name="A", exact=True).click()
        expect(read(page)).to_have_attribute("data-path", "a b.md")
        read(page).get_by_role("link", name="that", exact=True).click()
        expect(read(page)).to_have_attribute("data-path", "deep/b#1.md")


LONG = "# Long\n\n" + "".join(
    f"## Part {part}\n\n" + "".join(f"Line {part}-{line} of the note.\n\n" for line in range(49)) for part in range(100)
)
"""10,000 lines."""


@pytest.mark.parametrize("name", ["long.md", "long.txt"])
def test_a_long_note_is_led_through(page, write, encoder, name):
    assert LONG.count("\n") > 10_000
    start = LONG.index("Line 77-7 of")
    with notes_at(page, assistant_over(write({name: LONG}), encoder), f"notes/{name}?start={start}&end={start + 21}"):
        cited = read(page).get_by_text("Line 77-7 of the note.")
        expect(cited).to_be_in_viewport()
        assert page.evaluate("String([...CSS.highlights.get('cited')][0])") == "Line 77-7 of the note"
        page.get_by_role("navigation", name="Contents").get_by_role("button", name="Part 3", exact=True).click()
        expect(read(page).get_by_text("Line 3-0 of the note.")).to_be_in_viewport()
        expect(cited).not_to_be_in_viewport()
        page.get_by_label("Find in note").fill("line 98-48")
        expect(page.locator("#found")).to_have_text("1 of 1")
        expect(read(page).get_by_text("Line 98-48 of the note.")).to_be_in_viewport()


def test_thousands_of_notes_stay_usable(page, write, encoder):
    notes = {f"{'flat' if number % 2 else 'deep/er'}/note {number}.md": f"# Note {number}\n\nText {number}.\n" for number in range(1400)}
    with notes_at(page, assistant_over(write(notes), encoder)):
        tree(page).get_by_text("flat").click()
        expect(tree(page).get_by_role("link")).to_have_count(500)
        expect(tree(page).get_by_role("link").nth(1)).to_have_text("Note 3")
        tree(page).get_by_role("button", name="Show 200 more").click()
        expect(tree(page).get_by_role("link")).to_have_count(700)
        expect(page.locator(".coverage tbody tr")).to_have_count(501)
        page.get_by_label("Filter notes").fill("note 1234")
        expect(tree(page).get_by_role("link").first).to_contain_text("deep/er/note 1234.md")
        tree(page).get_by_role("link").first.click()
        expect(read(page)).to_contain_text("Text 1234.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_sticks_out(browser, address, scheme):
    with watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        opened_at(page, address, "notes")
        expect(page.locator(".coverage")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        expect(tree(page)).to_be_hidden()
        page.get_by_role("button", name="All notes").click()
        tree(page).get_by_text("birds").click()
        tree(page).get_by_role("link", name="Swift").click()
        expect(read(page).locator("table").first).to_be_visible()
        expect(tree(page)).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


# Changing


@pytest.fixture
def own(page, write, encoder) -> Iterator[tuple[Page, Path]]:
    """The page on the notes, and their folder."""
    folder = write(NOTES)
    with notes_at(page, assistant_over(folder, encoder)):
        yield page, folder


def dropped(page: Page, selector: str, **files: str) -> None:
    """Drops files, name to text, on what ``selector`` finds."""
    carried = page.evaluate_handle(
        """files => {
            const carried = new DataTransfer();
            for (const [name, text] of files) carried.items.add(new File([text], name));
            return carried;
        }""",
        list(files.items()),
    )
    for event in ("dragover", "drop"):
        page.dispatch_event(selector, event, {"dataTransfer": carried})


def test_a_file_that_is_dropped_is_added_and_can_be_asked_about(own):
    page, folder = own
    expect(page.locator(".coverage")).to_be_visible()
    dropped(page, ".overview", **{"newt.md": "# Newt\n\nThe newt swims at night.\n"})
    expect(read(page)).to_contain_text("The newt swims at night.")
    expect(tree(page).get_by_role("link", name="Newt")).to_be_visible()
    expect(page.locator("#work")).to_contain_text("Up to date: 1 added")
    assert (folder / "newt.md").read_text() == "# Newt\n\nThe newt swims at night.\n"
    page.evaluate("location.hash = 'search/newt'")
    expect(page.locator(".result").first).to_contain_text("swims at night")


def test_files_are_dropped_into_the_folder_under_them(own):
    page, folder = own
    expect(tree(page)).to_contain_text("birds")
    dropped(page, '#tree [data-folder="birds"]', **{"a.md": "# Auk\n\nIt dives.\n", "b.md": "# Bittern\n\nIt booms.\n"})
    expect(page.locator("#work")).to_contain_text("Up to date: 2 added")
    assert sorted(path.name for path in (folder / "birds").iterdir()) == ["a.md", "b.md", "heron.md", "swift.md"]
    expect(page.locator(".overview .lead")).to_contain_text("5 notes")


def test_what_cannot_be_read_is_refused_in_words(own, browser):
    page, folder = own
    other = browser.new_page()
    opened_at(other, page.url.partition("/#")[0], "notes")
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Add notes").click()
    chooser.value.set_files([{"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}])
    expect(other.locator("#work.failed")).to_contain_text("'virus.exe' is of a format that is not read")
    assert not (folder / "virus.exe").exists()
    other.close()


def test_nothing_is_written_over(own, browser):
    page, folder = own
    other = browser.new_page()
    opened_at(other, page.url.partition("/#")[0], "notes/birds/heron.md")
    expect(read(other)).to_be_visible()
    dropped(other, ".read", **{"heron.md": "# Another\n\nAnother heron.\n"})
    dialog = other.get_by_role("dialog")
    expect(dialog).to_contain_text("There is already a note heron.md")
    dialog.get_by_role("button", name="Leave it").click()
    expect(dialog).to_have_count(0)
    dropped(other, ".read", **{"heron.md": "# Another\n\nAnother heron.\n"})
    dialog.get_by_role("button", name="Add under another name").click()
    expect(read(other)).to_contain_text("Another heron.")
    assert (folder / "birds/heron.md").read_text() == NOTES["birds/heron.md"]
    assert (folder / "birds/heron (2).md").exists()
    other.close()


def test_a_note_is_removed_into_the_trash_after_a_question(own):
    page, folder = own
    page.evaluate("location.hash = 'notes/birds/heron.md'")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert (folder / "birds/heron.md").exists()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(read(page)).to_have_attribute("data-path", "birds/swift.md")
    expect(tree(page).get_by_role("link", name="Heron")).to_have_count(0)
    assert not (folder / "birds/heron.md").exists()
    (kept,) = (folder.parent / ".trash").rglob("heron.md")
    assert kept.read_text() == NOTES["birds/heron.md"]


def test_a_change_outside_is_seen_by_itself_and_the_note_stays_open(page, write, encoder):
    folder = write(NOTES)
    assistant = assistant_over(folder, encoder)
    opening = opened(assistant)
    settings = Settings(corpus=folder, index=assistant.settings.index)
    with served(application_of(opening, settings)) as address, closing(page):
        opened_at(page, address, "notes/birds/heron.md")
        expect(read(page)).to_contain_text("frogs and fish")
        write({"birds/heron.md": "# Heron\n\nThe heron eats newts.\n"})
        # As what watches the folder does.
        opening.indexing.start()
        expect(read(page)).to_contain_text("The heron eats newts.")
        expect(page.locator("#work")).to_contain_text("Up to date: 1 changed")


class Slow:
    """An assistant whose syncs tell a step and wait to be told to go on."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant, self.go_on = assistant, Queue()

    def sync(self, progress) -> object:
        progress("Encoding passages", 64, 256)
        self.go_on.get(timeout=60)
        progress("Encoding passages", 128, 256)
        return self.assistant.sync(progress=progress)


def test_a_sync_shows_how_far_it_is_and_is_called_off(page, write, encoder, monkeypatch):
    assistant = assistant_over(write(NOTES), encoder)
    slow = Slow(assistant)
    opening = Opening(lambda show: assistant)
    monkeypatch.setattr(opening.indexing, "_sync", slow.sync)
    opening.start()
    opening.wait()
    with (
        served(application_of(opening, Settings(corpus=assistant.settings.corpus, index=assistant.settings.index))) as address,
        closing(page),
    ):
        opened_at(page, address, "notes")
        write({"birds/heron.md": "# Heron\n\nThe heron eats newts.\n"})
        page.get_by_role("button", name="Look for changes").click()
        bar = page.get_by_role("progressbar")
        expect(bar).to_have_js_property("value", 64)
        expect(bar).to_have_js_property("max", 256)
        expect(page.locator("#work")).to_contain_text("64 of 256")
        # Meanwhile notes are read and searched as they were.
        page.evaluate("location.hash = 'search/frogs'")
        expect(page.locator(".result", has_text="frogs and fish")).to_have_count(1)
        page.evaluate("location.hash = 'notes/birds/heron.md'")
        expect(read(page)).to_contain_text("frogs and fish")
        # It goes on when it has been called off, and not before.
        with page.expect_response(lambda answer: "/notes/stop" in answer.url):
            page.get_by_role("button", name="Stop").click()
        slow.go_on.put(None)
        expect(page.locator("#work.failed")).to_contain_text("stopped")
        expect(read(page)).to_contain_text("frogs and fish")
        page.evaluate("location.hash = 'notes'")
        page.get_by_role("button", name="Look for changes").click()
        slow.go_on.put(None)
        expect(page.locator("#work")).to_contain_text("Up to date: 1 changed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(browser, address, scheme):
    with watched(browser, color_scheme=scheme) as page:
        opened_at(page, address, "notes")
        expect(page.locator(".coverage")).to_be_visible()
        assert violations(page) == []
        page.evaluate("location.hash = 'notes/birds/swift.md'")
        page.get_by_label("Find in note").fill("swift")
        expect(page.locator("#found")).to_contain_text("1 of")
        assert violations(page) == []
