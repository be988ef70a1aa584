"""The encoder that serves: a model compiled once to int8 ONNX, verified against the reference, cached, and run without torch.

The cache has one folder a compiled model. Its name is a digest of what the model's files are and of how they were compiled, so that a
changed model is compiled afresh and a stale one is never used.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np

from assistant.encoding.models import locate
from assistant.errors import EncoderError

_FORMAT = 2
"""Raised whenever compilation changes, so that older results are left alone."""

LEAST_COSINE = 0.95
"""A compiled model whose vector of any probe text lies further than this from the reference's is refused (measured least: 0.98)."""

_PROBES = (
    "How long are messages kept?",
    "A list of ports, limits and default values, in megabytes per second.",
    "| name | size |\n| --- | --- |\n| small | 8 GB |\n| large | 64 GB |",
    "Wie lange wird eine Nachricht aufbewahrt?",
    "word " * 200,
    "x",
)

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""


class CompiledEncoder:
    """An Encoder over a folder that ``compile_model`` wrote. Imports neither torch nor transformers.

    The model itself is loaded (in some 0.3 s) when it is first needed: to see that no note has changed takes its fingerprint alone.
    """

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.fingerprint: str = manifest["fingerprint"]
        self.dimension: int = manifest["dimension"]
        self.max_pieces: int = manifest["max_pieces"]
        self._folder = folder

    @cached_property
    def _tokenizer(self):
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # A lone question is over in milliseconds: threads that spin while they wait would only take the time of the others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def count(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch(list(texts))]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder. One text a run: a text's vector must not depend on its neighbours, and with int8 it would.

        (Activations are quantised by the range of the whole batch: in a batch of sixteen the same passage came out at a cosine of 0.99 with
        itself. Batches are no faster for passages on a few cores either, and one text needs no padding.)
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, encoding in enumerate(self._tokenizer.encode_batch(list(texts))):
            vectors[row] = self._run(encoding, "vector")[0]
        return vectors

    def embed(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """See Encoder."""
        encoding = self._tokenizer.encode(text)
        vector, pieces = self._run(encoding, "vector", "pieces")
        seen = encoding.offsets[: self.max_pieces]
        parts = np.zeros((len(spans), self.dimension), dtype=np.float32)
        for row, (start, end) in enumerate(spans):
            inside = [at for at, (low, high) in enumerate(seen) if low < end and start < high]
            if inside:
                mean = pieces[inside].mean(axis=0)
                parts[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vector, parts

    def _run(self, encoding, *outputs: str) -> list[np.ndarray]:
        ids = np.array([encoding.ids[: self.max_pieces]], dtype=np.int64)
        return [output[0] for output in self._session.run(list(outputs), {"input_ids": ids, "attention_mask": np.ones_like(ids)})]


def open_encoder(model: str, cache: Path, *, progress: Progress | None = None) -> CompiledEncoder:
    """The compiled form of ``model``, compiled into ``cache`` if it is not there yet (some ten seconds, once).

    Raises EncoderError if the model cannot be found, or if what was compiled from it does not agree with it.
    """
    place = locate(model)
    folder = cache / "encoders" / _digest(place)
    if not (folder / "manifest.json").is_file():
        compile_model(model, folder, progress=progress)
    return CompiledEncoder(folder)


def compile_model(model: str, folder: Path, *, progress: Progress | None = None) -> None:
    """Compiles ``model`` into ``folder``; nothing is seen there until all of it is written and verified."""
    step = progress or (lambda what, done, total: None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".compiling-", dir=folder.parent))
    try:
        step("Loading the embedding model", 0, 4)
        from assistant.encoding.reference import ReferenceEncoder

        reference = ReferenceEncoder(model)
        step("Exporting the embedding model", 1, 4)
        reference.export(work / "exported.onnx")
        reference.save_tokenizer(work)
        step("Quantising the embedding model", 2, 4)
        _quantise(work / "exported.onnx", work / "model.onnx")
        (work / "exported.onnx").unlink()
        manifest = {
            "fingerprint": f"{Path(model).name}:{folder.name}",
            "dimension": reference.dimension,
            "max_pieces": reference.max_pieces,
            "versions": {name: version(name) for name in ("torch", "sentence-transformers", "onnxruntime")},
        }
        (work / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        step("Verifying the embedding model", 3, 4)
        _verify(CompiledEncoder(work), reference)
        _publish(work, folder)
        step("Verifying the embedding model", 4, 4)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _quantise(source: Path, target: Path) -> None:
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    # The quantiser advises on pre-processing through the root logger; it makes no difference to a dynamic quantisation.
    logging.getLogger().addFilter(_silent := lambda record: record.name != "root")
    try:
        # reduce_range: 7-bit weights do not overflow the 16-bit sums of processors without VNNI.
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        logging.getLogger().removeFilter(_silent)


def _verify(compiled: CompiledEncoder, reference) -> None:
    cosines = (compiled.encode(_PROBES) * reference.encode(_PROBES)).sum(axis=1)
    if not cosines.min() >= LEAST_COSINE:
        raise EncoderError(
            f"the compiled model disagrees with the model it comes from: least cosine {cosines.min():.3f}, expected at least {LEAST_COSINE}; "
            "use another model"
        )


def _publish(work: Path, folder: Path) -> None:
    try:
        os.replace(work, folder)
    except OSError:
        # Another process compiled the same model at the same time; its result is as good as this one.
        if not (folder / "manifest.json").is_file():
            raise


def _digest(place: Path | str) -> str:
    """Names a model by its files' names, sizes and times: reading 90 MB of weights at each start would cost more than the answer."""
    digest = hashlib.sha256(f"{_FORMAT}|{place}".encode())
    if isinstance(place, Path):
        for file in sorted(place.rglob("*")):
            if file.is_file():
                stat = file.stat()
                digest.update(f"|{file.relative_to(place).as_posix()}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]

