"""A note as it is read: Markdown drawn, all else as text. A note is untrusted: no mark-up of its own lives, and nothing in it is fetched.

What can be led to bears the lines of the note that it was made from, ``data-line`` to ``data-last``, counted from 1. A long note comes in
parts, so that a browser lays out only those that are looked at.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from assistant.values import Document, Heading

Leads = Callable[[str], str | None]
"""The address in the page that a link's target stands for; None if it leads nowhere in the notes."""

LARGEST_DRAWN = 600_000
"""Characters. Drawing Markdown takes about a second for each 200,000 (measured on two busy cores); what is longer is shown as text."""

_PART_LINES = 120
"""Lines of a part, about: three screens."""

_WIKI = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_LEAVES = frozenset({"heading_open", "paragraph_open", "tr_open", "fence", "code_block"})


def note_html(document: Document, headings: Sequence[Heading], leads: Leads) -> str:
    """The text of ``document``, drawn as its kind allows."""
    if document.kind in ("markdown", "html") and len(document.text) <= LARGEST_DRAWN:
        return "".join(f'<div class="part">{part}</div>' for part in _drawn(document, leads))
    return "".join(_plain(document, headings))


# Markdown


def _drawn(document: Document, leads: Leads) -> Iterator[str]:
    text = document.text[document.body_start :]
    tokens = _MARKDOWN.parse(text, {})
    _number(tokens, document.text.count("\n", 0, document.body_start))
    for part in _parts(tokens):
        yield _MARKDOWN.renderer.render(part, _MARKDOWN.options, {"leads": leads})


def _number(tokens: Sequence[Token], before: int) -> None:
    """Gives each leaf the lines that it was made from; the paragraph of a tight list is not drawn, so its item gets them."""
    items: list[Token] = []
    for token in tokens:
        if token.type == "list_item_open":
            items.append(token)
        elif token.type == "list_item_close":
            items.pop()
        elif token.type in _LEAVES and token.map:
            bearer = items[-1] if token.hidden and items else token
            if "data-line" not in bearer.attrs:
                bearer.attrSet("data-line", str(before + token.map[0] + 1))
                bearer.attrSet("data-last", str(before + max(token.map[0] + 1, token.map[1])))


def _parts(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """``tokens`` cut between blocks of the outermost level, each part of some ``_PART_LINES`` lines."""
    start, line = 0, 0
    for at, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0 and token.map and token.map[0] - line >= _PART_LINES:
            yield tokens[start:at]
            start, line = at, token.map[0]
    yield tokens[start:]


def _wiki(state: StateInline, silent: bool) -> bool:
    """The inline rule for ``[[note]]`` and ``[[note|words]]``."""
    match = _WIKI.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("wiki", "", 0)
        token.content, token.meta = match[2] or match[1], {"target": match[1]}
    state.pos = match.end()
    return True


def _render_wiki(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    token = tokens[at]
    return f"{_link(token.meta['target'], env)}{escape(token.content)}{_end(token.meta['target'], env)}"


def _render_link(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    target = str(tokens[at].attrGet("href"))
    env.setdefault("open", []).append(target)
    return _link(target, env)


def _render_link_end(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return _end(env["open"].pop(), env)


def _link(target: str, env: MutableMapping) -> str:
    """A link within the notes leads to its note; any other is shown by its words and leads nowhere."""
    address = env["leads"](target)
    return f'<span class="link" title="{escape(target)}">' if address is None else f'<a class="link" href="{escape(address)}">'


def _end(target: str, env: MutableMapping) -> str:
    return "</span>" if env["leads"](target) is None else "</a>"


def _render_image(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    return f'<span class="link picture" title="{escape(str(tokens[at].attrGet("src")))}">{escape(tokens[at].content or "picture")}</span>'


def _render_code(renderer: RendererProtocol, tokens: Sequence[Token], at: int, options: object, env: MutableMapping) -> str:
    token = tokens[at]
    lines = "".join(f' {name}="{token.attrs[name]}"' for name in ("data-line", "data-last") if name in token.attrs)
    return f'<pre tabindex="0"{lines}><code>{escapeHtml(token.content)}</code></pre>\n'


def _made() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    markdown.inline.ruler.before("link", "wiki", _wiki)
    rules = {
        "wiki": _render_wiki, "link_open": _render_link, "link_close": _render_link_end, "image": _render_image,
        "fence": _render_code, "code_block": _render_code,
    }  # fmt: skip
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return markdown


_MARKDOWN = _made()


# Text


def _plain(document: Document, headings: Sequence[Heading]) -> Iterator[str]:
    """The text in parts; each of its lines stands as it is, headings in bold, and the beginning of a page is named."""
    text = document.text
    titles = {heading.line for heading in headings}
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
    pages = {bisect_right(starts, start): number for number, start in enumerate(document.page_starts, 1)}
    lines = [text[start : end - 1] for start, end in pairwise(starts)]
    for first in range(0, len(lines), _PART_LINES):
        drawn = (_line(first + at, line, titles, pages) for at, line in enumerate(lines[first : first + _PART_LINES], 1))
        yield f'<div class="part lines">{"".join(drawn)}</div>'


def _line(number: int, line: str, titles: set[int], pages: dict[int, int]) -> str:
    page = f'<span class="page-start">Page {pages[number]}</span>' if number in pages else ""
    kind = ' class="heading"' if number in titles else ""
    return f'{page}<span{kind} data-line="{number}">{escape(line)}\n</span>'
