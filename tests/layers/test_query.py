"""Does a box give the features in it, a page its part, and a bad parameter its name?"""

from __future__ import annotations

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.encode import collection_bytes
from layers.errors import ParameterError
from layers.query import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Page,
    Query,
    feature_set,
    items,
    parse_bbox,
    positions_in,
)

EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)


def ids(page) -> list[str]:
    return [orjson.loads(feature)["id"] for feature in page.encoded]


def test_without_a_box_everything_matches(tiny):
    page = items(tiny.features["sites"], limit=100)
    assert ids(page) == ["jardin", "square", "gare", "site-perdu"]
    assert (page.matched, page.returned, page.ids) == (4, 4, tuple(ids(page)))


def test_a_box_leaves_out_what_has_no_geometry(tiny):
    page = items(tiny.features["sites"], bbox=EVERYWHERE, limit=100)
    assert ids(page) == ["jardin", "square", "gare"]


def test_touching_the_box_is_enough(tiny):
    page = items(tiny.features["territoires"], bbox=(2.34, 48.82, 2.35, 48.83))
    assert ids(page) == ["commune-est"]


@pytest.mark.parametrize(
    "box", [(2.3061, 48.8042, 2.3061, 48.8042), (2.3061, 48.80, 2.3061, 48.81)]
)
def test_a_box_may_be_a_point_or_a_line(tiny, box):
    assert "gare" in ids(items(tiny.features["sites"], bbox=box))


def test_a_box_may_cross_the_antimeridian(tiny):
    sites = tiny.features["sites"]
    assert ids(items(sites, bbox=(2.3, 48.8, -170.0, 48.9))) == ["jardin", "square", "gare"]
    assert ids(items(sites, bbox=(170.0, 48.8, 2.0, 48.9))) == []
    assert ids(items(sites, bbox=(2.4, 48.8, 2.35, 48.9))) == ["jardin", "square", "gare"]


def test_an_empty_collection_has_no_page_and_no_bounds():
    empty = feature_set((), (), np.array([], dtype=object))
    assert items(empty, EVERYWHERE) == items(empty) == Page((), 0, 0)
    assert empty.bounds is None


def test_pages_follow_each_other_without_gap_or_repeat(tiny):
    voies = tiny.features["voies"]
    pages = [items(voies, EVERYWHERE, 2, offset) for offset in (0, 2, 4, 6)]
    assert [page.returned for page in pages] == [2, 2, 1, 0]
    assert {page.matched for page in pages} == {5}
    assert [id for page in pages for id in ids(page)] == list(voies.ids)


@given(*[st.floats(2.29, 2.35), st.floats(48.79, 48.83)] * 2)
def test_a_box_finds_what_shapely_finds(tiny, x1, y1, x2, y2):
    west, east, south, north = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    box = shapely.box(west, south, east, north)
    for features in tiny.features.values():
        expected = [
            i for i, g in enumerate(features.geometries) if g is not None and g.intersects(box)
        ]
        assert positions_in(features, (west, south, east, north)).tolist() == expected


@pytest.mark.parametrize(
    ("text", "bbox"),
    [
        ("2,48,3,49", (2, 48, 3, 49)),
        (" 2 ,48.5, 3,4.9e1", (2, 48.5, 3, 49)),
        ("2,48,0,3,49,100", (2, 48, 3, 49)),
        ("170,-20,-170,-10", (170, -20, -170, -10)),
        ("-180,-90,180,90", EVERYWHERE),
    ],
)
def test_boxes_are_read(text, bbox):
    assert parse_bbox(text) == bbox


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", "four numbers"),
        ("2,48,3", "four numbers"),
        ("2,48,3,49,50", "four numbers"),
        ("a,b,c,d", "four numbers"),
        ("2;48;3;49", "four numbers"),
        ("2,48,3,", "four numbers"),
        ("nan,48,3,49", "finite"),
        ("2,48,inf,49", "finite"),
        ("2,-Infinity,3,49", "finite"),
        ("2,49,3,48", "south not above north"),
        ("48,2,49,3", None),
        ("2,48,300,49", "longitude"),
        ("2,48,3,91", "latitude"),
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(text, allowed):
    if allowed is None:
        assert parse_bbox(text)  # a box in the Indian Ocean is a box
        return
    with pytest.raises(ParameterError) as caught:
        parse_bbox(text)
    assert (caught.value.parameter, caught.value.got) == ("bbox", text)
    assert allowed in caught.value.allowed


def test_a_query_has_defaults_and_a_largest_limit():
    assert Query.from_text() == Query(None, DEFAULT_LIMIT, 0)
    assert Query.from_text("2,48,3,49", "3", "7") == Query((2, 48, 3, 49), 3, 7)
    assert Query.from_text(limit="99999999").limit == MAX_LIMIT


@pytest.mark.parametrize("text", ["0", "-1", "abc", "1.5", "", " 3", "1e3", "٣", "9" * 40])
def test_a_bad_limit_is_refused(text):
    with pytest.raises(ParameterError, match="limit: got"):
        Query.from_text(limit=text)


@pytest.mark.parametrize("text", ["-1", "x", "1.0", ""])
def test_a_bad_offset_is_refused(text):
    with pytest.raises(ParameterError, match="offset: got"):
        Query.from_text(offset=text)


def test_a_collection_is_its_features_with_what_is_said_of_them(tiny):
    page = items(tiny.features["sites"], limit=2)
    links = [{"href": "x", "rel": "self"}]
    collection = orjson.loads(collection_bytes(page.encoded, links, page.matched, page.returned))
    assert [f["id"] for f in collection["features"]] == ["jardin", "square"]
    assert collection["links"] == links
    assert (collection["numberMatched"], collection["numberReturned"]) == (4, 2)


def test_an_empty_collection_is_valid_json():
    assert orjson.loads(collection_bytes(())) == {"type": "FeatureCollection", "features": []}
