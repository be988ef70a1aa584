"""What a stretch of text is by its looks alone: a title, hardly anything but a link or values, a label out of a drawing."""

import re

from assistant.segmenting.lines import LINK, TERMINAL

_LABEL_WORDS = 6
_LEAST_WORDS_BESIDE_LINK = 4
_TABLE_VALUE = re.compile(r"(?<!\S)(?:(?:[<>≥≤=~–-]+ ?)?[$€£]?\d[\d.,:/]*\+?(?: ?[%\w/]{1,7}(?!\S))?|none|n/a|yes|no|unlimited|✓|✗|x|-|–)(?!\S)", re.I)
_LEAST_VALUES, _SHARE_OF_VALUES = 2, 0.6


def is_link(text: str) -> bool:
    """Whether ``text`` is hardly anything but links."""
    rest = LINK.sub(" ", text)
    return rest != text and len(re.findall(r"\w{2,}", rest)) < _LEAST_WORDS_BESIDE_LINK


def is_label(text: str) -> bool:
    """Whether ``text`` is a word or a few, without figures and no sentence, as in a drawing."""
    return len(text.split()) <= _LABEL_WORDS and not text.endswith((".", "!", "?", ":")) and not any(char.isdigit() for char in text)


def is_values(text: str) -> bool:
    """Whether ``text`` is hardly anything but values, several of them, as in a row of a table."""
    found = [match[0] for match in _TABLE_VALUE.finditer(text)]
    return len(found) >= _LEAST_VALUES and sum(len(value.split()) for value in found) >= _SHARE_OF_VALUES * len(text.split())


def is_titular(text: str) -> bool:
    """Whether a line reads as a title: short, begun like one, and not a sentence."""
    text = text.strip()
    words = text.split()
    if not 1 <= len(words) <= 10 or text.endswith((*TERMINAL, ":")) or "://" in text or text.startswith("["):
        return False
    first = text.lstrip("“\"'(*_")[:1]
    return (first.isupper() or first.isdigit() or not first.isascii()) and any(char.isalpha() for char in text)
