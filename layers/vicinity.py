"""Which of some places lie within a distance, or on a sheet, in the plane of Lambert-93?

Only the planar bounds of the places are kept: a copy of every geometry, and an index of them,
would take more memory than all else that the join knows. What the bounds cannot exclude is
projected when it is asked about.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from layers.crs import to_lambert93

Geometries = npt.NDArray[np.object_]
ROUNDING_M = 1e-3
"""What the comparison of bounds may be off by: far more than the rounding of any sum of metres."""


class Vicinity:
    """Tells which of some shapes lie near a geometry, or meet it.

    Parameters
    ----------
    shapes
        Geometries in WGS84 (lon, lat); None where one is near nothing.
    """

    def __init__(self, shapes: Geometries) -> None:
        self._shapes = shapes
        self._bounds = np.ascontiguousarray(shapely.bounds(to_lambert93(shapes)).T)

    def planar(self) -> Geometries:
        """Return all shapes in Lambert-93, made anew."""
        found: Geometries = to_lambert93(self._shapes)
        return found

    def of(self, position: int, distance_m: float) -> list[tuple[float, int]]:
        """Return what lies near a shape, itself not; see `around`."""
        shape = self._shapes[position]
        near = [] if shape is None else self.around(to_lambert93(shape), distance_m)
        return [pair for pair in near if pair[1] != position]

    def around(self, planar: BaseGeometry, distance_m: float) -> list[tuple[float, int]]:
        """Return the distances and positions of the shapes near a geometry, nearest first.

        Parameters
        ----------
        planar
            A geometry in Lambert-93.
        distance_m
            Planar distance between the nearest points, in metres, inclusive.
        """
        found = self._perhaps(planar, distance_m)
        metres = shapely.distance(planar, to_lambert93(self._shapes[found]))
        near = metres <= distance_m
        return sorted(zip(metres[near].tolist(), found[near].tolist(), strict=True))

    def meeting(self, planar: BaseGeometry) -> list[tuple[int, BaseGeometry]]:
        """Return the positions, ascending, and Lambert-93 shapes of what meets a geometry."""
        found = self._perhaps(planar, 0.0)
        shapes = to_lambert93(self._shapes[found])
        met = shapely.intersects(planar, shapes)
        return list(zip(found[met].tolist(), shapes[met].tolist(), strict=True))

    def _perhaps(self, planar: BaseGeometry, distance_m: float) -> npt.NDArray[np.intp]:
        """Return the positions of the shapes whose bounds do not exclude them, ascending."""
        reach = distance_m + ROUNDING_M
        least_x, least_y, most_x, most_y = self._bounds
        west, south, east, north = planar.bounds
        across = (most_x >= west - reach) & (least_x <= east + reach)
        along = (most_y >= south - reach) & (least_y <= north + reach)
        return np.flatnonzero(across & along)
