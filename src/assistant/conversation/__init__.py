"""Questions that lean on earlier ones, made to stand alone. No language model: what a question leaves out, those before it say."""

from assistant.conversation.listing import listed
from assistant.conversation.rewriting import TURNS, Standalone, standalone

__all__ = ["TURNS", "Standalone", "listed", "standalone"]
