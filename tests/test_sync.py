import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EncoderError, NotesError
from assistant.index.manifest import Manifest
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.segmenting.passages import Sizes, encoded_text, spans_in
from assistant.values import Skipped, SyncReport
from conftest import HashingEncoder

Write = Callable[[Mapping[str, str]], Path]
Spans = Sequence[tuple[int, int]]

NOTES = {
    "sky.md": "# Sky\n\nIt is blue by day.\n",
    "deep/sea.txt": "The sea is deep and salty.\n",
    "deep/reef.md": "# Reef\n\nCorals build it over many years.\n",
}
PATHS = ("deep/reef.md", "deep/sea.txt", "sky.md")


def synced(store: Store, folder: Path, encoder: HashingEncoder, **options) -> SyncReport:
    return sync(store, [folder], encoder, options.pop("sizes", Sizes()), **{"max_bytes": 1_000_000, **options})


def texts(store: Store) -> dict[str, str]:
    with store.view() as view:
        return {record.path: view.document(record.path).text for record in view.documents()}


def assert_consistent(store: Store) -> None:
    """Passages are verbatim, each has the vectors of its own text and units, and the caches hold just the passages there are."""
    encoder = HashingEncoder()
    snapshot = Snapshot.open(store)
    view, ids = snapshot.view, snapshot.view.passage_ids()
    passages = view.passages(ids)
    assert all(one.text == view.document(one.path).text[one.start : one.end] for one in passages)
    assert sum(record.passages for record in view.documents()) == len(ids)
    assert np.array_equal(view.vectors(ids), encoder.encode([encoded_text(one) for one in passages]).reshape(view.vectors(ids).shape))
    for one, quotable in zip(passages, view.quotable(ids).values(), strict=True):
        assert all(one.start <= unit.start < unit.end <= one.end for unit in quotable.units)
        assert np.allclose(quotable.vectors, encoder.embed(encoded_text(one), spans_in(one, quotable.units))[1], atol=0.02)
    assert snapshot.vectors.ids.tolist() == ids.tolist()
    assert len(snapshot.words) == len(ids)


# What changed


