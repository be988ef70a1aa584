"""What measures: the formulas, the judging of an answer, the reports, and the readers of public sets."""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Settings, cli
from assistant.errors import EvaluationError
from assistant.evaluation import aws, canard, scifact
from assistant.evaluation.comparing import compare, read_results
from assistant.evaluation.formats import FORMATS, evaluate, recognised
from assistant.evaluation.judging import Letters, Outcome, as_read, carries, judge
from assistant.evaluation.metrics import (
    Bin,
    expected_calibration_error,
    ndcg,
    percentile,
    recall,
    reciprocal_rank,
    reliability,
    sign_test,
    squad_tokens,
    token_f1,
    wilson,
)
from assistant.evaluation.notes import NOTES, result
from assistant.evaluation.page import report_page
from assistant.evaluation.questions import UNANSWERABLE, Evidence, Question, read_questions
from assistant.evaluation.report import Floor, Report, Value
from assistant.evaluation.terminal import comparison_text, report_text
from assistant.feedback import Feedback, Place, Verdict
from assistant.values import Citation
from web_support import assistant_over

# Formulas


def test_ranks():
    assert [recall([3, None, 1, 7], k) for k in (0, 1, 3, 10)] == [0, 1 / 4, 2 / 4, 3 / 4]
    assert recall([], 10) == 0
    assert reciprocal_rank([None, 4, 2]) == 1 / 2
    assert reciprocal_rank([None]) == reciprocal_rank([]) == 0


def test_ndcg_is_that_of_trec_eval():
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg([0, 2, 1], [1, 1, 2, 0], 10) == pytest.approx((2 / math.log2(3) + 1 / math.log2(4)) / ideal)
    assert ndcg([0, 2, 1], [1, 1, 2, 0], 2) == pytest.approx(2 / math.log2(3) / (2 / math.log2(2) + 1 / math.log2(3)))
    assert ndcg([0, 0], [], 10) == 0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(1, 12))
def test_ndcg_is_highest_for_the_best_order(gains, k):
    best = sorted(gains, reverse=True)
    assert 0 <= ndcg(gains, gains, k) <= ndcg(best, gains, k) + 1e-12
    assert ndcg(best, gains, k) == pytest.approx(1 if any(gains) else 0)


def test_squads_normalisation_and_overlap():
    assert squad_tokens("The 1.5 TB, a Theory & an “Anvil”!") == ["15", "tb", "theory", "“anvil”"]
    assert token_f1(["a", "a", "b"], ["a", "c"]) == pytest.approx(2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2))
    assert token_f1([], ["a"]) == token_f1([], []) == 0


