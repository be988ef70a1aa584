"""Folders of caches on disk, each named by the state that it was made from and sealed with the digests of its files.

A folder is filled under another name and renamed when it is whole, and never changed afterwards: a process that dies while it fills one
leaves rubbish, never a broken cache, and a process that reads one is not disturbed by another that makes the next.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StoreError

LAYOUT = 3
"""Raised whenever other files are cached, or in another form: caches of another layout are made anew."""

_SEAL = "seal.json"
_UNFINISHED = ".filling-"
_ABANDONED_S = 3600.0
"""A folder that has been filled for so long belongs to a process that died."""

_KEPT = 2
"""The newest, and the one before it: another process may be about to open that one."""


def find(root: Path, stamp: str) -> Path | None:
    """The sound cache made from the state ``stamp``, if there is one."""
    folder = root / stamp
    return folder if is_sound(folder) else None


def find_ancestor(root: Path, stamps: Sequence[str]) -> Path | None:
    """The sound cache made from the first of the states ``stamps`` that has one."""
    there = {path.name for path in root.iterdir()} if root.is_dir() else set()
    return next((root / stamp for stamp in stamps if stamp in there and is_sound(root / stamp)), None)


def is_sound(folder: Path) -> bool:
    """Whether a cache is of this layout, and every file of it, to the bit, as it was when it was sealed."""
    try:
        seal = json.loads((folder / _SEAL).read_bytes())
        return seal["layout"] == LAYOUT and all(_digest(folder / name) == digest for name, digest in seal["files"].items())
    # A damaged seal may be no UTF-8, no JSON, or no mapping; a damaged name in it, no file.
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return False


@contextmanager
def filling(root: Path, stamp: str) -> Iterator[Path]:
    """An empty folder to fill; when the block ends it is sealed and found under ``stamp``, and old caches are cleared away.

    If the block raises, nothing of it stays. Raises StoreError if the disk will not take it.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=root))
        try:
            yield work
            _seal(work)
            _publish(work, root / stamp)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        _clear(root, keep=stamp)
    except OSError as error:
        raise StoreError(
            f"the search caches in {root} cannot be written ({error.strerror or error}): check the space and permissions "
            "there, then run again; the index itself is safe"
        ) from error


def _seal(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    seal = {"layout": LAYOUT, "files": {path.relative_to(folder).as_posix(): _digest(path) for path in files}}
    (folder / _SEAL).write_text(json.dumps(seal, indent=1), encoding="utf-8")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _publish(work: Path, target: Path) -> None:
    # No fsync: what a power cut leaves half written does not match its seal.
    try:
        os.replace(work, target)
    except OSError:
        if is_sound(target):
            # Another process made the same cache at the same time.
            return
        shutil.rmtree(target)
        os.replace(work, target)


def _clear(root: Path, *, keep: str) -> None:
    """Removes all but the newest caches, and what dead processes left. What cannot be removed now can be next time."""
    whole = [path for path in root.iterdir() if not path.name.startswith(_UNFINISHED) and path.name != keep]
    unfinished = [path for path in root.iterdir() if path.name.startswith(_UNFINISHED) and time.time() - _made(path) > _ABANDONED_S]
    for path in (*sorted(whole, key=_made, reverse=True)[_KEPT - 1 :], *unfinished):
        shutil.rmtree(path, ignore_errors=True)


def _made(path: Path) -> float:
    """When ``path`` was made; 0 for one that another process removed meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
