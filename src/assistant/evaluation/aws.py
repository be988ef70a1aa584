"""Questions about the AWS documentation (Gholami and Noori, 2021), a CSV file: the right document, and the short answer."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from assistant.assistant import Assistant
from assistant.errors import EvaluationError
from assistant.evaluation.asking import attempt, documents, told
from assistant.evaluation.files import text_of
from assistant.evaluation.judging import unmarked
from assistant.evaluation.metrics import squad_tokens, token_f1
from assistant.evaluation.report import Format, Measure, Result
from assistant.progress import Progress
from assistant.settings import Settings

_DEPTH = 60
"""Passages searched for the first ten documents."""
_CONTAINED = 0.8
_COLUMNS = ("Question", "Answer_True", "Yes_No_True", "Document_True")


def read_table(file: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of the CSV file, stripped, by the columns of its head. Raises EvaluationError if a column is missing, or there is no row."""
    rows = tuple(csv.DictReader(StringIO(text_of(file))))
    missing = [name for name in _COLUMNS if not rows or rows[0].get(name) is None]
    if missing:
        raise EvaluationError(f"{file} has no {', '.join(missing)}; expected a CSV file with the columns {', '.join(_COLUMNS)} and a question in each row")
    return tuple({name: (row[name] or "").strip() for name in _COLUMNS} for row in rows)


def ask(file: Path, settings: Settings, progress: Progress | None) -> Sequence[Result]:
    """Asks each question of the notes. A document is the right one if its path ends like that of the row, with or without doc_source/."""
    rows = read_table(file)
    notes = Assistant.open(settings, progress=progress)
    return [_looked_up(notes, f"row {number}", row) for number, row in enumerate(told(rows, progress), start=1)]


def _looked_up(notes: Assistant, name: str, row: Mapping[str, str]) -> Result:
    question, wanted, document = row["Question"], row["Answer_True"], row["Document_True"]
    asked = attempt(lambda: notes.ask(question))
    found = attempt(lambda: documents(notes, question, k=_DEPTH))
    answer, paths, error = asked.found, found.found or [], asked.error or found.error
    rank = next((rank for rank, path in enumerate(paths, start=1) if f"/{path}".replace("/doc_source/", "/").endswith(f"/{document}")), None)
    # Its normalisation takes mark-up away itself, and would make a number of a mark.
    text = unmarked(answer.text) if answer else ""
    shown, short = squad_tokens(text), squad_tokens((answer.short if answer else None) or text)
    tokens = squad_tokens(wanted)
    contains = sum(token in shown for token in tokens) >= _CONTAINED * len(tokens)
    return Result(
        id=name,
        kind="yes or no" if row["Yes_No_True"] in ("Yes", "No") else "open",
        question=question,
        right=rank == 1,
        answered=answer is not None and answer.answered,
        points={
            **{f"document@{k}": (rank is not None and rank <= k, 1) for k in (1, 5, 10)},
            "f1": (token_f1(short, tokens), 1),
            "exact_match": (answer is not None and short == tokens, 1),
            "contains": (answer is not None and contains, 1),
        },
        answer="\n\n".join([*([f"short: {answer.short}"] if answer.short else []), answer.text]) if answer else "",
        wanted=[("answer", wanted), ("document", document)],
        why="" if rank == 1 else f"asking failed: {error}" if error else f"the document is at rank {rank}" if rank else "the document was not found",
        milliseconds=asked.milliseconds,
        error=error,
        details={"rank": rank, "short": answer.short if answer else None, "documents": paths[:10], "confidence": answer.confidence if answer else None},
    )


AWS = Format(
    name="aws",
    about="a CSV file of questions about a folder of documents",
    measures=(
        *(Measure(f"document@{k}", f"document@{k}", f"the right document among the first {k}" if k > 1 else "the right document first") for k in (1, 5, 10)),
        Measure("f1", "F1", "token F1 of the short answer, by SQuAD's normalisation", share=False),
        Measure("exact_match", "EM", "short answers that are the wanted one, by the same normalisation"),
        Measure("contains", "contains", "answers that hold four fifths of the wanted one's tokens"),
    ),
    tables={"Answers": ("document@1", "document@5", "document@10", "f1", "exact_match", "contains")},
    headline=("document@1", "f1"),
    ask=ask,
    asks_notes=True,
)
