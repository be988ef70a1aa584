"""The page, in Gradio: a header with a tab for each view, over an assistant that may still be opening."""

import os

# Before Gradio makes a page, of which it asks a server of its makers for its latest version otherwise.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr

from assistant.web.opening import Opening
from assistant.web.views import chat, map, notes, search, settings, study  # noqa: A004 - a map of notes

TITLE = "Ask your notes"
VIEWS = {"Chat": chat, "Search": search, "Notes": notes, "Map": map, "Study": study, "Settings": settings}

_BRAND = '<span class="logo" aria-hidden="true"></span><span class="name">Ask your notes</span>'


def build(opening: Opening) -> gr.Blocks:
    """The page over ``opening``. All views are in it from the start, empty, so that their scripts find their places."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        gr.HTML(_BRAND, elem_id="brand", apply_default_css=False)
        with gr.Tabs(elem_id="views", overflow_behavior="wrap"):
            for name, view in VIEWS.items():
                with gr.Tab(name, id=name.lower(), elem_id=name.lower(), render_children=True):
                    view.build(opening)
    return page
