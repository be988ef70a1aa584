"""The reviews of cards: a file of JSON lines on this machine, to which lines are only ever added. All else about them is worked out from it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from assistant.errors import StudyError
from assistant.study.schedule import Grade, Memory

TAKEN_BACK = 0
"""In place of a grade: the card's latest review does not count."""


@dataclass(frozen=True, slots=True)
class Review:
    """The card with key ``card`` was graded ``grade`` at ``at``, an ISO time with its zone; with TAKEN_BACK the one before it was a slip."""

    card: str
    grade: int
    at: str


class Reviews:
    """The reviews in ``file``, which is made with the first of them. Safe to share between threads.

    ``memories`` maps the keys of the cards that were ever reviewed to what is remembered of them.
    """

    def __init__(self, file: Path) -> None:
        """Reads ``file`` where there is one. Raises StudyError if it cannot be read."""
        self.file = file
        self.memories: dict[str, Memory] = {}
        # What was remembered after each review that counts, so that one can be taken back.
        self._past: dict[str, list[Memory]] = {}
        self._lock = Lock()
        for number, line in enumerate(self._lines(), start=1):
            if line.strip():
                self._take(self._review(line, number))

    @classmethod
    def beside(cls, index: Path) -> "Reviews":
        """Those of the index at ``index``: beside it, for an index may be deleted, and hidden, so that they are never read as a note."""
        place = index.absolute()
        return cls(place.with_name(f".{place.name.lstrip('.')}-reviews.jsonl"))

    def add(self, card: str, grade: Grade, at: datetime) -> Memory:
        """Keeps a review, and gives what is remembered from then on. Raises StudyError where the disk will not take it."""
        self._keep(Review(card, int(grade), at.isoformat()))
        return self.memories[card]

    def take_back(self, card: str, at: datetime) -> None:
        """Makes the card's latest review as if it had not been; nothing happens where there is none. Raises StudyError as ``add`` does."""
        if card in self.memories:
            self._keep(Review(card, TAKEN_BACK, at.isoformat()))

    def _keep(self, review: Review) -> None:
        try:
            with self._lock:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                with self.file.open("a", encoding="utf-8") as opened:
                    opened.write(json.dumps(asdict(review)) + "\n")
                self._take(review)
        except OSError as error:
            raise StudyError(f"the review could not be kept in {self.file} ({error.strerror}): check the folder's permissions and the disk") from error

    def _take(self, review: Review) -> None:
        past = self._past.setdefault(review.card, [])
        if review.grade != TAKEN_BACK:
            past.append(Memory.after(past[-1] if past else None, Grade(review.grade), datetime.fromisoformat(review.at)))
        elif past:
            past.pop()
        if past:
            self.memories[review.card] = past[-1]
        else:
            self.memories.pop(review.card, None)

    def _lines(self) -> list[str]:
        try:
            return self.file.read_text(encoding="utf-8").split("\n") if self.file.exists() else []
        except (OSError, ValueError) as error:
            raise StudyError(f"the reviews in {self.file} cannot be read ({error}): move the file away to begin anew") from error

    def _review(self, line: str, number: int) -> Review:
        try:
            review = Review(**json.loads(line))
            if review.grade != TAKEN_BACK:
                Grade(review.grade)
            if datetime.fromisoformat(review.at).tzinfo is None:
                raise ValueError(f"{review.at!r} names no time zone")
            return review
        except (ValueError, TypeError) as error:
            raise StudyError(f"{self.file}, line {number}, is no review ({error}): mend or remove the line") from error
