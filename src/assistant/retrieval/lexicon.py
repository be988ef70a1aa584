"""The terms of the notes, and how rare each is."""

import math
from collections.abc import Callable


class Lexicon:
    """The terms of a text, and how rare they are over all passages."""

    def __init__(self, terms: Callable[[str], list[str]], frequency: Callable[[str], int], passages: int) -> None:
        self.terms = terms
        self.frequency = frequency
        self.passages = passages

    def knows(self, term: str) -> bool:
        """Whether the notes hold ``term`` at all."""
        return self.frequency(term) > 0

    def rarity(self, term: str, *, unseen: int = 0) -> float:
        """BM25's inverse document frequency, log(1 + (N - n + 0.5) / (n + 0.5)) of the n of N passages that hold ``term``.

        ``unseen`` are passages without it that are taken to be there as well: among very few, no word would be rare.
        """
        held = self.frequency(term)
        return math.log(1 + (self.passages + unseen - held + 0.5) / (held + 0.5))
