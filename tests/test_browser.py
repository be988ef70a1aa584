"""The chat in a real browser, on a server of this machine."""

import re
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from assistant.feedback import Feedback
from assistant.settings import Settings
from assistant.web.opening import Opening
from assistant.web.policy import Policy
from assistant.web.starting import starting
from browser_support import ask, box, closing, opened_at, violations
from web_support import NOTES, application_of, application_over, assistant_over, served

# What Gradio's queue asks of pandas, newer ones warn of; as an error that would end a task of the queue.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing")]


@pytest.fixture
def chat(page, address) -> Page:
    """The page, ready to be asked."""
    return opened_at(page, address)


@pytest.fixture
def own_chat(page, own_address) -> Page:
    """The page over notes that this test may change."""
    return opened_at(page, own_address)


def test_ask_read_and_see_where_it_stands(chat):
    ask(chat, "What does the heron eat?")
    answer = chat.locator(".turn .answer")
    expect(answer).to_contain_text("The heron eats frogs and fish.")
    expect(box(chat)).to_have_value("")
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


def test_a_mark_shows_its_quote_and_a_card_that_it_still_stands(chat):
    ask(chat, "What does the heron eat?")
    expect(chat.locator(".chip").first).to_have_attribute("title", re.compile("heron eats frogs and fish"))
    expect(chat.locator(".card .standing").first).to_have_text("verified")


def test_a_source_that_changed_is_said_so(own_chat, notes_folder):
    ask(own_chat, "What does the heron eat?")
    expect(own_chat.locator(".card .standing").first).to_have_text("verified")
    for file in notes_folder.rglob("*.md"):
        file.write_text("# Another\n", encoding="utf-8")
    own_chat.reload()
    expect(own_chat.locator(".turn .card .standing").first).to_have_text("the source changed since")


def test_from_source_to_source_by_keys_and_back(chat):
    ask(chat, "Where does the swift sleep, and what does the heron eat?")
    cards = chat.locator(".card:visible")
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
    ask(chat, "What does the walrus say to all?")
    answer = chat.locator(".turn .answer")
    expect(answer).to_contain_text("<script>window.harmed = 1</script>")
    expect(answer).to_contain_text("<img src=http://example.com/a.png onerror=alert(1)>")
    answer.locator(".chip").first.click()
    expect(chat.locator("#source mark")).to_contain_text("<script>window.harmed = 1</script>")
    assert chat.locator(".turn img, .turn script, .turn a, #source img, #source script, #source .note a").count() == 0
    assert chat.evaluate("window.harmed") is None


def test_a_question_that_tries_to_do_harm_is_text(chat):
    nasty = '<img src=x onerror="window.harmed = 1"> ${window.harmed = 2} {{heron}}'
    ask(chat, nasty)
    expect(chat.locator(".question")).to_have_text(nasty)
    assert chat.evaluate("window.harmed") is None


def test_what_is_typed_while_an_answer_grows_stays(chat):
    box(chat).fill("What does the heron eat?")
    box(chat).press("Enter")
    chat.locator(".turn").wait_for()
    # Emptied once, when the question has been taken.
    expect(box(chat)).to_have_value("")
    box(chat).press_sequentially("Where does the swift sleep?")
    expect(chat.locator(".turn footer")).to_be_visible()
    expect(box(chat)).to_have_value("Where does the swift sleep?")


def test_enter_sends_and_shift_enter_breaks_the_line(chat):
    box(chat).fill("What does the")
    box(chat).press("Shift+Enter")
    box(chat).press_sequentially("heron eat?")
    expect(box(chat)).to_have_value("What does the\nheron eat?")
    assert chat.locator(".turn").count() == 0
    box(chat).press("Enter")
    expect(chat.locator(".turn .question")).to_have_text("What does the\nheron eat?")


def test_an_address_can_ask(page, address):
    page.goto(f"{address}/?q=What+does+the+heron+eat%3F")
    expect(page.locator(".turn .question")).to_have_text("What does the heron eat?")
    expect(page.locator(".turn .answer")).to_contain_text("frogs and fish")
    # Once: when it is answered, a reload shows what was asked.
    expect(page).to_have_url(re.compile(r"/(#chat)?$"))
    page.reload()
    expect(page.locator(".turn .question")).to_have_text("What does the heron eat?")
    expect(page.locator("#chats li")).to_have_count(1)


def test_examples_are_asked_by_a_click(chat):
    example = chat.get_by_role("list", name="Examples").get_by_role("button").first
    question = example.inner_text()
    example.click()
    expect(chat.locator(".turn .question")).to_have_text(question)
    expect(chat.locator(".turn .chip").first).to_be_visible()
    expect(chat.locator("#welcome")).to_be_hidden()


def test_what_is_not_in_the_notes_is_said_with_what_is_near(chat):
    ask(chat, "Which tariffs did the Zeppelin company of Ohio pay?")
    expect(chat.locator(".turn")).to_contain_text("This is not in your notes.")
    expect(chat.locator(".turn")).to_contain_text("The nearest passages")
    chat.locator(".card").first.click()
    expect(chat.locator("#source mark")).to_be_visible()


