"""The encoder that serves: a model compiled once to int8 ONNX, verified against the reference, cached, and run without torch.

The cache has one folder a compiled model. Its name is a digest of what the model's files are and of how they were compiled, so that a
changed model is compiled afresh and a stale one is never used.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np

from assistant.encoding.encoder import part_vectors
from assistant.encoding.models import locate
from assistant.errors import EncoderError
from assistant.progress import Progress

_FORMAT = 3
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

_MANIFEST, _MODEL, _TOKENIZER, _EXPECTED = "manifest.json", "model.onnx", "tokenizer.json", "probes.npy"


class CompiledEncoder:
    """An Encoder over a folder that ``compile_model`` wrote. Imports neither torch nor transformers.

    The model itself is loaded (in some 0.3 s) when it is first needed: to see that no note has changed takes its fingerprint alone.
    """

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        self.fingerprint: str = manifest["fingerprint"]
        self.dimension: int = manifest["dimension"]
        self.max_pieces: int = manifest["max_pieces"]
        self._folder = folder

    @cached_property
    def _tokenizer(self):
        from tokenizers import Tokenizer

        with self._loading():
            tokenizer = Tokenizer.from_file(str(self._folder / _TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _session(self):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # On two cores a lone question is answered sooner by one thread (p95 5.3 ms, 5.7 by two), and passages by a run a core than by
        # a run on all (54 a second, 38 by two threads on one).
        options.intra_op_num_threads = 1
        with self._loading():
            return onnxruntime.InferenceSession(str(self._folder / _MODEL), options, providers=["CPUExecutionProvider"])

    @contextmanager
    def _loading(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Both libraries raise exceptions of many kinds, some of them bare, for a file that is cut off or altered.
            raise EncoderError(
                f"the compiled model in {self._folder} is damaged ({error}): delete that folder and run again: it is compiled anew"
            ) from error

    def count(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

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
        return vector, part_vectors(pieces, self._seen(encoding.offsets), spans)

    def agreement(self) -> float:
        """The least cosine of this model's vectors with the reference's, over the probes that were encoded when it was compiled.

        It finds a file that was damaged since, and a processor that computes otherwise, without loading torch.
        """
        with self._loading():
            expected = np.load(self._folder / _EXPECTED, allow_pickle=False)
        return float((self.encode(_PROBES) * expected).sum(axis=1).min())

    def _seen(self, pieces: list) -> list:
        """What the model sees of the pieces of a text, as the reference cuts it: the last piece of all closes the text."""
        return pieces if len(pieces) <= self.max_pieces else [*pieces[: self.max_pieces - 1], pieces[-1]]

    def _run(self, encoding, *outputs: str) -> list[np.ndarray]:
        ids = np.array([self._seen(encoding.ids)], dtype=np.int64)
        return [output[0] for output in self._session.run(list(outputs), {"input_ids": ids, "attention_mask": np.ones_like(ids)})]


def open_encoder(model: str, cache: Path, *, progress: Progress | None = None) -> CompiledEncoder:
    """The compiled form of ``model``, compiled into ``cache`` if it is not there, whole, yet (some ten seconds, once).

    Raises EncoderError if the model cannot be found, if what was compiled from it does not agree with it, or if it cannot be written.
    """
    folder = _folder(model, cache)
    if not _is_whole(folder):
        compile_model(model, folder, progress=progress)
    return CompiledEncoder(folder)


def compiled_folder(model: str, cache: Path) -> Path | None:
    """Where the compiled form of ``model`` lies; None if it is not compiled yet. Raises EncoderError if the model cannot be found."""
    folder = _folder(model, cache)
    return folder if _is_whole(folder) else None


def compile_model(model: str, folder: Path, *, progress: Progress | None = None) -> None:
    """Compiles ``model`` into ``folder``; nothing is seen there until all of it is written and verified."""
    step = progress or (lambda what, done, total: None)
    with _workshop(folder.parent) as work:
        step("Loading the embedding model", 0, 4)
        from assistant.encoding.reference import ReferenceEncoder

        reference = ReferenceEncoder(model)
        step("Exporting the embedding model", 1, 4)
        reference.export(work / "exported.onnx")
        reference.save_tokenizer(work / _TOKENIZER)
        step("Quantising the embedding model", 2, 4)
        _quantise(work / "exported.onnx", work / _MODEL)
        (work / "exported.onnx").unlink()
        np.save(work / _EXPECTED, reference.encode(_PROBES))
        manifest = {
            "fingerprint": f"{Path(model).name}:{folder.name}",
            "dimension": reference.dimension,
            "max_pieces": reference.max_pieces,
            "versions": {name: version(name) for name in ("torch", "sentence-transformers", "onnxruntime")},
        }
        (work / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        step("Verifying the embedding model", 3, 4)
        _verify(CompiledEncoder(work))
        _publish(work, folder)
        step("Verifying the embedding model", 4, 4)


@contextmanager
def _workshop(place: Path) -> Iterator[Path]:
    """A folder in ``place`` to work in, gone afterwards. What the disk will not take is an EncoderError."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".compiling-", dir=place, ignore_cleanup_errors=True) as outer:
            # Inside of the temporary folder: what is published is moved away.
            work = Path(outer) / "model"
            work.mkdir()
            yield work
    except OSError as error:
        raise EncoderError(
            f"the compiled model cannot be written to {place} ({error.strerror or error}): check the space and permissions there, "
            "or name another folder with ASSISTANT_CACHE"
        ) from error


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


def _verify(compiled: CompiledEncoder) -> None:
    agreement = compiled.agreement()
    if not agreement >= LEAST_COSINE:
        raise EncoderError(
            f"the compiled model disagrees with the model it comes from: least cosine {agreement:.3f}, expected at least {LEAST_COSINE}; "
            "use another model"
        )


def _publish(work: Path, folder: Path) -> None:
    try:
        os.replace(work, folder)
    except OSError:
        # Another process compiled the same model at the same time; its result is as good as this one.
        if _is_whole(folder):
            return
        # It was never finished, or something of it was removed. Moved aside, which is quicker than to remove it.
        with suppress(FileNotFoundError):
            os.replace(folder, work.with_name("damaged"))
        os.replace(work, folder)


def _is_whole(folder: Path) -> bool:
    """Whether all files are there and say which model it is; what is in the large ones, ``agreement`` tells."""
    try:
        CompiledEncoder(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all((folder / name).is_file() for name in (_MODEL, _TOKENIZER, _EXPECTED))


def _folder(model: str, cache: Path) -> Path:
    return cache / "encoders" / _digest(locate(model))


def _digest(place: Path | str) -> str:
    """Names a model by its files' names, sizes and times: reading 90 MB of weights at each start would cost more than the answer."""
    digest = hashlib.sha256(f"{_FORMAT}|{place}".encode())
    if isinstance(place, Path):
        for file in sorted(place.rglob("*")):
            if file.is_file():
                stat = file.stat()
                digest.update(f"|{file.relative_to(place).as_posix()}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
