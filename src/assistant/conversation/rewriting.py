"""A question that leans on those before it, put as somebody would put it who had not asked them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.conversation.leaning import CONNECTIVE, OPENING, referring
from assistant.conversation.phrases import QUESTION_WORDS, fragment, words
from assistant.conversation.resolving import COUNTS, ORDINAL, ORDINALS, Context, resolved, without_article
from assistant.conversation.substituting import replaced
from assistant.conversation.topics import person, topic
from assistant.retrieval.comparison import pair
from assistant.retrieval.operators import parse

TURNS = 24
"""So many of the latest questions are looked at."""

_MOST_WORDS = 120
"""So many the encoder sees; of a longer text it would not see the end, which is what is asked now. A question of more says all itself."""

_LONG = 12
"""A question of more words says what it is about."""


_THEM = r"(?:it|them|that|this|those|these)"
_IS = r"(?:is|are|was|were|do|does|did|can|could|should|must|has|have|had|will|would|may|might)"
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
_BARE = re.compile(
    r"^(?:(?:since|until|by|for|from|to|with|at|in) )?(?:why|how|when|where|whom?|what|how (?:much|many|often|long|so|come|far))"
    r"(?: not)?\W*$",
    re.I,
)
_ADVERB = re.compile(rf"^(?:why|how|(?:since |until )?when|where|by whom|how (?:often|long|far))(?=\W*$| {_IS} )", re.I)
_YES_NO = re.compile(rf"^{_IS} ", re.I)
_FORMS = (_MORE, _ABOUT, ORDINAL, _BARE, _COMPARATIVE)
"""Each tells of a question that it leans on the one before."""


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
        done = _understood(turn, Context(done.text, about, somebody, items), fits)
    return replace(done, text=" ".join(done.text.split()))


def _understood(turn: _Turn, context: Context, fits: Callable[[str, str], bool]) -> Standalone:
    if not _leans(turn) and not fits(turn.asked, context.topic or context.text):
        return Standalone(turn.text, turn.text)
    done = next(found for rule in _RULES if (found := rule(turn, context)) is not None)
    return done if parse(done.text).operators else _restricted(done, context)


def _restricted(done: Standalone, context: Context) -> Standalone:
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


def _more(turn: _Turn, context: Context) -> Standalone | None:
    """For "tell me more": the question before, once more."""
    return Standalone(context.text, context.text, more=True) if _MORE.match(turn.asked) else None


def _instead(turn: _Turn, context: Context) -> Standalone | None:
    """For "no, I meant Rome" and "what about Rome?": the question before, about Rome."""
    found = _MEANT.match(turn.text) or _ABOUT.match(turn.asked)
    text = replaced(found["what"], context) if found else None
    return _whole(text) if text else None


def _besides(turn: _Turn, context: Context) -> Standalone | None:
    """For "and in Rome?" and "its size?": the question before, asked there, or the question for that part."""
    if not (turn.connected or _OWN.match(turn.asked)) or not fragment(turn.asked) or "," in turn.asked:
        return None
    if words(turn.asked)[0].lower in QUESTION_WORDS or CONNECTIVE.fullmatch(turn.asked):
        return None
    text = replaced(turn.asked, context)
    return _whole(text) if text else None


def _either(turn: _Turn, context: Context) -> Standalone | None:
    """For "which is older?" and "is the latter older?", where two things were compared: with their names."""
    sides = pair(context.text)
    if sides is None:
        return None
    if _SIDE.search(turn.asked):
        return _whole(_SIDE.sub(lambda match: sides[match[1].lower() == "latter"], turn.asked))
    return _whole(f"{turn.asked.rstrip(' ?.!')}: {' or '.join(sides)}?") if _CHOICE.search(turn.asked) else None


def _counted(turn: _Turn, context: Context) -> Standalone | None:
    """For "tell me about the second one" and "how do the first two differ?": with what the answer before lists there."""
    found = ORDINAL.search(turn.asked)
    if found is None:
        return None
    items = context.items(context.text)
    first, count = ORDINALS.index(found["which"].lower()), COUNTS.get(found["count"] or "", 1)
    chosen = items[-count:] if found["which"].lower() == "last" else items[first : first + count]
    if len(chosen) < count:
        return None
    return _whole(f"{turn.asked[: found.start()]}{' and '.join(chosen)}{turn.asked[found.end() :]}")


def _only_asked(turn: _Turn, context: Context) -> Standalone | None:
    """For "why?" and "since when?": the question before, asked so."""
    if not _BARE.match(turn.asked):
        return None
    adverb, before = _ADVERB.match(turn.asked), _ADVERB.match(context.text)
    if adverb and _YES_NO.match(context.text):
        return _whole(f"{adverb[0]} {context.text[0].lower()}{context.text[1:]}")
    if adverb and before:
        return _whole(f"{adverb[0]}{context.text[before.end() :]}")
    return _joined(turn, context)


def _named(turn: _Turn, context: Context) -> Standalone | None:
    """For "how old is it?": with what "it" stands for."""
    text = resolved(turn.asked, context)
    return Standalone(_tidy(text), turn.asked) if text else None


def _labelled(turn: _Turn, context: Context) -> Standalone | None:
    """For "which emperors?": with what is spoken of in front, "Rome: which emperors?"."""
    if context.topic is None or not any(word.content for word in words(turn.asked)):
        return None
    return Standalone(f"{_tidy(without_article(context.topic))}: {turn.asked}", turn.asked)


def _joined(turn: _Turn, context: Context) -> Standalone | None:
    """What nothing better is known for: with all of the question before in front."""
    text = f"{context.text.rstrip('.;, ')} {turn.text}"
    return Standalone(text, turn.asked) if len(text.split()) <= _MOST_WORDS else Standalone(turn.text, turn.text)


_RULES = (_more, _instead, _besides, _either, _counted, _only_asked, _named, _labelled, _joined)
"""The first that applies does; the last always does."""


def _whole(text: str) -> Standalone:
    return Standalone(_tidy(text), _tidy(text))


def _tidy(text: str) -> str:
    """``text`` with a capital at its beginning, unless its first word is written in a way of its own."""
    text = " ".join(text.split())
    return text[0].upper() + text[1:] if re.match(r"[^\W\dA-Z_]+(?:'[a-z]+)?(?!\S)", text) else text
