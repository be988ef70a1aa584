import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import NotesError, StoreError, StoreLocked, StoreTooNew
from assistant.index.database import SCHEMA_VERSION
from assistant.index.manifest import Manifest
from assistant.index.store import Entry, Record, Refused, Stat, Store
from assistant.index.view import pack_blocks, unpack_blocks
from assistant.segmenting.passages import Sizes
from assistant.segmenting.structure import Block
from assistant.segmenting.units import Unit
from assistant.values import Document, Passage, Skipped

MANIFEST = Manifest("tiny", 2, Sizes())
PARTS = (np.array([[0, 1]], dtype=np.float32), np.array([[1, 0], [0, 0]], dtype=np.float32))
TEXT = "# Sky\n\nIt is blue \U0001f30c.\n\nAt night,\0 it is not."


def entry(path: str = "sky.md", text: str = TEXT, *, digests: tuple[str, str] = ("one", "two")) -> Entry:
    low, high = text.index("\n\n", 6) + 2, len(text)
    return Entry(
        document=Document(path, "Sky", text, "ab" * 32, "markdown", ("a", "b"), ("Heaven",), (0, low), 2),
        blocks=(Block("heading", 0, 5, 1), Block("paragraph", 7, low - 2, 0, ("Sky",)), Block("paragraph", low, high, 0, ("Sky",), 1)),
        passages=(
            Passage(path, 0, low - 2, text[: low - 2], (), "mixed", 1, 1),
            Passage(path, low, high, text[low:high], ("Sky", "Night"), "paragraph", 5, None),
        ),
        units=((Unit(7, low - 2, 1),), (Unit(low, low + 3, 2), Unit(low + 4, high, 2))),
        digests=digests,
        stat=Stat(123, 456),
    )


def add(store: Store, *entries: Entry) -> None:
    with store.writing() as writer:
        for one in entries:
            writer.add_vectors(one.digests, np.array([[1, 0], [0.6, 0.8]], dtype=np.float32), PARTS)
            writer.put(one)
        writer.advance(MANIFEST)


def run(script: str, *arguments: object) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )


# What goes in comes out


def test_a_new_store_is_empty(tmp_path: Path):
    with Store(tmp_path / "index").view() as view:
        assert (view.generation, view.manifest) == (0, None)
        assert (view.documents(), view.refused(), view.stamps()) == ((), (), [view.stamp])
        assert view.passage_ids().tolist() == []
        assert view.vectors([]).shape == (0, 0)


def test_a_note_comes_out_as_it_went_in(tmp_path: Path):
    store, one = Store(tmp_path), entry()
    add(store, one)
    with store.view() as view:
        assert view.document("sky.md") == one.document
        assert view.blocks("sky.md") == one.blocks
        assert view.passages([1, 2]) == list(one.passages)
        assert view.documents() == (Record("sky.md", "Sky", "markdown", "ab" * 32, Stat(123, 456), 2, ("a", "b"), ("Heaven",)),)
        assert [view.passage_ids_of(paths).tolist() for paths in (["sky.md", "sea.md"], [])] == [[1, 2], []]
        assert list(view.texts([2, 1])) == [(2, "Sky\nNight", one.passages[1].text), (1, "", one.passages[0].text)]
        assert (view.generation, view.manifest) == (1, MANIFEST)


def test_a_note_goes_by_its_first_passage_and_by_another_when_it_is_written_anew(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry("a/sky.v2.md"), entry("sea.txt", digests=("three", "four")))
    add(store, entry("a/sky.v2.md"))
    with store.view() as view:
        assert view.note_ids().tolist() == [3, 5]
        assert view.notes_of([6, 3, 4, 5, 6]).tolist() == [5, 3, 3, 5, 5]
        assert view.notes_of([]).tolist() == []
        text = "\n".join(one.text for one in entry().passages)
        assert list(view.note_texts([5, 3])) == [(5, "a/sky.v2", text), (3, "sea", text)]


def test_what_can_be_quoted_comes_by_passage_with_its_vectors(tmp_path: Path):
    store, one = Store(tmp_path), entry()
    add(store, one)
    with store.view() as view:
        found = view.quotable([2, 1, 99])
    assert list(found) == [2, 1]
    assert [(quotable.path, quotable.units) for quotable in found.values()] == [("sky.md", one.units[1]), ("sky.md", one.units[0])]
    np.testing.assert_array_equal(found[1].vectors, PARTS[0])
    np.testing.assert_array_equal(found[2].vectors, PARTS[1])


def test_passages_and_vectors_come_in_the_order_asked_and_as_often(tmp_path: Path):
    store, one = Store(tmp_path), entry()
    add(store, one)
    with store.view() as view:
        assert view.passages([2, 1, 2]) == [one.passages[1], one.passages[0], one.passages[1]]
        assert view.vectors([2, 1]).tolist() == [[np.float32(0.6), np.float32(0.8)], [1, 0]]
        assert view.passages([]) == []


