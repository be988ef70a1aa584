"""The command line: what it prints where, and how it exits."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import assistant
from assistant import cli

NOTES = {
    "harbour/queue.md": "# Harbour queue\n\nA message stays in the harbour queue for 4 days.\n",
    "lamp.txt": "The lamp of the lighthouse is lit at dusk.\n",
    "empty.md": "",
}
QUESTION = "How long does a message stay in the harbour queue?"
UNKNOWN = "Who won the football championship in Brazil?"


@pytest.fixture(autouse=True)
def _nothing_else_is_set(monkeypatch, tmp_path):
    """No settings of whoever runs the tests, and a folder without a settings file to run in."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def where(write, tmp_path, compiled) -> list[str]:
    """The flags for a small folder of notes."""
    return ["--corpus", str(write(NOTES)), "--index", str(tmp_path / "index")]


@pytest.fixture
def told(capsys) -> Callable[..., tuple[int, str, str]]:
    """A function that runs a command here and gives its exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main(arguments)
        except SystemExit as exit_:
            code = exit_.code
        return (code, *capsys.readouterr())

    return run


def process(*arguments: str | bytes, stdout: int = subprocess.PIPE, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess:
    """A command in a process of its own, with the package that is tested here."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(Path(assistant.__file__).parents[1]), **environment},
    )


# Answers


def test_an_answer_names_its_places(told, where, write):
    code, out, err = told("ask", *where, QUESTION)
    assert (code, err) == (cli.OK, "")
    answer, places = out.rsplit("\n\n", 1)
    assert answer.startswith("A message stays in the harbour queue for **4 days**. [1]")
    path, line, headings = re.match(r"\[1\] (.+):(\d+)  (.+)", places).groups()
    assert (path, line, headings) == ("harbour/queue.md", "3", "Harbour queue")
    assert (write({}) / path).read_text().splitlines()[int(line) - 1] == "A message stays in the harbour queue for 4 days."


def test_a_question_may_be_several_words(told, where):
    assert told("ask", *where, *QUESTION.split()) == told("ask", *where, QUESTION)


def test_not_in_the_notes_has_an_exit_code_of_its_own_and_names_the_nearest(told, where):
    code, out, err = told("ask", *where, UNKNOWN)
    assert (code, err) == (3, "")
    assert re.match(r"This is not in your notes\.\n\n\S.*\.\nThe nearest passages:\n  ", out)
    assert sorted(re.findall(r"^  (\S+):\d+", out, re.M)) == ["harbour/queue.md", "lamp.txt"]
    code, out, _ = told("ask", *where, "--json", UNKNOWN)
    assert (code, json.loads(out)["answered"]) == (3, False)


def test_an_answer_as_json(told, where):
    code, out, err = told("ask", *where, "--json", QUESTION)
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert set(answer) == {
        "question", "standalone", "text", "short", "answered", "confidence", "citations", "hits", "timings", "corrections", "further",
        "disagreements", "reason",
    }  # fmt: skip
    assert (answer["question"], answer["short"], answer["answered"]) == (QUESTION, "4 days", True)
    assert answer["citations"][0] == {
        "number": 1, "path": "harbour/queue.md", "start": 17, "end": 65, "line": 3, "page": None, "headings": ["Harbour queue"],
        "quote": "A message stays in the harbour queue for 4 days.",
    }  # fmt: skip
    assert set(answer["hits"][0]) == {"passage", "score", "dense", "lexical"}


def test_what_was_mended_is_told(told, where):
    code, out, err = told("ask", *where, "How long does a mesage stay in the harbuor queue?")
    assert (code, err) == (cli.OK, "searched for: How long does a message stay in the harbour queue?\n")
    assert "4 days" in out


def test_where_nothing_disagrees_that_is_said(told, where):
    assert told("conflicts", *where) == (cli.OK, "", "no two places were found that disagree\n")
    assert told("conflicts", *where, "--json") == (cli.OK, "[]\n", "no two places were found that disagree\n")


