"""The word index: BM25 by tantivy over stemmed words. A cache of the store's passages, or of its notes."""

import json
import math
import os
import re
import shutil
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from pathlib import Path

import tantivy

from assistant.errors import StoreError
from assistant.index.ties import Row, best
from assistant.index.view import Ids

_ANALYZER = "notes"
_HEAP = 64_000_000
_BROKEN = re.compile(r"(?<=[a-zß-öø-ÿ])-\n[ \t]*(?=[a-zß-öø-ÿ])")


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in (tantivy.Filter.remove_long(80), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("english")):
        builder = builder.filter(one)
    return builder.build()


def _unbroken(text: str) -> str:
    """``text`` with words made whole that a hyphen breaks at the end of a line."""
    return _BROKEN.sub("", text) if "-\n" in text else text


class WordIndex:
    """Passages, or notes, by their words. ``id`` is the store's; ``headings`` and ``body`` are searched as two fields."""

    def __init__(self, folder: Path | None = None) -> None:
        """The index in ``folder``, which exists; an empty one if the folder is empty, and one in memory if there is none."""
        schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("id", stored=False, indexed=True, fast=True)
            .add_text_field("headings", tokenizer_name=_ANALYZER)
            .add_text_field("body", tokenizer_name=_ANALYZER)
            .build()
        )
        self._index = tantivy.Index(schema, path=str(folder) if folder else None)
        # A searcher shows what was there when it was opened; nothing watches the folder for more.
        self._index.config_reader("manual")
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self._schema = schema
        self._words = _analyzer()

    def __len__(self) -> int:
        """The number of passages."""
        return self._index.searcher().num_docs

    def update(self, *, removed: Ids = (), added: Iterable[tuple[int, str, str]] = ()) -> None:
        """Takes out passages by id and puts in ``(id, headings, body)``; either all of it is seen afterwards or, on failure, nothing.

        Raises StoreError if the disk will not take it.
        """
        try:
            writer = self._index.writer(_HEAP, num_threads=1)
            # By query: deleting by term takes the id for a signed number, finds nothing and says nothing.
            writer.delete_documents_by_query(self._with_ids(removed))
            for number, headings, body in added:
                document = tantivy.Document(headings=headings, body=_unbroken(body))
                document.add_unsigned("id", number)
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
        except ValueError as error:
            raise StoreError(
                f"the word index cannot be written ({error}): check the disk's space and permissions, then run again"
            ) from error

    def terms(self, text: str) -> list[str]:
        """The terms that ``text`` is indexed and searched by, in order."""
        return self._words.analyze(_unbroken(text))

    def frequency(self, term: str) -> int:
        """How many passages hold ``term``."""
        searcher = self._index.searcher()
        return max(searcher.doc_freq("body", term), searcher.doc_freq("headings", term))

    def beginning(self, prefix: str) -> dict[str, int]:
        """The terms that begin with ``prefix``, each with the number of passages that hold it in their text."""
        return dict(self._index.searcher().terms_with_prefix("body", prefix))

    def search(
        self,
        terms: Sequence[str],
        k: int,
        *,
        heading_boost: float,
        instead: Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]] = (),
        allowed: Ids | None = None,
    ) -> list[Row]:
        """The ``k`` best passages for ``terms`` as (id, score), best first, ties by id; of those ``allowed`` alone, where given.

        Terms are looked up as they are: there is no syntax. A term given twice weighs twice. ``instead`` pairs some of the terms with what
        else may stand for all of those, each a run of terms: whichever scores highest counts, and a run weighs as much as what it stands for.
        """
        if not terms:
            return []
        query = self._with_any(terms, heading_boost, instead)
        most = len(self)
        if allowed is not None and len(allowed) <= most / 2:
            among = tantivy.Query.const_score_query(self._with_ids(allowed), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, among)])
        find = partial(_hits, self._index.searcher(), query)
        if allowed is not None and len(allowed) > most / 2:
            # Looking for many ids takes longer than passing over a few.
            find = partial(_of_those, frozenset(map(int, allowed)), find)
        return best(find, min(k, most))

    def holding(self, terms: Sequence[str]) -> list[int]:
        """The ids of all passages that hold each of ``terms`` in their text or headings, ascending."""
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, _any(self._run([term], 1.0))) for term in terms])
        return sorted(number for number, _ in _hits(self._index.searcher(), query, max(1, len(self))))

    def adjoin(self, terms: Sequence[str]) -> bool:
        """Whether ``terms``, two or more, stand one behind the other somewhere in the text of a passage."""
        query = tantivy.Query.phrase_query(self._schema, "body", list(terms))
        return bool(self._index.searcher().search(query, limit=1, count=False).hits)

    def _with_any(
        self, terms: Sequence[str], heading_boost: float, instead: Iterable[tuple[Sequence[str], Sequence[Sequence[str]]]]
    ) -> tantivy.Query:
        left, clauses = list(terms), []
        for asked, others in instead:
            if meant := [term for term in left if term in asked]:
                runs = [
                    tantivy.Query.boost_query(_any(self._run(run, heading_boost)), self._weight(meant) / self._weight(run))
                    for run in others
                ]
                clauses.append(tantivy.Query.disjunction_max_query([_any(self._each(meant, heading_boost)), *runs]))
                left = [term for term in left if term not in asked]
        return _any([*clauses, *self._each(left, heading_boost)])

    def _each(self, terms: Sequence[str], heading_boost: float) -> list[tantivy.Query]:
        return [query for term in terms for query in self._run([term], heading_boost)]

    def _run(self, terms: Sequence[str], heading_boost: float) -> list[tantivy.Query]:
        """Passages with ``terms`` one behind the other in the text, and those with them in the headings, weighed by the boost."""
        body, headings = (
            tantivy.Query.phrase_query(self._schema, field, list(terms))
            if len(terms) > 1
            else tantivy.Query.term_query(self._schema, field, terms[0])
            for field in ("body", "headings")
        )
        return [body, tantivy.Query.boost_query(headings, heading_boost)]

    def _weight(self, terms: Sequence[str]) -> float:
        """What BM25 weighs ``terms`` by: the sum of their inverse document frequencies."""
        count = len(self)
        return sum(math.log(1 + (count - held + 0.5) / (held + 0.5)) for held in map(self.frequency, terms))

    def _with_ids(self, ids: Ids) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "id", [int(number) for number in ids])


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries])