def test_wilsons_interval():
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), with p = 8/10 and z = 1.96.
    assert wilson(8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert wilson(0, 10) == pytest.approx((0, 0.2775328), abs=1e-6)
    assert wilson(0, 0) == (0, 1)


@given(st.integers(1, 500), st.data())
def test_wilsons_interval_holds_the_share_and_mirrors(total, data):
    count = data.draw(st.integers(0, total))
    low, high = wilson(count, total)
    assert 0 <= low <= count / total + 1e-12
    assert count / total - 1e-12 <= high <= 1
    assert wilson(total - count, total) == pytest.approx((1 - high, 1 - low))


def test_the_sign_test_is_the_binomial_tail_twice():
    assert sign_test(10, 3) == pytest.approx(2 * (1 + 13 + 78 + 286) / 2**13)
    assert sign_test(5, 0) == 2 / 2**5
    assert sign_test(4, 4) == sign_test(0, 0) == 1
    assert sign_test(3, 10) == sign_test(10, 3)


def test_percentiles_are_values_that_were_measured():
    times = list(range(20, 0, -1))
    assert [percentile(times, share) for share in (0, 0.05, 0.5, 0.95, 1)] == [1, 1, 10, 19, 20]
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_reliability_and_the_calibration_error():
    bins = reliability([0.0, 0.5, 0.7, 0.8, 1.0], [False, True, True, False, True], bins=2)
    assert bins == (Bin(0.0, 0.5, 2, 0.25, 0.5), Bin(0.5, 1.0, 3, pytest.approx(2.5 / 3), pytest.approx(2 / 3)))
    assert expected_calibration_error(bins) == pytest.approx((2 * 0.25 + 3 * abs(2.5 / 3 - 2 / 3)) / 5)
    assert expected_calibration_error(()) == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_each_prediction_is_in_the_bin_of_its_confidence(rows):
    bins = reliability([one for one, _ in rows], [true for _, true in rows])
    assert sum(one.count for one in bins) == len(rows)
    assert sum(one.count * one.share for one in bins) == pytest.approx(sum(true for _, true in rows))
    for one in bins:
        assert one.count == sum(one.low < value <= one.high or value == one.low == 0 for value, _ in rows)
    assert 0 <= expected_calibration_error(bins) <= 1


# Text as it is compared


def test_an_answer_is_read_without_marks_and_mark_up():
    assert as_read("| a | b |\n| --- | --- |\n| **1 day** | `x` [2] |").split() == ["a", "b", "1", "day", "x"]


@given(st.text(alphabet="aB1ßİé潮 .-\n|", max_size=40), st.data())
def test_a_quote_is_found_where_it_stands_whatever_lies_between_its_letters(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    spans = list(Letters.of(text).spans(re.sub(r"[\W_]+", " ~ ", quote)))
    kept = [offset for offset in range(start, end) if text[offset].isalnum()]
    assert ((kept[0], kept[-1] + 1) in spans) if kept else spans == []
    assert all(Letters.of(text[one:other]).letters == Letters.of(quote).letters for one, other in spans)


def cited(text: str, quote: str) -> Citation:
    start = text.index(quote)
    return Citation(1, "a.md", start, start + len(quote), 1, None, (), quote)


@pytest.mark.parametrize(
    ("quote", "carrying"),
    [("It waits", False), ("two  weeks", True), ("kept for two", True), ("for two  weeks. Then it", True), ("it waits for two", False), ("week", True)],
)
def test_a_citation_carries_the_evidence_that_it_overlaps(quote, carrying):
    text = "It waits. A parcel is kept\nfor two  weeks. Then it waits for two years."
    quote = quote.replace("kept for", "kept\nfor")
    assert carries(cited(text, quote), text, ["is kept for two weeks", "…"]) is carrying


# Judging


FACT = Question("f", "How long?", "fact", (Evidence("a.md", "two weeks"),), (("2 weeks", "two weeks"), ("parcel",)), ("year",))
LIST = Question("l", "Which?", "list", (Evidence("a.md", "red"), Evidence("a.md", "blue")), (("red",),))
NONE = Question("n", "Who?", UNANSWERABLE)
SHOWN = Question("s", "How long?", "fact", (Evidence("a.md", "two weeks"),))


def answer(text: str, *, short: str | None = None, answered: bool = True, confidence: float = 0.75, citations: Sequence[Citation] = ()) -> Answer:
    return Answer("?", "?", text, short, answered, confidence, tuple(citations), ())


def outcome(question: Question, text: str, *, ranks: Sequence[int | None] = (1,), answered: bool = True, **fields: object) -> Outcome:
    return Outcome(question, answer(text, answered=answered), tuple(ranks), milliseconds=2.0, **fields)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A parcel waits for two weeks.", ""),
        ("A PARCEL waits **2 WEEKS**. [1]", ""),
        ("It waits for two weeks.", "does not say parcel"),
        ("It waits.", "does not say 2 weeks or two weeks; does not say parcel"),
        ("A parcel waits for two weeks or a year.", "says year"),
        ("A parcel waits for two weeks." + " word" * 74, ""),
        ("A parcel waits for two weeks." + " word" * 75, "81 words where 80 are allowed"),
    ],
)
def test_a_right_answer_says_all_it_must_and_nothing_else_in_few_words(text, why):
    one = outcome(FACT, text)
    assert (one.right, one.why) == (not why, why)


def test_long_kinds_may_have_twice_as_many_words():
    assert outcome(LIST, "red" + " word" * 159).right
    longer = outcome(LIST, "red" + " word" * 160)
    assert longer.right_at_any_length
    assert not longer.right


def test_without_what_it_must_say_an_answer_is_right_if_it_cites_evidence():
    assert outcome(SHOWN, "Two weeks.", carrying=(False, True)).right
    uncited = outcome(SHOWN, "Two weeks.", carrying=(False,))
    assert (uncited.right, uncited.why) == (False, "cites no evidence")


def test_refusing_is_right_where_there_is_no_answer_and_only_there():
    refused = outcome(FACT, "A parcel waits for two weeks.", answered=False)
    assert (refused.right, refused.why) == (False, "refused, though the notes answer")
    assert outcome(NONE, "Not here.", answered=False).right
    answered = outcome(NONE, "Mira.")
    assert (answered.right, answered.why) == (False, "answered, though the notes do not")


