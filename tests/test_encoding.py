"""Encoders: what is compiled says what the reference says, and is never half there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assistant
from assistant.encoding.compiled import LEAST_COSINE, CompiledEncoder, _folder, compiled_folder, open_encoder
from assistant.encoding.encoder import part_vectors
from assistant.encoding.models import DEFAULT_MODEL, locate
from assistant.encoding.reference import ReferenceEncoder
from assistant.encoding.tokens import count_tokens
from assistant.errors import EncoderError
from assistant.settings import Settings
from conftest import HashingEncoder

SENTENCES = (
    "The lamp of the lighthouse is lit at dusk.",
    "How many sailors does the Heron need?",
    "- rope, oil and a knife",
    "| boat | crew |\n| --- | --- |\n| Gull | 2 sailors |",
    "int hook = slots[0]; // the crane's",
    "Die Ebbe dauert etwa sechs Stunden.",
    "潮が満ちる。",
    "",
    "🦆",
    "The keeper winds the clock every Sunday, and rings the bell. " * 40,
)


@pytest.fixture(scope="module")
def reference() -> ReferenceEncoder:
    return ReferenceEncoder(DEFAULT_MODEL)


@pytest.fixture(scope="module", params=["hashing", "compiled", "reference"])
def encoder(request, compiled):
    """Each implementation of the seam."""
    return {"hashing": HashingEncoder, "compiled": lambda: compiled, "reference": lambda: request.getfixturevalue("reference")}[request.param]()


# What every encoder promises


def test_vectors_are_of_length_one_and_of_the_dimension_told(encoder):
    vectors = encoder.encode(SENTENCES)
    assert (vectors.shape, vectors.dtype) == ((len(SENTENCES), encoder.dimension), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode([]).shape[0] == 0


def test_a_text_is_embedded_as_it_is_encoded_and_its_parts_are_unit_or_zero(encoder):
    text = "The Heron needs four sailors. The Gull needs two."
    spans = [(0, 29), (30, 49), (0, 49), (10, 10), (29, 30)]
    vector, parts = encoder.embed(text, spans)
    assert vector == pytest.approx(encoder.encode([text])[0], abs=1e-5)
    assert parts.shape == (5, encoder.dimension)
    assert np.linalg.norm(parts, axis=1) == pytest.approx([1, 1, 1, 0, 0], abs=1e-5)
    gull = encoder.encode(["The Gull needs two."])[0]
    assert parts[1] @ gull > parts[0] @ gull + 0.1
    assert encoder.embed(text, [])[1].shape == (0, encoder.dimension)


def test_what_an_encoder_does_not_see_has_no_vector(compiled, reference):
    text = "word " * 300 + "end"
    for one in (compiled, reference):
        assert one.embed(text, [(0, 4), (1500, 1503)])[1].any(axis=1).tolist() == [True, False]


# The compiled one beside the reference


def test_it_agrees_with_the_reference(compiled, reference):
    cosines = (compiled.encode(SENTENCES) * reference.encode(SENTENCES)).sum(axis=1)
    assert cosines.min() >= LEAST_COSINE
    assert compiled.agreement() >= LEAST_COSINE


def test_its_parts_agree_with_the_reference(compiled, reference):
    text = "The Heron needs four sailors. The Gull needs two, and a dog."
    spans = [(0, 29), (30, 60), (4, 9)]
    cosines = (compiled.embed(text, spans)[1] * reference.embed(text, spans)[1]).sum(axis=1)
    assert cosines.min() >= 0.9


def test_it_counts_as_the_reference_does(compiled, reference):
    assert compiled.count(SENTENCES) == reference.count(SENTENCES)
    assert compiled.count(["", "two words"]) == [2, 4]
    assert (compiled.max_pieces, compiled.dimension) == (reference.max_pieces, reference.dimension) == (256, 384)


def test_the_model_orders_meanings(compiled):
    question, near, far = compiled.encode(["When is the lamp lit?", "The light goes on in the evening.", "The crane lifts 300 kg."])
    assert question @ near > question @ far + 0.1


@settings(max_examples=30)
@given(others=st.lists(st.text(max_size=60), max_size=4), place=st.integers(0, 4))
def test_a_vector_does_not_depend_on_its_neighbours(compiled, others, place):
    text = SENTENCES[0]
    alone = compiled.encode([text])[0]
    texts = [*others[:place], text, *others[place:]]
    assert np.array_equal(compiled.encode(texts)[texts.index(text)], alone)


def test_part_vectors_are_means_of_the_pieces_touched():
    pieces = np.array([[9, 9], [1, 0], [0, 1], [4, 3]], dtype=np.float32)
    offsets = [(0, 0), (0, 3), (3, 6), (7, 9)]
    half = 2**-0.5
    assert part_vectors(pieces, offsets, [(0, 3), (2, 4), (7, 9), (6, 7)]) == pytest.approx(np.array([[1, 0], [half, half], [0.8, 0.6], [0, 0]]))


# Compiled once


def run(code: str, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(Path(assistant.__file__).parents[1])}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def test_encoding_loads_neither_torch_nor_transformers(compiled):
    code = """
