"""The chat view: a talk with the notes. Handlers parse, call the façade and render; what was said before lies in the browser."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any, Literal

import gradio as gr
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from assistant.assistant import LONGEST_QUESTION, Assistant
from assistant.errors import AssistantError, NotesError
from assistant.feedback import Place, Verdict
from assistant.settings import Settings
from assistant.values import Answer
from assistant.web.opening import Failed, Opening, Ready, Working
from assistant.web.rendering import answered_html, answering_html
from assistant.web.status import extent_html, status_html
from assistant.web.streaming import pieces
from assistant.web.targets import Target

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


class Asked(BaseModel):
    """What the page sends to ask: a question, the questions before it, and how long an answer its reader likes."""

    question: str
    history: list[Question] = Field(default=[], max_length=50)
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
    gr.HTML(_CHATS, apply_default_css=False)
    with gr.Row(elem_id="top"):
        gr.HTML(_TOOLS, elem_id="tools", apply_default_css=False)
        extent = gr.HTML(elem_id="extent", apply_default_css=False)
    gr.HTML(_TURNS, elem_id="talk", apply_default_css=False)
    status = gr.HTML(status_html(opening.state), elem_id="welcome", apply_default_css=False)
    with gr.Column(elem_id="ask"):
        gr.HTML('<div id="refused"></div>', elem_id="notice", apply_default_css=False)
        with gr.Row(elem_id="line"):
            box = gr.Textbox(
                elem_id="question", label="Question", placeholder="One moment…", lines=1, max_lines=8, interactive=False, scale=1,
                container=False, show_label=False, autofocus=True,
            )  # fmt: skip
            send = gr.Button("Ask", elem_id="send", variant="primary", scale=0, interactive=False)
            stop = gr.Button("Stop", elem_id="stop", scale=0)

    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([box.submit, send.click], None, None, None, js="Chat.submitted", **quietly)
    stop.click(None, None, None, js="Chat.stopped", **quietly)
    # Without a trigger: when the page has loaded.
    gr.on(None, partial(_wait, opening), None, [status, extent, box, send], concurrency_limit=None, **quietly)


async def _wait(opening: Opening) -> AsyncIterator[list]:
    """Until the assistant is ready: how far it is. Then the chat, open for questions, and examples; or why there is none."""
    shown = None
    while isinstance(state := opening.state, Working):
        if state != shown:
            yield _status(state)
        shown = state
        await asyncio.sleep(_LOOK_S)
    if isinstance(state, Ready):
        yield _opened(state)
        await asyncio.to_thread(opening.find_examples)
    yield _status(opening.state)


def _status(state: Working | Ready | Failed) -> list:
    return [status_html(state), *[gr.skip()] * 3]


def _opened(state: Ready) -> list:
    box = gr.Textbox(interactive=True, placeholder="Ask your notes…")
    return [status_html(state), extent_html(state), box, gr.Button(interactive=True)]


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """``/page/ask``, which answers, and ``/page/feedback``, which keeps what a reader thinks of it."""

    async def ask(asked: Asked) -> Response:
        """The growing turn of a question, a line of JSON each time; or the reason why it cannot be asked."""
        state = opening.state
        if not isinstance(state, Ready):
            return PlainTextResponse("The notes are still being opened.", 503)
        try:
            answer = await asyncio.to_thread(state.assistant.ask, asked.question, history=asked.history, words=asked.words, hits=asked.hits)
        except AssistantError as error:
            return Response(_line(refused=str(error)), media_type=_LINES)
        return StreamingResponse(_growing(answer), media_type=_LINES)

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
    router.add_api_route("/page/ask", ask, methods=["POST"])
    router.add_api_route("/page/feedback", keep, methods=["POST"])
    return router


# Answers


_LINES = "application/jsonl"


async def _growing(answer: Answer) -> AsyncIterator[str]:
    for piece in pieces(answer.text) if answer.answered else ():
        yield _line(growing=answering_html(answer, piece))
        await asyncio.sleep(_PIECE_S)
    yield _line(answered=answered_html(answer))


def _line(**what: str) -> str:
    return json.dumps(what) + "\n"


# Verdicts


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
