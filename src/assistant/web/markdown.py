"""The Markdown of answers as HTML. What it quotes is untrusted: it becomes text, never mark-up of its own, and fetches nothing."""

import re
from collections.abc import Callable, MutableMapping, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

Chip = Callable[[int], str]
"""The HTML of the mark with a number."""

_MARK = re.compile(r"\[(\d{1,4})\]")
_RULES = ("table", "fence", "list", "paragraph", "backticks", "emphasis", "balance_pairs", "fragments_join", "escape", "entity", "link", "image", "mark")


def to_html(text: str, chips: dict[int, str]) -> str:
    """``text`` as HTML; each mark ``[n]`` of a number in ``chips`` becomes what that holds, every other stays text.

    Links and images are shown by their words and lead nowhere. HTML is shown as it is written.
    """
    return _MARKDOWN.render(text, {"chips": chips})


def _mark(state: StateInline, silent: bool) -> bool:
    """The inline rule for ``[n]``."""
    match = _MARK.match(state.src, state.pos)
    if match is None or int(match[1]) not in state.env["chips"]:
        return False
    if not silent:
        state.push("mark", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _render_mark(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return env["chips"][int(tokens[at].content)]


def _render_link(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return f'<span class="link" title="{escape(str(tokens[at].attrGet("href")))}">'


def _render_link_end(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return "</span>"


def _render_image(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return f'<span class="link" title="{escape(str(tokens[at].attrGet("src")))}">{escape(tokens[at].content)}</span>'


def _made() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False})
    # Before links, which would take a mark for the words of a reference.
    markdown.inline.ruler.before("link", "mark", _mark)
    markdown.enable(list(_RULES))
    for name, rule in {"mark": _render_mark, "link_open": _render_link, "link_close": _render_link_end, "image": _render_image}.items():
        markdown.add_render_rule(name, rule)
    return markdown


_MARKDOWN = _made()
