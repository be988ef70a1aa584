"""What the patterns of questions are made of."""

import re

SENTENCE_END = re.compile(r"(?<=[.!])(?<!\W\w.)\s+(?=\S)")
"""Where one sentence ends and another begins: what is told stands before what is asked. A single letter is an initial."""

EXTREMES = "largest|biggest|smallest|longest|shortest|highest|lowest"
"""Words for the most and the least of any measure, as alternatives of a regular expression."""


def either(*patterns: str) -> re.Pattern[str]:
    """Any of ``patterns``, in capitals or small letters."""
    return re.compile("|".join(patterns), re.IGNORECASE)
