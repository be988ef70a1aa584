"""Flash cards made of what notes define, state and tabulate. The front is put together from the note's words, the back is a quote."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.stated import values
from assistant.segmenting.lines import BULLET, NUMBERED, trimmed
from assistant.segmenting.sentences import sentences
from assistant.segmenting.structure import Block, plain
from assistant.values import Document

BLANK = "[…]"
"""What stands on the front of a fact where its value stood."""

_ANSWER_WORDS = (3, 40)
"""The least words that explain something, and the most that are still known by heart."""
_FACT_WORDS = (6, 30)
_TERM_WORDS = 6
_ROW_WORDS = 12
_CELL_WORDS = 30
_MOST_BLANKS = 2
_MOST_COLUMNS = 6
_CONTEXT_LETTERS = 80
_MOST_LETTERS = 400

_SEPARATOR = re.compile(r"\t|(?<!\\)\|")
_ARROW = r"\$\\rightarrow\$|->|=>|→|⇒|==|–|—|-"
_LABEL = re.compile(rf"(?P<marks>\*\*|__|`)?(?P<term>[^\n:]{{2,70}}?)(?:\*\*|__|`)?(?::(?:\*\*|__)?|\s+(?:{_ARROW}))\s+(?=\S)")
_IS = re.compile(
    r"(?P<term>[^.,;:!?\n]{2,70}?)(?:\*\*|__)?(?:\s\([^()\n]{1,50}\))?,?\s(?:is|are|was|were|means|refers to|stands for)\s"
    r"(?=(?:an?|the|one|any|some|where|when|how)\s)"
)
_POINTING = """
    it its it's this that these those there here he she they them we you i my your our their his her which what who whom whose where when
    why how if while as because since so but and or not no yes also then thus one another other others both each every all some any most
    many few such same first second third next last main only best worst good goal idea reason problem purpose result difference answer
    question example point key important thing everything something nothing now today let let's can could should would may might must do
    does don't be is are was were has have had with without by for from in on at to of after before however therefore moreover furthermore
    otherwise instead meanwhile finally actually
"""
"""A term that begins with one of these names nothing: the words around it say what is meant."""
_TELLING = """
    it this that these those they you we i which what who if is are was were can will would should must when where because
