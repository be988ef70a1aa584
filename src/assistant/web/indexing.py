"""Syncs behind the page: one at a time, told how far they are, and called off at a word."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Event, Thread

from assistant.errors import AssistantError, Cancelled
from assistant.progress import Progress
from assistant.values import SyncReport

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Syncing:
    """A sync is under way: what it does, how many of it are done, and how many there are."""

    what: str = "Looking for changes"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Rested:
    """No sync is under way. ``report`` is what the last one did, ``error`` why it did not end; neither is there before the first."""

    report: SyncReport | None = None
    error: str | None = None


class Indexing:
    """Runs ``sync`` on a thread of its own whenever it is asked to. ``state`` may be read from anywhere."""

    def __init__(self, sync: Callable[[Progress], SyncReport]) -> None:
        self.state: Syncing | Rested = Rested()
        self._sync = sync
        self._changed = Condition()
        self._wanted = self._running = False
        self._stop = Event()

    def start(self) -> None:
        """Begins a sync, and returns at once. While one is under way another one follows it: it may have passed by what is new."""
        with self._changed:
            self._wanted = True
            if not self._running:
                self._running, self.state = True, Syncing()
                Thread(target=self._run, name="indexing", daemon=True).start()

    def stop(self) -> None:
        """Calls off the sync under way, and any that was to follow it; the index stays as it was."""
        with self._changed:
            self._wanted = False
            self._stop.set()

    def wait(self) -> None:
        """Returns when no sync is under way."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._wanted:
                    self._running = False
                    self._changed.notify_all()
                    return
                self._wanted = False
                self._stop.clear()
            self.state = self._ended()

    def _ended(self) -> Rested:
        try:
            return Rested(report=self._sync(self._show))
        except AssistantError as error:
            return Rested(error=str(error))
        except Exception as error:
            # Nobody is above this thread, and the page would wait for its end.
            _log.exception("the notes could not be synced")
            return Rested(error=f"something went wrong that should not have: {type(error).__name__}: {error}")

    def _show(self, what: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled("the indexing was stopped: the notes are searched as they were before")
        self.state = Syncing(what, done, total)
