"""Telling that files in the notes folders have changed."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from threading import Event

_QUIET_MS = 400
"""Milliseconds without a change that end a burst of them: a programme that saves writes, renames and sets times in a row."""


def watch(folders: Sequence[Path], changed: Callable[[], None], *, ignored: Collection[Path] = (), stop: Event | None = None) -> None:
    """Calls ``changed`` after each burst of changes to files in ``folders``; returns when ``stop`` is set, which is looked at now and then.

    What is hidden is not looked at, nor what lies in one of ``ignored``: the index may lie among the notes, and is written by each sync.
    """
    from watchfiles import watch as changes

    roots = [folder.expanduser().resolve() for folder in folders]
    passed = [folder.expanduser().resolve() for folder in ignored]

    def counts(_: object, name: str) -> bool:
        file = Path(name)
        within = next((file.relative_to(root).parts for root in roots if file.is_relative_to(root)), ())
        return not any(part.startswith(".") for part in within) and not any(file.is_relative_to(folder) for folder in passed)

    for _ in changes(
        *roots, watch_filter=counts, debounce=4 * _QUIET_MS, step=_QUIET_MS, stop_event=stop, rust_timeout=1000, raise_interrupt=False
    ):
        changed()
