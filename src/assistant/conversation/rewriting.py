"""A question that leans on those before it, put as somebody would put it who had not asked them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.leaning import CONNECTIVE, OPENING, referring
from assistant.conversation.phrases import PREPOSITIONS, QUESTION_WORDS, Phrase, fragment, phrases, words
from assistant.conversation.topics import owner, pair, person, topic
from assistant.retrieval.operators import parse

TURNS = 24
"""So many of the latest questions are looked at."""

_MOST_WORDS = 120
"""So many the encoder sees; of a longer text it would not see the end, which is what is asked now. A question of more says all itself."""

_LONG = 12
"""A question of more words says what it is about."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it reads on its own.

    ``asked`` is what tells which kind of answer is wanted: ``text`` itself, or the question as it was put where ``text`` only says more of
    what it is about. ``more`` tells that ``text`` was asked and answered before, and that what else there is to it is wanted.
    """

    text: str
    asked: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question as it was put. ``asked`` is the question in it, without an "ok" or an "and"; ``connected`` tells of an "and"."""

    text: str
    asked: str
    connected: bool

    @classmethod
    def of(cls, text: str) -> "_Turn":
        said = OPENING.sub("", text) or text
        return cls(text, CONNECTIVE.sub("", said) or said, CONNECTIVE.match(said) is not None)

    @property
    def named(self) -> bool:
        return any(word.name for word in words(self.asked))

    @property
    def short(self) -> bool:
        return len(self.text.split()) <= _MOST_WORDS


@dataclass(frozen=True, slots=True)
class _Context:
    """The question before, as it was understood; what is spoken of, and who; and what tells which items the answer to a question lists."""

    text: str
    topic: str | None
    person: str | None
    items: Callable[[str], Sequence[str]]


def standalone(
    question: str,
    history: Sequence[str] = (),
    *,
    fits: Callable[[str, str], bool] = lambda question, topic: False,
    items: Callable[[str], Sequence[str]] = lambda question: (),
) -> Standalone:
    """``question`` as it reads on its own; ``history`` holds the questions before it, oldest first.

    A question without a name and without a word that points back may still be about what the talk was about, or begin a new topic. That
    the wording does not tell: ``fits`` says whether such a question is about a topic. ``items`` gives what the answer to a question lists;
    it is asked only where "the second one" or the like has to be found.
    """
    before = (" ".join(one.split()) for one in history[-TURNS:])
    turns = [_Turn.of(text) for text in (*filter(None, before), " ".join(question.split()))]
    first = next((at for at in reversed(range(len(turns))) if not _may_lean(turns[at])), 0)
    done, about, somebody = Standalone(turns[first].text, turns[first].text), None, None
    for turn in turns[first + 1 :]:
        about = topic(done.text) or about
        somebody = person(about or done.text) or somebody
        done = _understood(turn, _Context(done.text, about, somebody, items), fits)
    return replace(done, text=" ".join(done.text.split()))


def _understood(turn: _Turn, context: _Context, fits: Callable[[str, str], bool]) -> Standalone:
    if not _leans(turn) and not fits(turn.asked, context.topic or context.text):
        return Standalone(turn.text, turn.text)
    done = next(found for rule in _RULES if (found := rule(turn, context)) is not None)
    return done if parse(done.text).operators else _restricted(done, context)


def _restricted(done: Standalone, context: _Context) -> Standalone:
    """``done`` with the notes that the question before was restricted to: as long as the topic is the same, so are they."""
    kept = [str(one) for one in parse(context.text).operators if one.kind != "phrase"]
    return replace(done, text=" ".join([done.text, *kept]))


def _leans(turn: _Turn) -> bool:
    """Whether the wording alone tells that a question leans on the one before."""
    if not turn.short or not turn.text:
        return False
    if _MEANT.match(turn.text) or any(form.search(turn.asked) for form in _FORMS) or referring(turn.asked):
        return True
    return turn.connected and (fragment(turn.asked) or not turn.named)


def _may_lean(turn: _Turn) -> bool:
    return _leans(turn) or (not turn.connected and not turn.named and 0 < len(turn.asked.split()) <= _LONG)


# The rules. Each gives what a question becomes, or None where it does not apply.


def _more(turn: _Turn, context: _Context) -> Standalone | None:
    """For "tell me more": the question before, once more."""
    return Standalone(context.text, context.text, more=True) if _MORE.match(turn.asked) else None


