"""What does an area question find? Places near a geometry, and the commitments that concern it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from layers.atlas import ENGAGEMENTS, Atlas
from layers.crs import to_lambert93
from layers.given import outline_text
from layers.measure import area_m2, length_m
from layers.model import Link, LinkKind
from layers.query import FeatureSet, positions_meeting
from layers.reach import Reach

SHORTEST_DEGREE_M = 70_000.0
"""Less than the metres of a degree of longitude at the north of France (51.6°)."""
LONGEST_SAID = 400
"""Characters of an outline that a README repeats; a longer one is told by its size."""


@dataclass(frozen=True, slots=True)
class Area:
    """What is asked about, and how far around.

    Attributes
    ----------
    geometry
        One geometry in WGS84 (lon, lat).
    distance_m
        Metres around it; with 0, what meets it.
    kinds
        The kinds of links by which commitments are found.
    place
        The id of the place that is asked about, empty for a geometry of the reader's own.
    """

    geometry: BaseGeometry
    distance_m: float = 0.0
    kinds: tuple[LinkKind, ...] = tuple(LinkKind)
    place: str = ""

    def said(self) -> dict[str, str]:
        """Return the question by parameter, as a README writes it."""
        about = {"lieu": self.place} if self.place else {"contour": self._outline()}
        kinds = "" if self.kinds == tuple(LinkKind) else ",".join(self.kinds)
        return {**about, "distance": f"{self.distance_m:g} m", "lien": kinds}

    def _outline(self) -> str:
        text = outline_text(self.geometry)
        if len(text) <= LONGEST_SAID:
            return text
        hectares, metres = area_m2(self.geometry) / 10_000, length_m(self.geometry)
        size = {2: f"{hectares:.2f} ha ", 1: f"{metres:.0f} m "}
        box = ",".join(f"{n:.6f}" for n in shapely.bounds(self.geometry).tolist())
        measure = size.get(int(shapely.get_dimensions(self.geometry)), "")
        return f"{self.geometry.geom_type} {measure}[{box}]"


def links_of(reach: Reach, area: Area) -> tuple[Link, ...]:
    """Return the links that an area question finds, of the kinds that it asks for.

    Raises
    ------
    NotFoundError, ParameterError
        As `Reach.of_place` does.
    """
    if area.place:
        found = reach.of_place(area.place, area.distance_m)
    else:
        found = reach.of_geometry(area.geometry, area.distance_m)
    return tuple(link for link in found if link.kind in area.kinds)


def within(features: FeatureSet, area: Area) -> npt.NDArray[np.bool_]:
    """Tell which features lie within the distance of an area; none that has no geometry does."""
    chosen = np.zeros(len(features), dtype=bool)
    if not area.distance_m:
        chosen[positions_meeting(features, area.geometry)] = True
        return chosen
    margin = area.distance_m / SHORTEST_DEGREE_M
    west, south, east, north = shapely.bounds(area.geometry).tolist()
    box = shapely.box(west - margin, south - margin, east + margin, north + margin)
    near = positions_meeting(features, box)
    planar = to_lambert93(features.geometries[near])
    kept = shapely.dwithin(planar, to_lambert93(area.geometry), area.distance_m)
    chosen[near[kept]] = True
    return chosen


def counted(atlas: Atlas, area: Area, links: Sequence[Link]) -> dict[str, int]:
    """Return how many features an area question finds in each collection that has any.

    The commitments come first, then the layers in the catalogue's order, without those that are
    only a background.
    """
    found = {ENGAGEMENTS: len(links)}
    for id, layer in atlas.layers.items():
        if not layer.background:
            found[id] = int(within(atlas.collection(id), area).sum())
    return {id: count for id, count in found.items() if count}
