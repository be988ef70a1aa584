"""The map: where passages lie, what falls together, and what it is called."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from assistant.mapping import MOST_POINTS, Cluster, Map, draw, spread
from assistant.values import Passage
from web_support import application_over, assistant_over, written

BIRDS = ["Herons wade in water", "A heron eats frogs", "Frogs flee the heron", "Herons nest on trees", "The heron is grey", "Old herons fish alone"]
TOOLS = ["Saws cut planks", "A saw has teeth", "The saw is blunt", "Saws rust", "Sharpen your saw", "Every saw needs oil"]


def passages(texts):
    return [Passage("note.md", at, at + len(text), text, ("Note",), "paragraph", at + 1) for at, text in enumerate(texts)]


def around(middle, count, rng):
    return np.array(middle) + rng.normal(0, 0.02, (count, len(middle)))


@pytest.fixture(scope="module")
def two_groups() -> Map:
    rng = np.random.default_rng(7)
    # Alternating, so that no order gives it away.
    vectors = np.stack([around([1, 0, 0, 0], 36, rng), around([0, 0, 1, 0], 36, rng)], axis=1).reshape(-1, 4).astype(np.float32)
    texts = [text for _ in range(6) for pair in zip(BIRDS, TOOLS, strict=True) for text in pair]
    return draw(vectors, passages(texts), total=100)


def test_what_means_the_same_lies_together(two_groups):
    places = np.array([(one.x, one.y) for one in two_groups.points])
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    assert (nearest % 2 == np.arange(len(places)) % 2).all()
    for cluster in range(len(two_groups.clusters)):
        assert len({at % 2 for at, one in enumerate(two_groups.points) if one.cluster == cluster}) == 1


def test_regions_are_named_by_the_words_that_tell_them_from_others(two_groups):
    for at, one in enumerate(two_groups.clusters):
        side = next(number for number, point in enumerate(two_groups.points) if point.cluster == at) % 2
        own, others = ({word for text in texts for word in text.lower().split()} for texts in ((BIRDS, TOOLS)[side], (TOOLS, BIRDS)[side]))
        words = set(one.name.lower().split(" · "))
        assert len(words) == 3
        assert words <= own - others


def test_places_lie_in_the_unit_square_and_regions_add_up(two_groups):
    assert all(0 <= one.x <= 1 and 0 <= one.y <= 1 for one in two_groups.points)
    sizes = [one.size for one in two_groups.clusters]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes == [sum(one.cluster == at for one in two_groups.points) for at in range(len(sizes))]
    assert two_groups.passages == 100
    assert [one.passage.start for one in two_groups.points] == list(range(72))


def test_the_same_passages_give_the_same_map():
    vectors = np.random.default_rng(1).normal(size=(40, 8)).astype(np.float32)
    texts = passages([f"word{at % 5} and more" for at in range(40)])
    assert draw(vectors, texts) == draw(vectors.copy(), texts)


def test_few_passages_are_drawn_by_their_principal_components():
    drawn = draw(np.array([[0, 0], [4, 0], [2, 1]], dtype=np.float32), passages(["Alpha here", "Beta there", "Gamma"]))
    assert [(one.x, one.y) for one in drawn.points] == [(0.0, 0.375), (1.0, 0.375), (0.5, 0.625)]


@pytest.mark.parametrize("texts", [[], ["One"], ["Same words"] * 9, ["", "1 2 3"]])
def test_there_is_a_map_of_whatever_there_is(texts):
    drawn = draw(np.ones((len(texts), 3), dtype=np.float32), passages(texts))
    assert len(drawn.points) == drawn.passages == len(texts)
    assert [one.size for one in drawn.clusters] == ([len(texts)] if texts else [])
    assert all((one.x, one.y) == (0.5, 0.5) for one in drawn.points) or len(texts) == 0


def test_a_name_is_spelt_as_the_notes_spell_it_mostly_and_holds_no_address():
    texts = ["NASA launched at https://nasa.example/boosters", "nasa Launch [pad](pad/boosters.md)", "NASA launched the rocket", "12 34 the and"]
    (cluster,) = draw(np.zeros((4, 2), dtype=np.float32), passages(texts)).clusters
    assert cluster == Cluster("NASA · launched · Launch", 0.5, 0.5, 4)


def test_of_many_passages_so_many_are_drawn_at_even_distances():
    assert spread(5).tolist() == [0, 1, 2, 3, 4]
    assert spread(10, 4).tolist() == [0, 3, 6, 9]
    assert len(np.unique(spread(10 * MOST_POINTS))) == MOST_POINTS


# The routes


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    from conftest import HashingEncoder

    folder = tmp_path_factory.mktemp("map") / "notes"
    folder.mkdir()
    with TestClient(application_over(assistant_over(written(folder), HashingEncoder())), base_url="http://127.0.0.1") as client:
        yield client


def test_the_page_gets_points_that_lead_to_their_sources(client):
    drawn = client.get("/page/map/points").json()
    assert drawn["folders"] == ["Not in a folder", "birds"]
    assert drawn["passages"] == len(drawn["points"])
    for point in drawn["points"]:
        assert client.get(f"/page/source?{point[5]}").status_code == 200
    assert client.get("/page/map/points", params={"stamp": drawn["stamp"]}).status_code == 204


def test_what_is_found_for_a_question_is_among_the_points(client):
    points = {point[5] for point in client.get("/page/map/points").json()["points"]}
    from lxml.html import fromstring

    found = fromstring(client.get("/page/map/found", params={"q": "What does the heron eat?"}).text).xpath("//@data-source")
    assert found
    assert points.issuperset(found)
    assert client.get("/page/map/found", params={"q": ""}).status_code == 422


def test_topics_are_listed_with_their_notes_as_text(client):
    text = client.get("/page/map/topics").text
    assert 'href="#notes/birds/heron.md"' in text
    assert "<script" not in text
