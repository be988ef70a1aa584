"""What the operators of a question leave of the notes: passages to search among, or the reason why there are none."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import PurePosixPath

import numpy as np

from assistant.index.snapshot import Snapshot
from assistant.index.view import Record
from assistant.retrieval.operators import Operator, Parsed
from assistant.segmenting.contents import contents
from assistant.segmenting.structure import plain

_ALIKE = 75
"""The least likeness, in percent, of a name to one that is offered in its place: one slip in a word of four letters."""
_MOST_ALIKE = 3

_TYPED = str.maketrans("‘’“”‐‑‒–—", "''\"\"-----")
"""Marks that are set in one way and typed in another."""


@dataclass(frozen=True)
class Scope:
    """What to ask, and of which passages.

    ``allowed`` holds their ids, int64, ascending; None for all. Where none is left, ``reason`` says why, in a sentence.
    """

    question: str
    allowed: np.ndarray | None = None
    reason: str | None = None


class _NothingLeft(Exception):
    """Its message is the reason."""


def narrow(snapshot: Snapshot, records: Sequence[Record], parsed: Parsed) -> Scope:
    """What the operators of a question leave of the notes ``records`` of ``snapshot``.

    A passage is left if its note is one of those named, if any are (one of the files, too, if any are), and has all of the tags; if it
    stands under the heading named; if its text or its headings hold all of the phrases; and if all that is excluded is not so. Where a
    question holds nothing but operators, what they name is asked about.
    """
    if not parsed.operators:
        return Scope(parsed.text)
    try:
        fitting = {one: _fitting(one, records) for one in parsed.operators if one.kind in _FITS}
        kept = _kept(records, fitting)
        ids = _under_headings(snapshot, snapshot.view.passage_ids_of([record.path for record in kept]), fitting) if fitting else None
        for one in parsed.operators:
            ids = _with_phrase(snapshot, ids, one) if one.kind == "phrase" else ids
        return Scope(parsed.text or _topic(kept, parsed.operators), ids)
    except _NothingLeft as nothing:
        return Scope(parsed.text, np.empty(0, dtype=np.int64), f"Filtered out: {nothing}")


# Notes


def _fitting(operator: Operator, records: Sequence[Record]) -> list[Record]:
    fits, value = _FITS[operator.kind], folded(operator.value)
    found = [record for record in records if fits(value, record)]
    if not found and not operator.excluded:
        raise _NothingLeft(_unknown(operator, records))
    return found


def _kept(records: Sequence[Record], fitting: Mapping[Operator, Sequence[Record]]) -> list[Record]:
    """The notes that fit one of the names and one of the files, all of the tags, and nothing that is excluded."""
    paths = {one: {record.path for record in found} for one, found in fitting.items()}
    wanted = [paths[one] for one in fitting if one.kind == "tag" and not one.excluded]
    for kind in ("note", "file"):
        if any_of := [paths[one] for one in fitting if one.kind == kind and not one.excluded]:
            wanted.append(set().union(*any_of))
    # Of a note whose section is excluded the rest stays.
    excluded = set().union(*(paths[one] for one in fitting if one.excluded and one.heading is None))
    kept = [record for record in records if record.path not in excluded and all(record.path in found for found in wanted)]
    if not kept:
        raise _NothingLeft(f"no note fits all of {', '.join(map(str, fitting))}.")
    return kept


def is_called(name: str, record: Record) -> bool:
    """Whether ``name``, folded, is the note's path or the end of it, with or without suffix, its title or one of its aliases."""
    path, name = f"/{folded(record.path)}", name.lstrip("/")
    return (
        path.endswith(f"/{name}") or _bare(path).endswith(f"/{name}") or any(name == folded(one) for one in (record.title, *record.aliases))
    )


def is_tagged(tag: str, record: Record) -> bool:
    """Whether the note has ``tag`` or one nested in it."""
    return any(f"{_unbroken(one)}/".startswith(f"{_unbroken(tag)}/") for one in record.tags)


def lies_at(place: str, record: Record) -> bool:
    """Whether the note's path begins with ``place``, folded, from its first folder or a later one on; if it has wildcards, to its end."""
    path, place = f"/{folded(record.path)}", "/" + place.replace("\\", "/").removeprefix("./").lstrip("/")
    if "*" in place or "?" in place:
        return fnmatchcase(path, "*" + place.replace("[", "[[]"))
    return place in path


_FITS = {"note": is_called, "tag": is_tagged, "file": lies_at}


# Passages


def _under_headings(snapshot: Snapshot, ids: np.ndarray, fitting: Mapping[Operator, Sequence[Record]]) -> np.ndarray:
    named = [one for one in fitting if one.kind == "note" and not one.excluded]
    if any(one.heading for one in named):
        ids = np.intersect1d(ids, reduce(np.union1d, (_named(snapshot, one, fitting[one]) for one in named)))
        if not len(ids):
            one = next(one for one in named if one.heading)
            raise _NothingLeft(_without_heading(snapshot, one, fitting[one]))
    for one in fitting:
        if one.excluded and one.heading:
            ids = np.setdiff1d(ids, _named(snapshot, one, fitting[one]))
    return ids


