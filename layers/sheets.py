"""Which sheets of paper cover an area at a scale?

Plain arithmetic between the plane of Lambert-93 (EPSG:2154, metres) and paper (millimetres):
at the scale 1:N one millimetre of paper is exactly N/1000 metres of the plane. The plane itself
is not the ground: the factor between them at a point is `layers.crs.lambert93_factors`.
Positions on paper are measured from the lower left corner of the page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from layers.errors import LimitropheError

SHORT_AND_LONG_MM = {
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "A1": (594, 841),
    "A0": (841, 1189),
}
"""Sides of the formats of ISO 216, in millimetres."""
SMALLEST, LARGEST = 500, 25_000
"""Denominators between which the atlas is printed."""
USUAL = (500, 1000, 2000, 2500, 5000, 7500, 10_000, 15_000, 20_000, 25_000)
"""Denominators that a reader expects on a scale ruler."""
OVERLAP_MM = 10.0
"""How much of the map neighbouring sheets repeat, in millimetres of paper."""
ROUNDING = 1e-9
"""Share of a sheet below which an excess is a rounding, not a part of the area."""

Extent = tuple[float, float, float, float]
"""``(west, south, east, north)`` in Lambert-93 metres."""


class TooManySheets(LimitropheError):
    """An area needs more sheets than a series may have.

    ``needed`` and ``limit`` count sheets; ``scale`` is the smallest denominator, a multiple of
    500, at which a series would do on this paper, None when `LARGEST` does not do either.
    """

    def __init__(self, needed: int, limit: int, scale: int | None) -> None:
        self.needed = needed
        self.limit = limit
        self.scale = scale
        super().__init__(f"{needed} sheets are needed, a series has {limit} at most")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper: lower left corner and size, in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a series.

    ``number`` counts from 1 in reading order (west to east, north to south); ``column`` and
    ``row`` count from 0 at the north-west. ``extent`` is what its map frame shows, in
    Lambert-93 metres; ``frame`` is where the map is on the page; ``scale`` the denominator.
    """

    number: int
    column: int
    row: int
    extent: Extent
    frame: Box
    scale: int

    @property
    def centre(self) -> tuple[float, float]:
        """Easting and northing of the middle of the map, in metres."""
        west, south, east, north = self.extent
        return (west + east) / 2, (south + north) / 2

    @property
    def mm_per_m(self) -> float:
        """Millimetres of paper for one metre of the plane."""
        return 1000 / self.scale

    def to_page(self, easting: float, northing: float) -> tuple[float, float]:
        """Return where a position of the plane (metres) is on the page (millimetres)."""
        west, south, _east, _north = self.extent
        return (
            self.frame.x + (easting - west) * self.mm_per_m,
            self.frame.y + (northing - south) * self.mm_per_m,
        )


@dataclass(frozen=True, slots=True)
class Series:
    """The sheets that cover an area, in reading order, and how they are laid out."""

    sheets: tuple[Sheet, ...]
    columns: int
    rows: int
    area: Extent
    scale: int


def page_size_mm(paper: str, *, landscape: bool) -> tuple[float, float]:
    """Return the width and height of a format (a key of `SHORT_AND_LONG_MM`), in millimetres."""
    short, long = SHORT_AND_LONG_MM[paper]
    return (long, short) if landscape else (short, long)


def sheets_needed(length_m: float, frame_mm: float, scale: int, overlap_mm: float) -> int:
    """Return how many sheets in a row cover a length.

    Parameters
    ----------
    length_m
        The length to cover, in metres of the plane.
    frame_mm, overlap_mm
        The side of the map frame, and how much of it two neighbours share, in millimetres.
    scale
        Denominator of the scale.
    """
    length_mm = length_m * 1000 / scale
    if length_mm <= frame_mm * (1 + ROUNDING):
        return 1
    return math.ceil((length_mm - overlap_mm) / (frame_mm - overlap_mm) - ROUNDING)


