"""From the passages that retrieval found to the evidence in them."""

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.answering.evidence import Found
from assistant.answering.outline import Outline
from assistant.index.view import Quotable
from assistant.retrieval.search import Ranked
from assistant.segmenting.units import Unit

BEYOND = 8
"""A window may run so many units past the passage it begins in: a list does not end where a passage does."""


def gather(ranked: Sequence[Ranked], quotable: Mapping[int, Quotable], outlines: Mapping[str, Outline]) -> list[Found]:
    """The evidence in the passages ``ranked``, in their order.

    ``quotable`` holds what can be quoted of each, and of the passage after it; ``outlines`` the documents they are in, by path.
    """
    return [_found(one, quotable, outlines) for one in ranked if quotable[one.id].units]


def _found(ranked: Ranked, quotable: Mapping[int, Quotable], outlines: Mapping[str, Outline]) -> Found:
    here = quotable[ranked.id]
    units, vectors = list(here.units), [here.vectors]
    # Ids follow one another within a document.
    after = quotable.get(ranked.id + 1)
    if after and after.path == here.path:
        further = [row for row, unit in enumerate(after.units) if unit.start >= here.units[-1].end][:BEYOND]
        units.extend(after.units[row] for row in further)
        vectors.append(after.vectors[further])
    return Found(ranked.id, outlines[here.path], ranked.score, tuple[Unit, ...](units), np.concatenate(vectors), len(here.units))
