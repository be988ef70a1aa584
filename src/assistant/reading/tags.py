"""Tags in the text of a note, as note-taking programs write them: ``#tag``, ``#tag/nested``."""

import re

TAG = r"(?=[\w/-]*[^\W\d_])\w(?:[\w/-]*\w)?"
"""What stands behind the mark: letters, digits, ``_``, ``-`` and ``/``, of which one at least is a letter: #12 is a number."""

_TAG = re.compile(rf"(?<![^\s(])#({TAG})(?!#)")
# Fences that are not closed go on to the end.
_CODE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,}).*(?:\n.*)*?(?:\n {0,3}(?P=fence)|\Z)|(?P<ticks>`+)[^`\n]+(?P=ticks)", re.MULTILINE)


def inline_tags(text: str) -> tuple[str, ...]:
    """The tags in ``text``, each once, in order; those in code are none."""
    return tuple(dict.fromkeys(_TAG.findall(_CODE.sub(" ", text))))
