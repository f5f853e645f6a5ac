"""Which places lie in which territory? The rule, and how it is applied to whole columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from layers.atlas import Atlas
from layers.crs import to_lambert93
from layers.measure import area_m2, length_m
from layers.model import Place

TIE_RULE = (
    "A place lies in a territory when at least half of it does: half of its geodesic area "
    "(polygons), half of its geodesic length (lines), half of its points (a point on the "
    "boundary lies inside). A place halfway between two territories therefore lies in both. A "
    "composite is measured as the union of its members. A place lies in the one that its "
    "'within' names, and in a set that this one is a member of. A place without geometry lies "
    "besides in the territories that its 'communes' name (or else those of what it is within) "
    "and in those that these lie in; a territory without outline holds what names it so. A "
    "territory lies in itself, and a composite holds its members. A commitment that names an "
    "ensemble is tied to its members as to places of a territory; to nothing else inside it."
)
HALF = 0.5 - 1e-9
DOUBT = 0.01
Geometries = npt.NDArray[np.object_]


class Containment:
    """Tells which of some places lie in a territory, by `TIE_RULE`.

    Parameters
    ----------
    atlas
        The atlas that the places are of.
    places
        The places that are asked about.
    shapes
        Their geometries, those of composites united, in WGS84 (lon, lat); None where nothing
        locates a place.

    Attributes
    ----------
    position
        Where each place stands among them, by id.
    """

    def __init__(
        self, atlas: Atlas, places: Sequence[Place], shapes: Sequence[BaseGeometry | None]
    ) -> None:
        self._atlas = atlas
        self._places = places
        self.position = {place.id: i for i, place in enumerate(places)}
        self._shapes: Geometries = np.array(shapes, dtype=object)
        self._tree = STRtree(self._shapes)
        self._bounds = shapely.bounds(self._shapes)
        self._areas = shapely.area(self._shapes)  # in square degrees, for `_hopeless` only
        self._within: dict[str, list[str]] = {}
        self._by_commune: dict[str, list[str]] = {}
        self._unlocated: dict[str, list[str]] = {}
        self._note_statements()

    def contents(self, territory_id: str) -> tuple[str, ...]:
        """Return the ids of the places that lie in a territory, in the order they were given."""
        territory = self._atlas.territory_geometry(territory_id)
        outlined = territory is not None and shapely.get_dimensions(territory) == 2
        inside = {territory_id, *self.members(territory_id)}
        if outlined and territory is not None:
            inside |= {self._places[i].id for i in self._mostly_in(territory).tolist()}
        own = {territory_id, *self.members(territory_id)}
        inside.update(*(self._within.get(id, ()) for id in own))
        if not outlined:
            inside.update(*(self._by_commune.get(id, ()) for id in own))
        inside.update(*(self._unlocated.get(id, ()) for id in tuple(inside)))
        known = inside & self.position.keys()
        return tuple(sorted(known, key=self.position.__getitem__))

    def meeting(self, geometry: BaseGeometry) -> list[int]:
        """Return the positions of the places whose shape meets a geometry, ascending."""
        found: list[int] = np.sort(self._tree.query(geometry, predicate="intersects")).tolist()
        return found

    def _note_statements(self) -> None:
        """Note of every place what it is stated to lie in, by what that is.

        ``_within`` has the places by what they are stated to be within, and what that is within;
        ``_by_commune`` by the communes that they (or else what they are within) name;
        ``_unlocated`` both, of the places that nothing locates.
        """
        for place, shape in zip(self._places, self._shapes, strict=True):
            chain = self._chain(place)
            for container in chain[1:]:
                self._within.setdefault(container.id, []).append(place.id)
            named = next((link.communes for link in chain if link.communes), ())
            communes = self._with_theirs(named)
            for id in communes:
                self._by_commune.setdefault(id, []).append(place.id)
            if shape is None:
                for id in {*communes, *(container.id for container in chain[1:])}:
                    self._unlocated.setdefault(id, []).append(place.id)

    def _chain(self, place: Place) -> list[Place]:
        """Return a place, the place it is within, and so on; a circle ends where it closes."""
        chain = [place]
        while place.within and all(place.within != link.id for link in chain):
            place = self._atlas.places[place.within]
            chain.append(place)
        return chain

    def _with_theirs(self, communes: Sequence[str]) -> set[str]:
        """Return communes, and those that the unlocated ones among them name."""
        reached: set[str] = set()
        waiting = list(communes)
        while waiting:
            id = waiting.pop()
            if id not in reached:
                reached.add(id)
                if self._atlas.territory_geometry(id) is None:
                    waiting.extend(self._atlas.places[id].communes)
        return reached

    def members(self, place_id: str) -> set[str]:
        """Return the members of a composite, and theirs, down to the last."""
        members = self._atlas.places[place_id].members
        return set(members).union(*(self.members(id) for id in members))

    def _mostly_in(self, territory: BaseGeometry) -> npt.NDArray[np.intp]:
        """Return the positions of the places that have at least half of themselves inside."""
        met = self._tree.query(territory, predicate="intersects")
        shapely.prepare(territory)
        whole = shapely.covers(territory, self._shapes[met])
        partly = met[~whole]
        partly = partly[~self._hopeless(partly, territory)]
        halves = partly[shares(self._shapes[partly], territory) >= HALF]
        return np.sort(np.concatenate((met[whole], halves)))

    def _hopeless(
        self, positions: npt.NDArray[np.intp], territory: BaseGeometry
    ) -> npt.NDArray[np.bool_]:
        """Tell of which places so little can lie in a territory that it need not be cut out.

        Less than 45 % of a polygon lies inside if the territory, or the part that the two
        bounding boxes share, has less than 45 % of its area. In degrees: over the extent of one
        place the scale varies too little to make that a half.
        """
        low = np.maximum(self._bounds[positions, :2], shapely.bounds(territory)[:2])
        high = np.minimum(self._bounds[positions, 2:], shapely.bounds(territory)[2:])
        shared = np.clip(high - low, 0, None).prod(axis=1)
        most = np.minimum(shared, shapely.area(territory))
        found: npt.NDArray[np.bool_] = most < 0.45 * self._areas[positions]
        return found


def shares(geometries: Geometries, territory: BaseGeometry) -> npt.NDArray[np.float64]:
    """Return which share of each geometry lies in a territory, from 0 to 1.

    Parameters
    ----------
    geometries
        Array of shapely geometries, none of them null or empty.
    territory
        What they may lie in; both in WGS84 (lon, lat).

    Returns
    -------
    ndarray of float
        Of area for geometries that have any, else of length, else of the number of points.
        Planar Lambert-93 shares, replaced by geodesic ones within `DOUBT` of half: the scale of
        Lambert-93 varies by less than 0.3 % over France, so it cannot change what is further
        from half than that.
    """
    if not len(geometries):
        return np.zeros(0)
    pieces = shapely.intersection(geometries, territory)
    whole, inside = to_lambert93(geometries), to_lambert93(pieces)
    dimension = shapely.get_dimensions(geometries)
    by_dimension = {
        2: shapely.area(inside) / np.maximum(shapely.area(whole), 1e-9),
        1: shapely.length(inside) / np.maximum(shapely.length(whole), 1e-9),
        0: shapely.get_num_coordinates(inside) / shapely.get_num_coordinates(whole),
    }
    found = np.choose(dimension, [by_dimension[0], by_dimension[1], by_dimension[2]])
    for i in np.flatnonzero((np.abs(found - 0.5) < DOUBT) & (dimension > 0)):
        measure = area_m2 if dimension[i] == 2 else length_m
        found[i] = measure(pieces[i]) / measure(geometries[i])
    result: npt.NDArray[np.float64] = found
    return result
