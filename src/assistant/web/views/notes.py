"""The notes view: the tree of notes, a note to read, what is indexed, and notes added and removed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import gradio as gr
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from assistant.assistant import Assistant
from assistant.errors import AssistantError, NotesError
from assistant.index.view import Record
from assistant.library import NoteExists
from assistant.reading import SUFFIXES, place
from assistant.settings import Settings
from assistant.values import Skipped, SyncReport
from assistant.web.freshness import freshness
from assistant.web.indexing import Rested, Syncing
from assistant.web.opening import Opening, Ready
from assistant.web.reading import note_html
from assistant.web.shelf import Shelf
from assistant.web.shelving import PAGE, coverage_html, found_html, overview_html, read_html, skeleton_html, tree_html
from assistant.web.status import notice_html

_FOUND = 60
"""Notes that a filter lists: nobody reads on, a letter more is typed."""

Start = Annotated[int, Query(ge=0)]


def build(opening: Opening) -> None:
    """Makes the view over ``opening``; its script fills it when it is shown."""
    gr.HTML(skeleton_html(SUFFIXES), elem_id="notes-view", apply_default_css=False)


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """What the view's script asks for."""
    notes = Notes(opening, settings)
    routes = APIRouter(prefix="/page/notes")
    for name in ("tree", "named", "read", "overview", "coverage", "state"):
        routes.add_api_route(f"/{name}", getattr(notes, name))
    for name in ("add", "remove", "sync", "stop"):
        routes.add_api_route(f"/{name}", getattr(notes, name), methods=["POST"])
    return routes


class Notes:
    """The routes. They know the notes of the index by their paths and open no other file that a request names."""

    def __init__(self, opening: Opening, settings: Settings) -> None:
        self._opening = opening
        self._settings = settings
        self._most = settings.max_bytes
        self._shelf: tuple[str, Shelf] | None = None

    def tree(self, folder: str = "", start: Start = 0) -> Response:
        """What lies in ``folder``."""
        return self._answer(lambda notes: HTMLResponse(tree_html(self._shelf_of(notes).level(folder), start=start, folder=folder)))

    def named(self, q: str = "") -> Response:
        """The notes that are called something like ``q``."""
        return self._answer(lambda notes: HTMLResponse(found_html(self._shelf_of(notes).named(q, most=_FOUND))))

    def read(self, path: str, start: Start = 0, end: Start = 0) -> Response:
        """The note at ``path``, and where the citation with ``start`` and ``end`` lies in it; or in words that it is gone."""
        return self._answer(lambda notes: self._read(notes, path, start, end))

    def _read(self, notes: Assistant, path: str, start: int, end: int) -> Response:
        shelf = self._shelf_of(notes)
        try:
            document, headings, record = notes.note(path), notes.contents(path), shelf.record(path)
        except (NotesError, KeyError):
            # A note goes while it is being read: that is no error.
            return HTMLResponse(notice_html(f"there is no note {path!r} any more"))
        html = read_html(
            document,
            record,
            shelf,
            body=note_html(document, headings, shelf.leads(path)),
            headings=headings,
            file=place(self._settings.corpus, path),
            fresh=freshness(self._settings, document),
            cited=(start, end) if end else None,
        )
        return HTMLResponse(html)

    def overview(self) -> Response:
        """How much of the notes is indexed."""
        return self._answer(
            lambda notes: HTMLResponse(overview_html(notes.notes(), notes.skipped(), self._roots(), self._coverage(notes, 0)))
        )

    def coverage(self, start: Start = 0) -> Response:
        """Further rows of the report."""
        return self._answer(lambda notes: HTMLResponse(self._coverage(notes, start)))

    def _coverage(self, notes: Assistant, start: int) -> str:
        lines: tuple[Record | Skipped, ...] = (*notes.skipped(), *self._shelf_of(notes).records)
        shown = lines[start : start + PAGE]
        files = [place(self._settings.corpus, one.path) for one in shown]
        return coverage_html(shown, files, start=start, count=len(lines))

    def _roots(self) -> list[Path]:
        return [folder.expanduser().resolve() for folder in self._settings.corpus]

    def state(self) -> Response:
        """The state of the notes, and how far a sync is, or how the last one ended."""
        return self._answer(lambda notes: JSONResponse({"stamp": notes.stamp, "most": self._most, **_work(self._opening.indexing.state)}))

    # What changes something

    async def add(self, request: Request, name: str, folder: str = "", keep_both: bool = False) -> Response:
        """Takes the body in as a new note called ``name``; 409 if there is one."""
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > self._most:
                return PlainTextResponse(
                    f"{name!r} has more than the {self._most:,} bytes that are read: split it, or raise the setting max_file_mb.", 413
                )

        def added(notes: Assistant) -> Response:
            return JSONResponse({"path": notes.add_note(name, bytes(data), folder=folder, keep_both=keep_both)}, 201)

        return await run_in_threadpool(self._answer, added, refused=422)

    def remove(self, path: str) -> Response:
        """Moves the note's file into the trash."""
        return self._answer(lambda notes: JSONResponse({"kept": str(notes.remove_note(path))}), refused=422)

    def sync(self) -> Response:
        """Begins a sync."""
        self._opening.indexing.start()
        return Response(status_code=204)

    def stop(self) -> Response:
        """Calls the sync off."""
        self._opening.indexing.stop()
        return Response(status_code=204)

    # What all have in common

    def _answer(self, make: Callable[[Assistant], Response], *, refused: int = 404) -> Response:
        """What ``make`` makes of the assistant; an error that it meets in words, with the status ``refused``."""
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        try:
            return make(state.assistant)
        except NoteExists as error:
            return PlainTextResponse(str(error), 409)
        except AssistantError as error:
            return PlainTextResponse(str(error), refused)

    def _shelf_of(self, notes: Assistant) -> Shelf:
        """The notes in order; put in order once a state."""
        stamp = notes.stamp
        if self._shelf is None or self._shelf[0] != stamp:
            self._shelf = stamp, Shelf(notes.notes())
        return self._shelf[1]


def _work(state: Syncing | Rested) -> dict:
    match state:
        case Syncing(what, done, total):
            return {"busy": {"what": what, "done": done, "total": total}}
        case Rested(error=str(error)):
            return {"said": error, "failed": True}
        case Rested(report=SyncReport() as report):
            return {"said": _summary(report)}
    return {}


def _summary(report: SyncReport) -> str:
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed")}
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return f"Up to date: {told}" if told else "Up to date: nothing had changed"
