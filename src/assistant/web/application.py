"""The web application: the page, the few routes beside it, and the guard in front of both."""

from functools import partial
from pathlib import Path

import gradio as gr
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.settings import Settings
from assistant.web import sources
from assistant.web.guarding import Guard, Names
from assistant.web.opening import Opening, Ready
from assistant.web.page import VIEWS, build
from assistant.web.policy import Policy

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("page.js", *sorted({file.name for file in _STATIC.glob("*.js")} - {"page.js"}))
"""The page's own, then those of the views, which build on it."""

_HEAD = '<link rel="stylesheet" href="page/style.css">' + "".join(f'<script src="page/{name}" defer></script>' for name in _SCRIPTS)

_PATHS = (
    "/", "/health", "/assets/", "/static/", "/theme.css", "/config", "/manifest.json", "/favicon.ico",
    "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/startup-events", "/gradio_api/cancel", "/gradio_api/reset",
    "/gradio_api/heartbeat/", "/gradio_api/info",
)  # fmt: skip
"""What the page asks Gradio for. Gradio has more to offer, uploads and files among them; the guard lets none of it be reached."""


def application(opening: Opening, settings: Settings) -> ASGIApp:
    """The application over ``opening``, ready to be served at ``settings.host``."""
    routes = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    own = _own_routes(opening, settings)
    for router in own:
        routes.include_router(router)
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
        favicon_path=str(_STATIC / "icon.svg"),
    )
    paths = [*_PATHS, *(route.path for router in own for route in router.routes if isinstance(route, Route))]
    return Policy(Guard(routes, names=Names(settings.host), password=settings.password, paths=paths))


def _own_routes(opening: Opening, settings: Settings) -> list[APIRouter]:
    """Everything below ``/page/``: the files of the page, the source of a quote, and what the views ask for."""
    files = APIRouter()
    for name in ("style.css", *_SCRIPTS):
        files.add_route(f"/page/{name}", partial(_file, name))
    views = [view.routes(opening, settings) for view in VIEWS.values() if hasattr(view, "routes")]
    return [files, sources.routes(opening, settings), *views]


def _file(name: str, request: Request) -> Response:
    # Asked for anew each time, so that a newer version is never shown in an older one's clothes; unchanged, it is not sent again.
    return FileResponse(_STATIC / name, headers={"Cache-Control": "no-cache"})


def _theme() -> gr.themes.Base:
    """Fonts that every system has: Gradio's own come from a font service."""
    sans = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
    return gr.themes.Base(font=sans, font_mono=mono, primary_hue="indigo", neutral_hue="slate")
