"""Whether a note's file still holds what was indexed."""

from enum import Enum

from assistant.reading import digest, place
from assistant.settings import Settings
from assistant.values import Document


class Freshness(Enum):
    """How a note's file compares with what was indexed of it, in words for the reader."""

    VERIFIED = "Verified against the file"
    CHANGED = "The file has changed since"
    MISSING = "The file is gone"


def freshness(settings: Settings, document: Document) -> Freshness:
    """Compares the file of ``document`` with it, by the digest of its bytes.

    ``document`` comes out of the index, and so its path does not come from a browser. Nothing of the file is shown, whatever lies there now.
    """
    file = place(settings.corpus, document.path)
    if file is None or not file.is_file():
        return Freshness.MISSING
    return Freshness.VERIFIED if document.sha256 == digest(file) else Freshness.CHANGED
