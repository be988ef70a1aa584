import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import StoreError
from assistant.index import caches
from assistant.index.snapshot import Snapshot
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.index.words import deleted_share
from assistant.segmenting.passages import Sizes
from conftest import HashingEncoder

Write = Callable[[Mapping[str, str]], Path]

WORDS = (
    *("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty"),
    *("knoll", "lagoon", "mesa", "night", "ocean", "prairie", "quarry", "river", "summit", "tundra"),
)
NOTES = {f"{word}.md": f"# {word.title()}\n\nThis note tells of the {word} and of nothing else.\n" for word in WORDS}


@pytest.fixture
def store(tmp_path: Path, write: Write, encoder: HashingEncoder) -> Store:
    store = Store(tmp_path / "index")
    resync(store, write(NOTES), encoder)
    return store


def resync(store: Store, folder: Path, encoder: HashingEncoder) -> None:
    sync(store, [folder], encoder, Sizes(), max_bytes=10_000)


def paths(snapshot: Snapshot, rows: Sequence[tuple[int, float]]) -> dict[str, float]:
    """What a search found, as path and score."""
    found = snapshot.view.passages([number for number, _ in rows])
    return {one.path: score for one, (_, score) in zip(found, rows, strict=True)}


def answers(snapshot: Snapshot) -> list[dict[str, float]]:
    """What each word finds, by vectors and by words."""
    encoder = HashingEncoder()
    by_vectors = [paths(snapshot, snapshot.vectors.search(encoder.encode([word])[0], 5)) for word in WORDS]
    return by_vectors + [paths(snapshot, snapshot.words.search([word], 5, heading_boost=2.0)) for word in WORDS]


def files(store: Store) -> dict[Path, int]:
    """The cache files and when each was made; opening them touches none."""
    return {path: path.stat().st_mtime_ns for path in (store.folder / "caches").rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_every_note_is_found_by_its_word(store: Store):
    snapshot = Snapshot.open(store)
    for word in WORDS[:5]:
        ((number, _), *_) = snapshot.words.search([word], 1, heading_boost=1.0)
        assert snapshot.view.passages([number])[0].path == f"{word}.md"
    assert snapshot.blocks("amber.md") == snapshot.view.blocks("amber.md")
    assert snapshot.document("amber.md") is snapshot.document("amber.md")


def test_caches_are_made_once(store: Store):
    one = Snapshot.open(store)
    made = files(store)
    other = Snapshot.open(store)
    assert files(store) == made
    assert answers(one) == answers(other)


def test_a_snapshot_stays_while_the_notes_change(store: Store, write: Write, encoder: HashingEncoder):
    before = Snapshot.open(store)
    expected = answers(before)
    folder = write({})
    for number in range(4):
        write({"amber.md": f"# Amber\n\nTold anew, number {number}.\n"})
        (folder / f"{WORDS[number + 1]}.md").unlink()
        resync(store, folder, encoder)
        Snapshot.open(store)
    assert answers(before) == expected
    assert before.document("birch.md").text == NOTES["birch.md"]
    assert len(Snapshot.open(store).view.documents()) == len(NOTES) - 4


def test_caches_brought_up_to_date_find_what_those_made_anew_find(store: Store, write: Write, encoder: HashingEncoder, tmp_path: Path):
    Snapshot.open(store)
    folder = write({"amber.md": "# Amber\n\nOld resin.\n", "zephyr.md": "# Zephyr\n\nA wind.\n"})
    (folder / "birch.md").unlink()
    resync(store, folder, encoder)
    grown, anew = Snapshot.open(store), Store(tmp_path / "anew")
    resync(anew, folder, encoder)
    fresh = Snapshot.open(anew)
    # The passages of amber.md and birch.md went, those of amber.md and zephyr.md came.
    assert grown.vectors.ids.tolist() == [*range(3, 21), 21, 22]
    for word in (*WORDS, "resin", "wind"):
        query = encoder.encode([word])[0]
        by_vectors = [paths(each, each.vectors.search(query, 50)) for each in (grown, fresh)]
        by_words = [paths(each, each.words.search([word], 50, heading_boost=2.0)) for each in (grown, fresh)]
        by_notes = [paths(each, each.notes.search([word], 50, heading_boost=0.0)) for each in (grown, fresh)]
        assert by_vectors[0] == by_vectors[1]
        # Scores of words count what was removed until it is merged away; what is found does not.
        assert by_words[0].keys() == by_words[1].keys() == by_notes[0].keys() == by_notes[1].keys()
    assert len(grown.notes) == len(fresh.notes) == len(NOTES)


def test_short_forms_brought_up_to_date_are_those_made_anew(store: Store, write: Write, encoder: HashingEncoder, tmp_path: Path):
    resync(store, write({"amber.md": "# Amber\n\nOld River Amber (ORA).\n", "birch.md": "# Birch\n\nTall Lake Birch (TLB).\n"}), encoder)
    assert sorted(Snapshot.open(store).short_forms) == [("ORA", "Old River Amber"), ("TLB", "Tall Lake Birch")]
    folder = write({"amber.md": "# Amber\n\nOld resin.\n", "cedar.md": "# Cedar\n\nSix Hill Cedars (SHC).\n"})
    resync(store, folder, encoder)
    grown, anew = Snapshot.open(store), Store(tmp_path / "anew")
    resync(anew, folder, encoder)
    assert sorted(grown.short_forms) == sorted(Snapshot.open(anew).short_forms) == [("SHC", "Six Hill Cedars"), ("TLB", "Tall Lake Birch")]


def test_caches_of_another_layout_are_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch):
    Snapshot.open(store)
    before = files(store)
    monkeypatch.setattr(caches, "LAYOUT", caches.LAYOUT + 1)
    Snapshot.open(store)
    assert not set(before.values()) & set(files(store).values())


