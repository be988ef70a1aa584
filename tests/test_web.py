"""The web application without a browser: who may ask, what is answered, and that notes stay text."""

import base64
import inspect
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import assistant
from assistant.assistant import Assistant
from assistant.cli import INTERRUPTED
from assistant.errors import NotesError, SettingsError
from assistant.feedback import Place, Verdict
from assistant.settings import Settings
from assistant.values import Answer, Citation, Claim, Disagreement, Document, Heading
from assistant.web.examples import comparisons, definitions, examples, headings
from assistant.web.freshness import Freshness, freshness
from assistant.web.guarding import Guard, Names, check_address
from assistant.web.loading import quick
from assistant.web.markdown import to_html
from assistant.web.opening import Failed, Opening, Ready
from assistant.web.policy import Policy, content_policy
from assistant.web.rendering import answered_html, answering_html
from assistant.web.serve import listen
from assistant.web.source import Span, source_html
from assistant.web.starting import PATHS, starting
from assistant.web.status import extent_html, notice_html, status_html
from assistant.web.streaming import pieces
from assistant.web.targets import Target, digest, target
from conftest import HashingEncoder
from web_support import NOTES, application_of, application_over, assistant_over, opened, written

HERE = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def notes(tmp_path_factory) -> Assistant:
    """An assistant whose notes stay as they are."""
    return assistant_over(written(tmp_path_factory.mktemp("web") / "notes"), HashingEncoder())


@pytest.fixture
def own_notes(tmp_path) -> Assistant:
    """An assistant whose notes a test may change."""
    return assistant_over(written(tmp_path / "notes"), HashingEncoder())


@pytest.fixture(scope="module")
def client(notes) -> Iterator[TestClient]:
    with TestClient(application_over(notes), base_url=HERE) as client:
        yield client


# Who may ask


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:7860", "localhost:1", "LOCALHOST", "[::1]:7860"])
def test_answers_to_its_own_names(client, host):
    assert client.get("/health", headers={"Host": host}).json() == {"ready": True}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "", "[", "10.0.0.1", "evil@example"])
def test_answers_to_no_other_name(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 421


def test_pages_of_other_sites_may_not_ask(client):
    assert client.post("/gradio_api/queue/join", headers={"Origin": "http://evil.example"}, json={}).status_code == 403
    assert client.get("/page/source", headers={"Origin": "null"}).status_code == 403
    assert client.get("/health", headers={"Origin": HERE}).status_code == 200


def test_a_password_is_asked_for_everywhere(notes):
    with TestClient(application_over(notes, password="sésame:open"), base_url=HERE) as client:
        for path in ("/", "/health", "/page/source", "/page/style.css", "/config", "/gradio_api/queue/data"):
            assert client.get(path).status_code == 401
        wrong = base64.b64encode(b"me:sesame").decode()
        assert client.get("/health", headers={"Authorization": f"Basic {wrong}"}).status_code == 401
        for broken in ("Basic", "Basic é!".encode(), "Bearer x", "Basic ====", ""):
            assert client.get("/health", headers={"Authorization": broken}).status_code == 401
        right = base64.b64encode("me:sésame:open".encode()).decode()
        assert client.get("/health", headers={"Authorization": f"Basic {right}"}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "my-machine"])
def test_others_are_let_in_by_password_only(host):
    with pytest.raises(SettingsError, match="ASSISTANT_PASSWORD"):
        check_address(host, None)
    check_address(host, "sesame")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_this_machine_needs_no_password(host):
    check_address(host, None)


def test_listening_everywhere_takes_addresses_and_no_strange_names():
    assert Names("0.0.0.0").include("192.168.1.2:7860")
    assert not Names("0.0.0.0").include("evil.example")
    assert Names("my-machine").include("my-machine:7860")


def test_a_port_that_is_taken_is_said():
    with listen("127.0.0.1", 0) as taken, pytest.raises(SettingsError, match="choose another port"):
        listen("127.0.0.1", taken.getsockname()[1])


