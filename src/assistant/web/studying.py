"""The HTML of the study view."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape

from assistant.index.view import Record
from assistant.study.cards import Card
from assistant.study.deck import Deck
from assistant.study.schedule import Grade
from assistant.web.finding import choice, folders
from assistant.web.markdown import to_html
from assistant.web.shelf import Shelf
from assistant.web.targets import target

_UNITS = ((365.25 * 86_400, "year"), (30.44 * 86_400, "month"), (86_400, "day"), (3_600, "hour"), (60, "min"))


def skeleton_html() -> str:
    """The view before a card is there."""
    return (
        '<div class="study searching"><div class="study-tools"><div id="study-filters" role="group" aria-label="Which cards"></div>'
        '<a id="study-export" href="page/study/export" download="cards.txt">Export to Anki</a></div>'
        '<div id="study-card" data-sources aria-live="polite"></div></div>'
    )


def choices_html(records: Sequence[Record]) -> str:
    """The filters, each as what the notes allow it to be set to."""
    shelf = Shelf(records)
    tags = sorted({tag for one in records for tag in one.tags}, key=str.casefold)
    return (
        choice("folder", "All folders", ((one, one) for one in folders(records)))
        + choice("note", "All notes", ((one.path, one.title) for one in shelf.records))
        + choice("tag", "All tags", ((tag, f"#{tag}") for tag in tags))
    )


def study_html(deck: Deck, card: Card | None, intervals: Mapping[Grade, timedelta], *, graded: str | None = None, gone: bool = False) -> str:
    """The ``card`` of ``deck`` to ask, with how long until it comes again by each grade; or that there is none.

    ``graded`` is the key of the card before it, whose grade may be taken back; ``gone`` tells that it was not kept, for its note has changed.
    """
    notice = '<p class="study-gone" role="status">The note of that card has changed, and the card with it.</p>' if gone else ""
    undo = f'<button type="button" data-undo="{escape(graded)}">Undo the last grade <kbd aria-hidden="true">U</kbd></button>' if graded else ""
    if card is None:
        done = "<h2>Nothing to learn here now.</h2><p>Cards are made of definitions, tables and figures in your notes.</p>"
        return f'{notice}<div class="study-done">{done}{undo}</div>'
    grades = "".join(
        f'<button type="button" data-grade="{grade.value}"><span>{grade.name.capitalize()}</span> <small>{interval_text(wait)}</small>'
        f'<kbd aria-hidden="true">{grade.value}</kbd></button>'
        for grade, wait in intervals.items()
    )
    return (
        f'{notice}<p class="study-count"><span><b>{len(deck.due) + len(deck.soon):,}</b> due</span> <span><b>{len(deck.new):,}</b> new</span></p>'
        f'<article class="flash" data-card="{card.key}" aria-label="Card"><p class="crumbs-line" dir="auto">{escape(" › ".join(card.context))}</p>'
        f'<h2 class="front" tabindex="-1" dir="auto">{escape(card.front)}</h2>'
        f'<div class="back" hidden><div class="answer" dir="auto">{to_html(card.quote, {})}</div>{_place(card)}</div></article>'
        '<div class="reveal"><button type="button" data-reveal>Show the answer <kbd aria-hidden="true">Space</kbd></button></div>'
        f'<div class="grades" role="group" aria-label="How well did you know it?" hidden>{grades}</div>{undo}'
    )


def _place(card: Card) -> str:
    at = f"page {card.page}" if card.page else f"line {card.line}"
    return (
        f'<button type="button" class="study-source" {target(card.path, card.start, card.end, card.headings, card.quote)}>'
        f"<bdi>{escape(card.path)}</bdi>, {at}</button>"
    )


def interval_text(wait: timedelta) -> str:
    """``wait`` in its largest unit: "10 min", "1.5 months"."""
    seconds = wait.total_seconds()
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    count = round(seconds / size, 1 if unit in ("month", "year") else None)
    return f"{count:g} {unit}{'' if count == 1 or unit == 'min' else 's'}"
