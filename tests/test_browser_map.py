"""The map in a real browser: dots to point at, to walk over and to read, and what is lit up for a question."""

import re

import pytest
from playwright.sync_api import expect

from browser_support import closing, opened_at, watched
from web_support import application_over, assistant_over, served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]

PLACE = """name => {
  const frame = document.getElementById("map-sheet").getBoundingClientRect();
  const names = [...document.querySelectorAll("#map-names span")].map(one => one.textContent);
  return [frame.left, frame.top, frame.width, frame.height, names];
}"""


@pytest.fixture
def chart(page, address):
    """The map, drawn."""
    opened_at(page, address, "map")
    expect(page.locator("#map-told")).to_have_text(re.compile(r"^\d+ passages in 3 notes$"))
    expect(page.locator("#map-list details")).not_to_have_count(0)
    return page


def here(page):
    return page.locator("#map-here")


def inked(page) -> int:
    """How many pixels of the canvas are coloured."""
    return page.evaluate(
        "() => { const c = document.getElementById('map-canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 100; return n; }"
    )


def test_walked_over_and_read_by_keys_alone(chart):
    here(chart).focus()
    expect(chart.locator("#map-tip")).to_be_visible()
    seen = {here(chart).get_attribute("aria-label")}
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 2:
        chart.keyboard.press(key)
        seen.add(here(chart).get_attribute("aria-label"))
    assert len(seen) > 2
    said = chart.locator("#map-tip span").inner_text()
    chart.keyboard.press("Enter")
    mark = chart.locator("#source mark").first
    expect(mark).to_be_visible()
    assert said.split()[-2] in mark.inner_text()
    chart.keyboard.press("Escape")
    expect(here(chart)).to_be_focused()


def test_a_dot_that_is_clicked_is_read(chart):
    here(chart).focus()
    spot = here(chart).bounding_box()
    label = here(chart).get_attribute("aria-label")
    chart.get_by_role("tab", name="Map").focus()
    chart.mouse.move(5, 300)
    chart.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    expect(chart.locator("#source mark").first).to_be_visible()
    expect(here(chart)).to_have_attribute("aria-label", label)


def test_what_fits_a_question_is_lit_up_and_survives_a_reload(chart):
    before = inked(chart)
    chart.get_by_label("Light up what fits a question").fill("What does the heron eat?")
    chart.keyboard.press("Enter")
    results = chart.locator("#map-found .result")
    expect(results.first).to_contain_text("heron", ignore_case=True)
    assert before > 0
    expect(chart).to_have_url(re.compile("#map/What%20does%20the%20heron%20eat%3F$"))
    results.first.click()
    expect(chart.locator("#source .count")).to_have_text(f"1 of {results.count()}")
    chart.reload()
    expect(results.first).to_contain_text("heron", ignore_case=True)
    chart.get_by_label("Light up what fits a question").fill("")
    expect(results).to_have_count(0)


def test_colours_by_folder_note_and_topic(chart):
    legend = chart.locator("#map-legend button")
    expect(legend.locator("bdi")).to_have_text(["birds", "Not in a folder"])
    chart.get_by_label("Colour by").select_option("note")
    expect(legend).to_have_count(3)
    everything = inked(chart)
    chart.get_by_role("button", name=re.compile("Nasty")).click()
    expect(chart.get_by_role("button", name=re.compile("Nasty"))).to_have_attribute("aria-pressed", "true")
    assert 0 < inked(chart) < everything
    chart.get_by_role("button", name=re.compile("Nasty")).click()
    assert inked(chart) == everything
    chart.get_by_label("Colour by").select_option("cluster")
    expect(legend).to_have_count(chart.locator("#map-list details").count())


def test_topics_are_a_list_too_and_lead_to_notes(chart):
    topic = chart.locator("#map-list details").first
    topic.locator("summary").click()
    link = topic.get_by_role("link").first
    name = link.inner_text()
    link.click()
    expect(chart.locator("#notes .read")).to_contain_text(name)


def test_zoomed_in_and_back(chart):
    names = chart.locator("#map-names span").first
    before = chart.evaluate(PLACE)
    here(chart).focus()
    spot = here(chart).bounding_box()
    chart.get_by_role("button", name="Zoom in").click()
    assert here(chart).bounding_box() != spot
    chart.get_by_role("button", name="Show all").click()
    assert here(chart).bounding_box() == spot
    assert chart.evaluate(PLACE) == before
    expect(names).to_be_attached()


def test_a_quote_is_shown_on_the_map(page, address):
    opened_at(page, address, "search/frogs")
    page.locator(".result", has_text="frogs and fish").click()
    page.locator("#source").get_by_role("link", name="Show on map").click()
    expect(page.locator("#map")).to_be_visible()
    expect(here(page)).to_be_focused()
    expect(page.locator("#source")).to_be_hidden()
    expect(page.locator("#map-tip")).to_contain_text("frogs and fish")
    page.keyboard.press("Enter")
    expect(page.locator("#source mark")).to_contain_text("frogs and fish")
    # A reload shows it again, and a note that is not there is said.
    page.reload()
    expect(page.locator("#map-tip")).to_contain_text("frogs and fish")
    page.evaluate("location.hash = 'map?path=none.md&start=0'")
    expect(page.locator("#map-told")).to_have_text("This note is not on the map.")


def test_notes_that_try_to_do_harm_are_text(chart):
    chart.get_by_label("Light up what fits a question").fill("walrus")
    chart.keyboard.press("Enter")
    expect(chart.locator("#map-found .result").first).to_contain_text("<script>")
    assert chart.evaluate("window.harmed") is None
    assert chart.locator("#map-view img, #map-view script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_sticks_out(browser, address, scheme):
    with watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        opened_at(page, address, "map")
        expect(page.locator("#map-legend button")).not_to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()


def test_there_is_a_map_of_a_single_word(page, write, encoder):
    with served(application_over(assistant_over(write({"one.md": "Alone"}), encoder))) as address, closing(page):
        opened_at(page, address, "map")
        expect(page.locator("#map-told")).to_have_text("1 passages in 1 note")
        here(page).focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        expect(page.locator("#source mark")).to_have_text("Alone")
