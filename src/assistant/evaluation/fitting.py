"""Fits what answering learns from data, on public question sets, and writes it where answering reads it.

    python -m assistant.evaluation.fitting SET [SET ...]

A SET is a folder in the form of the BEIR benchmark (corpus.jsonl, queries.jsonl, qrels/*.tsv) whose queries carry their answers in
``metadata``: strings that stand in the judged document ("answers", as strings or as SQuAD's {"text": ...}), or the sentences that an
answer draws on ("selected_sentences"). Each set's documents become notes; each question is asked of all of them; a unit is right if it
holds (part of) an answer in the judged document. The loss is the mean over questions of -log of the probability, by a softmax over all
candidates, that falls on right units: the marginal likelihood of the answer. It is convex enough for L-BFGS to end at the same weights
each time.

Then the confidence: each question is also taken as if the note that answers it were not there, with the terms that stand nowhere else
unknown. A logistic model tells the two apart. So the questions without an answer are about what the rest of the notes is about.
"""

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.answering import fitted
from assistant.answering.abstaining import Signals, unknown
from assistant.answering.evidence import Features
from assistant.assistant import Assistant
from assistant.progress import progress_bars
from assistant.settings import Settings

_PENALTY = 1e-3
"""On the squares of the weights of standardised features."""
_HELD_OUT = 0.2


@dataclass(frozen=True, slots=True)
class Judged:
    """A question whose answer stands in the note ``path``."""

    source: str
    question: str
    path: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question: their features, a row each, which of them are right, and which are in the note that answers.

    ``unknown`` is how much of the question the notes do not hold, ``unknown_without`` how much without the note that answers.
    """

    source: str
    features: np.ndarray
    right: np.ndarray
    there: np.ndarray
    unknown: float
    unknown_without: float


def read_set(folder: Path, notes: Path) -> Iterator[Judged]:
    """The judged questions of the set in ``folder``; its documents are written to ``notes``, a text file each."""
    for row in _lines(folder / "corpus.jsonl"):
        title = row.get("title", "").replace("_", " ")
        body = row["text"] if not title or row["text"].startswith(title) else f"{title}\n\n{row['text']}"
        (notes / _name(folder, row["_id"])).write_text(body + "\n", encoding="utf-8")
    judged = _judgements(folder)
    for row in _lines(folder / "queries.jsonl"):
        answers = tuple(_answers(row.get("metadata", {})))
        if answers and row["_id"] in judged:
            yield Judged(folder.name, row["text"], _name(folder, judged[row["_id"]]), answers)


def example(notes: Assistant, judged: Judged) -> Example | None:
    """The candidates for a question; None if none of them is right, so that nothing can be learned from it."""
    considered = notes.consider(judged.question)
    text = notes.note(judged.path).text
    spans = [match.span() for answer in judged.answers for match in re.finditer(re.escape(answer.strip()), text, re.I)]
    there = np.array([one.outline.document.path == judged.path for one in considered.candidates], dtype=bool)
    right = there & [any(one.unit.start < end and start < one.unit.end for start, end in spans) for one in considered.candidates]
    if not right.any():
        return None
    lexicon, query = considered.lexicon, considered.query
    held = set(lexicon.terms(text))
    lost = {term for term in query.terms if term in held and lexicon.frequency(term) <= 1}
    return Example(judged.source, considered.features, right, there, unknown(query, lexicon), unknown(query, lexicon, beside=lost))


def fit_relevance(examples: Sequence[Example]) -> np.ndarray:
    """The weights of the features that make the right units of ``examples`` likeliest; a feature that never varies gets 0."""
    import torch

    rows = np.concatenate([one.features for one in examples])
    scale = rows.std(axis=0)
    usable = scale > 0
    safe = np.where(usable, scale, 1.0)
    features = torch.tensor(rows / safe * usable, dtype=torch.float64)
    right = torch.tensor(np.concatenate([one.right for one in examples]))
    group = torch.tensor(np.repeat(np.arange(len(examples)), [len(one.right) for one in examples]))
    weights = torch.zeros(rows.shape[1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, history_size=20, line_search_fn="strong_wolfe", tolerance_grad=1e-9)

    def loss():
        optimiser.zero_grad()
        scores = features @ weights
        exponentials = torch.exp(scores - scores.max())
        totals = torch.zeros(len(examples), dtype=torch.float64).index_add(0, group, exponentials)
        rights = torch.zeros(len(examples), dtype=torch.float64).index_add(0, group, exponentials * right)
        value = -torch.log(rights / totals).mean() + _PENALTY * weights.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    return weights.detach().numpy() / safe * usable


def fit_confidence(examples: Sequence[Example], weights: np.ndarray) -> dict[str, float]:
    """The logistic model that tells questions that are answered from the same questions without the note that answers."""
    from sklearn.linear_model import LogisticRegression

    answered = [Signals.of(one.unknown, one.features @ weights) for one in examples]
    unanswered = [Signals.of(one.unknown_without, one.features[~one.there] @ weights) for one in examples]
    model = LogisticRegression(C=10, max_iter=1000).fit([*answered, *unanswered], [1] * len(answered) + [0] * len(unanswered))
    return {"bias": float(model.intercept_[0]), **dict(zip(Signals._fields, map(float, model.coef_[0]), strict=True))}


def likelihood(examples: Sequence[Example], weights: np.ndarray) -> float:
    """The geometric mean over ``examples`` of the probability that falls on right units."""
    logs = []
    for one in examples:
        scores = one.features @ weights
        exponentials = np.exp(scores - scores.max())
        logs.append(np.log(exponentials[one.right].sum() / exponentials.sum()))
    return float(np.exp(np.mean(logs)))


def main() -> None:
    """Reads the sets, fits, says what a fifth of the questions held out say of it, and writes the weights of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--index", type=Path, help="where to keep the index between runs (a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, progress_bars() as progress:
        folder = Path(temporary) / "notes"
        folder.mkdir()
        judged = [one for path in options.sets for one in read_set(path, folder)]
        notes = Assistant.open(Settings(corpus=(folder,), index=options.index or Path(temporary) / "index"), progress=progress)
        examples = []
        for done, one in enumerate(judged):
            progress("Asking", done, len(judged))
            if (found := example(notes, one)) is not None:
                examples.append(found)
    random.Random(0).shuffle(examples)  # noqa: S311 - any fixed order will do
    held = int(_HELD_OUT * len(examples))
    trial = fit_relevance(examples[held:])
    weights = fit_relevance(examples)
    content = {
        "fitted_on": {path.name: sum(one.source == path.name for one in examples) for path in options.sets},
        "likelihood": {
            "of four fifths, fitted on": round(likelihood(examples[held:], trial), 4),
            "of a fifth, held out": round(likelihood(examples[:held], trial), 4),
        },
        "weights": _rounded(dict(zip(Features._fields, weights, strict=True))),
        "confidence": _rounded(fit_confidence(examples, weights)),
    }
    Path(fitted.__file__).with_name(fitted.FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=1))


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}


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


def _name(folder: Path, identifier: str) -> str:
    return f"{folder.name}-{re.sub(r'[^A-Za-z0-9]+', '-', identifier)}.txt"


if __name__ == "__main__":
    main()
