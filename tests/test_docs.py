"""The documents say what is true: their examples run, their commands and settings exist, their links lead somewhere."""

import argparse
import contextlib
import io
import os
import re
import shlex
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote

import pytest

import assistant
from assistant import Assistant, Settings, cli
from assistant.answering.abstaining import OPERATING_POINT
from assistant.cli import FAILED, INTERRUPTED, NOT_IN_NOTES, OK
from assistant.reading import _PARSERS
from assistant.settings import NAMES
from conftest import ROOT
from test_layers import LAYERS

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), ROOT / "corpus" / "README.md"])

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_ROW = re.compile(r"^\|(.+)\|$", re.M)


def fences(text: str, language: str) -> list[str]:
    """What stands in the code blocks of a language."""
    return [body for name, body in _FENCE.findall(text) if name == language]


def table(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column is headed ``first``, without its head."""
    lines = text[text.index(f"| {first} |") :].split("\n\n")[0].strip().split("\n")
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines[2:]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.fixture
def beside_the_notes(corpus_notes, tmp_path, monkeypatch) -> Path:
    """A folder to run the examples in, with the notes and their index where they are in the repository; no settings of whoever runs this."""
    (tmp_path / "corpus").symlink_to(ROOT / "corpus", target_is_directory=True)
    (tmp_path / "index").symlink_to(corpus_notes.settings.index, target_is_directory=True)
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


# The examples


def test_the_python_example_gives_the_output_shown(beside_the_notes):
    (code,), (shown,) = fences(README, "python"), fences(README, "text")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "README.md", "exec"), {})
    assert output.getvalue() == shown


def test_the_command_gives_the_output_shown(beside_the_notes, capsys):
    (example,) = fences(README, "console")
    command, _, shown = example.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "assistant"
    assert cli.main(arguments) == OK
    assert capsys.readouterr().out.rstrip("\n") == shown.rstrip("\n")


def test_every_way_asks_the_same():
    (code,), (example,) = fences(README, "python"), fences(README, "console")
    question = shlex.split(example.partition("\n")[0])[-1]
    assert f"ask({question!r})".replace("'", '"') in code
    assert f"type `{question}`" in README
    (address,) = re.findall(r"\?q=([^>\s]+)>", README)
    assert unquote(address.replace("+", " ")) == question


# Commands


def subcommands() -> dict[str, argparse.ArgumentParser]:
    (action,) = (one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(action.choices)


def commands(text: str) -> list[list[str]]:
    lines = [line.removeprefix("$ ") for language in ("sh", "console") for body in fences(text, language) for line in body.split("\n")]
    inline = re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))
    return [shlex.split(line)[1:] for line in [*lines, *inline] if line.startswith("assistant ") and "COMMAND" not in line]


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_commands_are_those_that_there_are(file):
    for arguments in commands(file.read_text(encoding="utf-8")):
        if arguments in (["ask"], ["search"]):
            continue  # the name alone, in running text
        cli.parser().parse_args(arguments)


def test_every_command_is_named():
    assert set(subcommands()) == set(codes(README[README.index("The commands are") :].partition(";")[0]))


def test_the_two_commands_stand_alone_on_their_line():
    blocks = [body.strip() for body in fences(README, "sh")]
    assert blocks[:2] == ["pip install . && python app.py", "pip install '.[test]' && pytest"]
    assert re.findall(r"^pip install .*&& pytest$", README, re.M) == [blocks[1]]


def test_exit_codes_are_told():
    told = [int(code) for code, _ in table(README, "Code")]
    assert told == [OK, FAILED, 2, NOT_IN_NOTES, INTERRUPTED]
    assert [line for line in (cli.__doc__ or "").split("\n") if line.startswith("Exit codes")] == [
        "Exit codes: 0 done, 1 an error that is explained, 2 wrong usage, 3 the notes do not answer the question, 130 interrupted."
    ]


# Settings, formats, values


def test_the_table_of_settings_lists_them_all():
    rows = {codes(row[0])[0]: row[1:] for row in table(README, "In `assistant.toml`")}
    assert list(rows) == list(NAMES)
    flags = {option for parser in subcommands().values() for option in parser._option_string_actions}
    plain = {"cache": "the user's cache folder", "password": "none"}
    for name in NAMES:
        flag, variable, default, _ = rows[name]
        assert codes(variable) == [f"ASSISTANT_{name.upper()}"]
        assert codes(flag) == ([f"--{name}"] if f"--{name}" in flags else [])
        value = getattr(Settings(), name)
        shown = str(*value) if name == "corpus" else value if isinstance(value, int | float) else str(value)
        assert default == plain.get(name, f"`{shown!r}`".replace("'", '"'))


def test_the_settings_file_shown_is_one(tmp_path):
    (text,) = fences(README, "toml")
    (tmp_path / "assistant.toml").write_text(text)
    assert Settings.load(config=tmp_path / "assistant.toml", environment={}).answer_words == 60


def test_the_formats_are_those_that_are_read():
    told = [suffix for row in table(README, "Format") for suffix in codes(row[1])]
    assert sorted(told) == sorted(_PARSERS)


def test_the_values_have_the_fields_shown():
    for name, told in table(README, "Value"):
        (value,) = codes(name)
        assert codes(told) == [field.name for field in fields(getattr(assistant, value))], value


def test_the_calls_are_those_that_there_are():
    for call, _ in table(README, "Call"):
        name = codes(call)[0].partition("(")[0]
        assert callable(getattr(Assistant, name))


def test_the_operating_point_is_told():
    assert f"operating point ({OPERATING_POINT})" in README


# What leads elsewhere


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(file):
    for target in _LINK.findall(_FENCE.sub("", file.read_text(encoding="utf-8"))):
        if not re.match(r"https?:", target):
            assert (file.parent / target.partition("#")[0]).exists(), f"{target} leads nowhere"


def test_the_layers_of_the_document_are_those_of_the_test():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [tuple(codes(row[0])) for row in table(text, "Parts")] == list(reversed(LAYERS))


def test_each_guarantee_names_a_test_that_there_is():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = table(text, "Guarantee")
    assert len(rows) > 20
    for _, told in rows:
        file, _, name = codes(told)[0].partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.M), told
