"""Whether notes answer a question differently: another value of the kind that it asks for, of the same thing."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from assistant.answering.claims import Value, agree, comparable, equal, roles_in
from assistant.answering.denying import affirmed, denied, is_polar
from assistant.answering.disagreeing import siblings
from assistant.answering.evidence import Candidate, Lexicon
from assistant.answering.ranking import Window, repeats, window_at
from assistant.answering.statements import Reader, Statement
from assistant.retrieval.comparison import sides
from assistant.retrieval.query import Query
from assistant.values import Citation, Claim, Disagreement

LEAST_DISPUTED = 0.18
LEAST_DISPUTED_OF_ANY = 0.45
"""The same where a question does not tell the kind of value that it asks for."""
WORDS_SAYING_SO = 10
"""What saying that notes disagree takes of the words of an answer."""
_REACH = 5.0
"""A candidate this much weaker than the strongest is not looked at."""
_LEAD = 3.5
"""Nor is one this much weaker taken for the answer."""
_NEARLY_ALL = 0.9
"""How much of a question a yes and a no must be about."""
_LEAST_ASKED = 0.35
"""How much of the question each must be with."""
_SHARED = 0.8
"""What two statements share of the question, at least, if their units give another value that is the same."""
_SHARED_COSINE = 0.7

_DIMENSIONS = {
    "duration": ("duration", "length"), "size": ("size", "bits"), "money": ("money",), "share": ("share",), "year": ("date",),
    "count": ("count", "share", "money"),
}  # fmt: skip
"""The dimensions, by how their names begin, of a value that a question expects; see Query.expects."""


class Claimed(NamedTuple):
    """A statement, and the place of its candidate."""

    statement: Statement
    place: int


def dispute(
    query: Query, candidates: Sequence[Candidate], strengths: np.ndarray, vectors: Mapping[tuple[str, int], np.ndarray], lexicon: Lexicon
) -> tuple[Claimed, ...]:
    """Two of the values with which ``candidates`` answer ``query`` that cannot both be true, the likelier first; none if they agree.

    ``vectors`` holds those of the candidates' units, by path and start.
    """
    if query.long or query.kind == "definition" or sides(query.text):
        return ()
    asked = _Asked(query, candidates, lexicon)
    if is_polar(query.text):
        return _yes_and_no(asked, candidates, strengths, vectors, lexicon)
    told = _told(candidates, strengths, vectors, lexicon)
    wanted = roles_in(query.text) & {"max", "min", "default"}
    fitting = [one for one in told if _fits(query.expects, one.statement.value) and _plays(wanted, one.statement.value)]
    clear = [one for one in fitting if not any(one.place == other.place and _rivals(one, other) for other in fitting)]
    if not clear or clear[0] is not fitting[0] or strengths[clear[0].place] < strengths.max() - _LEAD:
        return ()
    first, *others = clear
    rated = [(_certainty(first, other, asked, told), other) for other in others if _differ(first, other)]
    certainty, second = max(rated, key=lambda row: row[0], default=(0.0, first))
    if certainty < (LEAST_DISPUTED if query.expects else LEAST_DISPUTED_OF_ANY) or _explained(first, second, asked, clear):
        return ()
    return first, second


def _told(
    candidates: Sequence[Candidate], strengths: np.ndarray, vectors: Mapping[tuple[str, int], np.ndarray], lexicon: Lexicon
) -> list[Claimed]:
    """What the candidates within reach state, the strongest first."""
    reader = Reader(lexicon)
    return [
        Claimed(one, place)
        for place in _within_reach(strengths)
        for one in reader.statements(candidates[place].outline, candidates[place].unit, vectors[_key(candidates[place])])
    ]


def _within_reach(strengths: np.ndarray) -> list[int]:
    """The places of the candidates that are looked at, the strongest first."""
    least = strengths.max(initial=-math.inf) - _REACH
    return [place for place in np.argsort(-strengths, kind="stable").tolist() if strengths[place] >= least]


def _yes_and_no(
    asked: "_Asked", candidates: Sequence[Candidate], strengths: np.ndarray, vectors: Mapping[tuple[str, int], np.ndarray], lexicon: Lexicon
) -> tuple[Claimed, ...]:
    """A candidate that denies what is asked and one that affirms it, the stronger first; none unless both are about nearly all of it."""
    reader = Reader(lexicon)

    def claimed(place: int, value: Value) -> Claimed:
        one = candidates[place]
        return Claimed(reader.statement(one.outline, one.unit, vectors[_key(one)], one.text, value), place)

    def about(one: Claimed) -> bool:
        return asked.share(asked.terms & one.statement.held) >= _NEARLY_ALL

    near = _within_reach(strengths)
    for place in near:
        value = denied(candidates[place].text, asked.terms, lexicon.terms)
        if value is None or not about(no := claimed(place, value)):
            continue
        of = asked.terms & frozenset(lexicon.terms(no.statement.text))
        for other in near:
            value = affirmed(candidates[other].text, of, lexicon.terms)
            if value and about(yes := claimed(other, value)) and not siblings(yes.statement, no.statement):
                return (yes, no) if strengths[other] >= strengths[place] else (no, yes)
    return ()


def _key(candidate: Candidate) -> tuple[str, int]:
    return candidate.outline.document.path, candidate.unit.start


def _fits(expected: str | None, value: Value) -> bool:
    """Whether a value is of the kind that a question expects; any is where it expects none."""
    return expected is None or value.dimension.startswith(_DIMENSIONS[expected])


def _plays(wanted: frozenset[str], value: Value) -> bool:
    """Whether a value may be the highest, lowest or default one that is ``wanted``: it is, or nothing says what it is."""
    roles = value.roles & {"max", "min", "default"}
    return not wanted or not roles or bool(roles & wanted)


def _rivals(one: Claimed, other: Claimed) -> bool:
    mine, theirs = one.statement, other.statement
    return mine.column == theirs.column and comparable(mine.value, theirs.value) and not agree(mine.value, theirs.value)


def _differ(one: Claimed, other: Claimed) -> bool:
    mine, theirs = one.statement.value, other.statement.value
    return comparable(mine, theirs) and not agree(mine, theirs) and not siblings(one.statement, other.statement)


class _Asked:
    """What of a question's terms is with a statement: in its unit, above it, or in a unit beside it."""

    def __init__(self, query: Query, candidates: Sequence[Candidate], lexicon: Lexicon) -> None:
        self._weights = {term: lexicon.rarity(term) for term in Reader(lexicon).telling(query.terms) if lexicon.knows(term)}
        self._total = sum(self._weights.values()) or 1.0
        self._candidates = candidates
        self._lexicon = lexicon

    @property
    def terms(self) -> frozenset[str]:
        """The question's terms that tell what it is about, as far as the notes know them."""
        return frozenset(self._weights)

    def held(self, claimed: Claimed) -> frozenset[str]:
        """The terms that are."""
        beside = {term for text in self._beside(claimed.place) for term in self._lexicon.terms(text)}
        return frozenset(term for term in self._weights if term in claimed.statement.held or term in beside)

    def share(self, terms: Iterable[str]) -> float:
        """How much of the question ``terms`` are, by rarity."""
        return sum(self._weights[term] for term in terms) / self._total

    def _beside(self, place: int) -> list[str]:
        here = self._candidates[place]
        near = (self._candidates[at] for at in (place - 1, place + 1) if 0 <= at < len(self._candidates))
        # Rows of a table tell of other things.
        return [one.text for one in near if one.outline is here.outline and one.section == here.section and one.outline.blocks[one.unit.block].kind != "row"]


