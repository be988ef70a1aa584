"""The assistant of a server that is already up: still opening, ready, or failed with a reason."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.progress import Progress
from assistant.values import SyncReport
from assistant.web.examples import examples
from assistant.web.indexing import Indexing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Working:
    """What is being done, how many of it are done, and how many there are."""

    what: str = "Opening your notes"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Ready:
    """The assistant can be asked; ``examples`` are questions that it answers, None as long as nobody looked for them."""

    assistant: Assistant
    examples: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The assistant could not be opened; ``reason`` says why and what to do."""

    reason: str


class Opening:
    """Opens an assistant on a thread of its own. ``state`` is the latest of Working, Ready and Failed; it may be read from anywhere.

    ``indexing`` keeps the notes of the assistant up to date once it is ready.
    """

    def __init__(self, open_assistant: Callable[[Progress], Assistant]) -> None:
        self.state: Working | Ready | Failed = Working()
        self.indexing = Indexing(self._sync)
        self._open = open_assistant
        self._finding = Lock()
        self._thread = Thread(target=self._run, name="opening", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def wait(self) -> None:
        """Returns when the assistant is ready or has failed."""
        self._thread.join()

    def find_examples(self) -> None:
        """Returns when the examples are there, if the assistant is ready. They take up to half a second: the first page does not wait for them."""
        with self._finding:
            if isinstance(self.state, Ready) and self.state.examples is None:
                self.state = Ready(self.state.assistant, _examples(self.state.assistant))

    def _run(self) -> None:
        try:
            self.state = Ready(self._open(self._show))
        except AssistantError as error:
            self.state = Failed(str(error))
        except Exception as error:
            # Nobody is above this thread: what it does not say, the page would wait for without end.
            _log.exception("the notes could not be opened")
            self.state = Failed(f"something went wrong that should not have: {type(error).__name__}: {error}")

    def _sync(self, progress: Progress) -> SyncReport:
        return self.state.assistant.sync(progress=progress) if isinstance(self.state, Ready) else SyncReport()

    def _show(self, what: str, done: int, total: int) -> None:
        self.state = Working(what, done, total)


def _examples(assistant: Assistant) -> tuple[str, ...]:
    try:
        return examples(assistant)
    except AssistantError:
        # Whatever it is, whoever asks will be told.
        return ()
