"""The layers: imports run one way, and what is imported early is light."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

SOURCE = Path(assistant.__file__).parent

LAYERS = (
    ("errors", "values", "progress"),
    ("reading",),
    ("segmenting", "library", "feedback"),
    ("encoding",),
    ("settings",),
    ("index",),
    ("retrieval",),
    ("answering", "conversation", "mapping"),
    ("study", "understanding"),
    ("state",),
    ("assistant",),
    ("doctor", "evaluation", "web"),
    # It starts the server of the page.
    ("cli",),
)
"""Lowest first. A part imports from itself and from the lines above its own, and nothing else of the package."""

RANK = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import in ``source``, wherever in it; ``from a import b`` counts as ``a.b``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def part_of(file: Path) -> str:
    return file.relative_to(SOURCE).with_suffix("").parts[0]


def offences(part: str, source: str) -> list[str]:
    """The imports in a file of ``part`` that run against the order."""
    found = []
    for line, name in imports(source):
        first, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        # The package itself hands out public names; a name of it is not one of its parts.
        if first != "assistant" or target == part:
            continue
        if RANK.get(target, len(LAYERS)) >= RANK[part]:
            found.append(f"line {line}: {part} imports {name}")
    return found


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_imports_run_one_way(file):
    if file == SOURCE / "__init__.py":
        return  # the door: it stands above all
    assert part_of(file) in RANK, f"{part_of(file)} is in no layer: put it into LAYERS"
    assert offences(part_of(file), file.read_text(encoding="utf-8")) == []


def test_an_import_against_the_order_is_named():
    source = "import assistant.web\n\n\ndef later():\n    from assistant.index.store import Store\n    from assistant.values import Hit\n"
    assert offences("segmenting", source) == ["line 1: segmenting imports assistant.web", "line 5: segmenting imports assistant.index.store.Store"]


def run(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment).stdout


def test_importing_the_package_loads_nothing_else_and_opens_no_file():
    code = """
import sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(arguments[0]) if event == "open" else None)
before = set(sys.modules)
import assistant
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names))
print([name for name in opened if not str(name).endswith((".py", ".pyc"))])
"""
    assert run(code).splitlines() == ["['assistant']", "[]"]


def test_the_settings_and_the_command_line_load_nothing_heavy():
    code = """
import sys
import assistant.cli, assistant.conversation, assistant.doctor
print(sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"__main__", "assistant"}))
"""
    loaded = ast.literal_eval(run(code))
    # What an interpreter loads by itself, for an editable install say, begins with an underscore or is the site's.
    assert [name for name in loaded if not name.startswith(("_", "site", "distutils"))] == []


def test_every_public_name_is_there():
    assert {name: getattr(assistant, name).__name__ for name in assistant.__all__} == {name: name for name in assistant.__all__}
    assert set(assistant.__all__) <= set(dir(assistant))
    with pytest.raises(AttributeError, match="no attribute 'Asistant'"):
        assistant.Asistant  # noqa: B018