# What is served


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://example.com/",
        "/gradio_api/upload",
        "/gradio_api/vibe-code/",
        "/gradio_api/queue/../file=/etc/passwd",
        "/gradio_api/queue/join/../../file=/etc/passwd",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/page/application.py",
        "/page/static/style.css",
        "/page/../application.py",
        "/static/../../../../../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets//etc/passwd",
    ],
)
def test_no_file_is_served(client, path):
    response = client.get(path)
    assert response.status_code in (403, 404)
    assert "root:" not in response.text


def test_nothing_is_taken_in(client):
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
    assert client.put("/health").status_code == 404


def test_every_response_says_what_the_page_may_do(client):
    for path in ("/", "/health", "/page/style.css", "/nothing", "/theme.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_of_scripts_in_a_page_only_its_own_run():
    # The digest of an empty script, as anyone can compute it.
    empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert empty in content_policy(b"<p><script data-x='1'></script></p>")
    assert "sha256" not in content_policy(b'<script src="a.js"></script>')
    assert "script-src 'self' 'unsafe-eval';" in content_policy()


def test_what_is_unchanged_is_not_sent_again(client):
    for path, kind in (("/page/style.css", "text/css"), ("/page/scripts.js", "text/javascript")):
        first = client.get(path)
        assert (first.status_code, first.headers["content-type"].split(";")[0]) == (200, kind)
        assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_the_page_loads_nothing_from_elsewhere(client):
    for path in ("/", "/theme.css", "/page/style.css"):
        assert re.findall(r"""(?:src=|href=|url\(|@import )\s*["']?(?:https?:|//)""", client.get(path).text) == []


# The source of a quote

NO_NOTE = '<p class="note" role="alert">There is no such note in the index any more.</p>'
"""A state that is met with in use, and no error: a note goes while an answer that quoted it is still shown."""


def test_a_passage_is_shown_marked_in_its_note(client):
    start = NOTES["birds/heron.md"].index("The heron eats")
    response = client.get("/page/source", params={"path": "birds/heron.md", "start": start, "end": start + 14, "heading": ["Heron", "Food"]})
    assert '<mark id="cited">The heron eats</mark> frogs and fish.' in response.text
    assert '<span class="folder">birds/</span>heron.md' in response.text
    assert "<li>Heron</li><li>Food</li>" in response.text
    assert "Line 7" in response.text
    assert 'class="verified"' in response.text


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "birds/../birds/heron.md", "./birds/heron.md", "heron.md", "", "birds", "\0"])
def test_what_is_not_in_the_index_has_no_source(client, path):
    assert client.get("/page/source", params={"path": path, "start": 0, "end": 1}).text == NO_NOTE


def test_a_file_that_was_not_indexed_has_no_source(own_notes):
    client = TestClient(application_over(own_notes), base_url=HERE)
    (own_notes.settings.corpus[0] / "later.md").write_text("# Later\n", encoding="utf-8")
    assert client.get("/page/source", params={"path": "later.md", "start": 0, "end": 1}).text == NO_NOTE


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (0, 10**9), (10**30, 10**31)])
def test_a_passage_that_is_none_has_no_source(client, start, end):
    text = client.get("/page/source", params={"path": "nasty.md", "start": start, "end": end}).text
    assert text.startswith('<p class="note" role="alert">The note has changed, and does not say this here any more.')


def test_a_source_is_asked_for_in_numbers(client):
    assert client.get("/page/source", params={"path": "nasty.md", "start": -1, "end": "x"}).status_code == 422


def test_a_note_is_text(client):
    text = NOTES["nasty.md"]
    response = client.get("/page/source", params={"path": "nasty.md", "start": 0, "end": len(text), "heading": "<script>"})
    assert "<script" not in response.text
    assert "<img" not in response.text
    assert "&lt;script&gt;window.harmed = 1&lt;/script&gt;" in response.text


def test_of_a_long_note_the_surroundings_are_shown(notes):
    document = notes.note("birds/heron.md")
    lines = "".join(f"line {number}\n" for number in range(2000))
    long = type(document)(path="long.txt", title="Long", text=lines, sha256="", kind="text")
    start = lines.index("line 1000\n")
    near = source_html(long, Span(start, start + 9), (), Freshness.VERIFIED)
    assert ("line 599\n" in near, "line 600\n" in near, "line 1400\n" in near, "line 1401\n" in near) == (False, True, True, False)
    assert near.count("data-whole") == 2
    whole = source_html(long, Span(start, start + 9), (), Freshness.VERIFIED, whole=True)
    assert "line 0\n" in whole
    assert "line 1999\n" in whole
    assert "data-whole" not in whole


