"""The forms of judged sets, and how one is evaluated."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import EvaluationError
from assistant.evaluation.aws import AWS
from assistant.evaluation.canard import CANARD
from assistant.evaluation.notes import NOTES
from assistant.evaluation.report import Format, Report
from assistant.evaluation.scifact import SCIFACT
from assistant.progress import Progress
from assistant.settings import Settings

FORMATS: Mapping[str, Format] = {one.name: one for one in (NOTES, SCIFACT, AWS, CANARD)}


def recognised(path: Path) -> tuple[Format, Path]:
    """The form of the set at ``path``, a file or a folder, and the file or folder of it that is read.

    A folder with a corpus.jsonl is of the form of scifact, one with a dev.json of canard, one with a single CSV file of aws; so is a file
    that ends in .json or .csv. Any other file has judged questions about notes. Raises EvaluationError for a folder with none of these.
    """
    if not path.is_dir():
        return {".json": CANARD, ".csv": AWS}.get(path.suffix.lower(), NOTES), path
    if (path / "corpus.jsonl").exists():
        return SCIFACT, path
    if (path / "dev.json").exists():
        return CANARD, path / "dev.json"
    tables = sorted(path.glob("*.csv"))
    if len(tables) == 1:
        return AWS, tables[0]
    raise EvaluationError(f"the folder {path} holds no set that is known: expected a corpus.jsonl, a dev.json or one CSV file in it, or name a file")


def evaluate(path: Path, form: Format, settings: Settings, *, index: Path | None = None, progress: Progress | None = None) -> Report:
    """Asks all questions of the set at ``path``. Notes are those of ``settings``, unless the set brings its own.

    The index is kept in ``index``; None is a folder of its own for the time being, so that no index in use is made one of other notes.
    """
    with TemporaryDirectory() as temporary:
        results = form.ask(path, replace(settings, index=index or Path(temporary)), progress)
    notes = {"notes": ", ".join(map(str, settings.corpus))} if form.asks_notes else {}
    return Report(form, {"questions": str(path), **notes, "model": settings.model}, results)