def test_remains_of_what_was_removed_stay_few(store: Store, write: Write, encoder: HashingEncoder):
    shares = []
    for number in range(12):
        resync(store, write({"amber.md": f"# Amber\n\nNumber {number}.\n"}), encoder)
        stamp = Snapshot.open(store).view.stamp
        shares.append(deleted_share(store.folder / "caches" / stamp / "words"))
    assert 0 < max(shares) < 0.25


def test_bringing_up_to_date_writes_what_changed(store: Store, write: Write, encoder: HashingEncoder):
    Snapshot.open(store)
    before = {path.name for path in files(store)}
    resync(store, write({"amber.md": "# Amber\n\nOld resin.\n"}), encoder)
    snapshot = Snapshot.open(store)
    shared = [path for path in files(store) if path.is_relative_to(store.folder / "caches" / snapshot.view.stamp) and path.name in before]
    # The words of the notes that stay are those of the cache before, not written again.
    assert any(path.suffix == ".idx" and path.stat().st_nlink == 2 for path in shared)


def test_after_a_large_change_nothing_remains_of_the_old(store: Store, write: Write, encoder: HashingEncoder):
    Snapshot.open(store)
    resync(store, write({path: text.replace("tells", "speaks") for path, text in NOTES.items()}), encoder)
    snapshot = Snapshot.open(store)
    assert (len(snapshot.words), len(snapshot.vectors.ids)) == (20, 20)
    assert all(path.stat().st_nlink == 1 for path in files(store))


def test_a_cache_with_one_flipped_bit_in_any_file_is_made_anew(store: Store):
    expected = answers(Snapshot.open(store))
    for number in range(len(files(store))):
        file = sorted(files(store))[number]
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        assert caches.find(store.folder / "caches", store.view().stamp) is None
        assert answers(Snapshot.open(store)) == expected
        assert not file.exists() or file.read_bytes() != bytes(content)


def test_caches_that_were_deleted_are_made_anew(store: Store):
    expected = answers(Snapshot.open(store))
    for path in (store.folder / "caches" / store.view().stamp).rglob("*.*"):
        path.unlink(missing_ok=True)
    assert answers(Snapshot.open(store)) == expected


def test_caches_of_another_database_are_not_used(store: Store, tmp_path: Path, encoder: HashingEncoder):
    Snapshot.open(store)
    for path in store.folder.glob("notes.db*"):
        path.unlink()
    other = Store(store.folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "only.md").write_text("The only note.")
    resync(other, tmp_path / "other", encoder)
    snapshot = Snapshot.open(other)
    assert (snapshot.vectors.ids.tolist(), len(snapshot.words)) == ([1], 1)


def test_two_caches_are_kept_and_what_dead_processes_left_goes(store: Store, write: Write, encoder: HashingEncoder):
    root = store.folder / "caches"
    stamps = []
    for number in range(4):
        resync(store, write({"amber.md": f"# Amber\n\nNumber {number}.\n"}), encoder)
        stamps.append(Snapshot.open(store).view.stamp)
    dead, alive = root / ".filling-dead", root / ".filling-alive"
    dead.mkdir()
    alive.mkdir()
    os.utime(dead, (time.time() - 7200,) * 2)
    resync(store, write({"amber.md": "# Amber\n\nLast.\n"}), encoder)
    last = Snapshot.open(store).view.stamp
    assert {path.name for path in root.iterdir()} == {stamps[-1], last, ".filling-alive"}


# Sealed folders


def test_a_folder_that_raises_while_filled_leaves_nothing(tmp_path: Path):
    with pytest.raises(RuntimeError), caches.filling(tmp_path, "one") as folder:
        (folder / "half").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_made_twice_at_once_is_the_first(tmp_path: Path):
    with caches.filling(tmp_path, "one") as slow:
        (slow / "file").write_text("slow")
        with caches.filling(tmp_path, "one") as quick:
            (quick / "file").write_text("quick")
    assert (tmp_path / "one" / "file").read_text() == "quick"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_damaged_folder_is_replaced(tmp_path: Path):
    for text in ("one", "two"):
        with caches.filling(tmp_path, "stamp") as folder:
            (folder / "file").write_text(text)
        assert (caches.find(tmp_path, "stamp") / "file").read_text() == text
        (tmp_path / "stamp" / "file").write_text("damage")
        assert caches.find(tmp_path, "stamp") is None


def test_the_latest_ancestor_that_is_sound_is_found(tmp_path: Path):
    for stamp in ("old", "new"):
        with caches.filling(tmp_path, stamp) as folder:
            (folder / "file").write_text(stamp)
    assert caches.find_ancestor(tmp_path, ["newest", "new", "old"]) == tmp_path / "new"
    (tmp_path / "new" / "file").unlink()
    assert caches.find_ancestor(tmp_path, ["newest", "new", "old"]) == tmp_path / "old"
    assert caches.find_ancestor(tmp_path, ["newest"]) is None
    assert caches.find_ancestor(tmp_path / "missing", ["new"]) is None


def test_a_disk_that_refuses_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(StoreError, match=r"the search caches in .* cannot be written .* the index itself is safe"),
        caches.filling(tmp_path / "file", "one"),
    ):
        pass


def test_vectors_of_the_snapshot_are_those_of_the_store(store: Store):
    snapshot = Snapshot.open(store)
    ids = snapshot.view.passage_ids()
    matrix = snapshot.view.vectors(ids)
    for row, number in enumerate(ids.tolist()):
        assert snapshot.vectors.search(matrix[row], 1, allowed=[number]) == [(number, pytest.approx(1.0))]
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1)