def test_whether_the_file_still_says_so(own_notes):
    document = own_notes.note("birds/heron.md")
    file = own_notes.settings.corpus[0] / "birds/heron.md"
    assert freshness(own_notes.settings, document) is Freshness.VERIFIED
    file.write_text("Something else.", encoding="utf-8")
    assert freshness(own_notes.settings, document) is Freshness.CHANGED
    file.unlink()
    assert freshness(own_notes.settings, document) is Freshness.MISSING


def test_with_several_folders_the_file_is_found(tmp_path, notes):
    document = notes.note("birds/heron.md")
    several = Settings(corpus=[tmp_path, notes.settings.corpus[0]])
    prefixed = type(document)(path=f"notes/{document.path}", title="", text="", sha256=document.sha256, kind="markdown")
    assert freshness(several, prefixed) is Freshness.VERIFIED


def target_of(notes: Assistant, path: str, quote: str) -> str:
    start = notes.note(path).text.index(quote)
    return unescape(re.fullmatch(r'data-source="(.*)"', target(path, start, start + len(quote), ("Heron",), quote))[1])


@given(st.text(min_size=1), st.text(min_size=1), st.integers(0, 10**9), st.lists(st.text()))
def test_a_target_says_what_it_was_given(path, quote, start, headings):
    said = unescape(target(path, start, start + len(quote), headings, quote)).removeprefix('data-source="').removesuffix('"')
    assert Target.read(said) == Target(path, start, start + len(quote), digest(quote))


@given(st.text() | st.from_regex(r"(path|start|end|digest)=[^&]*&start=.{0,20}&end=\\d{0,5000}"))
def test_a_target_that_makes_no_sense_is_read_and_leads_nowhere(query):
    document = Document("a.md", "A", "Some text", "", "markdown")
    one = Target.read(query)
    assert one.quote(document) in (None, document.text[one.start : one.end])


def test_no_other_words_are_shown_in_place_of_a_quote(own_notes):
    client = TestClient(application_over(own_notes), base_url=HERE)
    query = target_of(own_notes, "birds/heron.md", "The heron eats")
    assert "<mark" in client.get(f"/page/source?{query}").text
    file = own_notes.settings.corpus[0] / "birds/heron.md"
    file.write_text(file.read_text(encoding="utf-8").replace("wading", "swimming"), encoding="utf-8")
    own_notes.sync()
    text = client.get(f"/page/source?{query}").text
    assert ("has changed" in text, "<mark" in text, "eats" in text) == (True, False, False)


def test_whether_quotes_still_stand_is_told_of_each(own_notes):
    client = TestClient(application_over(own_notes), base_url=HERE)
    asked = [target_of(own_notes, "birds/heron.md", "The heron eats"), target_of(own_notes, "birds/swift.md", "The swift"), "path=none.md&start=0&end=1"]
    assert client.get("/page/standing", params={"source": asked}).json() == ["verified", "verified", "missing"]
    file = own_notes.settings.corpus[0] / "birds/heron.md"
    file.write_text("# Heron\n\nGone.\n", encoding="utf-8")
    (own_notes.settings.corpus[0] / "birds/swift.md").unlink()
    assert client.get("/page/standing", params={"source": asked}).json() == ["changed", "missing", "missing"]
    # A state of the index that agrees with its file does not make an old quote true.
    own_notes.sync()
    assert client.get("/page/standing", params={"source": asked}).json() == ["changed", "missing", "missing"]
    assert client.get("/page/standing").json() == []


# Asking


def lines_of(response) -> list[dict]:
    assert (response.status_code, response.headers["content-type"]) == (200, "application/jsonl")
    return [json.loads(line) for line in response.text.splitlines()]


def test_an_answer_comes_in_growing_pieces(client, notes):
    answer = notes.ask("What does the heron eat?")
    lines = lines_of(client.post("/page/ask", json={"question": answer.question}))
    grown = [answering_html(answer, piece) for piece in pieces(answer.text)]
    assert [line["growing"] for line in lines[:-1]] == grown
    (whole,) = lines[-1].values()
    assert re.sub(r"\d+ ms", "", whole) == re.sub(r"\d+ ms", "", answered_html(answer))