def test_a_question_that_cannot_be_asked_is_wrong_and_no_refusal(write, encoder):
    notes = assistant_over(write({"a.md": "A parcel is kept for two weeks.\n"}), encoder)
    for question in (replace(FACT, question="x" * 5000), replace(NONE, question=" ")):
        one = judge(notes, question)
        assert (one.right, one.refused, one.milliseconds) == (False, False, None)
        assert one.why.startswith("asking failed: QuestionError: the question ")
        assert result(one).error == one.error


def test_an_answer_judged_by_what_it_found_and_cites(write, encoder):
    notes = assistant_over(write({"a.md": "# Post\n\nA parcel is kept for two weeks.\n", "b.md": "# Lamp\n\nThe lamp is red.\n"}), encoder)
    one = judge(notes, Question("k", "How long is a parcel kept?", "fact", (Evidence("a.md", "kept — for\nTWO weeks"), Evidence("b", "is green")), (("two",),)))
    assert one.right
    assert one.ranks == (1, None)
    assert one.carrying[0] is True
    assert all(one.verbatim)
    assert len(one.carrying) == len(one.verbatim) == len(one.answer.citations)
    assert one.milliseconds > 0


# Reports


def report_of(*outcomes: Outcome) -> Report:
    return Report(NOTES, {"questions": "q.jsonl"}, [result(one) for one in outcomes])


RIGHT = outcome(FACT, "A parcel waits for two weeks.", carrying=(True, False, False), verbatim=(True, True, True))
REPORT = report_of(
    replace(RIGHT, answer=answer(RIGHT.answer.text, short="two weeks", citations=[cited("two weeks", "two weeks")] * 3)),
    outcome(replace(FACT, id="g"), "No.", ranks=[6]),
    replace(outcome(LIST, "red", ranks=[2, None], carrying=()), answer=answer("red", short="blue")),
    outcome(NONE, "Not here.", answered=False),
    outcome(replace(NONE, id="m"), "Mira."),
    outcome(replace(FACT, id="h"), "Not here.", answered=False, ranks=[None]),
    Outcome(replace(FACT, id="e"), None, (None,), error="QuestionError: no"),
)


@pytest.mark.parametrize(
    ("measure", "reached", "total"),
    [
        ("evidence@1", 1, 5),
        ("evidence@5", 2, 5),
        ("evidence@10", 3, 5),
        ("recall@5", 1.5, 5),
        ("mrr", 1 + 1 / 6 + 1 / 2, 5),
        ("right", 2, 5),
        ("right_at_any_length", 2, 5),
        ("short_right", 1, 2),
        ("answered", 3, 5),
        ("false_refusals", 1, 5),
        ("cited", 1, 5),
        ("citation_precision", 1, 3),
        ("verbatim", 3, 3),
        ("refusal_precision", 1, 2),
        ("refusal_recall", 1, 2),
    ],
)
def test_shares_are_counted_over_what_they_are_about_and_missing_ones_are_0(measure, reached, total):
    assert REPORT.value(measure) == Value(reached, total, NOTES.measure(measure).share)
    assert {one.name for one in NOTES.measures} >= {measure}


def test_measures_of_a_kind():
    assert REPORT.value("right", "fact") == Value(1, 4, True)
    assert REPORT.value("right", "table").value is None
    assert REPORT.kinds == ("fact", "list", UNANSWERABLE)
    assert [one.id for one in REPORT.wrong()] == ["g", "m", "h", "e"]
    assert REPORT.latency(0.95) == 2.0
    with pytest.raises(EvaluationError, match="'speed' is no measure of notes sets; expected one of: evidence@1, "):
        REPORT.value("speed")


def test_a_missing_confidence_counts_as_the_worst():
    (none,) = (one for one in REPORT.calibration() if one.high == 0.1)
    assert (none.count, none.confidence, none.share) == (1, 0.0, 1.0)
    assert sum(one.count for one in REPORT.calibration()) == 7
    assert REPORT.calibration_error("list") == pytest.approx(0.25)
    assert REPORT.calibration_error(UNANSWERABLE) == pytest.approx(0.75)
    assert REPORT.calibration_error("table") is None


@pytest.mark.parametrize("text", ["right", "right=", "right=x", "right=1.1", "=0.5"])
def test_a_floor_is_a_measure_and_its_least_value(text):
    with pytest.raises(ValueError):  # noqa: PT011 - argparse says it in words of its own
        Floor.of(text)


def test_floors():
    floors = [Floor.of(text) for text in ("right=0.4", "right=0.41", "right:list=1", "right:table=0", "mrr=1")]
    assert REPORT.below(floors) == ["right of all is 0.400, below 0.41", "right of table is 0.000, below 0", "mrr of all is 0.333, below 1"]
    with pytest.raises(EvaluationError, match="better the lower"):
        NOTES.check([Floor.of("false_refusals=0.5")])


