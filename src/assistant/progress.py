"""Telling how far a long task is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many of it are done, and how many there are. It may raise Cancelled to call the task off."""


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A progress callback that draws a bar for each thing done, on stderr and only if that is a terminal."""
    bar: Any = None
    shown = ""

    def show(what: str, done: int, total: int) -> None:
        nonlocal bar, shown
        if what != shown:
            from tqdm import tqdm

            if bar is not None:
                bar.close()
            # With None tqdm is silent where stderr is no terminal; such a bar does not even know its own name.
            bar, shown = tqdm(total=total, desc=what, unit="", leave=False, disable=None, file=sys.stderr), what
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()