def series(
    area: Extent, scale: int, frame: Box, *, limit: int, overlap_mm: float = OVERLAP_MM
) -> Series:
    """Return the sheets that cover an area at a scale; the area is in the middle of them.

    Parameters
    ----------
    area
        ``(west, south, east, north)`` in Lambert-93 metres.
    scale
        Denominator of the scale.
    frame
        The map frame on every page.
    limit
        How many sheets a series may have.
    overlap_mm
        How much of the map neighbours repeat.

    Raises
    ------
    TooManySheets
        If the area needs more than ``limit``.
    """
    west, south, east, north = area
    columns = sheets_needed(east - west, frame.width, scale, overlap_mm)
    rows = sheets_needed(north - south, frame.height, scale, overlap_mm)
    if columns * rows > limit:
        raise TooManySheets(columns * rows, limit, _scale_that_does(area, frame, limit, overlap_mm))
    m_per_mm = scale / 1000
    width_m, height_m = frame.width * m_per_mm, frame.height * m_per_mm
    step_x, step_y = width_m - overlap_mm * m_per_mm, height_m - overlap_mm * m_per_mm
    left = (west + east - width_m - step_x * (columns - 1)) / 2
    top = (south + north + height_m + step_y * (rows - 1)) / 2
    sheets: list[Sheet] = []
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * step_x, top - row * step_y - height_m
            extent = (x, y, x + width_m, y + height_m)
            sheets.append(Sheet(len(sheets) + 1, column, row, extent, frame, scale))
    return Series(tuple(sheets), columns, rows, area, scale)


def _scale_that_does(area: Extent, frame: Box, limit: int, overlap_mm: float) -> int | None:
    west, south, east, north = area
    for scale in range(SMALLEST, LARGEST + 1, 500):
        columns = sheets_needed(east - west, frame.width, scale, overlap_mm)
        if columns * sheets_needed(north - south, frame.height, scale, overlap_mm) <= limit:
            return scale
    return None


def scale_for_one_sheet(area: Extent, frame: Box) -> int:
    """Return the largest usual scale (its denominator) at which an area fits one sheet.

    `LARGEST` when none does.
    """
    return next((scale for scale in USUAL if len_of(area, scale, frame) == 1), LARGEST)


def len_of(area: Extent, scale: int, frame: Box) -> int:
    """Return how many sheets an area needs at a scale."""
    west, south, east, north = area
    columns = sheets_needed(east - west, frame.width, scale, OVERLAP_MM)
    return columns * sheets_needed(north - south, frame.height, scale, OVERLAP_MM)


def index_sheet(of: Series, frame: Box) -> Sheet:
    """Return one sheet that shows a whole series, at a round scale (a multiple of 500)."""
    extents = [sheet.extent for sheet in of.sheets]
    west, south = min(e[0] for e in extents), min(e[1] for e in extents)
    east, north = max(e[2] for e in extents), max(e[3] for e in extents)
    return one_sheet((west, south, east, north), frame, number=0)


def one_sheet(area: Extent, frame: Box, *, number: int = 1, usual: bool = False) -> Sheet:
    """Return a sheet with a whole area in its middle, at a round scale (a multiple of 500).

    ``usual`` takes the next scale of a ruler, where there is one.
    """
    west, south, east, north = area
    needed = max((east - west) / frame.width, (north - south) / frame.height) * 1000
    scale = math.ceil(needed / 500) * 500
    if usual:
        scale = next((one for one in USUAL if one >= needed), scale)
    x, y = (west + east) / 2, (south + north) / 2
    half_x, half_y = frame.width * scale / 2000, frame.height * scale / 2000
    extent = (x - half_x, y - half_y, x + half_x, y + half_y)
    return Sheet(number, 0, 0, extent, frame, scale)


def grid_step_m(scale: int, smallest_mm: float = 40.0) -> int:
    """Return the step of a coordinate grid: 1, 2 or 5 times a power of ten, in metres.

    It is the smallest such step that is ``smallest_mm`` or more on paper.
    """
    wanted = smallest_mm * scale / 1000
    power = 10 ** math.floor(math.log10(wanted))
    return int(next(n * power for n in (1, 2, 5, 10) if n * power >= wanted))


def grid_lines_m(low: float, high: float, step_m: int) -> list[int]:
    """Return the multiples of a step between two coordinates, both in metres, ascending."""
    return list(range(math.ceil(low / step_m) * step_m, math.floor(high) + 1, step_m))
