"""The page for everyone: by keys and screen readers, on small screens and large letters, in either direction, over long notes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from assistant.assistant import Assistant
from assistant.values import Claim, Disagreement
from browser_support import ask, box, closing, opened_at, violations, watched
from web_support import NOTES, application_over, assistant_over, served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]

SHOWN = {
    "search": ".search-help", "search/frogs": ".result", "notes": ".coverage", "notes/hebrew.md": ".read-body", "notes/birds/swift.md": ".read-body table",
    "map": "#map-list details", "map/frogs": "#map-found .result", "study": ".flash", "settings": ".setting",
}  # fmt: skip
"""Addresses within the page, and what is there once they are shown."""


class Everything(Assistant):
    """Its answers have all that an answer may have."""

    def ask(self, question, **how):
        """See Assistant."""
        answer = super().ask(question, **how)
        if not answer.answered:
            return replace(answer, reason="No note knows the word zeppelin.")
        numbered = [replace(answer.citations[0], number=number) for number in (1, 2, 3, 4)]
        text = "**Your notes disagree:** frogs [1], insects [2].\n\nIt eats **frogs**. [1]\n\n| Food | Swift | Heron |\n| --- | --- | --- |\n| Most | insects | frogs [2] |"
        disagreement = Disagreement((Claim("frogs", 1), Claim("insects", 2)))
        return replace(
            answer, text=text, citations=tuple(numbered[:2]), further=tuple(numbered[2:]), corrections=(("eet", "eat"),),
            standalone="What does it eat?", disagreements=(disagreement,),
        )  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The address of a server whose answers have everything."""
    from conftest import HashingEncoder

    folder = tmp_path_factory.mktemp("everyone") / "notes"
    folder.mkdir()
    long = "# Long\n\n" + "".join(f"The {number}th line speaks of item{number}.\n\n" for number in range(5000))
    for path, text in {**NOTES, "long.md": long, "hebrew.md": "# שלום\n\nהאנפה אוכלת צפרדעים ודגים.\n"}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    assistant = assistant_over(folder, HashingEncoder())
    assistant.__class__ = Everything
    with served(application_over(assistant)) as address:
        yield address


@pytest.fixture
def page(browser, request) -> Iterator[Page]:
    """A page of the size and scheme that the test asks for."""
    with watched(browser, reduced_motion="reduce", **getattr(request, "param", {})) as page:
        yield page


@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_no_view_shuts_anybody_out(page, address):
    found = {}
    opened_at(page, address)
    found["the empty chat"] = violations(page)
    ask(page, "What does the heron eet?")
    page.locator("details.further summary").click()
    page.get_by_role("button", name="Bad answer").click()
    expect(page.get_by_label("Remark")).to_be_visible()
    page.locator(".chip").first.click()
    expect(page.locator("#source mark")).to_be_visible()
    found["an answer and its source"] = violations(page)
    page.keyboard.press("Escape")
    ask(page, "Which tariffs did the Zeppelin company of Ohio pay?")
    found["what is not in the notes"] = violations(page)
    for view, shown in {"search": ".search-help", "notes": ".coverage", "map": "#map-list details", "settings": ".setting"}.items():
        page.get_by_role("tab", name=view).click()
        page.locator(shown).first.wait_for()
        found[view] = violations(page)
    page.evaluate("location.hash = 'map/frogs'")
    page.locator("#map-found .result").first.wait_for()
    page.locator("#map-here").focus()
    found["a dot of the map and what is lit up"] = violations(page)
    page.get_by_role("tab", name="study").click()
    page.locator("[data-reveal]").click()
    found["an answer to a card"] = violations(page)
    page.locator("[data-grade='4']").click()
    page.locator("[data-undo]").wait_for()
    found["a card"] = violations(page)
    page.evaluate("location.hash = 'notes/hebrew.md'")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found["a note and a question back"] = violations(page)
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "page",
    [{"viewport": {"width": 360, "height": 740}}, {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}],
    indirect=True, ids=["360 px", "200 %"],
)  # fmt: skip
def test_nothing_sticks_out_of_small_screens_and_large_letters(page, address):
    width = page.viewport_size["width"]
    opened_at(page, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ask(page, "What does the heron eet?")
    page.locator("details.further summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".chip").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Chats", exact=True).click()
    expect(page.get_by_role("button", name="New chat")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New chat")).to_be_hidden()
    for address_, shown in SHOWN.items():
        page.evaluate("address => { location.hash = address; }", address_)
        page.locator(shown).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address_


def test_all_is_reached_by_keys(page, address):
    opened_at(page, address)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the question")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the question")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type("What does the heron eet?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn footer")).to_be_visible()
    seen = set()
    page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"))
    assert {"Chat", "Search", "Settings", "New chat", "Export", "Edit", "Table", "2 more places in your notes", "Copy", "Retry", "Good answer", "Bad answer"} <= seen
    page.locator(".chip").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    expect(page.locator(".chip").first).to_be_focused()
    page.get_by_role("tab", name="Chat").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#search")).to_be_visible()
    expect(page.get_by_role("tab", name="Search")).to_be_focused()


