"""What the commands print: data and answers on stdout, all else on stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from assistant.errors import AssistantError
from assistant.values import Answer, Conflict, Hit

_NEAREST = 3
_EXCERPT = 160
"""Characters of a passage that are shown."""


def complain(error: AssistantError) -> None:
    """In one line, whatever the message quotes."""
    note(f"assistant: {' '.join(str(error).split())}")


def note(text: str) -> None:
    """A line beside the data."""
    print(text, file=sys.stderr)


def print_json(value: Any) -> None:
    """``value`` for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_answer(answer: Answer) -> None:
    """What the answer says and where it stands; where there is none, what comes nearest. The question as understood, if it was not so put."""
    if answer.standalone != " ".join(answer.question.split()):
        note(f"searched for: {answer.standalone}")
    print(f"{answer.text}\n")
    for one in answer.citations:
        print(f"[{one.number}] {_place(one.path, one.line, one.headings)}")
    if answer.reason:
        print(answer.reason)
    if not answer.answered and answer.hits:
        print("The nearest passages:")
        for hit in answer.hits[:_NEAREST]:
            print(f"  {_place_of(hit)}")


def print_explanation(answer: Answer) -> None:
    """How sure the answer is, how long it took, and the scores of its hits."""
    print(f"\nconfidence {answer.confidence:.2f}; " + ", ".join(f"{stage} {ms:.1f} ms" for stage, ms in answer.timings.items()))
    for hit in answer.hits:
        dense, lexical = (f"{score:.2f}" if score is not None else "-" for score in (hit.dense, hit.lexical))
        print(f"  {hit.score:.3f} (meaning {dense}, words {lexical})  {_place_of(hit)}")


def print_hit(hit: Hit) -> None:
    """A passage that was found, by its beginning."""
    print(f"{hit.score:.3f}  {_place_of(hit)}")
    print(f"       {_excerpt(hit.passage.text)}")


def print_conflict(conflict: Conflict) -> None:
    """The values, and the places that have them."""
    print(f"{conflict.certainty:.2f}  {' / '.join(dict.fromkeys(' '.join(claim.value.split()) for claim in conflict.claims))}")
    for one in conflict.citations:
        print(f"      {_place(one.path, one.line, one.headings)}")
        print(f"        {_excerpt(one.quote)}")


def _place_of(hit: Hit) -> str:
    return _place(hit.passage.path, hit.passage.line, hit.passage.headings)


def _place(path: str, line: int, headings: Sequence[str]) -> str:
    return f"{path}:{line}" + (f"  {' › '.join(headings)}" if headings else "")


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"
