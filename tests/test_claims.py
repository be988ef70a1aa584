"""Values in texts: which are found, and when two can both be true."""

from datetime import date
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.claims import agree, comparable, contradict, disagree, equal
from assistant.answering.roles import roles_in
from assistant.answering.stated import values

DAY = 86400.0


def only(text: str):
    (value,) = values(text)
    return value


@pytest.mark.parametrize(
    ("text", "found", "dimension", "low", "high"),
    [
        ("Kept for 7 days.", "7 days", "duration", 7 * DAY, 7 * DAY),
        ("It stays up to 24 hours.", "24 hours", "duration", -inf, DAY),
        ("Retention is between 1 and 35 days.", "1 and 35 days", "duration", DAY, 35 * DAY),
        ("from 1 day to 365 days", "1 day to 365 days", "duration", DAY, 365 * DAY),
        ("a file of 1.5 MB", "1.5 MB", "size", 1.5e6, 1.5e6),
        ("1,024 bytes", "1,024 bytes", "size", 1024, 1024),
        ("It costs 5 000 EUR.", "5 000 EUR", "money €", 5000, 5000),
        ("4 000 € a boat", "4 000 €", "money €", 4000, 4000),
        ("it costs €\u00a05 000, they say", "€\u00a05 000", "money €", 5000, 5000),
        ("1 500 000 people live there", "1 500 000 people", "count", 1.5e6, 1.5e6),
        ("12\u202f500 kg of coal", "12\u202f500 kg", "mass", 12500, 12500),
        ("between 1 200 and 3 400 m", "1 200 and 3 400 m", "length", 1200, 3400),
        ("2MB/s per shard", "2MB/s", "size/time", 2e6, 2e6),
        ("It costs €18.", "€18", "money €", 18, 18),
        ("around $14-16 per day", "$14-16 per day", "money $/time", 14 / DAY, 16 / DAY),
        ("availability of 99.9 %", "99.9 %", "share", 99.9, 99.9),
        ("bake at 350 °F", "350 °F", "temperature", (350 - 32) / 1.8, (350 - 32) / 1.8),
        ("an octopus has three hearts", "three hearts", "count", 3, 3),
        ("at least 20 million requests", "20 million requests", "count", 20e6, inf),
        ("The port is 5439.", "5439", "count", 5439, 5439),
        ("it leaves at 21:40", "21:40", "clock", 21 * 60 + 40, 21 * 60 + 40),
        ("doors open at 9 pm", "9 pm", "clock", 21 * 60, 21 * 60),
        ("it struck at 06:28:15", "06:28:15", "clock", 6 * 60 + 28.25, 6 * 60 + 28.25),
        ("opened on 3 June 1867", "3 June 1867", "date", date(1867, 6, 3).toordinal(), date(1867, 6, 3).toordinal()),
        ("opened in 1867", "1867", "date", date(1867, 1, 1).toordinal(), date(1867, 12, 31).toordinal()),
        ("2023-02-28", "2023-02-28", "date", date(2023, 2, 28).toordinal(), date(2023, 2, 28).toordinal()),
        ("dark after half an hour", "half an hour", "duration", 1800, 1800),
        # One of a time, where it is how long or how often.
        ("a ban of one hour", "one hour", "duration", 3600, 3600),
        ("kept for a week", "a week", "duration", 604_800, 604_800),
        ("lit every day, rain or shine", "every day", "duration", 86_400, 86_400),
        ("painted once a year", "once a year", "duration", 31_557_600, 31_557_600),
        ("Half a day at sea", "Half a day", "duration", DAY / 2, DAY / 2),
        ("Number of seconds to wait (the default is 900)", "900", "duration", 900, 900),
        ("The log in kilobytes, 64 by default", "64", "size", 64e3, 64e3),
        ("| burners | 7 |", "7", "count", 7, 7),
        ("until 2106-02-07", "2106-02-07", "date", date(2106, 2, 7).toordinal(), date(2106, 2, 7).toordinal()),
    ],
)
def test_a_value_is_found_word_for_word_and_in_base_units(text, found, dimension, low, high):
    value = only(text)
    assert text[value.start : value.end] == found
    assert value.dimension == dimension
    assert (value.low, value.high) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "Step 3 comes next", "see Figure 12", "3. Tag the commit.", "moved to Python 3.11", "AES-256", "an EC2 instance", "10 * (2kb/1kb) = 20wcu",
        "https://example.org/2020/7days", "the `timeout 30 s` option", "on 31 February", "100s of TB", "© 2020 Example Ltd", "one of them",
        "Table 2 100 items", "a screen of 16:9:4", "one day it rained", "every second boat", "a day out", "set to 0 disables it", "where 1 means on", "use 0 to switch it off",
    ],
)  # fmt: skip
def test_a_number_that_names_something_is_no_value(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2021 145 ferries sailed.", [("2021", date(2021, 1, 1).toordinal()), ("145 ferries", 145)]),
        ("In 2021 145 000 lamps burnt.", [("2021", date(2021, 1, 1).toordinal()), ("145 000 lamps", 145_000)]),
        ("The crew is 12 34 boats.", [("12", 12), ("34 boats", 34)]),
        ("The crew is 12 3400 boats.", [("12", 12), ("3400 boats", 3400)]),
        ("The port is 5439 145 boats call.", [("5439", 5439), ("145 boats", 145)]),
        ("The crew is 12\n340 boats.", [("12", 12), ("340 boats", 340)]),
    ],
)
def test_spaces_join_threes_of_digits_alone(text, found):
    assert [(text[one.start : one.end], one.low) for one in values(text)] == found


