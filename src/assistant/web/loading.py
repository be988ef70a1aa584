"""Loading Gradio in less than half of its time."""

import gc
import inspect
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick() -> Iterator[None]:
    """While it lasts, Gradio is imported without what only its developers need.

    For each of its some sixty components Gradio parses the source and writes a type stub beside it, at every import: half of the import's
    time, and a change to the installed package. It leaves that out for classes of which no file is known, which is what these pass for.
    What is imported stays: looking for garbage among it takes another fifth.
    """
    known = inspect.getfile

    def getfile(asked):
        if getattr(asked, "__module__", "").startswith("gradio."):
            raise OSError("not told")
        return known(asked)

    inspect.getfile = getfile
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        inspect.getfile = known
