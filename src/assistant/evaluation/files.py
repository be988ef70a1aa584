"""The files of judged sets. What is wrong with one is said as EvaluationError, with its name and line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError


def text_of(file: Path) -> str:
    """What ``file`` holds, in UTF-8. Raises EvaluationError if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read ({error.strerror}): check its path") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{file} is not UTF-8 ({error}): expected text") from error


def rows_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects in ``file``, one a line, each with the file and line that it is from. Raises EvaluationError for a line that is none."""
    # Not splitlines: JSON may hold separators that it takes for ends of lines.
    for number, line in enumerate(text_of(file).split("\n"), start=1):
        if line.strip():
            where = f"{file}:{number}"
            try:
                row = json.loads(line)
            except ValueError as error:
                raise EvaluationError(f"{where} is no JSON ({error}): expected an object a line") from error
            if not isinstance(row, dict):
                raise EvaluationError(f"{where} is {line.strip()[:40]!r}: expected a JSON object")
            yield where, row


def check_place(file: Path) -> None:
    """Raises EvaluationError if ``file`` is one that cannot be written: before hours of asking, not after."""
    if file.is_dir() or not file.parent.is_dir():
        raise EvaluationError(f"{file} cannot be written: expected a file in a folder that is there")


def write(file: Path, text: str) -> None:
    """Writes ``text`` to ``file``. Raises EvaluationError if the disk will not take it."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{file} cannot be written ({error.strerror}): check its folder's permissions and space") from error