import sys
from assistant.encoding.compiled import open_encoder
from assistant.encoding.models import DEFAULT_MODEL
from assistant.settings import Settings
encoder = open_encoder(DEFAULT_MODEL, Settings().cache_folder)
print(encoder.embed("a text", [(0, 1)])[0].shape, encoder.fingerprint)
print(sorted({"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub"} & set(sys.modules)))
"""
    out, err = run(code).communicate()
    assert (out.splitlines(), err) == ([f"(384,) {compiled.fingerprint}", "[]"], "")


def test_two_processes_that_compile_at_once_end_with_one_model(tmp_path, compiled):
    code = """
import sys
from pathlib import Path
from assistant.encoding.compiled import open_encoder
from assistant.encoding.models import DEFAULT_MODEL
encoder = open_encoder(DEFAULT_MODEL, Path(sys.argv[1]))
print(encoder.fingerprint, encoder.agreement() > 0.95)
"""
    processes = [run(code, str(tmp_path)) for _ in range(2)]
    outputs = [one.communicate(timeout=300) for one in processes]
    assert outputs == [(f"{compiled.fingerprint} True\n", "")] * 2
    assert [one.name for one in (tmp_path / "encoders").iterdir()] == [compiled.fingerprint.partition(":")[2]]


@pytest.fixture
def cache(tmp_path: Path, compiled) -> Path:
    """A cache with the compiled model in it, to be spoilt."""
    name = compiled.fingerprint.partition(":")[2]
    shutil.copytree(compiled_folder_of(compiled), tmp_path / "encoders" / name)
    return tmp_path


def compiled_folder_of(encoder: CompiledEncoder) -> Path:
    folder = compiled_folder(DEFAULT_MODEL, Settings().cache_folder)
    assert folder is not None
    assert folder.name in encoder.fingerprint
    return folder


def test_what_is_compiled_is_used_and_not_compiled_again(cache):
    steps = []
    open_encoder(DEFAULT_MODEL, cache, progress=lambda *step: steps.append(step))
    assert steps == []


@pytest.mark.parametrize(
    ("name", "content"), [("manifest.json", "{"), ("manifest.json", "[]"), ("manifest.json", None), ("model.onnx", None), ("tokenizer.json", None), ("probes.npy", None)]
)
def test_what_is_not_whole_counts_as_not_compiled(cache, name, content):
    (folder,) = (cache / "encoders").iterdir()
    assert compiled_folder(DEFAULT_MODEL, cache) == folder
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)
    assert compiled_folder(DEFAULT_MODEL, cache) is None


def test_what_is_not_whole_is_compiled_afresh(cache, compiled):
    (folder,) = (cache / "encoders").iterdir()
    (folder / "manifest.json").unlink()
    steps = []
    encoder = open_encoder(DEFAULT_MODEL, cache, progress=lambda *step: steps.append(step))
    assert np.array_equal(encoder.encode(SENTENCES[:2]), compiled.encode(SENTENCES[:2]))
    assert [done for _, done, total in steps if total == 4] == [0, 1, 2, 3, 4]
    assert list((cache / "encoders").iterdir()) == [folder]
    assert set(json.loads((folder / "manifest.json").read_text())) == {"fingerprint", "dimension", "max_pieces", "versions"}


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_was_cut_off_is_explained(cache, name):
    (folder,) = (cache / "encoders").iterdir()
    (folder / name).write_bytes((folder / name).read_bytes()[:-1000])
    with pytest.raises(EncoderError, match=r"is damaged .*: delete that folder"):
        open_encoder(DEFAULT_MODEL, cache).encode(["text"])


def test_a_model_that_computes_otherwise_is_found_out(cache):
    (folder,) = (cache / "encoders").iterdir()
    expected = np.load(folder / "probes.npy")
    np.save(folder / "probes.npy", np.roll(expected, 1, axis=0))
    assert open_encoder(DEFAULT_MODEL, cache).agreement() < 0.5


def test_a_cache_that_cannot_be_written_is_explained(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EncoderError, match=r"cannot be written to .*file.*ASSISTANT_CACHE"):
        open_encoder(DEFAULT_MODEL, tmp_path / "file")


def test_a_changed_model_is_another(tmp_path):
    """Its compiled form is looked for elsewhere."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "weights").write_text("a")
    before = _folder(str(model), tmp_path)
    (model / "weights").write_text("ab")
    assert _folder(str(model), tmp_path) != before


# Models that are not there


@pytest.mark.parametrize("model", ["./nowhere", "/nowhere/at/all", "~nobody-of-that-name/model", "../x"])
def test_a_model_folder_that_is_missing_is_an_error(tmp_path, model):
    with pytest.raises(EncoderError, match="does not exist"):
        open_encoder(model, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_no_model_is_an_error(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(EncoderError, match="cannot be loaded"):
        open_encoder(str(tmp_path / "model"), tmp_path / "cache")
    assert list((tmp_path / "cache/encoders").iterdir()) == []


def test_the_default_model_comes_with_its_package_and_other_names_are_left_to_the_reference():
    assert (locate(DEFAULT_MODEL) / "tokenizer.json").is_file()
    assert locate("some-hub/model") == "some-hub/model"


# Tokens


def test_tokens_are_counted_by_the_table_that_is_installed():
    # cl100k: "Hello", ",", " world", "!"; a special token's name is text like any other.
    assert count_tokens(["Hello, world!", "", "<|endoftext|>"]) == [4, 0, 7]
