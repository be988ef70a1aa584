"""What a question is restricted to: how it is written, and what it leaves of the notes."""

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.index.store import Store
from assistant.index.sync import sync
from assistant.retrieval.operators import Operator, Parsed, parse, spans
from assistant.segmenting.passages import Sizes
from assistant.settings import Settings
from conftest import HashingEncoder

# How they are written


@pytest.mark.parametrize(
    ("question", "text", "operators"),
    [
        ('What does "ebb  tide" mean?', "What does ebb tide mean?", ['"ebb tide"']),
        ("“Ebb tide” at noon", "Ebb tide at noon", ['"Ebb tide"']),
        ("How long does [[Harbour/Queue]] keep it?", "How long does keep it?", ["[[Harbour/Queue]]"]),
        ("[[ Queue # Reading it ]] order", "order", ["[[Queue#Reading it]]"]),
        ("price of [[Queue|the queue]] now", "price of the queue now", ["[[Queue]]"]),
        ("#sea/tide, high", ", high", ["#sea/tide"]),
        ("Is it high (#sea)?", "Is it high ()?", ["#sea"]),
        ('Is it "ebb . tide"? Or [[Queue|queue]]s?', "Is it ebb . tide? Or queues?", ['"ebb . tide"', "[[Queue]]"]),
        ("file:log/ FILE:*.md? file:“a b.txt” why", "? why", ["file:log/", "file:*.md", 'file:"a b.txt"']),
        ('-#draft -file:old/ -[[Queue]] -"ebb tide" when', "when", ["-#draft", "-file:old/", "-[[Queue]]", '-"ebb tide"']),
        ("#a #a it", "it", ["#a"]),
        ("[[Queue]]", "", ["[[Queue]]"]),
        ("#sea?", "", ["#sea"]),
    ],
)
def test_operators_are_taken_out(question, text, operators):
    parsed = parse(question)
    assert (parsed.text, [str(one) for one in parsed.operators]) == (text, operators)


@pytest.mark.parametrize(
    "question",
    [
        "Is C# older than F#?",
        "What of #1 and issue #12?",
        "# A heading",
        "## Another",
        'a 3.5" disk and a 5.25" disk',
        'say "it',
        '"" and " "',
        "https://sea.example/tide#high",
        "file: and profile:sea and file:///etc/passwd",
        "[[]] and [[ ]] and [[#part]] and [link](a.md)",
        "a -- b - c",
        "What is it?  ",
        "",
    ],
)
def test_what_only_looks_like_one_is_left_as_it_is(question):
    assert parse(question) == Parsed(question)


NAMES = st.text(alphabet=st.sampled_from("abZé09 _-."), min_size=1, max_size=12).map(lambda name: f"x{name.strip()}y")
OPERATORS = st.one_of(
    st.builds(Operator, st.just("phrase"), NAMES, excluded=st.booleans()),
    st.builds(Operator, st.just("note"), NAMES, st.none() | NAMES, st.booleans()),
    st.builds(Operator, st.just("tag"), NAMES.map(lambda name: re.sub(r"[ .]", "/", name)), excluded=st.booleans()),
    st.builds(Operator, st.just("file"), NAMES, excluded=st.booleans()),
).map(lambda one: Operator(one.kind, " ".join(one.value.split()), one.heading and " ".join(one.heading.split()), one.excluded))


@given(st.text(alphabet=st.sampled_from('ab #"“”[]|-/:file1?.\n('), max_size=40) | st.text(max_size=60))
def test_any_text_has_parts(question):
    parsed = parse(question)
    assert (parsed == Parsed(question)) == (spans(question) == [])
    assert all(question[start:end].strip() == question[start:end] for start, end in spans(question))


@given(st.lists(OPERATORS, unique=True, max_size=4), st.lists(st.sampled_from(["tide", "high", "C#", "#1", '3.5"']), max_size=4))
def test_operators_come_out_as_they_were_written_and_leave_the_rest(operators, words):
    mixed = [str(one) for one in operators]
    mixed[1:1] = words
    parsed = parse(" ".join(mixed))
    assert parsed.operators == tuple(operators)
    kept = [one.value for one in operators if one.kind == "phrase" and not one.excluded]
    # A phrase's words stay where they stood.
    assert sorted(parsed.text.split()) == sorted(" ".join([*words, *kept]).split())


