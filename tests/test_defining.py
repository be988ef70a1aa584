"""What says what something is."""

import re

import pytest

from assistant.answering.defining import defines


def terms(text: str) -> list[str]:
    return [word.removesuffix("s") for word in re.findall(r"\w+", text.lower())]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("A shard is a sequence of records.", "shard"),
        ("- **Shards** are the units of a stream", "shard"),
        ("Amazon Redshift is a warehouse", "Redshift"),
        ("The Tide Level Recorder (TLR) is an instrument", "TLR"),
        ("TLR (Tide Level Recorder) refers to the gauge", "tide level recorder"),
        ("Backtracking means to go back in place", "backtracking"),
        ("Sort keys are how rows are ordered", "sort key"),
    ],
)
def test_it_begins_with_the_name_and_says_what_that_is(text, asked):
    assert defines(text, terms(asked), terms)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("A shard is full.", "shard"),
        ("In a stream a shard is a sequence", "shard"),
        ("The price of a shard is a matter of hours", "shard"),
        ("A hot shard iterator is a token", "shard"),
        ("A sequence of records is a shard", "shard"),
        ("Shard, stream: is a", "shard"),
        ("shard", "shard"),
        ("", "shard"),
    ],
)
def test_what_says_something_else_does_not(text, asked):
    assert not defines(text, terms(asked), terms)
