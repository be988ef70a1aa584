"""Searching in a real browser: as it is typed, by keys alone, and with what helps where nothing is found."""

import re

import pytest
from playwright.sync_api import expect

from browser_support import closing, opened_at, violations, watched
from web_support import application_over, assistant_over, served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]


def words(page):
    return page.get_by_label("Search your notes")


@pytest.fixture
def search(page, address):
    return opened_at(page, address, "search")


def test_found_as_it_is_typed_and_read_by_keys_alone(search):
    expect(words(search)).to_be_focused()
    expect(search.locator(".search-help")).to_contain_text("Changed lately")
    search.keyboard.type("frog")
    results = search.locator(".result")
    expect(results.first).to_contain_text("eats frogs and fish")
    expect(results.first.locator("mark").first).to_have_text("frogs")
    expect(search.locator("#search-count")).to_have_text(re.compile(r"\d passages?"))
    search.keyboard.press("ArrowDown")
    expect(results.first).to_be_focused()
    search.keyboard.press("ArrowDown")
    expect(results.nth(1)).to_be_focused()
    search.keyboard.press("ArrowUp")
    search.keyboard.press("Enter")
    source = search.locator("#source")
    expect(source.locator("h2")).to_have_text("birds/heron.md")
    expect(source.locator("mark")).to_contain_text("eats frogs and fish")
    search.keyboard.press("Escape")
    expect(source).to_be_hidden()
    expect(results.first).to_be_focused()
    search.keyboard.press("Escape")
    expect(words(search)).to_be_focused()
    search.keyboard.press("Escape")
    expect(words(search)).to_have_value("")
    expect(results).to_have_count(0)
    expect(search.locator(".search-help")).to_be_visible()


def test_enter_opens_the_first_and_it_leads_on_to_the_note(search):
    words(search).fill("frogs and fish")
    expect(search.locator(".result")).not_to_have_count(0)
    search.keyboard.press("Enter")
    search.locator("#source").get_by_role("link", name="Open in Notes").click()
    expect(search.locator("#notes .read")).to_have_attribute("data-path", "birds/heron.md")
    expect(search.locator("#source")).to_be_hidden()
    assert "The heron eats frogs and fish." in search.evaluate("[...CSS.highlights.get('cited')].map(String).join()")
    search.go_back()
    expect(words(search)).to_have_value("frogs and fish")
    expect(search.locator(".result")).not_to_have_count(0)


def test_a_slash_searches_from_another_view(search):
    search.get_by_role("tab", name="Notes").click()
    expect(search.locator("#tree")).to_be_visible()
    search.get_by_role("tab", name="Notes").press("/")
    expect(words(search)).to_be_focused()
    expect(words(search)).to_have_value("")
    search.keyboard.type("a/b")
    expect(words(search)).to_have_value("a/b")


def test_a_search_survives_a_reload(page, address):
    opened_at(page, address, "search")
    words(page).fill("100% #frogs? & so")
    expect(page).to_have_url(re.compile(r"#search/100%25%20%23frogs%3F%20%26%20so$"))
    page.reload()
    expect(words(page)).to_have_value("100% #frogs? & so")


def test_filters_narrow_it_and_are_cleared_in_one_go(search):
    words(search).fill("bird")
    expect(search.locator(".result-place", has_text="nasty.md")).to_have_count(1)
    search.get_by_label("All folders").select_option("birds")
    expect(search.locator(".result-place", has_text="nasty.md")).to_have_count(0)
    expect(search.locator(".result-place", has_text="birds/heron.md")).to_have_count(1)
    search.get_by_role("button", name="Clear filters").click()
    expect(search.locator(".result-place", has_text="nasty.md")).to_have_count(1)
    expect(search.get_by_label("All folders")).to_have_value("")
    expect(search.get_by_role("button", name="Clear filters")).to_be_hidden()


def test_what_is_not_found_is_said_with_a_way_on(search):
    words(search).fill("heron #none")
    expect(search.locator(".search-nothing")).to_contain_text("no note has the tag #none")
    words(search).fill("zeppelin ")
    expect(search.locator("#search-found")).to_contain_text("No note holds these words. Nearest in meaning")
    expect(search.locator(".result").first).to_contain_text("by meaning")


def test_what_is_found_is_text(search):
    words(search).fill('walrus "<script>"')
    expect(search.locator(".search-nothing, .result").first).to_be_visible()
    words(search).fill("walrus")
    expect(search.locator(".result").first).to_contain_text("<script>window.harmed = 1</script>")
    assert search.locator("#search-found img, #search-found script").count() == 0
    assert search.evaluate("window.harmed") is None


def test_a_late_answer_to_earlier_words_is_dropped(search):
    held = []
    search.route(re.compile(r"page/search\?q=walrus"), lambda route: held.append(route))
    with search.expect_request(re.compile(r"page/search\?q=walrus")):
        words(search).fill("walrus")
    words(search).fill("swift ")
    first = search.locator(".result b").first
    expect(first).to_have_text("Swift")
    # The words before are answered only now.
    for route in held:
        route.fulfill(body='<ol><li><button class="result"><b>Walrus</b></button></li></ol>')
    words(search).fill("swift bird")
    expect(search.locator(".result mark", has_text="bird")).not_to_have_count(0)
    expect(first).to_have_text("Swift")


def test_a_note_is_opened_by_a_part_of_its_name(search):
    search.keyboard.press("Control+k")
    dialog = search.get_by_role("dialog", name="Open a note")
    expect(dialog.get_by_role("option")).to_have_count(3)
    search.keyboard.type("bird")
    expect(dialog.get_by_role("option")).to_have_count(2)
    search.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("option", name=re.compile("Swift"))).to_have_attribute("aria-selected", "true")
    search.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(search.locator("#notes .read")).to_have_attribute("data-path", "birds/swift.md")
    search.keyboard.press("Control+k")
    search.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_sticks_out(browser, address, scheme):
    with watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        opened_at(page, address, "search/frogs")
        expect(page.locator(".result")).not_to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        words(page).press("Enter")
        expect(page.locator("#source mark")).to_be_in_viewport()
        page.close()


def test_many_notes_are_searched_while_it_is_typed(page, write, encoder):
    notes = {f"folder {number % 7}/note {number}.md": f"# Note {number}\n\nIt tells of thing{number} and more.\n" for number in range(300)}
    with served(application_over(assistant_over(write(notes), encoder))) as address, closing(page):
        opened_at(page, address, "search")
        words(page).press_sequentially("thing123", delay=5)
        expect(page.locator(".result").first).to_contain_text("thing123")
        expect(page.locator(".result").first.locator("mark").last).to_have_text("thing123")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(browser, address, scheme):
    with watched(browser, color_scheme=scheme) as page:
        opened_at(page, address, "search")
        expect(page.locator(".search-help")).to_be_visible()
        assert violations(page) == []
        words(page).fill("the heron eats zeppelins")
        expect(page.locator(".result")).not_to_have_count(0)
        assert violations(page) == []
        page.keyboard.press("Control+k")
        expect(page.get_by_role("option")).not_to_have_count(0)
        assert violations(page) == []
