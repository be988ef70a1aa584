"""HTML, as the Markdown that says the same."""

import re
import warnings
from typing import TYPE_CHECKING

from assistant.reading.content import Content, Unreadable, storable, unified_lines
from assistant.reading.text import decode
from assistant.reading.titles import first_heading

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_NOT_READ = ("head", "script", "style", "noscript", "template", "svg", "nav", "iframe", "object")
# Python has codecs by these names that no page is written in (they undo escapes), and the wide ones cannot be: their declaration was just
# read byte by byte.
_NO_CHARSET = re.compile(r"utf[-_]?(?:7|16|32)|unicode[-_]?escape|idna|punycode|undefined", re.IGNORECASE)
# The converter calls int() on these as soon as they look like numbers to isnumeric(), and so fails at "²" and at 5,000 digits.
_NUMBERS = ("colspan", "start")
_NUMBER = re.compile(r"[0-9]{1,4}")
# Browsers read the one as the other, and so pages are written.
_MEANT = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}


def parse(data: bytes) -> Content:
    """Reads a page as Markdown: headings, lists, tables and code marked up, links and images by their text, no navigation, no scripts.

    What the page escaped is unescaped: the text is not HTML, and must be escaped where it is put into some.
    """
    page = decode(data, _declared(data))
    try:
        soup = _soup(page)
        title = _title(soup)
        text = storable(unified_lines(_as_markdown(soup)))
    except RecursionError as error:
        raise Unreadable("is HTML nested too deeply to be read") from error
    return Content("html", text, title=title or first_heading(text))


def _declared(data: bytes) -> str | None:
    """The encoding that the page says it is in."""
    from bs4.dammit import EncodingDetector

    declared = EncodingDetector.find_declared_encoding(data, is_html=True)
    return None if declared is None or _NO_CHARSET.search(declared) else _MEANT.get(declared, declared)


def _soup(page: str) -> "BeautifulSoup":
    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
    from bs4.exceptions import ParserRejectedMarkup

    try:
        with warnings.catch_warnings():
            # XHTML is read as HTML on purpose, and a page that holds nothing but a file's name is still a page.
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            return BeautifulSoup(page, "lxml")
    except ParserRejectedMarkup as error:
        raise Unreadable("is HTML too broken to be read") from error


def _title(soup: "BeautifulSoup") -> str:
    # Only in the head: a drawing can have a title too.
    title = soup.head.title if soup.head else None
    return storable(" ".join(title.get_text().split())) if title else ""


def _as_markdown(soup: "BeautifulSoup") -> str:
    from markdownify import ATX, MarkdownConverter

    for element in soup(_NOT_READ):
        element.decompose()
    for link in soup("a"):
        link.unwrap()
    for image in soup("img"):
        image.replace_with(str(image.get("alt", "")))
    for name in _NUMBERS:
        for element in soup.select(f"[{name}]"):
            if not _NUMBER.fullmatch(str(element[name])):
                del element[name]
    # Nothing is escaped: a quotation says what the page says, and a search for max_size finds it.
    converter = MarkdownConverter(heading_style=ATX, bullets="-", escape_asterisks=False, escape_underscores=False)
    return converter.convert_soup(soup)
