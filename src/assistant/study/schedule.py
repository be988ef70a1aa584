"""When a card comes up again: spaced repetition by FSRS, the algorithm that Anki uses too, with its published parameters.

It keeps for each card how long it is likely to be remembered (its stability) and how hard it is, and asks again when the chance of
remembering it has fallen to 90 %. Ye et al., A Stochastic Shortest Path Algorithm for Optimizing Spaced Repetition Scheduling, KDD 2022.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from fsrs import Card, Rating, Scheduler

# Without chance: the same reviews give the same days.
_SCHEDULER = Scheduler(enable_fuzzing=False)


class Grade(IntEnum):
    """How well a card was remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a card, as the reviews so far tell. ``due`` is when it comes up again."""

    due: datetime
    _card: Card

    @classmethod
    def after(cls, memory: "Memory | None", grade: Grade, at: datetime) -> "Memory":
        """What follows on ``memory`` (None for a new card) when the card is graded at ``at``."""
        moment = at.astimezone(UTC)
        card, _ = _SCHEDULER.review_card(memory._card if memory else Card(card_id=0, due=moment), Rating(grade), moment)
        return cls(card.due, card)


def intervals(memory: Memory | None, at: datetime) -> dict[Grade, timedelta]:
    """How long until the card comes up again, by what it may be graded at ``at``."""
    return {grade: Memory.after(memory, grade, at).due - at for grade in Grade}