def test_what_cannot_be_asked_is_kept(chat):
    box(chat).fill("x" * 5000)
    box(chat).press("Enter")
    expect(chat.get_by_role("alert")).to_contain_text("at most 4000")
    expect(box(chat)).to_have_value("x" * 5000)
    ask(chat, "What does the heron eat?")
    expect(chat.get_by_role("alert")).to_have_count(0)


def test_a_new_chat_knows_nothing_of_the_last(chat):
    ask(chat, "What does the heron eat?")
    chat.get_by_role("button", name="New chat").click()
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.locator("#welcome")).to_be_visible()


def test_chats_outlive_a_reload_and_are_listed(chat):
    ask(chat, "What does the heron eat?")
    chat.get_by_role("button", name="New chat").click()
    ask(chat, "Where does the swift sleep?")
    chat.reload()
    expect(chat.locator(".turn .question")).to_have_text("Where does the swift sleep?")
    names = chat.locator("#chats .open")
    expect(names).to_have_text(["Where does the swift sleep?", "What does the heron eat?"])
    names.nth(1).click()
    expect(chat.locator(".turn .question")).to_have_text("What does the heron eat?")
    # What is shown again is alive: its sources open, and follow-ups know what came before.
    chat.locator(".chip").first.click()
    expect(chat.locator("#source mark")).to_contain_text("frogs and fish")
    expect(box(chat)).to_be_enabled()
    ask(chat, "And what does it say of food?")
    expect(chat.locator(".understood").last).to_contain_text("heron")


def test_a_chat_is_renamed_and_deleted(chat):
    ask(chat, "What does the heron eat?")
    chat.get_by_role("button", name="Rename What does the heron eat?").click()
    chat.get_by_label("Name of the chat").fill("Herons")
    chat.get_by_label("Name of the chat").press("Enter")
    expect(chat.locator("#chats .open")).to_have_text(["Herons"])
    chat.on("dialog", lambda dialog: dialog.accept())
    chat.get_by_role("button", name="Delete Herons").click()
    expect(chat.locator("#chats li")).to_have_count(0)
    expect(chat.locator("#welcome")).to_be_visible()
    assert chat.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('chat:'))") == []


def test_a_question_is_edited_in_its_place(chat):
    ask(chat, "What does the heron eat?")
    ask(chat, "What is the gnu?")
    first = chat.locator(".turn").first
    first.get_by_role("button", name="Edit").click()
    editing = first.get_by_label("Edit the question")
    expect(editing).to_be_focused()
    editing.press("Escape")
    expect(first.locator(".question")).to_have_text("What does the heron eat?")
    first.get_by_role("button", name="Edit").click()
    editing.fill("Where does the swift sleep?")
    editing.press("Enter")
    expect(chat.locator(".turn:not([aria-busy]) .question")).to_have_text(["Where does the swift sleep?", "What is the gnu?"])
    expect(first.locator(".answer")).to_contain_text("sleeps in the air")


def test_what_was_understood_is_edited_and_stands_alone(chat):
    ask(chat, "What does the heron eat?")
    ask(chat, "And where does it wait?")
    turn = chat.locator(".turn").last
    turn.locator(".understood").get_by_role("button", name="Edit").click()
    editing = turn.get_by_label("Edit the question")
    expect(editing).to_have_value(re.compile("heron wait"))
    editing.fill("Where does it wait in shallow water?")
    editing.press("Enter")
    expect(chat.locator(".turn:not([aria-busy]) .question").last).to_have_text("Where does it wait in shallow water?")
    expect(chat.locator(".turn").last.locator(".understood")).to_have_count(0)


def test_a_question_is_asked_again(own_chat, notes_folder):
    ask(own_chat, "What does the heron eat?")
    file = notes_folder / "birds/heron.md"
    file.write_text(file.read_text(encoding="utf-8").replace("frogs and fish", "newts and fish"), encoding="utf-8")
    own_chat.get_by_role("button", name="Retry").click()
    expect(own_chat.locator(".turn .answer")).to_contain_text("newts and fish")
    assert own_chat.locator(".turn").count() == 1


def test_an_answer_is_stopped_and_its_question_comes_back(page, write, encoder):
    assistant = assistant_over(write(NOTES), encoder)
    go_on = Event()
    # The examples are asked too.
    go_on.set()

    class Slow(type(assistant)):
        def ask(self, *arguments, **how):
            go_on.wait(60)
            return super().ask(*arguments, **how)

    assistant.__class__ = Slow
    with served(application_over(assistant)) as address, closing(page):
        opened_at(page, address)
        go_on.clear()
        box(page).fill("What does the heron eat?")
        box(page).press("Enter")
        expect(page.locator(".turn")).to_contain_text("Looking through your notes")
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".turn")).to_have_count(0)
        expect(box(page)).to_have_value("What does the heron eat?")
        go_on.set()
        ask(page, "Where does the swift sleep?")
        expect(page.locator(".turn .question")).to_have_text("Where does the swift sleep?")


