"""What an index was built with. Where any of it differs, everything is segmented and encoded again: two ways are never mixed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import Self

from assistant.encoding.encoder import Encoder
from assistant.segmenting.passages import Sizes

SEGMENTATION = 12
"""Raised whenever the same file would be read into another document, or a document cut into other blocks, units or passages."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``encoder`` is its fingerprint; ``sizes.pieces`` is never more than it can see."""

    encoder: str
    dimension: int
    sizes: Sizes
    segmentation: int = SEGMENTATION

    @classmethod
    def of(cls, encoder: Encoder, sizes: Sizes) -> Self:
        """What an index built now, with ``encoder`` and ``sizes``, is built with."""
        return cls(encoder.fingerprint, encoder.dimension, replace(sizes, pieces=min(sizes.pieces, encoder.max_pieces)))

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """The manifest that ``to_json`` wrote; None for one with other fields, which matches no manifest of now."""
        try:
            fields = json.loads(text)
            return cls(**{**fields, "sizes": Sizes(**fields["sizes"])})
        except (KeyError, TypeError, ValueError):
            return None

    def to_json(self) -> str:
        """As it is kept in the store."""
        return json.dumps(asdict(self), sort_keys=True)

    def digest(self, text: str, spans: Sequence[tuple[int, int]] = ()) -> str:
        """Names the vectors of ``text`` and of its ``spans``: equal for equal ones under one encoder, and for nothing else."""
        return blake2b(f"{self.encoder}\0{spans}\0{text}".encode(), digest_size=16).hexdigest()
