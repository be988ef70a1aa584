"""Takes the pictures of the documents: ``python benchmarks/screenshots.py [FOLDER]`` (docs/images) drives the page over corpus/ in Chromium.

Each view is taken light, dark and narrow. The folder holds what was taken last, and nothing else.
"""

import argparse
import shutil
import tempfile
from asyncio import run
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from browser import launched
from PIL import Image
from playwright.sync_api import Page, expect

from assistant.assistant import Assistant
from assistant.progress import progress_bars
from assistant.settings import Settings
from assistant.web.application import application
from assistant.web.opening import Opening
from assistant.web.serve import listen

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "How long does a Kinesis stream keep data?"
"""The example of the README."""

COMPARISON = "Parquet vs CSV?"
ELSEWHERE = "Who painted the ceiling of the Sistine Chapel?"
DISAGREEING = {
    "2023-04 kiln.md": "# The kiln in 2023\n\nThe kiln holds 40 litres. A bisque firing takes 9 hours.\n",
    "kiln manual.md": "# Kiln manual\n\nThe kiln holds 60 litres. Let it cool to 50 °C before you open it.\n",
}
"""The notes that ship agree with one another."""

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "": {"viewport": {"width": 1280, "height": 800}},
    "-dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "-narrow": {"viewport": {"width": 360, "height": 740}},
}

def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="notes-") as temporary, launched() as browser:
        for place, views in ((shipped(Path(temporary) / "shipped"), VIEWS), (kiln(Path(temporary) / "kiln"), KILN)):
            address = started(Settings(corpus=place / "notes", index=place / "index"))
            for ending, look in LOOKS.items():
                page = browser.new_page(**look, reduced_motion="reduce")
                page.goto(address)
                page.locator("#question textarea:enabled").wait_for()
                for name, shown in views.items():
                    shown(page)
                    page.mouse.move(0, 0)
                    save(page, folder / f"{name}{ending}.png")
                page.close()


def shipped(place: Path) -> Path:
    """The notes that ship and their index, where there is one, at ``place``: what is done on the page leaves no trace, and no path of this machine is shown."""
    shutil.copytree(ROOT / "corpus", place / "notes")
    if (ROOT / "index").exists():
        shutil.copytree(ROOT / "index", place / "index")
    return place


def kiln(place: Path) -> Path:
    """Notes that disagree, at ``place``."""
    (place / "notes").mkdir(parents=True)
    for name, text in DISAGREEING.items():
        (place / "notes" / name).write_text(text, encoding="utf-8")
    return place


def started(settings: Settings) -> str:
    """Serves the page from a thread that ends with this program; gives its address."""
    with progress_bars() as progress:
        assistant = Assistant.open(settings, progress=progress)
    opening = Opening(lambda show: assistant)
    opening.start()
    opening.wait()
    listener = listen("127.0.0.1", 0)

    async def serve() -> None:
        await uvicorn.Server(uvicorn.Config(application(opening, settings), log_level="error")).serve(sockets=[listener])

    Thread(target=lambda: run(serve()), daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def save(page: Page, file: Path) -> None:
    page.screenshot(path=file)
    # A palette makes it a third as large; k-means moves its colours to where they are needed.
    Image.open(file).convert("RGB").quantize(256, kmeans=1, dither=Image.Dither.NONE).save(file, optimize=True)


# What is on them


def empty(page: Page) -> None:
    page.locator(".example").first.wait_for()


def asked(question: str, *, source: bool = False) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        view(page, "Chat")
        page.evaluate("document.querySelector('#chats .new').click()")
        page.get_by_label("Question", exact=True).fill(question)
        page.get_by_label("Question", exact=True).press("Enter")
        page.locator(".turn footer").wait_for()
        expect(page.locator(".card .standing").first).not_to_be_empty()
        if source:
            page.locator(".chip").first.click()
            page.locator("#source mark").wait_for()

    return show


def search(page: Page) -> None:
    view(page, "Search")
    page.get_by_label("Search your notes").fill("late records in a stream")
    page.locator(".result").first.wait_for()


def notes(page: Page) -> None:
    view(page, "Notes")
    page.locator(".coverage").wait_for()


def note(page: Page) -> None:
    page.evaluate("location.hash = 'notes/collection/kinesis-data-streams.md'")
    page.locator(".read-body").wait_for()


def map_(page: Page) -> None:
    view(page, "Map")
    page.locator("#map-list details").first.wait_for(timeout=60_000)
    page.get_by_label("Light up what fits a question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#map-found .result").first.wait_for()


def study(page: Page) -> None:
    view(page, "Study")
    page.locator("[data-reveal]").click()


def settings(page: Page) -> None:
    view(page, "Settings")
    page.locator(".setting").first.wait_for()


def view(page: Page, name: str) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("tab", name=name).click()


VIEWS: Mapping[str, Callable[[Page], None]] = {
    "empty": empty, "chat": asked(QUESTION, source=True), "comparison": asked(COMPARISON), "not-found": asked(ELSEWHERE), "search": search,
    "notes": notes, "note": note, "map": map_, "study": study, "settings": settings,
}  # fmt: skip
KILN = {"disagreement": asked("How many litres does the kiln hold?")}


if __name__ == "__main__":
    main()
