"""The vector index: the passages nearest to a question, by FAISS. A cache of the store's vectors.

Up to ``EXACT_UP_TO`` passages every vector is compared. Above that the vectors lie in cells, as 16-bit floats, and only the cells nearest
to the question are looked at: as many as it takes to find what the exact search finds.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

from assistant.index.ties import Row, best
from assistant.index.view import Ids

EXACT_UP_TO = 50_000

_RECALL_AT = 10
_LEAST_RECALL = 0.995
_PROBES = 256
"""How many questions, made from the vectors themselves, the number of cells to look at is tried on."""


class VectorIndex:
    """Unit vectors by id. Imports FAISS, which takes a while, when the first one is made."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, ids: np.ndarray, matrix: np.ndarray, *, exact_up_to: int = EXACT_UP_TO) -> Self:
        """An index of the rows of ``matrix``, named by ``ids``. Raises ValueError for an id twice or a vector that is not finite."""
        import faiss

        _check(ids, matrix)
        dimension, cells = matrix.shape[1], cells_for(len(ids), exact_up_to)
        if not cells:
            exact = cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))
            exact._index.add_with_ids(matrix, ids)
            return exact
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension), dimension, cells, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
        )
        index.cp.spherical = True
        # Small cells are as good as large ones here; without this FAISS writes a warning to the terminal.
        index.cp.min_points_per_centroid = 1
        index.train(matrix)
        index.add_with_ids(matrix, ids)
        index.nprobe = _enough_cells(index, ids, matrix)
        return cls(index)

    @classmethod
    def load(cls, file: Path) -> Self:
        """The index that ``save`` wrote. FAISS would not notice damage to the file: the caller has checked that there is none."""
        import faiss

        return cls(faiss.read_index(str(file)))

    def save(self, file: Path) -> None:
        """Writes the index to ``file``."""
        import faiss

        # Not by FAISS itself, which would not tell a full disk by an OSError.
        file.write_bytes(faiss.serialize_index(self._index).data)

    @property
    def ids(self) -> np.ndarray:
        """The ids of all vectors, int64, ascending."""
        import faiss

        if not self._cells:
            return np.sort(faiss.vector_to_array(self._index.id_map))
        lists = self._index.invlists
        held = [faiss.rev_swig_ptr(lists.get_ids(cell), lists.list_size(cell)).copy() for cell in range(self._cells)]
        return np.sort(np.concatenate(held))

    def fits(self, count: int, *, exact_up_to: int = EXACT_UP_TO) -> bool:
        """Whether an index built for ``count`` vectors would be laid out as this one is."""
        return self._cells == cells_for(count, exact_up_to)

    def update(self, *, removed: np.ndarray, ids: np.ndarray, matrix: np.ndarray) -> None:
        """Takes out the vectors ``removed`` and puts in the rows of ``matrix``, named by ``ids``. Raises ValueError as ``build`` does."""
        _check(ids, matrix)
        if len(np.intersect1d(ids, np.setdiff1d(self.ids, removed))):
            raise ValueError("an id was given to a second vector: remove the first, or give the second an id of its own")
        self._index.remove_ids(removed)
        self._index.add_with_ids(matrix, ids)

    def search(self, vector: np.ndarray, k: int, *, allowed: Ids | None = None) -> list[Row]:
        """The ``k`` vectors nearest to ``vector``, as (id, cosine), best first, ties by id; of those ``allowed`` alone, where given."""
        query = _query(vector, self._index)
        parameters = None if allowed is None else self._only(allowed)
        return best(lambda reach: self._nearest(query, reach, parameters), min(k, self._index.ntotal))

    @property
    def _cells(self) -> int:
        """How many cells the vectors lie in; 0 for an exact index."""
        return getattr(self._index, "nlist", 0)

    def _nearest(self, query: np.ndarray, reach: int, parameters: Any) -> list[Row]:
        with _one_thread():
            scores, ids = self._index.search(query, min(reach, self._index.ntotal), params=parameters)
        return [(number, score) for number, score in zip(ids[0].tolist(), scores[0].tolist(), strict=True) if number >= 0]

    def _only(self, allowed: Ids) -> Any:
        import faiss

        selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
        if not self._cells:
            return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # FAISS's stubs know none of its keywords.
        # The nearest cells may hold none of those allowed, so all are looked at.
        return faiss.SearchParametersIVF(sel=selector, nprobe=self._cells)  # type: ignore[call-arg]


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS keeps to the calling thread. For one question others only have to be waited for: on two cores with other work on them 1,000 vectors
    took 8 ms (20 in one search of twenty) instead of 0.6, and 49,000 took 40 instead of 10 to 15.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def cells_for(count: int, exact_up_to: int) -> int:
    """The number of cells for ``count`` vectors: none up to ``exact_up_to``, then a power of two near twice the root of ``count``."""
    return 2 ** int(math.log2(2 * math.sqrt(count))) if count > exact_up_to else 0


def _enough_cells(index: Any, ids: np.ndarray, matrix: np.ndarray) -> int:
    """How many cells to look at, found by trying: twice the fewest that find what the exact search finds.

    What is tried lies between four vectors each. Twice, because questions may lie farther out than anything made from the vectors.
    """
    import faiss

    sample = matrix[np.linspace(0, len(matrix) - 1, _PROBES).astype(int)]
    queries = sum(np.roll(sample, shift, axis=0) for shift in range(4))
    _, rows = faiss.knn(queries, matrix, _RECALL_AT, metric=faiss.METRIC_INNER_PRODUCT)
    exact, cells = ids[rows], 1
    while cells < index.nlist:
        index.nprobe = cells
        _, found = index.search(queries, _RECALL_AT)
        cells *= 2
        if np.mean([np.isin(*pair).mean() for pair in zip(exact, found, strict=True)]) >= _LEAST_RECALL:
            break
    return cells


def _check(ids: np.ndarray, matrix: np.ndarray) -> None:
    if matrix.ndim != 2 or matrix.dtype != np.float32 or ids.dtype != np.int64 or ids.shape != (len(matrix),):
        raise ValueError(f"expected int64 ids and as many float32 rows, got {ids.dtype} {ids.shape} and {matrix.dtype} {matrix.shape}")
    if len(np.unique(ids)) != len(ids):
        raise ValueError("an id was given to two vectors: give each an id of its own")
    if not np.isfinite(matrix).all():
        raise ValueError(f"the vector of id {ids[~np.isfinite(matrix).all(axis=1)][0]} is not finite: check the encoder that made it")


def _query(vector: np.ndarray, index: Any) -> np.ndarray:
    query = np.asarray(vector, dtype=np.float32).reshape(1, -1)
    if index.ntotal and query.shape[1] != index.d:
        raise ValueError(
            f"the question's vector has {query.shape[1]} dimensions, the index has {index.d}: encode it by the index's encoder"
        )
    if not np.isfinite(query).all():
        raise ValueError("the question's vector is not finite: check the encoder that made it")
    return query