def test_a_question_leans_on_those_before_it_and_has_its_own_settings(client, notes):
    asked = {"question": "And where does it wait?", "history": ["What does the heron eat?"], "words": 20, "hits": 3}
    (line,) = lines_of(client.post("/page/ask", json=asked))[-1:]
    assert "Understood as" in line["answered"]


@pytest.mark.parametrize("asked", [{"question": " "}, {"question": "x" * 5000}, {"question": "Heron?", "words": 1}])
def test_what_cannot_be_asked_is_refused_in_words(client, asked):
    (line,) = lines_of(client.post("/page/ask", json=asked))
    assert list(line) == ["refused"]


def test_nothing_is_asked_by_pages_of_other_sites(client):
    assert client.post("/page/ask", json={"question": "Heron?"}, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get("/page/ask").status_code == 404


# Verdicts


def test_a_verdict_is_kept_with_what_was_quoted(own_notes):
    client = TestClient(application_over(own_notes), base_url=HERE)
    sources = [target_of(own_notes, "birds/heron.md", "The heron eats frogs and fish."), "path=none.md&start=0&end=1", "path=birds/heron.md&start=0&end=2&digest=0"]
    said = {"id": "t1", "question": "What does the heron eat?", "verdict": "good", "answered": True, "history": ["Heron?"], "sources": sources, "remark": " Yes. "}
    assert client.post("/page/feedback", json=said).status_code == 204
    assert own_notes.feedback.verdicts() == (
        Verdict("t1", said["question"], True, True, (Place("birds/heron.md", "The heron eats frogs and fish."),), ("Heron?",), "Yes."),
    )
    assert client.post("/page/feedback", json=said | {"verdict": "none"}).status_code == 204
    assert own_notes.feedback.verdicts() == ()


def test_a_verdict_comes_from_this_page_in_its_form(client, notes):
    said = {"id": "t1", "question": "Q?", "verdict": "good", "answered": False}
    assert client.post("/page/feedback", json=said, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/page/feedback", json=said, headers={"Origin": "http://127.0.0.1:9999"}).status_code == 403
    assert client.get("/page/feedback").status_code == 404
    for wrong in ({"verdict": "great"}, {"id": ""}, {"question": "x" * 5000}, {"remark": "x" * 5000}, {"history": ["x"] * 500}):
        assert client.post("/page/feedback", json=said | wrong).status_code == 422
    assert notes.feedback.verdicts() == ()


# Answers


def cited(text: str, *quotes: str, **fields) -> Answer:
    citations = tuple(Citation(number, "a.md", 0, len(quote), 1, None, ("A",), quote) for number, quote in enumerate(quotes, start=1))
    given = {"question": "Q?", "standalone": "Q?", "short": None, "answered": True, "confidence": 0.95, "hits": ()}
    return Answer(text=text, citations=citations, **(given | fields))


def test_marks_become_buttons_and_other_brackets_stay():
    html = answered_html(cited("One thing [1]\n\nAnother \\[2\\] and [3] [2]", "One thing", "Another [2] and [3]"))
    assert html.count('class="chip"') == 2
    assert "Another [2] and [3] <button" in html
    assert 'aria-label="Source 1: a.md, line 1"' in html


def test_a_mark_in_code_is_code():
    html = answered_html(cited("```\nx[1]\n```\n\n[1]", "x[1]"))
    assert "<code>x[1]\n</code>" in html
    assert html.count('class="chip"') == 1


def test_markdown_is_drawn():
    html = to_html("A **bold** `code`\n\n- one\n  - nested\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n1. first\n", {})
    for tag in ("<strong>bold</strong>", "<code>code</code>", "<th>a</th>", "<td>2</td>", "<ol>", "<ul>\n<li>nested"):
        assert tag in html


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![a](http://example.com/x.png)",
        '![a](http://example.com/x.png"onerror=alert(1))',
        "[a](javascript:alert(1))",
        "[a](http://example.com/ \"x' onclick=alert(1)\")",
        "[a][b]\n\n[b]: http://example.com/",
        "<http://example.com/>",
        "http://example.com/",
        "<iframe src=//example.com>",
        "`<svg onload=alert(1)>`",
        "```html\"><script>\n<script>\n```",
        "| <style>*{} | b |\n| --- | --- |\n| <a href=x>y</a> | &lt;script&gt; |",
        "# <h1 onclick=x>",
        "<!-- comment --><?php ?>",
    ],
)
def test_no_mark_up_of_a_note_lives(nasty):
    html = answered_html(cited(f"{nasty} [1]", nasty, question=nasty, standalone=f"{nasty}!"))
    tags = set(re.findall(r"<(\w+)", html))
    ours = "article h2 p q div span bdi button ol ul li footer code pre table thead tbody tr th td"
    assert tags <= set(ours.split())
    attributes = {name for tag in re.findall(r"<\w+((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*>", html) for name in re.findall(r"([\w-]+)(?==)", re.sub(r'"[^"]*"', "", tag))}
    assert attributes <= {
        "class", "type", "title", "dir", "role", "tabindex", "aria-label", "aria-pressed",
        "data-source", "data-copy", "data-act", "data-text",
    }  # fmt: skip


def test_links_are_shown_by_their_words():
    assert to_html("See [formats](../formats.md).", {}) == '<p>See <span class="link" title="../formats.md">formats</span>.</p>\n'


def test_lists_of_two_notes_are_two_lists():
    html = answered_html(cited("- one [1]\n\n- two [2]", "- one", "- two"))
    assert html.count("<ul>") == 2


def test_what_is_not_in_the_notes_is_said_with_what_is_near(notes):
    answer = notes.ask("Which tariffs did the Zeppelin company of Ohio pay?")
    html = answered_html(answer)
    assert not answer.answered
    assert "This is not in your notes." in html
    assert "nearest passages" in html
    assert html.count('class="card"') == 3
    assert 'class="chip"' not in html


def test_what_was_understood_is_shown_where_it_differs():
    assert "Understood as" not in answered_html(cited("A [1]", "A", question=" Q? "))
    assert 'Understood as: <q dir="auto">What is Q?</q>' in answered_html(cited("A [1]", "A", standalone="What is Q?"))


@pytest.mark.parametrize(("confidence", "words"), [(0.97, "Confident"), (0.88, "Fairly sure"), (0.78, "Not quite sure")])
def test_confidence_is_put_in_words(confidence, words):
    assert words in answered_html(cited("A [1]", "A", confidence=confidence))


def test_copying_takes_the_sources_along():
    assert 'data-copy="A &quot;b&quot; [1]\n\n[1] a.md, line 1"' in answered_html(cited('A "b" [1]', 'A "b"'))


def test_a_quote_that_stands_in_several_notes_has_several_marks():
    html = answered_html(cited("- one [1][2]\n\n- two [3] [4]\n\n| a |\n| --- |\n| b [5] |\n\nEnd [6]", "- one", "- one", "- two", "- two", "| b |", "End"))
    excerpts = html.split('<div class="excerpt"')[1:]
    assert [re.findall(r">(\d)</button>", excerpt.partition("<ol class=")[0]) for excerpt in excerpts] == [["1", "2"], ["3", "4"], ["5"], ["6"]]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=6))
