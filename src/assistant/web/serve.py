"""Serving the page: the server is up at once, with a page that waits; what it serves is loaded, and the notes are opened, behind it."""

import asyncio
import logging
import socket
import sys
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Literal, NoReturn

import uvicorn
from starlette.types import ASGIApp

from assistant.errors import AssistantError, SettingsError
from assistant.progress import Progress, progress_bars
from assistant.settings import Settings
from assistant.web.guarding import Guard, Names, check_address
from assistant.web.loading import quick
from assistant.web.policy import Policy
from assistant.web.starting import PATHS, starting

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.web.opening import Opening

_log = logging.getLogger(__name__)


def serve(settings: Settings) -> NoReturn:
    """Serves the page at ``settings.host`` and ``settings.port`` until it is interrupted; the address is printed once it can be opened.

    Raises KeyboardInterrupt then, and SettingsError if that address cannot be listened on, or would open the notes to others without a password.
    """
    check_address(settings.host, settings.password)
    asyncio.run(_run(settings, listen(settings.host, settings.port)))
    # The server raises the signal that stopped it once more; where threads are busy, Python may come to that too late to be told of it.
    raise KeyboardInterrupt


async def _run(settings: Settings, listener: socket.socket) -> None:
    """Two servers in turn on one socket, which goes on listening: whoever asks between them waits that moment."""
    guarded = Policy(Guard(starting, names=Names(settings.host), password=settings.password, paths=PATHS))
    first = _Server(guarded, announce=address(settings.host, listener), lifespan="off")
    waiting = asyncio.create_task(first.serve(sockets=[listener.dup()]))
    opening = await asyncio.to_thread(_opening, settings)
    await asyncio.to_thread(_load)
    from assistant.web.application import application

    # Made inside the loop that serves it: outside of one, Gradio makes loops of its own and never closes them.
    server = _Server(application(opening, settings))
    first.should_exit = True
    await waiting
    await server.serve(sockets=[listener])


def _opening(settings: Settings) -> "Opening":
    """The opening of the notes, begun."""
    from assistant.web.opening import Opening

    opening = Opening(partial(_open, settings))
    opening.start()
    if settings.watch:
        Thread(target=_watch, args=(opening, settings), name="watching", daemon=True).start()
    return opening


def _load() -> None:
    """Imports the application, and Gradio with it."""
    with quick():
        import assistant.web.application  # noqa: F401


def _watch(opening: "Opening", settings: Settings, stop: Event | None = None) -> None:
    """Syncs whenever files of the notes change, until ``stop`` is set. Where a system cannot tell, they are synced by hand, and when quoted."""
    from assistant.web.watching import watch

    opening.wait()
    try:
        watch(settings.corpus, opening.indexing.start, ignored=[settings.index], stop=stop)
    except Exception:
        _log.warning("changes of the notes cannot be watched: sync them from the page", exc_info=True)


def _open(settings: Settings, show: Progress) -> "Assistant":
    """The assistant, with the progress shown on the page and on the terminal; so is what stands in its way."""
    from assistant.assistant import Assistant

    with progress_bars() as draw:

        def both(what: str, done: int, total: int) -> None:
            show(what, done, total)
            draw(what, done, total)

        try:
            return Assistant.open(settings, progress=both)
        except AssistantError as error:
            print(f"assistant: {error}", file=sys.stderr)
            raise


class _Server(uvicorn.Server):
    """Prints where the page is, if it is told, once it can be opened."""

    def __init__(self, app: ASGIApp, *, announce: str | None = None, lifespan: Literal["auto", "off"] = "auto") -> None:
        # Pages keep a stream open: whoever stops the server does not wait for their readers.
        config = uvicorn.Config(app, log_level="warning", ws="none", lifespan=lifespan, server_header=False, timeout_graceful_shutdown=1)
        super().__init__(config)
        self._announced = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._announced:
            print(f"Ask your notes at {self._announced} (Ctrl+C stops)", flush=True)


def address(host: str, listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - replaced, not listened on
    return f"http://{name}:{listener.getsockname()[1]}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host``; with ``port`` 0 the system chooses one. Raises SettingsError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(f"cannot listen on {host} port {port} ({error.strerror}): choose another port with --port, or stop what uses it") from error
