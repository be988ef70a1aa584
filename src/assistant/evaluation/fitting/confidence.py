"""The model that tells whether the notes answer a question at all.

Each question is asked as it is, and in ways that the notes do not answer: with the note that answers left out, and with the name in it exchanged
for one out of another question of the set (a near miss: the note that would answer is still there) or of another set (a name that the notes
hardly know); and the set's own questions without an answer are asked. Judged questions about a folder of notes are asked as they are: those of them
that the notes do not answer were written to be near misses. A logistic model tells the first from the others; each set, and in it each of the two,
weighs the same. What it is worth on notes it has not seen is measured on each set with a model of the others.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.abstaining import Signals, signals, terms
from assistant.answering.considering import Considered
from assistant.assistant import Assistant
from assistant.evaluation.fitting.impostors import holders, names, swapped, without
from assistant.evaluation.fitting.sets import Collection, shuffled
from assistant.evaluation.questions import Question
from assistant.progress import Progress

_MOST_QUESTIONS = 400
"""So many questions of a set, at most: with more of them the weights hardly change."""

_AGAINST = frozenset({"unknown", "stranger", "strayed", "expects", "foreign"})
"""The signals that speak against an answer; all others speak for one."""

ANSWERED, LEFT_OUT, NEAR_MISS, STRANGER, UNANSWERED = "answered", "note left out", "name of the set", "name of another set", "without an answer"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question as it was asked, and what speaks for an answer: ``how`` is one of ANSWERED, LEFT_OUT, NEAR_MISS, STRANGER and UNANSWERED."""

    collection: str
    how: str
    signals: Signals

    @property
    def answerable(self) -> bool:
        """Whether the notes answer it."""
        return self.how == ANSWERED


def trials(collection: Collection, others: Sequence[Collection], weights: np.ndarray, progress: Progress) -> Iterator[Trial]:
    """The questions of a set, asked as they are and in ways that the notes do not answer; ``weights`` are those of the features."""
    notes = collection.notes
    texts = {record.path: notes.note(record.path).text for record in notes.notes()}
    passages = sum(record.passages for record in notes.notes())
    held_by = holders(notes, texts)
    some = shuffled(collection.judged)[:_MOST_QUESTIONS]
    near = swapped(some, texts, names(collection))
    strange = swapped(some, texts, [name for other in others for name in names(other)])

    def trial(considered: Considered, how: str) -> Trial:
        return Trial(collection.name, how, signals(replace(considered, strengths=considered.features @ weights)))

    for done, one in enumerate(some):
        progress(f"Asking {collection.name}", done, len(some))
        yield trial(notes.consider(one.question), ANSWERED if one.answers else UNANSWERED)
        if one.answers:
            left = notes.consider(f"{one.question} -file:/{one.path}")
            lost = frozenset(term for term in set(left.lexicon.terms(texts[one.path])) if held_by[term] == 1)
            yield trial(replace(left, lexicon=without(left.lexicon, lost, passages)), LEFT_OUT)
        for questions, how in ((near, NEAR_MISS), (strange, STRANGER)):
            if one in questions:
                yield trial(notes.consider(questions[one]), how)


def judged_trials(name: str, notes: Assistant, questions: Sequence[Question], weights: np.ndarray, progress: Progress) -> Iterator[Trial]:
    """Judged ``questions`` asked of the ``notes``, as they are."""
    for done, one in enumerate(questions):
        progress(f"Asking {name}", done, len(questions))
        considered = notes.consider(one.question, history=one.history)
        yield Trial(name, ANSWERED if one.answerable else UNANSWERED, signals(replace(considered, strengths=considered.features @ weights)))


def fit_confidence(tried: Sequence[Trial]) -> dict[str, float]:
    """The logistic model of the signals that tells questions that are answered from those that are not.

    Each signal speaks for an answer or against one, in few notes as in many: where the questions would have it otherwise, its weight is 0. The
    squares of the weights of standardised signals cost a half each, as in scikit-learn.
    """
    from scipy.optimize import minimize

    names = list(terms(tried[0].signals))
    rows = np.array([list(terms(one.signals).values()) for one in tried])
    deviations = rows.std(axis=0)
    bias = np.array([name.startswith("bias") for name in names])
    # Sums of probabilities that are one differ in their last bits.
    scale = np.where((deviations > 1e-9) & ~bias, deviations, 1.0)
    scaled = rows / scale
    counts = Counter((one.collection, one.answerable) for one in tried)
    shares = np.array([1 / counts[one.collection, one.answerable] for one in tried])
    shares *= len(shares) / shares.sum()
    sides = np.where([one.answerable for one in tried], 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = sides * (scaled @ weights)
        penalised = np.where(bias, 0.0, weights)
        value = (shares * np.logaddexp(0, -margins)).sum() + 0.5 * (penalised**2).sum()
        return float(value), penalised - scaled.T @ (shares * sides * np.exp(-np.logaddexp(0, margins)))

    bounds = [(None, None) if free else (None, 0) if name.split(",")[0] in _AGAINST else (0, None) for name, free in zip(names, bias, strict=True)]
    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 5000})
    return dict(zip(names, map(float, found.x / scale), strict=True))


def held_out(tried: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """For each set, how well a model of the other sets tells its questions apart.

    The area under the curve, and by how they were asked the share of questions without an answer that lie below all but 4 % of those with one.
    """
    from sklearn.metrics import roc_auc_score

    found = {}
    for name in dict.fromkeys(one.collection for one in tried):
        model = fit_confidence([one for one in tried if one.collection != name])
        mine = [one for one in tried if one.collection == name]
        scores = np.array([sum(model[field] * value for field, value in terms(one.signals).items()) for one in mine])
        answerable = np.array([one.answerable for one in mine])
        line = np.quantile(scores[answerable], 0.04)
        found[name] = {"area under the curve": round(float(roc_auc_score(answerable, scores)), 3)}
        for how in dict.fromkeys(one.how for one in mine if not one.answerable):
            refused = scores[[one.how == how for one in mine]] < line
            found[name][f"refused, {how}"] = round(float(refused.mean()), 3)
    return found
