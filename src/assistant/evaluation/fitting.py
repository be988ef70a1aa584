"""Fits what answering learns from data, on public question sets, and writes it where answering reads it.

    python -m assistant.evaluation.fitting SET [SET ...]

A SET is a folder in the form of the BEIR benchmark (corpus.jsonl, queries.jsonl, qrels/*.tsv) whose queries carry their answers in
``metadata``: strings that stand in the judged document ("answers", as strings or as SQuAD's {"text": ...}), or the sentences that an
answer draws on ("selected_sentences"); ``"answerable": false`` beside a "passage" marks one that its document does not answer. Each set's
documents become a folder of notes, and each of its questions is asked of all of them.

First the relevance. A unit is right if it holds (part of) an answer in the judged document. The loss is the mean over questions of -log of
the probability, by a softmax over all candidates, that falls on right units: the marginal likelihood of the answer. It is convex enough
for L-BFGS to end at the same weights each time.

Then the confidence. Each question is asked as it is, and in ways that the notes do not answer: with the note that answers left out, and with
the name in it exchanged for one out of another question of the set (a near miss: the note that would answer is still there) or of another set
(a name that the notes hardly know); and the set's own questions without an answer are asked. A logistic model tells the first from the
others; each set, and in it each of the two, weighs the same. What it is worth on notes it has not seen is measured on each set with a model
of the others.
"""

import argparse
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering import fitted
from assistant.answering.abstaining import Signals, signals
from assistant.answering.considering import Considered
from assistant.answering.evidence import Features, Lexicon
from assistant.assistant import Assistant
from assistant.progress import Progress, progress_bars
from assistant.retrieval.query import FUNCTION_WORDS
from assistant.settings import Settings

_PENALTY = 1e-3
"""On the squares of the weights of standardised features."""
_HELD_OUT = 0.2
_MOST_QUESTIONS = 400
"""So many questions of a set, at most, the confidence is fitted on: with more of them its weights hardly change."""
_TRIES = 40


