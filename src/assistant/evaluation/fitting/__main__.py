"""Fits what answering learns from data, on public question sets, and writes it where answering reads it.

    python -m assistant.evaluation.fitting SET [SET ...] [--judged QUESTIONS NOTES] [--folders FOLDER]

See sets.py for the form of a SET. Its documents become a folder of notes, and each of its questions is asked of all of them. First the weights of
the features are fitted, then the model that tells whether there is an answer, which builds on them, and on judged questions (in the form of the
command eval) besides. See relevance.py and confidence.py.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Collection as Some
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering import fitted
from assistant.answering.evidence import Features
from assistant.assistant import Assistant
from assistant.evaluation.fitting.confidence import fit_confidence, held_out, judged_trials, trials
from assistant.evaluation.fitting.relevance import Example, example, fit_relevance, likelihood
from assistant.evaluation.fitting.sets import Collection, open_set, shuffled
from assistant.evaluation.questions import read_questions
from assistant.progress import Progress, progress_bars
from assistant.settings import Settings

PARTS = ("relevance", "confidence")
_HELD_OUT = 0.2


def fit(
    sets: Sequence[Path],
    *,
    judged: Sequence[tuple[Path, Path]] = (),
    parts: Some[str] = PARTS,
    index: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What fitted.json holds, with those of its ``parts`` fitted on the ``sets``, what they are, and what it is worth on questions kept back.

    ``judged`` pairs files of judged questions with their notes. ``index`` keeps the indexes of the sets for the next time.
    """
    content = dict(fitted.fitted())
    progress = progress or (lambda what, done, total: None)
    with tempfile.TemporaryDirectory() as temporary:
        opened = [open_set(path, Path(temporary), index or Path(temporary) / "index", progress) for path in sets]
        if "relevance" in parts:
            content |= _relevance(opened, progress)
        weights = np.array([content["weights"][name] for name in Features._fields])
        if "confidence" in parts:
            tried = [trial for one in opened for trial in trials(one, _others(one, opened), weights, progress)]
            for questions, notes in judged:
                asked = Assistant.open(Settings(corpus=(notes,), index=(index or Path(temporary) / "index") / notes.name), progress=progress)
                tried += judged_trials(notes.name, asked, read_questions(questions), weights, progress)
            names = list(dict.fromkeys(trial.collection for trial in tried))
            content |= {
                "confidence": _rounded(fit_confidence(tried)),
                "confidence_fitted_on": {name: dict(Counter(trial.how for trial in tried if trial.collection == name)) for name in names},
                "confidence_held_out": held_out(tried) if len(names) > 1 else {},
            }
    return content


def _others(one: Collection, opened: Sequence[Collection]) -> list[Collection]:
    return [other for other in opened if other is not one]


def _relevance(opened: Sequence[Collection], progress: Progress) -> dict[str, Any]:
    """What is written of the relevance."""
    examples: list[Example] = []
    used: dict[str, int] = {}
    for collection in opened:
        asked = [one for one in collection.judged if one.answers]
        for done, one in enumerate(asked):
            progress(f"Asking {collection.name}", done, len(asked))
            if (found := example(collection.notes, one)) is not None:
                examples.append(found)
        used[collection.name] = len(examples) - sum(used.values())
    examples = shuffled(examples)
    held = int(_HELD_OUT * len(examples))
    trial = fit_relevance(examples[held:])
    return {
        "fitted_on": used,
        "likelihood": {
            "of four fifths, fitted on": round(likelihood(examples[held:], trial), 4),
            "of a fifth, held out": round(likelihood(examples[:held], trial), 4),
        },
        "weights": _rounded(dict(zip(Features._fields, fit_relevance(examples), strict=True))),
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}


def main() -> None:
    """Fits, and writes what comes of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--judged", nargs=2, type=Path, action="append", default=[], metavar=("QUESTIONS", "NOTES"), help="judged questions and their notes")
    parser.add_argument("--folders", type=Path, metavar="FOLDER", help="judged questions NAME.jsonl, each beside its notes in NAME")
    parser.add_argument("--index", type=Path, help="where to keep the indexes between runs (a temporary folder)")
    parser.add_argument("--only", choices=PARTS, action="append", help="fit this part and leave the others as they are; may be given again")
    options = parser.parse_args()
    beside = sorted(options.folders.glob("*.jsonl")) if options.folders else []
    judged = [*options.judged, *((questions, questions.with_suffix("")) for questions in beside)]
    with progress_bars() as progress:
        content = fit(options.sets, judged=judged, parts=options.only or PARTS, index=options.index, progress=progress)
    Path(fitted.__file__).with_name(fitted.FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
