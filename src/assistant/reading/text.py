"""Plain text, and the decoding that every format of text shares."""

import codecs

from assistant.reading.content import Content, Unreadable, storable, unified_lines
from assistant.reading.titles import opening_heading

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A guess among all known encodings takes short Western notes for Central European, Arabic or Chinese ones. So the likeliest is asked
# first and alone; after it come those that files from before UTF-8 are found in.
_LIKELY = (("cp1252",), ("cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949"))
_LIKELY_WITH_ZEROS = (("utf_16_le", "utf_16_be"),)
_LEAST_INTACT = 10
"""How many characters beyond ASCII must be intact for each broken one, for text to count as damaged UTF-8."""


def parse(data: bytes) -> Content:
    """Reads plain text. Its title is the heading that it opens with: further down, ``# `` is as likely a section or a comment."""
    text = decode(data)
    return Content("text", text, title=opening_heading(text))


def decode(data: bytes, declared: str | None = None) -> str:
    """The text that ``data`` encodes, with unified line ends and without byte order mark.

    A byte order mark tells the encoding; without one it is ``declared`` if the bytes agree, then UTF-8, and then what the bytes look like.
    Raises Unreadable if they look like no text.
    """
    text = _decoded(data, declared)
    if "\0" in text:
        raise Unreadable("is binary, not text")
    return storable(unified_lines(text))


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark) and (text := _decoded_as(encoding, data[len(mark) :])) is not None:
            return text
    for encoding in filter(None, (declared, "utf-8")):
        if (text := _decoded_as(encoding, data)) is not None:
            return text
    return _guessed(data)


def _decoded_as(encoding: str, data: bytes) -> str | None:
    """The text, or None if there is no such encoding or the bytes are not written in it."""
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    with_zeros = b"\0" in data
    if not with_zeros and (text := _damaged_utf8(data)) is not None:
        return text
    for encodings in _LIKELY_WITH_ZEROS if with_zeros else _LIKELY:
        if (best := from_bytes(data, cp_isolation=list(encodings)).best()) is not None:
            return str(best)
    raise Unreadable("is binary, or in an encoding that cannot be told: save it as UTF-8")


def _damaged_utf8(data: bytes) -> str | None:
    """The text if it is UTF-8 but for a few bytes, which become U+FFFD: a log that was cut, a paste gone wrong."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    intact = sum(not char.isascii() for char in text) - broken
    return text if intact >= _LEAST_INTACT * broken else None
