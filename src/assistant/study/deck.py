"""Which card is next, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.study.cards import Card
from assistant.study.schedule import Memory

AHEAD = timedelta(minutes=20)
"""A card just failed comes up this long before its time where nothing else is left to learn; Anki's default."""


@dataclass(frozen=True, slots=True)
class Deck:
    """Cards as they stand at a time: ``due`` to be asked again, longest overdue first, ``new`` never seen, and ``soon``, those of a while later.

    New cards come in the order of their keys, a chance order that stays: two of one table seldom follow each other.
    """

    due: tuple[Card, ...]
    new: tuple[Card, ...]
    soon: tuple[Card, ...]

    @classmethod
    def at(cls, cards: Sequence[Card], memories: Mapping[str, Memory], now: datetime) -> "Deck":
        """``cards`` as ``memories`` has them ``now``."""
        seen = sorted((one for one in cards if one.key in memories), key=lambda one: (memories[one.key].due, one.key))
        return cls(
            due=tuple(one for one in seen if memories[one.key].due <= now),
            new=tuple(sorted((one for one in cards if one.key not in memories), key=lambda one: one.key)),
            soon=tuple(one for one in seen if now < memories[one.key].due <= now + AHEAD),
        )

    @property
    def next(self) -> Card | None:
        """The card to ask: one that is due, else a new one, else one that will be soon."""
        return next(iter((*self.due[:1], *self.new[:1], *self.soon[:1])), None)
