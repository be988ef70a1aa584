"""Measures the answers to judged questions and prints a table.

    python benchmarks/quality.py QUESTIONS.jsonl [--notes FOLDER] [--floor evidence@5=0.94] [--floor right=0.75] [--wrong N]

QUESTIONS holds an object a line:

    {"id": "q1", "question": "How long is a parcel kept?", "kind": "fact",
     "evidence": [{"source": "post/parcels.md", "quote": "kept for two weeks"}],
     "must": [["\\b(2|two) weeks\\b", "\\b14 days\\b"]], "must_not": ["year"], "history": ["What does the post office do?"]}

kind is fact, definition, list, howto, compare, table, troubleshoot, scenario, conflict, typo, followup or unanswerable. evidence tells
where the answer stands (a note's path, and words of it); a hit that holds one of the quotes has the evidence. must holds groups of regular
expressions: an answer is right if each group has one that matches, none of must_not does, and it has no more than 80 words (160 for list,
howto, compare, scenario and conflict). history holds the earlier questions of the same talk. For unanswerable all of these are empty.

Measures: evidence@1, evidence@5, evidence@10, right, right_at_any_length, answered, refused, each also for one kind (right:list), and
verbatim. With a --floor the exit code is 1 if a measure lies below it.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from assistant.assistant import Assistant
from assistant.evaluation.judging import MEASURES, Report, read_questions
from assistant.progress import progress_bars
from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


def floor(text: str) -> tuple[str, float]:
    measure, _, least = text.partition("=")
    if measure.partition(":")[0] not in (*MEASURES, "verbatim"):
        raise argparse.ArgumentTypeError(f"{measure!r} is no measure; expected one of: {', '.join((*MEASURES, 'verbatim'))}")
    return measure, float(least)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--notes", type=Path, default=ROOT / "corpus", metavar="FOLDER", help="what is asked (corpus/)")
    parser.add_argument("--index", type=Path, metavar="FOLDER", help="where to keep the index between runs (a temporary folder)")
    parser.add_argument("--floor", type=floor, action="append", default=[], metavar="MEASURE=LEAST", help="may be given again")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="show so many of the questions that went wrong")
    options = parser.parse_args()
    questions = read_questions(options.questions)
    with tempfile.TemporaryDirectory() as temporary, progress_bars() as progress:
        notes = Assistant.open(Settings(corpus=options.notes, index=options.index or Path(temporary)), progress=progress)
        report = Report.of(notes, questions)
    show(report)
    for one in report.wrong()[: options.wrong]:
        print(f"\n{one.question.id} ({one.question.kind}) {one.question.question}\n  [{one.words} words] {' '.join(one.text.split())}")
    below = [(measure, least) for measure, least in options.floor if report.value(measure) < least]
    for measure, least in below:
        print(f"{measure} is {report.value(measure):.3f}, below its floor of {least}", file=sys.stderr)
    return 1 if below else 0


def show(report: Report) -> None:
    for measure, (words, _, _) in MEASURES.items():
        row(words, *report.counted(measure))
    row("citations that are verbatim", *report.verbatim)
    for kind in report.kinds:
        row(f"right answers, {kind}", *report.counted(f"right:{kind}"))
    times = sorted(one.milliseconds for one in report.outcomes)
    print(f"{'an answer takes, p50 and p95':44} {statistics.median(times):.1f} and {times[int(0.95 * (len(times) - 1))]:.1f} ms")


def row(words: str, count: int, total: int) -> None:
    print(f"{words:44} {count:5d} of {total:5d}  {100 * count / max(total, 1):5.1f} %")


if __name__ == "__main__":
    sys.exit(main())
