"""The command line. It parses, calls the façade and prints: answers and data on stdout, all else on stderr.

Exit codes: 0 done, 1 an error that is explained, 2 wrong usage, 3 the notes do not answer the question, 130 interrupted.
"""

import argparse
import json
import os
import sys
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
        hits = notes.search(" ".join(options.query), k=options.k)
        if options.json:
            return _print_json([hit_json(hit) for hit in hits])
        for hit in hits:
            print(f"{hit.score:.3f}  {_place(hit.passage.path, hit.passage.line, hit.passage.headings)}")
            print(f"       {_shortened(hit.passage.text, 160)}")
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


def _serve(options: argparse.Namespace) -> int:
    from assistant.web.serve import serve

    serve(_settings(options))
    return OK


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
    if not answer.answered:
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
    add("chat", _chat, "ask question after question; follow-ups are understood")
    add("status", _status, "list what is indexed, and what was skipped and why")
    add("doctor", _doctor, "check that all that is needed is there and works")
    serve = add("serve", _serve, "serve the chat page", data=False)
    serve.add_argument("--host", help="address to listen on (127.0.0.1); another needs a password (ASSISTANT_PASSWORD)")
    serve.add_argument("--port", type=int, help="port to listen on (7860)")
    return parser


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