def test_large_reads_keep_their_order_across_chunks(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    asked = [1, 2, 2] * 3000
    with store.view() as view:
        assert [one.line for one in view.passages(asked)] == [1, 5, 5] * 3000
        assert view.vectors(asked)[:, 0].tolist() == [1, np.float32(0.6), np.float32(0.6)] * 3000
        assert [number for number, _, _ in view.texts(asked)] == asked


def test_what_is_not_there_is_said(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    with store.view() as view:
        with pytest.raises(NotesError, match=r"no note 'earth\.md' in the index"):
            view.document("earth.md")
        with pytest.raises(NotesError, match=r"no note 'earth\.md' in the index"):
            view.blocks("earth.md")
        with pytest.raises(KeyError, match="1 of 2 passage ids"):
            view.passages([1, 99])


def test_an_id_is_never_given_twice(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    with store.writing() as writer:
        writer.remove(["sky.md"])
        writer.advance(MANIFEST)
    add(Store(tmp_path), entry("a.md"), entry("b.md"))
    assert store.view().passage_ids().tolist() == [3, 4, 5, 6]


def test_a_note_put_again_takes_the_place_of_the_old_one(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry(), entry("other.md"))
    changed = entry(text="# Sky\n\nIt is grey.\n\nAt night it is black.")
    add(store, changed)
    with store.view() as view:
        assert view.document("sky.md") == changed.document
        assert view.passage_ids().tolist() == [3, 4, 5, 6]
        assert [record.passages for record in view.documents()] == [2, 2]


def test_vectors_that_nothing_uses_are_dropped(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry(digests=("one", "two")), entry("b.md", digests=("two", "three")))
    with store.writing() as writer:
        writer.remove(["sky.md"])
        assert writer.without_vector(["three", "one", "two", "four"]) == ["four"]
        writer.advance(MANIFEST)
    assert store.view().without_vector(["three", "one", "two", "four"]) == ["one", "four"]


def test_a_passage_without_vector_is_refused_and_nothing_is_written(tmp_path: Path):
    store = Store(tmp_path)
    with pytest.raises(sqlite3.IntegrityError), store.writing() as writer:
        writer.put(entry())
    assert store.view().documents() == ()


def test_touching_changes_what_a_file_is_known_by_and_nothing_else(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    with store.writing() as writer:
        writer.touch("sky.md", Stat(124, 999))
    with store.view() as view:
        assert view.documents()[0].stat == Stat(124, 999)
        assert view.generation == 1


def test_the_list_of_files_left_out_is_replaced(tmp_path: Path):
    store = Store(tmp_path)
    refused = (Refused(Skipped("a.bin", "is binary")), Refused(Skipped("b.pdf", "is locked"), Stat(7, 8)))
    for some in (refused[::-1], refused[1:]):
        with store.writing() as writer:
            writer.refuse(some)
    assert store.view().refused() == refused[1:]


@given(
    st.lists(
        st.builds(
            Block,
            kind=st.sampled_from(["heading", "item", "row"]),
            start=st.integers(0, 10**7),
            end=st.integers(0, 10**7),
            level=st.integers(0, 9),
            headings=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3).map(tuple),
            parent=st.none() | st.integers(0, 10**5),
        )
    ).map(tuple)
)
def test_blocks_survive_packing(blocks: tuple[Block, ...]):
    assert unpack_blocks(pack_blocks(blocks)) == blocks


def test_a_manifest_survives_json_and_one_with_other_fields_matches_none():
    manifest = Manifest("model", 384, Sizes(target=9))
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert Manifest.from_json('{"encoder": "model", "sizes": {"colour": 1}}') is None
    assert Manifest.from_json("{") is None


# States


def test_a_view_stays_at_its_state(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    with store.view() as before:
        with store.writing() as writer:
            writer.remove(["sky.md"])
            writer.advance(MANIFEST)
        assert before.document("sky.md").text == TEXT
        assert len(before.passages(before.passage_ids())) == 2
        with store.view() as after:
            assert (before.generation, after.generation) == (1, 2)
            assert after.documents() == ()
            assert after.stamps() == [after.stamp, *before.stamps()]


def test_what_raises_halfway_writes_nothing(tmp_path: Path):
    store = Store(tmp_path)
    add(store, entry())
    with pytest.raises(RuntimeError), store.writing() as writer:
        writer.remove(["sky.md"])
        writer.advance(MANIFEST)
        raise RuntimeError
    with store.view() as view:
        assert (view.generation, len(view.documents())) == (1, 1)


def test_no_two_states_share_a_stamp(tmp_path: Path):
    stamps = [stamp for name in "ab" for _ in (add(Store(tmp_path / name), entry()),) for stamp in Store(tmp_path / name).view().stamps()]
    assert len(set(stamps)) == len(stamps) == 4


def test_threads_share_a_view(tmp_path: Path):
    store = Store(tmp_path)
    add(store, *(entry(f"{number}.md") for number in range(50)))
    with store.view() as view, ThreadPoolExecutor(8) as pool:
        ids = view.passage_ids()
        found = list(pool.map(lambda number: (view.document(f"{number % 50}.md").path, len(view.passages(ids))), range(400)))
    assert found == [(f"{number % 50}.md", 100) for number in range(400)]


def test_a_closed_view_lets_go_of_the_log(tmp_path: Path):
    store = Store(tmp_path)
    view = store.view()
    add(store, entry())
    view.close()
    view.close()
    add(store, entry("b.md"))
    assert not (tmp_path / "notes.db-wal").exists()


# What can go wrong


def test_a_second_process_that_writes_is_waited_for_and_reading_goes_on(tmp_path: Path):
    store = Store(tmp_path, wait_s=0.3)
    add(store, entry())
    other = run(
        "import sys; from pathlib import Path; from assistant.index.store import Store\n"
        "with Store(Path(sys.argv[1])).writing() as writer:\n"
        "    writer.remove(['sky.md']); print('writing', flush=True); sys.stdin.read()",
        tmp_path,
    )
    assert other.stdout and other.stdout.readline() == "writing\n"
    assert len(store.view().documents()) == 1
    started = time.monotonic()
    with pytest.raises(StoreLocked, match="another process is writing to it: try again when it has ended"), store.writing():
        pass
    assert 0.3 <= time.monotonic() - started < 3
    threading.Timer(0.2, other.communicate).start()
    with Store(tmp_path, wait_s=20).writing() as writer:
        assert writer.documents() == ()


def test_processes_that_make_the_store_at_once_all_find_it_made(tmp_path: Path):
    script = "import sys; from pathlib import Path; from assistant.index.store import Store; print(Store(Path(sys.argv[1])).view().stamp)"
    stamps = {process.communicate()[0] for process in [run(script, tmp_path / "index") for _ in range(4)]}
    assert stamps == {f"{Store(tmp_path / 'index').view().stamp}\n"}


def test_a_newer_store_is_refused_and_kept(tmp_path: Path):
    add(Store(tmp_path), entry())
    with sqlite3.connect(tmp_path / "notes.db") as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(
        StoreTooNew, match=f"newer version .*format {SCHEMA_VERSION + 1}, this one reads {SCHEMA_VERSION}.*: update the program"
    ):
        Store(tmp_path)
    assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    connection.close()


def test_an_older_store_is_made_anew(tmp_path: Path):
    add(Store(tmp_path), entry())
    with sqlite3.connect(tmp_path / "notes.db") as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()
    with Store(tmp_path).view() as view:
        assert (view.generation, view.documents(), view.passage_ids().tolist()) == (0, (), [])


@pytest.mark.parametrize("damage", [b"These are no tables.\n" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_damaged_store_says_what_to_do(tmp_path: Path, damage: bytes):
    (tmp_path / "notes.db").write_bytes(damage)
    with pytest.raises(StoreError, match=f"delete the folder {tmp_path} and run again: it is built anew from the notes"):
        Store(tmp_path)


def test_a_store_damaged_within_says_what_to_do(tmp_path: Path):
    add(Store(tmp_path), *(entry(f"{number}.md") for number in range(200)))
    file = tmp_path / "notes.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(StoreError, match="damaged: delete the folder"), Store(tmp_path).view() as view:
        view.documents()


def test_a_store_that_is_deleted_while_in_use_says_so(tmp_path: Path):
    store = Store(tmp_path)
    (tmp_path / "notes.db").unlink()
    with pytest.raises(StoreError, match=f"cannot be opened: check that the folder {tmp_path} is there"):
        store.view()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"the index folder .* cannot be made"):
        Store(tmp_path / "file" / "index")


def test_a_full_disk_loses_nothing(tmp_path: Path):
    """A limit on the size of files stands for the disk that is full."""
    add(Store(tmp_path), entry())
    script = """
import resource, sys
from pathlib import Path
from assistant.errors import StoreError
from assistant.index.store import Store
from test_store import add, entry
store = Store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    add(store, entry("big.md", "# Sky\\n\\nBlue.\\n\\n" + "far and wide " * 50_000))
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print([record.path for record in store.view().documents()])
add(store, entry("big.md", "# Sky\\n\\nBlue.\\n\\n" + "far and wide " * 50_000))
print([record.path for record in store.view().documents()])
"""
    said, before, after = run(script, tmp_path).communicate()[0].splitlines()
    assert "check its space" in said or "the disk is full" in said
    assert (before, after) == ("['sky.md']", "['big.md', 'sky.md']")