def test_the_first_sync_adds_everything(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store = Store(tmp_path / "index")
    assert synced(store, write(NOTES), encoder) == SyncReport(added=PATHS)
    assert texts(store) == NOTES
    assert store.view().manifest == Manifest("hashing-64", 64, Sizes())
    assert_consistent(store)


def test_nothing_changed_costs_nothing(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    stamp, count = store.view().stamp, len(encoder.encoded)
    # Neither their text nor their time is looked at beyond what the folder tells: content that was changed behind both is not seen.
    (folder / "sky.md").write_text(NOTES["sky.md"].replace("blue", "grey"))
    os.utime(folder / "sky.md", ns=(0, store.view().documents()[2].stat.mtime_ns))
    assert synced(store, folder, encoder) == SyncReport(unchanged=PATHS)
    assert (store.view().stamp, len(encoder.encoded)) == (stamp, count)


def test_only_what_changed_is_encoded(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    del encoder.encoded[:]
    (folder / "deep/sea.txt").unlink()
    write({"sky.md": "# Sky\n\nIt is black by night.\n", "sun.md": "# Sun\n\nIt shines.\n"})
    assert synced(store, folder, encoder) == SyncReport(
        added=("sun.md",), changed=("sky.md",), removed=("deep/sea.txt",), unchanged=("deep/reef.md",)
    )
    assert encoder.encoded == ["# Sky\n\nIt is black by night.", "# Sun\n\nIt shines."]
    assert sorted(texts(store)) == ["deep/reef.md", "sky.md", "sun.md"]
    assert_consistent(store)


def test_an_unchanged_passage_of_a_changed_note_is_not_encoded_again(tmp_path: Path, write: Write, encoder: HashingEncoder):
    sections = [f"## Part {number}\n\n" + f"Words of part {number} go on and on. " * 20 for number in range(5)]
    store, folder = Store(tmp_path / "index"), write({"long.md": "\n\n".join(sections)})
    synced(store, folder, encoder)
    assert len(encoder.encoded) == store.view().documents()[0].passages >= 5
    del encoder.encoded[:]
    write({"long.md": "\n\n".join(["A new beginning.", *sections])})
    synced(store, folder, encoder)
    assert 1 <= len(encoder.encoded) <= 2
    assert "A new beginning." in encoder.encoded[0]
    assert_consistent(store)


def test_a_renamed_note_costs_no_encoding(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    del encoder.encoded[:]
    (folder / "deep/sea.txt").rename(folder / "ocean.txt")
    assert synced(store, folder, encoder) == SyncReport(
        added=("ocean.txt",), removed=("deep/sea.txt",), unchanged=("deep/reef.md", "sky.md")
    )
    assert encoder.encoded == []
    assert_consistent(store)


def test_equal_notes_share_their_vectors(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store = Store(tmp_path / "index")
    synced(store, write({"a.md": "The same.", "b.md": "The same."}), encoder)
    assert encoder.encoded == ["The same."]
    assert [record.passages for record in store.view().documents()] == [1, 1]
    assert_consistent(store)


def test_a_note_that_was_only_touched_is_unchanged(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    generation = store.view().generation
    os.utime(folder / "sky.md", (1_000_000, 1_000_000))
    assert synced(store, folder, encoder) == SyncReport(unchanged=PATHS)
    assert store.view().generation == generation
    assert store.view().documents()[2].stat.mtime_ns == 1_000_000 * 10**9


def test_a_note_changed_twice_within_a_tick_of_the_clock_is_seen(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write({})
    file = folder / "fresh.md"
    file.write_text("It is one.")
    stat = file.stat()
    synced(store, folder, encoder)
    file.write_text("It is two.")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert synced(store, folder, encoder).changed == ("fresh.md",)
    assert texts(store) == {"fresh.md": "It is two."}


def test_several_folders_are_one_index(tmp_path: Path, encoder: HashingEncoder):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.md").write_text(f"This is {name}.")
    store = Store(tmp_path / "index")
    sync(store, [tmp_path / "a", tmp_path / "b"], encoder, Sizes(), max_bytes=1000)
    assert texts(store) == {"a/note.md": "This is a.", "b/note.md": "This is b."}


def test_progress_is_told(tmp_path: Path, write: Write, encoder: HashingEncoder):
    steps: list[tuple[str, int, int]] = []
    store, folder = Store(tmp_path / "index"), write({f"{number}.md": f"Note {number}." for number in range(130)})
    synced(store, folder, encoder, progress=lambda *step: steps.append(step))
    assert [step for step in steps if step[0] == "Reading notes"] == [("Reading notes", done, 130) for done in range(131)]
    assert [step for step in steps if step[0] == "Encoding passages"] == [("Encoding passages", done, 130) for done in (0, 128, 130)]
    del steps[:]
    synced(store, folder, encoder, progress=lambda *step: steps.append(step))
    assert steps == []


# What is left out


def test_what_cannot_be_read_is_listed_and_not_read_again(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write({**NOTES, "blank.md": " \n"})
    blank = Skipped("blank.md", "holds no text")
    assert synced(store, folder, encoder).skipped == (blank,)
    steps: list[tuple[str, int, int]] = []
    assert synced(store, folder, encoder, progress=lambda *step: steps.append(step)).skipped == (blank,)
    assert steps == []
    write({"blank.md": "Words."})
    assert synced(store, folder, encoder) == SyncReport(added=("blank.md",), unchanged=PATHS)
    assert store.view().refused() == ()


def test_a_note_that_can_be_read_no_more_leaves_the_index(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    write({"sky.md": " "})
    report = synced(store, folder, encoder)
    assert (report.removed, report.skipped) == (("sky.md",), (Skipped("sky.md", "holds no text"),))
    assert_consistent(store)


def test_a_note_that_vanishes_before_it_is_read_counts_as_removed(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    write({"deep/reef.md": "# Reef\n\nChanged.", "sky.md": "# Sky\n\nChanged."})

    def remove(what: str, done: int, total: int) -> None:
        (folder / "sky.md").unlink(missing_ok=True)

    report = synced(store, folder, encoder, progress=remove)
    assert report == SyncReport(changed=("deep/reef.md",), removed=("sky.md",), unchanged=("deep/sea.txt",))
    assert_consistent(store)


# What must not empty the index


@pytest.mark.parametrize("leave", ["nothing", "an empty folder", "what cannot be read"])
def test_a_missing_or_empty_folder_keeps_the_index(tmp_path: Path, write: Write, encoder: HashingEncoder, leave: str):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    stamp = store.view().stamp
    shutil.rmtree(folder)
    expected = "does not exist" if leave == "nothing" else "there is no note to be read in .*/notes, but the index holds 3 from there"
    if leave != "nothing":
        folder.mkdir()
    if leave == "what cannot be read":
        (folder / "sky.md").write_text(" ")
    with pytest.raises(NotesError, match=expected):
        synced(store, folder, encoder)
    assert store.view().stamp == stamp
    assert texts(store) == NOTES
    write(NOTES)
    assert synced(store, folder, encoder).unchanged == PATHS


def test_one_empty_folder_of_two_keeps_the_index(tmp_path: Path, encoder: HashingEncoder):
    folders = [tmp_path / "home", tmp_path / "disk"]
    for folder in folders:
        folder.mkdir()
        for number in range(2):
            (folder / f"{number}.md").write_text(f"Note {number} of {folder.name}.")
    store = Store(tmp_path / "index")
    sync(store, folders, encoder, Sizes(), max_bytes=1000)
    for file in folders[1].iterdir():
        file.unlink()
    with pytest.raises(NotesError, match=r"no note to be read in .*/disk, but the index holds 2 from there"):
        sync(store, folders, encoder, Sizes(), max_bytes=1000)
    assert len(texts(store)) == 4
    assert sync(store, folders[:1], encoder, Sizes(), max_bytes=1000).removed


def test_an_empty_folder_is_no_error_where_there_is_nothing_to_lose(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write({})
    assert synced(store, folder, encoder) == SyncReport()
    assert Snapshot.open(store).vectors.search(encoder.encode(["x"])[0], 3) == []
    write({"sky.md": NOTES["sky.md"]})
    synced(store, folder, encoder)
    assert_consistent(store)


# What it was built with


def test_another_encoder_means_everything_anew_and_never_a_mixture(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    before = store.view()
    other = HashingEncoder(dimension=32)
    assert synced(store, folder, other) == SyncReport(changed=PATHS)
    assert len(other.encoded) == 3
    with store.view() as after:
        assert after.manifest == Manifest("hashing-32", 32, Sizes())
        assert after.vectors(after.passage_ids()).shape == (3, 32)
        assert after.without_vector([Manifest("hashing-64", 64, Sizes()).digest(text) for text in encoder.encoded]) != []
    assert before.vectors(before.passage_ids()).shape == (3, 64)
    assert Snapshot.open(store).vectors.search(other.encode(["salty sea"])[0], 1)[0][1] > 0.5


def test_other_sizes_mean_segmenting_anew_and_encoding_what_differs(tmp_path: Path, write: Write, encoder: HashingEncoder):
    store, folder = Store(tmp_path / "index"), write(NOTES)
    synced(store, folder, encoder)
    count = len(encoder.encoded)
    assert synced(store, folder, encoder, sizes=replace(Sizes(), target=100)).changed == PATHS
    assert len(encoder.encoded) == count
    assert_consistent(store)


def test_passages_never_exceed_what_the_encoder_sees(tmp_path: Path, write: Write, encoder: HashingEncoder):
    encoder.max_pieces = 20
    store = Store(tmp_path / "index")
    synced(store, write({"long.md": "Many words stand here one after another. " * 30}), encoder)
    assert max(encoder.count(encoder.encoded)) <= 20
    assert store.view().manifest == Manifest("hashing-64", 64, Sizes(pieces=20))


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("spoil", [lambda vectors: vectors * 2, lambda vectors: vectors * np.nan, lambda vectors: vectors[..., :5]])
def test_an_encoder_that_breaks_its_word_is_refused(tmp_path: Path, write: Write, spoil: Callable[[np.ndarray], np.ndarray], whole: bool):
    class Broken(HashingEncoder):
        def embed(self, text: str, spans: Spans) -> tuple[np.ndarray, np.ndarray]:
            vector, parts = super().embed(text, spans)
            return (spoil(vector), parts) if whole else (vector, spoil(parts))

    store = Store(tmp_path / "index")
    with pytest.raises(EncoderError, match="not all of 64 finite numbers and of length 1"):
        synced(store, write(NOTES), Broken())
    assert texts(store) == {}


# Other processes, and those that die


def test_a_sync_that_another_overtakes_looks_again(tmp_path: Path, write: Write):
    store, folder = Store(tmp_path / "index"), write(NOTES)

    class Overtaken(HashingEncoder):
        def embed(self, text: str, spans: Spans) -> tuple[np.ndarray, np.ndarray]:
            if not self.encoded:
                synced(Store(tmp_path / "index"), folder, HashingEncoder())
            return super().embed(text, spans)

    assert synced(store, folder, Overtaken()) == SyncReport(unchanged=PATHS)
    assert store.view().generation == 1
    assert_consistent(store)


MANY = {f"{number:03}.md": f"# Note {number}\n\nIt is about the number {number}, and old.\n" for number in range(150)}
CHANGED = {path: text.replace("old", "new") for path, text in MANY.items() if path > "010.md"}

DYING = """
import os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from conftest import HashingEncoder
from test_sync import synced

moment = sys.argv[3]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(HashingEncoder):
    def embed(self, text, spans):
        if moment == f"at passage {len(self.encoded)}":
            die()
        return super().embed(text, spans)

class DyingStore(Store):
    @contextmanager
    def writing(self):
        with super().writing() as writer:
            before = writer.generation
            yield writer
            committing = writer.generation > before
            if moment == "before the commit" and committing:
                die()
        if moment == "after the commit" and committing:
            die()

    def view(self):
        view = super().view()
        if moment == "while caches are made":
            def texts(ids):
                for number, row in enumerate(type(view).texts(view, ids)):
                    if number == 70:
                        die()
                    yield row
            view.texts = texts
        return view

store = DyingStore(Path(sys.argv[1]))
synced(store, Path(sys.argv[2]), Dying())
Snapshot.open(store)
"""


def start(script: str, *arguments: object) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], env=environment)


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [
        ("at passage 0", "old"),
        ("at passage 130", "old"),
        ("before the commit", "old"),
        ("after the commit", "new"),
        ("while caches are made", "new"),
    ],
)
def test_a_process_that_is_killed_leaves_the_old_state_or_the_new(tmp_path: Path, write: Write, moment: str, outcome: str):
    store, folder = Store(tmp_path / "index"), write(MANY)
    synced(store, folder, HashingEncoder())
    Snapshot.open(store)
    write(CHANGED)
    assert start(DYING, tmp_path / "index", folder, moment).wait() == -signal.SIGKILL
    store = Store(tmp_path / "index")
    assert texts(store) == (MANY if outcome == "old" else {**MANY, **CHANGED})
    assert_consistent(store)
    encoder = HashingEncoder()
    report = synced(store, folder, encoder)
    assert len(report.changed) == (len(CHANGED) if outcome == "old" else 0)
    # What was encoded before the end is not encoded again.
    assert len(encoder.encoded) == {"at passage 0": 139, "at passage 130": 11}.get(moment, 0)
    assert texts(store) == {**MANY, **CHANGED}
    assert_consistent(store)


def test_killed_at_any_moment_it_is_consistent(tmp_path: Path, write: Write):
    """Kills a process that does nothing but sync and change notes, at moments of no choice."""
    script = (
        "import sys; from pathlib import Path\n"
        "from assistant.index.snapshot import Snapshot; from assistant.index.store import Store\n"
        "from conftest import HashingEncoder; from test_sync import CHANGED, synced\n"
        "store, folder, encoder = Store(Path(sys.argv[1])), Path(sys.argv[2]), HashingEncoder()\n"
        "for turn in range(10**6):\n"
        "    for path, text in CHANGED.items():\n"
        "        Path(folder, path).write_text(f'{text} Turn {turn}.')\n"
        "    synced(store, folder, encoder); Snapshot.open(store); print('turn', flush=True)"
    )
    folder, environment = write(MANY), {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    for wait_s in (0.01, 0.06, 0.11, 0.17, 0.23):
        command = [sys.executable, "-c", script, tmp_path / "index", folder]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout and process.stdout.readline() == "turn\n"
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(wait_s)
            process.kill()
        store = Store(tmp_path / "index")
        turns = {text.partition("Turn ")[2] for path, text in texts(store).items() if path in CHANGED}
        assert (len(texts(store)), len(turns)) == (150, 1)
        assert_consistent(store)


def test_processes_that_sync_at_once_do_the_work_once(tmp_path: Path, write: Write):
    folder = write(MANY)
    processes = [start(DYING, tmp_path / "index", folder, "never") for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    store = Store(tmp_path / "index")
    assert store.view().generation == 1
    assert texts(store) == MANY
    assert_consistent(store)
