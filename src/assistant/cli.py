"""The command line. It parses, calls the façade and prints: answers and data on stdout, all else on stderr.

Exit codes: 0 done, 1 an error that is explained, 2 wrong usage, 3 the notes do not answer the question, 130 interrupted.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import AssistantError
from assistant.progress import progress_bars
from assistant.settings import Settings
from assistant.values import Answer, Hit, SyncReport

OK, FAILED, NOT_IN_NOTES, INTERRUPTED = 0, 1, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = options.run(options)
        # Now, not at exit, where Python itself would complain of a reader that has gone.
        sys.stdout.flush()
        return code
    except AssistantError as error:
        _complain(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough of it; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def script() -> NoReturn:
    """The entry point of the installed command."""
    # Notes and questions hold what a terminal may not show and a pipe may not decode: that is no reason to fail.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main())


# Commands


def _index(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, report):
        if options.json:
            return _print_json({name: list(paths) for name, paths in asdict(report).items() if name != "skipped"} | {"skipped": _skipped(report)})
        counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "removed", "unchanged"))
        print(f"{len(notes.notes())} notes: {counts}")
        for one in report.skipped:
            print(f"skipped {one.path}: {one.reason}")
    return OK


def _ask(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, _):
        answer = notes.ask(" ".join(options.question), history=options.history or ())
        if options.json:
            _print_json(answer_json(answer))
        else:
            _print_answer(answer, explain=options.explain)
        return OK if answer.answered else NOT_IN_NOTES


def _search(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, _):
        query = " ".join(options.query)
        hits = notes.search(query, k=options.k)
        if not hits and (reason := notes.filtered_out(query)):
            print(reason, file=sys.stderr)
        if options.json:
            return _print_json([hit_json(hit) for hit in hits])
        for hit in hits:
            print(f"{hit.score:.3f}  {_place(hit.passage.path, hit.passage.line, hit.passage.headings)}")
            print(f"       {_shortened(hit.passage.text, 160)}")
    return OK


def _conflicts(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, _):
        found = notes.conflicts()[: options.k]
        if options.json:
            return _print_json([asdict(one) for one in found])
        for one in found:
            print(f"{one.certainty:.2f}  {' / '.join(dict.fromkeys(' '.join(claim.value.split()) for claim in one.claims))}")
            for quoted in one.citations:
                print(f"      {_place(quoted.path, quoted.line, quoted.headings)}")
                print(f"        {_shortened(quoted.quote, 160)}")
    return OK


def _chat(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, _):
        history: list[str] = []
        if sys.stdin.isatty():
            print("Ask your notes; an empty line or Ctrl-D ends.", file=sys.stderr)
        for question in _questions():
            try:
                answer = notes.ask(question, history=history)
            except AssistantError as error:
                _complain(error)
                continue
            if options.json:
                print(json.dumps(answer_json(answer), ensure_ascii=False), flush=True)
            else:
                _print_answer(answer, explain=False)
            history.append(question)
    return OK


def _status(options: argparse.Namespace) -> int:
    with _opened(options) as (notes, report):
        records = notes.notes()
        if options.json:
            listed = [{"path": one.path, "title": one.title, "kind": one.kind, "passages": one.passages} for one in records]
            return _print_json({"notes": listed, "skipped": _skipped(report), "index": str(notes.settings.index)})
        for one in records:
            print(f"{one.passages:5d} passages  {one.path}")
        for one in report.skipped:
            print(f"      skipped   {one.path}: {one.reason}")
        print(f"{len(records)} notes, {sum(one.passages for one in records)} passages, {len(report.skipped)} skipped; index in {notes.settings.index}")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from assistant.doctor import examine

    findings = examine(_settings(options))
    if options.json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.subject}: {finding.detail}")
    return OK if all(finding.ok for finding in findings) else FAILED


def _eval(options: argparse.Namespace) -> int:
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
        print(f"assistant: {one}", file=sys.stderr)
    return FAILED if below else OK


def _feedback(options: argparse.Namespace) -> int:
    from assistant.feedback import Feedback

    feedback = Feedback.beside(_settings(options).index)
    for row in feedback.judged():
        print(json.dumps(row, ensure_ascii=False))
    for one in (one for one in feedback.verdicts() if not one.good):
        print(f"found bad: {one.question}{f' ({one.remark})' if one.remark else ''}", file=sys.stderr)
    return OK


def _study(options: argparse.Namespace) -> int:
    from assistant.evaluation.files import check_place, write
    from assistant.study.anki import anki_text

    if options.export:
        check_place(options.export)
    with _opened(options) as (notes, _):
        found = notes.cards()
        if options.export:
            write(options.export, anki_text(found))
        elif options.json:
            return _print_json([asdict(one) for one in found])
        counts = Counter(one.kind for one in found)
        print(f"{len(found)} cards: {', '.join(f'{count} of {kind}' for kind, count in sorted(counts.items()))}")
    return OK


def _serve(options: argparse.Namespace) -> NoReturn:
    from assistant.web.serve import serve

    serve(_settings(options))


# Opening


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[tuple[Any, SyncReport]]:
    from assistant.assistant import Assistant

    with progress_bars() as progress:
        notes, report = Assistant.open_reporting(_settings(options), progress=progress)
    yield notes, report


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


# Printing


def _complain(error: AssistantError) -> None:
    """In one line, whatever the message quotes."""
    print(f"assistant: {' '.join(str(error).split())}", file=sys.stderr)


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as JSON holds it."""
    return {**asdict(answer), "hits": [hit_json(hit) for hit in answer.hits]}


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as JSON holds it."""
    return asdict(hit)


def _print_json(value: Any) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=2))
    return OK


def _print_answer(answer: Answer, *, explain: bool) -> None:
    if answer.standalone != " ".join(answer.question.split()):
        print(f"searched for: {answer.standalone}", file=sys.stderr)
    print(answer.text)
    print()
    for one in answer.citations:
        print(f"[{one.number}] {_place(one.path, one.line, one.headings)}")
    if answer.reason:
        print(answer.reason)
    if not answer.answered and answer.hits:
        print("The nearest passages:")
        for hit in answer.hits[:3]:
            print(f"  {_place(hit.passage.path, hit.passage.line, hit.passage.headings)}")
    if explain:
        print(f"\nconfidence {answer.confidence:.2f}; " + ", ".join(f"{stage} {ms:.1f} ms" for stage, ms in answer.timings.items()))
        for hit in answer.hits:
            dense, lexical = (f"{score:.2f}" if score is not None else "-" for score in (hit.dense, hit.lexical))
            print(f"  {hit.score:.3f} (meaning {dense}, words {lexical})  {_place(hit.passage.path, hit.passage.line, hit.passage.headings)}")


def _place(path: str, line: int, headings: Sequence[str]) -> str:
    return f"{path}:{line}" + (f"  {' › '.join(headings)}" if headings else "")


def _shortened(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _skipped(report: SyncReport) -> list[dict[str, str]]:
    return [{"path": one.path, "reason": one.reason} for one in report.skipped]


# Parsing


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assistant", description="Ask a folder of notes; every word of the answer is quoted from them.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = _common()

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str, *, data: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common])
        command.set_defaults(run=run)
        if data:
            command.add_argument("--json", action="store_true", help="print data as JSON")
        return command

    add("index", _index, "build the index, or bring it up to date")
    ask = add("ask", _ask, "ask a question; exit code 3 if the notes do not answer it")
    ask.add_argument("question", nargs="+")
    ask.add_argument("--history", action="append", metavar="QUESTION", help="an earlier question of the same talk; may be given again")
    ask.add_argument("--explain", action="store_true", help="show scores and timings as well")
    search = add("search", _search, "list the passages that fit best")
    search.add_argument("query", nargs="+")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (10)")
    conflicts = add("conflicts", _conflicts, "list where notes give different values for the same thing, the most certain first")
    conflicts.add_argument("-k", type=_positive, default=20, metavar="N", help="how many (20)")
    add("chat", _chat, "ask question after question; follow-ups are understood")
    add("status", _status, "list what is indexed, and what was skipped and why")
    add("doctor", _doctor, "check that all that is needed is there and works")
    _eval_options(add("eval", _eval, "measure how well judged questions are answered", data=False))
    add("feedback", _feedback, "print the answers that readers found good, as judged questions for eval; those found bad go to stderr", data=False)
    study = add("study", _study, "count the flash cards that the notes make, or write them down")
    study.add_argument("--export", type=Path, metavar="FILE", help="write them as a text file that Anki imports")
    serve = add("serve", _serve, "serve the chat page", data=False)
    serve.add_argument("--host", help="address to listen on (127.0.0.1); another needs a password (ASSISTANT_PASSWORD)")
    serve.add_argument("--port", type=int, help="port to listen on (7860)")
    return parser


_EVAL = """
QUESTIONS is a file of judged questions, a JSON object a line:

  {"id": "q1", "question": "How long is a parcel kept?", "kind": "fact",
   "evidence": [{"source": "post/parcels.md", "quote": "kept for two weeks"}],
   "must": [["(2|two) weeks", "14 days"]], "must_not": ["year"], "history": []}

