"""A question and the evidence for it made an answer, or the finding that the notes hold none."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.abstaining import OPERATING_POINT, confidence, signals
from assistant.answering.asking import Claimed
from assistant.answering.comparing import Comparison, compare
from assistant.answering.composing import Excerpt, citation, compose, compose_comparison
from assistant.answering.considering import Considered
from assistant.answering.denying import is_polar
from assistant.answering.disputing import WORDS_SAYING_SO, dispute, quote_both, say
from assistant.answering.ranking import Window, choose, complete, echoes, joined, over_rows, repeats, windows
from assistant.answering.reasons import why
from assistant.answering.shortening import Short, shorten, taken
from assistant.retrieval.comparison import sides
from assistant.retrieval.query import Query
from assistant.values import Citation, Disagreement

NOT_FOUND = "This is not in your notes."

MOST_WINDOWS = 5
LONGEST_WINDOW = 50
"""In words."""
MOST_FURTHER = 5
"""Quotes for which there was no room, offered behind the answer."""
_MOST_ECHOES = 2
"""A quote is cited from this many other notes besides its own."""
_CLEAR = 0.7
"""Of the probability. Of 377 questions over five collections 2 more are then right, for the answer is shorter; with 0.5, 1."""
_LOOKED_AT = 200
"""Windows, the worthiest: an echo of what is quoted, or the next best thing to quote, is among them."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer says; see values.Answer for the fields."""

    text: str
    short: str | None
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]
    further: tuple[Citation, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    reason: str | None = None


def answer(considered: Considered, *, words: int, more: bool = False) -> Composed:
    """The answer, quoting at most ``words`` words for a fact and twice as many where the question wants a long answer.

    With ``more`` it was given before, and what it left for ``further`` is quoted instead, if it left anything. The same arguments give the same answer, to the byte.
    """
    sure = confidence(signals(considered))
    ranked = windows(considered.candidates, considered.shares.tolist(), most_words=min(words, LONGEST_WINDOW))
    if not ranked or sure < OPERATING_POINT:
        return Composed(NOT_FOUND, None, False, sure, (), reason=why(considered))
    disagreements: tuple[Disagreement, ...] = ()
    comparison = _comparison(considered, ranked, words=2 * words)
    budget = 2 * words if _needs_room(considered.query, ranked[0], comparison) else words
    if comparison:
        short, quoted = None, comparison.windows
        text, citations = compose_comparison(comparison)
    else:
        quoted = _chosen(considered, ranked, words=budget)
        claimed = dispute(considered)
        if claimed:
            quoted = quote_both(quoted, claimed, considered.candidates, words=budget - WORDS_SAYING_SO)
        quoted = tuple(joined(quoted, considered.candidates, considered.shares.tolist()))
        shown = _short(considered, quoted, claimed)
        short = shown.text if shown else None
        text, citations = compose(_excerpts(quoted, ranked, words=budget, shown=shown))
        if claimed:
            said, disagreement = say(claimed, citations)
            text, disagreements = f"{said}\n\n{text}", (disagreement,)
    rest = _rest(ranked, quoted, words=2 * budget)
    if more and rest:
        text, citations = compose(_excerpts(rest, ranked, words=2 * budget))
        return Composed(text, None, True, sure, citations)
    further = tuple(citation(number, one) for number, one in enumerate(rest, start=len(citations) + 1))
    return Composed(text, short, True, sure, citations, further, disagreements)


def _needs_room(query: Query, first: Window, comparison: Comparison | None) -> bool:
    """Whether the answer may be long: not where a comparison finds no two things, nor where one place clearly tells what to do."""
    if query.kind == "compare":
        return comparison is not None
    return query.long and (query.kind == "list" or first.share < _CLEAR)


def _short(considered: Considered, quoted: Sequence[Window], claimed: Sequence[Claimed]) -> Short | None:
    """The few words that answer; of values that are disputed the likelier. A yes or no that is disputed has no value."""
    if claimed and is_polar(considered.query.text):
        return None
    return taken(claimed[0], quoted) if claimed and considered.query.expects else shorten(considered, quoted)


def _comparison(considered: Considered, ranked: Sequence[Window], *, words: int) -> Comparison | None:
    names = sides(considered.query.text) if considered.query.kind == "compare" else None
    if not names:
        return None

    def whole(window: Window, most: int) -> Window:
        return over_rows(window, considered.candidates, considered.shares.tolist(), words=most)

    return compare(names, ranked, considered.lexicon, words=words, whole=whole)


def _chosen(considered: Considered, ranked: Sequence[Window], *, words: int) -> tuple[Window, ...]:
    # What is longer than there is room for, all of it, is still the answer.
    chosen = choose(ranked, words=words, most=MOST_WINDOWS) or ranked[:1]
    if considered.query.kind in ("list", "howto"):
        chosen = complete(chosen, considered.candidates, considered.shares.tolist(), words=words)
    return tuple(chosen)


def _excerpts(quoted: Sequence[Window], ranked: Sequence[Window], *, words: int, shown: Short | None = None) -> list[Excerpt]:
    """What is ``quoted``, with its echoes, and with what an item hangs on as far as ``words`` words in all have room for that.

    ``shown`` is set in bold in the window that it is taken from; the first of ``quoted`` stays the first if it is that.
    """
    left = words - sum(one.cost for one in quoted)
    excerpts: list[Excerpt] = []
    for one in _beneath(quoted, firm=int(shown is not None and shown.window is quoted[0])):
        before = excerpts[-1] if excerpts else None
        free = one.is_rows or (before is not None and (one.hangs_on(before.window) or (before.labelled and one.goes_under(before.window))))
        cost = 0 if free else one.above_words
        labelled = one.above is not None and cost <= left
        excerpts.append(Excerpt(one, _echoes(one, ranked, quoted), labelled, shown.text if shown and shown.window is one else None))
        left -= cost if excerpts[-1].labelled else 0
    return excerpts


def _beneath(quoted: Sequence[Window], *, firm: int) -> list[Window]:
    """What is ``quoted``, each beneath the line that it hangs on, if that is quoted too; the ``firm`` first of it stay where they are."""
    ordered = list(quoted[:firm])
    for one in quoted[firm:]:
        leads = [] if one.is_rows else [other for other in quoted if other is not one and one.hangs_on(other)]
        ordered += [each for each in (*leads[:1], one) if not any(each is other for other in ordered)]
    return ordered


def _echoes(window: Window, ranked: Sequence[Window], quoted: Sequence[Window]) -> tuple[Window, ...]:
    """What says the same as ``window`` in notes that the answer does not quote anyway."""
    paths = {one.outline.document.path for one in quoted}
    others = [one for one in ranked[:_LOOKED_AT] if one.outline.document.path not in paths]
    return tuple(echoes(window, others, most=_MOST_ECHOES))


def _rest(ranked: Sequence[Window], quoted: Sequence[Window], *, words: int) -> Sequence[Window]:
    """The next best windows to quote."""
    return choose((one for one in ranked[:_LOOKED_AT] if not any(repeats(one, other) for other in quoted)), words=words, most=MOST_FURTHER)
