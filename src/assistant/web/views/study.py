"""The study view: flash cards out of the notes, asked again when they are about to be forgotten."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated

import gradio as gr
from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.assistant import Assistant
from assistant.errors import StudyError
from assistant.settings import Settings
from assistant.study.anki import anki_text
from assistant.study.cards import Card
from assistant.study.deck import Deck
from assistant.study.schedule import Grade, intervals
from assistant.web.finding import Filters
from assistant.web.opening import Opening, Ready
from assistant.web.studying import choices_html, skeleton_html, study_html


def build(opening: Opening) -> None:
    """Makes the view over ``opening``; its script fills it when it is shown."""
    gr.HTML(skeleton_html(), elem_id="study-view", apply_default_css=False)


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """What the view's script asks for."""
    study = Study(opening)
    routes = APIRouter(prefix="/page/study")
    for name in ("card", "choices", "export"):
        routes.add_api_route(f"/{name}", getattr(study, name))
    for name in ("grade", "undo"):
        routes.add_api_route(f"/{name}", getattr(study, name), methods=["POST"])
    return routes


class Chosen:
    """The cards that are learnt: of the notes in a folder, of one ``note``, with a tag; all where empty."""

    def __init__(self, folder: str = "", note: str = "", tag: str = "") -> None:
        self._note = note
        self._filters = Filters(folder=folder, tag=tag)

    def of(self, notes: Assistant) -> Sequence[Card]:
        """These of the cards of ``notes``."""
        admitted = {one.path for one in notes.notes() if self._filters.admit(one) and self._note in ("", one.path)}
        return [card for card in notes.cards() if card.path in admitted]


class Study:
    """The routes over one assistant."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def card(self, chosen: Annotated[Chosen, Depends()]) -> Response:
        """The next card."""
        return self._answer(lambda notes: _next(notes, chosen))

    def grade(self, card: str, grade: Annotated[int, Query(ge=1, le=4)], chosen: Annotated[Chosen, Depends()]) -> Response:
        """Keeps how well ``card`` was remembered, and gives the next."""

        def graded(notes: Assistant) -> Response:
            known = any(one.key == card for one in notes.cards())
            if known:
                notes.reviews.add(card, Grade(grade), datetime.now(UTC))
            return _next(notes, chosen, graded=card if known else None, gone=not known)

        return self._answer(graded)

    def undo(self, card: str, chosen: Annotated[Chosen, Depends()]) -> Response:
        """Takes the latest grade of ``card`` back, and asks it again."""

        def undone(notes: Assistant) -> Response:
            notes.reviews.take_back(card, datetime.now(UTC))
            return _next(notes, chosen, again=card)

        return self._answer(undone)

    def choices(self) -> Response:
        """What the filters can be set to."""
        return self._answer(lambda notes: HTMLResponse(choices_html(notes.notes())))

    def export(self, chosen: Annotated[Chosen, Depends()]) -> Response:
        """The cards as a file that Anki imports."""
        headers = {"Content-Disposition": 'attachment; filename="cards.txt"'}
        return self._answer(lambda notes: Response(anki_text(chosen.of(notes)).encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=headers))

    def _answer(self, make: Callable[[Assistant], Response]) -> Response:
        state = self._opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        try:
            return make(state.assistant)
        except StudyError as error:
            return PlainTextResponse(str(error), 500)


def _next(notes: Assistant, chosen: Chosen, *, again: str | None = None, graded: str | None = None, gone: bool = False) -> Response:
    """The card ``again``, or else the next; ``graded`` is the one before it, which ``gone`` tells went with an edit of its note."""
    now = datetime.now(UTC)
    memories = notes.reviews.memories
    cards = chosen.of(notes)
    deck = Deck.at(cards, memories, now)
    card = next((one for one in cards if one.key == again), deck.next)
    return HTMLResponse(study_html(deck, card, intervals(memories.get(card.key), now) if card else {}, graded=graded, gone=gone))
