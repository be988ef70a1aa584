"""Measures how long a reader of the page waits, in Chromium, and prints one table.

    python benchmarks/page.py [--notes FOLDER] [--index FOLDER] [--questions FILE] [--runs N]

FILE holds an object a line, with the field "question"; without it the titles of the notes are asked about. The index is brought up to date
before anything is measured (``--index`` keeps it; without it, it is built anew). The table gives medians; the clock is the page's own from a
key on, and begins with the process where its start is measured. Other work on the machine counts: ask ``uptime`` first.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from browser import launched
from playwright.sync_api import Browser, Page

from assistant import Assistant, Settings

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 10

_WATCH = """(selectors) => {
  const taken = selectors.map(() => null);
  let start;
  addEventListener("keydown", () => (start = performance.now()), { capture: true, once: true });
  new MutationObserver((_, observer) => {
    if (start === undefined) return;
    for (const [at, selector] of selectors.entries()) {
      if (taken[at] || !document.querySelector(selector)?.textContent.trim()) continue;
      taken[at] = true;
      // When it is painted, not when it is there.
      requestAnimationFrame(() => setTimeout(() => (taken[at] = performance.now() - start)));
    }
    if (taken.every(Boolean)) observer.disconnect();
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  window.measured = () => taken.every((one) => typeof one === "number") && taken;
}"""
"""``window.measured()`` gives the milliseconds from the next key until there are words in what each of the selectors finds, once there are."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=Path, default=ROOT / "corpus", metavar="FOLDER", help="what is asked (corpus/)")
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="where its index lies (a temporary folder)")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="what is asked (about the notes' titles)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="starts of the server, and rounds of ten at once (5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, launched() as browser:
        settings = Settings(corpus=options.notes, index=options.index or Path(temporary) / "index")
        notes = Assistant.open(settings)
        questions = asked(options.questions) if options.questions else [f"What is {note.title}?" for note in notes.notes()][:40]
        print(f"{options.notes}, {len(questions)} questions, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
        for what, value in (*starting(browser, settings, options.runs), *using(browser, settings, questions, options.runs)):
            print(f"{what:62} {value:>12}")
    return 0


def asked(file: Path) -> list[str]:
    return [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, float]]:
    """A server of its own process: its address, and when it was started. The address is there once it listens."""
    command = [sys.executable, "-m", "assistant.cli", "serve", "--port", "0", "--corpus", *map(str, settings.corpus), "--index", str(settings.index)]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("the server did not start")
        yield found[0], start
        process.terminate()


# From the start of the server


def starting(browser: Browser, settings: Settings, runs: int) -> Iterator[tuple[str, str]]:
    seconds: dict[str, list[float]] = {"an address to open": [], "a box that takes a question": [], "the whole page, ready to answer": []}
    for _ in range(runs):
        with serving(settings) as (address, start):
            times = [time.perf_counter()]
            page = browser.new_page()
            page.goto(address)
            page.locator("input:focus").wait_for()
            times.append(time.perf_counter())
            page.locator("#question textarea:enabled").wait_for()
            times.append(time.perf_counter())
            page.close()
        for taken, at in zip(seconds.values(), times, strict=True):
            taken.append(at - start)
    for what, taken in seconds.items():
        yield f"from the start of the server: {what}, median of {runs}", f"{statistics.median(taken):.2f} s"


# With the page open


def using(browser: Browser, settings: Settings, questions: Sequence[str], runs: int) -> Iterator[tuple[str, str]]:
    with serving(settings) as (address, _):
        page = browser.new_page()
        page.goto(address)
        page.locator("#question textarea:enabled").wait_for()
        page.locator(".example").first.wait_for()
        first, whole = zip(*(answering(page, question) for question in questions[:40]), strict=True)
        yield "from Enter: the first word of an answer, median", f"{statistics.median(first):.0f} ms"
        yield "the slowest of them", f"{max(first):.0f} ms"
        yield "from Enter: the whole answer, median", f"{statistics.median(whole):.0f} ms"
        page.goto(f"{address}/#search")
        page.locator("#search-words:focus").wait_for()
        times = [finding(page, question) for question in questions[:40]]
        yield "from the last letter: what was found, median", f"{statistics.median(times):.0f} ms"
        yield "the slowest of them", f"{max(times):.0f} ms"
        page.close()
        slowest = [max(at_once(address, (questions * AT_ONCE)[round_ : round_ + AT_ONCE])) for round_ in range(runs)]
        yield f"{AT_ONCE} ask at once: the last answer is whole, median of {runs}", f"{1e3 * statistics.median(slowest):.0f} ms"


def answering(page: Page, question: str) -> tuple[float, float]:
    """Milliseconds from Enter until the first words of the answer are seen, and until it is whole."""
    page.get_by_role("button", name="New chat").click()
    page.get_by_label("Question", exact=True).fill(question)
    page.evaluate(_WATCH, [".turn .answer", ".turn footer"])
    page.keyboard.press("Enter")
    first, whole = page.wait_for_function("window.measured()").json_value()
    return first, whole


def finding(page: Page, words: str) -> float:
    """Milliseconds from the last letter of ``words`` until what was found for them is seen."""
    box = page.locator("#search-words")
    box.fill("")
    page.locator(".search-help").wait_for()
    box.fill(words[:-1])
    page.locator("#search-found .result, .search-nothing").first.wait_for()
    page.evaluate("document.getElementById('search-found').replaceChildren()")
    page.evaluate(_WATCH, ["#search-found .result, .search-nothing"])
    box.press(words[-1])
    return page.wait_for_function("window.measured()").json_value()[0]


def at_once(address: str, questions: Sequence[str]) -> list[float]:
    """Seconds that each of ``questions`` takes, all of them asked in the same moment, as the page asks."""

    def ask(question: str) -> float:
        with httpx.Client(base_url=address, timeout=60) as client:
            start = time.perf_counter()
            client.post("/page/ask", json={"question": question}).raise_for_status()
            return time.perf_counter() - start

    with ThreadPoolExecutor(len(questions)) as threads:
        return list(threads.map(ask, questions))


if __name__ == "__main__":
    sys.exit(main())