def test_operators_are_honoured_and_say_why_nothing_is_left(told, where):
    code, out, err = told("ask", *where, f"[[lamp]] {QUESTION}")
    assert "queue.md" not in out
    reason = "Filtered out: no note is called [[lmap]]; the nearest: [[Lamp]]."
    code, out, err = told("ask", *where, f"[[lmap]] {QUESTION}")
    assert (code, out, err) == (cli.NOT_IN_NOTES, f"This is not in your notes.\n\n{reason}\n", "")
    assert told("search", *where, f"[[lmap]] {QUESTION}") == (cli.OK, "", f"{reason}\n")
    code, out, err = told("search", *where, "file:*.txt dusk queue")
    assert re.findall(r"(\S+):\d", out) == ["lamp.txt"]


def test_a_follow_up_says_what_it_was_understood_as(told, where):
    code, out, err = told("ask", *where, "--history", QUESTION, "And then?")
    assert (code, err) == (0, f"searched for: {QUESTION} And then?\n")
    assert "4 days" in out


def test_an_answer_explained(told, where):
    _, out, _ = told("ask", *where, "--explain", QUESTION)
    assert re.search(r"^confidence 0\.\d\d|^confidence 1\.00", out, re.M)
    assert re.search(r"^  \d\.\d{3} \(meaning 0\.\d\d, words \d\.\d\d\)  harbour/queue\.md:1  Harbour queue$", out, re.M)


def test_search(told, where):
    code, out, err = told("search", *where, "lamp at dusk")
    assert (code, err) == (0, "")
    first, text = out.splitlines()[:2]
    assert re.fullmatch(r"\d\.\d{3}  lamp\.txt:1", first)
    assert text == "       The lamp of the lighthouse is lit at dusk."
    code, out, _ = told("search", *where, "--json", "-k", "1", "lamp at dusk")
    assert (code, [hit["passage"]["path"] for hit in json.loads(out)]) == (0, ["lamp.txt"])


# The notes


def test_index_counts_what_it_did(told, where, write):
    assert told("index", *where) == (0, "2 notes: 2 added, 0 changed, 0 removed, 0 unchanged\nskipped empty.md: is empty\n", "")
    write({"lamp.txt": "The lamp is broken.\n"})
    code, out, err = told("index", *where, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "added": [], "changed": ["lamp.txt"], "removed": [], "unchanged": ["harbour/queue.md"], "skipped": [{"path": "empty.md", "reason": "is empty"}],
    }  # fmt: skip


def test_status(told, where, tmp_path):
    code, out, err = told("status", *where)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "    1 passages  harbour/queue.md",
        "    1 passages  lamp.txt",
        "      skipped   empty.md: is empty",
        f"2 notes, 2 passages, 1 skipped; index in {tmp_path / 'index'}",
    ]
    code, out, _ = told("status", *where, "--json")
    assert (code, json.loads(out)) == (0, {
        "notes": [
            {"path": "harbour/queue.md", "title": "Harbour queue", "kind": "markdown", "passages": 1},
            {"path": "lamp.txt", "title": "Lamp", "kind": "text", "passages": 1},
        ],
        "skipped": [{"path": "empty.md", "reason": "is empty"}],
        "index": str(tmp_path / "index"),
    })  # fmt: skip


def test_doctor(told, where):
    told("index", *where)
    code, out, err = told("doctor", *where)
    assert (code, err) == (0, "")
    assert all(line.startswith("ok    ") for line in out.splitlines())
    code, out, _ = told("doctor", *where, "--json")
    assert (code, {finding["subject"]: finding["ok"] for finding in json.loads(out)}["notes"]) == (0, True)
    code, out, _ = told("doctor", "--corpus", "nowhere")
    assert code == 1
    assert re.search(r"^FAIL  notes: .*'nowhere'", out, re.M)


