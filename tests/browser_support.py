"""What the tests in a real browser share: Chromium without a window, with no way to anywhere else, and pages that notice what goes wrong."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

expect.set_options(timeout=15_000)

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip

LEAVING = ("AbortError: signal is aborted without reason", "Unexpected error Connection errored out.")
"""What Gradio writes to the console where a page is left, or loaded again, while one of its streams is open."""


@contextmanager
def launched() -> Iterator[Browser]:
    """The Chromium that is installed. Without one the test is skipped, and fails where all tests must run."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = f"none of {', '.join(NAMES)} was found: install Chromium (Debian: apt-get install chromium)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, **how: object) -> Iterator[Page]:
    """A page that fails its test for a request that leaves this machine, for an error in a script, and for a breach of the page's policy.

    It remembers nothing of the pages before it. ``how`` are options of its context.
    """
    page = _context(browser, **({"viewport": {"width": 1280, "height": 800}} | how)).new_page()
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("request", lambda request: is_local(request.url) or wrong.append(f"asked for {request.url}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("console", lambda message: message.type == "error" and not message.text.startswith(LEAVING) and wrong.append(f"console: {message.text} {message.location}"))
    page.route(lambda url: not is_local(url), lambda route: route.abort())
    try:
        yield page
    finally:
        # A server of the test's own has an origin of its own, which nobody comes back to.
        if not page.is_closed():
            page.evaluate("location.protocol.startsWith('http') && localStorage.clear()")
            page.close()
    assert wrong == [], wrong


_CONTEXTS: WeakKeyDictionary[Browser, dict[str, BrowserContext]] = WeakKeyDictionary()


def _context(browser: Browser, **how: object) -> BrowserContext:
    """The context of ``browser`` with these options: pages that share one find what the page consists of in its cache, and come up in half of the time."""
    made = _CONTEXTS.setdefault(browser, {})
    key = repr(sorted(how.items()))
    if key not in made:
        made[key] = browser.new_context(**how)
    return made[key]


def is_local(url: str) -> bool:
    """Whether ``url`` stays on this machine."""
    parts = urlsplit(url)
    return parts.hostname == "127.0.0.1" or parts.scheme in ("data", "blob", "about")


@contextmanager
def closing(page: Page) -> Iterator[None]:
    """Closes the page before its server stops: it would report that it cannot reach it any more, which is no error of its own."""
    try:
        yield
    finally:
        page.close()


def box(page: Page) -> Locator:
    """Where questions are typed."""
    return page.get_by_label("Question", exact=True)


def opened_at(page: Page, address: str, view: str = "chat") -> Page:
    """The page at ``address``, ready, showing ``view``, which may go on as its part of the address does."""
    page.goto(f"{address}/#{view}")
    expect(page.locator(f"#{view.partition('/')[0]}")).to_be_visible()
    expect(page.locator("#question textarea")).to_be_enabled()
    return page


def ask(page: Page, question: str) -> None:
    """Asks in the chat, and returns when the whole answer is there."""
    before = page.locator(".turn").count()
    box(page).fill(question)
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds on the page as it is that shuts somebody out: the rule and the element, for each that is serious or critical."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], node["html"][:200]) for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]]
