"""What a question is restricted to, as it is written in it: ``"a phrase"``, ``[[a note]]``, ``#tag``, ``file:name``.

A minus in front leaves out what it names. Knows how they are written; what they leave of the notes, ``scope`` finds out.
"""

import re
from dataclasses import dataclass

from assistant.reading.tags import TAG

_FILE = r"""(?!//)[^\s"“”]*[^\s"“”.,;:!?)]"""
_BARE = re.compile(_FILE)
_OPERATOR = re.compile(
    rf"""
    (?<![^\s(,;:—–])  # C#, 3.5" and https://site/#part hold none
    (?P<minus>-)?
    (?: "(?P<phrase>[^\s"](?:[^"]*[^\s"])?)" (?!\w)
      | “(?P<typeset>[^\s“”](?:[^“”]*[^\s“”])?)”
      | \[\[ (?=\s*[^\s\[\]|\#]) (?P<note>[^\[\]|\#\n]+) (?:\#(?P<heading>[^\[\]|\n]+))? (?:\|(?P<label>[^\[\]\n]+))? \]\]
      | \# (?P<tag>{TAG})
      | file: (?: "(?P<quoted>[^"\n]+)" | “(?P<typeset_file>[^“”\n]+)” | (?P<file>{_FILE}) )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Operator:
    """One restriction. ``kind`` is phrase, note, tag or file; ``value`` is what stands in it, ``heading`` what a note is narrowed down to.

    Where ``excluded`` is true, what it names is left out instead. ``str`` gives it as it is written.
    """

    kind: str
    value: str
    heading: str | None = None
    excluded: bool = False

    def __str__(self) -> str:
        heading = "" if self.heading is None else f"#{self.heading}"
        file = self.value if _BARE.fullmatch(self.value) else f'"{self.value}"'
        written = {"phrase": f'"{self.value}"', "note": f"[[{self.value}{heading}]]", "tag": f"#{self.value}", "file": f"file:{file}"}
        return "-" * self.excluded + written[self.kind]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A question in parts: ``text`` is what it asks once its operators are taken out. The words of a phrase stay, and so do those of a link
    that is shown by other words (``[[note|words]]``).
    """

    text: str
    operators: tuple[Operator, ...] = ()


def parse(question: str) -> Parsed:
    """The parts of ``question``. Any text has some; one without operators is left as it is."""
    found = list(_OPERATOR.finditer(question))
    if not found:
        return Parsed(question)
    rest = " ".join(_OPERATOR.sub(_remaining, question).split())
    return Parsed(rest if any(map(str.isalnum, rest)) else "", tuple(dict.fromkeys(map(_operator, found))))


def spans(question: str) -> list[tuple[int, int]]:
    """Where the operators of ``question`` stand in it."""
    return [match.span() for match in _OPERATOR.finditer(question)]


def _operator(match: re.Match[str]) -> Operator:
    excluded = match["minus"] is not None
    if (note := match["note"]) is not None:
        return Operator("note", _line(note), match["heading"] and _line(match["heading"]), excluded)
    if (tag := match["tag"]) is not None:
        return Operator("tag", tag, excluded=excluded)
    if (phrase := match["phrase"] or match["typeset"]) is not None:
        return Operator("phrase", _line(phrase), excluded=excluded)
    return Operator("file", _line(match["quoted"] or match["typeset_file"] or match["file"]), excluded=excluded)


def _remaining(match: re.Match[str]) -> str:
    return "" if match["minus"] else match["phrase"] or match["typeset"] or match["label"] or ""


def _line(text: str) -> str:
    return " ".join(text.split())
