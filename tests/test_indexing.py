"""Syncs behind the page: one at a time, called off without harm, and begun by themselves when files change."""

import os
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from assistant.errors import Cancelled, NotesError
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.segmenting.passages import Sizes
from assistant.values import SyncReport
from assistant.web.indexing import Indexing, Rested, Syncing
from assistant.web.serve import _watch
from assistant.web.watching import watch
from test_sync import NOTES, assert_consistent, synced, texts
from web_support import assistant_over, opened


class Task:
    """A sync that goes on when it is told to; ``begun`` gets the progress callback of each run."""

    def __init__(self) -> None:
        self.begun: Queue = Queue()
        self.go_on: Queue = Queue()

    def __call__(self, progress) -> SyncReport:
        self.begun.put(progress)
        self.go_on.get()
        progress("Reading notes", 1, 2)
        return SyncReport(added=("a.md",))


def test_the_state_tells_how_far_it_is_and_how_it_ended():
    task = Task()
    indexing = Indexing(task)
    assert indexing.state == Rested()
    indexing.start()
    assert indexing.state == Syncing()
    task.begun.get()("Encoding passages", 64, 128)
    assert indexing.state == Syncing("Encoding passages", 64, 128)
    task.go_on.put(None)
    indexing.wait()
    assert indexing.state == Rested(report=SyncReport(added=("a.md",)))


def test_what_is_asked_for_meanwhile_is_done_once_afterwards():
    task = Task()
    indexing = Indexing(task)
    indexing.start()
    task.begun.get()
    for _ in range(5):
        indexing.start()
    task.go_on.put(None)
    task.begun.get()
    task.go_on.put(None)
    indexing.wait()
    assert task.begun.empty()


def test_a_sync_is_called_off_and_the_next_one_runs():
    task = Task()
    indexing = Indexing(task)
    indexing.start()
    task.begun.get()
    indexing.start()
    indexing.stop()
    task.go_on.put(None)
    indexing.wait()
    assert isinstance(indexing.state, Rested) and "stopped" in indexing.state.error
    assert task.begun.empty()
    indexing.start()
    task.go_on.put(None)
    indexing.wait()
    assert indexing.state.error is None


@pytest.mark.parametrize(
    ("error", "said"), [(NotesError("the folder is gone"), "the folder is gone"), (ZeroDivisionError("x"), "ZeroDivisionError: x")]
)
def test_what_goes_wrong_is_told(error, said, caplog):
    def fails(progress):
        raise error

    indexing = Indexing(fails)
    indexing.start()
    indexing.wait()
    assert said in indexing.state.error


# Called off without harm


class Stopper:
    """A progress callback that calls the task off at its ``moment``-th call."""

    def __init__(self, moment: int) -> None:
        self.left = moment

    def __call__(self, what: str, done: int, total: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("enough")


def test_called_off_at_any_moment_the_index_is_as_it_was_and_the_work_goes_on(tmp_path, write, encoder, monkeypatch):
    monkeypatch.setattr("assistant.index.sync._BATCH", 3)
    folder = write(NOTES)
    store = Store(tmp_path / "index")
    synced(store, folder, encoder)
    before = texts(store)
    write(
        {f"new/{number}.md": f"# New {number}\n\nSomething about {number} and more.\n" for number in range(10)}
        | {"sky.md": "# Sky\n\nIt is grey.\n"}
    )
    (folder / "deep/sea.txt").unlink()
    moments = 0
    while True:
        try:
            sync(store, [folder], encoder, Sizes(), max_bytes=1_000_000, progress=Stopper(moments))
            break
        except Cancelled:
            assert texts(store) == before
        moments += 1
    assert moments > 14
    assert len(texts(store)) == 12
    assert_consistent(store)
    # Each passage was encoded once in all, though most of the runs were called off.
    assert sum("Something about 7 and more" in text for text in encoder.encoded) == 1


def test_questions_are_answered_while_a_sync_is_called_off(tmp_path, write, encoder):
    folder = write({"heron.md": "# Heron\n\nThe heron eats frogs.\n"})
    assistant = assistant_over(folder, encoder)
    stamp = assistant.stamp
    write({"heron.md": "# Heron\n\nThe heron eats fish.\n"})
    answers = []

    def ask_and_stop(what, done, total):
        answers.append(assistant.ask("What does the heron eat?").text)
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        assistant.sync(progress=ask_and_stop)
    assert "frogs" in answers[0]
    assert assistant.stamp == stamp
    assert "fish" in assistant.ask("What does the heron eat?").text
    assert assistant.stamp != stamp


# Begun by themselves


@pytest.fixture
def watched(tmp_path: Path):
    """A folder, and the queue that its changes are told to."""
    folder, stop, told = tmp_path / "notes", Event(), Queue()
    (folder / ".hidden").mkdir(parents=True)
    (folder / "index").mkdir()
    thread = Thread(target=watch, args=([folder], lambda: told.put(None)), kwargs={"ignored": [folder / "index"], "stop": stop})
    thread.start()
    # Written to until it is seen: the watching has begun then.
    while told.empty():
        (folder / "first.md").write_bytes(os.urandom(8))
        stop.wait(0.05)
    yield folder, told
    stop.set()
    thread.join()


def test_a_note_that_changes_while_it_is_served_is_read_anew_by_itself(tmp_path, write, encoder):
    assistant = assistant_over(write({"heron.md": "# Heron\n\nThe heron eats frogs.\n"}), encoder)
    opening, stop = opened(assistant), Event()
    thread = Thread(target=_watch, args=(opening, assistant.settings, stop))
    thread.start()
    # Written to until it is seen, which shows that the watching has begun.
    tries = 0
    while "frogs" in assistant.note("heron.md").text and (tries := tries + 1) < 600:
        write({"heron.md": f"# Heron\n\nThe heron eats newts, {tries} of them.\n"})
        stop.wait(0.5)
    stop.set()
    thread.join()
    opening.indexing.wait()
    assert "newts" in assistant.note("heron.md").text
    assert isinstance(opening.indexing.state, Rested) and opening.indexing.state.error is None


def settled(told: Queue) -> None:
    """Takes out of the queue what is told until a second passes without."""
    with suppress(Empty):
        while True:
            told.get(timeout=1)


def test_changes_are_told_but_not_those_of_hidden_files_and_of_the_index(watched):
    folder, told = watched
    settled(told)
    (folder / ".hidden/a.md").write_text("x")
    (folder / "index/notes.db").write_text("x")
    (folder / ".a.md.swp").write_text("x")
    with pytest.raises(Empty):
        told.get(timeout=1)
    (folder / "deep").mkdir()
    settled(told)
    (folder / "deep/b.md").write_text("x")
    told.get(timeout=10)
    settled(told)
    (folder / "deep/b.md").unlink()
    told.get(timeout=10)
