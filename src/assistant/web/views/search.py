"""The search view: what the notes hold for a few words, as they are typed."""

from collections.abc import Sequence
from typing import Annotated

import gradio as gr
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.assistant import LONGEST_QUESTION, Assistant
from assistant.index.view import Record
from assistant.settings import Settings
from assistant.web.finding import Filters, choices_html, found_html, nothing_typed_html, skeleton_html
from assistant.web.opening import Opening, Ready

_SHOWN = 20
"""Passages listed: what is not among them is found by another word sooner than by reading on."""

Words = Annotated[str, Query(max_length=LONGEST_QUESTION)]
Days = Annotated[int, Query(ge=0, le=100_000)]


def build(opening: Opening) -> None:
    """Makes the view over ``opening``; its script fills it when it is shown."""
    gr.HTML(skeleton_html(), elem_id="search-view", apply_default_css=False)


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """What the view's script asks for."""
    search = Search(opening)
    routes = APIRouter()
    routes.add_api_route("/page/search", search.show)
    routes.add_api_route("/page/search/choices", search.choices)
    return routes


class Search:
    """The routes over one assistant."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def show(self, q: Words = "", folder: str = "", tag: str = "", kind: str = "", days: Days = 0) -> Response:
        """The passages for ``q`` in notes of a folder, with a tag, of a format, changed within so many ``days``; in all where empty."""
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        return HTMLResponse(_shown(state.assistant, q, Filters(folder, tag, kind, days)))

    def choices(self) -> Response:
        """What the filters can be set to."""
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        return HTMLResponse(choices_html(state.assistant.notes()))


def _shown(notes: Assistant, words: str, filters: Filters) -> str:
    if not words.strip():
        return nothing_typed_html(_latest(notes.notes(), filters))
    admitted = [one.path for one in notes.notes() if filters.admit(one)]
    among = None if len(admitted) == len(notes.notes()) else admitted
    return found_html(words, notes.find(words, k=_SHOWN, among=among), filtered=among is not None)


def _latest(records: Sequence[Record], filters: Filters) -> Sequence[Record]:
    # A file so fresh that its time was not trusted has none: it is the latest of all.
    admitted = sorted(
        (one for one in records if filters.admit(one)), key=lambda one: (one.stat.mtime_ns >= 0, -one.stat.mtime_ns, one.path)
    )
    return admitted[:5]
