"""The formulas of what is measured: pure functions, ranks counted from 1, and higher is better but for the calibration error."""

import math
import re
import string
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054
"""What 95 % of a normal distribution lie within, in standard deviations."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)

# Ranked lists


def recall(ranks: Sequence[int | None], k: int) -> float:
    """The share of what is looked for that is among the first ``k``; a rank is None for what was not found. 0 if nothing is looked for."""
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """1 / the best of ``ranks``, 0 where nothing was found; its mean over questions is the MRR (Voorhees, TREC-8, 1999)."""
    return 1 / min((rank for rank in ranks if rank is not None), default=math.inf)


def ndcg(gains: Sequence[float], judged: Sequence[float], k: int) -> float:
    """nDCG@k as trec_eval's ``ndcg_cut``: gain / log2(rank + 1), over the same sum for the best order of all that is ``judged``.

    ``gains`` are the judgements of what was found, best first, 0 for what is not judged (Järvelin and Kekäläinen, TOIS 2002).
    """
    ideal = _discounted(sorted(judged, reverse=True)[:k])
    return _discounted(gains[:k]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


# Short answers


def squad_tokens(text: str) -> list[str]:
    """The tokens of ``text`` by SQuAD's normalisation: lower case, without ASCII punctuation and articles (Rajpurkar et al., 2016)."""
    return _ARTICLES.sub(" ", text.lower().translate(_WITHOUT_PUNCTUATION)).split()


def token_f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    """The harmonic mean of precision and recall over tokens, each counted as often as it stands."""
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted)) if shared else 0.0


# How sure a number is


def wilson(count: float, total: float) -> tuple[float, float]:
    """The 95 % interval of the share ``count / total`` by Wilson's score (JASA 22, 1927): honest for few and for extreme shares too.

    (0, 1) where there is nothing to count.
    """
    if not total:
        return 0.0, 1.0
    share, spread = count / total, _Z**2 / total
    middle = share + spread / 2
    reach = math.sqrt(spread * (share * (1 - share) + spread / 4))
    return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))


def sign_test(won: int, lost: int) -> float:
    """The two-sided p-value of the exact sign test: how likely it is to win or lose so unevenly if either were equally likely.

    Over answers that are right or wrong it is McNemar's exact test. Ties say nothing and do not count.
    """
    total = won + lost
    tail = sum(math.comb(total, number) for number in range(min(won, lost) + 1))
    return min(1.0, 2 * tail / 2**total)


def percentile(values: Sequence[float], share: float) -> float:
    """The least of ``values`` that ``share`` of them do not exceed (the nearest rank). Raises ValueError if there are none."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


# Calibration


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions with a confidence above ``low`` and up to ``high``: how many, their mean confidence, and the share that came true."""

    low: float
    high: float
    count: int
    confidence: float
    share: float


def reliability(confidences: Sequence[float], came_true: Sequence[bool], *, bins: int = 10) -> tuple[Bin, ...]:
    """The predictions in ``bins`` of equal width, lowest first, those without any left out; a confidence of 0 is in the first."""
    edges = [number / bins for number in range(1, bins + 1)]
    held: list[list[tuple[float, bool]]] = [[] for _ in edges]
    for confidence, true in zip(confidences, came_true, strict=True):
        held[bisect_left(edges, confidence)].append((confidence, true))
    return tuple(
        Bin(number / bins, edge, len(rows), sum(one for one, _ in rows) / len(rows), sum(true for _, true in rows) / len(rows))
        for number, (edge, rows) in enumerate(zip(edges, held, strict=True))
        if rows
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance of confidence and share, each bin counted by its size (Guo et al., ICML 2017); 0 is best."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.confidence - one.share) for one in bins) / total if total else 0.0