def _instead(turn: _Turn, context: _Context) -> Standalone | None:
    """For "no, I meant Rome" and "what about Rome?": the question before, about Rome."""
    found = _MEANT.match(turn.text) or _ABOUT.match(turn.asked)
    return _replaced(found["what"], context) if found else None


def _besides(turn: _Turn, context: _Context) -> Standalone | None:
    """For "and in Rome?" and "its size?": the question before, asked there, or the question for that part."""
    if not (turn.connected or _OWN.match(turn.asked)) or not fragment(turn.asked) or "," in turn.asked:
        return None
    return None if words(turn.asked)[0].lower in QUESTION_WORDS or CONNECTIVE.fullmatch(turn.asked) else _replaced(turn.asked, context)


def _either(turn: _Turn, context: _Context) -> Standalone | None:
    """For "which is older?" and "is the latter older?", where two things were compared: with their names."""
    sides = pair(context.text)
    if sides is None:
        return None
    if _SIDE.search(turn.asked):
        return _whole(_SIDE.sub(lambda match: sides[match[1].lower() == "latter"], turn.asked))
    return _whole(f"{turn.asked.rstrip(' ?.!')}: {' or '.join(sides)}?") if _CHOICE.search(turn.asked) else None


def _counted(turn: _Turn, context: _Context) -> Standalone | None:
    """For "tell me about the second one" and "how do the first two differ?": with what the answer before lists there."""
    found = _ORDINAL.search(turn.asked)
    if found is None:
        return None
    items = context.items(context.text)
    first, count = _ORDINALS.index(found["which"].lower()), _COUNTS.get(found["count"] or "", 1)
    chosen = items[-count:] if found["which"].lower() == "last" else items[first : first + count]
    if len(chosen) < count:
        return None
    return _whole(f"{turn.asked[: found.start()]}{' and '.join(chosen)}{turn.asked[found.end() :]}")


def _only_asked(turn: _Turn, context: _Context) -> Standalone | None:
    """For "why?" and "since when?": the question before, asked so."""
    if not _BARE.match(turn.asked):
        return None
    adverb, before = _ADVERB.match(turn.asked), _ADVERB.match(context.text)
    if adverb and _YES_NO.match(context.text):
        return _whole(f"{adverb[0]} {context.text[0].lower()}{context.text[1:]}")
    if adverb and before:
        return _whole(f"{adverb[0]}{context.text[before.end() :]}")
    return _joined(turn, context)


def _named(turn: _Turn, context: _Context) -> Standalone | None:
    """For "how old is it?": with what "it" stands for."""
    text = _resolved(turn.asked, context)
    return Standalone(_tidy(text), turn.asked) if text else None


def _labelled(turn: _Turn, context: _Context) -> Standalone | None:
    """For "which emperors?": with what is spoken of in front, "Rome: which emperors?"."""
    if context.topic is None or not any(word.content for word in words(turn.asked)):
        return None
    return Standalone(f"{_tidy(_without_article(context.topic))}: {turn.asked}", turn.asked)


def _joined(turn: _Turn, context: _Context) -> Standalone | None:
    """What nothing better is known for: with all of the question before in front."""
    text = f"{context.text.rstrip('.;, ')} {turn.text}"
    return Standalone(text, turn.asked) if len(text.split()) <= _MOST_WORDS else Standalone(turn.text, turn.text)


_RULES = (_more, _instead, _besides, _either, _counted, _only_asked, _named, _labelled, _joined)
"""The first that applies does; the last always does."""

# The words that they go by.

