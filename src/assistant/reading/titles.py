"""What a note is called when nothing names it outright."""

import re

# Fenced code comes first, so that a comment in it is passed over as part of the fence and not taken for a heading.
_FENCE_OR_HEADING = re.compile(
    r"""
      ^[ ]{0,3} (?P<fence>`{3,}(?!.*`)|~{3,}) .* (?:\n.*)*? (?:\n[ ]{0,3} (?P=fence) | \Z)
    | ^[ ]{0,3} \# [ \t]+ (?P<marked>\S.*)
    | ^[ ]{0,3} (?P<underlined>[^\s>].*) \n [ ]{0,3} =+ [ \t]* $
    """,
    re.MULTILINE | re.VERBOSE,
)
_CLOSING_MARKS = re.compile(r"\s#+\s*$")
_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)")
_LONGEST = 200
"""Characters of a title; a longer line is a paragraph that lost its line ends."""
# A hyphen between two digits belongs to a date or a version.
_WORD_BREAK = re.compile(r"_+|(?<!\d)-+|-+(?!\d)")


def first_heading(text: str, start: int = 0) -> str | None:
    """The first heading of the first level from ``start`` on, as it reads; None if there is none."""
    return next((title for match in _FENCE_OR_HEADING.finditer(text, start) if (title := _as_read(match))), None)


def opening_heading(text: str) -> str | None:
    """The heading that ``text`` opens with; None if it opens with something else."""
    match = _FENCE_OR_HEADING.match(text.lstrip())
    return _as_read(match) if match else None


def title_of_name(stem: str) -> str:
    """A file's name without its suffix, made readable: ``meeting-notes_2024-01-02`` becomes "Meeting notes 2024-01-02"."""
    title = " ".join(_WORD_BREAK.sub(" ", stem).split()) or stem
    return title[0].upper() + title[1:] if title.islower() else title


def _as_read(match: re.Match[str]) -> str | None:
    """A heading without its marks; None if it has no words or far too many, or is a fence."""
    title = _CLOSING_MARKS.sub("", match["marked"] or match["underlined"] or "")
    plain = _EMPHASIS.sub("", _LINK.sub(r"\g<text>", title)).strip()
    return plain if 0 < len(plain) <= _LONGEST else None
