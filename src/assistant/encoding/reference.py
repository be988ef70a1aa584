"""The reference encoder: sentence-transformers on torch. It loads any model; it is slow to start and never serves a question."""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from assistant.encoding.encoder import part_vectors
from assistant.encoding.models import locate
from assistant.errors import EncoderError

_OPSET = 17


class ReferenceEncoder:
    """An Encoder that runs ``model`` (a folder, a packaged name or a hub name) as sentence-transformers defines it."""

    def __init__(self, model: str) -> None:
        place = locate(model)
        if isinstance(place, Path):
            # A model that lies on this machine is never looked up elsewhere.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with _quiet():
            from sentence_transformers import SentenceTransformer

            try:
                self._model = SentenceTransformer(str(place), device="cpu")
            except (OSError, ValueError) as error:
                raise EncoderError(f"model {model!r} cannot be loaded ({error}): give a sentence-transformers folder or name") from error
        self.fingerprint = f"reference:{model}"
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_pieces = int(self._model.max_seq_length)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See Encoder."""
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)

    def embed(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """See Encoder."""
        seen = self._model.tokenizer(text, truncation=True, max_length=self.max_pieces, return_offsets_mapping=True)["offset_mapping"]
        pieces = self._model.encode(text, output_value="token_embeddings", show_progress_bar=False).numpy()
        return self.encode([text])[0], part_vectors(pieces, seen, spans)

    def count(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return [len(ids) for ids in self._model.tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]

    def save_tokenizer(self, file: Path) -> None:
        """Writes the model's fast tokenizer, as JSON."""
        self._model.tokenizer.backend_tokenizer.save(str(file))

    def export(self, target: Path) -> None:
        """Writes the model as ONNX: word-piece ids and mask in; out come one unit vector a text (pooling and normalisation inside) and the
        vectors of its word pieces.
        """
        import torch

        class Graph(torch.nn.Module):
            def __init__(self, model) -> None:
                super().__init__()
                self.model = model

            def forward(self, input_ids, attention_mask):
                features = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": torch.zeros_like(input_ids)}
                features = self.model(features)
                return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1), features["token_embeddings"]

        sample = self._model.tokenizer(["one text", "another, longer text"], padding=True, return_tensors="pt")
        axes = {0: "batch", 1: "length"}
        with _quiet(), torch.no_grad():
            torch.onnx.export(
                Graph(self._model).eval(),
                (sample["input_ids"], sample["attention_mask"]),
                str(target),
                input_names=["input_ids", "attention_mask"],
                output_names=["vector", "pieces"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "vector": {0: "batch"}, "pieces": axes},
                opset_version=_OPSET,
                # The tracing exporter: the newer one needs a further package and gains nothing for a graph without branches.
                dynamo=False,
            )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the libraries' own progress bars and deprecation notices off the user's terminal."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from transformers.utils import logging as transformers_logging

            transformers_logging.set_verbosity_error()
            transformers_logging.disable_progress_bar()
        except ImportError:
            pass
        yield