def written(report: Report, file: Path) -> Path:
    file.write_text(json.dumps(report.as_json()))
    return file


def test_json_has_a_row_for_each_question_and_can_be_compared(tmp_path):
    content = json.loads(written(REPORT, tmp_path / "old.json").read_text())
    assert content["measures"]["all"]["right"] == {"value": 0.4, "reached": 2, "of": 5, "interval_95": list(wilson(2, 5))}
    assert content["measures"]["list"]["recall@5"] == {"value": 0.5, "reached": 0.5, "of": 1}
    assert content["measures"]["list"]["expected_calibration_error"] == 0.25
    assert content["reliability"][0] == {"low": 0.0, "high": 0.1, "count": 1, "confidence": 0.0, "share": 1.0}
    first = content["results"][0]
    assert [one["id"] for one in content["results"]] == ["f", "g", "l", "n", "m", "h", "e"]
    assert (first["right"], first["answer"], first["ranks"], first["confidence"], first["milliseconds"]) == (True, RIGHT.answer.text, [1], 0.75, 2.0)
    assert [one["carries_evidence"] for one in first["citations"]] == [True, False, False]
    assert first["wanted"] == [["evidence, a.md", "two weeks"], ["must say", "2 weeks or two weeks"], ["must say", "parcel"], ["must not say", "year"]]
    assert content["results"][-1]["error"] == "QuestionError: no"
    same = compare(REPORT, read_results(tmp_path / "old.json", NOTES))
    assert all((one.won, one.lost, one.p, one.before) == ([], [], 1.0, one.after) for one in same.changes)


def test_a_comparison_tells_what_was_won_and_lost_question_by_question(tmp_path):
    old = read_results(written(REPORT, tmp_path / "old.json"), NOTES)
    after = compare(
        report_of(
            outcome(FACT, "No."),
            outcome(replace(FACT, id="g"), "A parcel: two weeks.", ranks=[1]),
            outcome(replace(FACT, id="h", question="How long now?"), "No."),
            outcome(replace(FACT, id="e"), "A parcel: two weeks."),
            outcome(replace(NONE, id="m"), "Not here.", answered=False),
        ),
        old,
    )
    changes = {one.measure.name: one for one in after.changes}
    right = changes["right"]
    assert ([one.id for one in right.won], [one.id for one in right.lost]) == (["g", "e"], ["f"])
    assert (right.questions, right.before, right.after, right.p) == (3, 1 / 3, 2 / 3, 1.0)
    assert [one.id for one in changes["refusal_recall"].won] == ["m"]
    assert [one.id for one in changes["mrr"].won] == ["g", "e"]
    assert (after.added, after.gone) == (["h"], ["l", "n", "h"])
    assert after.as_json()["measures"]["right"]["lost"] == ["f"]
    text = comparison_text(after, NOTES.headline)
    assert re.search(r"^right +3 +33\.3 +66\.7 +2 +1 +1\.000$", text, re.M)
    assert "\nlost in right: f (fact) How long?\n" in text
    assert "\nonly in the old report: 3 questions (l, n, h)" in text


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "notes", "results": [{"id": "a"}]}', '{"format": "aws", "results": []}'])
def test_what_is_no_report_is_not_compared_with(tmp_path, content):
    (tmp_path / "old.json").write_text(content)
    with pytest.raises(EvaluationError, match=r"old\.json is (no|a) report .*; expected"):
        read_results(tmp_path / "old.json", NOTES)


def test_the_terminal_shows_columns_that_are_aligned():
    shown = report_text(REPORT, failures=1).split("\n")
    assert shown[:6] == [
        "Retrieval     n  evidence@1     @5    @10  recall@1    @5   @10   MRR",
        "fact          4        25.0   25.0   50.0      25.0  25.0  50.0  29.2",
        "list          1         0.0  100.0  100.0       0.0  50.0  50.0  50.0",
        "unanswerable  2           –      –      –         –     –     –     –",
        "all           7        20.0   40.0   60.0      20.0  30.0  50.0  33.3",
        "",
    ]
    assert "right                   2 of 5      40.0 %  (95 %: 11.8 to 76.9)" in shown
    assert "citation precision      1 of 3      33.3 %  (95 %: 6.1 to 79.2)" in shown
    # Those that could not be asked come first, however few of the others are wanted.
    listed = [line for line in shown[shown.index("") :] if re.match(r"\w \(|  (asking|answered|does)", line)]
    assert listed == [
        "e (fact) How long?",
        "  asking failed: QuestionError: no",
        "  answered: –",
        "g (fact) How long?",
        "  does not say 2 weeks or two weeks; does not say parcel",
        "  answered: No.",
    ]
    assert all(len(line) <= 80 for line in shown)


