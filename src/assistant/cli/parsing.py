"""The commands, their flags and their help."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from assistant.cli import commands


def parser() -> argparse.ArgumentParser:
    """The parser; what it gives has the command to run as ``run``."""
    program = argparse.ArgumentParser(prog="assistant", description="Ask a folder of notes; every word of the answer is quoted from them.")
    program.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    subcommands = program.add_subparsers(required=True, metavar="COMMAND")
    common = _common()

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str, *, data: bool = True) -> argparse.ArgumentParser:
        command = subcommands.add_parser(name, help=text, description=text, parents=[common])
        command.set_defaults(run=run)
        if data:
            command.add_argument("--json", action="store_true", help="print data as JSON")
        return command

    add("index", commands.index, "build the index, or bring it up to date")
    ask = add("ask", commands.ask, "ask a question; exit code 3 if the notes do not answer it")
    ask.add_argument("question", nargs="+")
    ask.add_argument("--history", action="append", metavar="QUESTION", help="an earlier question of the same talk; may be given again")
    ask.add_argument("--explain", action="store_true", help="show scores and timings as well")
    search = add("search", commands.search, "list the passages that fit best")
    search.add_argument("query", nargs="+")
    search.add_argument("-k", type=_positive, default=10, metavar="N", help="how many passages (10)")
    conflicts = add("conflicts", commands.conflicts, "list where notes give different values for the same thing, the most certain first")
    conflicts.add_argument("-k", type=_positive, default=20, metavar="N", help="how many (20)")
    add("chat", commands.chat, "ask question after question; follow-ups are understood")
    add("status", commands.status, "list what is indexed, and what was skipped and why")
    add("doctor", commands.doctor, "check that all that is needed is there and works")
    _eval_options(add("eval", commands.evaluate, "measure how well judged questions are answered", data=False))
    add("feedback", commands.feedback, "print the answers that readers found good, as judged questions for eval; those found bad go to stderr", data=False)
    study = add("study", commands.study, "count the flash cards that the notes make, or write them down")
    study.add_argument("--export", type=Path, metavar="FILE", help="write them as a text file that Anki imports")
    serve = add("serve", commands.serve, "serve the chat page", data=False)
    serve.add_argument("--host", help="address to listen on (127.0.0.1); another needs a password (ASSISTANT_PASSWORD)")
    serve.add_argument("--port", type=int, help="port to listen on (7860)")
    return program


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
