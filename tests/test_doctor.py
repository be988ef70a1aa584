"""The doctor: one finding a subject, whatever is missing, and nothing is changed by looking."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import assistant
from assistant.assistant import Assistant
from assistant.doctor import LEAST_PYTHON, PACKAGES, Finding, examine
from assistant.encoding.compiled import compiled_folder
from assistant.encoding.models import DEFAULT_MODEL
from assistant.settings import Settings

SUBJECTS = ("python", "packages", "model", "compiled model", "token table", "notes", "index", "index folder", "cache folder")


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


def wrong(settings: Settings) -> set[str]:
    return {subject for subject, finding in found(settings).items() if not finding.ok}


@pytest.fixture
def settings(write, tmp_path, compiled) -> Settings:
    """A folder of two notes, indexed, and one file that is skipped."""
    one = Settings(corpus=write({"lamp.md": "# Lamp\n\nIt burns.\n", "sea.txt": "Salt water.\n", "empty.md": ""}), index=tmp_path / "index")
    Assistant.open(one)
    return one


def test_all_is_well(settings):
    findings = found(settings)
    assert tuple(findings) == SUBJECTS
    assert [finding.subject for finding in findings.values() if not finding.ok] == []
    assert findings["python"].detail == ".".join(map(str, sys.version_info[:3]))
    assert findings["packages"].detail.startswith(f"all {len(PACKAGES)} there, with torch 2.")
    assert re.match(r"agrees with the model \(least cosine 0\.9[5-9]\d\); in .+", findings["compiled model"].detail)
    assert findings["notes"].detail == f"2 in {settings.corpus[0]}, 1 skipped (empty.md is empty)"
    assert findings["index"].detail == f"2 notes, 2 passages, search caches sound; in {settings.index}"


def test_it_changes_nothing(settings, tmp_path):
    def state() -> dict[Path, tuple[int, int]]:
        # SQLite's shared memory and journal come and go with whoever reads.
        files = (path for path in tmp_path.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
        return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

    before = state()
    examine(settings)
    examine(Settings(corpus=tmp_path / "none", index=tmp_path / "none/index", cache=tmp_path / "none/cache"))
    assert state() == before
    assert not (tmp_path / "none").exists()


def test_a_fresh_install_is_well(settings, tmp_path):
    findings = found(Settings(corpus=settings.corpus, index=tmp_path / "new/index", cache=tmp_path / "new/cache"))
    assert all(finding.ok for finding in findings.values())
    assert "compiled" in findings["compiled model"].detail
    assert "`assistant index` builds it" in findings["index"].detail
    assert findings["index folder"].detail.startswith(f"{tmp_path / 'new/index'} can be written and made")


def test_missing_notes_concern_the_notes_alone(settings, tmp_path):
    gone = Settings(corpus=tmp_path / "gone", index=settings.index)
    assert wrong(gone) == {"notes"}
    assert f"'{tmp_path / 'gone'}' does not exist" in found(gone)["notes"].detail
    (tmp_path / "bare").mkdir()
    assert "no note" in found(Settings(corpus=tmp_path / "bare", index=settings.index))["notes"].detail


def test_a_missing_model_folder_is_told(settings):
    other = Settings(corpus=settings.corpus, index=settings.index, model="./nowhere")
    assert wrong(other) == {"model", "compiled model"}
    assert "give a sentence-transformers folder" in found(other)["model"].detail


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "probes.npy"])
def test_a_damaged_model_is_told(settings, tmp_path, name):
    source = compiled_folder(DEFAULT_MODEL, settings.cache_folder)
    folder = tmp_path / "cache/encoders" / source.name
    shutil.copytree(source, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-1000])
    spoilt = Settings(corpus=settings.corpus, index=settings.index, cache=tmp_path / "cache")
    assert wrong(spoilt) == {"compiled model"}
    assert "is damaged" in found(spoilt)["compiled model"].detail


def test_a_damaged_index_is_told(settings):
    file = settings.index / "notes.db"
    file.write_bytes(b"no database at all" * 1000)
    assert wrong(settings) == {"index"}
    assert f"delete the folder {settings.index}" in found(settings)["index"].detail
    assert file.read_bytes().startswith(b"no database")


@pytest.mark.parametrize(("version", "ok", "told"), [(99, False, "newer version"), (0, True, "older version")])
def test_an_index_of_another_version_is_told_and_left_alone(settings, version, ok, told):
    connection = sqlite3.connect(settings.index / "notes.db")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
    finding = found(settings)["index"]
    assert (finding.ok, told in finding.detail) == (ok, True)
    connection = sqlite3.connect(settings.index / "notes.db")
    assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    connection.close()


def test_caches_that_are_gone_will_be_made(settings):
    shutil.rmtree(settings.index / "caches")
    finding = found(settings)["index"]
    assert (finding.ok, "search caches to be made" in finding.detail) == (True, True)


def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    blocked = Settings(corpus=settings.corpus, index=tmp_path / "file/index")
    assert "index folder" in wrong(blocked)
    assert "--index" in found(blocked)["index folder"].detail


@pytest.mark.parametrize(
    ("missing", "concerned"),
    [
        ("numpy", {"compiled model", "index"}),
        ("onnxruntime", {"compiled model"}),
        ("tiktoken", {"token table"}),
        ("charset_normalizer", set()),
        ("torch", set()),
        ("platformdirs", {"compiled model", "cache folder"}),
    ],
)
def test_a_missing_package_concerns_what_needs_it(settings, missing, concerned):
    code = f"""
import sys
sys.modules[{missing!r}] = None
from assistant.doctor import examine
from assistant.settings import Settings
for finding in examine(Settings(corpus={str(settings.corpus[0])!r}, index={str(settings.index)!r})):
    print(finding.ok, finding.subject, finding.detail, sep="|")
print(sorted({{"torch", "gradio", "transformers", "sentence_transformers"}} & {{name for name, module in sys.modules.items() if module}}))
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(assistant.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stderr == ""
    *lines, heavy = done.stdout.splitlines()
    findings = [line.split("|", 2) for line in lines]
    assert tuple(subject for _, subject, _ in findings) == SUBJECTS
    assert {subject for ok, subject, _ in findings if ok == "False"} == concerned
    assert all("install the package" in detail for ok, _, detail in findings if ok == "False")
    assert heavy == "[]"


def test_the_packages_are_those_of_the_project():
    file = Path(__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    assert {re.match(r"[\w.-]+", one)[0] for one in project["dependencies"]} == set(PACKAGES)
    assert project["requires-python"] == f">={'.'.join(map(str, LEAST_PYTHON))}"