@given(st.text(alphabet=st.sampled_from('ab #"[]'), max_size=40))
def test_spans_hold_operators_alone(question):
    for start, end in spans(question):
        assert parse(question[start:end]).operators


# What they leave


NOTES = {
    "harbour/queue.md": (
        "---\ntitle: Harbour queue\naliases: [HQ, waiting line]\ntags: [harbour, work/daily]\n---\n# Harbour queue\n\n"
        "A parcel stays in the queue for 4 days.\n\n## Reading it\n\nRing the **bell** twice and open the drawer of the queue.\n\n"
        "## Closing it\n\nThe drawer of the queue is locked at noon, whoever asks.\n"
    ),
    "harbour/boats.md": "# Boats\n\nThe harbour has three boats. A parcel goes on the last boat of the queue. #harbour\n",
    "inland/queue.txt": "# Inland queue\n\nA parcel stays in the inland queue for 9 days. Nobody can’t tell why.\n",
    "inland/mill [old].md": "# Mill\n\nThe mill of the queue grinds at night.\n\n#work\n",
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory, compiled) -> Assistant:
    folder = tmp_path_factory.mktemp("operators")
    for path, text in NOTES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        # A file that was written just now is read again when it is quoted, into passages of the usual size.
        os.utime(folder / path, (1e9, 1e9))
    store = Store(folder / "index")
    sync(store, [folder], compiled, Sizes(target=24, least=1), max_bytes=10_000)
    return Assistant(Settings(corpus=(folder,), index=folder / "index"), store, compiled)


def found(notes: Assistant, query: str) -> set[str]:
    """The beginnings of the paths of what is found."""
    return {hit.passage.path for hit in notes.search(query, k=50)}


HARBOUR, BOATS, INLAND, MILL = NOTES


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("queue", {HARBOUR, BOATS, INLAND, MILL}),
        # Tags: of front matter and of the text, nested ones within theirs.
        ("queue #harbour", {HARBOUR, BOATS}),
        ("queue #WORK", {HARBOUR, MILL}),
        ("queue #work/daily", {HARBOUR}),
        ("queue #harbour #work", {HARBOUR}),
        ("queue -#work", {BOATS, INLAND}),
        ("queue -#nothing", {HARBOUR, BOATS, INLAND, MILL}),
        # Notes: by path, name, title and alias.
        ("parcel [[harbour/queue.md]]", {HARBOUR}),
        ("parcel [[Inland/Queue]]", {INLAND}),
        ("parcel [[queue]]", {HARBOUR, INLAND}),
        ("parcel [[harbour  QUEUE]]", {HARBOUR}),
        ("parcel [[hq]]", {HARBOUR}),
        ("parcel [[HQ]] [[Boats]]", {HARBOUR, BOATS}),
        ("queue -[[HQ]]", {BOATS, INLAND, MILL}),
        # Files: by folder, beginning and pattern.
        ("queue file:harbour/", {HARBOUR, BOATS}),
        ("queue file:que", {HARBOUR, INLAND}),
        ("queue file:*.txt", {INLAND}),
        ("queue file:inland/*.md", {MILL}),
        ('queue file:"mill [old]"', {MILL}),
        ("queue file:boats file:*.txt", {BOATS, INLAND}),
        ("queue -file:*.md", {INLAND}),
        # Phrases: in one case, across white space, as they read, and whole.
        ('"The Harbour has"', {BOATS}),
        ('"the bell twice and"', {HARBOUR}),
        ('"nobody can\'t tell"', {INLAND}),
        ('"parcel stays in the queue"', {HARBOUR}),
        ('"arcel stays"', set()),
        ('"mill"', {MILL}),
        ('queue -"parcel"', {HARBOUR, MILL}),
        # All at once.
        ('#harbour file:harbour/ -[[Boats]] "parcel"', {HARBOUR}),
        ("queue #harbour file:inland/", set()),
    ],
)
def test_only_what_is_left_is_found(notes, query, paths):
    assert found(notes, query) == paths


