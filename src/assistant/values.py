"""The values that layers pass to one another: small and frozen.

Offsets are code points of ``Document.text``; ``start`` is inclusive, ``end`` exclusive. Paths are relative to the notes folder and use ``/``.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """A note as citations point into it.

    ``text`` is decoded and its lines end in line feeds; otherwise it stands as its reader found it. ``page_starts`` holds the offset at which
    each page begins, empty where the format has no pages. ``sha256`` is of the file's bytes.
    """

    path: str
    title: str
    text: str
    sha256: str
    kind: str
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    body_start: int = 0
    """Where the note itself begins, after any front matter."""

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that ``offset`` lies on; None where there are no pages."""
        return bisect_right(self.page_starts, offset) or None

    def line_at(self, offset: int) -> int:
        """The line, counted from 1, that ``offset`` lies on."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document as it reads. ``depth`` counts the headings that it stands under; ``line`` counts from 1."""

    text: str
    depth: int
    start: int
    line: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is searched as one: ``text == document.text[start:end]``.

    ``line`` counts from 1. ``headings`` runs from the document's title down to the heading that the passage stands under.
    """

    path: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    kind: str
    line: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found. Higher scores are better; ``dense`` and ``lexical`` are None where that search did not find it."""

    passage: Passage
    score: float
    dense: float | None
    lexical: float | None


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that was found, and the words of it that match: ``spans`` in ``hit.passage.text``, ``heading_spans`` in each of its headings."""

    hit: Hit
    spans: tuple[tuple[int, int], ...]
    heading_spans: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the notes hold for a few words, best first. ``corrections`` and ``reason`` are as an Answer's."""

    matches: tuple[Match, ...]
    corrections: tuple[tuple[str, str], ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The place behind a mark ``[number]``: ``quote == document.text[start:end]``, checked when the answer was made."""

    number: int
    path: str
    start: int
    end: int
    line: int
    page: int | None
    headings: tuple[str, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A value as the quote of citation ``number`` has it, word for word."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims about one thing that cannot all be true: two or more, each from another place."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement found over all notes: claims about one thing, the two most certain first, each with its citation. ``certainty``, from 0
    to 1, is to order them by.
    """

    certainty: float
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question.

    ``text`` is Markdown; each ``[n]`` in it has its citation and each citation its mark. ``short`` holds the few words that answer, where
    they could be told. ``standalone`` is the question as it was understood. ``confidence`` lies between 0 and 1. With ``answered`` False the
    text says so, there are no citations, ``hits`` are the nearest passages, and ``reason`` says in a sentence what is missing. ``timings``
    maps a stage to milliseconds.

    ``corrections`` pairs each word of the question that was taken for a slip with the word searched for in its place. ``further`` holds what
    else the notes say, best first, for which an answer has no room: its numbers go on from those of ``citations``, and ``text`` has no marks
    for it. ``disagreements`` are those among the values quoted; where there are some, the first paragraph of ``text`` says so and gives them.
    """

    question: str
    standalone: str
    text: str
    short: str | None
    answered: bool
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    timings: Mapping[str, float] = field(default_factory=dict, compare=False)
    corrections: tuple[tuple[str, str], ...] = ()
    further: tuple[Citation, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was seen and not indexed. Unpacks as ``path, reason``."""

    path: str
    reason: str

    def __iter__(self):
        return iter((self.path, self.reason))


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, as paths; ``skipped`` lists the files that were left out, each with its reason."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