# The page


HARM = "</p></script><script>window.harmed = 1</script><img src=http://example.com/x.png onerror=alert(1)> & \"quoted\" '"


def harmful_report(tmp_path: Path) -> str:
    harmful = Question(HARM, HARM, "fact", (Evidence(HARM, HARM),), (("never said",),), history=(HARM,))
    more = [outcome(replace(one, id=f"{one.id}{n}"), HARM, answered=n % 3 > 0) for n, one in enumerate([FACT, LIST, NONE, harmful] * 4)]
    report = Report(NOTES, {"questions": HARM}, [*REPORT.results, *(result(one) for one in more)])
    old = Report(NOTES, {}, [result(outcome(harmful, HARM)), *(replace(one, right=False, points={"right": (0, 1)}, answer=HARM) for one in report.results)])
    return report_page(report, compare(report, read_results(written(old, tmp_path / "old.json"), NOTES)))


class Elements(HTMLParser):
    """The elements of a page; raises if one is closed that was not open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, Mapping[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_is_whole_and_shows_what_it_quotes_as_text(tmp_path):
    page = Elements(harmful_report(tmp_path))
    assert page.open == []
    tags = {tag for tag, _ in page.seen}
    assert not tags & {"script", "img", "link", "iframe", "a", "form"}
    assert not any(name.startswith("on") or name in ("src", "href") for _, attributes in page.seen for name in attributes)
    said = "".join(page.words)
    assert said.count(HARM) > 10
    assert "window.harmed" not in said.replace(HARM, "")
    assert "url(" not in "".join(page.words)


def test_the_page_has_a_plot_of_each_thing_and_every_question_that_went_wrong():
    page = Elements(report_page(REPORT))
    plots = [attributes["aria-label"] for tag, attributes in page.seen if tag == "svg"]
    assert [label.split(":")[0] for label in plots] == ["right, in per cent", "Reliability by confidence", "Questions by confidence", "Latency"]
    assert "fact 25 % of 4" in plots[0]
    assert [tag for tag, _ in page.seen].count("article") == len(REPORT.wrong())
    said = " ".join(page.words)
    assert "4 of 7 questions went wrong" in said
    assert "asking failed: QuestionError: no" in said


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_narrow_screen_in_light_and_dark(page, tmp_path, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    from browser_support import violations

    page.set_content(harmful_report(tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == []
    assert page.evaluate("window.harmed") is None
    ink, paper = page.evaluate("['color', 'backgroundColor'].map(name => getComputedStyle(document.body)[name].match(/\\d+/g).reduce((a, b) => a + +b, 0))")
    assert (ink < paper) is (scheme == "light")
    # Text of plots is drawn no smaller than it is meant.
    assert page.evaluate("Math.min(...[...document.querySelectorAll('svg')].map(one => one.getBoundingClientRect().width / 360))") > 0.8


# Reading questions


GOOD = {"id": "a", "question": "How long?", "kind": "fact", "evidence": [{"source": "a.md", "quote": "a day"}], "must": [["day"]]}


def lines(file: Path, *rows: object) -> Path:
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return file


def test_questions_are_read_with_what_may_be_missing(tmp_path):
    file = lines(
        tmp_path / "questions.jsonl",
        GOOD | {"remark": "easy"},
        "",
        {"id": "b", "question": "Who?", "kind": UNANSWERABLE},
        {"id": "c", "question": "How do I open the drawer?", "evidence": GOOD["evidence"], "history": ["What is a drawer?"]},
        {"id": "d", "question": "Which?\u2028Now?", "kind": "list", "must": [["day"]]},
    )
    day = Evidence("a.md", "a day")
    assert read_questions(file) == (
        Question("a", "How long?", "fact", (day,), (("day",),)),
        Question("b", "Who?", UNANSWERABLE),
        Question("c", "How do I open the drawer?", "howto", (day,), history=("What is a drawer?",)),
        Question("d", "Which?\u2028Now?", "list", (), (("day",),)),
    )


def test_answers_that_readers_approved_of_are_judged_questions(tmp_path):
    kept = Feedback(tmp_path / "feedback.jsonl")
    kept.add(Verdict("t1", "How long is it kept?", True, True, (Place("a.md", "a day"),), ("What is a parcel?",), "fine"))
    kept.add(Verdict("t2", "Who won?", True, False))
    kept.add(Verdict("t3", "Why?", False, True, (Place("a.md", "a day"),)))
    file = lines(tmp_path / "questions.jsonl", *kept.judged())
    assert read_questions(file) == (
        Question("t1", "How long is it kept?", "fact", (Evidence("a.md", "a day"),), history=("What is a parcel?",)),
        Question("t2", "Who won?", UNANSWERABLE),
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", r"questions\.jsonl:2 is no JSON"),
        ("[]", r"questions\.jsonl:2 is '\[\]': expected a JSON object"),
        ({"id": "b", "kind": "fact"}, r"questions\.jsonl:2 is no judged question \(KeyError: 'question'\)"),
        (GOOD | {"id": 7}, "7 where some text was expected"),
        (GOOD | {"kind": "riddle"}, "the kind 'riddle'; expected one of: fact, "),
        (GOOD | {"must": [], "evidence": []}, "needed there"),
        (GOOD | {"kind": UNANSWERABLE}, "needed there"),
        (GOOD | {"must": ["day"]}, "a list of lists was expected"),
        (GOOD | {"must": [[]]}, "a list of lists was expected"),
        (GOOD | {"must_not": "day"}, "a list was expected"),
        (GOOD | {"must": [["(day"]]}, "unterminated subpattern"),
        (GOOD, "two questions with the id 'a'"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, why):
    with pytest.raises(EvaluationError, match=why):
        read_questions(lines(tmp_path / "questions.jsonl", GOOD, line))


def test_files_without_questions(tmp_path):
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read \(No such file"):
        read_questions(tmp_path / "none.jsonl")
    with pytest.raises(EvaluationError, match="holds no question"):
        read_questions(lines(tmp_path / "empty.jsonl", ""))
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(EvaluationError, match="is not UTF-8"):
        read_questions(tmp_path / "binary.jsonl")


# Public sets


@pytest.fixture
def beir(tmp_path) -> Path:
    """A set in the form of BEIR, of three documents and two queries."""
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    lines(
        folder / "corpus.jsonl",
        {"_id": "x/1", "title": "The heron\nin winter", "text": "The heron eats frogs and fish."},
        {"_id": "x 1", "title": "", "text": "The lighthouse lamp is lit at dusk."},
        {"_id": "7", "title": "Swift", "text": "The swift sleeps in the air."},
    )
    lines(folder / "queries.jsonl", {"_id": "q1", "text": "What does the heron eat?"}, {"_id": "q2", "text": "When is the lamp lit?"}, {"_id": "q3", "text": "Not judged"})
    lines(folder / "qrels" / "test.tsv", "query-id\tcorpus-id\tscore", "q1\tx/1\t1", "q1\t7\t0", "q2\tx 1\t2", "q2\tnowhere\t2")
    return folder


def test_a_set_in_the_form_of_beir(beir, tmp_path, compiled):
    assert recognised(beir) == (FORMATS["scifact"], beir)
    report = evaluate(beir, FORMATS["scifact"], Settings(corpus=tmp_path / "nowhere"))
    first, second = report.results
    assert (first.id, first.right, first.scores) == ("q1", True, {"ndcg@10": 1.0, "recall@10": 1.0, "recall@100": 1.0})
    assert first.details["found"][0] == "x/1"
    assert first.answer.startswith("1. The heron in winter\n2. ")
    # What is judged and not in the corpus is missed.
    assert second.scores == {"ndcg@10": pytest.approx(2 / (2 + 2 / math.log2(3))), "recall@10": 0.5, "recall@100": 0.5}
    assert report.value("ndcg@10").value == pytest.approx((1 + second.scores["ndcg@10"]) / 2)


def test_a_note_for_each_document(beir, tmp_path):
    (tmp_path / "notes").mkdir()
    ids = scifact.write_documents(beir / "corpus.jsonl", tmp_path / "notes")
    assert sorted(ids.values()) == ["7", "x 1", "x/1"]
    texts = {ids[file.name]: file.read_text() for file in (tmp_path / "notes").iterdir()}
    assert texts["x/1"] == "# The heron in winter\n\nThe heron eats frogs and fish.\n"
    assert texts["x 1"] == "The lighthouse lamp is lit at dusk.\n"


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("qrels/test.tsv", "head\nq1 x/1 1", r"test\.tsv:2 is 'q1 x/1 1'; expected"),
        ("qrels/test.tsv", "head\nq9\tx\t1", "judges the query 'q9', which is not in"),
        ("qrels/test.tsv", "head", "judges no query"),
        ("queries.jsonl", '{"_id": "q1"}', r"queries\.jsonl:1 has no _id or no text"),
    ],
)
def test_a_set_in_the_form_of_beir_that_is_malformed(beir, file, content, why):
    (beir / file).write_text(content)
    with pytest.raises(EvaluationError, match=why):
        scifact.read_queries(beir)


TABLE = """\N{BYTE ORDER MARK}Question,Answer_True,Yes_No_True,Document_True
How long does a message stay in the harbour queue?,"4 days",None, harbour/queue.md
When is the lamp lit?,"The lamp is lit
at dusk",Yes,lamp.md
,empty,No,none.md
"""


def test_questions_about_documents(write, tmp_path, compiled):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    notes = write({
        "harbour/doc_source/queue.md": "# Queue\n\nA message stays in the harbour queue for 4 days.\n",
        "sublamp.md": "# Lamp\n\nThe lamp is lit at dusk.\n",
    })  # fmt: skip
    report = evaluate(tmp_path / "table.csv", recognised(tmp_path / "table.csv")[0], Settings(corpus=notes))
    first, second, third = report.results
    assert first.scores == {"document@1": 1, "document@5": 1, "document@10": 1, "f1": 1.0, "exact_match": 1, "contains": 1}
    assert (second.kind, second.details["rank"], second.scores["contains"], second.scores["exact_match"]) == ("yes or no", None, 1, 1)
    assert (third.kind, set(third.scores.values()), third.right) == ("yes or no", {0}, False)
    assert third.error.startswith("QuestionError: ")
    assert report.value("document@1") == Value(1, 3, True)


@pytest.mark.parametrize("content", ["", "Question,Answer_True\nWhy?,So\n", "Question,Answer_True,Yes_No_True,Document_True\n"])
def test_a_table_without_what_is_needed(tmp_path, content):
    (tmp_path / "table.csv").write_text(content)
    with pytest.raises(EvaluationError, match="expected a CSV file with the columns Question, "):
        aws.read_table(tmp_path / "table.csv")


TALK = [
    {"QuAC_dialog_id": "C_1", "Question_no": 1, "History": ["Heron", "Food"], "Question": "What does it eat?", "Rewrite": "What does the heron eat?"},
    {
        "QuAC_dialog_id": "C_1", "Question_no": 2, "History": ["Heron", "Food", "What does it eat?", "Frogs."],
        "Question": "Where does the Swift sleep?", "Rewrite": "Where does the Swift sleep?",
    },
]  # fmt: skip


def test_follow_ups_are_compared_with_what_people_made_of_them(tmp_path):
    (tmp_path / "dev.json").write_text(json.dumps(TALK))
    assert canard.read_follow_ups(tmp_path / "dev.json")[1] == canard.FollowUp(
        "C_1#2", "Where does the Swift sleep?", ("Heron, Food", "What does it eat?"), "Where does the Swift sleep?"
    )
    form, file = recognised(tmp_path)
    report = evaluate(file, form, Settings(corpus=tmp_path / "nowhere"))
    first, second = report.results
    # The rewrite's terms are heron and eat; "it" is none.
    assert (first.kind, first.scores["asked_recall"], first.scores["asked_f1"]) == ("leans", 1 / 2, 2 / 3)
    assert (first.scores["talk_recall"], first.scores["talk_f1"]) == (1, 4 / 5)
    assert (second.kind, second.scores["asked_f1"], second.scores["talk_f1"]) == ("stands alone", 1, 4 / 7)
    assert all(one.right is (one.scores["recall"] == 1) for one in report.results)


@pytest.mark.parametrize("content", ["{", "{}x", '[{"Question": "?"}]', "[1]", "7"])
def test_what_is_no_list_of_follow_ups(tmp_path, content):
    (tmp_path / "dev.json").write_text(content)
    with pytest.raises(EvaluationError, match=r"dev\.json is no list of follow-ups"):
        canard.read_follow_ups(tmp_path / "dev.json")


def test_a_folder_that_holds_no_set(tmp_path):
    with pytest.raises(EvaluationError, match="holds no set that is known"):
        recognised(tmp_path)


# The command


@pytest.fixture
def told(capsys, monkeypatch, tmp_path) -> Callable[..., tuple[int, str, str]]:
    """A function that runs ``assistant eval`` in an empty folder and gives its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main(["eval", *map(str, arguments)])
        except SystemExit as exit_:
            code = exit_.code
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def asked(write, tmp_path, compiled) -> list[object]:
    """What a small set asks of small notes, as arguments."""
    notes = write({"harbour/queue.md": "# Harbour queue\n\nA message stays in the harbour queue for 4 days.\n", "lamp.txt": "The lamp is lit at dusk.\n"})
    questions = lines(
        tmp_path / "questions.jsonl",
        {"id": "q1", "question": "How long does a message stay in the harbour queue?", "kind": "fact", "must": [["4 days"]],
         "evidence": [{"source": "harbour", "quote": "for 4 days"}]},
        {"id": "q2", "question": "When is the lamp lit?", "evidence": [{"source": "lamp.txt", "quote": "lit at dusk"}]},
        {"id": "q3", "question": "Who won the football championship in Brazil?", "kind": UNANSWERABLE},
    )  # fmt: skip
    return [questions, "--notes", notes, "--index", tmp_path / "index"]


