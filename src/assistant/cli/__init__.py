"""The command line. It parses, calls the façade and prints: answers and data on stdout, all else on stderr.

Exit codes: 0 done, 1 an error that is explained, 2 wrong usage, 3 the notes do not answer the question, 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

from assistant.cli.commands import FAILED, INTERRUPTED, NOT_IN_NOTES, OK
from assistant.cli.parsing import parser
from assistant.cli.printing import complain
from assistant.errors import AssistantError

__all__ = ["FAILED", "INTERRUPTED", "NOT_IN_NOTES", "OK", "main", "parser", "script"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = parser().parse_args(arguments)
    try:
        code = options.run(options)
        # Now, not at exit, where Python itself would complain of a reader that has gone.
        sys.stdout.flush()
        return code
    except AssistantError as error:
        complain(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has had enough of it; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def script() -> NoReturn:
    """The entry point of the installed command."""
    # Notes and questions hold what a terminal may not show and a pipe may not decode: that is no reason to fail.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main())
