"""SciFact, or another set in the form of the BEIR benchmark (corpus.jsonl, queries.jsonl, qrels/test.tsv): which documents are found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from assistant.assistant import Assistant
from assistant.errors import EvaluationError
from assistant.evaluation.asking import attempt, documents, told
from assistant.evaluation.files import rows_of, text_of
from assistant.evaluation.metrics import ndcg, recall
from assistant.evaluation.report import Format, Measure, Result
from assistant.progress import Progress
from assistant.settings import Settings

_DEPTH = 400
"""Passages searched for. They are from more than a hundred documents: from 154 at least for the queries of SciFact."""
_SHOWN = 10


class Query(NamedTuple):
    """A query with the judgements of documents by their ids, higher for more relevant ones."""

    id: str
    text: str
    judged: Mapping[str, float]


def read_queries(folder: Path) -> tuple[Query, ...]:
    """The queries of the set in ``folder`` that its qrels/test.tsv judges. Raises EvaluationError if a file is missing or malformed."""
    judged: dict[str, dict[str, float]] = {}
    file = folder / "qrels" / "test.tsv"
    # Its first line heads the columns.
    for number, line in enumerate(text_of(file).splitlines()[1:], start=2):
        try:
            query, document, score = line.split("\t")
            judged.setdefault(query, {})[document] = float(score)
        except ValueError as error:
            raise EvaluationError(f"{file}:{number} is {line!r}; expected a query's id, a document's id and a number, with tabs between") from error
    texts = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    unknown = [name for name in judged if name not in texts]
    if unknown or not judged:
        what = f"the query {unknown[0]!r}, which is not in {folder / 'queries.jsonl'}" if unknown else "no query"
        raise EvaluationError(f"{file} judges {what}: the two files have to be of one set")
    return tuple(Query(name, texts[name], scores) for name, scores in judged.items())


def write_documents(file: Path, folder: Path) -> dict[str, str]:
    """Writes each document of ``file``, a corpus.jsonl, as a note to ``folder``, its title as heading; gives each note's id by its path."""
    paths = {}
    for number, row in enumerate(_rows(file)):
        path = f"{number:07}.md"
        title = " ".join(row.get("title", "").split())
        (folder / path).write_text(f"# {title}\n\n{row['text']}\n" if title else f"{row['text']}\n", encoding="utf-8")
        paths[path] = row["_id"]
    return paths


def ask(folder: Path, settings: Settings, progress: Progress | None) -> Sequence[Result]:
    """Searches the set's documents, indexed as notes, for each query; a document ranks where the first of its passages does."""
    queries = read_queries(folder)
    with TemporaryDirectory() as temporary:
        ids = write_documents(folder / "corpus.jsonl", Path(temporary))
        notes = Assistant.open(replace(settings, corpus=(Path(temporary),)), progress=progress)
        titles = {ids[one.path]: one.title for one in notes.notes()}
        return [_searched(notes, ids, titles, query) for query in told(queries, progress)]


def _searched(notes: Assistant, ids: Mapping[str, str], titles: Mapping[str, str], query: Query) -> Result:
    asked = attempt(lambda: documents(notes, query.text, k=_DEPTH))
    found = [ids[path] for path in asked.found or ()]
    relevant = [document for document, score in query.judged.items() if score > 0]
    ranks = [found.index(document) + 1 if document in found else None for document in relevant]
    best = min((rank for rank in ranks if rank is not None), default=None)
    right = best is not None and best <= _SHOWN
    gains = [query.judged.get(document, 0.0) for document in found]
    return Result(
        id=query.id,
        kind="query",
        question=query.text,
        right=right,
        answered=bool(found),
        points={
            "ndcg@10": (ndcg(gains, list(query.judged.values()), 10), 1),
            "recall@10": (recall(ranks, 10), 1),
            "recall@100": (recall(ranks, 100), 1),
        },
        answer="\n".join(f"{rank}. {titles[document]}" for rank, document in enumerate(found[:_SHOWN], start=1)),
        wanted=[("document", titles.get(document, document)) for document in relevant],
        why="" if right else f"asking failed: {asked.error}" if asked.error else f"the first relevant document is at rank {best}" if best else "not found",
        milliseconds=asked.milliseconds,
        error=asked.error,
        details={"relevant": relevant, "ranks": ranks, "found": found[:_SHOWN]},
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    for where, row in rows_of(file):
        if not all(isinstance(row.get(name), str) for name in ("_id", "text")):
            raise EvaluationError(f"{where} has no _id or no text: expected both, as strings")
        yield row


SCIFACT = Format(
    name="scifact",
    about="a folder in the form of BEIR, with its own documents",
    measures=(
        Measure("ndcg@10", "nDCG@10", "nDCG of the first ten documents, as trec_eval has it", share=False),
        Measure("recall@10", "recall@10", "of the relevant documents, those among the first ten", share=False),
        Measure("recall@100", "recall@100", "of the relevant documents, those among the first hundred", share=False),
    ),
    tables={"Documents": ("ndcg@10", "recall@10", "recall@100")},
    headline=("ndcg@10",),
    ask=ask,
)
