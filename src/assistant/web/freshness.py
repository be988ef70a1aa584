"""Whether a note's file still holds what was indexed."""

import hashlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path, PurePosixPath

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
    digests = [_digest(file) for file in _places(settings, PurePosixPath(document.path)) if file.is_file()]
    if not digests:
        return Freshness.MISSING
    return Freshness.VERIFIED if document.sha256 in digests else Freshness.CHANGED


def _places(settings: Settings, path: PurePosixPath) -> Iterator[Path]:
    """Where the file can lie. With several notes folders, each path begins with a name for its folder."""
    below = path if len(settings.corpus) == 1 else PurePosixPath(*path.parts[1:])
    return (folder.expanduser() / below for folder in settings.corpus)


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None