"""
"""A term that holds one of these is a sentence."""
_ASIDE = re.compile(
    r"\W*(?:note|nb|n\.b\.|hint|(?:pro[ -]?)?tips?|warning|caution|important|remember|see(?: also)?|sources?|links?|url|refs?|references?|update"
    r"|edit|todo|e\.?g|ex|examples?|for example|i\.?e|ps|(?:step|figure|table|day|page|chapter) \d+|option \w|video|docs?|answer|question|[qa]\d*)"
    r"\b\W*$",
    re.I,
)
_UNFIT = re.compile(r"https?://|www\.|</?\w+>|\bclick (?:here|on|the)\b|[?:,…]\s*$|\.\.\s*$|^\W*(?:see|cf|ex|example|e\.g)\b|^\s*[\[{]|\$\\", re.I)
_ANOTHER = re.compile(r"(?:^|[,;.\n])\s*(?:[-*•]\s+)?[A-Z]\w*(?: \w+){0,2}:\s")
"""The next entry of a glossary that was run together."""
_SUM = re.compile(r"\d\s?[x×*∗÷/+]\s?\d|=\s?\d")
_EMPTY_CELL = re.compile(r"(?:[\W_]*|n/?a|tbd|none|same|see .*|ditto|not (?:stated|described|given|known|mentioned|applicable|available))[.\s]*$", re.I)


@dataclass(frozen=True, slots=True)
class Card:
    """A card to learn from: ``quote == document.text[start:end]`` is its back, ``front`` what is asked, in the words of the note.

    ``kind`` is definition, fact or table. ``context`` tells what the front is about: the headings and lines above it. ``key`` is the same as
    long as path, front and quote are: with an edit the card retires, and one for the new words takes its place.
    """

    key: str
    kind: str
    path: str
    front: str
    context: tuple[str, ...]
    start: int
    end: int
    quote: str
    headings: tuple[str, ...]
    line: int
    page: int | None


def cards(document: Document, blocks: Sequence[Block]) -> tuple[Card, ...]:
    """The cards that the ``blocks`` of ``document`` make, in order; no two ask the same of the same words."""
    found: dict[str, Card] = {}
    for index in range(len(blocks)):
        for kind, front, span in _made(document.text, blocks, index):
            card = _card(document, blocks, index, kind, front, trimmed(document.text, *span))
            if _fits(card):
                found.setdefault(card.key, card)
    return tuple(found.values())


def unlike(found: Iterable[Card]) -> tuple[Card, ...]:
    """``found`` without those that ask and answer the same as one before, as a copied note does."""
    return tuple({(card.front.casefold(), plain(card.quote).casefold()): card for card in reversed(tuple(found))}.values())[::-1]


Draft = tuple[str, str, tuple[int, int]]
"""Kind and front of a card, and the span of its back."""


def _made(text: str, blocks: Sequence[Block], index: int) -> Iterator[Draft]:
    block = blocks[index]
    if block.kind == "row" and block.parent is not None:
        head = blocks[block.parent]
        yield from _of_row(text, (head.start, head.end), (block.start, block.end))
    elif block.kind in ("item", "paragraph"):
        yield from _of_prose(text, block)


def _of_row(text: str, head: tuple[int, int], row: tuple[int, int]) -> Iterator[Draft]:
    """A card for each cell but the first: row and column are asked."""
    names, cells = _cells(text, *head), _cells(text, *row)
    if len(names) != len(cells) or not 2 <= len(cells) <= _MOST_COLUMNS:
        return
    (low, high), *others = cells
    name = plain(text[low:high])
    if not 1 <= len(name.split()) <= _ROW_WORDS or not re.search(r"[^\W\d_]", name):
        return
    for (start, end), above in zip(others, names[1:], strict=True):
        column = plain(text[slice(*above)])
        if re.search(r"\w", column) and not _EMPTY_CELL.match(text[start:end]) and len(text[start:end].split()) <= _CELL_WORDS:
            yield "table", f"{name} — {column}", (start, end)


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = [match.span() for match in _SEPARATOR.finditer(text, start, end)]
    bounds = [start, *(place for cut in cuts for place in cut), end]
    found = [trimmed(text, low, high) for low, high in zip(bounds[::2], bounds[1::2], strict=True)]
    # A bar at either end frames the row.
    if "|" in text[start:end]:
        found = found[found[0][0] == found[0][1] and text[start] == "|" :]
        found = found[: len(found) - (text[end - 1] == "|")]
    return found


def _of_prose(text: str, block: Block) -> Iterator[Draft]:
    """A card for a definition with which the block begins, else one for each fact in it."""
    mark = BULLET.match(text, block.start, block.end) or NUMBERED.match(text, block.start, block.end)
    start = mark.end() if mark else block.start
    spans = list(sentences(text, start, block.end))
    if not spans:
        return
    first = spans[0]
    label = _LABEL.match(text, start, first[1])
    if label and _names(label["term"], bold=bool(label["marks"])) and _words(text, label.end(), first[1]) >= _ANSWER_WORDS[0]:
        end = block.end if _words(text, label.end(), block.end) <= _ANSWER_WORDS[1] else first[1]
        yield "definition", plain(label["term"]), (label.end(), end)
        return
    if (defined := _IS.match(text, *first)) and _names(defined["term"]) and _words(text, *first) <= _ANSWER_WORDS[1]:
        yield "definition", plain(defined["term"]), first
        return
    for low, high in spans:
        if front := _blanked(text[low:high]):
            yield "fact", front, (low, high)


def _names(term: str, *, bold: bool = False) -> bool:
    """Whether ``term`` is the name of something, as an entry of a glossary has it."""
    words = plain(term).split()
    bare = [word.lower().strip("\"'“”‘’()*_`.,") for word in words]
    return (
        1 <= len(words) <= _TERM_WORDS
        and (bold or words[0][:1].isupper() or not words[0][:1].isascii() or any(map(str.isupper, words[0])))
        and re.search(r"[^\W\d_]{2}", term) is not None
        and bare[0] not in _POINTING.split()
        and not set(_TELLING.split()).intersection(bare)
        and not _ASIDE.match(term)
        and not re.search(r"[<>\"{}\[\]]", term)
        and term.count("(") == term.count(")")
    )


def _blanked(sentence: str) -> str | None:
    """``sentence`` with its values left blank; None where it states none, or too little besides."""
    words = sentence.split()
    if not _FACT_WORDS[0] <= len(words) <= _FACT_WORDS[1] or _SUM.search(sentence) or words[0].lower().strip("\"'“(*_`,") in _POINTING.split():
        return None
    found = [(one.start, one.end) for one in values(sentence)]
    if not 1 <= len(found) <= _MOST_BLANKS or not sentence[:1].isupper():
        return None
    bounds = [0, *(place for span in found for place in span), len(sentence)]
    return plain(BLANK.join(sentence[low:high] for low, high in zip(bounds[::2], bounds[1::2], strict=True)))


def _fits(card: Card) -> bool:
    """Whether the card can be answered: by words, that the front does not give away, and not by another place."""
    words = len(card.quote.split())
    if len(card.quote) > _MOST_LETTERS or len(card.front) > _MOST_LETTERS:
        return False
    told = plain(card.quote).casefold()
    return (
        not _UNFIT.search(card.quote)
        and not (card.kind == "definition" and _ANOTHER.search(card.quote))
        and re.search(r"\w", card.quote) is not None
        and told not in (card.front.casefold(), card.front.casefold().partition(" — ")[0])
        and f"{BLANK} {BLANK}" not in card.front
        and (card.kind != "definition" or _ANSWER_WORDS[0] <= words <= _ANSWER_WORDS[1])
    )


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def _card(document: Document, blocks: Sequence[Block], index: int, kind: str, front: str, span: tuple[int, int]) -> Card:
    start, end = span
    quote = document.text[start:end]
    return Card(
        key=_key(document.path, front, quote),
        kind=kind,
        path=document.path,
        front=front,
        context=_context(document, blocks, index),
        start=start,
        end=end,
        quote=quote,
        headings=blocks[index].headings,
        line=document.line_at(start),
        page=document.page_at(start),
    )


def _context(document: Document, blocks: Sequence[Block], index: int) -> tuple[str, ...]:
    """The note's title, the headings, and the lines that the block hangs on, outermost first; each once."""
    above = []
    parent = blocks[index].parent
    while parent is not None:
        block = blocks[parent]
        if block.kind != "head":
            line = plain(document.text[block.start : block.end].lstrip(" \t-*+•●○◦▪■")).rstrip(":")
            above.append(line if len(line) <= _CONTEXT_LETTERS else line[: _CONTEXT_LETTERS - 1] + "…")
        parent = block.parent
    return tuple(dict.fromkeys([document.title, *blocks[index].headings, *reversed(above)]))


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
