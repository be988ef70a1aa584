"""Measures how fast the assistant is and what it needs, and prints one table.

    python benchmarks/speed.py [--notes FOLDER] [--questions FILE] [--runs N] [--rounds N]

FILE holds an object a line, with the field "question"; without it the headings of the notes are asked about. All is measured on an index in
a temporary folder; the model is compiled before anything is measured. The table gives medians. Indexing and the bare encoder are measured
in one pass, text by text, so that other work on the machine weighs on both alike.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_WARMING = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=Path, default=ROOT / "corpus", metavar="FOLDER", help="what is indexed and asked (corpus/)")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="what is asked (questions about the notes' headings)")
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="processes timed for a command (9)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times that all is indexed and encoded (3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        # Processes first, while this one is small: on Linux a process is charged with the peak memory of the one that started it.
        table = [*commands(options.notes, Path(temporary) / "commands", options.runs)]
        table += [*asking(options.notes, Path(temporary) / "commands", options.questions)]
        table += [*indexing(options.notes, Path(temporary), options.rounds)]
    print(f"{options.notes}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    for what, value in table:
        print(f"{what:58} {value:>16}")
    return 0


# From the start of a process


def commands(notes: Path, index: Path, runs: int) -> Iterator[tuple[str, str]]:
    where = ["--corpus", str(notes), "--index", str(index)]
    question = ["ask", "What is this about?", *where]
    subprocess.run([sys.executable, "-c", "from assistant.encoding.compiled import open_encoder as o; from assistant import Settings as S\n"
                    "o(S().model, S().cache_folder)"], check=True)  # fmt: skip
    _, memory = command("index", *where)
    yield "assistant index: peak memory", f"{memory:.0f} MB"
    command(*question)
    times, peaks = zip(*(command(*question) for _ in range(runs)), strict=True)
    yield f"assistant ask, process start to end, median of {runs}", f"{statistics.median(times):.2f} s"
    yield "assistant ask, the slowest of them", f"{max(times):.2f} s"
    yield "assistant ask: peak memory", f"{max(peaks):.0f} MB"
    times, _ = zip(*(command("status", *where) for _ in range(runs)), strict=True)
    yield "assistant status (nothing encoded), median", f"{statistics.median(times):.2f} s"
    yield "size of the index", f"{sum(file.stat().st_size for file in index.rglob('*') if file.is_file()) / 1e6:.1f} MB"


def command(*arguments: str) -> tuple[float, float]:
    """Seconds and peak memory in MB of a command of its own process."""
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-m", "assistant.cli", *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 3):
        sys.exit(f"assistant {' '.join(arguments)} failed with exit code {process.returncode}")
    return seconds, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


# With all of it in memory


def asking(notes: Path, index: Path, file: Path | None) -> Iterator[tuple[str, str]]:
    from assistant import Assistant, Settings

    assistant = Assistant.open(Settings(corpus=notes, index=index))
    questions = [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()] if file else about(assistant)
    for question in questions[:_WARMING]:
        assistant.ask(question)
    answers = [assistant.ask(question) for question in questions]
    times = sorted(sum(answer.timings.values()) for answer in answers)
    yield f"ask, {len(questions)} questions, p50", f"{statistics.median(times):.1f} ms"
    yield "ask, p95", f"{times[int(0.95 * (len(times) - 1))]:.1f} ms"
    for stage in answers[0].timings:
        yield f"  of it: {stage}, median", f"{statistics.median(answer.timings[stage] for answer in answers):.1f} ms"


def about(assistant) -> list[str]:
    """A question for the innermost heading of each passage that ranks first under it, at most 200."""
    headings = dict.fromkeys(
        hit.passage.headings[-1] for note in assistant.notes() for hit in assistant.search(note.title, k=3) if hit.passage.headings
    )
    return [f"What is there to know about {heading}?" for heading in list(headings)[:200]]


def indexing(notes: Path, folder: Path, rounds: int) -> Iterator[tuple[str, str]]:
    from assistant.encoding.compiled import open_encoder
    from assistant.index.store import Store
    from assistant.index.sync import sync
    from assistant.segmenting.passages import Sizes
    from assistant.settings import Settings

    def index(number: int) -> float:
        return timed(lambda: sync(Store(folder / str(number)), [notes], encoder, Sizes(), max_bytes=20_000_000))

    encoder = Twice(open_encoder(Settings().model, Settings().cache_folder))
    # What is loaded once (the model, the table of tokens, the readers) is loaded now.
    (folder / "first").mkdir()
    for name in ("a.md", "b.txt"):
        (folder / "first" / name).write_text("---\ntags: [a]\n---\n# First\n\nA first note, to load what is loaded once.\n")
    sync(Store(folder / "warm"), [folder / "first"], encoder, Sizes(), max_bytes=20_000_000)
    whole, bare = [], []
    for number in range(rounds):
        encoder.texts, encoder.seconds = 0, 0.0
        seconds = index(number)
        whole.append(seconds - encoder.seconds)
        bare.append(encoder.seconds)
    passages = encoder.texts
    ratio = statistics.median(one / other for one, other in zip(whole, bare, strict=True))
    yield "passages", f"{passages}"
    yield f"indexed, median of {rounds}", f"{passages / statistics.median(whole):.1f} /s"
    yield "the bare encoder, the same texts", f"{passages / statistics.median(bare):.1f} /s"
    yield "indexing over the bare encoder's time", f"{100 * (ratio - 1):+.1f} %"
    yield "indexing again, nothing changed", f"{1e3 * index(rounds - 1):.0f} ms"


class Twice:
    """An Encoder that embeds each text twice: once for who asks, once for the clock. So both are measured under the same load.

    ``seconds`` is what the second ones took, where each core had its share of them; ``texts`` how many there were.
    """

    def __init__(self, encoder) -> None:
        self._encoder = encoder
        self.seconds = 0.0
        self.texts = 0
        self._counting = threading.Lock()

    def __getattr__(self, name: str):
        return getattr(self._encoder, name)

    def embed(self, text: str, spans: Sequence[tuple[int, int]]):
        with self._counting:
            self.texts += 1
            clock_first = self.texts % 2
        # Whichever comes second finds the text in the processor's caches: they take turns.
        found = None if clock_first else self._encoder.embed(text, spans)
        seconds = timed(lambda: self._encoder.embed(text, spans))
        with self._counting:
            self.seconds += seconds / os.cpu_count()
        return found or self._encoder.embed(text, spans)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
