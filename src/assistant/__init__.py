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
    from assistant.settings import Settings
    from assistant.values import Answer, Citation, Document, Hit, Passage, Skipped, SyncReport

_HOMES = {
    "Assistant": "assistant.assistant",
    "Settings": "assistant.settings",
    "AssistantError": "assistant.errors",
    **dict.fromkeys(("Answer", "Citation", "Document", "Hit", "Passage", "Skipped", "SyncReport"), "assistant.values"),
}

__all__ = ["Answer", "Assistant", "AssistantError", "Citation", "Document", "Hit", "Passage", "Settings", "Skipped", "SyncReport"]


def __getattr__(name: str):
    # Importing the package reads nothing and loads nothing: a name brings its module along when it is first used.
    if name not in _HOMES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
