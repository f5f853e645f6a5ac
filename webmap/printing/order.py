"""What does the reader want printed? Reads the query of a request into an `Order`."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from layers.drawing import extent_of_box, extent_of_places, lonlat_of
from layers.errors import NotFoundError, ParameterError
from layers.model import BBox
from layers.query import parse_bbox
from layers.sheets import (
    LARGEST,
    SHORT_AND_LONG_MM,
    SMALLEST,
    Extent,
    TooManySheets,
    scale_for_one_sheet,
)
from webmap.choices import BBOX, ON_THE_MAP, asked, chosen
from webmap.i18n import localised
from webmap.labels import number
from webmap.params import Parameter, Several, choice, whole_number
from webmap.printing.document import MAX_SHAPES, Order, TooMuchToDraw
from webmap.printing.fonts import missing
from webmap.printing.layout import map_layout
from webmap.printing.plot import Kept
from webmap.site import current_site
from webmap.urls import absolute

LONGEST_TITLE = 120
AROUND_M = 120.0
"""Metres around a place or the places of a commitment."""


def _scale(text: str) -> int | None:
    if not text.strip():
        return None
    scale = whole_number(text)
    if not SMALLEST <= scale <= LARGEST:
        raise ValueError(text)
    return scale


def _title(text: str) -> str:
    title = " ".join(text.split())
    if len(title) > LONGEST_TITLE or missing(title):
        raise ValueError(text)
    return title


def _box(text: str) -> BBox | None:
    if not text.strip():
        return None
    box = parse_bbox(text)
    extent_of_box(box)
    return box


def _layers(text: str) -> tuple[str, ...]:
    atlas = current_site().atlas
    ids = tuple(dict.fromkeys(part for part in text.split(",") if part))
    for id in ids:
        if id not in atlas.layers or atlas.layers[id].background:
            raise ValueError(id)
    return ids


def _known_layers() -> str:
    layers = current_site().atlas.layers.values()
    return ", ".join(layer.id for layer in layers if not layer.background)


TITLE = Parameter(
    "titre",
    _title,
    lambda: _("au plus %(n)s caractères latins", n=LONGEST_TITLE),
    "",
)
BOX = Parameter(
    "bbox",
    _box,
    lambda: _("ouest,sud,est,nord en degrés, en France métropolitaine"),
    None,
)
SCALE = Parameter(
    "echelle",
    _scale,
    lambda: _(
        "un dénominateur entier de %(low)s à %(high)s, ou rien pour l’échelle qui tient sur une"
        " feuille",
        low=SMALLEST,
        high=LARGEST,
    ),
    None,
)
PAPER = choice("format", tuple(SHORT_AND_LONG_MM), "A4")
ORIENTATION = choice("orientation", ("paysage", "portrait"), "paysage")
LAYERS = Several("couches", _layers, _known_layers, None)
WHICH = choice("emprise", ("", "bbox", "lieu", "engagement", "zone"), "")
PLACE, COMMITMENT, ZONE = (
    Parameter(name, str.strip, lambda: "", "") for name in ("lieu", "engagement", "zone")
)
FILTERED = tuple(parameter for parameter in ON_THE_MAP if parameter is not BBOX)
"""The filters of the map; here ``bbox`` is the area of the sheets."""
PARAMETERS = (
    TITLE, WHICH, BOX, PLACE, COMMITMENT, ZONE, SCALE, PAPER, ORIENTATION, LAYERS, *FILTERED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """The area of a print: which choice made it, what it is called, where it lies."""

    which: str
    name: str
    extent: Extent


def subject() -> Subject:
    """Return the area that the request asks for.

    ``emprise`` says which parameter counts; without it the first that is given, of bbox, lieu,
    engagement, zone; without any the first area of the atlas.

    Raises
    ------
    ParameterError
        If the parameter that counts is empty, names nothing, or nothing that is located.
    """
    given = {
        "bbox": BOX.value, "lieu": PLACE.value, "engagement": COMMITMENT.value, "zone": ZONE.value
    }  # fmt: skip
    which = WHICH.value or next((name for name, value in given.items() if value), "zone")
    if which == "bbox":
        if BOX.value is None:
            raise ParameterError("bbox", "", BOX.allowed())
        return Subject(which, "", extent_of_box(BOX.value))
    found = {"lieu": _of_place, "engagement": _of_commitment, "zone": _of_zone}[which]
    return found(str(given[which]))


def _of_place(id: str) -> Subject:
    atlas = current_site().atlas
    try:
        place = atlas.place(id)
    except NotFoundError as error:
        raise ParameterError("lieu", id, _near(error)) from error
    extent = extent_of_places([atlas.territory_geometry(id)], AROUND_M)
    return Subject("lieu", place.name, _located("lieu", id, extent))


def _of_commitment(id: str) -> Subject:
    atlas = current_site().atlas
    try:
        commitment = atlas.commitment(id)
    except NotFoundError as error:
        raise ParameterError("engagement", id, _near(error)) from error
    shapes = [atlas.territory_geometry(place) for place in commitment.places]
    extent = _located("engagement", id, extent_of_places(shapes, AROUND_M))
    return Subject("engagement", _("Engagement %(id)s", id=id), extent)


def _of_zone(id: str) -> Subject:
    areas = current_site().atlas.areas
    if id and id not in areas:
        raise ParameterError("zone", id, ", ".join(areas))
    area = areas[id] if id else next(iter(areas.values()))
    return Subject("zone", localised(area, "title"), extent_of_box(area.bbox))


def _near(error: NotFoundError) -> str:
    if not error.suggestions:
        return _("un identifiant de l’atlas")
    return _("un identifiant de l’atlas, par exemple %(near)s", near=", ".join(error.suggestions))


def _located(parameter: str, id: str, extent: Extent | None) -> Extent:
    if extent is None:
        raise ParameterError(parameter, id, _("ce que l’atlas situe : ceci n’a pas de position"))
    return extent


def chosen_layers() -> tuple[str, ...]:
    """The layers to print: those asked for, else those that the map shows first."""
    if LAYERS.value is not None:
        asked: tuple[str, ...] = LAYERS.value
        return asked
    layers = current_site().atlas.layers.values()
    return tuple(layer.id for layer in layers if layer.visible and not layer.background)


def order_of(about: Subject) -> Order:
    """Return the order that the request makes for an area."""
    landscape = ORIENTATION.value == "paysage"
    layout = map_layout(PAPER.value, landscape=landscape)
    scale = SCALE.value or scale_for_one_sheet(about.extent, layout.frame)
    return Order(
        title=TITLE.value or about.name or _("Carte des engagements"),
        subtitle=about.name if TITLE.value else "",
        area=about.extent,
        scale=scale,
        paper=PAPER.value,
        landscape=landscape,
        layer_ids=chosen_layers(),
        permalink=_permalink(about.extent, scale),
        produced=datetime.datetime.now(tz=datetime.UTC).date(),
        kept=_kept(),
    )


def filters() -> dict[str, str]:
    """What the filters in the address choose, as it says it."""
    names = [parameter.name for parameter in FILTERED]
    return {name: value for name, value in asked().items() if name in names}


def _kept() -> Kept | None:
    """What the filters leave: the places that the map shows, and the commitments."""
    if not filters():
        return None
    register = current_site().register
    selection = replace(chosen(), within=None)
    found = register.commitments(selection)
    places = frozenset(register.tied(found, selection))
    return Kept(places, frozenset(commitment.id for commitment in found))


def _permalink(extent: Extent, scale: int) -> str:
    """The address of the map on line, at the same place and about the same scale."""
    west, south, east, north = extent
    ((lon, lat),) = lonlat_of([((west + east) / 2, (south + north) / 2)])
    metres_a_pixel = scale * 0.000264
    zoom = math.log2(156_543.03 * math.cos(math.radians(lat)) / metres_a_pixel)
    said = {"lieu": PLACE.value, "engagement": COMMITMENT.value, **filters()}
    return absolute(
        "map.show",
        vue=f"{lat:.5f},{lon:.5f},{min(max(round(zoom * 2) / 2, 6), 19):g}",
        couches=",".join(chosen_layers()),
        **{name: value for name, value in said.items() if value},
    )


def told(error: TooManySheets) -> ParameterError:
    """Return the refusal of a series that is too long, naming what would do."""
    allowed = _(
        "au plus %(limit)s feuilles ; il en faudrait %(needed)s",
        limit=error.limit,
        needed=number(error.needed),
    )
    if error.scale is None:
        remedy = _("prenez un format plus grand ou une zone plus petite")
    else:
        remedy = _(
            "prenez une échelle à partir de 1:%(scale)s, un format plus grand ou une zone plus"
            " petite",
            scale=number(error.scale),
        )
    return ParameterError("echelle", SCALE.value or LARGEST, f"{allowed} ; {remedy}")


def told_too_much(error: TooMuchToDraw) -> ParameterError:
    """Return the refusal of an order that would draw too many places."""
    allowed = _(
        "au plus %(limit)s tracés sur toutes les feuilles ; il y en aurait %(n)s : prenez moins de"
        " couches, une zone plus petite ou une échelle plus petite",
        limit=number(MAX_SHAPES),
        n=number(error.shapes),
    )
    return ParameterError("couches", ",".join(chosen_layers()), allowed)
