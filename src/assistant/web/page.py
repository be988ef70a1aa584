"""The page, in Gradio: a chat over an assistant that may still be opening. Handlers parse, call the façade and render."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

# Before Gradio is imported, which asks a server of its makers for its latest version otherwise.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.opening import Failed, Opening, Ready, Working
from assistant.web.rendering import answered_html, answering_html, extent_html, notice_html, status_html, talk_html
from assistant.web.streaming import pieces

EXAMPLES = 4
TITLE = "Ask your notes"

_LOOK_S = 0.2
"""Between two looks at how far the opening is."""

_PIECE_S = 0.02
"""Between two pieces of an answer: with at most six of them a tenth of a second in all."""

_AT_ONCE = 16
"""Questions answered at the same time; further ones wait their turn, some 20 ms each."""

_HEADER = '<header class="top"><span class="logo" aria-hidden="true"></span><span class="name">Ask your notes</span></header>'


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a chat, and how it and its answer are shown."""

    question: str
    html: str


Turns = tuple[Turn, ...]


def build(opening: Opening) -> gr.Blocks:
    """The page over ``opening``: it shows the progress, then the chat. Nothing that a chat holds is shared with another."""
    handlers = Handlers(opening)
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        turns = gr.State(())
        with gr.Row(elem_id="top"):
            gr.HTML(_HEADER, apply_default_css=False)
            extent = gr.HTML(elem_id="extent", apply_default_css=False)
            again = gr.Button("New chat", elem_id="again", size="sm")
        talk = gr.HTML(elem_id="talk", apply_default_css=False)
        with gr.Column(elem_id="welcome"):
            status = gr.HTML(status_html(opening.state), elem_id="status", apply_default_css=False)
            with gr.Row(elem_id="examples"):
                examples = [gr.Button(visible=False, elem_classes="example") for _ in range(EXAMPLES)]
        with gr.Column(elem_id="ask"):
            notice = gr.HTML(elem_id="notice", apply_default_css=False)
            with gr.Row(elem_id="line"):
                box = gr.Textbox(
                    elem_id="question", label="Question", placeholder="One moment…", lines=1, max_lines=8, interactive=False, scale=1,
                    container=False, show_label=False, autofocus=True,
                )  # fmt: skip
                send = gr.Button("Ask", elem_id="send", variant="primary", scale=0, interactive=False)

        shown = [talk, turns, box, notice]
        asking = {"outputs": shown, "show_progress": "hidden", "concurrency_limit": _AT_ONCE, "concurrency_id": "ask", "api_visibility": "private"}
        plain = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
        gr.on([box.submit, send.click], handlers.ask, [box, turns], **asking)
        for example in examples:
            example.click(handlers.ask, [example, turns], **asking)
        again.click(handlers.clear, None, shown, **plain)
        opened = page.load(handlers.wait, None, [status, extent, box, send, *examples], **plain)
        opened.then(handlers.ask_from_address, [turns], **asking)
    return page.queue(default_concurrency_limit=_AT_ONCE)


_AS_IT_IS = [gr.skip()] * 4
"""For the outputs of a chat. A handler that gave nothing would empty them."""


class Handlers:
    """What the page does, over one assistant. Each gives the values of its outputs, some of them several times."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    async def wait(self) -> AsyncIterator[list]:
        """Until the assistant is ready: how far it is. Then: the chat, open for questions; or why there is none."""
        shown = None
        while isinstance(state := self._opening.state, Working):
            if state != shown:
                yield _waiting(state)
            shown = state
            await asyncio.sleep(_LOOK_S)
        yield _opened(state) if isinstance(state, Ready) else _waiting(state)

    async def ask(self, question: str, turns: Turns) -> AsyncIterator[list]:
        """The chat with ``question`` and its answer, which grows. What cannot be asked stays in the box, with the reason."""
        state = self._opening.state
        if not isinstance(state, Ready):
            yield _AS_IT_IS
            return
        try:
            answer = await asyncio.to_thread(state.assistant.ask, question, history=[turn.question for turn in turns])
        except AssistantError as error:
            yield [*_AS_IT_IS[:-1], notice_html(str(error))]
            return
        before = [turn.html for turn in turns]
        box = ""
        for piece in pieces(answer.text) if answer.answered else ():
            yield [talk_html([*before, answering_html(answer, piece)]), turns, box, ""]
            # Emptied once: what is typed while the answer grows stays.
            box = gr.skip()
            await asyncio.sleep(_PIECE_S)
        turns = (*turns, Turn(question, answered_html(answer)))
        yield [talk_html([turn.html for turn in turns]), turns, box, ""]
        # Gradio sends what came last once more, when all is done.
        yield _AS_IT_IS

    async def ask_from_address(self, turns: Turns, request: gr.Request) -> AsyncIterator[list]:
        """Asks what the page's address holds as ``?q=``, if anything."""
        question = request.query_params.get("q", "")
        if not question.strip() or turns:
            yield _AS_IT_IS
            return
        async for shown in self.ask(question, turns):
            yield shown

    def clear(self) -> list:
        """A new chat."""
        return ["", (), "", ""]


def _waiting(state: Working | Failed) -> list:
    return [status_html(state), *[gr.skip()] * (3 + EXAMPLES)]


def _opened(state: Ready) -> list:
    box = gr.Textbox(interactive=True, placeholder="What would you like to know?")
    texts = [*state.examples, *[""] * EXAMPLES][:EXAMPLES]
    buttons = [gr.Button(text, visible=bool(text)) for text in texts]
    return [status_html(state), extent_html(state), box, gr.Button(interactive=True), *buttons]

