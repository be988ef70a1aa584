"""Why a question is not answered, in a sentence."""

from collections.abc import Sequence

import numpy as np

from assistant.answering.abstaining import held
from assistant.answering.considering import Considered
from assistant.answering.wording import Wording

NOTHING_CLOSE = "Nothing in your notes comes close enough to this question."

_MOST_SHOWN = 3
_TELLING = 0.6
"""A word that is missing is named if it is this rare beside the rarest that is: “set” says nothing beside “tiered”."""


def why(considered: Considered) -> str:
    """What is missing in the notes, in the words of the question: a name that they do not have, what they do not tell of a name, or words."""
    query, lexicon = considered.query, considered.lexicon
    wording = Wording(query.text, lexicon.terms)
    # What is no word to a reader cannot be shown.
    terms = [term for term in query.terms if term in wording.terms]
    unknown = [term for term in terms if not lexicon.knows(term)]
    names = [term for term in terms if term in wording.names]
    if strange := [term for term in names if term in unknown]:
        return f"Your notes do not mention {_shown(wording, strange)}."
    if names:
        return _of_name(considered, wording, names, unknown)
    if unknown:
        return f"Your notes do not mention {_shown(wording, unknown)}."
    return NOTHING_CLOSE


def _of_name(considered: Considered, wording: Wording, names: Sequence[str], unknown: Sequence[str]) -> str:
    """What of the question stands in no section that was found with the rarest of the ``names``, and those beside it, in it."""
    terms, rarity = considered.query.terms, considered.lexicon.rarity
    sections, _ = held(considered)
    rarest = max(names, key=rarity)
    subject = [term for term in names if term in next(run for run in wording.runs(names) if rarest in run)]
    about = sections[:, [term in subject for term in terms]].all(axis=1)
    if not about.any():
        subject, about = [rarest], sections[:, terms.index(rarest)]
    there = np.asarray(sections[about]).any(axis=0).astype(bool)
    apart = [term for place, term in enumerate(terms) if not there[place] and term in wording.terms and term not in subject]
    if not apart:
        return f"Your notes speak of {_shown(wording, subject)}, but nothing there comes close enough to an answer."
    telling = [term for term in apart if rarity(term) >= _TELLING * max(map(rarity, apart))]
    return f"Your notes speak of {_shown(wording, subject)}, but not {'of' if set(telling) <= set(unknown) else 'together with'} {_shown(wording, telling)}."


def _shown(wording: Wording, terms: Sequence[str]) -> str:
    # A term of marks that no one can see has no words to show.
    *others, last = [f"“{phrase}”" for phrase in wording.phrases(terms)[:_MOST_SHOWN]] or ["that"]
    return f"{', '.join(others)} or {last}" if others else last