def _named(snapshot: Snapshot, operator: Operator, records: Sequence[Record]) -> np.ndarray:
    """The passages of the notes, or of their sections under the heading."""
    ids = snapshot.view.passage_ids_of([record.path for record in records])
    if operator.heading is None:
        return ids
    spans = {record.path: list(_sections(snapshot, record.path, operator.heading)) for record in records}
    passages = zip(ids, snapshot.view.passages(ids), strict=True)
    return np.array(
        [number for number, one in passages if any(one.start < end and start < one.end for start, end in spans[one.path])], dtype=np.int64
    )


def _sections(snapshot: Snapshot, path: str, heading: str) -> Iterator[tuple[int, int]]:
    """Where the sections under ``heading`` stand in a note: each up to the next heading that is not below its own."""
    document = snapshot.document(path)
    headings = contents(document, snapshot.blocks(path))
    # Of a path of headings, "A#B", the last one.
    wanted = folded(heading.rpartition("#")[2])
    for at, one in enumerate(headings):
        if folded(one.text) == wanted:
            yield one.start, next((later.start for later in headings[at + 1 :] if later.depth <= one.depth), len(document.text))


def _with_phrase(snapshot: Snapshot, ids: np.ndarray | None, operator: Operator) -> np.ndarray:
    """Those of the passages ``ids``, or of all, that hold a phrase, or those that do not."""
    words = snapshot.words.terms(operator.value)
    # By its words first: reading every passage would take long.
    likely = np.array(snapshot.words.holding(words), dtype=np.int64) if words else snapshot.view.passage_ids()
    pattern = _whole(_as_read(operator.value))
    texts = snapshot.view.texts(likely if ids is None else likely[np.isin(likely, ids)])
    found = np.array([number for number, *held in texts if any(pattern.search(_as_read(text)) for text in held)], dtype=np.int64)
    if operator.excluded:
        everything = snapshot.view.passage_ids() if ids is None else ids
        found = everything[~np.isin(everything, found)]
    if not len(found):
        others = "" if ids is None else " of those that the rest allows"
        raise _NothingLeft(f"{'every' if operator.excluded else 'no'} passage{others} holds “{operator.value}” word for word.")
    return found


# Texts compared


def folded(text: str) -> str:
    """``text`` in one case, with single blanks, and with the marks that are typed where others are set."""
    plainly = text if text.isascii() else unicodedata.normalize("NFC", text).translate(_TYPED)
    return " ".join(plainly.casefold().split())


def _as_read(text: str) -> str:
    # What is nothing but marks reads as it stands.
    return folded(plain(text)) or folded(text)


def _whole(text: str) -> re.Pattern[str]:
    """``text`` where it stands alone, not as a part of longer words."""
    before, behind = (r"(?<!\w)" if text[0].isalnum() else ""), (r"(?!\w)" if text[-1].isalnum() else "")
    return re.compile(before + re.escape(text) + behind)


def _unbroken(tag: str) -> str:
    """``tag`` as it is typed: without blanks, however it is written in the note."""
    return folded(tag).replace(" ", "-")


def _bare(path: str) -> str:
    """``path`` without its suffix."""
    before, _, suffix = path.rpartition(".")
    return path if "/" in suffix else before


# What is said where nothing is left


def _unknown(operator: Operator, records: Sequence[Record]) -> str:
    if operator.kind == "tag":
        tags = {tag: f"#{tag}" for record in records for tag in record.tags}
        return f"no note has the tag #{operator.value}{_alike(operator.value, tags) if tags else ', and none has any tag'}."
    if operator.kind == "file":
        places = {place: place for record in records for place in _places(record.path)}
        return f"no note's file is at {operator}{_alike(operator.value, places)}."
    names = (name for record in records for name in (_bare(record.path).rpartition("/")[2], record.title, *record.aliases))
    return f"no note is called [[{operator.value}]]{_alike(operator.value, {folded(name): f'[[{name}]]' for name in names})}."


def _places(path: str) -> Iterator[str]:
    """The folders that the file at ``path`` lies in, and its name."""
    *folders, name = path.split("/")
    yield from (f"{folder}/" for folder in folders)
    yield name


def _without_heading(snapshot: Snapshot, operator: Operator, records: Sequence[Record]) -> str:
    headings = {
        one.text: f"“{one.text}”" for record in records for one in contents(snapshot.document(record.path), snapshot.blocks(record.path))
    }
    return f"[[{operator.value}]] has no heading “{operator.heading}”{_alike(operator.heading or '', headings)}."


def _alike(name: str, names: Mapping[str, str]) -> str:
    """In words, those of ``names`` that are spelt like ``name``, or share its words; nothing where there are none."""
    from rapidfuzz.fuzz import token_set_ratio
    from rapidfuzz.process import extract
    from rapidfuzz.utils import default_process

    # Of those equally like, the shortest.
    known = sorted(names, key=lambda one: (len(one), one))
    found = extract(name, known, scorer=token_set_ratio, processor=default_process, score_cutoff=_ALIKE, limit=_MOST_ALIKE)
    return f"; the nearest: {', '.join(names[one] for one, _, _ in found)}" if found else ""


# What is asked where nothing else is


def _topic(kept: Sequence[Record], operators: Sequence[Operator]) -> str:
    """The heading, the title where there is one note, else what the operators name."""
    named = [one for one in operators if not one.excluded]
    topic = next((one.heading for one in named if one.heading), None) or (kept[0].title if named and len(kept) == 1 else None)
    topic = topic or " ".join(re.sub(r"[\W_]+", " ", PurePosixPath(one.value).stem) for one in named).strip()
    if not topic:
        raise _NothingLeft("nothing is asked for, only what to leave out; ask something, too.")
    return topic
