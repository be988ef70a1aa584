"""The chat page over the notes in ``corpus/``, which lies beside this file: ``python app.py`` and open the address it prints.

Takes the flags of ``assistant serve``; with ``--corpus FOLDER`` it is your own notes that answer.
"""

import os
import sys
from pathlib import Path

from assistant.cli import main

HERE = Path(__file__).resolve().parent

if __name__ == "__main__":
    os.environ.setdefault("ASSISTANT_CORPUS", str(HERE / "corpus"))
    os.environ.setdefault("ASSISTANT_INDEX", str(HERE / "index"))
    sys.exit(main(["serve", *sys.argv[1:]]))
