"""Flash cards in a real browser: asked, turned, graded, read where they are from, chosen and exported."""

import re

import pytest
from playwright.sync_api import expect

from browser_support import closing, opened_at, watched
from web_support import application_over, assistant_over, served

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]


@pytest.fixture
def study(page, own_address):
    opened_at(page, own_address, "study")
    expect(page.locator(".flash")).to_be_visible()
    return page


def counts(page):
    return page.locator(".study-count")


def front(page) -> str:
    return page.locator(".flash .front").inner_text()


def test_a_card_is_asked_turned_and_graded_by_keys_alone(study):
    # Both birds are defined, and the table has four cells beside its names.
    expect(counts(study)).to_have_text("0 due 6 new")
    expect(study.locator(".back")).to_be_hidden()
    asked = front(study)
    study.keyboard.press("3")
    assert front(study) == asked
    study.keyboard.press(" ")
    expect(study.locator(".back")).to_be_visible()
    expect(study.locator("[data-grade]")).to_have_text([re.compile("Again.*1 min"), re.compile("Hard"), re.compile("Good.*10 min"), re.compile("Easy.*8 days")])
    study.keyboard.press("4")
    expect(counts(study)).to_have_text("0 due 5 new")
    assert front(study) != asked
    study.keyboard.press(" ")
    expect(study.locator("[data-grade='3']")).to_be_focused()
    study.keyboard.press("1")
    # What was not known comes again soon.
    expect(counts(study)).to_have_text("1 due 4 new")


def test_a_grade_is_taken_back(study):
    expect(study.locator("[data-undo]")).to_have_count(0)
    asked = front(study)
    study.keyboard.press(" ")
    study.keyboard.press("4")
    expect(counts(study)).to_have_text("0 due 5 new")
    study.keyboard.press("u")
    expect(counts(study)).to_have_text("0 due 6 new")
    assert front(study) == asked
    expect(study.locator(".back")).to_be_hidden()
    expect(study.locator("[data-undo]")).to_have_count(0)
    study.keyboard.press(" ")
    study.keyboard.press("1")
    expect(counts(study)).to_have_text("1 due 5 new")
    study.get_by_role("button", name="Undo the last grade").click()
    expect(counts(study)).to_have_text("0 due 6 new")
    expect(study.locator(".front")).to_be_focused()


def test_all_are_learnt_in_the_end_and_stay_so(study):
    for left in range(5, -1, -1):
        study.get_by_role("button", name=re.compile("Show the answer")).click()
        study.get_by_role("button", name=re.compile("Easy")).click()
        if left:
            expect(counts(study)).to_have_text(f"0 due {left} new")
    expect(study.locator(".study-done [data-undo]")).to_be_focused()
    study.reload()
    expect(study.locator(".study-done")).to_be_visible()


def test_an_answer_leads_to_its_place(study):
    study.get_by_label("All notes").select_option("birds/swift.md")
    expect(counts(study)).to_have_text("0 due 5 new")
    study.keyboard.press("Tab")
    study.locator("[data-reveal]").click()
    answer = study.locator(".back .answer").inner_text()
    study.locator(".study-source").click()
    expect(study.locator("#source h2")).to_have_text("birds/swift.md")
    expect(study.locator("#source mark")).to_contain_text(answer.split()[-1])
    study.keyboard.press("Escape")
    expect(study.locator(".study-source")).to_be_focused()
    study.keyboard.press("2")
    expect(study.locator(".back")).to_be_hidden()


def test_cards_are_chosen_and_exported(study):
    study.get_by_label("All folders").select_option("birds")
    study.get_by_label("All notes").select_option("nasty.md")
    expect(study.locator(".study-done")).to_be_visible()
    study.get_by_label("All notes").select_option("birds/heron.md")
    expect(counts(study)).to_have_text("0 due 1 new")
    expect(study.locator(".front")).to_have_text("The heron")
    with study.expect_download() as told:
        study.get_by_role("link", name="Export to Anki").click()
    assert told.value.suggested_filename == "cards.txt"
    lines = told.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#separator:tab"
    assert lines[6:] == ["<small>Heron</small><br>The heron\tThe heron is a wading bird.<br><small>birds/heron.md, line 3</small>\tdefinition birds"]


def test_a_card_whose_note_changed_is_passed_over(page, write, encoder):
    notes = write({"a.md": "A knot is a way to tie a rope.\n", "b.md": "A sail is a sheet that takes the wind.\n"})
    assistant = assistant_over(notes, encoder)
    with served(application_over(assistant)) as address, closing(page):
        opened_at(page, address, "study")
        page.locator("[data-reveal]").click()
        asked = page.locator(".flash .front").inner_text()
        write({"a.md" if "knot" in asked else "b.md": "Something else now.\n"})
        assistant.sync()
        page.keyboard.press("3")
        expect(page.locator(".study-gone")).to_contain_text("has changed")
        expect(page.locator(".flash .front")).to_have_text({"A knot": "A sail", "A sail": "A knot"}[asked])


def test_quotes_are_text(page, write, encoder):
    notes = write({"a.md": 'Knot: a way <script>window.harmed = 1</script> to tie\n\nSail: a "sheet" & **more** of [it](javascript:alert(1)) < all\n'})
    with served(application_over(assistant_over(notes, encoder))) as address, closing(page):
        opened_at(page, address, "study")
        page.locator("[data-reveal]").click()
        expect(page.locator(".back .answer")).to_have_text('a "sheet" & more of [it](javascript:alert(1)) < all')
        assert page.locator("#study-card a, #study-card script").count() == 0
        assert page.evaluate("window.harmed") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_sticks_out(browser, address, scheme):
    with watched(browser, viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        opened_at(page, address, "study")
        page.locator("[data-reveal]").click()
        expect(page.locator("[data-grade='4']")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()
