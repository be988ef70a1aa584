import math
import shutil
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.index.words import WordIndex, copy_words, deleted_share

NOTES = [
    (1, "Animals", "The cat sat on the mat."),
    (2, "Animals\nCats", "Nothing is said of them here."),
    (3, "Plants", "A tree stands; no cats, no cat."),
    (40, "", "Zebras run far away."),
]


@pytest.fixture
def words(tmp_path: Path) -> WordIndex:
    index = WordIndex(tmp_path)
    index.update(added=NOTES)
    return index


def ids(index: WordIndex, text: str, k: int = 10, **options) -> list[int]:
    return [number for number, _ in index.search(index.terms(text), k, **{"heading_boost": 1.0, **options})]


def test_terms_are_stemmed_folded_and_in_order(words: WordIndex):
    assert words.terms("Running Cafés, running!") == ["run", "cafe", "run"]
    assert words.terms('C++ AND (foo-bar) can\'t "x" 1.0.21 *:*') == ["c", "and", "foo", "bar", "can", "t", "x", "1", "0", "21"]
    assert words.terms("\t !? ") == []


def test_a_word_that_a_hyphen_breaks_at_the_end_of_a_line_is_one_term(words: WordIndex):
    assert words.terms("the har-\nbour") == words.terms("the harbour") == ["the", "harbour"]
    assert words.terms("light-\n \thouse-\nkeeper") == words.terms("lighthousekeeper")
    words.update(added=[(50, "", "The har-\n  bour is shut."), (51, "", "Post-\nShip")])
    assert ids(words, "harbour") == ids(words, "har-\nbour") == [50]
    assert ids(words, "har") == ids(words, "bour") == ids(words, "postship") == []
    assert ids(words, "ship") == [51]
    assert words.adjoin(words.terms("the harbour is"))


@pytest.mark.parametrize(
    "text", ["Post-\nShip", "post-\nShip", "POST-\nship", "post-ship", "post -\nship", "post-\n- ship", "post-\n\nship"]
)
def test_a_hyphen_joins_nothing_but_small_letters_about_the_end_of_a_line(text: str):
    assert WordIndex().terms(text) == ["post", "ship"]


def test_both_fields_are_searched(words: WordIndex):
    assert sorted(ids(words, "cat")) == [1, 2, 3]
    assert ids(words, "zebra") == [40]
    assert ids(words, "unicorn") == []
    assert ids(words, "") == []


def test_the_heading_weighs_as_it_is_boosted(words: WordIndex):
    assert ids(words, "cat", heading_boost=10.0)[0] == 2
    assert ids(words, "cat", heading_boost=0.01)[-1] == 2


def test_the_score_is_bm25():
    index = WordIndex()
    index.update(added=[(1, "", "alpha beta"), (2, "", "beta gamma"), (3, "", "alpha alpha")])
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))

    def weight(count: int) -> float:
        return rarity * count * (1.2 + 1) / (count + 1.2 * (1 - 0.75 + 0.75 * 2 / 2))

    assert index.search(["alpha"], 5, heading_boost=1.0) == [(3, pytest.approx(weight(2))), (1, pytest.approx(weight(1)))]
    assert index.search(["alpha", "alpha"], 1, heading_boost=1.0) == [(3, pytest.approx(2 * weight(2)))]


def test_equals_come_by_id_even_at_the_end():
    index = WordIndex()
    for number in (9, 4, 7, 1, 8):
        index.update(added=[(number, "", "same words")])
    assert ids(index, "words", 3) == [1, 4, 7]
    assert ids(index, "words", 0) == []


def test_only_those_allowed_are_found_and_their_scores_stay(words: WordIndex):
    scores = dict(words.search(["cat"], 10, heading_boost=1.0))
    assert words.search(["cat"], 10, heading_boost=1.0, allowed=[3, 40]) == [(3, pytest.approx(scores[3]))]
    assert ids(words, "cat", allowed=[]) == []


@pytest.mark.parametrize("allowed", [[3], [1, 2, 3], [2, 3, 40], [1, 2, 3, 40]])
def test_few_allowed_or_many_are_the_whole_ranking_without_the_rest(words: WordIndex, allowed: list[int]):
    every = words.search(["cat", "tree"], 10, heading_boost=1.0)
    kept = [row for row in every if row[0] in allowed]
    for k in (1, 2, 10):
        assert words.search(["cat", "tree"], k, heading_boost=1.0, allowed=allowed) == kept[:k]


def test_passages_that_hold_all_of_the_terms(words: WordIndex):
    assert words.holding(["cat"]) == [1, 2, 3]
    assert words.holding(["cat", "anim"]) == [1, 2]
    assert words.holding(["cat", "unicorn"]) == words.holding([]) == []


def test_terms_that_stand_one_behind_the_other(words: WordIndex):
    assert words.adjoin(words.terms("the mat"))
    assert words.adjoin(words.terms("zebra runs far"))
    assert not words.adjoin(words.terms("mat the"))
    assert not words.adjoin(words.terms("cat mat"))


def test_what_is_removed_is_found_no_more(words: WordIndex):
    words.update(removed=[1, 40], added=[(41, "", "A cat again.")])
    assert sorted(ids(words, "cat")) == [2, 3, 41]
    assert ids(words, "zebra") == []
    assert len(words) == 3


def test_an_opened_index_is_the_written_one(words: WordIndex, tmp_path: Path):
    opened = WordIndex(tmp_path)
    assert opened.search(["cat"], 10, heading_boost=2.0) == words.search(["cat"], 10, heading_boost=2.0)


def test_an_update_that_fails_changes_nothing(words: WordIndex):
    def broken():
        yield 50, "", "cat"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        words.update(removed=[1], added=broken())
    assert sorted(ids(words, "cat")) == [1, 2, 3]
    words.update(added=[(50, "", "cat")])
    assert sorted(ids(words, "cat")) == [1, 2, 3, 50]


def test_a_copy_is_updated_apart(words: WordIndex, tmp_path: Path):
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    target = tmp_path.with_name("copy")
    copy_words(tmp_path, target)
    copy = WordIndex(target)
    copy.update(removed=[1], added=[(50, "", "a cat")])
    assert sorted(ids(copy, "cat")) == [2, 3, 50]
    assert sorted(ids(WordIndex(tmp_path), "cat")) == [1, 2, 3]
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_remains_are_counted(words: WordIndex, tmp_path: Path):
    assert deleted_share(tmp_path) == 0
    words.update(removed=[1])
    assert deleted_share(tmp_path) == 1 / 4


def test_a_folder_that_refuses_says_so(words: WordIndex, tmp_path: Path):
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreError, match="the word index cannot be written"):
        words.update(added=[(50, "", "cat")])
