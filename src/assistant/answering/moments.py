"""Dates and times of day in a text."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.answering.claims import Value

_MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)}
_MONTH = r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
_DAY_OF_MONTH = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR_NUMBER = r"(?P<year>1\d{3}|20\d{2})(?![\w%-]|[,.]\d)"
_DATES = (
    re.compile(r"(?<![\w-])(?P<year>[12]\d{3})-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?=T\d|[^\w-]|$)"),
    re.compile(rf"(?<![\w.,]){_DAY_OF_MONTH}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR_NUMBER})?"),
    re.compile(rf"\b{_MONTH}\s{_DAY_OF_MONTH}\b(?:,?\s{_YEAR_NUMBER})?"),
    re.compile(rf"\b{_MONTH},?\s{_YEAR_NUMBER}"),
    re.compile(rf"(?:\b(?:[Ii]n|[Ss]ince|[Bb]y|[Ff]rom|[Uu]ntil|[Aa]fter|[Bb]efore|[Dd]uring|[Cc]irca|year)\s|\()(?P<whole>{_YEAR_NUMBER})"),
)
_CLOCK = re.compile(
    r"(?<![\w.,:])(?P<hour>[012]?\d)(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    # After the T of ISO 8601; the date before it is blank by now.
    r"|(?:(?<![\w.,:])|(?<=\sT))(?P<hours>[012]?\d):(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d))?(?![\d:])",
    re.I,
)


def moments(text: str) -> Iterator[Value]:
    """The dates and times of day in ``text``, without overlap: dates in days, the year's first to its last for a year; times in minutes."""
    for pattern, read in (*((pattern, _date) for pattern in _DATES), (_CLOCK, _clock)):
        found = [value for match in pattern.finditer(text) if (value := read(match))]
        yield from found
        for one in found:
            text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]


def _date(match: re.Match[str]) -> Value | None:
    parts = match.groupdict()
    month = int(parts.get("number") or 0) or _MONTHS.get((parts.get("month") or "")[:3].lower(), 0)
    day = int(parts.get("day") or 0)
    start = match.start("whole") if parts.get("whole") else match.start()
    try:
        if not parts["year"]:
            # Of any year: 2000 was a leap year.
            low = high = date(2000, month, day).toordinal()
            return Value(start, match.end(), "day", low, high)
        low = date(int(parts["year"]), month or 1, day or 1).toordinal()
        high = low if day else date(int(parts["year"]) + (month in (0, 12)), month % 12 + 1 if month else 1, 1).toordinal() - 1
    except ValueError:
        return None
    return Value(start, match.end(), "date", low, high)


def _clock(match: re.Match[str]) -> Value | None:
    hour, minute = int(match["hour"] or match["hours"]), int(match["minute"] or match["minutes"] or 0)
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    at = 60 * hour + minute + int(match["seconds"] or 0) / 60
    return Value(match.start(), match.end(), "clock", at, at) if hour < 24 else None
