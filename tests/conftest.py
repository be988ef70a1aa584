"""What tests share: a tiny real encoder, and notes folders."""

import math
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.encoding.compiled import CompiledEncoder, open_encoder
from assistant.encoding.models import DEFAULT_MODEL
from assistant.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# A busy machine takes its time: that is no failure of what is tested.
hypothesis.settings.register_profile("assistant", deadline=None)
hypothesis.settings.load_profile("assistant")

ROOT = Path(__file__).resolve().parent.parent

# Notes and judged questions of one's own, for test_quality.py. They are settings of the tests: the program refuses those it does not know,
# so they are taken out of its sight before any test runs.
OWN_NOTES, OWN_QUESTIONS = (os.environ.pop(name, None) for name in ("ASSISTANT_TEST_NOTES", "ASSISTANT_TEST_QUESTIONS"))


class HashingEncoder:
    """An Encoder without a model: a text's vector counts its words, each in the place that its CRC names.

    The cosine of two texts tells how many words they share, in any process and on any machine. ``encoded`` lists what was encoded.
    """

    max_pieces = 256

    def __init__(self, *, dimension: int = 64, fingerprint: str = "hashing") -> None:
        self.dimension = dimension
        self.fingerprint = f"{fingerprint}-{dimension}"
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder."""
        self.encoded.extend(texts)
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def embed(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """See Encoder."""
        self.encoded.append(text)
        parts = [self._vector(text[start:end]) * bool(_words(text[start:end])) for start, end in spans]
        return self._vector(text), np.array(parts, dtype=np.float32).reshape(len(spans), self.dimension)

    def count(self, texts: Sequence[str]) -> list[int]:
        """See Encoder: a piece a word, and two special ones."""
        return [len(_words(text)) + 2 for text in texts]

    def _vector(self, text: str) -> np.ndarray:
        counts = np.zeros(self.dimension, dtype=np.float32)
        for word in _words(text) or [""]:
            counts[zlib.crc32(word.encode()) % self.dimension] += 1
        return counts / np.float32(math.sqrt(float(counts @ counts)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@pytest.fixture
def encoder() -> HashingEncoder:
    """A fresh HashingEncoder."""
    return HashingEncoder()


@pytest.fixture(scope="session")
def compiled() -> CompiledEncoder:
    """The default model, compiled. It lies in the user's cache: only the first run of all takes the ten seconds to compile it."""
    return open_encoder(DEFAULT_MODEL, Settings().cache_folder)


@pytest.fixture(scope="session")
def corpus_notes(tmp_path_factory: pytest.TempPathFactory, compiled: CompiledEncoder) -> Assistant:
    """The notes that ship, indexed: half a minute, so they are for reading and asking alone."""
    return Assistant.open(Settings(corpus=ROOT / "corpus", index=tmp_path_factory.mktemp("corpus") / "index"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """A function that writes notes, path to text, and gives their folder."""
    return partial(written, tmp_path / "notes")


def written(folder: Path, notes: Mapping[str, str]) -> Path:
    """``folder``, with ``notes``, path to text, in it; their times lie an hour back, so that they are not racy."""
    folder.mkdir(exist_ok=True)
    for path, text in notes.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.stat().st_mtime_ns if file.exists() else file.parent.stat().st_mtime_ns - 3_600_000_000_000
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))
    return folder


# The page in a browser. What these need is heavy, and loaded by those tests alone.


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium."""
    from browser_support import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser) -> "Iterator[Page]":
    """A page of ``browser`` at 1280 x 800 that fails its test for what goes wrong on it."""
    from browser_support import watched

    with watched(browser) as page:
        yield page


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The address of a server over NOTES, for tests that change none of them and keep nothing beside them."""
    from web_support import NOTES, application_over, assistant_over, served

    folder = written(tmp_path_factory.mktemp("served") / "notes", NOTES)
    with served(application_over(assistant_over(folder, HashingEncoder()))) as address:
        yield address


@pytest.fixture
def notes_folder(write) -> Path:
    """A folder with NOTES in it, which is served at ``own_address``."""
    from web_support import NOTES

    return write(NOTES)


@pytest.fixture
def own_address(page, notes_folder, encoder) -> Iterator[str]:
    """The address of a server over ``notes_folder`` for one test alone; it is there as long as ``page`` is."""
    from browser_support import closing
    from web_support import application_over, assistant_over, served

    with served(application_over(assistant_over(notes_folder, encoder))) as address, closing(page):
        yield address
