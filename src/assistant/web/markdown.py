"""The Markdown of answers as HTML. What it quotes is untrusted: it becomes text, never mark-up of its own, and fetches nothing."""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_MARK = re.compile(r"\[(\d{1,4})\]")
_RULES = ("table", "fence", "list", "paragraph", "backticks", "emphasis", "balance_pairs", "fragments_join", "escape", "entity", "link", "image", "mark")


def to_html(text: str, chips: Mapping[int, str], claims: Sequence[str] = ()) -> str:
    """``text`` as HTML; each mark ``[n]`` of a number in ``chips`` becomes what that holds, every other stays text.

    ``claims`` are values to be marked where they stand. Links and images are shown by their words and lead nowhere. HTML is shown as it is
    written.
    """
    return _MARKDOWN.render(text, {"chips": chips, "claims": _pattern(claims)})


def _pattern(values: Sequence[str]) -> re.Pattern[str] | None:
    """What finds any of ``values`` as words of their own, whatever the white space in them; the longest where several stand."""
    words = [r"\s+".join(map(re.escape, value.split())) for value in sorted(values, key=len, reverse=True) if value.strip()]
    return re.compile(rf"(?<![\w.,])(?:{'|'.join(words)})(?!\w)") if words else None


def _mark_claims(state: StateCore) -> None:
    """The core rule that marks claims, in whatever part of the text they stand whole."""
    pattern = state.env["claims"]
    for block in state.tokens if pattern else ():
        if block.children:
            block.children = [piece for child in block.children for piece in (_split(child, pattern) if child.type == "text" else [child])]


def _split(token: Token, pattern: re.Pattern[str]) -> Iterator[Token]:
    end = 0
    for match in pattern.finditer(token.content):
        yield Token("text", "", 0, content=token.content[end : match.start()])
        yield Token("claim", "", 0, content=match[0])
        end = match.end()
    yield Token("text", "", 0, content=token.content[end:])


def _render_claim(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return f'<mark class="claim">{escape(tokens[at].content)}</mark>'


def _render_table(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    # What is wider than its column scrolls by itself, by keys too.
    return '<div class="table" role="region" aria-label="Table" tabindex="0"><table>'


def _render_table_end(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return "</table></div>"


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
    markdown.core.ruler.push("claim", _mark_claims)
    for name, rule in _RENDERERS.items():
        markdown.add_render_rule(name, rule)
    return markdown


_RENDERERS = {
    "mark": _render_mark, "claim": _render_claim, "link_open": _render_link, "link_close": _render_link_end, "image": _render_image,
    "table_open": _render_table, "table_close": _render_table_end,
}  # fmt: skip


_MARKDOWN = _made()