def test_an_answer_is_copied_with_its_sources(chat):
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(chat, "What does the heron eat?")
    chat.get_by_role("button", name="Copy").click()
    expect(chat.get_by_role("button", name="Copied")).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert "The heron eats frogs and fish." in copied
    assert re.search(r"^\[1\] birds/\w+\.md, line \d+$", copied, re.M)


def test_a_chat_is_taken_along_as_markdown(chat, tmp_path):
    ask(chat, "What does the heron eat?")
    ask(chat, "Which tariffs did the Zeppelin company of Ohio pay?")
    with chat.expect_download() as download:
        chat.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "What does the heron eat.md"
    download.value.save_as(tmp_path / "chat.md")
    text = (tmp_path / "chat.md").read_text(encoding="utf-8")
    assert text.startswith("# What does the heron eat?\n\n## What does the heron eat?\n\n")
    assert "birds/heron.md, line 7" in text
    assert "## Which tariffs did the Zeppelin company of Ohio pay?\n\nThis is not in your notes." in text


def test_a_verdict_is_kept_remarked_upon_and_taken_back(own_chat, notes_folder):
    feedback = Feedback.beside(notes_folder.parent / "index")
    ask(own_chat, "What does the heron eat?")
    good = own_chat.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    own_chat.get_by_label("Remark").fill("Just so")
    own_chat.get_by_label("Remark").press("Enter")
    expect(own_chat.get_by_role("status").filter(has_text="with your remark")).to_be_visible()
    (kept,) = feedback.verdicts()
    assert (kept.question, kept.good, kept.remark) == ("What does the heron eat?", True, "Just so")
    assert any("The heron eats frogs and fish." in place.quote for place in kept.evidence)
    own_chat.reload()
    expect(good).to_have_attribute("aria-pressed", "true")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "false")
    assert feedback.verdicts() == ()


def test_two_readers_have_a_chat_each(chat, browser, address):
    ask(chat, "What does the heron eat?")
    other = browser.new_page()
    other.goto(address)
    expect(box(other)).to_be_enabled()
    assert other.locator(".turn").count() == 0
    assert other.locator("#chats li").count() == 0
    other.close()


def test_the_last_question_comes_back_to_be_changed(chat):
    ask(chat, "What does the heron eat?")
    box(chat).press("ArrowUp")
    expect(box(chat)).to_have_value("What does the heron eat?")


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
        expect(page.locator("#welcome")).to_contain_text("Encoding passages")
        expect(page.locator("#welcome")).to_contain_text("3 of 12")
        expect(box(page)).to_be_disabled()
        go_on.set()
        expect(box(page)).to_be_enabled()
        expect(page.locator("#welcome")).to_contain_text("Ask your notes")


def test_what_is_typed_in_the_first_moments_is_asked_and_what_is_begun_is_kept(page, write, encoder):
    app, first = application_over(assistant_over(write(NOTES), encoder)), Policy(starting)
    loaded = Event()

    async def loading(scope, receive, send):
        await (app if loaded.is_set() or scope["type"] == "lifespan" else first)(scope, receive, send)

    with served(loading) as address, closing(page):
        page.goto(f"{address}/#chat")
        expect(box(page)).to_be_focused()
        assert violations(page) == []
        box(page).fill("What does the heron eat?")
        box(page).press("Enter")
        expect(page.get_by_role("status")).to_contain_text("is asked as soon as the page is ready")
        loaded.set()
        expect(page.locator(".turn .answer")).to_contain_text("frogs and fish")
        # What the page asks of its sources is answered before there is nobody to answer it.
        expect(page.locator(".turn .standing").first).to_have_class(re.compile(r"standing \w+"))
        loaded.clear()
        page.reload()
        box(page).fill("Where does the")
        loaded.set()
        expect(page.locator("#question textarea")).to_have_value("Where does the")


def test_a_server_that_is_gone_is_said_and_the_question_comes_back(page, notes_folder, encoder):
    with served(application_over(assistant_over(notes_folder, encoder))) as address, closing(page):
        opened_at(page, address)
        page.route("**/page/ask", lambda route: route.fulfill(body='{"growing": "<article><h2>A</h2></article>"}\n{"grow'))
        box(page).fill("What does the heron eat?")
        box(page).press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("The answer broke off")
        expect(box(page)).to_have_value("What does the heron eat?")
        expect(page.locator(".turn")).to_have_count(0)
        page.unroute("**/page/ask")
        box(page).press("Enter")
        expect(page.locator(".turn .answer")).to_contain_text("frogs and fish")
        expect(page.get_by_role("alert")).to_have_count(0)


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
    expect(box(page)).to_be_enabled()
    ask(page, "What does the heron eat?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator(".chip").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    assert page.evaluate("document.body.classList.contains('dark')") is (scheme == "dark")
    page.close()
