"""The question before, with something else in it: "and in Rome?", "what about the old lamp?", "its size?"."""

import re
from collections.abc import Sequence

from assistant.conversation.leaning import referring
from assistant.conversation.phrases import PREPOSITIONS, Phrase, fragment, phrases, words
from assistant.conversation.resolving import ORDINAL, VAGUE, Context, genitive, meant_by_one, resolved, without_article
from assistant.conversation.topics import owner

_DEFINED = re.compile(r"^(?:(?:what|who)(?:'s| is| are| was| were)|tell|explain|describe|define)\b", re.I)
_DONE = re.compile(r"^(?:how to|(?:how )?(?:do|can|should|could|must|may) (?:i|you|we))\b", re.I)
"""What is done to a thing is asked: the next thing is another one, not a part of it."""
_DEGREES = frozenset(
    [
        "maximum", "minimum", "default", "average", "total", "typical", "usual", "highest", "lowest", "smallest", "largest", "longest",
        "shortest"
    ]
)  # fmt: skip
_ONE = re.compile(r"(?:(?P<in>[a-z]+) )?the ones?\b(?= \w)", re.I)
_WHERE = frozenset({"in", "on", "at", "within", "inside"})


def replaced(what: str, context: Context) -> str | None:
    """The question before with ``what`` in the place of its counterpart; for a part or a property, the question for it. None where neither is
    known.
    """
    what, before = what.strip(" ?.!"), context.text
    pointing, defined = referring(what), _DEFINED.match(before)
    found = phrases(before, start=defined.end() if defined else None)
    if not what or not found or ORDINAL.match(what):
        return None
    if what.endswith((" one", " ones")):
        what = f"{what.rsplit(' ', 1)[0]} {meant_by_one(found)}"
    elif one := _ONE.match(what):
        if words(what[one.end() :])[0].lower not in PREPOSITIONS:
            return None
        # "The one for boats" is another of what was spoken of, "in the one for boats" another place.
        what = f"{one['in']} the {meant_by_one(found)}{what[one.end() :]}" if one["in"] else what[one.end() :].lstrip()
    elif pointing and not VAGUE.fullmatch(pointing[0]):
        return _part(what, context)
    if _is_for_a_name(what, found):
        what = what.partition(" ")[2]
    if words(what)[0].lower in PREPOSITIONS:
        start, end = _place_of_preposition(what, found, before)
        return f"{before[:start].rstrip()} {what}{before[end:]}"
    new = phrases(what, inside=True)
    if new and (place := _counterpart(new, found, context)):
        return f"{before[: place[0]]}{what}{before[place[1] :]}"
    return _part(what, context) if fragment(what) else None


def _is_for_a_name(what: str, found: Sequence[Phrase]) -> bool:
    """Whether ``what`` is "for" and a name, to be put in the place of another: nothing in the question before is for something."""
    new = phrases(what, inside=True)
    before = (one.before.lower for one in found if one.before is not None)
    return (
        len(new) == 1
        and what.lower().startswith("for ")
        and all(word.name for word in new[0].words)
        and any(one.named for one in found)
        and "for" not in before
    )


def _place_of_preposition(what: str, found: Sequence[Phrase], before: str) -> tuple[int, int]:
    """Where the last phrase stands in ``before`` that has the preposition of ``what``, or says where as that does; its end if there is none."""
    preposition = words(what)[0].lower
    placed = [(one.before.lower, (one.before.start, one.end)) for one in found if one.before is not None]
    same = [place for word, place in placed if word == preposition]
    # "At most" is no place.
    if not same and preposition in _WHERE and phrases(what, inside=True):
        same = [place for word, place in placed if word in _WHERE]
    end = len(before.rstrip(" ?.!"))
    return same[-1] if same else (end, end)


def _counterpart(new: Sequence[Phrase], found: Sequence[Phrase], context: Context) -> tuple[int, int] | None:
    """Where among the phrases ``found`` of the question before the counterpart of the phrases ``new`` stands.

    It is the one that shares most words with them, best the last word; for a name, the last name; else one with the same article, best the
    topic. None for a "the" where the question before asked what something is: a part of that is meant.
    """
    mine = {word.lower for word in new[0].words}
    head = new[0].words[-1].lower
    shared, _, at = max((len(mine & {word.lower for word in one.words}), one.words[-1].lower == head, at) for at, one in enumerate(found))
    if shared:
        return _run_of_words(new, found, at)
    named = [one for one in found if one.named]
    if new[0].named and named:
        one, names = named[-1], [word for word in named[-1].words if word.name]
        # "a Heron" goes on as "a Gull", "the Heron" as "Rome" or "the Gull".
        whole = one.words[0].name and (new[0].determiner or one.article == "the")
        return one.start if whole else names[0].start, names[-1].end if all(word.name for word in new[0].words) else one.end
    if new[0].article == "the" and _DEFINED.match(context.text):
        return None
    alike = [one for one in found if one.article == new[0].article and one.before is not None] or [one for one in found if new[0].named]
    if not alike and new[0].determiner and _DONE.match(context.text):
        alike = [one for one in found if one.article == "a" and one.before is not None]
    place = next((one for one in alike if context.text[one.start : one.end] == context.topic), alike[-1] if alike else None)
    return (place.start, place.end) if place else None


def _run_of_words(new: Sequence[Phrase], found: Sequence[Phrase], at: int) -> tuple[int, int]:
    """How much of the phrase ``at`` gives way to ``new``: its article if that has one, and what hangs on it if something hangs on that."""
    one = found[at]
    hanging = len(new) > 1 and at + 1 < len(found) and found[at + 1].hangs_on(one)
    # Of a longer run without article or name, what is in front may be a verb.
    first = one.words[0] if one.determiner or one.named else one.words[-min(len(one.words), len(new[0].words))]
    return one.start if new[0].determiner and one.determiner else first.start, found[at + 1].end if hanging else one.end


def _part(part: str, context: Context) -> str | None:
    """The question for a part or a property of what is spoken of."""
    if context.topic is None:
        return None
    heads = phrases(part, inside=True)
    verb = "are" if heads and re.search(r"[^s]s$", heads[0].words[-1].lower) else "is"
    if whole := resolved(part, context):
        return f"What {verb} {whole}?"
    part = without_article(part)
    if part.lower() in _DEGREES:
        return f"What is the {part} {without_article(context.topic)}?"
    whole = owner(context.topic, context.text)
    hanging = any(word.lower in PREPOSITIONS for word in words(part))
    return f"What {verb} {genitive(whole)} {part}?" if hanging else f"What {verb} the {part} of {whole}?"
