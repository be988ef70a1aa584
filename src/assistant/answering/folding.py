"""Quotes on one line, safe to stand in Markdown between marks."""

import re

PIPE = re.compile(r"(?<!\\)\|")
"""What parts the cells of a row."""
_MARK_LIKE = re.compile(r"\[(\d+)\]")


def folded(text: str) -> str:
    """``text`` on one line, and without anything that would read as a citation's mark."""
    return unmarked(" ".join(text.split()))


def unmarked(text: str) -> str:
    """``text`` with a space in each ``[1]`` of its own, which would read as a mark; in code too, where it rarely matters and no escape works."""
    return _MARK_LIKE.sub(r"[ \1]", text)