def test_the_command_measures_writes_and_compares(told, asked, tmp_path):
    code, out, err = told(*asked, "--json", "new.json", "--html", "new.html", "--fail-under", "right=1", "--fail-under", "evidence@5:fact=1")
    assert (code, err) == (0, "")
    assert "right                   2 of 2     100.0 %  (95 %: 34.2 to 100.0)\n" in out
    content = json.loads((tmp_path / "new.json").read_text())
    assert [(one["id"], one["right"]) for one in content["results"]] == [("q1", True), ("q2", True), ("q3", True)]
    assert (tmp_path / "new.html").read_text().startswith("<!doctype html>")
    content["results"][1] |= {"right": False, "scores": {"right": 0.0}}
    (tmp_path / "old.json").write_text(json.dumps(content))
    code, out, err = told(*asked, "--compare", "old.json", "--json", "old.json")
    assert (code, err) == (0, "")
    assert "\nwon in right: q2 (fact) When is the lamp lit?\n" in out
    assert json.loads((tmp_path / "old.json").read_text())["comparison"]["measures"]["right"]["won"] == ["q2"]


def test_the_command_fails_below_a_floor(told, asked):
    code, out, err = told(*asked, "--fail-under", "right:howto=0.8", "--fail-under", "right=0.9")
    assert (code, err) == (1, "assistant: right of howto is 0.000, below 0.8\n")
    assert out.startswith("Retrieval ")


