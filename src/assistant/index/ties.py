"""The best few of a search, the same few each time."""

from collections.abc import Callable, Sequence

Row = tuple[int, float]
"""An id and its score; higher is better."""


def best(find: Callable[[int], Sequence[Row]], k: int) -> list[Row]:
    """The ``k`` best rows, by falling score and among equals by rising id.

    ``find(n)`` gives the ``n`` best rows by falling score, equals in any order, and fewer if there are no more. Where the k-th row has
    equals, it is asked for more until all of them are there: which of them are taken must not depend on how an index lies in memory.
    """
    if k < 1:
        return []
    reach = k + 1
    rows = find(reach)
    while len(rows) == reach and rows[-1][1] == rows[k - 1][1]:
        reach *= 2
        rows = find(reach)
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:k]
