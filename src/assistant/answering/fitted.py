"""What was learned from data; ``assistant.evaluation.fitting`` writes it, and says on what it was fitted."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "fitted.json"


@cache
def fitted() -> dict[str, Any]:
    """``weights`` of the features of a candidate, and ``confidence``: bias and weights of the signals of a question."""
    return json.loads(files("assistant.answering").joinpath(FILE).read_text(encoding="utf-8"))