def copy_words(source: Path, target: Path) -> None:
    """Makes ``target`` a word index like ``source``, which a later update of ``target`` leaves as it is.

    Tantivy writes its files once and replaces its list of them by renaming, so the two can share files.
    """
    target.mkdir()
    for file in source.iterdir():
        if not file.name.endswith(".lock"):
            _link(file, target / file.name)


def deleted_share(folder: Path) -> float:
    """The share of passages that were taken out and still lie in a word index, where they count in the words' weights until merged away."""
    segments = json.loads((folder / "meta.json").read_bytes())["segments"]
    deleted = sum(segment["deletes"]["num_deleted_docs"] for segment in segments if segment["deletes"])
    return deleted / max(1, sum(segment["max_doc"] for segment in segments))


def _hits(searcher: tantivy.Searcher, query: tantivy.Query, reach: int) -> list[Row]:
    hits = searcher.search(query, limit=reach, count=False).hits
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    return [(number, score) for number, (score, _) in zip(ids, hits, strict=True)]


def _of_those(allowed: Container[int], find: Callable[[int], list[Row]], reach: int) -> list[Row]:
    """The ``reach`` best of the rows that ``find`` gives whose ids are ``allowed``."""
    asked = reach
    while True:
        rows = find(asked)
        kept = [row for row in rows if row[0] in allowed]
        if len(kept) >= reach or len(rows) < asked:
            return kept[:reach]
        asked *= 2


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A file system without links.
        shutil.copyfile(source, target)