def test_each_quote_is_an_excerpt_whatever_number_of_marks_it_has(runs):
    numbers = iter(range(1, sum(runs) + 1))
    quotes = [f"Quote {place} " + "".join(f"[{next(numbers)}]" for _ in range(run)) for place, run in enumerate(runs)]
    html = answered_html(cited("\n\n".join(quotes), *["Quote"] * sum(runs)))
    assert html.count('class="excerpt"') == len(runs)
    assert html.count('class="chip"') == sum(runs)


def test_what_disagrees_is_said_and_marked_in_each_quote():
    claims = Disagreement((Claim("30 days", 1), Claim("45 days", 2), Claim("30 days", 3)))
    said = "**Your notes disagree:** 30 days [1], 45 days [2], 30 days [3]."
    text = f"{said}\n\nKept for **30 days**. [1]\n\nKept 45  days, not 145 days. [2]\n\nFor 30 days [3]"
    html = answered_html(cited(text, "Kept for 30 days.", "Kept 45  days, not 145 days.", "For 30 days", disagreements=(claims,)))
    line, rest = re.fullmatch(r'.*<div class="disagreement"[^>]*>(.*?)</div>(.*)', html, re.S).groups()
    assert "Your notes disagree" in line
    marked = re.findall(r'<mark class="claim">([^<]+)</mark>|>(\d)</button>', line)
    assert marked == [("30 days", ""), ("", "1"), ("45 days", ""), ("", "2"), ("30 days", ""), ("", "3")]
    assert re.findall(r'<mark class="claim">([^<]+)</mark>', rest) == ["30 days", "45  days", "30 days"]


