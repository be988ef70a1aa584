"""Whether notes answer a question differently: another value of the kind that it asks for, of the same thing."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import product

from assistant.answering.asking import Asked, Claimed, fits, is_among
from assistant.answering.claims import Value, agree, comparable, disagree, equal
from assistant.answering.considering import Considered
from assistant.answering.denying import affirmed, denied, is_polar
from assistant.answering.disagreeing import DATES, siblings
from assistant.answering.evidence import Candidate
from assistant.answering.ranking import Window, repeats, window_at
from assistant.answering.roles import roles_in
from assistant.answering.stated import values
from assistant.answering.statements import Statement
from assistant.retrieval.comparison import sides
from assistant.values import Citation, Claim, Disagreement

LEAST_DISPUTED = 0.15
"""Of 515 questions (over four folders of notes, and judged pairs of notes) 43 are shown a real disagreement and 2 one that is none; at
0.13 a third is, at 0.22 two of the real ones are not. Of 1,805 public questions, over notes that should hardly disagree,
9 are shown that they do; 17 if dates were as certain as other values."""
LEAST_DISPUTED_OF_ANY = 0.45
"""The same where a question does not tell the kind of value that it asks for: 11 and 1 of the same, at anything up to 0.5."""
WORDS_SAYING_SO = 10
"""What saying that notes disagree takes of the words of an answer."""
_LEAD = 3.5
"""A candidate this much weaker than the strongest is not taken for the answer."""
_NEARLY_ALL, _LEAST_TERMS = 0.9, 2
"""How much of a question a yes and a no must be about, and how many terms it must have at least."""
_LEAST_ASKED = 0.35
"""How much of a question each of two values must be with."""
_CLEARLY = 2.0
"""Of two values in a unit the one is asked for that stands by so many times as much of the question. Of the 515 questions the same are
shown a disagreement at anything from 1.2 to 2, at 3 one fewer."""
_SHARED, _SHARED_COSINE = 0.8, 0.7
"""What two statements have in common of the question, and how alike they read, at least, if their units give another value that is the same."""

_WANTS_NO_VALUE = re.compile(r"\b(?:who|whom|whose|where|why)\b", re.I)


def dispute(considered: Considered) -> tuple[Claimed, ...]:
    """Two of the values with which candidates answer the question that cannot both be true, the likelier first; none if they agree.

    For a question that wants a yes or a no, one affirms and one denies.
    """
    query, strengths = considered.query, considered.strengths
    if query.long or query.kind == "definition" or sides(query.text) or (query.expects is None and _WANTS_NO_VALUE.search(query.text)):
        return ()
    asked = Asked(considered)
    if is_polar(query.text):
        return next(_yes_and_no(asked), ()) if len(asked.terms) >= _LEAST_TERMS else ()
    told = asked.told()
    wanted = roles_in(query.text) & {"max", "min", "default"}
    given = values(query.text)
    fitting = [one for one in told if fits(query, one.statement.value) and _plays(wanted, one.statement.value) and not is_among(given, one.statement.value)]
    clear = [one for one in fitting if not any(_rivals(one, other, asked) for other in fitting)]
    if not clear or clear[0] is not fitting[0] or strengths[clear[0].place] < strengths.max() - _LEAD:
        return ()
    first = clear[0]
    against = [one for one in clear if _contradict(first, one) and not siblings(first.statement, one.statement) and _alike(wanted, first, one)]
    certainty, second = max(((_certainty(first, one, asked, told), one) for one in against), key=lambda row: row[0], default=(0.0, first))
    if certainty < (LEAST_DISPUTED if query.expects else LEAST_DISPUTED_OF_ANY) or _explained(first, second, asked, clear, told):
        return ()
    return first, second


def _plays(wanted: frozenset[str], value: Value) -> bool:
    """Whether a value may be the highest, lowest or default one that is ``wanted``: it is, or nothing says what it is."""
    roles = value.roles & {"max", "min", "default"}
    return not wanted or not roles or bool(roles & wanted)


def _alike(wanted: frozenset[str], one: Claimed, other: Claimed) -> bool:
    """Whether both values are said to be the one that is ``wanted``, or neither: beside a highest value any other may be true."""
    return bool(one.statement.value.roles & wanted) == bool(other.statement.value.roles & wanted)


def _contradict(one: Claimed, other: Claimed) -> bool:
    mine, theirs = one.statement, other.statement
    # Two columns of one row tell of two things.
    return disagree(mine.value, theirs.value) and (one.place != other.place or mine.column == theirs.column)


def _rivals(one: Claimed, other: Claimed, asked: Asked) -> bool:
    """Whether a unit gives two values, and the other may be what is asked for rather than the one."""
    if one.place != other.place or one.statement.column != other.statement.column:
        return False
    mine, theirs = one.statement.value, other.statement.value
    return comparable(mine, theirs) and not agree(mine, theirs) and asked.pull(one) < _CLEARLY * asked.pull(other)


def _certainty(one: Claimed, other: Claimed, asked: Asked, told: Sequence[Claimed]) -> float:
    """How certain it is that both are what is asked for: how much of the question is with each, and as near to both, by how alike they read."""
    mine, theirs = asked.nearness(one), asked.nearness(other)
    held = min(asked.share(mine), asked.share(theirs))
    common = asked.in_common(mine, theirs)
    cosine = float(one.statement.vector @ other.statement.vector)
    if _share_a_value(one, other, told):
        common, cosine = max(common, _SHARED), max(cosine, _SHARED_COSINE)
    elif _names_another(mine.keys(), one.statement, other.statement, asked.terms):
        return 0.0
    likely = DATES if one.statement.value.dimension in ("date", "day") else 1.0
    return held * common * cosine * likely if held >= _LEAST_ASKED else 0.0


def _names_another(asked: Set[str], one: Statement, other: Statement, question: frozenset[str]) -> bool:
    """Whether what is ``asked`` of one thing by its name is not said of it by the other, which stands elsewhere or names something else."""
    if one.identifiers and other.identifiers and one.identifiers.isdisjoint(other.identifiers):
        return True
    missing = (asked & (one.above | one.names)) - other.near.keys()
    return bool(missing - other.held) or bool(missing and other.names - one.held - question)


def _share_a_value(one: Claimed, other: Claimed, told: Sequence[Claimed]) -> bool:
    """Whether both units give another value, and the same: then they are mostly about the same thing."""
    mine, theirs = ([of.statement.value for of in told if of.place == side.place and of is not side] for side in (one, other))
    return any(comparable(value, same) and equal(value, same) for value, same in product(mine, theirs))


def _explained(one: Claimed, other: Claimed, asked: Asked, clear: Sequence[Claimed], told: Sequence[Claimed]) -> bool:
    """Whether the unit of the first value gives the other as well, or the other's note the first, in a place that holds as much of the question."""
    beside = (of.statement.value for of in told if of.place == one.place and of.statement.value.dimension == other.statement.value.dimension)
    if any(equal(value, other.statement.value) for value in beside):
        return True
    mine = asked.nearness(one).keys()
    least = asked.share(mine & asked.nearness(other).keys())
    same = (
        of
        for of in clear
        if of.statement.path == other.statement.path
        and comparable(of.statement.value, one.statement.value)
        and equal(of.statement.value, one.statement.value)
    )
    return any(asked.share(mine & asked.nearness(of).keys()) >= least for of in same)


def _yes_and_no(asked: Asked) -> Iterator[tuple[Claimed, Claimed]]:
    """Candidates of which one denies what is asked and one affirms it, both about nearly all of it; the stronger first."""
    for place in asked.places:
        no = _about(asked, place, denied(asked.candidates[place].text, asked.terms, asked.stem))
        if no is None:
            continue
        terms = asked.terms & frozenset(asked.stem(no.statement.text))
        for other in asked.places:
            yes = _about(asked, other, affirmed(asked.candidates[other].text, terms, asked.stem))
            if yes and not siblings(yes.statement, no.statement) and asked.terms & yes.statement.near.keys() == asked.terms & no.statement.near.keys():
                yield (yes, no) if asked.places.index(other) < asked.places.index(place) else (no, yes)


def _about(asked: Asked, place: int, value: Value | None) -> Claimed | None:
    """``value`` with what it is said of, if that is nearly all of what is asked."""
    one = asked.claimed(place, value) if value else None
    return one if one and asked.share(asked.terms & one.statement.held) >= _NEARLY_ALL else None


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
