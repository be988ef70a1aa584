"""The seam between the index and whatever turns text into vectors, and what implementations of it share."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np


class Encoder(Protocol):
    """Turns texts into unit vectors, so that a dot product is a cosine.

    ``fingerprint`` changes whenever the same text could get another vector: an index built with one fingerprint is never searched with
    another. ``max_pieces`` is how many word pieces, special ones included, the encoder sees of a text; what is longer it would cut off.
    Several threads may call it at once.
    """

    fingerprint: str
    dimension: int
    max_pieces: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts``: float32, shape (len(texts), dimension), each of length 1."""
        ...

    def embed(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """The vector of ``text``, shape (dimension,), and those of its ``spans`` (code points), shape (len(spans), dimension).

        A span's vector is made of how its words read within the text ("late chunking", Günther et al., 2024, arXiv:2409.04701): the mean
        of its word pieces' vectors, of length 1; zero for a span that the encoder sees nothing of. It costs nothing beyond the text's own.
        """
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, special ones included."""
        ...


def part_vectors(pieces: np.ndarray, offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """For each span the mean of the vectors of the word pieces that it touches, of length 1; zero where it touches none.

    ``pieces`` holds a vector a row, ``offsets`` where each stands in the text (special ones nowhere: from 0 to 0).
    """
    parts = np.zeros((len(spans), pieces.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(spans):
        inside = [at for at, (low, high) in enumerate(offsets) if low < end and start < high]
        if inside:
            mean = pieces[inside].mean(axis=0)
            parts[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return parts
