"""Cards as a text file that Anki imports (File, Import): https://docs.ankiweb.net/importing/text-files.html."""

from collections.abc import Iterable
from html import escape

from assistant.segmenting.structure import plain
from assistant.study.cards import Card

_HEAD = "#separator:tab\n#html:true\n#notetype:Basic\n#deck:Notes\n#columns:Front\tBack\tTags\n#tags column:3\n"


def anki_text(cards: Iterable[Card]) -> str:
    """A line a card: what it is about and the front, the quote with its place, and its kind and folders as tags."""
    return _HEAD + "".join(f"{_front(card)}\t{_back(card)}\t{_tags(card)}\n" for card in cards)


def _front(card: Card) -> str:
    return f"<small>{_line(' › '.join(card.context))}</small><br>{_line(card.front)}"


def _back(card: Card) -> str:
    place = f"{card.path}, {f'page {card.page}' if card.page else f'line {card.line}'}"
    return f"{_line(plain(card.quote))}<br><small>{_line(place)}</small>"


def _tags(card: Card) -> str:
    # A tag ends at a space; two colons stand between a tag and the one it belongs to.
    folders = card.path.split("/")[:-1]
    return " ".join([card.kind, *(["::".join("_".join(_line(one).split()) for one in folders)] if folders else [])])


def _line(text: str) -> str:
    return escape(" ".join(text.split()))
