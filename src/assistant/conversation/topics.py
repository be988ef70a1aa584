"""What a question is about, in its own words."""

import re

from assistant.conversation.phrases import BE, DETERMINERS, PERSONS, PREPOSITIONS, QUESTION_WORDS, Phrase, Word, fragment, phrases, words
from assistant.retrieval.comparison import pair
from assistant.retrieval.expecting import expected_value

_MOST_WORDS = 9
"""What a question is about is said in no more words, or it was not told from the rest."""

_ATTACHED = frozenset({"of", "in", "from", "to", "for"})
"""Behind these a name tells more of a thing, and not of what it does."""

_LABEL = re.compile(r"^([^,;:?!]{2,60}): ")
_REQUEST = re.compile(
    r"^\W*(?:please )?(?:(?:tell|show|give|remind) (?:me|us)|explain|describe|define|list|name|compare|find)\b"
    r"(?: (?:more|something|anything|all|everything|a bit|a little))*(?: (?:about|of|on))?",
    re.I,
)
_KINDS = re.compile(
    r"^(?:what|which) (?P<kinds>[^,;:?!]+?s(?: of [^,;:?!]+?)?) (?:(?:are|is|were|was) there\b(?P<where>[^?!.]*)"
    r"|(?:does|do|did|can) (?P<whose>[^?]+?) (?:have|offer|support|provide|allow|use|get|come in)\b)",
    re.I,
)
"""Which kinds there are of a thing, or a thing has: they are what is spoken of from then on."""

_SENTENCES = re.compile(r"(?<!\bvs)[.?!]\s+\w")
_GERUND = re.compile(r"\w+ing\b", re.I)
_OWNED = re.compile(r"^(?P<owner>.+?)(?:'s|(?<=s)') .+$")
_PART = re.compile(r"^(?:the |an? )?[\w -]+? of (?P<owner>.+)$")
_CAPITALISED = r"[A-Z][^\W\d_]*[a-z]\b"
_PERSON = re.compile(rf"\b{_CAPITALISED}(?: (?:(?:de|da|di|von|van|der|of|al) )*{_CAPITALISED})*")


def owner(about: str, question: str) -> str:
    """What ``about`` is a part or a property of, which ``question`` is about: Rome of "the size of Rome"; ``about`` itself if of nothing.

    "The fall of Rome" is a thing of its own: a property is what a value is asked for.
    """
    found = _OWNED.match(about) or (_PART.match(about) if expected_value(question) else None)
    return found["owner"] if found else about


def person(text: str) -> str | None:
    """The first name in ``text`` that may be somebody's: words that have a capital at the beginning and small letters at the end."""
    found = _PERSON.search(text)
    return found[0] if found else None


def topic(text: str) -> str | None:
    """What a question is about; None where that cannot be told, or where it is the very thing that is asked for."""
    found = None if _SENTENCES.search(text) else _topic(text)
    if found is None or len(found.split()) > _MOST_WORDS:
        return None
    # Where there is a name, it is what the rest is about.
    named = any(word.name for word in words(text))
    return None if named and not any(word.name for word in words(found, inside=True)) else found


def _topic(text: str) -> str | None:
    if compared := pair(text):
        return " and ".join(compared)
    if label := _LABEL.match(text):
        return label[1]
    if kinds := _KINDS.match(text):
        return f"{kinds['kinds']} of {kinds['whose']}" if kinds["whose"] else kinds["kinds"] + kinds["where"].rstrip()
    if request := _REQUEST.match(text):
        return _complement(text, request.end())
    tokens = words(text)
    if not any(word.content for word in tokens):
        return None
    if fragment(text):
        return None if any(word.lower in QUESTION_WORDS for word in tokens) else text.strip(" ?.!")
    at = next((at for at, word in enumerate(tokens) if word.auxiliary), None)
    if at is None:
        # Who did a thing is asked for; the thing is spoken of. Of "which lamp hangs there?" it is the lamp that is asked for.
        return _object(text) if tokens[0].lower == "who" else None
    return _behind(text, tokens[:at], tokens[at])


def _behind(text: str, asked: list[Word], auxiliary: Word) -> str | None:
    """What is spoken of behind the first ``auxiliary`` of ``text``, in front of which stand the words ``asked``."""
    first = (asked or [auxiliary])[0].lower
    if auxiliary.lower in BE and len(asked) < 2 and first.startswith(("what", "who")):
        return _complement(text, auxiliary.end)
    # "Which lamps are lit?": what is asked for is the subject.
    if auxiliary.lower in BE and len(asked) > 1 and first in ("which", "what") and asked[1].lower not in ("kind", "sort", "type"):
        return None
    questioned = not asked or any(word.lower in QUESTION_WORDS for word in asked)
    return _subject(text, auxiliary.end) if questioned and all(word.text[0].isalnum() for word in asked) else None


def _complement(text: str, start: int) -> str | None:
    """The phrase behind ``start``, with all that hangs on it."""
    found = phrases(text, start=start)
    if not found:
        return None
    last = found[0]
    # "What is Kendra good for?" says nothing more of it than its name.
    if len(found) == 1 and last.after is not None and last.after.lower in PREPOSITIONS and last.named and not last.words[-1].name:
        return text[last.start : _end_of_name(last)]
    for one in found[1:]:
        if not one.hangs_on(last) or _GERUND.match(text, one.start):
            break
        last = one
    return text[found[0].start : last.end]


def _object(text: str) -> str | None:
    """What somebody did something to: the old lamp of "who built the old lamp?"."""
    found = phrases(text)
    names = [word for word in found[0].words if word.name] if found else []
    if names:
        return text[names[0].start : names[-1].end]
    return _complement(text, found[1].start) if len(found) > 1 and found[1].determiner else None


def _subject(text: str, start: int) -> str | None:
    """The phrase behind an auxiliary that ends at ``start``; what is done to it, where it is "I" who does it."""
    found = [one for one in phrases(text) if one.start >= start]
    if not found:
        return None
    first, *rest = found
    between = words(text[start : first.start], inside=True)
    if any(word.lower in PERSONS for word in between):
        return _complement(text, first.start)
    alone = len(first.words) == 1 and not first.named and first.after is not None and first.after.lower in DETERMINERS
    verb = not first.determiner and (first.words[0].verb or alone)
    if verb or any(word.auxiliary or word.lower in ("be", "been", "not") for word in between):
        return None
    last = first
    for one in rest:
        if not one.hangs_on(last) or not _tells_more(one):
            break
        last = one
    head = text[first.start : _end_without_verb(last)]
    # "How do permissions work in Rome?" is about permissions in Rome.
    if last is first and rest and rest[0].named and rest[0].before is not None and rest[0].before.lower == "in":
        head += f" {text[rest[0].before.start : _end_without_verb(rest[0])]}"
    return head


def _tells_more(phrase: Phrase) -> bool:
    preposition = phrase.before.lower if phrase.before else ""
    return preposition == "of" or (phrase.named and preposition in _ATTACHED)


def _end_without_verb(phrase: Phrase) -> int:
    """Where ``phrase`` ends without a last word that is a verb ("does the old lamp glow") or tells what the rest is ("is the lamp lit")."""
    closed = phrase.after is not None and (phrase.after.verb or phrase.after.lower in ("be", "been"))
    if len(phrase.words) < 2 or phrase.words[-1].name or closed:
        return phrase.end
    return _end_of_name(phrase) if phrase.named else phrase.words[-2].end


def _end_of_name(phrase: Phrase) -> int:
    return max(word.end for word in phrase.words if word.name)
