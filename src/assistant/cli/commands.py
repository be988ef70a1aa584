"""What each command does: it calls the façade and prints. Each gives its exit code."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from assistant.cli.printing import complain, note, print_answer, print_conflict, print_explanation, print_hit, print_json
from assistant.errors import AssistantError
from assistant.progress import progress_bars
from assistant.settings import Settings
from assistant.values import SyncReport

if TYPE_CHECKING:
    from assistant.assistant import Assistant

OK, FAILED, NOT_IN_NOTES, INTERRUPTED = 0, 1, 3, 130


def index(options: argparse.Namespace) -> int:
    """Prints what the sync changed."""
    notes, report = _opened(options)
    if options.json:
        print_json(asdict(report))
        return OK
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "removed", "unchanged"))
    print(f"{len(notes.notes())} notes: {counts}")
    for one in report.skipped:
        print(f"skipped {one.path}: {one.reason}")
    return OK


def ask(options: argparse.Namespace) -> int:
    """Prints the answer and where it stands; NOT_IN_NOTES if there is none."""
    notes, _ = _opened(options)
    answer = notes.ask(" ".join(options.question), history=options.history or ())
    if options.json:
        print_json(asdict(answer))
    else:
        print_answer(answer)
        if options.explain:
            print_explanation(answer)
    return OK if answer.answered else NOT_IN_NOTES


def search(options: argparse.Namespace) -> int:
    """Prints the passages that fit best."""
    notes, _ = _opened(options)
    query = " ".join(options.query)
    hits = notes.search(query, k=options.k)
    if not hits and (reason := notes.filtered_out(query)):
        note(reason)
    if options.json:
        print_json([asdict(hit) for hit in hits])
    else:
        for hit in hits:
            print_hit(hit)
    return OK


def conflicts(options: argparse.Namespace) -> int:
    """Prints the places where notes disagree."""
    notes, _ = _opened(options)
    found = notes.conflicts()[: options.k]
    if options.json:
        print_json([asdict(one) for one in found])
    else:
        for one in found:
            print_conflict(one)
    if not found:
        note("no two places were found that disagree")
    return OK


def chat(options: argparse.Namespace) -> int:
    """Answers the questions on stdin, each after those before it."""
    notes, _ = _opened(options)
    history: list[str] = []
    if sys.stdin.isatty():
        note("Ask your notes; an empty line or Ctrl-D ends.")
    for question in _questions():
        try:
            answer = notes.ask(question, history=history)
        except AssistantError as error:
            complain(error)
            continue
        if options.json:
            print(json.dumps(asdict(answer), ensure_ascii=False), flush=True)
        else:
            print_answer(answer)
        history.append(question)
    return OK


def status(options: argparse.Namespace) -> int:
    """Prints the notes, and the files that were left out."""
    notes, report = _opened(options)
    records = notes.notes()
    if options.json:
        listed = [{"path": one.path, "title": one.title, "kind": one.kind, "passages": one.passages} for one in records]
        print_json({"notes": listed, "skipped": [asdict(one) for one in report.skipped], "index": str(notes.settings.index)})
        return OK
    for record in records:
        print(f"{record.passages:5d} passages  {record.path}")
    for skipped in report.skipped:
        print(f"      skipped   {skipped.path}: {skipped.reason}")
    print(f"{len(records)} notes, {sum(one.passages for one in records)} passages, {len(report.skipped)} skipped; index in {notes.settings.index}")
    return OK


def doctor(options: argparse.Namespace) -> int:
    """Prints the findings; FAILED if something is wrong."""
    from assistant.doctor import examine

    findings = examine(_settings(options))
    if options.json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.subject}: {finding.detail}")
    return OK if all(finding.ok for finding in findings) else FAILED


def evaluate(options: argparse.Namespace) -> int:
    """Asks judged questions and prints the report; FAILED if a floor is not reached."""
    from assistant.evaluation.comparing import compare, read_results
    from assistant.evaluation.files import check_place, write
    from assistant.evaluation.formats import FORMATS, evaluate, recognised
    from assistant.evaluation.page import report_page
    from assistant.evaluation.terminal import comparison_text, report_text

    form, path = (FORMATS[options.format], options.questions) if options.format else recognised(options.questions)
    settings = _settings(options)
    # What cannot be is said before all questions are asked.
    form.check(options.fail_under)
    before = read_results(options.compare, form) if options.compare else None
    for file in (options.json, options.html):
        if file:
            check_place(file)
    # Other notes than one's own are not to take the place of one's own in the index.
    index = options.index or (settings.index if form.asks_notes and not options.corpus else None)
    with progress_bars() as progress:
        report = evaluate(path, form, settings, index=index, progress=progress)
    comparison = compare(report, before) if before is not None else None
    # Before anything is printed, to a reader who may leave early.
    if options.json:
        content = report.as_json() | ({"comparison": comparison.as_json()} if comparison else {})
        write(options.json, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    if options.html:
        write(options.html, report_page(report, comparison))
    print(report_text(report, failures=options.failures))
    if comparison:
        print(f"\n{comparison_text(comparison, form.headline)}")
    below = report.below(options.fail_under)
    for one in below:
        note(f"assistant: {one}")
    return FAILED if below else OK


def feedback(options: argparse.Namespace) -> int:
    """Prints the judged questions that the verdicts make."""
    from assistant.feedback import Feedback

    feedback = Feedback.beside(_settings(options).index)
    for row in feedback.judged():
        print(json.dumps(row, ensure_ascii=False))
    for one in (one for one in feedback.verdicts() if not one.good):
        note(f"found bad: {one.question}{f' ({one.remark})' if one.remark else ''}")
    return OK


def study(options: argparse.Namespace) -> int:
    """Writes the flash cards to a file, or prints them or their number."""
    from assistant.evaluation.files import check_place, write
    from assistant.study.anki import anki_text

    if options.export:
        check_place(options.export)
    notes, _ = _opened(options)
    found = notes.cards()
    if options.export:
        write(options.export, anki_text(found))
    elif options.json:
        print_json([asdict(one) for one in found])
        return OK
    counts = Counter(one.kind for one in found)
    print(f"{len(found)} cards: {', '.join(f'{count} of {kind}' for kind, count in sorted(counts.items()))}")
    return OK


def serve(options: argparse.Namespace) -> NoReturn:
    """Serves the page until it is interrupted."""
    from assistant.web.serve import serve

    serve(_settings(options))


# Opening


def _opened(options: argparse.Namespace) -> tuple["Assistant", SyncReport]:
    from assistant.assistant import Assistant

    with progress_bars() as progress:
        return Assistant.open_reporting(_settings(options), progress=progress)


def _settings(options: argparse.Namespace) -> Settings:
    flags = {name: getattr(options, name, None) for name in ("corpus", "index", "model", "host", "port")}
    return Settings.load(config=options.config, **flags)


def _questions() -> Iterator[str]:
    while True:
        try:
            line = input("› " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if line.strip():
            yield line
        elif sys.stdin.isatty():
            return
