"""Public question sets as folders of notes, with the questions that are asked of them.

A set is a folder in the form of the BEIR benchmark (corpus.jsonl, queries.jsonl, qrels/*.tsv) whose queries carry their answers in ``metadata``:
strings that stand in the judged document ("answers", as strings or as SQuAD's {"text": ...}), or the sentences that an answer draws on
("selected_sentences"); ``"answerable": false`` beside a "passage" marks one that its document does not answer.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.assistant import Assistant
from assistant.progress import Progress
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Judged:
    """A question about the note ``path``, which holds the ``answers``; none if it does not answer it."""

    question: str
    path: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Collection:
    """A set as a folder of notes, with its questions."""

    name: str
    notes: Assistant
    judged: tuple[Judged, ...]


def open_set(folder: Path, work: Path, index: Path, progress: Progress) -> Collection:
    """The set in ``folder``; its documents are written into ``work``, a text file each, and indexed in ``index``."""
    notes = work / folder.name
    notes.mkdir()
    for row in _lines(folder / "corpus.jsonl"):
        title = row.get("title", "").replace("_", " ")
        body = row["text"] if not title or row["text"].startswith(title) else f"{title}\n\n{row['text']}"
        (notes / _file(row["_id"])).write_text(body + "\n", encoding="utf-8")
    opened = Assistant.open(Settings(corpus=(notes,), index=index / folder.name), progress=progress)
    return Collection(folder.name, opened, tuple(read_judged(folder)))


def shuffled(items: Sequence) -> list:
    """``items`` in an order that is the same each time."""
    return random.Random(0).sample(items, len(items))  # noqa: S311 - any fixed order will do


def read_judged(folder: Path) -> Iterator[Judged]:
    """The questions of the set in ``folder``: those with an answer in the document that is judged right, and those marked to have none."""
    documents = _judgements(folder)
    for row in _lines(folder / "queries.jsonl"):
        metadata = row.get("metadata", {})
        if not metadata.get("answerable", True):
            yield Judged(row["text"], _file(metadata["passage"][0]), ())
        elif (answers := tuple(_answers(metadata))) and row["_id"] in documents:
            yield Judged(row["text"], _file(documents[row["_id"]]), answers)


def _lines(file: Path) -> Iterator[dict]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _judgements(folder: Path) -> dict[str, str]:
    """For each query the first document judged relevant."""
    found: dict[str, str] = {}
    for file in sorted((folder / "qrels").glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[1:]:
            query, document, score = line.split("\t")
            if int(score) > 0:
                found.setdefault(query, document)
    return found


def _answers(metadata: dict) -> Iterator[str]:
    for sentences in metadata.get("selected_sentences", ()):
        yield from [sentences] if isinstance(sentences, str) else sentences
    if "selected_sentences" not in metadata:
        for one in metadata.get("answers", ()):
            yield one if isinstance(one, str) else one["text"]


def _file(identifier: str) -> str:
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', identifier)}.txt"