_THEM = r"(?:it|them|that|this|those|these)"
_IS = r"(?:is|are|was|were|do|does|did|can|could|should|must|has|have|had|will|would|may|might)"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")
_COUNTS = {"two": 2, "three": 3, "four": 4}
_MORE = re.compile(
    r"^(?:(?:can|could) you )?(?:please )?(?:(?:tell|show|give) me )?"
    rf"(?:(?:some |any)?(?:more|further)(?: details?| information| (?:about|on) {_THEM})*"
    r"|(?:what|anything|something) else|go on|continue)(?: please)?\W*$",
    re.I,
)
_MEANT = re.compile(r"^\W*(?:(?:no|sorry|oh|wait|actually)\b\W*)*(?:i (?:mean|meant)|make that) (?P<what>.+)$", re.I)
_ABOUT = re.compile(r"^(?:what|how) about (?P<what>.+)$", re.I)
_OWN = re.compile(r"^(?:its|their|his|her) ", re.I)
_CHOICE = re.compile(
    rf"^which(?: of the two)? (?:{_IS}|came|costs?|keeps?)\b(?! (?:the|an?)\b)|\bwhich (?:ones?|of (?:them|the two|these|those))\b", re.I
)
_COMPARATIVE = re.compile(r"^which(?: ones?| of the two)? (?:is|are|was|were|has|have) (?:\w+er|more|less|better|worse)\b", re.I)
_SIDE = re.compile(r"\b(?:the )?(former|latter)\b", re.I)
_ORDINAL = re.compile(
    rf"\bthe (?P<which>{'|'.join(_ORDINALS)})(?: (?P<count>{'|'.join(_COUNTS)}))?"
    r"(?: (?:ones?|items?|options?|points?|steps?)\b(?! of\b)|(?=\W*$|[,;:]| (?:do|does|is|are|was|were|differ|mean|work)\b))",
    re.I,
)
_BARE = re.compile(
    r"^(?:(?:since|until|by|for|from|to|with|at|in) )?(?:why|how|when|where|whom?|what|how (?:much|many|often|long|so|come|far))"
    r"(?: not)?\W*$",
    re.I,
)
_ADVERB = re.compile(rf"^(?:why|how|(?:since |until )?when|where|by whom|how (?:often|long|far))(?=\W*$| {_IS} )", re.I)
_YES_NO = re.compile(rf"^{_IS} ", re.I)
_FORMS = (_MORE, _ABOUT, _ORDINAL, _BARE, _COMPARATIVE)
"""Each tells of a question that it leans on the one before."""

_VAGUE = re.compile(r"(?:an)?other|others|else|instead|former|latter", re.I)
"""What stands for something that is not the topic."""
_PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
_ARTICLE = re.compile(r"^(?:the|an?) ", re.I)
_DEFINED = re.compile(r"^(?:(?:what|who)(?:'s| is| are| was| were)|tell|explain|describe|define)\b", re.I)
_DEGREES = frozenset(
    [
        "maximum", "minimum", "default", "average", "total", "typical", "usual", "highest", "lowest", "smallest", "largest", "longest",
        "shortest"
    ]
)  # fmt: skip


# The question before, with something else in it.


def _replaced(what: str, context: _Context) -> Standalone | None:
    """The question before with ``what`` in the place of its counterpart; for a part or a property, the question for it."""
    what, before = what.strip(" ?.!"), context.text
    pointing, defined = referring(what), _DEFINED.match(before)
    found = phrases(before, start=defined.end() if defined else None)
    if not what or not found or _ORDINAL.match(what):
        return None
    if what.endswith((" one", " ones")):
        what = f"{what.rsplit(' ', 1)[0]} {_kind(found)}"
    elif pointing and not _VAGUE.fullmatch(pointing[0]):
        return _part(what, context)
    if words(what)[0].lower in PREPOSITIONS:
        start, end = _place_of_preposition(words(what)[0].lower, found, before)
        return _whole(f"{before[:start].rstrip()} {what}{before[end:]}")
    new = phrases(what, inside=True)
    if new and (place := _counterpart(new, found, context)):
        return _whole(f"{before[: place[0]]}{what}{before[place[1] :]}")
    return _part(what, context) if fragment(what) else None


def _place_of_preposition(preposition: str, found: Sequence[Phrase], before: str) -> tuple[int, int]:
    """Where the last phrase with ``preposition`` stands in ``before``; its end if there is none."""
    same = [(one.before.start, one.end) for one in found if one.before is not None and one.before.lower == preposition]
    end = len(before.rstrip(" ?.!"))
    return same[-1] if same else (end, end)


def _counterpart(new: Sequence[Phrase], found: Sequence[Phrase], context: _Context) -> tuple[int, int] | None:
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
    place = next((one for one in alike if context.text[one.start : one.end] == context.topic), alike[-1] if alike else None)
    return (place.start, place.end) if place else None


