"""The files in the notes folders: taking one in, and taking one out. Nothing is ever written over, and nothing destroyed.

What is asked for comes from a browser, so no name in it is trusted: a note lands in a folder that is read, under a name of one part.
"""

import os
import re
import shutil
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from assistant.errors import NotesError
from assistant.reading import SUFFIXES, place, tops

_LONGEST_NAME = 200
"""Bytes. File systems take 255; what is left is for the number that keeps two notes of one name apart."""

# What some file systems refuse; control characters and lone surrogates are told by their category.
_UNFIT = re.compile(r'[<>:"|?*]')


class NoteExists(NotesError):
    """There is a file of that name already; it is left as it is."""


def add(folders: Sequence[Path], name: str, data: bytes, *, into: str = "", keep_both: bool = False, max_bytes: int) -> str:
    """Writes ``data`` as a new file into one of the notes ``folders`` and gives its path among the notes.

    Of ``name`` only the last part counts, without what cannot stand in a file's name. ``into`` is a folder as the paths of notes give it;
    empty is the first of ``folders``. With ``keep_both`` a name that is taken gets a number.

    Raises NoteExists if the name is taken, and NotesError for a format that is not read, an empty file, one of more than ``max_bytes``,
    a folder that is not among those read, and where the disk will not take it.
    """
    name = _clean(name)
    _check(name, data, max_bytes)
    into = into or tops(folders)[0]
    folder = _folder(folders, into)
    for number in range(1, 1000):
        file = folder / (_numbered(name, number) if number > 1 else name)
        try:
            _write(file, data)
        except FileExistsError:
            if not keep_both:
                raise NoteExists(
                    f"there is already a file {name!r} in {into or 'the notes folder'}: give the new one another name"
                ) from None
        else:
            return str(PurePosixPath(into) / file.name)
    raise NoteExists(f"there are a thousand files like {name!r} in {into or 'the notes folder'}: give the new one another name")


def remove(folders: Sequence[Path], path: str, *, trash: Path) -> Path:
    """Moves the note's file at ``path`` into ``trash``, in a folder named for the moment; gives where it lies then.

    ``path`` is one of the index. Raises NotesError if no file lies there any more, or it cannot be moved.
    """
    file = place(folders, path)
    if file is None or not os.path.isfile(file) or file.resolve() != file:
        raise NotesError(f"there is no file for the note {path!r} any more: it was moved or removed, and is forgotten at the next sync")
    try:
        target = _fresh(trash) / PurePosixPath(path)
        target.parent.mkdir(parents=True)
        shutil.move(file, target)
    except OSError as error:
        raise NotesError(
            f"{path!r} cannot be moved to {trash} ({error.strerror}): check the permissions of both and the disk's space"
        ) from error
    return target


def _clean(name: str) -> str:
    """The file's name in ``name``: its last part, without characters that make trouble. Raises NotesError if nothing is left of it."""
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    stem, dot, suffix = " ".join(_UNFIT.sub(" ", visible).split()).strip(". ").rpartition(".")
    stem = stem.rstrip(". ")
    if not stem:
        raise NotesError(f"{last!r} is no name for a note: give it one with a suffix that tells its format, such as notes.md")
    room = _LONGEST_NAME - len(f".{suffix}".encode())
    return f"{stem.encode()[: max(room, 1)].decode(errors='ignore').rstrip()}{dot}{suffix}"


def _check(name: str, data: bytes, max_bytes: int) -> None:
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise NotesError(f"{name!r} is of a format that is not read: give one of {', '.join(sorted(SUFFIXES))}")
    if not data:
        raise NotesError(f"{name!r} is empty: give a file that holds something")
    if len(data) > max_bytes:
        raise NotesError(f"{name!r} has {len(data):,} bytes, at most {max_bytes:,} are read: split it, or raise the setting max_file_mb")


def _folder(folders: Sequence[Path], into: str) -> Path:
    """The folder that ``into`` stands for. Raises NotesError unless it is there, is read, and no link leads to it."""
    folder = place(folders, into)
    hidden = any(part.startswith(".") for part in PurePosixPath(into).parts)
    if folder is None or hidden or not os.path.isdir(folder) or folder.resolve() != folder:
        raise NotesError(f"{into!r} is no folder of your notes: choose one that the notes lie in")
    return folder


def _numbered(name: str, number: int) -> str:
    path = PurePosixPath(name)
    return f"{path.stem} ({number}){path.suffix}"


def _write(file: Path, data: bytes) -> None:
    """Writes a file that is not there yet. Raises FileExistsError if it is; of a file that cannot be written nothing is left."""
    try:
        opened = file.open("xb")
    except FileExistsError:
        raise
    except OSError as error:
        raise NotesError(f"{file} cannot be written ({error.strerror}): check the permissions of its folder") from error
    try:
        with opened:
            opened.write(data)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise NotesError(f"{file} cannot be written ({error.strerror}): check the disk's space") from error


def _fresh(trash: Path) -> Path:
    """A folder in ``trash`` that is not there yet."""
    moment = f"{datetime.now():%Y-%m-%d %H.%M.%S}"
    names = (moment, *(f"{moment} ({number})" for number in range(2, 1000)))
    return next(folder for name in names if not (folder := trash / name).exists())
