"""Whether the notes answer a question at all, and how sure that is."""

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from assistant.answering.considering import Considered
from assistant.answering.evidence import Features
from assistant.answering.fitted import fitted
from assistant.answering.wording import Wording

OPERATING_POINT = 0.75
"""Below this confidence the answer is that it is not in the notes.

Of 425 questions written later about documents that answer them it refuses 4 % wrongly, of 960 about small folders 2 %; docs/quality.md has the curve.
"""

PRIOR = 0.9
"""How many of the questions that people ask their notes are taken to be answered there: the model was fitted on one in two."""

_MOSTLY, _NEAR = 0.5, 0.4
"""Where a question begins to be foreign: above so much unknown, and below such a cosine. What the notes answer in other words is mostly nearer."""
_FEW, _MANY = 100, 5000
"""Passages; the notes that the model was fitted on have some 120 to 4,100."""
_SIMILARITY = Features._fields.index("similarity")
_VALUE = Features._fields.index("value")
_NEAREST = 10
_MOST_LEFT_OUT = 2
"""Each word left out is another run of the encoder. The area under the curve, over public near misses: 0.889 without this signal, 0.895 with
one word left out, 0.899 with two, 0.900 with more."""


class Signals(NamedTuple):
    """What tells an answered question from one that the notes do not answer.

    "Likely" weighs the candidates by their probability to be the one that answers, if one does.
    """

    strength: float
    """A tenth of the highest strength of a candidate."""
    lead: float
    """How far the nearest candidate lies before the mean of the ten nearest, as cosines: what answers stands out."""
    held: float
    """How many terms of the question the likely notes hold, each by its rarity; one that stands nowhere else counts 1."""
    unknown: float
    """How much of the question's terms, by rarity, the notes do not hold at all."""
    stranger: float
    """How much of them is names that the notes do not hold."""
    strayed: float
    """How much of them is names that the notes hold, but likely not in the section that answers: it tells of another thing. Of several names that
    the question sets side by side one will do."""
    expects: float
    """1 if a value is asked for: what is merely near answers such a question less often."""
    pull: float
    """By how much the strongest candidate would be nearer without a word that its section has not; 0 or less."""
    near: float
    """How near the likely candidates are, as cosines."""
    valued: float
    """How likely the candidates are that hold a value of the kind asked for; 1 if none is asked for."""
    foreign: float
    """How much more than half of the question's terms is unknown, times how far the likely candidates are: with other words for the same thing
    something would be near."""
    size: float
    """How large the notes are, by the logarithm of their passages: from 0 to 1. In few notes a word of the question that none holds says little, in
    many much: so each of the other signals has two weights, and the size tells how much each of them counts."""


def signals(considered: Considered) -> Signals:
    """The signals of a question."""
    query, lexicon = considered.query, considered.lexicon
    wording = Wording(query.text, lexicon.terms)
    rarity = np.array([lexicon.rarity(term) for term in query.terms])
    share = rarity / (rarity.sum() or 1.0)
    known = np.array([lexicon.knows(term) for term in query.terms], dtype=bool)
    name = np.array([term in wording.names for term in query.terms], dtype=bool)
    unknown, stranger = float(share[~known].sum()), float(share[name & ~known].sum())
    expects = float(query.expects is not None)
    size = math.log(min(max(lexicon.passages, _FEW), _MANY) / _FEW) / math.log(_MANY / _FEW)
    if not considered.candidates:
        return Signals(0.0, 0.0, 0.0, unknown, stranger, 0.0, expects, 0.0, 0.0, 1.0 - expects, _foreign(unknown, 0.0), size)
    sections, notes = held(considered)
    best = int(considered.strengths.argmax())
    near = float(considered.shares @ considered.features[:, _SIMILARITY])
    nearest = np.sort(considered.features[:, _SIMILARITY])[::-1][:_NEAREST]
    return Signals(
        strength=float(considered.strengths[best]) / 10,
        lead=float(nearest[0] - nearest.mean()),
        held=float((considered.shares @ notes * rarity)[known].sum() / lexicon.rarity("")),
        unknown=unknown,
        stranger=stranger,
        strayed=float((share * (1 - considered.shares @ _side_by_side(considered, wording, sections)))[name & known].sum()),
        expects=expects,
        pull=_pull(considered, wording, best, rarity * (known & ~sections[best])),
        near=near,
        valued=float(considered.shares @ considered.features[:, _VALUE]) if expects else 1.0,
        foreign=_foreign(unknown, near),
        size=size,
    )


def _foreign(unknown: float, near: float) -> float:
    return 10 * max(0.0, unknown - _MOSTLY) * max(0.0, _NEAR - near)


def terms(found: Signals) -> dict[str, float]:
    """What the model adds up, each with a weight of its own: each signal, and 1, once as far as the notes are few and once as far as they are many."""
    signs = {**found._asdict(), "bias": 1.0}
    size = signs.pop("size")
    return {f"{name}, {notes}": value * share for name, value in signs.items() for notes, share in (("few", 1 - size), ("many", size))}


def confidence(found: Signals) -> float:
    """The probability, between 0 and 1, that the notes answer the question: a logistic model, moved to the prior."""
    model = fitted()["confidence"]
    logit = sum(model[name] * value for name, value in terms(found).items())
    return 1 / (1 + math.exp(-(logit + math.log(PRIOR / (1 - PRIOR)))))


def held(considered: Considered) -> tuple[np.ndarray, np.ndarray]:
    """Which of the question's terms stand in each candidate's section, and which in what was found of its note; headings and titles count.

    Two boolean arrays of shape (candidates, terms).
    """
    places = range(len(considered.query.terms))
    own = np.array([[one.held >> place & 1 for place in places] for one in considered.candidates], dtype=bool)
    sections = [(one.outline.document.path, one.section) for one in considered.candidates]
    return _union(own, sections), _union(own, [path for path, _ in sections])


def _side_by_side(considered: Considered, wording: Wording, sections: np.ndarray) -> np.ndarray:
    """``sections``, with each name there too where all of another stands that the question names side by side with it."""
    terms = considered.query.terms
    found = sections.copy()
    for group in wording.coordinated(wording.names.intersection(terms), terms):
        for phrase in group:
            own = [place for place, term in enumerate(terms) if term in phrase]
            others = [place for place, term in enumerate(terms) if term not in phrase and any(term in other for other in group)]
            found[:, others] |= sections[:, own].all(axis=1, keepdims=True)
    return found


def _union(own: np.ndarray, groups: Sequence[Hashable]) -> np.ndarray:
    """For each row what any row of its group holds."""
    number = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    rows = np.array([number[group] for group in groups])
    together = np.zeros((len(number), own.shape[1]), dtype=bool)
    np.logical_or.at(together, rows, own)
    return together[rows]


def _pull(considered: Considered, wording: Wording, best: int, weights: np.ndarray) -> float:
    """See Signals; the words that count are those of positive weight, the heaviest first."""
    left_out = [place for place in np.argsort(-weights, kind="stable")[:_MOST_LEFT_OUT] if weights[place] > 0]
    similarity = considered.features[best, _SIMILARITY]
    return min([0.0, *(float(similarity) - considered.nearness(wording.without(considered.query.terms[place]), considered.candidates[best]) for place in left_out)])
