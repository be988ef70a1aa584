"""Measures what is read from the wording of questions alone, and prints a table.

    python benchmarks/wording.py slips NOTES [NOTES ...] [--words N]
    python benchmarks/wording.py values SET [SET ...]

``slips`` misspells words that the notes hold, by one edit each and the same ones every time, and has them mended. ``values`` asks which
questions of public sets expect a value, and whether their answers hold one of that kind; see assistant/evaluation/fitting/sets.py for the
form of a SET.
"""

import argparse
import random
import re
import string
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

_WORD = re.compile(r"[A-Za-z]{4,}")
_LEAST_OFTEN = 3
"""A word that stands less often in the notes may be a slip itself."""
_LONGEST = 25
"""In words: a longer answer is a passage, and holds values of all kinds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    slips = commands.add_parser("slips")
    slips.add_argument("folders", nargs="+", type=Path, metavar="NOTES")
    slips.add_argument("--words", type=int, default=600, metavar="N", help="words that are misspelt, of each folder (600)")
    values = commands.add_parser("values")
    values.add_argument("sets", nargs="+", type=Path, metavar="SET")
    options = parser.parse_args()
    rows = mended(options.folders, options.words) if options.command == "slips" else expected(options.sets)
    for row in rows:
        print("".join(f"{cell:>14}" if place else f"{cell:24}" for place, cell in enumerate(row)))


# Slips


def mended(folders: Sequence[Path], words: int) -> Iterator[Sequence[object]]:
    """A row for each folder and one for all: how many misspelt words there are, and what became of them."""
    from assistant import Assistant, Settings

    yield "notes", "slips", "as meant", "otherwise", "not at all"
    total: Counter[str] = Counter()
    for folder in folders:
        with tempfile.TemporaryDirectory() as index:
            notes = Assistant.open(Settings(corpus=(folder,), index=index))
            texts = [notes.note(note.path).text for note in notes.notes()]
            found = Counter(_tried(notes, texts, words))
        total += found
        yield _row(folder.name, found)
    yield _row("all", total)


def _row(name: str, found: Counter[str]) -> Sequence[object]:
    return name, found.total(), found["as meant"], found["otherwise"], found["not at all"]


def _tried(notes, texts: Sequence[str], words: int) -> Iterator[str]:
    """What becomes of each of so many words with an edit; a word in another form of its is as meant."""
    chance = random.Random(0)
    often = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    known = sorted(word for word, times in often.items() if times >= _LEAST_OFTEN)
    for word in chance.sample(known, min(words, len(known))):
        slip = misspelt(word, chance)
        wanted, query = notes.consider(word).query, notes.consider(slip).query
        if slip != word:
            yield "as meant" if query.terms == wanted.terms else "not at all" if query.text == slip else "otherwise"


def misspelt(word: str, chance: random.Random) -> str:
    """``word`` with two letters swapped, one left out, one put in, or one written for another: a vowel for a vowel, any for a consonant."""
    at = chance.randrange(len(word) - 1)
    letters = "aeiou" if word[at] in "aeiou" else string.ascii_lowercase
    return chance.choice((
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + chance.choice(string.ascii_lowercase) + word[at:],
        word[:at] + chance.choice(letters) + word[at + 1 :],
    ))


# Expected values


def expected(sets: Sequence[Path]) -> Iterator[Sequence[object]]:
    """A row for each kind of value and one for all: how many questions expect it, and of how many the answer holds none."""
    from assistant.evaluation.fitting.sets import read_judged
    from assistant.retrieval.expecting import VALUES, expected_value

    asked = [one for folder in sets for one in read_judged(folder) if one.answers and min(len(answer.split()) for answer in one.answers) <= _LONGEST]
    kinds = [(expected_value(one.question), one.answers) for one in asked]
    yield "kind", "expected", "not there"
    for kind, value in VALUES.items():
        answers = [found for expects, found in kinds if expects == kind]
        yield kind, len(answers), sum(not any(map(value.search, found)) for found in answers)
    expecting = [(VALUES[kind], found) for kind, found in kinds if kind]
    yield f"of {len(asked)} questions", len(expecting), sum(not any(map(value.search, found)) for value, found in expecting)


if __name__ == "__main__":
    main()
