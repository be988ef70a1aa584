"""A map of the notes: passages that mean much the same lie side by side, and each region has a name made of its own words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from assistant.retrieval.query import FUNCTION_WORDS
from assistant.values import Passage

MOST_POINTS = 2000
"""Of more passages, so many are drawn, evenly spread over the notes: more dots cannot be told apart on a screen, and take longer than the few
seconds that these take."""

_NEIGHBOURS = 30
"""The perplexity of t-SNE: about how many neighbours each passage is held near to."""
_STEPS = 400
"""Its iterations. On 1,310 passages the trustworthiness of the map (scikit-learn's, among 10 neighbours) is 0.973 after 300, 0.980 after 400 and
0.985 after 500 or 1,000; that of the two principal components alone is 0.726."""
_LEAST_SPREAD = 5
"""Of fewer passages the two principal components are drawn: there are no neighbourhoods to keep."""
_PER_CLUSTER, _MOST_CLUSTERS = 12, 24
"""There are about the square root of the number of passages over this many regions, and never more than can be read."""
_NAME_WORDS = 3

_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_LINK = re.compile(r"\]\([^()\s]*\)|https?://\S+|www\.\S+|\S+\.\w{2,4}\b")


@dataclass(frozen=True, slots=True)
class Point:
    """A passage and where it lies, ``x`` and ``y`` from 0 to 1; ``cluster`` is the index of its region."""

    x: float
    y: float
    cluster: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Cluster:
    """A region of the map: its name, its middle, and how many of the points lie in it."""

    name: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True)
class Map:
    """``points`` of the ``passages`` that there are, and the ``clusters`` that they fall into."""

    points: tuple[Point, ...]
    clusters: tuple[Cluster, ...]
    passages: int


def spread(count: int, most: int = MOST_POINTS) -> np.ndarray:
    """The indexes of those of ``count`` passages that are drawn, ascending: all, or ``most`` at even distances."""
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).round().astype(np.int64)


def draw(vectors: np.ndarray, passages: Sequence[Passage], *, total: int | None = None) -> Map:
    """The map of ``passages`` with ``vectors``, shape (len(passages), dimension); of ``total`` passages, where not all are drawn.

    The same passages give the same map.
    """
    if not passages:
        return Map((), (), total or 0)
    places = _unit(_laid_out(vectors))
    labels = _grouped(places)
    names = _names([passage.text for passage in passages], labels)
    points = tuple(
        Point(round(float(x), 4), round(float(y), 4), int(label), passage)
        for (x, y), label, passage in zip(places, labels, passages, strict=True)
    )
    return Map(points, tuple(_clusters(places, labels, names)), len(passages) if total is None else total)


def _laid_out(vectors: np.ndarray) -> np.ndarray:
    """Two dimensions that keep neighbours together: t-SNE (van der Maaten and Hinton, 2008), begun from the principal components."""
    centred = vectors - vectors.mean(axis=0)
    if len(vectors) < _LEAST_SPREAD or not centred.any():
        return _principal(centred)
    # It takes a second to load, and nothing else needs it.
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(_NEIGHBOURS, (len(vectors) - 1) / 3)
    # One thread adds up in one order: the map is the same each time. And it leaves the other cores to questions.
    with threadpool_limits(limits=1):
        laid = TSNE(init=_principal(centred) * 1e-4, perplexity=perplexity, max_iter=_STEPS, learning_rate="auto", random_state=0)
        return laid.fit_transform(centred)


def _principal(centred: np.ndarray) -> np.ndarray:
    """The first two principal components, scaled to a deviation of 1 along the first; the sign makes the largest part of each positive."""
    left, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    parts = np.zeros((len(centred), 2), dtype=np.float32)
    for at in range(min(2, len(sizes))):
        sign = np.sign(axes[at][np.abs(axes[at]).argmax()]) or 1
        parts[:, at] = left[:, at] * sizes[at] * sign
    return parts / (parts[:, 0].std() or 1)


def _unit(places: np.ndarray) -> np.ndarray:
    """``places`` moved and stretched alike in both directions, into the unit square."""
    low, high = places.min(axis=0), places.max(axis=0)
    extent = float((high - low).max()) or 1.0
    return 0.5 + (places - (low + high) / 2) / extent


def _grouped(places: np.ndarray) -> np.ndarray:
    """The region of each place: k-means, the middles chosen far apart (Arthur and Vassilvitskii, 2007), numbered from the largest down."""
    count = min(_MOST_CLUSTERS, len(np.unique(places, axis=0)), max(1, round(sqrt(len(places) / _PER_CLUSTER) * 1.5)))
    if count < 2:
        return np.zeros(len(places), dtype=np.int64)
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        labels = KMeans(count, n_init=10, random_state=0).fit_predict(places)
    order = np.argsort(-np.bincount(labels, minlength=count), kind="stable")
    return np.argsort(order)[labels]


def _clusters(places: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> Iterator[Cluster]:
    for number, name in enumerate(names):
        own = places[labels == number]
        # A name stands where its points are thickest, not where a few far ones drag it.
        x, y = np.median(own, axis=0)
        yield Cluster(name, round(float(x), 4), round(float(y), 4), len(own))


def _names(texts: Sequence[str], labels: np.ndarray) -> list[str]:
    """What tells each region from the others: its highest-ranked words, as the notes write them.

    A word's rank is the share of the region's passages that hold it times log(1 + 1 / the sum of its shares over all regions), the tf-idf of
    classes (Grootendorst, 2022, arXiv:2203.05794) with passages counted in place of words, so that one long list does not name a region.
    """
    sizes = np.bincount(labels)
    held = [Counter[str]() for _ in sizes]
    spelt: dict[str, Counter[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        words = [word for word in _WORD.findall(_LINK.sub(" ", text)) if len(word) > 2 and word.casefold() not in FUNCTION_WORDS]
        for word in words:
            spelt.setdefault(_bare(word), Counter())[word] += 1
        held[label].update({_bare(word) for word in words})
    shares = [{word: count / size for word, count in counts.items()} for counts, size in zip(held, sizes.tolist(), strict=True)]
    everywhere = Counter[str]()
    for one in shares:
        everywhere.update(one)
    return [_name(one, everywhere, spelt) for one in shares]


def _name(shares: dict[str, float], everywhere: Counter[str], spelt: dict[str, Counter[str]]) -> str:
    ranked = sorted(shares, key=lambda word: (-shares[word] * log(1 + 1 / everywhere[word]), word))
    return " · ".join(min(spelt[word], key=lambda form: (-spelt[word][form], form)) for word in ranked[:_NAME_WORDS]) or "…"


def _bare(word: str) -> str:
    """``word`` as it is counted: singular and plural, large and small letters alike."""
    small = word.casefold()
    return small[:-1] if len(small) > 3 and small.endswith("s") and not small.endswith("ss") else small