def test_other_notes_do_not_take_the_place_of_ones_own_in_the_index(told, asked, tmp_path):
    assert told(*asked[:3])[0] == 0
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("none.jsonl", "--notes", "notes"), "none.jsonl cannot be read (No such file or directory)"),
        (("empty",), "the folder empty holds no set that is known"),
        (("bad.jsonl",), "bad.jsonl:1 is no JSON"),
        (("good.jsonl", "--compare", "none.json"), "none.json cannot be read"),
        (("good.jsonl", "--json", "nowhere/new.json"), "nowhere/new.json cannot be written"),
        (("good.jsonl", "--html", "empty"), "empty cannot be written"),
        (("good.jsonl", "--fail-under", "speed=0.8"), "'speed' is no measure of notes sets"),
        (("good.jsonl", "--notes", "nowhere"), "nowhere"),
        (("good.jsonl", "--format", "canard"), "good.jsonl is no list of follow-ups"),
    ],
)
def test_an_error_is_one_line_on_stderr(told, tmp_path, compiled, arguments, reason):
    (tmp_path / "empty").mkdir()
    lines(tmp_path / "bad.jsonl", "{")
    lines(tmp_path / "good.jsonl", GOOD)
    code, out, err = told(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("assistant: ")
    assert err.index("\n") == len(err) - 1
    assert reason in err


def test_files_are_written_even_if_nobody_reads_the_output(tmp_path):
    (tmp_path / "dev.json").write_text(json.dumps(TALK))
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "assistant.cli", "eval", "dev.json", "--json", "new.json", "--html", "new.html"]
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2]), "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(json.loads((tmp_path / "new.json").read_text())["results"]) == len(TALK)
    assert (tmp_path / "new.html").exists()


@pytest.mark.parametrize("arguments", [(), ("q.jsonl", "--format", "riddles"), ("q.jsonl", "--fail-under", "right"), ("q.jsonl", "--failures", "0")])
def test_wrong_usage(told, arguments):
    code, out, err = told(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: assistant eval")


def test_the_help_names_all_formats(told):
    code, out, _ = told("--help")
    assert code == 0
    assert f"{{{','.join(FORMATS)}}}" in out
