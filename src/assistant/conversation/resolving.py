"""What a word stands for, put in its place: "how old is it?" about a lamp."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.conversation.leaning import referring
from assistant.conversation.phrases import Phrase, phrases, words
from assistant.conversation.topics import owner

ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")
COUNTS = {"two": 2, "three": 3, "four": 4}
ORDINAL = re.compile(
    rf"\bthe (?P<which>{'|'.join(ORDINALS)})(?: (?P<count>{'|'.join(COUNTS)}))?"
    r"(?: (?:ones?|items?|options?|points?|steps?)\b(?! of\b)|(?=\W*$|[,;:]| (?:do|does|is|are|was|were|differ|mean|work)\b))",
    re.I,
)
"""Counts what the answer before lists: "the second one"."""

VAGUE = re.compile(r"(?:an)?other|others|else|instead|former|latter", re.I)
"""What stands for something that is not the topic."""
_PERSONAL = frozenset({"he", "she", "him", "his", "her", "hers"})
_THINGS = frozenset({"thing", "things"})
"""Nouns that say nothing, and so count as words that shape a question."""
_ARTICLE = re.compile(r"^(?:the|an?) ", re.I)
_OCCASION = re.compile(r"\b(?:why|when|cases?|situations?|circumstances|conditions) (?:is|are|was|were) $", re.I)
"""In front of "that ideal?": what follows "that" tells how it is, not what."""
_HAPPENS = re.compile(r" (?:(?:happen|occur)(?:s|ed)?|is (?:so|the case))\b", re.I)
"""Behind a "that" which stands for no thing."""
_THIRD_PERSON = re.compile(r"[\w-]+(?<![sui])s", re.I)


@dataclass(frozen=True, slots=True)
class Context:
    """The question before, as it was understood; what is spoken of, and who; and what tells which items the answer to a question lists."""

    text: str
    topic: str | None
    person: str | None
    items: Callable[[str], Sequence[str]]


def resolved(text: str, context: Context) -> str | None:
    """``text`` with what it refers to in the place of the word that does; None if no word does, or what it stands for is not known."""
    found = referring(text)
    if found is None or VAGUE.fullmatch(found[0]) or ORDINAL.match(found[0]):
        return None
    word, thing = found[0].lower(), context.person if found[0].lower() in _PERSONAL else context.topic
    start, end = found.span()
    if thing is None or _HAPPENS.match(text, end):
        return None
    if found["near"] or word == "hers":
        thing = genitive(owner(thing, context.text))
    elif word == "there":
        thing = f"in {thing}"
    elif word.startswith("which one"):
        thing = f"which of {_several(thing)}"
    elif word.endswith(("one", "ones")):
        thing = f"{found[0].rsplit(' ', 1)[0]} {meant_by_one(phrases(thing, inside=True))}"
    elif text[:start].lower().endswith(" of ") and word in ("them", "these", "those"):
        thing = _several(thing)
    if word == "such" and (article := re.match(r" an?\b", text[end:])):
        end += article.end()
    if word in ("this", "that", "these", "those", "such") and not (_OCCASION.search(text[:start]) and len(text[end:].split()) == 1):
        end += len(_noun_behind(text[end:], single=word in ("this", "that")))
    return f"{text[:start]}{thing}{text[end:]}"


def genitive(thing: str) -> str:
    """``thing`` as an owner."""
    return f"{thing}'" if thing.endswith("s") else f"{thing}'s"


def _several(thing: str) -> str:
    """``thing`` as several that are known: "the lamps in Rome" for "a lamp in Rome" and for "lamps in Rome"."""
    found = phrases(thing, inside=True)
    if not found or found[0].article not in ("", "a") or (found[0].words[0].name and not found[0].determiner):
        return thing
    head = found[0].words[-1]
    ending = "" if head.lower.endswith("s") else "es" if head.lower.endswith(("x", "ch", "sh")) else "s"
    return f"the {thing[found[0].words[0].start : head.end]}{ending}{thing[head.end :]}"


def meant_by_one(found: Sequence[Phrase]) -> str:
    """What "one" stands for in "the hosted one": "Direct Connect line" where a "dedicated Direct Connect line" was spoken of."""
    described = [one for one in found if len(one.words) > 1 and not one.words[0].name]
    chosen = (described or found)[-1].words
    names = [at for at, word in enumerate(chosen) if word.name]
    return " ".join(word.text for word in (chosen[names[0] :] if names else chosen[-1:]))


def _noun_behind(text: str, *, single: bool) -> str:
    """The noun that a "this" goes with, with the space in front of it; empty if it stands alone. A ``single`` thing's noun is no plural."""
    found = re.match(r" [\w-]+", text)
    noun = words(found[0])[0] if found else None
    if not (found and noun) or noun.verb or (single and not noun.name and _THIRD_PERSON.fullmatch(noun.text)):
        return ""
    return found[0] if noun.content or noun.lower in _THINGS else ""


def without_article(text: str) -> str:
    """``text`` without the article that it begins with."""
    return _ARTICLE.sub("", text)
