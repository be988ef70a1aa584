"""The files in the notes folders: which are notes, and which are left out and why."""

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import NotesError
from assistant.values import Skipped

_SNIFFED = 1024
"""How many bytes of a file of unknown format are looked at: a zero among them means that it is no text."""


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A file to be read as a note. ``path`` is relative to the notes folder and uses ``/``; ``file`` is where it lies."""

    path: str
    file: Path
    size: int
    mtime_ns: int


def walk(folders: Sequence[Path], *, suffixes: Collection[str], max_bytes: int) -> tuple[tuple[NoteFile, ...], tuple[Skipped, ...]]:
    """The files in ``folders`` whose suffix is one of ``suffixes``, and all else that was seen; both sorted by path, name by name.

    What is hidden and what cannot be opened is listed once, folders without what they hold. With several folders, each path begins with
    its folder's name. Raises NotesError if a folder is missing, is no folder, or lies inside another.
    """
    roots = _prefixed(_checked(folders))
    found = sorted((one for prefix, root in roots for one in _walk_root(root, prefix, suffixes, max_bytes)), key=_folder_by_folder)
    return tuple(one for one in found if isinstance(one, NoteFile)), tuple(one for one in found if isinstance(one, Skipped))


def place(folders: Sequence[Path], path: str) -> Path | None:
    """The file that ``path`` stands for among the notes in ``folders``, whether it is there or not; None if it is in none of them."""
    roots = tuple(dict.fromkeys(folder.expanduser().resolve() for folder in folders))
    return next((root / PurePosixPath(path).relative_to(prefix) for prefix, root in _prefixed(roots) if PurePosixPath(path).is_relative_to(prefix)), None)


def tops(folders: Sequence[Path]) -> tuple[str, ...]:
    """What the paths of the notes of each of ``folders`` begin with: nothing where there is but one."""
    roots = tuple(dict.fromkeys(folder.expanduser().resolve() for folder in folders))
    return tuple("" if prefix == PurePosixPath() else str(prefix) for prefix, _ in _prefixed(roots))


def _folder_by_folder(one: NoteFile | Skipped) -> list[str]:
    """To sort by: what a folder holds comes before what a folder holds whose name goes on ("a/z" before "a-b/c")."""
    return one.path.split("/")


# The folders


def _checked(folders: Sequence[Path]) -> tuple[Path, ...]:
    if not folders:
        raise NotesError("no notes folder was given: name at least one")
    roots = tuple(dict.fromkeys(_resolved(folder) for folder in folders))
    for root in roots:
        for outer in roots:
            if outer in root.parents:
                raise NotesError(f"notes folder {str(root)!r} lies inside {str(outer)!r}, which is read as well: give only one of the two")
    return roots


def _resolved(folder: Path) -> Path:
    given = folder.expanduser()
    # os.path, because Path.is_dir raises where a folder above is closed to the user.
    if os.path.isdir(given):
        return given.resolve()
    if os.path.exists(given):
        raise NotesError(f"notes folder {str(folder)!r} is a file: give the folder that it lies in")
    raise NotesError(f"notes folder {str(folder)!r} does not exist or is closed to you: give the folder that holds your notes")


def _prefixed(roots: Sequence[Path]) -> Iterator[tuple[PurePosixPath, Path]]:
    """Each root with what its paths begin with: nothing for one alone, else a name that no other has."""
    taken: set[str] = set()
    for root in roots:
        name, number = root.name or "root", 1
        while (unique := name if number == 1 else f"{name}-{number}") in taken:
            number += 1
        taken.add(unique)
        yield PurePosixPath(unique if len(roots) > 1 else ""), root


# What lies in them


def _walk_root(root: Path, prefix: PurePosixPath, suffixes: Collection[str], max_bytes: int) -> Iterator[NoteFile | Skipped]:
    waiting = [(prefix, root)]
    while waiting:
        place, folder = waiting.pop()
        try:
            with os.scandir(folder) as scan:
                entries = list(scan)
        except OSError as error:
            if folder == root:
                raise NotesError(f"notes folder {str(root)!r} cannot be opened ({error.strerror}): check its permissions") from error
            yield Skipped(str(place), f"cannot be opened: {error.strerror}")
            continue
        for entry in entries:
            path = place / entry.name
            if _shown(path) != str(path):
                yield Skipped(_shown(path), "has a name that is not valid UTF-8: rename it")
            elif reason := _reason_to_pass(entry, root):
                yield Skipped(str(path), reason)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((path, Path(entry.path)))
            else:
                yield _judged(entry, str(path), suffixes, max_bytes)


def _reason_to_pass(entry: os.DirEntry[str], root: Path) -> str | None:
    """Why an entry is passed by without a look at what it holds; None if it is a folder or a file to look at."""
    if entry.name.startswith("."):
        return "is hidden: its name begins with a dot"
    if entry.is_symlink():
        return _reason_to_pass_link(Path(entry.path), root)
    if not entry.is_dir(follow_symlinks=False) and not entry.is_file(follow_symlinks=False):
        return "is neither a file nor a folder"
    return None


def _reason_to_pass_link(link: Path, root: Path) -> str:
    """No link is followed: outside the folder it must not lead, and within it its target is found under its own name."""
    target = Path(os.path.realpath(link))
    if not target.is_relative_to(root):
        return "is a link that leaves the notes folder"
    return "is a link: what it points to is read where it lies" if os.path.exists(target) else "is a link to nothing"


def _judged(entry: os.DirEntry[str], path: str, suffixes: Collection[str], max_bytes: int) -> NoteFile | Skipped:
    try:
        stat = entry.stat(follow_symlinks=False)
        reason = _reason_to_skip(Path(entry.path), stat.st_size, suffixes, max_bytes)
    except OSError as error:
        return Skipped(path, f"cannot be opened: {error.strerror}")
    return Skipped(path, reason) if reason else NoteFile(path, Path(entry.path), stat.st_size, stat.st_mtime_ns)


def _reason_to_skip(file: Path, size: int, suffixes: Collection[str], max_bytes: int) -> str | None:
    """Why a file is not read; None if it is. Raises OSError if it cannot be opened."""
    suffix = file.suffix.lower()
    known = suffix in suffixes
    if size == 0:
        return "is empty"
    if known and size > max_bytes:
        return f"is too large: {size:,} bytes, at most {max_bytes:,} are read"
    # Opened even if nothing is read from it: whether the user may open it, only the system knows.
    with file.open("rb") as opened:
        if known:
            return None
        if b"\0" in opened.read(_SNIFFED):
            return "is binary, and of a format that is not read"
    if not suffix:
        return "has no suffix that tells its format: name it .md or .txt to have it read"
    return f"is of a format that is not read ({suffix})"


def _shown(path: PurePosixPath) -> str:
    """``path`` as it can be stored and shown, even where its name's bytes are no text."""
    return os.fsencode(str(path)).decode("utf-8", "backslashreplace")
