"""Takes the pictures of the documents: ``python benchmarks/screenshots.py [FOLDER]`` (docs/images) starts the page over corpus/ and drives it in Chromium."""

import argparse
import shutil
import sys
from asyncio import run
from pathlib import Path
from threading import Thread

import uvicorn
from playwright.sync_api import Page, sync_playwright

from assistant.assistant import Assistant
from assistant.progress import progress_bars
from assistant.settings import Settings
from assistant.web.application import application
from assistant.web.opening import Opening
from assistant.web.serve import listen

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "How long does a Kinesis stream keep data?"
"""The example of the README."""

ELSEWHERE = "Who painted the ceiling of the Sistine Chapel?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no Chromium was found: install it (Debian: apt-get install chromium)")
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(corpus=ROOT / "corpus", index=ROOT / "index")
    with progress_bars() as progress:
        assistant = Assistant.open(settings, progress=progress)
    address = start(assistant, settings)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        for scheme, suffix in (("light", ""), ("dark", "-dark")):
            for width, height, size in ((1280, 800, ""), (360, 740, "-narrow")):
                page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
                take(page, address, folder, f"{suffix}{size}.png")
                page.close()


def start(assistant: Assistant, settings: Settings) -> str:
    """Serves the page from a thread that ends with this program; gives its address."""
    opening = Opening(lambda show: assistant)
    opening.start()
    opening.wait()
    listener = listen("127.0.0.1", 0)

    async def serve() -> None:
        await uvicorn.Server(uvicorn.Config(application(opening, settings), log_level="error")).serve(sockets=[listener])

    Thread(target=lambda: run(serve()), daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def take(page: Page, address: str, folder: Path, ending: str) -> None:
    """The empty page, an answer with its source, and what is not in the notes."""
    page.goto(address)
    page.locator("#question textarea:enabled").wait_for()
    page.locator("#examples button:visible").first.wait_for()
    page.screenshot(path=folder / f"empty{ending}")
    ask(page, QUESTION)
    page.locator(".chip").first.click()
    page.locator("#source mark").wait_for()
    page.screenshot(path=folder / f"chat{ending}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New chat").click()
    page.locator("#welcome").wait_for()
    ask(page, ELSEWHERE)
    page.screenshot(path=folder / f"not-found{ending}")


def ask(page: Page, question: str) -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    page.locator(".turn .card").first.wait_for()
    page.mouse.move(0, 0)


if __name__ == "__main__":
    main()
