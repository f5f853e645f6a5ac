"""Which cell of a printed grid is meant? Squares of Lambert-93, lettered columns, numbered rows.

The lines of the grid are multiples of its step, so that it depends on the area alone and not on
the paper: the same area has the same cells on every format. Columns go from A in the west, rows
from 1 in the north, as on a street map.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import shapely

from layers.crs import to_lambert93
from layers.drawing import lonlat_of
from layers.sheets import Extent

MOST = 12
"""Cells from one side of the area to the other, at most; one more where its sides are no lines."""
SMALLEST_M = 10
"""Metres of the side of the smallest cells: a finger on a map says no more."""
_NAME = re.compile(r"\s*([A-Za-z])\s*[-.]?\s*(\d{1,2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cells:
    """A grid of square cells.

    Parameters
    ----------
    step_m
        Side of a cell in metres of Lambert-93.
    west, north
        Easting and northing of its north-western corner, in metres.
    columns, rows
        How many there are.
    """

    step_m: int
    west: int
    north: int
    columns: int
    rows: int

    @property
    def extent(self) -> Extent:
        """What all cells together cover, in Lambert-93 metres."""
        return (
            self.west,
            self.north - self.rows * self.step_m,
            self.west + self.columns * self.step_m,
            self.north,
        )

    @property
    def last(self) -> str:
        """The name of the south-eastern cell."""
        return self.name(self.columns - 1, self.rows - 1)

    def name(self, column: int, row: int) -> str:
        """Return the name of a cell; columns and rows count from 0."""
        return f"{chr(ord('A') + column)}{row + 1}"

    def corner(self, column: int, row: int) -> tuple[float, float]:
        """Return the easting and northing of the north-western corner of a cell."""
        return self.west + column * self.step_m, self.north - row * self.step_m

    def centre(self, name: str) -> tuple[float, float]:
        """Return the longitude and latitude, in degrees, of the middle of a cell.

        Parameters
        ----------
        name
            A letter and a number, as ``C4``; case and blanks do not count.

        Raises
        ------
        ValueError
            If the grid has no such cell.
        """
        match = _NAME.fullmatch(name)
        column = ord(match[1].upper()) - ord("A") if match else -1
        row = int(match[2]) - 1 if match else -1
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            raise ValueError(f"{name!r}: the cells go from A1 to {self.last}")
        easting, northing = self.corner(column, row)
        half = self.step_m / 2
        ((lon, lat),) = lonlat_of([(easting + half, northing - half)])
        return round(lon, 6), round(lat, 6)

    def name_at(self, lon: float, lat: float) -> str | None:
        """Return the name of the cell that a position, in degrees, lies in; None outside."""
        easting, northing = shapely.get_coordinates(to_lambert93(shapely.Point(lon, lat)))[0]
        column = math.floor((easting - self.west) / self.step_m)
        row = math.floor((self.north - northing) / self.step_m)
        inside = 0 <= column < self.columns and 0 <= row < self.rows
        return self.name(column, row) if inside else None


def cells_of(area: Extent) -> Cells:
    """Return the grid of an area.

    Parameters
    ----------
    area
        ``(west, south, east, north)`` in Lambert-93 metres.
    """
    west, south, east, north = area
    least = max(max(east - west, north - south) / MOST, SMALLEST_M)
    power = 10 ** math.floor(math.log10(least))
    step = int(next(n * power for n in (1, 2, 5, 10) if n * power >= least))
    first, top = math.floor(west / step), math.ceil(north / step)
    columns, rows = math.ceil(east / step) - first, top - math.floor(south / step)
    return Cells(step, first * step, top * step, columns, rows)
