"""The map view as HTML and as data for its script."""

from collections import Counter
from collections.abc import Mapping
from html import escape
from pathlib import PurePosixPath
from typing import Any

from assistant.mapping import Map, Point
from assistant.segmenting.structure import plain
from assistant.web.targets import note_address, target_query

_SAID = 140
"""Characters of a passage that are shown beside its dot."""


def skeleton_html() -> str:
    """The view before the map is there."""
    zoom = "".join(
        f'<button type="button" data-zoom="{how}" aria-label="{label}">{sign}</button>'
        for how, label, sign in (("in", "Zoom in", "+"), ("out", "Zoom out", "−"), ("all", "Show all", "⤢"))
    )
    return (
        '<div class="chart"><div class="chart-tools">'
        '<form role="search"><input type="search" id="map-words" placeholder="Light up what fits a question" '
        'aria-label="Light up what fits a question" autocomplete="off"></form>'
        '<label>Colour by <select id="map-by"><option value="folder">folder</option><option value="note">note</option>'
        f'<option value="cluster">topic</option></select></label><span class="zoom" role="group" aria-label="Zoom">{zoom}</span></div>'
        '<div class="chart-body"><div class="chart-main"><div id="map-sheet" data-sources role="group" aria-label="Map of passages" '
        'aria-describedby="map-keys"><canvas id="map-canvas" aria-hidden="true"></canvas><div id="map-names" aria-hidden="true"></div>'
        '<button type="button" id="map-here" hidden></button><div id="map-tip" aria-hidden="true" hidden></div></div>'
        '<p id="map-told" role="status">Drawing the map…</p>'
        '<p id="map-keys" class="chart-hint">Passages that mean much the same lie side by side. Click a dot to read it; by keys, Tab to the map, the '
        "arrows walk over the dots and Enter reads.</p></div>"
        '<div class="chart-side"><div id="map-found" class="searching" data-sources></div>'
        '<h3 id="map-colours">Colours</h3><ul id="map-legend" aria-labelledby="map-colours"></ul>'
        '<h3>Topics</h3><div id="map-list"></div></div></div></div>'
    )


def map_json(drawn: Map, titles: Mapping[str, str], stamp: str) -> dict[str, Any]:
    """``drawn`` for the script: each point as its place, the numbers of its topic, folder and note, the query of its source, and its words."""
    notes = list(dict.fromkeys(one.passage.path for one in drawn.points))
    folders = sorted({_folder(path) for path in notes})
    note_at = {path: number for number, path in enumerate(notes)}
    folder_at = {folder: number for number, folder in enumerate(folders)}
    return {
        "stamp": stamp,
        "passages": drawn.passages,
        "clusters": [{"name": one.name, "x": one.x, "y": one.y, "size": one.size} for one in drawn.clusters],
        "folders": [folder or "Not in a folder" for folder in folders],
        "notes": [titles[path] for path in notes],
        "points": [
            [one.x, one.y, one.cluster, folder_at[_folder(one.passage.path)], note_at[one.passage.path], _source(one), *_words(one)]
            for one in drawn.points
        ],
    }


def topics_html(drawn: Map, titles: Mapping[str, str]) -> str:
    """The topics with their notes as a list: the map for those who do not see it."""
    return "".join(_topic(number, drawn, titles) for number in range(len(drawn.clusters)))


def _topic(number: int, drawn: Map, titles: Mapping[str, str]) -> str:
    cluster = drawn.clusters[number]
    held = Counter(one.passage.path for one in drawn.points if one.cluster == number)
    rows = "".join(
        f'<li><a href="{escape(note_address(path))}" dir="auto">{escape(titles[path])}</a> <span>{count}</span></li>'
        for path, count in sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return (
        f'<details data-cluster="{number}"><summary><span dir="auto">{escape(cluster.name)}</span> '
        f'<span class="size">{_passages(cluster.size)}</span></summary><ul>{rows}</ul></details>'
    )


def _passages(count: int) -> str:
    return f"{count} {'passage' if count == 1 else 'passages'}"


def _folder(path: str) -> str:
    folder = str(PurePosixPath(path).parent)
    return "" if folder == "." else folder


def _source(point: Point) -> str:
    one = point.passage
    return target_query(one.path, one.start, one.end, one.headings, one.text)


def _words(point: Point) -> tuple[str, str]:
    said = plain(point.passage.text)
    return " › ".join(point.passage.headings[-2:]), said if len(said) <= _SAID else said[: _SAID - 1] + "…"
