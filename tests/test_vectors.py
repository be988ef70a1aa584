from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.ties import best
from assistant.index.vectors import VectorIndex, cells_for

EXACT, CELLS = 10**9, 1000
"""Values of ``exact_up_to``: every vector is compared; vectors lie in cells from 1000 on."""


def clustered(count: int, *, dimension: int = 32, seed: int = 0) -> np.ndarray:
    """Unit vectors around forty centres."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((40, dimension))
    rows = centres[random.integers(0, 40, count)] + 0.6 * random.standard_normal((count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def numbered(matrix: np.ndarray) -> np.ndarray:
    """Ids that are not row numbers."""
    return np.arange(len(matrix), dtype=np.int64) * 3 + 100


def by_numpy(ids: np.ndarray, matrix: np.ndarray, query: np.ndarray, k: int) -> list[tuple[int, float]]:
    rows = zip(ids.tolist(), (matrix @ query).tolist(), strict=True)
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:k]


# The exact index


def test_the_exact_index_finds_what_numpy_finds():
    matrix = clustered(500)
    index = VectorIndex.build(numbered(matrix), matrix)
    for query in clustered(50, seed=1):
        expected = by_numpy(numbered(matrix), matrix, query, 10)
        found = index.search(query, 10)
        assert [number for number, _ in found] == [number for number, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)


def test_scores_are_cosines():
    index = VectorIndex.build(np.array([7, 8, 9]), np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    assert index.search(np.array([1, 0]), 3) == [(7, 1.0), (9, pytest.approx(0.6)), (8, 0.0)]


def test_equals_come_by_id_even_at_the_end():
    same = np.repeat(np.array([[0, 1]], dtype=np.float32), 9, axis=0)
    ids = np.array([5, 3, 9, 1, 7, 2, 8, 4, 6])
    assert VectorIndex.build(ids, same).search(np.array([0, 1]), 4) == [(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)]


@pytest.mark.parametrize("exact_up_to", [EXACT, CELLS])
def test_only_those_allowed_are_found(exact_up_to: int):
    matrix = clustered(1500)
    index = VectorIndex.build(numbered(matrix), matrix, exact_up_to=exact_up_to)
    query, some = clustered(1, seed=2)[0], slice(None, None, 50)
    expected = by_numpy(numbered(matrix)[some], matrix[some], query, 10)
    assert [number for number, _ in index.search(query, 10, allowed=numbered(matrix)[some].tolist())] == [number for number, _ in expected]
    assert index.search(query, 10, allowed=[]) == []
    assert index.search(query, 10, allowed=[1]) == []


def test_of_the_ids_allowed_those_that_there_are_are_found():
    index = VectorIndex.build(np.array([7, 8, 9]), np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    assert index.search(np.array([0, 1]), 9, allowed=[9, 7, 99]) == [(9, pytest.approx(0.8)), (7, 0.0)]


def test_more_than_there_are_gives_all_and_none_gives_none():
    matrix = clustered(5)
    index = VectorIndex.build(numbered(matrix), matrix)
    assert len(index.search(matrix[0], 100)) == 5
    assert index.search(matrix[0], 0) == []
    assert VectorIndex.build(np.empty(0, np.int64), np.empty((0, 32), np.float32)).search(matrix[0], 3) == []


# Cells


@pytest.mark.parametrize(("count", "cells"), [(0, 0), (1000, 0), (1001, 32), (4096, 128), (200_000, 512)])
def test_cells_begin_above_the_limit(count: int, cells: int):
    assert cells_for(count, 1000) == cells


@pytest.mark.parametrize("seed", [0, 3])
def test_cells_find_what_the_exact_index_finds(seed: int):
    """For questions among the clusters (the same seed) and for those that lie between them."""
    matrix, queries = clustered(5000), clustered(5200, seed=seed)[5000:]
    exact, cells = (VectorIndex.build(numbered(matrix), matrix, exact_up_to=limit) for limit in (EXACT, CELLS))
    shared = [dict(cells.search(query, 10)).keys() & dict(exact.search(query, 10)).keys() for query in queries]
    assert sum(map(len, shared)) / (10 * len(queries)) >= 0.99
    for query in queries:
        near = dict(exact.search(query, 200))
        assert all(score == pytest.approx(near[number], abs=1e-3) for number, score in cells.search(query, 10) if number in near)


def test_cells_are_the_same_each_time():
    matrix = clustered(2000)
    one, other = (VectorIndex.build(numbered(matrix), matrix, exact_up_to=CELLS) for _ in range(2))
    assert [one.search(query, 20) for query in matrix[:50]] == [other.search(query, 20) for query in matrix[:50]]


# What is kept


@pytest.mark.parametrize("exact_up_to", [EXACT, CELLS])
def test_a_loaded_index_is_the_saved_one(tmp_path: Path, exact_up_to: int):
    matrix = clustered(1500)
    index = VectorIndex.build(numbered(matrix), matrix, exact_up_to=exact_up_to)
    index.save(tmp_path / "vectors.faiss")
    loaded = VectorIndex.load(tmp_path / "vectors.faiss")
    assert loaded.ids.tolist() == index.ids.tolist() == numbered(matrix).tolist()
    assert [loaded.search(query, 7) for query in matrix[:40]] == [index.search(query, 7) for query in matrix[:40]]


def test_an_updated_exact_index_is_the_one_built_anew():
    matrix, ids = clustered(300), numbered(clustered(300))
    index = VectorIndex.build(ids[:200], matrix[:200])
    index.update(removed=ids[50:100], ids=ids[200:], matrix=matrix[200:])
    rest = np.r_[0:50, 100:300]
    anew = VectorIndex.build(ids[rest], matrix[rest])
    assert index.ids.tolist() == anew.ids.tolist()
    assert [index.search(query, 300) for query in matrix[:20]] == [anew.search(query, 300) for query in matrix[:20]]


def test_updated_cells_hold_what_they_should():
    matrix, ids = clustered(2000), numbered(clustered(2000))
    index = VectorIndex.build(ids[:1900], matrix[:1900], exact_up_to=CELLS)
    index.update(removed=ids[:100], ids=ids[1900:], matrix=matrix[1900:])
    assert index.ids.tolist() == ids[100:].tolist()
    assert [index.search(row, 1)[0][0] for row in matrix[1900:]] == ids[1900:].tolist()
    assert index.search(matrix[0], 9, allowed=ids[:100].tolist()) == []


def test_an_index_fits_what_it_would_be_built_for():
    matrix = clustered(1500)
    index = VectorIndex.build(numbered(matrix), matrix, exact_up_to=CELLS)
    assert [index.fits(count, exact_up_to=CELLS) for count in (1000, 1400, 1600, 9000)] == [False, True, True, False]


# What is refused


def test_an_id_given_twice_is_refused():
    matrix = clustered(2)
    with pytest.raises(ValueError, match="an id was given to two vectors"):
        VectorIndex.build(np.array([4, 4]), matrix)
    index = VectorIndex.build(np.array([4, 5]), matrix)
    with pytest.raises(ValueError, match="an id was given to a second vector"):
        index.update(removed=np.array([5]), ids=np.array([4]), matrix=matrix[:1])
    index.update(removed=np.array([4]), ids=np.array([4]), matrix=matrix[1:])
    assert index.ids.tolist() == [4, 5]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(value: float):
    matrix = clustered(3)
    index = VectorIndex.build(numbered(matrix), matrix)
    with pytest.raises(ValueError, match="the question's vector is not finite"):
        index.search(np.full(32, value), 1)
    matrix[1, 5] = value
    with pytest.raises(ValueError, match="the vector of id 103 is not finite"):
        VectorIndex.build(numbered(matrix), matrix)


def test_what_does_not_match_is_refused():
    matrix = clustered(3)
    with pytest.raises(ValueError, match="expected int64 ids and as many float32 rows"):
        VectorIndex.build(np.array([1, 2]), matrix)
    with pytest.raises(ValueError, match="has 2 dimensions, the index has 32"):
        VectorIndex.build(numbered(matrix), matrix).search(np.array([1, 0]), 1)


# Ties


@given(st.lists(st.integers(0, 3)), st.integers(0, 12), st.randoms())
def test_the_best_are_those_of_sorting_all(scores: list[int], k: int, random):
    rows = [(number, float(score)) for number, score in enumerate(scores)]

    def find(count: int) -> list[tuple[int, float]]:
        random.shuffle(rows)
        return sorted(rows, key=lambda row: -row[1])[:count]

    assert best(find, k) == sorted(rows, key=lambda row: (-row[1], row[0]))[:k]


def test_a_search_leaves_the_threads_as_they_were():
    import faiss

    index = VectorIndex.build(np.arange(3, dtype=np.int64), np.eye(3, dtype=np.float32))
    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(3)
        index.search(np.array([1, 0, 0], dtype=np.float32), 2)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)
