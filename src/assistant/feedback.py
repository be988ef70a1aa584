"""What readers thought of answers: kept in a file of JSON lines on this machine, and handed out as judged questions."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from assistant.errors import FeedbackError


@dataclass(frozen=True, slots=True)
class Place:
    """Words of the note ``source`` that an answer quoted."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader thought of the answer to ``question``.

    ``id`` names the turn of the chat: a later verdict with the same one takes the place of an earlier. ``good`` is None where it was taken
    back. ``answered`` tells whether there was an answer, and ``evidence`` what it quoted; ``history`` holds the earlier questions of the chat.
    """

    id: str
    question: str
    good: bool | None
    answered: bool
    evidence: tuple[Place, ...] = ()
    history: tuple[str, ...] = ()
    remark: str = ""


class Feedback:
    """The verdicts in ``file``, which is made with the first of them. Lines are only ever added. Safe to share between threads."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._writing = Lock()

    @classmethod
    def beside(cls, index: Path) -> "Feedback":
        """That of the index at ``index``: beside it, for an index may be deleted, and hidden, so that it is never read as a note."""
        place = index.absolute()
        return cls(place.with_name(f".{place.name.lstrip('.')}-feedback.jsonl"))

    def add(self, verdict: Verdict) -> None:
        """Keeps ``verdict``. Raises FeedbackError where the disk will not take it."""
        line = json.dumps(asdict(verdict), ensure_ascii=False) + "\n"
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self._writing, self.file.open("a", encoding="utf-8", errors="replace") as opened:
                opened.write(line)
        except OSError as error:
            raise FeedbackError(f"the verdict could not be kept in {self.file} ({error.strerror}): check the folder's permissions and the disk") from error

    def verdicts(self) -> tuple[Verdict, ...]:
        """The latest of each turn, oldest first, without those taken back. Raises FeedbackError for a file that cannot be read."""
        latest: dict[str, Verdict] = {}
        try:
            lines = self.file.read_text(encoding="utf-8").split("\n") if self.file.exists() else []
        except (OSError, ValueError) as error:
            raise FeedbackError(f"the verdicts in {self.file} cannot be read ({error}): move the file away to begin anew") from error
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            verdict = self._verdict(line, number)
            latest.pop(verdict.id, None)
            latest[verdict.id] = verdict
        return tuple(one for one in latest.values() if one.good is not None)

    def judged(self) -> Iterator[dict[str, Any]]:
        """The answers found good, as judged questions: rows of the form that ``assistant eval`` reads.

        What an answer quoted is its evidence; a question rightly refused is one without an answer. Of an answer found bad nobody has said
        what would have been right: it is left out.
        """
        for one in self.verdicts():
            if one.good:
                kind = {} if one.answered else {"kind": "unanswerable"}
                evidence = {"evidence": [asdict(place) for place in one.evidence]} if one.answered else {}
                history = {"history": list(one.history)} if one.history else {}
                remark = {"remark": one.remark} if one.remark else {}
                yield {"id": one.id, "question": one.question, **kind, **evidence, **history, **remark}

    def _verdict(self, line: str, number: int) -> Verdict:
        try:
            row = json.loads(line)
            return Verdict(**(row | {"evidence": tuple(Place(**place) for place in row["evidence"]), "history": tuple(row["history"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise FeedbackError(f"{self.file}, line {number}, is no verdict ({error}): mend or remove the line") from error
