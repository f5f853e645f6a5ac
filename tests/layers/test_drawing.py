"""What is drawn on a sheet, and where: against pyproj, and on awkward sheets."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from layers.atlas import Atlas
from layers.drawing import (
    BLEED_MM,
    Plane,
    extent_of_box,
    extent_of_places,
    lonlat_of,
)
from layers.errors import ParameterError
from layers.sheets import Box, series

FRAME = Box(10, 10, 190, 180)
project = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform


@pytest.fixture(scope="module")
def plane(tiny: Atlas) -> Plane:
    return Plane(tiny)


def sheet_over(bbox, scale=25_000):
    return series(extent_of_box(bbox), scale, FRAME, limit=20).sheets[0]


def test_a_point_is_where_pyproj_puts_it(plane: Plane):
    sheet = sheet_over((2.29, 48.795, 2.33, 48.825))
    found = {shape.place.id: shape for shape in plane.shapes("sites", sheet)}
    easting, northing = project(2.3061, 48.8042)
    west, south = sheet.extent[:2]
    there = (10 + (easting - west) / 25, 10 + (northing - south) / 25)
    assert found["gare"].paths[0][0] == pytest.approx(there, abs=1e-4)
    assert found["gare"].anchor == pytest.approx(there, abs=1e-4)


def test_what_is_out_of_sight_is_not_drawn_and_what_is_far_out_is_cut(plane: Plane):
    sheet = sheet_over((2.3050, 48.8075, 2.3070, 48.8095), scale=1000)
    assert {shape.place.id for shape in plane.shapes("sites", sheet)} == {"jardin"}
    for layer in ("territoires", "voies"):
        for shape in plane.shapes(layer, sheet):
            for path in shape.paths:
                assert path.min() >= 10 - BLEED_MM - 0.1
                assert path[:, 0].max() <= FRAME.right + BLEED_MM + 0.1
            assert FRAME.x <= shape.anchor[0] <= FRAME.right
            assert FRAME.y <= shape.anchor[1] <= FRAME.top


def test_a_straight_street_can_be_written_along(plane: Plane):
    sheet = sheet_over((2.29, 48.795, 2.33, 48.825))
    found = {shape.place.id: shape for shape in plane.shapes("voies", sheet)}
    street = found["rue-ouest"]
    assert street.dimension == 1
    assert abs(street.angle) < 1
    ends = street.paths[0][[0, -1]]
    assert street.length == pytest.approx(float(np.hypot(*(ends[1] - ends[0]))), abs=0.1)


def test_positions_come_back_as_degrees():
    ((lon, lat),) = lonlat_of([project(2.3, 48.8)])
    assert (lon, lat) == pytest.approx((2.3, 48.8), abs=1e-9)


def test_the_extent_of_a_box_holds_its_edges():
    west, south, east, north = extent_of_box((2.2, 48.7, 2.6, 48.9))
    for lon in np.linspace(2.2, 2.6, 9):
        for lat in (48.7, 48.9):
            x, y = project(lon, lat)
            assert west - 1 <= x <= east + 1
            assert south - 1 <= y <= north + 1


@pytest.mark.parametrize("bbox", [(3, 48, 2, 49), (2, 48, 2, 49), (-170, 48, 3, 49)])
def test_a_box_that_is_none_or_elsewhere_is_refused(bbox):
    with pytest.raises(ParameterError, match="bbox"):
        extent_of_box(bbox)


def test_nothing_located_has_no_extent(tiny: Atlas):
    assert extent_of_places([tiny.place("site-perdu").geometry], 100) is None
    west, south, east, north = extent_of_places([tiny.place("gare").geometry], 100)
    assert (east - west, north - south) == pytest.approx((200, 200))


def test_places_are_counted(plane: Plane):
    extent = extent_of_box((2.29, 48.795, 2.35, 48.825))
    assert plane.count(["sites"], extent) == 3
    assert plane.count([], extent) == 0