def test_the_view_is_in_the_address_and_outlives_a_reload(page, address):
    opened_at(page, address, "settings")
    page.reload()
    expect(page.locator("#settings")).to_be_visible()
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("#chat")).to_be_visible()
    page.go_back()
    expect(page.locator("#settings")).to_be_visible()


def test_what_is_written_from_right_to_left_is_shown_so(page, address):
    opened_at(page, address)
    ask(page, "האנפה אוכלת צפרדעים")
    direction = "(one) => getComputedStyle(one).direction"
    assert page.locator(".turn .question").evaluate(direction) == "rtl"
    page.locator("[data-source*='hebrew.md']").first.click()
    expect(page.locator("#source mark")).to_be_visible()
    assert page.locator("#source .lines").evaluate("(one) => getComputedStyle(one).unicodeBidi") == "plaintext"
    page.locator("#source").get_by_role("link", name="Open in Notes").click()
    for part in (page.locator(".read-body h1"), page.locator(".read-body p")):
        # It begins at the right.
        edges = "(one) => { const words = new Range(); words.selectNodeContents(one); return one.getBoundingClientRect().right - words.getBoundingClientRect().right; }"
        assert abs(part.evaluate(edges)) < 1
    page.get_by_role("tab", name="Search").click()
    page.get_by_label("Search your notes").fill("צפרדעים")
    assert page.locator(".result-text").first.evaluate(direction) == "rtl"


def test_in_a_note_of_ten_thousand_lines_the_place_is_shown_alone(page, address):
    opened_at(page, address)
    start = page.evaluate(
        """async () => {
        const text = Array.from({ length: 5000 }, (_, number) => `The ${number}th line speaks of item${number}.\\n\\n`);
        const start = "# Long\\n\\n".length + text.slice(0, 4000).join("").length;
        const button = document.createElement("button");
        button.dataset.source = `path=long.md&start=${start}&end=${start + 10}`;
        document.querySelector("#turns").append(button);
        button.click();
        return start;
    }"""
    )
    assert start > 0
    expect(page.locator("#source mark")).to_have_text("The 4000th")
    expect(page.locator("#source mark")).to_be_in_viewport()
    assert page.locator("#source .lines").evaluate("(one) => one.textContent.split('\\n').length") < 1000
    page.get_by_role("button", name="from its beginning").click()
    expect(page.locator("#source .lines")).to_contain_text("The 0th line")
    expect(page.locator("#source mark")).to_be_in_viewport()


# Settings


def test_the_theme_is_chosen_and_kept(page, address):
    opened_at(page, address, "settings")
    dark = "document.body.classList.contains('dark')"
    assert page.evaluate(dark) is False
    page.get_by_label("Dark").check()
    assert page.evaluate(dark) is True
    page.reload()
    expect(page.get_by_label("Dark")).to_be_checked()
    assert page.evaluate(dark) is True
    page.get_by_label("System").check()
    assert page.evaluate(dark) is False
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(dark)


def test_without_a_choice_the_theme_is_the_servers(browser, write, encoder):
    with served(application_over(assistant_over(write(NOTES), encoder), theme="dark")) as address, watched(browser) as page, closing(page):
        opened_at(page, address, "settings")
        expect(page.get_by_label("Dark")).to_be_checked()
        assert page.evaluate("document.body.classList.contains('dark')") is True
        page.get_by_label("System").check()
        page.reload()
        expect(page.get_by_label("System")).to_be_checked()
        assert page.evaluate("document.body.classList.contains('dark')") is False


def test_the_number_of_sources_is_chosen_for_this_browser(page, address):
    opened_at(page, address, "settings")
    sources = page.get_by_role("spinbutton", name="Sources")
    sources.fill("2")
    sources.press("Tab")
    page.get_by_role("tab", name="Chat").click()
    ask(page, "Which tariffs did the Zeppelin company of Ohio pay?")
    assert page.locator(".turn .card").count() == 2
    page.get_by_role("tab", name="Settings").click()
    expect(page.locator("[data-chats]")).to_have_text("1 chat is kept in this browser.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete all chats").click()
    expect(page.locator("[data-chats]")).to_have_text("0 chats are kept in this browser.")
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("#welcome")).to_be_visible()