def test_flags_go_over_the_environment(told, where, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CORPUS", "nowhere")
    assert told("status")[0] == 1
    assert told("status", *where)[0] == 0


# Chat


def chat(where: list[str], talk: bytes, *flags: str) -> subprocess.CompletedProcess:
    return process("chat", *where, *flags, stdin=talk)


def test_a_chat_from_a_pipe_remembers_and_goes_on_after_errors(where):
    talk = f"{QUESTION}\n\nAnd then?\n{'x' * 5000}\n\xff\n{UNKNOWN}"
    done = chat(where, talk.encode("latin-1"), "--json")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["question"] for answer in answers] == [QUESTION, "And then?", "\N{REPLACEMENT CHARACTER}", UNKNOWN]
    assert answers[1]["standalone"] == f"{QUESTION} And then?"
    assert [answer["answered"] for answer in (answers[0], answers[1], answers[3])] == [True, True, False]
    assert re.fullmatch(r"assistant: the question has 5000 characters; .*\n", done.stderr.decode())


def test_a_chat_answers_as_ask_does(told, where):
    assert chat(where, QUESTION.encode()).stdout.decode() == told("ask", *where, QUESTION)[1]


# Errors


@pytest.mark.parametrize(
    "arguments",
    [(), ("fly",), ("ask",), ("search",), ("ask", "--fly", "why"), ("search", "-k", "0", "lamp"), ("search", "-k", "few", "lamp"), ("serve", "--port", "x")],
)
def test_wrong_usage(told, arguments):
    code, out, err = told(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: assistant")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("ask", "--corpus", "no\nwhere", "why"), "does not exist"),
        (("index", "--model", "./nothing"), "model folder './nothing' does not exist"),
        (("status", "--config", "none.toml"), "none.toml cannot be read"),
        (("doctor", "--config", "broken.toml"), "broken.toml is not valid TOML"),
        (("serve", "--port", "70000"), "setting 'port' got 70000"),
    ],
)
def test_an_error_is_one_line_on_stderr(told, tmp_path, arguments, reason):
    (tmp_path / "broken.toml").write_text("corpus = [\n\n\n'''", encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    code, out, err = told(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("assistant: ")
    assert err.index("\n") == len(err) - 1
    assert reason in err


def test_an_empty_question_is_an_error(told, where):
    assert told("ask", *where, " ") == (1, "", "assistant: the question is empty: ask something, for example what a word in your notes means\n")


# As a process


def test_help_and_version(told):
    code, out, err = told("--help")
    assert (code, err) == (0, "")
    assert all(re.search(rf"^\s+{command}\b", out, re.M) for command in ("index", "ask", "search", "chat", "status", "doctor", "serve"))
    code, out, err = told("--version")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"assistant(?: \d+\.\d+\.\d+|, not installed)\n", out)


def test_a_question_loads_nothing_heavy(where, told):
    told("index", *where)
    code = f"""
import sys
sys.path.insert(0, {str(Path(assistant.__file__).parents[1])!r})
from assistant.cli import main
assert main({["ask", *where, QUESTION]!r}) == 0
print(sorted({{"torch", "transformers", "sentence_transformers", "gradio", "tiktoken", "scipy", "sklearn", "pandas", "bs4", "tqdm"}} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_what_a_terminal_cannot_show_is_no_reason_to_fail(write, tmp_path, compiled, encoding):
    where = ["--corpus", str(write({"tide.md": "# Tide › Ebbe\n\nThe tide 潮 turns twice a day 🌊.\n"})), "--index", str(tmp_path / "index")]
    done = process("ask", *where, "How often does the tide turn?", b"\xff", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr[:200]) == (0, b"")
    assert b"turns twice a day" in done.stdout


def test_a_reader_who_leaves_early_is_no_error(where):
    reader, writer = os.pipe()
    os.close(reader)
    # Buffered, as an output is that nobody watches: what nobody read is still there when the process ends.
    done = process("status", *where, stdout=writer, PYTHONUNBUFFERED="")
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_files_under_an_answer_can_be_opened_as_they_are_told(told, where, write):
    _, out, _ = told("ask", *where, "When is the lamp of the lighthouse lit?")
    places = re.findall(r"^\[\d+\] (.+?):\d+", out, re.M)
    assert places
    assert all(Path(write({}), place).is_file() for place in places)