ANSWERED, LEFT_OUT, NEAR_MISS, STRANGER, UNANSWERED = "answered", "note left out", "name of the set", "name of another set", "without an answer"


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


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one question: their features, a row each, and which of them are right."""

    features: np.ndarray
    right: np.ndarray


@dataclass(frozen=True, slots=True)
class Trial:
    """A question as it was asked, and what speaks for an answer: ``how`` is one of ANSWERED, LEFT_OUT, NEAR_MISS, STRANGER and UNANSWERED."""

    collection: str
    how: str
    signals: Signals

    @property
    def answerable(self) -> bool:
        """Whether the notes answer it."""
        return self.how == ANSWERED


def open_set(folder: Path, work: Path, index: Path, progress: Progress) -> Collection:
    """The set in ``folder``; its documents are written into ``work``, a text file each, and indexed in ``index``."""
    notes = work / folder.name
    notes.mkdir()
    for row in _lines(folder / "corpus.jsonl"):
        title = row.get("title", "").replace("_", " ")
        body = row["text"] if not title or row["text"].startswith(title) else f"{title}\n\n{row['text']}"
        (notes / _file(row["_id"])).write_text(body + "\n", encoding="utf-8")
    opened = Assistant.open(Settings(corpus=(notes,), index=index / folder.name), progress=progress)
    return Collection(folder.name, opened, tuple(_judged(folder)))


def example(notes: Assistant, judged: Judged) -> Example | None:
    """The candidates for a question; None if none of them is right, so that nothing can be learned from it."""
    considered = notes.consider(judged.question)
    text = notes.note(judged.path).text
    spans = [match.span() for answer in judged.answers for match in re.finditer(re.escape(answer.strip()), text, re.I)]
    there = np.array([one.outline.document.path == judged.path for one in considered.candidates], dtype=bool)
    right = there & [any(one.unit.start < end and start < one.unit.end for start, end in spans) for one in considered.candidates]
    return Example(considered.features, right) if right.any() else None


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


def likelihood(examples: Sequence[Example], weights: np.ndarray) -> float:
    """The geometric mean over ``examples`` of the probability that falls on right units."""
    logs = []
    for one in examples:
        scores = one.features @ weights
        exponentials = np.exp(scores - scores.max())
        logs.append(np.log(exponentials[one.right].sum() / exponentials.sum()))
    return float(np.exp(np.mean(logs)))


def trials(collection: Collection, others: Sequence[Collection], weights: np.ndarray, progress: Progress) -> Iterator[Trial]:
    """The questions of a set, asked as they are and in ways that the notes do not answer; ``weights`` are those of the features."""
    notes = collection.notes
    texts = {record.path: notes.note(record.path).text for record in notes.notes()}
    passages = sum(record.passages for record in notes.notes())
    holders = _holders(notes, texts)
    some = _shuffled(collection.judged)[:_MOST_QUESTIONS]
    near = _swapped(some, texts, _names(collection))
    strange = _swapped(some, texts, [name for other in others for name in _names(other)])

    def trial(considered: Considered, how: str) -> Trial:
        return Trial(collection.name, how, signals(replace(considered, strengths=considered.features @ weights)))

    for done, one in enumerate(some):
        progress(f"Asking {collection.name}", done, len(some))
        yield trial(notes.consider(one.question), ANSWERED if one.answers else UNANSWERED)
        if one.answers:
            left = notes.consider(f"{one.question} -file:/{one.path}")
            lost = frozenset(term for term in set(left.lexicon.terms(texts[one.path])) if holders[term] == 1)
            yield trial(replace(left, lexicon=_without(left.lexicon, lost, passages)), LEFT_OUT)
        for swapped, how in ((near, NEAR_MISS), (strange, STRANGER)):
            if one in swapped:
                yield trial(notes.consider(swapped[one]), how)


def fit_confidence(tried: Sequence[Trial]) -> dict[str, float]:
    """The logistic model of the signals that tells questions that are answered from those that are not."""
    from sklearn.linear_model import LogisticRegression

    rows = np.array([one.signals for one in tried])
    scale = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    counts = Counter((one.collection, one.answerable) for one in tried)
    shares = np.array([1 / counts[one.collection, one.answerable] for one in tried])
    model = LogisticRegression(max_iter=1000).fit(rows / scale, [one.answerable for one in tried], sample_weight=shares / shares.mean())
    return {"bias": float(model.intercept_[0]), **dict(zip(Signals._fields, map(float, model.coef_[0] / scale), strict=True))}


def held_out(tried: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """For each set, how well a model of the other sets tells its questions apart.

    The area under the curve, and by how they were asked the share of questions without an answer that lie below all but 4 % of those with one.
    """
    from sklearn.metrics import roc_auc_score

    found = {}
    for name in dict.fromkeys(one.collection for one in tried):
        model = fit_confidence([one for one in tried if one.collection != name])
        mine = [one for one in tried if one.collection == name]
        scores = np.array([sum(model[field] * value for field, value in one.signals._asdict().items()) for one in mine])
        answerable = np.array([one.answerable for one in mine])
        line = np.quantile(scores[answerable], 0.04)
        found[name] = {"area under the curve": round(float(roc_auc_score(answerable, scores)), 3)}
        for how in dict.fromkeys(one.how for one in mine if not one.answerable):
            refused = scores[[one.how == how for one in mine]] < line
            found[name][f"refused, {how}"] = round(float(refused.mean()), 3)
    return found


def fit(sets: Sequence[Path], *, index: Path | None = None, relevance: bool = True, progress: Progress | None = None) -> dict[str, Any]:
    """What fitted.json holds, fitted on the ``sets``, with what they are and what it is worth on questions that it was not fitted on.

    ``index`` keeps the indexes of the sets for the next time. Without ``relevance`` the weights of the features stay as they are.
    """
    content = dict(fitted.fitted())
    progress = progress or (lambda what, done, total: None)
    with tempfile.TemporaryDirectory() as temporary:
        opened = [open_set(path, Path(temporary), index or Path(temporary) / "index", progress) for path in sets]
        if relevance:
            content |= _relevance(opened, progress)
        weights = np.array([content["weights"][name] for name in Features._fields])
        tried = [trial for one in opened for trial in trials(one, [other for other in opened if other is not one], weights, progress)]
    return content | {
        "confidence_fitted_on": {one.name: dict(Counter(trial.how for trial in tried if trial.collection == one.name)) for one in opened},
        "confidence_held_out": held_out(tried) if len(opened) > 1 else {},
        "confidence": _rounded(fit_confidence(tried)),
    }


def main() -> None:
    """Fits, and writes what comes of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--index", type=Path, help="where to keep the indexes between runs (a temporary folder)")
    parser.add_argument("--keep-relevance", action="store_true", help="leave the weights of the features as they are")
    options = parser.parse_args()
    with progress_bars() as progress:
        content = fit(options.sets, index=options.index, relevance=not options.keep_relevance, progress=progress)
    Path(fitted.__file__).with_name(fitted.FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=1))


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
    examples = _shuffled(examples)
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


