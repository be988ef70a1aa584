"""Serving the chat page: the server is up at once, the notes open behind it."""

import asyncio
import socket
import sys
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from assistant.assistant import Assistant
from assistant.errors import AssistantError, SettingsError
from assistant.progress import Progress, progress_bars
from assistant.settings import Settings
from assistant.web.application import application
from assistant.web.guarding import check_address
from assistant.web.opening import Opening


def serve(settings: Settings) -> None:
    """Serves the page at ``settings.host`` and ``settings.port`` until it is interrupted; the address is printed once it can be opened.

    Raises SettingsError if that address cannot be listened on, or would open the notes to others without a password.
    """
    check_address(settings.host, settings.password)
    listener = listen(settings.host, settings.port)
    opening = Opening(partial(_open, settings))
    opening.start()
    asyncio.run(_run(opening, settings, listener))


async def _run(opening: Opening, settings: Settings, listener: socket.socket) -> None:
    # Made inside the loop that serves it: outside of one, Gradio makes loops of its own and never closes them.
    server = _Server(application(opening, settings), address(settings.host, listener))
    await server.serve(sockets=[listener])


def _open(settings: Settings, show: Progress) -> Assistant:
    """The assistant, with the progress shown on the page and on the terminal; so is what stands in its way."""
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
    """Prints where the page is once it can be opened."""

    def __init__(self, app: ASGIApp, url: str) -> None:
        # Pages keep a stream open: whoever stops the server does not wait for their readers.
        super().__init__(uvicorn.Config(app, log_level="warning", ws="none", server_header=False, timeout_graceful_shutdown=1))
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"Ask your notes at {self._url} (Ctrl+C stops)", flush=True)


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
