"""``python -m assistant.cli``, which is the command ``assistant``."""

from assistant.cli import script

script()
