"""Is the cell that one reads from a printed map the one that is kept?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from layers.cells import MOST, cells_of

project = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform
eastings, northings = st.floats(200_000, 1_000_000), st.floats(6_200_000, 7_000_000)
sides = st.floats(1, 90_000)


@given(
    west=eastings, south=northings, width=sides, height=sides, x=st.floats(0, 1), y=st.floats(0, 1)
)
def test_every_position_of_an_area_lies_in_the_cell_of_its_name(
    west: float, south: float, width: float, height: float, x: float, y: float
) -> None:
    cells = cells_of((west, south, west + width, south + height))
    assert max(cells.columns, cells.rows) <= MOST + 1
    assert cells.step_m >= 10
    east, north = west + x * width, south + y * height
    column = min(int((east - cells.west) // cells.step_m), cells.columns - 1)
    row = min(int((cells.north - north) // cells.step_m), cells.rows - 1)
    assert column >= 0
    assert row >= 0
    lon, lat = cells.centre(cells.name(column, row))
    middle = project(lon, lat)
    for got, wanted in zip(middle, (east, north), strict=True):
        assert abs(got - wanted) <= cells.step_m / 2 + 0.2
    assert cells.name_at(lon, lat) == cells.name(column, row)


def test_a_position_beside_the_grid_is_in_none_of_its_cells() -> None:
    cells = cells_of((650_000, 6_860_000, 651_000, 6_861_000))
    assert cells.name_at(2.2, 48.8) is None


@pytest.mark.parametrize("typed", ["c4", " C 4 ", "C-4", "c.4"])
def test_a_name_is_read_as_people_write_it(typed: str) -> None:
    cells = cells_of((650_000, 6_860_000, 651_000, 6_861_000))
    assert cells.centre(typed) == cells.centre("C4")


@pytest.mark.parametrize("typed", ["", "4C", "C0", "Z1", "C99", "é1", "A1B2"])
def test_what_is_no_cell_is_refused(typed: str) -> None:
    cells = cells_of((650_000, 6_860_000, 651_000, 6_861_000))
    with pytest.raises(ValueError, match=f"A1 to {cells.last}"):
        cells.centre(typed)
