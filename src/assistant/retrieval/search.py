"""The search of one state of the notes: both indexes asked, their findings fused."""

import math
from typing import NamedTuple

import numpy as np

from assistant.index.snapshot import Snapshot
from assistant.index.view import Ids
from assistant.retrieval.fusion import convex
from assistant.retrieval.query import Query

DENSE_WEIGHT = 0.5
HEADING_BOOST = 0.25
"""Measured together over the development questions: evidence among the first five for 94.4 %, less on either side of each."""

_PATH_BOOST = 1.0
"""Of the words of a note's path, beside those of its text. Over 29,147 documents the right one comes first for 32 of 50 questions, for 29 to 30 at
0.25 and 0.5."""

_DEPTH = 200
"""How far down each list fusion looks, at least."""


class Ranked(NamedTuple):
    """A passage found, by its id; ``dense`` and ``lexical`` are None where that search did not find it.

    ``note`` is how well its whole note fits, by the words of its text and path: the BM25 score over the highest of a passage, times the share
    of finding a passage that finding its note is, log(notes) / log(passages). With one note for each passage that is all of it, with one
    note nothing.
    """

    id: int
    score: float
    dense: float | None
    lexical: float | None
    note: float


def search(snapshot: Snapshot, query: Query, vector: np.ndarray, *, k: int, allowed: Ids | None = None) -> list[Ranked]:
    """The ``k`` passages that fit ``query`` best, best first, of those ``allowed`` alone where given; ``vector`` is the encoded question.

    Both lists are those that the whole ranking has once all else is taken out of it; they are fused afterwards.
    """
    depth = max(k, _DEPTH)
    instead = [(alias.asked, alias.others) for alias in query.aliases]
    dense = dict(snapshot.vectors.search(vector, depth, allowed=allowed))
    lexical = dict(snapshot.words.search(query.terms, depth, heading_boost=HEADING_BOOST, instead=instead, allowed=allowed))
    fused = convex(dense, lexical, weight=DENSE_WEIGHT)[:k]
    notes = snapshot.view.notes_of([number for number, _ in fused]).tolist()
    among = sorted(set(notes))
    fitting = dict(snapshot.notes.search(query.terms, len(among), heading_boost=_PATH_BOOST, instead=instead, allowed=among))
    share = math.log(max(1, len(snapshot.notes))) / math.log(max(2, len(snapshot.words))) / max(lexical.values(), default=1.0)
    return [
        Ranked(number, score, dense.get(number), lexical.get(number), share * fitting.get(note, 0.0))
        for (number, score), note in zip(fused, notes, strict=True)
    ]
