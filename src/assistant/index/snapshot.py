"""What a question is asked of: one state of the store, with the indexes of vectors, words and short forms made from that very state."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from assistant.index import caches
from assistant.index.shortforms import ShortForms
from assistant.index.store import Store, View
from assistant.index.vectors import VectorIndex
from assistant.index.words import WordIndex, copy_words, deleted_share
from assistant.segmenting.structure import Block
from assistant.values import Document

_VECTORS, _WORDS, _NOTES, _SHORT_FORMS = "vectors.faiss", "words", "notes", "shortforms.json"
_REMEMBERED = 64
_MOSTLY = 0.8
"""Caches are brought up to date where this share of the passages stays, else made anew, which is no slower then and leaves no remains."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Stays as it is whatever is synced meanwhile. Open another after a sync and let go of this one when its questions are done.

    ``words`` holds the words of passages, ``notes`` those of whole notes. ``document`` and ``blocks`` are the view's; they remember what the last
    questions read, which a state that never changes allows.
    """

    view: View
    vectors: VectorIndex
    words: WordIndex
    notes: WordIndex
    short_forms: ShortForms
    document: Callable[[str], Document]
    blocks: Callable[[str], tuple[Block, ...]]

    @classmethod
    def open(cls, store: Store) -> Self:
        """The state of now. Caches that are missing, damaged or of another state are made first."""
        view = store.view()
        root = store.folder / "caches"
        folder = caches.find(root, view.stamp) or _make(root, view)
        return cls(
            view=view,
            vectors=VectorIndex.load(folder / _VECTORS),
            words=WordIndex(folder / _WORDS),
            notes=WordIndex(folder / _NOTES),
            short_forms=ShortForms.load(folder / _SHORT_FORMS),
            document=lru_cache(_REMEMBERED)(view.document),
            blocks=lru_cache(_REMEMBERED)(view.blocks),
        )


def _make(root: Path, view: View) -> Path:
    base = caches.find_ancestor(root, view.stamps())
    ids = view.passage_ids()
    with caches.filling(root, view.stamp) as work:
        if base is None or not _grow(base, work, view, ids):
            _fill(work, view, ids)
    return root / view.stamp


def _fill(work: Path, view: View, ids: np.ndarray) -> None:
    VectorIndex.build(ids, view.vectors(ids)).save(work / _VECTORS)
    (work / _WORDS).mkdir()
    WordIndex(work / _WORDS).update(added=view.texts(ids))
    (work / _NOTES).mkdir()
    WordIndex(work / _NOTES).update(added=view.note_texts(view.note_ids()))
    ShortForms().updated(added=view.texts(ids)).save(work / _SHORT_FORMS)


def _grow(base: Path, work: Path, view: View, ids: np.ndarray) -> bool:
    """Makes the caches of ``view`` in ``work`` from those of an earlier state in ``base``; False where making them anew is better.

    What an id stands for never changes, so the ids alone tell what to take out and what to put in.
    """
    vectors = VectorIndex.load(base / _VECTORS)
    old = vectors.ids
    removed, added = np.setdiff1d(old, ids), np.setdiff1d(ids, old)
    staying = len(old) - len(removed)
    worn = max(deleted_share(base / _WORDS), deleted_share(base / _NOTES))
    if staying < _MOSTLY * max(1, len(old) + len(added)) or worn > 1 - _MOSTLY or not vectors.fits(len(ids)):
        return False
    vectors.update(removed=removed, ids=added, matrix=view.vectors(added))
    vectors.save(work / _VECTORS)
    copy_words(base / _WORDS, work / _WORDS)
    WordIndex(work / _WORDS).update(removed=removed, added=view.texts(added))
    copy_words(base / _NOTES, work / _NOTES)
    WordIndex(work / _NOTES).update(removed=removed, added=view.note_texts(np.intersect1d(view.note_ids(), added)))
    ShortForms.load(base / _SHORT_FORMS).updated(removed=removed, added=view.texts(added)).save(work / _SHORT_FORMS)
    return True