@given(st.integers(1, 10**12), st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"]))
def test_a_number_is_the_same_whatever_parts_its_thousands(number, gap):
    text = f"{number:,} €"
    value = only(text.replace(",", gap))
    assert (value.start, value.end, value.low, value.high) == (0, len(text), number, number)
    assert equal(value, only(text))


@pytest.mark.parametrize("gap", [" ", "T"])
def test_a_date_with_a_time_is_a_date_and_a_time(gap):
    text = f"The log ends 2038-01-19{gap}03:14:07Z."
    assert [(text[one.start : one.end], one.dimension) for one in values(text)] == [("2038-01-19", "date"), ("03:14:07", "clock")]


def test_what_a_value_is_goes_to_the_value_it_stands_nearest_to():
    text = "Default retention of messages: 4 days, maximum of 14 days"
    assert [(text[one.start : one.end], set(one.roles)) for one in values(text)] == [("4 days", {"default"}), ("14 days", {"max"})]
    text = "Data retention is 3 days default, max 14 days."
    assert [set(one.roles) for one in values(text)] == [{"default"}, {"max"}]


def test_the_words_of_a_question_name_roles():
    assert roles_in("What is the maximum size?") == {"max"}
    assert roles_in("What is the size?") == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("24 hours", "1 day"), ("1 GB", "1024 MB"), ("1 MB", "1 MiB"), ("30 days", "a period of 1 month"), ("up to 7 days", "7 days"),
        ("between 100 and 200 ms", "150 ms"), ("at most 5 GB", "3 GB"), ("at least 90 days", "90 days"), ("in 1867", "3 June 1867"),
        ("about 20 minutes", "19 minutes"), ("65 questions", "~65 questions"), ("1.8 m", "180 cm"), ("25–30 minutes", "25 to 30 min"),
    ],
)  # fmt: skip
def test_these_can_both_be_true(one, other):
    assert comparable(only(one), only(other))
    assert agree(only(one), only(other))
    assert not contradict(values(one), values(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7 days", "24 hours"), ("1-35 days", "1-365 days"), ("up to 64 TB", "up to 128 TB"), ("at most 14 days", "30 days"), ("€18", "€24"),
        ("two hearts", "three hearts"), ("in 1412", "in 1421"), ("4 May 1838", "14 May 1838"), ("21:40", "22:10"), ("74 °C", "82 °C"),
        ("the default is 100 requests per minute", "by default 60 requests per minute"), ("about 120 days", "40 days"),
    ],
)  # fmt: skip
def test_these_cannot_both_be_true(one, other):
    assert comparable(only(one), only(other))
    assert not agree(only(one), only(other))
    assert contradict(values(one), values(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7 days", "7 MB"), ("3 nodes", "4 tables"), ("$5", "€5"), ("maximum of 14 days", "4 days by default"), ("2 MB per shard", "40 MB per stream"),
        ("at least 60 m", "at most 80 m"), ("10 GB", "10 GB per month"),
    ],
)  # fmt: skip
def test_these_are_not_of_one_sort(one, other):
    assert not comparable(only(one), only(other))
    assert not contradict(values(one), values(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("4 days", "5 days", True), ("10 ms", "1 second", True), ("1 KB", "100 KB", True), ("up to 10 ms", "up to 1 second", True),
        # So much more is said of something else.
        ("10 ms", "12 hours", False), ("1 KB", "101 KB", False), ("up to 10 ms", "up to 12 hours", False), ("1 to 2 m", "1 to 2 km", False),
        ("1-2 m", "150-300 m", True), ("in 1412", "in 2012", True), ("0 days", "400 days", True),
    ],
)  # fmt: skip
def test_values_that_cannot_both_be_true_disagree_unless_they_are_of_other_orders(one, other, expected):
    assert disagree(only(one), only(other)) == disagree(only(other), only(one)) == expected


AMOUNTS = st.builds(
    "{}{} {}".format, st.sampled_from(["", "up to ", "at least ", "about "]), st.integers(1, 5000), st.sampled_from(["days", "MB", "€", "eggs", "°F", "%"])
).filter(lambda text: len(values(text)) == 1)


@given(AMOUNTS, AMOUNTS)
def test_agreement_is_mutual_and_with_oneself(one, other):
    mine, theirs = only(one), only(other)
    assert comparable(mine, theirs) == comparable(theirs, mine)
    assert agree(mine, theirs) == agree(theirs, mine)
    assert equal(mine, theirs) == equal(theirs, mine)
    assert agree(mine, mine)
    assert equal(mine, mine)


@given(st.text(alphabet="0123456789.,:-–/$€%° \u00a0\n\taekmpst()*=", max_size=60))
def test_values_of_any_text_stand_in_it_in_order_without_overlap(text):
    found = values(text)
    assert all(0 <= one.start < one.end <= len(text) and one.low <= one.high for one in found)
    assert all(one.end <= following.start for one, following in pairwise(found))
