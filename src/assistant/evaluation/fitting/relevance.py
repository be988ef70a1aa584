"""The weights of the features: what speaks for a unit, by how much.

A unit is right if it holds (part of) an answer in the judged document. The loss is the mean over questions of -log of the probability, by a
softmax over all candidates, that falls on right units: the marginal likelihood of the answer. It is convex enough for L-BFGS to end at the same
weights each time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.considering import Considered
from assistant.assistant import Assistant
from assistant.evaluation.fitting.sets import Judged

_PENALTY = 1e-3
"""On the squares of the weights of standardised features."""


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question: their features, a row each, and which of them are right."""

    features: np.ndarray
    right: np.ndarray


def example(notes: Assistant, judged: Judged) -> Example | None:
    """The candidates for a question; None if none of them is right, so that nothing can be learned from it."""
    considered = notes.consider(judged.question)
    right = right_ones(considered, judged, notes.note(judged.path).text)
    return Example(considered.features, right) if right.any() else None


def right_ones(considered: Considered, judged: Judged, text: str) -> np.ndarray:
    """Which candidates are right: booleans. ``text`` is that of the judged document."""
    spans = [match.span() for answer in judged.answers for match in re.finditer(re.escape(answer.strip()), text, re.I)]
    there = [one.outline.document.path == judged.path for one in considered.candidates]
    held = [any(one.unit.start < end and start < one.unit.end for start, end in spans) for one in considered.candidates]
    return np.array(there, dtype=bool) & np.array(held, dtype=bool)


def fit_relevance(examples: Sequence[Example]) -> np.ndarray:
    """The weights of the features that make the right units of ``examples`` likeliest; a feature that never varies gets 0."""
    import torch

    rows = np.concatenate([one.features for one in examples])
    scale = rows.std(axis=0)
    usable = scale > 0
    safe = np.where(usable, scale, 1.0)
    features = torch.tensor(rows / safe * usable, dtype=torch.float64)
    right = torch.tensor(np.concatenate([one.right for one in examples]))
    group = torch.tensor(np.repeat(np.arange(len(examples)), [len(one.right) for one in examples]))
    weights = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, history_size=20, line_search_fn="strong_wolfe", tolerance_grad=1e-9)

    def loss():
        optimiser.zero_grad()
        scores = features @ weights
        exponentials = torch.exp(scores - scores.max())
        totals = torch.zeros(len(examples), dtype=torch.float64).index_add(0, group, exponentials)
        rights = torch.zeros(len(examples), dtype=torch.float64).index_add(0, group, exponentials * right)
        value = -torch.log(rights / totals).mean() + _PENALTY * weights.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    return weights.detach().numpy() / safe * usable


def likelihood(examples: Sequence[Example], weights: np.ndarray) -> float:
    """The geometric mean over ``examples`` of the probability that falls on right units."""
    logs = []
    for one in examples:
        scores = one.features @ weights
        exponentials = np.exp(scores - scores.max())
        logs.append(np.log(exponentials[one.right].sum() / exponentials.sum()))
    return float(np.exp(np.mean(logs)))
