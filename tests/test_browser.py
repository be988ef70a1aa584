"""The page in a real browser: Chromium without a window, on a server of this machine, with no way to anywhere else."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.settings import Settings
from assistant.web.opening import Opening
from web_support import NOTES, application_of, application_over, assistant_over, served

# What Gradio's queue asks of pandas, newer ones warn of; as an error that would end a task of the queue.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = f"none of {', '.join(NAMES)} was found: install Chromium (Debian: apt-get install chromium)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page that fails its test for a request that leaves this machine, for an error in a script, and for a breach of the page's policy."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("request", lambda request: _is_local(request.url) or wrong.append(f"asked for {request.url}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda message: message.type == "error" and wrong.append(f"console: {message.text}"))
    page.route(lambda url: not _is_local(url), lambda route: route.abort())
    yield page
    page.close()
    assert wrong == []


def _is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.hostname == "127.0.0.1" or parts.scheme in ("data", "blob", "about")


@pytest.fixture
def address(page, write, encoder) -> Iterator[str]:
    with served(application_over(assistant_over(write(NOTES), encoder))) as address, closing(page):
        yield address


@contextmanager
def closing(page: Page) -> Iterator[None]:
    """Closes the page before its server stops: it would report that it cannot reach it any more, which is no error of its own."""
    yield
    page.close()


@pytest.fixture
def chat(page, address) -> Page:
    """The page, ready to be asked."""
    page.goto(address)
    expect(_box(page)).to_be_enabled()
    return page


def _box(page: Page):
    return page.get_by_label("Question")


def _ask(page: Page, question: str) -> None:
    before = page.locator(".turn").count()
    _box(page).fill(question)
    _box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_ask_read_and_see_where_it_stands(chat):
    _ask(chat, "What does the heron eat?")
    answer = chat.locator(".turn .answer")
    expect(answer).to_contain_text("The heron eats frogs and fish.")
    expect(_box(chat)).to_have_value("")
    chip = answer.locator(".chip").first
    expect(chip).to_have_attribute("aria-label", re.compile(r"Source 1: birds/\w+\.md, line \d+"))
    chip.click()
    source = chat.get_by_role("complementary", name="Source")
    expect(source.locator("h2")).to_have_text("birds/heron.md")
    expect(source.locator("mark")).to_contain_text("heron eats frogs and fish")
    expect(source.locator("mark")).to_be_in_viewport()
    expect(source.locator(".crumbs")).to_contain_text("Food")
    expect(source.locator(".place")).to_contain_text("Line")
    expect(source.locator(".place")).to_contain_text("Verified against the file")


def test_from_source_to_source_by_keys_and_back(chat):
    _ask(chat, "Where does the swift sleep, and what does the heron eat?")
    cards = chat.locator(".card")
    assert cards.count() > 1
    cards.first.click()
    source = chat.locator("#source")
    expect(source.locator(".count")).to_have_text(f"1 of {cards.count()}")
    chat.keyboard.press("ArrowRight")
    expect(source.locator(".count")).to_have_text(f"2 of {cards.count()}")
    expect(cards.nth(1)).to_have_attribute("aria-current", "true")
    source.get_by_label("Previous source").click()
    expect(source.locator(".count")).to_have_text(f"1 of {cards.count()}")
    chat.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(cards.first).to_be_focused()


def test_notes_that_try_to_do_harm_are_text(chat):
    _ask(chat, "What does the walrus say to all?")
    answer = chat.locator(".turn .answer")
    expect(answer).to_contain_text("<script>window.harmed = 1</script>")
    expect(answer).to_contain_text("<img src=http://example.com/a.png onerror=alert(1)>")
    answer.locator(".chip").first.click()
    expect(chat.locator("#source mark")).to_contain_text("<script>window.harmed = 1</script>")
    assert chat.locator(".turn img, .turn script, .turn a, #source img, #source script, #source a").count() == 0
    assert chat.evaluate("window.harmed") is None


def test_a_question_that_tries_to_do_harm_is_text(chat):
    nasty = '<img src=x onerror="window.harmed = 1"> ${window.harmed = 2} {{heron}}'
    _ask(chat, nasty)
    expect(chat.locator(".question")).to_have_text(nasty)
    assert chat.evaluate("window.harmed") is None


def test_what_is_typed_while_an_answer_grows_stays(chat):
    _box(chat).fill("What does the heron eat?")
    _box(chat).press("Enter")
    chat.locator(".turn").wait_for()
    _box(chat).press_sequentially("Where does the swift sleep?")
    expect(chat.locator(".turn footer")).to_be_visible()
    expect(_box(chat)).to_have_value("Where does the swift sleep?")


def test_enter_sends_and_shift_enter_breaks_the_line(chat):
    _box(chat).fill("What does the")
    _box(chat).press("Shift+Enter")
    _box(chat).press_sequentially("heron eat?")
    expect(_box(chat)).to_have_value("What does the\nheron eat?")
    assert chat.locator(".turn").count() == 0
    _box(chat).press("Enter")
    expect(chat.locator(".turn .question")).to_have_text("What does the\nheron eat?")


def test_an_address_can_ask(page, address):
    page.goto(f"{address}/?q=What+does+the+heron+eat%3F")
    expect(page.locator(".turn .question")).to_have_text("What does the heron eat?")
    expect(page.locator(".turn .answer")).to_contain_text("frogs and fish")


def test_examples_are_asked_by_a_click(chat):
    example = chat.locator("#examples button:visible").first
    question = example.inner_text()
    example.click()
    expect(chat.locator(".turn .question")).to_have_text(question)
    expect(chat.locator(".turn .chip").first).to_be_visible()
    expect(chat.locator("#welcome")).to_be_hidden()


def test_what_is_not_in_the_notes_is_said_with_what_is_near(chat):
    _ask(chat, "Which tariffs govern zeppelin manufacturing?")
    expect(chat.locator(".turn")).to_contain_text("This is not in your notes.")
    expect(chat.locator(".turn")).to_contain_text("The nearest passages")
    chat.locator(".card").first.click()
    expect(chat.locator("#source mark")).to_be_visible()


def test_what_cannot_be_asked_is_kept(chat):
    _box(chat).fill("x" * 5000)
    _box(chat).press("Enter")
    expect(chat.get_by_role("alert")).to_contain_text("at most 4000")
    expect(_box(chat)).to_have_value("x" * 5000)
    _ask(chat, "What does the heron eat?")
    expect(chat.get_by_role("alert")).to_have_count(0)


def test_a_new_chat_knows_nothing_of_the_last(chat):
    _ask(chat, "What does the heron eat?")
    chat.get_by_role("button", name="New chat").click()
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.locator("#welcome")).to_be_visible()


def test_two_readers_have_a_chat_each(chat, browser, address):
    _ask(chat, "What does the heron eat?")
    other = browser.new_page()
    other.goto(address)
    expect(_box(other)).to_be_enabled()
    assert other.locator(".turn").count() == 0
    other.close()


def test_the_last_question_comes_back_to_be_changed(chat):
    _ask(chat, "What does the heron eat?")
    _box(chat).press("ArrowUp")
    expect(_box(chat)).to_have_value("What does the heron eat?")


def test_the_page_waits_for_the_notes_and_goes_on_by_itself(page, write, encoder):
    assistant = assistant_over(write(NOTES), encoder)
    go_on = Event()

    def slow(show):
        show("Encoding passages", 3, 12)
        go_on.wait()
        return assistant

    opening = Opening(slow)
    opening.start()
    with served(application_of(opening, Settings())) as address, closing(page):
        page.goto(address)
        expect(page.locator("#status")).to_contain_text("Encoding passages")
        expect(page.locator("#status")).to_contain_text("3 of 12")
        expect(_box(page)).to_be_disabled()
        go_on.set()
        expect(_box(page)).to_be_enabled()
        expect(page.locator("#status")).to_contain_text("Ask your notes")


def test_what_stands_in_the_way_is_on_the_page(page, tmp_path):
    from assistant.assistant import Assistant

    opening = Opening(lambda show: Assistant.open(Settings(corpus=tmp_path / "none", index=tmp_path / "index"), progress=show))
    opening.start()
    with served(application_of(opening, Settings())) as address, closing(page):
        page.goto(address)
        expect(page.get_by_role("alert")).to_contain_text("does not exist")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_sticks_out(browser, address, scheme):
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.goto(address)
    expect(_box(page)).to_be_enabled()
    _ask(page, "What does the heron eat?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".chip").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    assert page.evaluate("document.body.classList.contains('dark')") is (scheme == "dark")
    page.close()
