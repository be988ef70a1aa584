"""Answers from a folder of notes: offline, quoted word for word, each quote cited.

from assistant import Assistant, Settings

notes = Assistant.open(Settings(corpus="corpus", index="index"))
print(notes.ask("How long does a Kinesis stream keep data?").text)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.index.view import Record
    from assistant.settings import Settings
    from assistant.study.cards import Card
    from assistant.values import (
        Answer,
        Citation,
        Claim,
        Conflict,
        Disagreement,
        Document,
        Found,
        Heading,
        Hit,
        Match,
        Passage,
        Skipped,
        SyncReport,
    )

__all__ = [
    "Answer", "Assistant", "AssistantError", "Card", "Citation", "Claim", "Conflict", "Disagreement", "Document", "Found", "Heading", "Hit", "Match",
    "Passage", "Record", "Settings", "Skipped", "SyncReport",
]  # fmt: skip

_HOMES = {
    "Assistant": "assistant.assistant",
    "AssistantError": "assistant.errors",
    "Card": "assistant.study.cards",
    "Record": "assistant.index.view",
    "Settings": "assistant.settings",
}
"""Where the names that are no values of ``assistant.values`` come from."""


def __getattr__(name: str):
    # Importing the package reads nothing and loads nothing: a name brings its module along when it is first used.
    if name not in __all__:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "assistant.values")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
