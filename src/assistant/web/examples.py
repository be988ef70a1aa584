"""Questions to begin with, taken from the notes themselves. Only those are shown that the notes answer."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, zip_longest

from assistant.assistant import Assistant
from assistant.retrieval.query import FUNCTION_WORDS
from assistant.values import Document, Heading

_TRIED = 24
"""Questions asked at most: asking takes some 15 ms each, and a reader may have begun to ask."""

_SURE = 0.9
_ASKING = re.compile(r"(?:What|Which|Who|When|Where|Why|How|Is|Are|Do|Does|Can|Should)\b.{4,70}\?")
_VERSUS = re.compile(r"[\w ,()&/+-]{2,40} (?:vs\.?|versus) [\w ,()&/+-]{2,40}")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
_TABLE = re.compile(r"^\|[^|\n]+\|([^|\n]+)\|([^|\n]+)\|\n\|[\s:|-]+\|$", re.M)
_DEFINITION = re.compile(r"^(?:[-*] )?(?:\*\*)?((?:An? |The )?[A-Z][\w-]*(?: [\w-]+){0,3})(?:\*\*)? (?:is|are) (?:an?|the) \w", re.M)
_ARTICLE = re.compile(r"(?:An?|The) ")
_LEANING = re.compile(r"(?:This|That|These|Those|Each|Every|Some|All|It|There|But|Which|What|If|When|Where|Here|He|She|They|We|You|I|One)\b")


def examples(assistant: Assistant, *, most: int = 4) -> tuple[str, ...]:
    """At most ``most`` questions that ``assistant`` answers, each from another note where there are so many; the same notes give the same ones."""
    answered = (question for question in islice(_candidates(assistant), _TRIED) if _answers(assistant, question))
    return tuple(islice(answered, most))


def headings(found: Sequence[Heading]) -> Iterator[str]:
    """Of the headings ``found`` those that ask, and those that set two things side by side."""
    for heading in found:
        if _ASKING.fullmatch(heading.text):
            yield heading.text
        elif _VERSUS.fullmatch(heading.text):
            yield f"{heading.text}?"


def comparisons(document: Document) -> Iterator[str]:
    """Tables that set two things side by side. A heading above names both; where none does, the columns are two properties of one thing."""
    for table in _TABLE.finditer(document.text):
        one, other = table[1].strip(), table[2].strip()
        above = [*_HEADING.findall(document.text, 0, table.start()), document.title][-2:]
        if any(one.lower() in heading.lower() and other.lower() in heading.lower() for heading in above):
            yield f"{one} versus {other}?"


def definitions(document: Document) -> Iterator[str]:
    """Sentences that begin by saying what something is; names of several words first, which say more about the notes."""
    for name in sorted(_DEFINITION.findall(document.text), key=lambda name: " " not in _ARTICLE.sub("", name)):
        words = _ARTICLE.sub("", name).split()
        # What is said of a number, or of many, is seldom what they are.
        several = len(words) == 1 and name.endswith("s") and not name.isupper()
        if not (several or _LEANING.match(name) or any(word.isdecimal() or word.lower() in FUNCTION_WORDS for word in words)):
            yield f"What is {name[0].lower() + name[1:] if _ARTICLE.match(name) else name}?"


def _candidates(assistant: Assistant) -> Iterator[str]:
    """Questions from notes that lie far apart: one of each, then a second one of each, and so on, of kinds that take turns; none twice."""
    records = assistant.notes()
    step = max(1, len(records) // _TRIED)
    asked = []
    for number, record in enumerate(records[::step][:_TRIED]):
        document = assistant.note(record.path)
        kinds = (headings(assistant.contents(record.path)), comparisons(document), definitions(document))
        asked.append(chain(*kinds[number % 3 :], *kinds[: number % 3]))
    seen = set()
    for question in (question for turn in zip_longest(*asked) for question in turn if question):
        if question.lower() not in seen:
            seen.add(question.lower())
            yield question


def _answers(assistant: Assistant, question: str) -> bool:
    answer = assistant.ask(question)
    return answer.answered and answer.confidence >= _SURE
