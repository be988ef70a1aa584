"""The word index: BM25 by tantivy over stemmed words. A cache of the store's passages."""

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from assistant.errors import StoreError
from assistant.index.ties import Row, best
from assistant.index.view import Ids

_ANALYZER = "notes"
_HEAP = 64_000_000


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for one in (tantivy.Filter.remove_long(80), tantivy.Filter.lowercase(), tantivy.Filter.ascii_fold(), tantivy.Filter.stemmer("english")):
        builder = builder.filter(one)
    return builder.build()


class WordIndex:
    """Passages by their words. ``id`` is the store's; ``headings`` and ``body`` are searched as two fields."""

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
                document = tantivy.Document(headings=headings, body=body)
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
        return self._words.analyze(text)

    def frequency(self, term: str) -> int:
        """How many passages hold ``term``."""
        searcher = self._index.searcher()
        return max(searcher.doc_freq("body", term), searcher.doc_freq("headings", term))

    def vocabulary(self) -> dict[str, int]:
        """All terms, each with the number of passages that hold it."""
        return dict(self._index.searcher().terms_with_prefix("body", ""))

    def search(self, terms: Sequence[str], k: int, *, heading_boost: float, allowed: Ids | None = None) -> list[Row]:
        """The ``k`` best passages for ``terms`` as (id, score), best first, ties by id; of those ``allowed`` alone, where given.

        Terms are looked up as they are: there is no syntax. A term given twice weighs twice.
        """
        if not terms:
            return []
        query = self._with_any(terms, heading_boost)
        if allowed is not None:
            among = tantivy.Query.const_score_query(self._with_ids(allowed), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, among)])
        searcher = self._index.searcher()
        return best(lambda reach: _hits(searcher, query, reach), min(k, len(self)))

    def _with_any(self, terms: Sequence[str], heading_boost: float) -> tantivy.Query:
        clauses = []
        for term in terms:
            clauses.append((tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "body", term)))
            heading = tantivy.Query.term_query(self._schema, "headings", term)
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(heading, heading_boost)))
        return tantivy.Query.boolean_query(clauses)

    def _with_ids(self, ids: Ids) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "id", [int(number) for number in ids])


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


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # A file system without links.
        shutil.copyfile(source, target)
