"""The web application: the page, the few routes beside it, and the guard in front of both."""

from functools import partial
from pathlib import Path
from typing import Annotated

import gradio as gr
from fastapi import FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp

from assistant.errors import NotesError
from assistant.settings import Settings
from assistant.web.freshness import freshness
from assistant.web.guarding import Guard, Names
from assistant.web.opening import Opening, Ready
from assistant.web.page import build
from assistant.web.policy import Policy
from assistant.web.source import Span, source_html

_HERE = Path(__file__).parent
_HEAD = '<link rel="stylesheet" href="page/style.css"><script src="page/page.js" defer></script>'

_PATHS = (
    "/", "/page/style.css", "/page/page.js", "/page/source", "/health",
    "/assets/", "/static/", "/theme.css", "/config", "/manifest.json", "/favicon.ico",
    "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/startup-events", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/heartbeat/", "/gradio_api/info",
)  # fmt: skip
"""All that the page asks for. Gradio has more to offer, uploads and files among them; the guard lets none of it be reached."""


Offset = Annotated[int, Query(ge=0)]
Headings = Annotated[tuple[str, ...], Query()]


def application(opening: Opening, settings: Settings) -> ASGIApp:
    """The application over ``opening``, ready to be served at ``settings.host``."""
    routes = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    routes.add_api_route("/page/source", Sources(opening, settings).show, response_class=HTMLResponse)
    for name in ("style.css", "page.js"):
        routes.add_route(f"/page/{name}", partial(_file, name))
    routes.add_api_route("/health", lambda: {"ready": isinstance(opening.state, Ready)})
    gr.mount_gradio_app(
        routes,
        build(opening),
        path="/",
        theme=_theme(),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        show_error=False,
        enable_monitoring=False,
        allowed_paths=[],
        max_file_size=1,
        favicon_path=str(_HERE / "icon.svg"),
    )
    return Policy(Guard(routes, names=Names(settings.host), password=settings.password, paths=_PATHS))


class Sources:
    """The route that shows a cited passage in its note. It knows the notes of the index and opens nothing that a request names."""

    def __init__(self, opening: Opening, settings: Settings) -> None:
        self._opening = opening
        self._settings = settings

    def show(self, path: str, start: Offset, end: Offset, heading: Headings = (), whole: bool = False) -> Response:
        """The panel for ``text[start:end]`` of the note at ``path``; ``heading`` is said again, as the answer gave it."""
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        try:
            document = state.assistant.note(path)
        except NotesError:
            return PlainTextResponse("There is no such note in the index.", 404)
        span = Span(start, end)
        if not span.fits(document):
            return PlainTextResponse("The note does not reach that far: it has changed, ask again.", 404)
        return HTMLResponse(source_html(document, span, heading, freshness(self._settings, document), whole=whole))


def _file(name: str, request: Request) -> Response:
    # Asked for anew each time, so that a newer version is never shown in an older one's clothes; unchanged, it is not sent again.
    return FileResponse(_HERE / name, headers={"Cache-Control": "no-cache"})


def _theme() -> gr.themes.Base:
    """Fonts that every system has: Gradio's own come from a font service."""
    sans = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
    return gr.themes.Base(font=sans, font_mono=mono, primary_hue="indigo", neutral_hue="slate")
