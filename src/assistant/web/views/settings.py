"""The settings view: what a reader may choose for this browser, and what is set for all, with the line that would change it."""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.errors import AssistantError
from assistant.settings import PREFIX, Settings
from assistant.web.opening import Opening, Ready

SHOWN = {
    "corpus": ("Notes", "The folders of notes: one, or several."),
    "index": ("Index", "Where what is built from the notes lies. It may be deleted; it is built anew then."),
    "model": ("Model", "The embedding model in use, a sentence-transformers folder or name."),
    "cache": ("Compiled models", "Where compiled models lie."),
    "answer_words": ("Answer length", "The most words that an answer quotes; twice as many for lists, steps, comparisons and scenarios."),
    "hits": ("Sources", "How many passages an answer carries along."),
    "watch": ("Automatic sync", "Whether the notes are synced by themselves when their files change."),
    "theme": ("Theme", "How the page looks where its reader chose nothing: system, light or dark."),
    "max_file_mb": ("Largest file", "In megabytes; larger files are left out, and listed."),
    "host": ("Address", "What the page is served on; any that other machines reach needs a password."),
    "port": ("Port", "The port that the page is served on."),
    "password": ("Password", "Asked for by the page, with any user name."),
}
"""By name: what a setting is called, and what it does."""

_FLAGS = ("corpus", "index", "model", "host", "port")

_BROWSER = """
<section aria-labelledby="here"><h2 id="here">In this browser</h2>
<p class="lead">Kept here, for nobody else. They hold from the next question on.</p>
<fieldset><legend>Theme</legend>{themes}</fieldset>
<label for="set-words">Answer length <span>in words; at least 20, at most 1000. The server's own is {words}.</span></label>
<input id="set-words" data-setting="words" type="number" min="20" max="1000" step="10" placeholder="{words}">
<label for="set-hits">Sources <span>passages an answer carries along; at least 1, at most 100. The server's own is {hits}.</span></label>
<input id="set-hits" data-setting="hits" type="number" min="1" max="100" placeholder="{hits}">
<h3>Chats</h3>
<p><span data-chats></span> <button type="button" class="pill" data-forget>Delete all chats</button></p></section>
"""

_VERDICTS = """
<section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts on answers</h2>
<p class="lead">{good} found good, {bad} found bad, kept on this machine in <code>{file}</code>.
The good ones are questions to judge later versions by: <code>assistant eval</code> reads them.</p>
<p><a class="pill" href="page/judged" download="judged.jsonl">Download judged questions</a></p></section>
"""


def build(opening: Opening) -> None:
    """Makes the view, which its script fills when it is first shown."""
    gr.HTML(elem_id="settings-view", apply_default_css=False)


def routes(opening: Opening, settings: Settings) -> APIRouter:
    """``/page/settings``, the view itself, and ``/page/judged``, the verdicts as a file of judged questions."""

    def show() -> Response:
        return _with_feedback(opening, lambda state: HTMLResponse(settings_html(settings, state)))

    def judged() -> Response:
        return _with_feedback(opening, lambda state: PlainTextResponse(_rows(state), media_type="application/jsonl"))

    router = APIRouter()
    router.add_api_route("/page/settings", show, response_class=HTMLResponse)
    router.add_api_route("/page/judged", judged)
    return router


def _rows(state: Ready) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in state.assistant.feedback.judged())


def _with_feedback(opening: Opening, respond: Callable[[Ready], Response]) -> Response:
    if not isinstance(opening.state, Ready):
        return PlainTextResponse("The notes are still being opened.", 503)
    try:
        return respond(opening.state)
    except AssistantError as error:
        return PlainTextResponse(str(error), 500)


def settings_html(settings: Settings, state: Ready) -> str:
    """The view: the choices of this browser, the verdicts, and each setting with its value, its origin and how to change it."""
    verdicts = state.assistant.feedback.verdicts()
    good = sum(bool(one.good) for one in verdicts)
    themes = "".join(
        f'<label><input type="radio" name="theme" value="{theme}"> {theme.capitalize()}</label>' for theme in ("system", "light", "dark")
    )
    rows = "".join(_setting(settings, name) for name in SHOWN)
    return (
        _BROWSER.format(themes=themes, words=settings.answer_words, hits=settings.hits)
        + _VERDICTS.format(good=good, bad=len(verdicts) - good, file=escape(str(state.assistant.feedback.file)))
        + '<section aria-labelledby="server"><h2 id="server">For everyone</h2><p class="lead">Set where the page is served, and in force from its next start:'
        + f' in <code>assistant.toml</code>, in the environment, or on the command line.</p><div class="settings">{rows}</div></section>'
    )


def _setting(settings: Settings, name: str) -> str:
    title, what = SHOWN[name]
    value = getattr(settings, name)
    origin = settings.origins.get(name) or ("the program that serves" if value != getattr(Settings(), name) else None)
    # A password is shown to nobody: not what it is, and not how long.
    secret = name == "password"
    shown = ("set" if value else "not set") if secret else _words(settings.cache_folder if name == "cache" else value)
    line = 'password = "…"' if secret else f"{name} = {_toml(settings.cache_folder if name == 'cache' else value)}"
    ways = " · ".join([f"<code>{PREFIX}{name.upper()}</code>", *([f"<code>--{name}</code>"] if name in _FLAGS else [])])
    return (
        f'<article class="setting" aria-labelledby="setting-{name}"><h3 id="setting-{name}">{title}</h3><p class="value" dir="auto">{escape(shown)}</p>'
        f'<p class="origin">{escape(f"from {origin}" if origin else "by default")}</p><p class="what">{what}</p>'
        f'<pre tabindex="0" aria-label="Line for assistant.toml"><code>{escape(line)}</code></pre><p class="ways">or {ways}</p></article>'
    )


def _words(value: Any) -> str:
    match value:
        case bool():
            return "on" if value else "off"
        case tuple():
            return ", ".join(map(_words, value))
        case Path():
            return str(value.absolute())
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _toml(value: Any) -> str:
    """``value`` as TOML writes it: its strings, lists, numbers and truth values are JSON's, but for what no path holds."""
    match value:
        case tuple():
            return f"[{', '.join(map(_toml, value))}]" if len(value) > 1 else _toml(value[0])
        case Path():
            return json.dumps(str(value.absolute()), ensure_ascii=False)
        case _:
            return json.dumps(value, ensure_ascii=False)