def _certainty(one: Claimed, other: Claimed, asked: _Asked, told: Sequence[Claimed]) -> float:
    """How certain it is that both are what is asked for: how much of the question is with each and with both, by how alike they read."""
    mine, theirs = asked.held(one), asked.held(other)
    common = asked.share(mine & theirs) / (asked.share(mine) or 1.0)
    cosine = float(one.statement.vector @ other.statement.vector)
    if _share_a_value(one, other, told):
        common, cosine = max(common, _SHARED), max(cosine, _SHARED_COSINE)
    elif (mine - theirs) & one.statement.above:
        # What the question names and the one note is about, the other is not about.
        return 0.0
    held = min(asked.share(mine), asked.share(theirs))
    return held * common * cosine if held >= _LEAST_ASKED else 0.0


def _share_a_value(one: Claimed, other: Claimed, told: Sequence[Claimed]) -> bool:
    """Whether both units give another value, and the same: then they are mostly about the same thing."""
    mine, theirs = ([of.statement.value for of in told if of.place == side.place and of is not side] for side in (one, other))
    return any(comparable(value, same) and equal(value, same) for value in mine for same in theirs)


def _explained(one: Claimed, other: Claimed, asked: _Asked, clear: Sequence[Claimed]) -> bool:
    """Whether the other's note gives the first value too, in a place that holds as much of the question."""
    mine = asked.held(one)
    least = asked.share(mine & asked.held(other))
    return any(
        of.statement.path == other.statement.path and equal(of.statement.value, one.statement.value) and asked.share(mine & asked.held(of)) >= least
        for of in clear
        if comparable(of.statement.value, one.statement.value)
    )


def quote_both(quoted: Sequence[Window], claimed: Sequence[Claimed], candidates: Sequence[Candidate], *, words: int) -> tuple[Window, ...]:
    """The windows ``quoted`` with one for each of ``claimed``; what then goes beyond ``words`` words in all gives way. The best stays first."""
    needed = [_window_of(one, quoted) or window_at(candidates, one.place) for one in claimed]
    # A run of candidates is one window.
    kept = {(window.first, window.last): window for window in needed}
    left = words - sum(window.cost for window in kept.values())
    for window in quoted:
        if window.cost <= left and not any(repeats(window, other) for other in kept.values()):
            kept[window.first, window.last] = window
            left -= window.cost
    best = quoted[0]
    return tuple(sorted(kept.values(), key=lambda window: window is not best))


def _window_of(claimed: Claimed, quoted: Sequence[Window]) -> Window | None:
    return next((window for window in quoted if window.first <= claimed.place <= window.last), None)


def say(claimed: Sequence[Claimed], citations: Sequence[Citation]) -> tuple[str, Disagreement]:
    """The line that says that notes disagree on the values ``claimed``, and the same as a value; all of them stand in ``citations``."""
    claims = tuple(Claim(one.statement.text, _number(one.statement, citations)) for one in claimed)
    told = ", ".join(f"{' '.join(claim.value.split())} [{claim.number}]" for claim in claims)
    return f"**Your notes disagree:** {told}.", Disagreement(claims)


def _number(statement: Statement, citations: Sequence[Citation]) -> int:
    value = statement.value
    return next(one.number for one in citations if one.path == statement.path and one.start <= value.start and value.end <= one.end)
