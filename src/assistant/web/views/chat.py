"""The chat view: a talk with the notes. Handlers parse, call the façade and render; what was said before lies in the browser."""

import asyncio
from collections.abc import AsyncIterator
from html import escape
from typing import Annotated, Any, Literal

import gradio as gr
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field, ValidationError

from assistant.assistant import LONGEST_QUESTION, Assistant
from assistant.errors import AssistantError, NotesError
from assistant.feedback import Place, Verdict
from assistant.settings import Settings
from assistant.web.opening import Failed, Opening, Ready, Working
from assistant.web.rendering import answered_html, answering_html
from assistant.web.status import extent_html, notice_html, status_html
from assistant.web.streaming import pieces
from assistant.web.targets import Target

AT_ONCE = 16
"""Questions answered at the same time; further ones wait their turn, some 20 ms each."""

_LOOK_S = 0.2
"""Between two looks at how far the opening is."""

_PIECE_S = 0.02
"""Between two pieces of an answer: with at most six of them a tenth of a second in all."""

_CHATS = '<nav id="chats" aria-label="Chats"><button type="button" class="new">New chat</button><ol></ol></nav>'
_TURNS = '<div id="turns" role="log" aria-label="Conversation" aria-live="polite"></div>'
_TOOLS = (
    '<button type="button" class="quiet" data-act="chats" aria-expanded="false" aria-controls="chats">Chats</button>'
    '<button type="button" class="quiet" data-act="export">Export</button>'
)

Question = Annotated[str, Field(max_length=LONGEST_QUESTION)]


class Asking(BaseModel):
    """What the page sends along with a question: its name for the turn, the questions before it, and how long an answer its reader likes."""

    token: str = Field(max_length=64)
    history: list[Question] = Field(max_length=50)
    from_box: bool = False
    words: int | None = None
    hits: int | None = None


class Judged(BaseModel):
    """What the page sends when a reader judges an answer; ``sources`` are the targets of its marks."""

    id: str = Field(min_length=1, max_length=64)
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    verdict: Literal["good", "bad", "none"]
    answered: bool
    history: list[Question] = Field(default=[], max_length=50)
    sources: list[Annotated[str, Field(max_length=4000)]] = Field(default=[], max_length=50)
    remark: str = Field(default="", max_length=2000)


def build(opening: Opening) -> None:
    """Makes the chat over ``opening``: it shows the progress first. Nothing that a chat holds is shared with another, or kept here."""
    handlers = Handlers(opening)
    gr.HTML(_CHATS, apply_default_css=False)
    with gr.Row(elem_id="top"):
        gr.HTML(_TOOLS, elem_id="tools", apply_default_css=False)
        extent = gr.HTML(elem_id="extent", apply_default_css=False)
    gr.HTML(_TURNS, elem_id="talk", apply_default_css=False)
    status = gr.HTML(status_html(opening.state), elem_id="welcome", apply_default_css=False)
    with gr.Column(elem_id="ask"):
        notice = gr.HTML(elem_id="notice", apply_default_css=False)
        with gr.Row(elem_id="line"):
            box = gr.Textbox(
                elem_id="question", label="Question", placeholder="One moment…", lines=1, max_lines=8, interactive=False, scale=1,
                container=False, show_label=False, autofocus=True,
            )  # fmt: skip
            send = gr.Button("Ask", elem_id="send", variant="primary", scale=0, interactive=False)
            stop = gr.Button("Stop", elem_id="stop", scale=0)
    # What the page asks by itself (an example, an edited question) goes through this button, and the answer arrives in this element: the
    # page shows it in its place among the turns.
    again = gr.Button(elem_id="ask-again")
    growing = gr.HTML(elem_id="growing", apply_default_css=False)
    how = gr.JSON(visible=False)

    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    asking = gr.on(
        [box.submit, send.click, again.click], handlers.ask, [box, how], [growing, box, notice], js="Chat.asking",
        concurrency_limit=AT_ONCE, concurrency_id="ask", **quietly,
    )  # fmt: skip
    asking.then(None, None, None, js="Chat.settled", **quietly)
    stop.click(None, None, None, js="Chat.stopped", cancels=[asking], **quietly)
    # Without a trigger: when the page has loaded.
    gr.on(None, handlers.wait, None, [status, extent, box, send], concurrency_limit=None, **quietly)


class Handlers:
    """What the chat does, over one assistant. Each gives the values of its outputs, some of them several times."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    async def wait(self) -> AsyncIterator[list]:
        """Until the assistant is ready: how far it is. Then the chat, open for questions, and examples; or why there is none."""
        shown = None
        while isinstance(state := self._opening.state, Working):
            if state != shown:
                yield _status(state)
            shown = state
            await asyncio.sleep(_LOOK_S)
        yield _opened(state) if isinstance(state, Ready) else _status(state)
        while isinstance(state, Ready) and state.examples is None:
            await asyncio.sleep(_LOOK_S)
            state = self._opening.state
        yield _status(state)

    async def ask(self, question: str, how: dict) -> AsyncIterator[list]:
        """The turn of ``question``, which grows. What cannot be asked stays in the box, with the reason."""
        state = self._opening.state
        if not isinstance(state, Ready):
            return
        try:
            asking = Asking.model_validate(how)
            answer = await asyncio.to_thread(state.assistant.ask, question, history=asking.history, words=asking.words, hits=asking.hits)
        except (AssistantError, ValidationError) as error:
            yield [gr.skip(), gr.skip(), notice_html(str(error))]
            return
        # Emptied once: what is typed while the answer grows stays.
        box = "" if asking.from_box else gr.skip()
        for piece in pieces(answer.text) if answer.answered else ():
            yield [_sent(answering_html(answer, piece, token=asking.token)), box, ""]
            box = gr.skip()
            await asyncio.sleep(_PIECE_S)
        yield [_sent(answered_html(answer, token=asking.token)), box, ""]
        # Gradio sends what came last once more, when all is done.
        yield [gr.skip()] * 3


def _sent(html: str) -> str:
    """``html`` as it travels: as text, for it is no part of the page until the page shows it in its place."""
    return f"<pre>{escape(html)}</pre>"


def _status(state: Working | Ready | Failed) -> list:
    return [status_html(state), *[gr.skip()] * 3]


def _opened(state: Ready) -> list:
    box = gr.Textbox(interactive=True, placeholder="Ask your notes…")
    return [status_html(state), extent_html(state), box, gr.Button(interactive=True)]


# Verdicts


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """``/page/feedback``, which keeps what a reader thinks of an answer."""

    def keep(judged: Judged) -> Response:
        state = opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        try:
            state.assistant.feedback.add(_verdict(state.assistant, judged))
        except AssistantError as error:
            return PlainTextResponse(str(error), 409)
        return Response(status_code=204)

    router = APIRouter()
    router.add_api_route("/page/feedback", keep, methods=["POST"])
    return router


def _verdict(assistant: Assistant, judged: Judged) -> Verdict:
    """The verdict with the words that were quoted: as evidence they count only as long as the notes say them."""
    good = {"good": True, "bad": False, "none": None}[judged.verdict]
    evidence = tuple(place for place in (_place(assistant, Target.read(one)) for one in judged.sources) if place)
    return Verdict(judged.id, judged.question, good, judged.answered, evidence, tuple(judged.history), judged.remark.strip())


def _place(assistant: Assistant, one: Target) -> Place | None:
    try:
        quote = one.quote(assistant.note(one.path))
    except NotesError:
        return None
    return Place(one.path, quote) if quote else None
