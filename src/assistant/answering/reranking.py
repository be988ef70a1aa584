"""Passages ranked again, by what can be quoted of them."""

from collections.abc import Sequence

from assistant.answering.considering import Considered
from assistant.retrieval.search import Ranked

STRENGTH_WEIGHT = 0.1
"""Of the lead of a passage's strongest candidate, beside its fused score. Over the development questions evidence is among the first five for 94.4 %
without it and for 96.8 % with anything from 0.05 to 0.2."""


def rerank(ranked: Sequence[Ranked], considered: Considered) -> list[Ranked]:
    """``ranked`` by fused score and by how far the strongest candidate of each lies before the weakest of all; scores from 0 to 1.

    Ties stay as they were. A passage that was not ``considered``, or holds nothing to quote, counts as the weakest.
    """
    strongest: dict[int, float] = {}
    for candidate, strength in zip(considered.candidates, considered.strengths.tolist(), strict=True):
        strongest[candidate.passage] = max(strength, strongest.get(candidate.passage, strength))
    if not strongest:
        return list(ranked)
    highest, lowest = max(strongest.values()), min(strongest.values())
    most = 1 + STRENGTH_WEIGHT * (highest - lowest)
    scored = [one._replace(score=(one.score + STRENGTH_WEIGHT * (strongest.get(one.id, lowest) - lowest)) / most) for one in ranked]
    return sorted(scored, key=lambda one: -one.score)