def test_a_value_that_tries_to_do_harm_is_text():
    claims = Disagreement((Claim("<b>1", 1), Claim("${2}", 2)))
    html = answered_html(cited("<b>1 [1] ${2} [2]\n\n<b>1 [1]\n\n${2} [2]", "<b>1", "${2}", disagreements=(claims,)))
    assert html.count('<mark class="claim">&lt;b&gt;1</mark>') == 2
    assert html.count('<mark class="claim">${2}</mark>') == 2


def test_slips_that_were_mended_are_said_and_not_twice():
    html = answered_html(cited("A [1]", "A", question="Where is Herno?", standalone="Where is heron?", corrections=(("herno", "heron"),)))
    assert "Searched for <b>heron</b> for <q>herno</q>" in html
    assert "Understood as" not in html


def test_what_else_the_notes_say_is_behind_a_click():
    further = tuple(Citation(number, "b.md", 0, 9, 3, None, (), f"Further <{number}>") for number in (2, 3))
    html = answered_html(cited("A [1]", "A", further=further))
    details = html[html.index("<details") : html.index("</details>")]
    assert "2 more places in your notes" in details
    assert re.findall(r"<blockquote[^>]*>([^<]*)<", details) == ["Further &lt;2&gt;", "Further &lt;3&gt;"]
    assert re.findall(r'class="number">(\d)<', details) == ["2", "3"]


def test_of_the_nearest_passages_three_are_shown_at_once_and_the_reason_with_them(notes):
    answer = replace(notes.ask("Which tariffs did the Zeppelin company of Ohio pay?"), reason="No note knows <zeppelins>.")
    html = answered_html(replace(answer, hits=answer.hits[:1] * 5))
    assert "No note knows &lt;zeppelins&gt;." in html
    assert html[: html.index("<details")].count('class="card"') == 3
    assert html[html.index("<details") :].count('class="card"') == 2
    assert "<summary>2 more</summary>" in html


def test_a_table_scrolls_by_itself_and_is_reached_by_keys():
    html = to_html("| a | b |\n| --- | --- |\n| 1 | 2 |\n", {})
    assert html.startswith('<div class="table" role="region" aria-label="Table" tabindex="0"><table>')
    assert html.endswith("</table></div>")


def test_an_answer_grows_to_itself():
    text = "One two three four five six seven eight nine ten.\n\n| a | b |\n| --- | --- |\n| c d e f g h i j | k |\n\nThe end of it all [1]"
    grown = list(pieces(text))
    assert grown[0] == "One two three four five six"
    assert grown[-1] == text
    assert len(grown) <= 6
    for earlier, later in pairwise(grown):
        assert later.startswith(earlier)
        assert len(later) > len(earlier)
        assert not earlier.splitlines()[-1].startswith("|")


def test_a_beginning_of_an_answer_is_drawn():
    assert "<li>One" in answering_html(cited("- One two [1]", "- One two"), "- One")
    assert list(pieces("Short.")) == ["Short."]


# Before the first question


def test_the_progress_is_shown_then_the_examples(notes):
    seen = []

    def slow(show):
        show("Reading <notes>", 3, 12)
        seen.append(status_html(opening.state))
        return notes

    opening = Opening(slow)
    assert "Opening your notes" in status_html(opening.state)
    opening.start()
    opening.wait()
    assert "Reading &lt;notes&gt;" in seen[0]
    assert '<progress id="progress" value="3" max="12">' in seen[0]
    assert isinstance(opening.state, Ready)
    assert "3 notes" in extent_html(opening.state)


