"""Markdown, with the front matter that may stand before it."""

import re
from collections.abc import Mapping

from assistant.reading.content import Content, storable
from assistant.reading.tags import inline_tags
from assistant.reading.text import decode
from assistant.reading.titles import first_heading

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_NOTHING = ("", "~", "null")


def parse(data: bytes) -> Content:
    """Reads Markdown. Front matter stays in the text, which begins in earnest at ``body_start``; if it is broken, it is just text."""
    text = decode(data)
    fields, body_start = front_matter(text)
    tags = (tag.lstrip("#") for tag in _list(fields.get("tags"), r"[,\s]+") if tag.strip("#"))
    return Content(
        "markdown",
        text,
        title=_line(fields.get("title")) or first_heading(text, body_start),
        tags=tuple(dict.fromkeys([*tags, *inline_tags(text[body_start:])])),
        aliases=_list(fields.get("aliases"), r"\s*,\s*"),
        body_start=body_start,
    )


def front_matter(text: str) -> tuple[Mapping[str, object], int]:
    """The fields between the ``---`` lines that ``text`` begins with, and where the text after them begins: ({}, 0) if there are none."""
    match = _FRONT_MATTER.match(text)
    fields = _mapping(match["yaml"]) if match else None
    return ({}, 0) if match is None or fields is None else (fields, match.end())


def _mapping(text: str) -> Mapping[str, object] | None:
    import yaml

    try:
        # The base loader makes nothing but strings, lists and mappings: a title 2024 stays "2024", and no tag is turned into an object.
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError):
        return None
    if fields is None:
        return {}
    return {str(name).lower(): value for name, value in fields.items()} if isinstance(fields, dict) else None


def _line(value: object) -> str | None:
    """A scalar on one line; None where there is nothing or something else."""
    return storable(" ".join(value.split())) if isinstance(value, str) and value not in _NOTHING else None


def _list(value: object, separator: str) -> tuple[str, ...]:
    """The names in a list, or in a string that separates them; each once."""
    names = value if isinstance(value, list) else re.split(separator, value.strip()) if isinstance(value, str) else []
    return tuple(dict.fromkeys(line for name in names if (line := _line(name))))
