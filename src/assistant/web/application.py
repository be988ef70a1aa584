"""The web application: the page, the few routes beside it, and the guard in front of both."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import gradio as gr
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.settings import Settings
from assistant.web import sources
from assistant.web.guarding import Guard, Names
from assistant.web.opening import Opening, Ready
from assistant.web.page import VIEWS, build
from assistant.web.policy import Policy

_STATIC = Path(__file__).parent / "static"
_HEAD = '<meta name="notes-theme" content="{theme}"><link rel="stylesheet" href="page/style.css"><script src="page/scripts.js"></script>'

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
        head=_HEAD.format(theme=settings.theme),
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
    files.add_route("/page/style.css", partial(_sent, "text/css", [_STATIC / "style.css"]))
    # The page's own, then those of the views, which build on it. In one: Gradio puts scripts into the page that run in any order.
    scripts = [_STATIC / "page.js", *sorted(set(_STATIC.glob("*.js")) - {_STATIC / "page.js"})]
    files.add_route("/page/scripts.js", partial(_sent, "text/javascript", scripts))
    views = [view.routes(opening, settings) for view in VIEWS.values() if hasattr(view, "routes")]
    return [files, sources.routes(opening, settings), *views]


def _sent(kind: str, files: Sequence[Path], request: Request) -> Response:
    """``files`` in one. Asked for anew each time, so that a newer version is never shown in an older one's clothes; unchanged, not sent again."""
    content = b"\n".join(file.read_bytes() for file in files)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def _theme() -> gr.themes.Base:
    """Fonts that every system has: Gradio's own come from a font service."""
    sans = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
    return gr.themes.Base(font=sans, font_mono=mono, primary_hue="indigo", neutral_hue="slate")
