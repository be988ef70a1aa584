"""Tables: the cells of a row, and the one that a question asks for."""

from collections.abc import Sequence

from assistant.answering.folding import PIPE, folded
from assistant.answering.ranking import Window
from assistant.retrieval.expecting import VALUES
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import Query
from assistant.segmenting.lines import GAP


def cells(row: str) -> list[str]:
    """The cells of a table row, whether pipes, tabs or spaces part them, as they stand in a row parted by pipes."""
    line = row.strip()
    if "\t" in line and not line.startswith("|"):
        return [folded(part).replace("|", r"\|") for part in line.split("\t")]
    if "|" not in line:
        # The second line of a head goes on with the names in the first.
        return [folded(part) for part in GAP.split(line.partition("\n")[0])]
    return [folded(part) for part in PIPE.split(line.removeprefix("|").removesuffix("|"))]


def columns(head: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """The names in ``head`` of the columns of ``rows``; it may lack that of the first."""
    names = cells(head)
    return ["", *names] if rows and all(len(row) == len(names) + 1 for row in rows) else names


def asked_cell(query: Query, window: Window, lexicon: Lexicon) -> str | None:
    """The cell of ``window`` in the row and the column that ``query`` names.

    The row is the one whose first cell holds most of the question's terms, by rarity, and of several such the one that holds most in all; the
    column likewise, by its name and of the terms that are left. Where none is named it is the only one beside the first, or the only one that
    holds a value of the kind expected. None where that does not tell one cell, or it is empty.
    """
    outline = window.outline
    rows = [block for block in outline.blocks[window.first_block : window.last_block + 1] if block.kind == "row"]
    if not rows or rows[0].parent is None:
        return None
    head = outline.blocks[rows[0].parent]
    asked = frozenset(query.terms)
    parted = [cells(outline.document.text[block.start : block.end]) for block in rows]
    names = columns(outline.document.text[head.start : head.end], parted)
    shares = [(_named(row[0], asked, lexicon), _named(" ".join(row), asked, lexicon)) for row in parted]
    if shares.count(max(shares)) > 1:
        return None
    row = parted[shares.index(max(shares))]
    column = _column(query, names[: len(row)], row, lexicon)
    return row[column] or None if column is not None else None


def _column(query: Query, names: Sequence[str], row: Sequence[str], lexicon: Lexicon) -> int | None:
    left = frozenset(query.terms).difference(lexicon.terms(row[0]))
    shares = [_named(name, left, lexicon) for name in names[1:]]
    if shares and max(shares) > 0:
        return 1 + shares.index(max(shares)) if shares.count(max(shares)) == 1 else None
    expected = VALUES.get(query.expects or "")
    fitting = [column for column in range(1, len(row)) if len(row) == 2 or (expected is not None and expected.search(row[column]))]
    return fitting[0] if len(fitting) == 1 else None


def _named(name: str, asked: frozenset[str], lexicon: Lexicon) -> float:
    """How much of what is ``asked`` a cell holds, by rarity."""
    return sum(lexicon.rarity(term) for term in asked.intersection(lexicon.terms(name)))
