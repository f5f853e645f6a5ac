"""Which sheets cover an area? Invariants over any area, scale and paper."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from layers.crs import lambert93_factors
from layers.sheets import (
    LARGEST,
    OVERLAP_MM,
    SHORT_AND_LONG_MM,
    SMALLEST,
    USUAL,
    Box,
    TooManySheets,
    grid_lines_m,
    grid_step_m,
    index_sheet,
    page_size_mm,
    scale_for_one_sheet,
    series,
)

FRAME = Box(12, 12, 200, 180)
frames = st.builds(
    Box, st.floats(5, 30), st.floats(5, 30), st.floats(100, 1100), st.floats(100, 1100)
)
scales = st.integers(SMALLEST, LARGEST)
areas = st.builds(
    lambda x, y, w, h: (x, y, x + w, y + h),
    st.floats(100_000, 1_200_000),
    st.floats(6_050_000, 7_100_000),
    st.floats(1, 20_000),
    st.floats(1, 20_000),
)
shares = st.floats(0, 1)


def made(area, scale, frame):
    return series(area, scale, frame, limit=1_000_000)


@settings(deadline=None)
@given(areas, st.integers(5000, LARGEST), frames, shares, shares)
def test_every_point_of_the_area_is_on_a_sheet(area, scale, frame, across, up):
    west, south, east, north = area
    x, y = west + across * (east - west), south + up * (north - south)
    found = [
        sheet
        for sheet in made(area, scale, frame).sheets
        if sheet.extent[0] - 1e-3 <= x <= sheet.extent[2] + 1e-3
        and sheet.extent[1] - 1e-3 <= y <= sheet.extent[3] + 1e-3
    ]
    assert found
    for sheet in found:
        px, py = sheet.to_page(x, y)
        assert frame.x - 0.01 <= px <= frame.right + 0.01
        assert frame.y - 0.01 <= py <= frame.top + 0.01


@settings(deadline=None)
@given(areas, st.integers(5000, LARGEST), frames)
def test_a_sheet_is_exactly_to_scale(area, scale, frame):
    for sheet in made(area, scale, frame).sheets:
        west, south, east, north = sheet.extent
        assert (east - west) * 1000 / frame.width == pytest.approx(scale, rel=1e-9)
        assert (north - south) * 1000 / frame.height == pytest.approx(scale, rel=1e-9)
        ax, ay = sheet.to_page(west, south)
        bx, by = sheet.to_page(west + 300, south + 400)
        assert math.hypot(bx - ax, by - ay) * scale / 1000 == pytest.approx(500, rel=1e-6)


@settings(deadline=None)
@given(areas, st.integers(5000, LARGEST), frames)
def test_sheets_are_numbered_in_reading_order_and_overlap_their_neighbours(area, scale, frame):
    found = made(area, scale, frame)
    assert [sheet.number for sheet in found.sheets] == list(range(1, len(found.sheets) + 1))
    assert len(found.sheets) == found.columns * found.rows
    overlap = OVERLAP_MM * scale / 1000
    for one, other in zip(found.sheets, found.sheets[1:], strict=False):
        if one.row == other.row:
            assert one.extent[2] - other.extent[0] == pytest.approx(overlap, abs=1e-3)
            assert one.extent[1] == pytest.approx(other.extent[1])
        else:
            assert other.column == 0
            assert other.extent[3] - one.extent[1] == pytest.approx(overlap, abs=1e-3)


@settings(deadline=None)
@given(areas, scales, frames, st.integers(1, 20))
def test_a_series_is_no_longer_than_allowed_and_the_remedy_is_one(area, scale, frame, limit):
    try:
        found = series(area, scale, frame, limit=limit)
    except TooManySheets as error:
        assert error.needed > limit
        if error.scale is not None:
            assert len(series(area, error.scale, frame, limit=limit).sheets) <= limit
            if error.scale > SMALLEST:
                with pytest.raises(TooManySheets):
                    series(area, error.scale - 500, frame, limit=limit)
        else:
            with pytest.raises(TooManySheets):
                series(area, LARGEST, frame, limit=limit)
    else:
        assert len(found.sheets) <= limit


@settings(deadline=None)
@given(areas, frames)
def test_the_suggested_scale_is_the_largest_usual_one_that_fits(area, frame):
    scale = scale_for_one_sheet(area, frame)
    assert scale in USUAL
    if len(made(area, scale, frame).sheets) > 1:
        assert scale == LARGEST
    for larger in (usual for usual in USUAL if usual < scale):
        assert len(made(area, larger, frame).sheets) > 1


@settings(deadline=None)
@given(areas, st.integers(5000, LARGEST), frames)
def test_the_index_shows_every_sheet(area, scale, frame):
    found = made(area, scale, frame)
    index = index_sheet(found, frame)
    assert index.scale % 500 == 0
    for sheet in found.sheets:
        assert index.extent[0] - 1e-6 <= sheet.extent[0]
        assert index.extent[3] + 1e-6 >= sheet.extent[3]


def test_an_area_that_just_fits_is_one_sheet():
    assert len(series((0, 0, 2000, 1800), 10_000, FRAME, limit=1).sheets) == 1
    with pytest.raises(TooManySheets, match="2 sheets"):
        series((0, 0, 2001, 1800), 10_000, FRAME, limit=1)


def test_papers_are_those_of_iso_216():
    assert page_size_mm("A4", landscape=False) == (210, 297)
    assert page_size_mm("A0", landscape=True) == (1189, 841)
    for short, long in SHORT_AND_LONG_MM.values():
        assert long / short == pytest.approx(math.sqrt(2), rel=0.003)


@pytest.mark.parametrize(
    ("scale", "step"), [(500, 20), (1000, 50), (5000, 200), (10_000, 500), (25_000, 1000)]
)
def test_the_grid_has_round_steps(scale, step):
    assert grid_step_m(scale) == step
    assert grid_lines_m(648_001, 648_001 + 2 * step, step)[0] % step == 0


@settings(deadline=None)
@given(st.floats(-4.5, 8.2), st.floats(42.5, 51))
def test_the_scale_factor_and_true_north_are_those_of_a_short_line(lon, lat):
    project = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform
    ax, ay = project(lon, lat)
    up = lat + 1e-4
    bx, by = project(lon, up)
    factor, true_north = lambert93_factors(lon, lat)
    ground = Geod(ellps="GRS80").line_length([lon, lon], [lat, up])
    assert math.hypot(bx - ax, by - ay) / ground == pytest.approx(factor, rel=1e-5)
    assert math.degrees(math.atan2(bx - ax, by - ay)) == pytest.approx(true_north, abs=1e-3)


@pytest.mark.parametrize(("lon", "lat"), [(2.3, 48.82), (2.45, 48.78), (5.05, 43.4)])
def test_plane_and_ground_differ_by_less_than_a_thousandth_where_the_atlas_is(lon, lat):
    assert abs(lambert93_factors(lon, lat)[0] - 1) < 0.001
