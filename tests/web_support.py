"""What the tests of the chat page share: notes that try to do harm, an assistant over them, and a server."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp

from assistant.assistant import Assistant
from assistant.encoding.encoder import Encoder
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from assistant.web.application import application
from assistant.web.opening import Opening
from assistant.web.serve import listen

NOTES: Mapping[str, str] = {
    "birds/heron.md": "# Heron\n\nThe heron is a wading bird.\n\n## Food\n\nThe heron eats frogs and fish.\n\n- It waits in shallow water.\n",
    "birds/swift.md": "# Swift\n\nThe swift is a bird that sleeps in the air.\n\n"
    "## Swift and heron\n\n| Point | Swift | Heron |\n|---|---|---|\n| Sleep | in the air | on trees |\n| Food | insects | frogs |\n",
    "nasty.md": "# Nasty\n\nThe walrus says <script>window.harmed = 1</script> and <img src=http://example.com/a.png onerror=alert(1)> to all.\n\n"
    "The gnu links [here](javascript:alert(1)) and ![there](http://example.com/b.png) and writes `<b>` and [12] and \"quotes\".\n",
}
"""A few words a note, so that an encoder that counts words finds its way."""


def written(folder: Path) -> Path:
    """``folder``, with NOTES in it."""
    for path, text in NOTES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def assistant_over(folder: Path, encoder: Encoder) -> Assistant:
    """An assistant over the notes in ``folder``, its index beside them."""
    settings = Settings(corpus=folder, index=folder.parent / "index")
    store = Store(settings.index)
    sync(store, settings.corpus, encoder, Sizes(), max_bytes=1_000_000)
    return Assistant(settings, store, encoder)


def opened(assistant: Assistant) -> Opening:
    """An opening that has come to its end, with ``assistant`` ready."""
    opening = Opening(lambda show: assistant)
    opening.start()
    opening.wait()
    return opening


def application_over(assistant: Assistant, **settings: object) -> ASGIApp:
    """The application over ``assistant``, ready, with ``settings`` of its own."""
    return application_of(opened(assistant), Settings(corpus=assistant.settings.corpus, index=assistant.settings.index, **settings))


def application_of(opening: Opening, settings: Settings) -> ASGIApp:
    """The application, made inside a running loop, as Gradio wants it."""

    async def made() -> ASGIApp:
        return application(opening, settings)

    # On a thread of its own: on this one a browser may be driven, which keeps a loop running here.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, made()).result()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serves ``app`` on a free port of this machine; gives its address."""
    with listen("127.0.0.1", 0) as listener:
        server = _Announcing(uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        server.up.wait()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = Event()

    async def startup(self, sockets=None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.up.set()