def _shuffled(items: Sequence) -> list:
    return random.Random(0).sample(items, len(items))  # noqa: S311 - any fixed order will do


# Questions that the notes do not answer


def _holders(notes: Assistant, texts: Mapping[str, str]) -> Counter[str]:
    """For each term how many notes hold it."""
    terms = notes.consider("words").lexicon.terms
    return Counter(term for text in texts.values() for term in set(terms(text)))


def _without(lexicon: Lexicon, lost: frozenset[str], passages: int) -> Lexicon:
    return Lexicon(lexicon.terms, lambda term: 0 if term in lost else lexicon.frequency(term), passages)


def _names(collection: Collection) -> list[str]:
    """The names in the questions of a set."""
    found = ((one.question, _name(one.question, _title(collection.notes.note(one.path).text))) for one in collection.judged)
    return [question[slice(*span)] for question, span in found if span]


def _swapped(asked: Sequence[Judged], texts: Mapping[str, str], names: Sequence[str]) -> dict[Judged, str]:
    """Those of the questions that hold a name, with one of ``names`` for it, of as many words, that the note that answers does not hold."""
    chance = random.Random(0)  # noqa: S311 - any fixed order will do
    found = {}
    for one in asked:
        if not one.answers or (span := _name(one.question, _title(texts[one.path]))) is None:
            continue
        start, end = span
        words, held = len(one.question[start:end].split()), texts[one.path].lower()
        tried = (chance.choice(names) for _ in range(_TRIES if names else 0))
        if (name := next((name for name in tried if len(name.split()) == words and name.lower() not in held), None)) is not None:
            found[one] = one.question[:start] + _in_case_of(one.question, name) + one.question[end:]
    return found


def _in_case_of(question: str, name: str) -> str:
    """Small in a question without capitals, which would tell it from the others; as a name in one that has some."""
    if question.islower():
        return name.lower()
    return name.title() if name.islower() else name


def _title(text: str) -> str:
    return text.partition("\n")[0]


def _name(question: str, title: str) -> tuple[int, int] | None:
    """Where the longest run of words that names something stands: capitalised ones, or those of the note's title where none is."""
    words = list(re.finditer(r"[^\W_][\w'-]*", question))
    told = {word.lower() for word in title.split()} - FUNCTION_WORDS
    capitals = any(map(str.isupper, question[1:]))
    named = ((word[0][0].isupper() and word.start() > 0 if capitals else word[0].lower() in told, word) for word in words)
    runs = [[word for _, word in run] for is_name, run in groupby(named, key=lambda pair: pair[0]) if is_name]
    return max(((run[0].start(), run[-1].end()) for run in runs), key=lambda span: span[1] - span[0], default=None)


# Reading a set


def _judged(folder: Path) -> Iterator[Judged]:
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


if __name__ == "__main__":
    main()
