"""The routes that lead from a quote to its place: the panel beside the answers, and whether the notes still say what was quoted."""

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.errors import NotesError
from assistant.settings import Settings
from assistant.values import Document
from assistant.web.freshness import Freshness, freshness
from assistant.web.opening import Opening, Ready
from assistant.web.source import Span, gone_html, source_html
from assistant.web.targets import Target

_MOST = 200
"""Sources looked at for one request: more than any turn of a chat has."""

Offset = Annotated[int, Query(ge=0)]
Headings = Annotated[tuple[str, ...], Query()]
Targets = Annotated[tuple[str, ...], Query(max_length=_MOST)]


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """``/page/source`` and ``/page/standing`` over ``opening``."""
    sources = Sources(opening, settings)
    router = APIRouter()
    router.add_api_route("/page/source", sources.show, response_class=HTMLResponse)
    router.add_api_route("/page/standing", sources.standing)
    return router


class Sources:
    """What is known of the places that a page names. It knows the notes of the index and opens nothing that a request names."""

    def __init__(self, opening: Opening, settings: Settings) -> None:
        self._opening = opening
        self._settings = settings

    def show(self, path: str, start: Offset, end: Offset, digest: str = "", heading: Headings = (), whole: bool = False) -> Response:
        """The panel for the place of a target; ``heading`` is said again, as the answer gave it."""
        if not isinstance(self._opening.state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        document = self._document(path)
        # Notes go and change while answers that quoted them are still shown: that is no error.
        if document is None:
            return HTMLResponse(gone_html("There is no such note in the index any more."))
        if Target(path, start, end, digest).quote(document) is None:
            return HTMLResponse(gone_html("The note has changed, and does not say this here any more. Ask again to see what it says now."))
        return HTMLResponse(source_html(document, Span(start, end), heading, freshness(self._settings, document), whole=whole))

    def standing(self, source: Targets = ()) -> list[str]:
        """For each of ``source``, as buttons have it, whether its file still says so: ``verified``, ``changed`` or ``missing``."""
        # Many quotes of few notes: each file is looked at once.
        look = lru_cache(self._look)
        return [_standing(*look(one.path), one).name.lower() for one in map(Target.read, source)]

    def _look(self, path: str) -> tuple[Document | None, Freshness]:
        document = self._document(path)
        return document, freshness(self._settings, document) if document else Freshness.MISSING

    def _document(self, path: str) -> Document | None:
        state = self._opening.state
        try:
            return state.assistant.note(path) if isinstance(state, Ready) else None
        except NotesError:
            return None


def _standing(document: Document | None, fresh: Freshness, one: Target) -> Freshness:
    return Freshness.CHANGED if fresh is Freshness.VERIFIED and document and one.quote(document) is None else fresh
