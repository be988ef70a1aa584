"""PDF, page by page."""

import re
import threading
from itertools import accumulate

from assistant.reading.content import Content, Unreadable, storable, unified_lines

# PDFium is not thread-safe, not even between documents.
_PDFIUM = threading.Lock()
_BETWEEN_PAGES = "\n\n"
# PDFium puts U+0002 for a hyphen that it found at the end of a line, and leaves the line end out.
_DIVISION = re.compile(r"\x02(?=[a-z])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
# What programs fill in as the title where the author gave none.
_NO_TITLE = re.compile(r"microsoft \w+ - |untitled|\S+\.\w{2,5}$", re.IGNORECASE)


def parse(data: bytes) -> Content:
    """Reads the text of each page. Raises Unreadable if the file is broken, wants a password, or holds nothing but pictures."""
    with _PDFIUM:
        title, raw = _extracted(data)
    pages = [_cleaned(page) for page in raw]
    if not any(page.strip() for page in pages):
        raise Unreadable("is a PDF of pictures without text: run text recognition (OCR) over it first")
    return Content("pdf", _BETWEEN_PAGES.join(pages), title=_told(title), page_starts=_starts(pages))


def _extracted(data: bytes) -> tuple[str, list[str]]:
    """The title and the text of each page, as PDFium gives them."""
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == FPDF_ERR_PASSWORD:
            raise Unreadable("is a PDF that wants a password: save a copy without one") from error
        raise Unreadable("is no PDF, or a broken one") from error
    # Closing the document closes its pages too, and must happen here, under the lock, not when the garbage collector comes by.
    try:
        return document.get_metadata_value("Title"), [page.get_textpage().get_text_bounded() for page in document]
    except (pypdfium2.PdfiumError, UnicodeDecodeError) as error:
        raise Unreadable("is a broken PDF: a page of it cannot be opened") from error
    finally:
        document.close()


def _cleaned(page: str) -> str:
    whole = _DIVISION.sub("", page).replace("\x02", "-")
    return storable(unified_lines(_CONTROLS.sub("", whole)))


def _starts(pages: list[str]) -> tuple[int, ...]:
    """The offset of each page in the joined text."""
    return tuple(accumulate((len(page) + len(_BETWEEN_PAGES) for page in pages[:-1]), initial=0))


def _told(title: str) -> str | None:
    line = " ".join(storable(title).split())
    return None if not line or _NO_TITLE.match(line) else line
