"""What says what something is."""

import re

import numpy as np
import pytest

from assistant.answering.defining import defines, heads
from assistant.answering.evidence import Features, Found, candidates
from assistant.answering.outline import Outline
from assistant.retrieval.lexicon import Lexicon
from assistant.retrieval.query import understand
from assistant.segmenting.structure import blocks
from assistant.segmenting.units import units
from assistant.values import Document


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


@pytest.mark.parametrize(
    ("name", "asked", "is_that"),
    [
        ("Slack water", "slack water", True),
        ("Slack waters", "slack water", True),
        ("Lowmouth slack water", "slack water", True),
        ("Slack water Lowmouth strait", "slack water", False),
        ("Slack", "slack water", False),
        ("Tides", "slack water", False),
        ("", "slack water", False),
    ],
)
def test_a_name_is_that_of_what_is_asked_if_it_holds_all_of_it_and_one_term_more_at_most(name, asked, is_that):
    assert heads(name, terms(asked), terms) == is_that


TIDES = """# Tides

Before the ebb.

## Slack water

For an hour nothing flows. Boats turn then.

Pilots wait for it.

- Buoys stand upright.

## Rip

Rip currents run seaward.

Slack water is the time of no flow.
"""


@pytest.mark.parametrize(
    ("question", "defining"),
    [
        # The first below its name, and what begins with it and says what it is; not what stands further below.
        ("What is slack water?", ["For an hour nothing flows. Boats turn then.", "Slack water is the time of no flow."]),
        ("What is a rip?", ["Rip currents run seaward."]),
        # No heading names so little, or so much.
        ("What is water?", ["For an hour nothing flows. Boats turn then.", "Slack water is the time of no flow."]),
        ("What is slack water pilotage?", []),
        # Nobody asks what it is.
        ("When is slack water?", []),
    ],
)
def test_what_defines_is_the_first_below_its_name_or_says_so(question, defining):
    document = Document("tides.md", "Tides", TIDES, "", "markdown")
    one = Outline(document, blocks(document))
    spans = units(TIDES, one.blocks)
    found = [Found(1, one, 1.0, spans, np.ones((len(spans), 2)), len(spans))]
    listed, features = candidates(understand(question, terms), np.ones(2), found, Lexicon(terms, lambda term: 1, 20))
    told = features[:, Features._fields.index("defining")]
    assert len(listed) == 6
    assert set(told) <= {0.0, 1.0}
    assert [candidate.text for candidate, tells in zip(listed, told, strict=True) if tells] == defining