def _run_of_words(new: Sequence[Phrase], found: Sequence[Phrase], at: int) -> tuple[int, int]:
    """How much of the phrase ``at`` gives way to ``new``: its article if that has one, and what hangs on it if something hangs on that."""
    one = found[at]
    hanging = len(new) > 1 and at + 1 < len(found) and found[at + 1].hangs_on(one)
    # Of a longer run without article or name, what is in front may be a verb.
    first = one.words[0] if one.determiner or one.named else one.words[-min(len(one.words), len(new[0].words))]
    return one.start if new[0].determiner and one.determiner else first.start, found[at + 1].end if hanging else one.end


def _part(part: str, context: _Context) -> Standalone | None:
    """The question for a part or a property of what is spoken of."""
    if context.topic is None:
        return None
    heads = phrases(part, inside=True)
    verb = "are" if heads and re.search(r"[^s]s$", heads[0].words[-1].lower) else "is"
    if resolved := _resolved(part, context):
        return _whole(f"What {verb} {resolved}?")
    part = _without_article(part)
    if part.lower() in _DEGREES:
        return _whole(f"What is the {part} {_without_article(context.topic)}?")
    whole = owner(context.topic, context.text)
    hanging = any(word.lower in PREPOSITIONS for word in words(part))
    return _whole(f"What {verb} {_genitive(whole)} {part}?" if hanging else f"What {verb} the {part} of {whole}?")


# What a word stands for, in its place.


def _resolved(text: str, context: _Context) -> str | None:
    """``text`` with what it refers to in the place of the word that does; None if no word does, or what it stands for is not known."""
    found = referring(text)
    if found is None or _VAGUE.fullmatch(found[0]) or _ORDINAL.match(found[0]):
        return None
    word, thing = found[0].lower(), context.person if found[0].lower() in _PERSONAL else context.topic
    if thing is None:
        return None
    start, end = found.span()
    if found["near"] or word == "hers":
        thing = _genitive(owner(thing, context.text))
    elif word == "there":
        thing = f"in {thing}"
    elif word.startswith("which one"):
        thing = f"which of {_several(thing)}"
    elif word.endswith(("one", "ones")):
        thing = f"{found[0].rsplit(' ', 1)[0]} {_kind(phrases(thing, inside=True))}"
    elif text[:start].lower().endswith(" of ") and word in ("them", "these", "those"):
        thing = _several(thing)
    if word in ("this", "that", "these", "those"):
        end += len(_noun_behind(text[end:]))
    return f"{text[:start]}{thing}{text[end:]}"


def _genitive(thing: str) -> str:
    return f"{thing}'" if thing.endswith("s") else f"{thing}'s"


def _several(thing: str) -> str:
    """``thing`` as several that are known: "the lamps in Rome" for "a lamp in Rome" and for "lamps in Rome"."""
    found = phrases(thing, inside=True)
    if not found or found[0].article not in ("", "a") or (found[0].words[0].name and not found[0].determiner):
        return thing
    head = found[0].words[-1]
    ending = "" if head.lower.endswith("s") else "es" if head.lower.endswith(("x", "ch", "sh")) else "s"
    return f"the {thing[found[0].words[0].start : head.end]}{ending}{thing[head.end :]}"


def _kind(found: Sequence[Phrase]) -> str:
    """What "one" stands for in "the hosted one": "Direct Connect line" where a "dedicated Direct Connect line" was spoken of."""
    described = [one for one in found if len(one.words) > 1 and not one.words[0].name]
    chosen = (described or found)[-1].words
    names = [at for at, word in enumerate(chosen) if word.name]
    return " ".join(word.text for word in (chosen[names[0] :] if names else chosen[-1:]))


def _noun_behind(text: str) -> str:
    """The noun that a "this" goes with, with the space in front of it; empty if it stands alone."""
    found = re.match(r" [\w-]+", text)
    noun = words(found[0])[0] if found else None
    return found[0] if found and noun and noun.content and not noun.verb else ""


def _without_article(text: str) -> str:
    return _ARTICLE.sub("", text)


def _whole(text: str) -> Standalone:
    return Standalone(_tidy(text), _tidy(text))


def _tidy(text: str) -> str:
    """``text`` with a capital at its beginning, unless its first word is written in a way of its own."""
    text = " ".join(text.split())
    return text[0].upper() + text[1:] if re.match(r"[^\W\dA-Z_]+(?:'[a-z]+)?(?!\S)", text) else text