def test_a_heading_leaves_its_section(notes):
    texts = [hit.passage.text for hit in notes.search("queue [[HQ#reading it]]")]
    assert len(texts) == 1
    assert "bell" in texts[0]
    assert not any("bell" in hit.passage.text for hit in notes.search("queue -[[HQ#Reading it]]", k=50))


def test_what_is_left_is_ranked_as_in_the_whole(notes, compiled):
    snapshot = notes._state.snapshot
    vector, terms = compiled.encode(["parcel queue boat"])[0], ["parcel", "queue", "boat"]
    for query in ("#harbour", "-#harbour", '"queue"', "file:*.txt"):
        allowed = notes._state.interpreter.understood(query).scope.allowed
        every = snapshot.words.search(terms, 50, heading_boost=0.5)
        assert snapshot.words.search(terms, 50, heading_boost=0.5, allowed=allowed) == [row for row in every if row[0] in allowed]
        every = snapshot.vectors.search(vector, 50)
        assert snapshot.vectors.search(vector, 50, allowed=allowed) == [row for row in every if row[0] in allowed]


def test_an_answer_quotes_nothing_else(notes):
    for question, path in (
        ("How many days does a parcel stay? [[Inland queue]]", INLAND),
        ("How many days does a parcel stay? [[HQ]]", HARBOUR),
    ):
        answer = notes.ask(question)
        assert {one.path for one in (*answer.citations, *answer.further)} == {path}
        assert answer.standalone == question
    # Not even what stands behind it.
    answer = notes.ask('"Ring the bell" in the queue')
    assert all("bell" in hit.passage.text for hit in answer.hits)
    assert answer.citations
    assert not any("noon" in one.quote for one in (*answer.citations, *answer.further))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("[[HQ]]", "Harbour queue"),
        ("[[HQ#Reading it]]", "Reading it"),
        ("file:inland/*.md?", "Mill"),
        ("#work", "work"),
        ("#work/daily file:harbour", "Harbour queue"),
        ('"ring the bell"', "ring the bell"),
    ],
)
def test_operators_alone_ask_about_what_they_name(notes, question, asked):
    assert notes._state.interpreter.understood(question).query.text == asked


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("days #harbor", "no note has the tag #harbor; the nearest: #harbour."),
        ("days [[boat]]", "no note is called [[boat]]; the nearest: [[Boats]]."),
        ("days [[unicorn]]", "no note is called [[unicorn]]."),
        ("days [[work queue]]", "no note is called [[work queue]]; the nearest: [[queue]]."),
        ("days file:habour/", "no note's file is at file:habour/; the nearest: harbour/."),
        ("days [[HQ#Readin it]]", "[[HQ]] has no heading “Readin it”; the nearest: “Reading it”."),
        ('"no such words"', "no passage holds “no such words” word for word."),
        ('"grinds at night" #harbour', "no passage of those that the rest allows holds “grinds at night” word for word."),
        ("days #harbour file:inland/", "no note fits all of #harbour, file:inland/."),
        ("-#harbour", "nothing is asked for, only what to leave out; ask something, too."),
    ],
)
def test_where_nothing_is_left_it_is_said_why(notes, question, reason):
    answer = notes.ask(question)
    assert (answer.answered, answer.confidence, answer.hits, answer.citations) == (False, 0.0, (), ())
    assert answer.reason == notes.filtered_out(question) == f"Filtered out: {reason}"


def test_what_is_left_has_no_reason(notes):
    assert notes.filtered_out("days #harbour") is None


def test_operators_are_never_mended(notes):
    assert notes.ask("parcle days").corrections == (("parcle", "parcel"),)
    assert notes.ask("days #parcle").corrections == notes.ask('days "parcle"').corrections == ()


def test_without_tags_it_is_said_so(tmp_path):
    (tmp_path / "a.txt").write_text("The tide is high.", encoding="utf-8")
    store, encoder = Store(tmp_path / "index"), HashingEncoder()
    sync(store, [tmp_path], encoder, Sizes(), max_bytes=10_000)
    notes = Assistant(Settings(corpus=(tmp_path,), index=tmp_path / "index"), store, encoder)
    assert notes.filtered_out("#sea tide") == "Filtered out: no note has the tag #sea, and none has any tag."