kind is fact, definition, list, howto, compare, table, troubleshoot, scenario,
conflict, typo, followup or unanswerable. An answer is right if it matches one
regular expression of each group in must and none in must_not, in at most 80
words (160 for list, howto, compare, scenario and conflict). Without must it is
right if a citation carries some of the evidence. An unanswerable question has
neither must nor evidence, and is to be refused. history holds the earlier
questions of the talk.

Other sets, told by their files unless --format names one:

  scifact  a folder in the form of BEIR, with its own documents
  aws      a CSV file (Question, Answer_True, Yes_No_True, Document_True)
  canard   a JSON list of follow-up questions and their rewrites

With --notes and without --index, the index is made in a temporary folder.
"""


def _eval_options(command: argparse.ArgumentParser) -> None:
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.description, command.epilog = f"{command.description}; exit code 1 if a floor is not reached", _EVAL
    command.add_argument("questions", type=Path, metavar="QUESTIONS", help="the judged questions, a file or a folder")
    command.add_argument("--notes", action="append", dest="corpus", type=Path, metavar="FOLDER", help="the notes that are asked; the same as --corpus")
    command.add_argument("--format", choices=("notes", "scifact", "aws", "canard"), help="the form of QUESTIONS (told by what is there)")
    command.add_argument("--json", type=Path, metavar="FILE", help="write all of it as JSON, with a row for each question")
    command.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots, and what was answered beside what was wanted")
    command.add_argument("--compare", type=Path, metavar="OLD.json", help="show what was won and lost since --json wrote that file")
    command.add_argument("--fail-under", type=_floor, action="append", default=[], metavar="MEASURE=LEAST", help="right=0.8 or right:list=0.8; may be given again")
    command.add_argument("--failures", type=_positive, default=0, metavar="N", help="show the first N questions that went wrong")


def _floor(text: str) -> Any:
    from assistant.evaluation.report import Floor

    try:
        return Floor.of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a measure and its least value, as right=0.8 or right:list=0.8") from None


class _Version(argparse.Action):
    """Looks the version up only when it is asked for, and where the package is not installed says so."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"assistant {version('assistant')}")
        except PackageNotFoundError:
            print("assistant, not installed")
        parser.exit()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--corpus", action="append", type=Path, metavar="FOLDER", help="the notes (./corpus); may be given again")
    common.add_argument("--index", type=Path, metavar="FOLDER", help="where the index lies (./index)")
    common.add_argument("--model", help="a sentence-transformers folder or name")
    common.add_argument("--config", metavar="FILE", help="a settings file (./assistant.toml)")
    return common


if __name__ == "__main__":
    script()