@pytest.mark.parametrize("error", [NotesError("notes folder '<x>' does not exist"), RuntimeError("a bug")])
def test_what_stands_in_the_way_is_shown(error, caplog):
    def broken(show):
        raise error

    opening = Opening(broken)
    opening.start()
    opening.wait()
    assert isinstance(opening.state, Failed)
    assert str(error).replace("'", "&#x27;").replace("<", "&lt;").replace(">", "&gt;") in status_html(opening.state)


def test_examples_come_from_the_notes_and_are_answered(notes):
    found = examples(notes)
    assert found
    assert all(notes.ask(question).answered for question in found)
    assert found == examples(notes)


def test_questions_are_told_from_what_notes_hold(notes):
    assert list(definitions(notes.note("birds/heron.md"))) == ["What is the heron?"]
    assert list(comparisons(notes.note("birds/swift.md"))) == ["Swift versus Heron?"]
    titles = ("Swift vs. heron", "What does it eat?", "Swift and heron", "Really?", "One — swift vs heron: a comparison")
    assert list(headings([Heading(title, 1, 0, 1) for title in titles])) == ["Swift vs. heron?", "What does it eat?"]
    text = "The heron is a bird.\n\nHerons are the birds.\n\nPort number 80 is the usual one.\n\nThis is a bird.\n\nGrey Heron is a bird.\n"
    assert list(definitions(Document("a.md", "A", text, "", "markdown"))) == ["What is Grey Heron?", "What is the heron?"]


def test_what_cannot_be_asked_is_explained():
    assert notice_html("the <b> is wrong") == '<p class="notice" role="alert">The &lt;b&gt; is wrong</p>'


def test_files_that_were_left_out_are_listed(tmp_path):
    folder = written(tmp_path / "notes")
    (folder / "empty.md").touch()
    state = opened(assistant_over(folder, HashingEncoder())).state
    assert "1 left out" in extent_html(state)
    assert "<b>empty.md</b> is empty" in extent_html(state)


def test_while_the_notes_are_opened_there_are_no_sources(tmp_path: Path):
    app = application_of(Opening(lambda show: None), Settings(corpus=tmp_path))
    client = TestClient(app, base_url=HERE)
    assert client.get("/health").json() == {"ready": False}
    assert client.get("/page/source", params={"path": "a", "start": 0, "end": 1}).status_code == 503
    assert client.post("/page/ask", json={"question": "Heron?"}).status_code == 503


# Starting


def test_from_the_first_moment_there_is_a_page_that_goes_on_by_itself():
    client = TestClient(Policy(Guard(starting, names=Names("127.0.0.1"), password=None, paths=PATHS)), base_url=HERE)
    page = client.get("/?q=heron")
    assert "is being made ready" in page.text
    # Its script may run, by its digest.
    assert "sha256-" in page.headers["content-security-policy"]
    assert client.get("/health").json() == {"ready": False, "starting": True}
    assert client.get("/page/source").status_code == 404
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_gradio_is_loaded_without_its_stubs_and_nothing_else_is_touched():
    Strange = type("Strange", (), {"__module__": "gradio.components.strange"})  # noqa: N806 - a class
    before = inspect.getfile
    with quick():
        assert inspect.getfile(Settings) == before(Settings)
        with pytest.raises(OSError, match="not told"):
            inspect.getfile(Strange)
    assert inspect.getfile is before


def test_it_serves_until_it_is_stopped(tmp_path, compiled):
    folder = written(tmp_path / "notes")
    command = [sys.executable, "-m", "assistant.cli", "serve", "--corpus", str(folder), "--index", str(tmp_path / "index"), "--port", "0"]
    source = str(Path(assistant.__file__).parents[1])
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source}) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        with httpx.Client(base_url=address, timeout=30, transport=httpx.HTTPTransport(retries=3)) as client:
            assert client.get("/").status_code == 200
            while not client.get("/health").json()["ready"]:
                assert process.poll() is None
            assert "page/scripts.js" in client.get("/").text
        process.send_signal(signal.SIGINT)
        assert (process.wait(30), process.stderr.read()) == (INTERRUPTED, "")
