"""One question asked, timed, and an error kept: an evaluation goes on after it, and counts it as wrong."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.assistant import Assistant
from assistant.progress import Progress

Found = TypeVar("Found")
Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Found]):
    """What asking gave, and in how many milliseconds; or neither, but what was raised."""

    found: Found | None
    milliseconds: float | None
    error: str | None = None


def attempt(ask: Callable[[], Found]) -> Attempt[Found]:
    """Calls ``ask``. Whatever it raises becomes a part of the result."""
    start = time.perf_counter()
    try:
        found = ask()
    except Exception as error:
        # Any: hours of questions must not be lost to the one that finds a fault.
        return Attempt(None, None, f"{type(error).__name__}: {error}")
    return Attempt(found, 1e3 * (time.perf_counter() - start))


def told(questions: Sequence[Asked], progress: Progress | None) -> Iterator[Asked]:
    """The ``questions``, one after the other; ``progress`` is told how many are done."""
    for done, one in enumerate(questions):
        if progress is not None:
            progress("Asking", done, len(questions))
        yield one


def documents(notes: Assistant, query: str, *, k: int) -> list[str]:
    """The paths of the notes that the first ``k`` passages found for ``query`` are from, in the order of each note's first."""
    return list(dict.fromkeys(hit.passage.path for hit in notes.search(query, k=k)))
