"""The map view: the passages by what they mean."""

from collections.abc import Callable
from threading import Lock
from typing import Annotated

import gradio as gr
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from assistant.assistant import LONGEST_QUESTION, Assistant
from assistant.mapping import Map
from assistant.settings import Settings
from assistant.web.charting import map_json, skeleton_html, topics_html
from assistant.web.finding import found_html
from assistant.web.opening import Opening, Ready

_LIT = 12
"""Passages that are lit up for a question: so many are still seen apart."""


def build(opening: Opening) -> None:
    """Makes the view over ``opening``; its script fills it when it is shown."""
    gr.HTML(skeleton_html(), elem_id="map-view", apply_default_css=False)


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """What the view's script asks for."""
    chart = Chart(opening)
    routes = APIRouter(prefix="/page/map")
    for name in ("points", "topics", "found"):
        routes.add_api_route(f"/{name}", getattr(chart, name))
    return routes


class Chart:
    """The routes over one assistant."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._drawing = Lock()

    def points(self, stamp: str = "") -> Response:
        """The map; nothing (204) where it is still that of ``stamp``."""

        def made(notes: Assistant) -> Response:
            if notes.stamp == stamp:
                return Response(status_code=204)
            return JSONResponse(map_json(self._map(notes), _titles(notes), notes.stamp))

        return self._answer(made)

    def topics(self) -> Response:
        """Its topics as a list."""
        return self._answer(lambda notes: HTMLResponse(topics_html(self._map(notes), _titles(notes))))

    def found(self, q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION)]) -> Response:
        """The passages for a question."""
        return self._answer(lambda notes: HTMLResponse(found_html(q, notes.find(q, k=_LIT), filtered=False) if q.strip() else ""))

    def _answer(self, make: Callable[[Assistant], Response]) -> Response:
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        return make(state.assistant)

    def _map(self, notes: Assistant) -> Map:
        # Two windows that ask at once wait for one drawing.
        with self._drawing:
            return notes.map()


class _Titles(dict[str, str]):
    """Titles by path; a note that went meanwhile is called by its path."""

    def __missing__(self, path: str) -> str:
        return path


def _titles(notes: Assistant) -> _Titles:
    return _Titles((one.path, one.title) for one in notes.notes())
