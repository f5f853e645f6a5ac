"""Which geometries does a file hold, and which reference system does it state? Read by GDAL.

Meant for a process of its own (`python -m layers.importers`): what opens files of strangers
should have little to lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from layers.importers.faults import MAX_FEATURES, MAX_POSITIONS, FileFault, Reason
from layers.importers.unpack import recognised, stated_in_geojson

Geometries = npt.NDArray[np.object_]
_FAULTS = (RuntimeError, ValueError, OSError, shapely.errors.GEOSException)
"""What a damaged file makes pyogrio and shapely raise."""
_PARTS = {"Point": 0, "LineString": 1, "Polygon": 2}


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds.

    Attributes
    ----------
    layers, layer
        The names of its layers that may have geometries, and the one that was read (empty when
        all were: the folders of a KML file are one map to whoever made it).
    features
        How many features were read; ``without`` of them have no geometry.
    stated
        The reference system that the file states, as an identifier or as WKT; empty if none.
    geometries
        Points, lines or polygons, flat, as the file has them; ``others`` counts those that were
        set aside because the file has geometries of a higher dimension.
    """

    layers: tuple[str, ...]
    layer: str
    features: int
    without: int
    others: int
    stated: str
    geometries: Geometries


def read(path: Path, folder: Path, layer: str = "") -> Read:
    """Read a file of a stranger.

    Parameters
    ----------
    path
        The file; it may be renamed.
    folder
        An empty folder to work in.
    layer
        The layer to read; the first one that holds something by default.

    Raises
    ------
    FileFault
        If there is nothing in it that can be used.
    """
    source, format = recognised(path, folder)
    try:
        names = tuple(name for name, kind in pyogrio.list_layers(source) if kind is not None)
        if layer and layer not in names:
            raise FileFault(Reason.LAYER, layer)
        if format == "kml" and not layer:
            return _together([_layer(source, name, format) for name in names[:MAX_FEATURES]], names)
        for name in (layer,) if layer else names:
            found = _layer(source, name, format)
            if len(found.geometries) or layer:
                return _checked(found, names)
    except _FAULTS as error:
        raise FileFault(Reason.DAMAGED, error) from error
    raise FileFault(Reason.NO_GEOMETRY)


def _layer(source: Path, name: str, format: str) -> Read:
    meta, _fids, wkb, _fields = pyogrio.raw.read(
        source, layer=name, columns=[], force_2d=True, max_features=MAX_FEATURES + 1
    )
    if len(wkb) > MAX_FEATURES:
        raise FileFault(Reason.FEATURES, f"> {MAX_FEATURES}")
    found = shapely.from_wkb(wkb, on_invalid="fix")
    # GDAL takes for WGS84 what GeoJSON leaves open; here the coordinates are asked.
    stated = stated_in_geojson(source) if format == "geojson" else meta["crs"] or ""
    there = ~shapely.is_missing(found) & ~shapely.is_empty(found)
    return Read((), name, len(found), int((~there).sum()), 0, stated, _flat(found[there]))


def _flat(geometries: Geometries) -> Geometries:
    """Return the points, lines and polygons that geometries are made of."""
    parts = shapely.get_parts(geometries)
    while len(parts) > len(geometries) or any(hasattr(part, "geoms") for part in parts):
        geometries, parts = parts, shapely.get_parts(parts)
    if shapely.get_num_coordinates(parts).sum() > MAX_POSITIONS:
        raise FileFault(Reason.POSITIONS, f"> {MAX_POSITIONS}")
    return parts


def _together(parts: list[Read], names: tuple[str, ...]) -> Read:
    """Return the layers of a file as one."""
    if not parts:
        raise FileFault(Reason.NO_GEOMETRY)
    whole = Read(
        names, "", sum(p.features for p in parts), sum(p.without for p in parts), 0,
        parts[0].stated, np.concatenate([p.geometries for p in parts]),
    )  # fmt: skip
    return _checked(whole, names)


def _checked(found: Read, names: tuple[str, ...]) -> Read:
    """Keep the geometries of the highest dimension; refuse what cannot be used."""
    geometries = found.geometries
    if not len(geometries):
        raise FileFault(Reason.NO_GEOMETRY)
    if shapely.get_num_coordinates(geometries).sum() > MAX_POSITIONS:
        raise FileFault(Reason.POSITIONS, f"> {MAX_POSITIONS}")
    if found.features > MAX_FEATURES:
        raise FileFault(Reason.FEATURES, f"> {MAX_FEATURES}")
    if not np.isfinite(shapely.get_coordinates(geometries)).all():
        raise FileFault(Reason.DAMAGED, "NaN")
    dimensions = shapely.get_dimensions(geometries)
    kept = geometries[dimensions == dimensions.max()]
    return Read(
        names, found.layer, found.features, found.without, len(geometries) - len(kept),
        found.stated, kept,
    )  # fmt: skip
