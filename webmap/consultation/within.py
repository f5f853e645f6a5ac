"""Where is a consultation about? Its box, and the one that no contribution may leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from layers.atlas import Atlas
from layers.model import BBox
from webmap.consultation.plan import Plan

MARGIN = 0.25
"""Part of the box's sides by which what is drawn may lie outside of it."""
LEAST_MARGIN = 0.005
"""Degrees, about 400 m: the margin of a small box."""


def box_of(plan: Plan, atlas: Atlas) -> BBox:
    """The box in degrees, lon lat: of the drawn area, of the territories, or the first area."""
    return _stated(plan, atlas) or next(iter(atlas.areas.values())).bbox


def _stated(plan: Plan, atlas: Atlas) -> BBox | None:
    boxes: list[BBox] = []
    if plan.area is not None:
        positions = list(_positions(plan.area["coordinates"]))
        lons, lats = zip(*positions, strict=True)
        boxes = [(min(lons), min(lats), max(lons), max(lats))]
    if not boxes:
        places = (atlas.places[id] for id in plan.territories if id in atlas.places)
        boxes = [place.geometry.bounds for place in places if place.geometry is not None]
    return _union(boxes) if boxes else None


def _union(boxes: list[BBox]) -> BBox:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def reach_of(plan: Plan, atlas: Atlas) -> BBox:
    """The box in degrees, lon lat, that no contribution may leave."""
    stated = _stated(plan, atlas)
    west, south, east, north = stated or _union([area.bbox for area in atlas.areas.values()])
    x = max((east - west) * MARGIN, LEAST_MARGIN)
    y = max((north - south) * MARGIN, LEAST_MARGIN)
    return west - x, south - y, east + x, north + y


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], list | tuple):
        for part in coordinates:
            yield from _positions(part)
    else:
        yield coordinates[0], coordinates[1]
