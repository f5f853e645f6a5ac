"""What can be taken away as a file? Any collection, in any format, whole or in part."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from layers.area import Area, counted, links_of
from layers.atlas import ENGAGEMENTS
from layers.columns import table_of
from layers.cql import FilterError, parse
from layers.errors import ParameterError
from layers.exporters.extract import MAX_FEATURES, Choice, Mask
from layers.exporters.formats import FORMATS, SYSTEMS
from layers.exporters.geojson import geojson_bytes
from layers.exporters.package import RESULT, atlas_package, links_rows, package
from layers.exporters.qgis import Service, qgz
from layers.exporters.readme import title
from layers.exporters.table import register_csv
from layers.exporters.target import Target
from layers.model import Link, LinkKind
from webmap.choices import BBOX, EVERY, IN_THE_REGISTER, asked, chosen
from webmap.clock import today
from webmap.i18n import language
from webmap.labels import GROUPS, by_name
from webmap.mapping.grounds import styles
from webmap.negotiation import GEOJSON
from webmap.ogc.state import open_data
from webmap.outline import ABOUT, DISTANCE, LINK, OUTLINE, asked_area, field_of
from webmap.params import Parameter, takes, text
from webmap.posted import read_fields
from webmap.responses import AtlasResponse, Body, prepared, respond
from webmap.site import current_site
from webmap.tables import PLACES
from webmap.urls import absolute, here_absolute
from webmap.views.table import TABLE, places_of

blueprint = Blueprint("downloads", __name__)

CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"
QGZ = "application/x-qgis-project"
BLOCK = 1 << 16
LONGEST_FILTER = 8000
"""Characters that a filter may have."""
REGISTER_STYLE: Mapping[str, Any] = {
    "legend": "point",
    "color": "#31424f",
    "weight": 2,
    "shape": "circle",
    "radius": 4,
    "label_zoom": 99,
}
"""How the points of the commitments are drawn: the map itself shows places only."""


def _filter(text: str) -> str:
    if len(text) > LONGEST_FILTER:
        raise ValueError(text)
    return text.strip()


def _format(text: str) -> str:
    if text not in FORMATS:
        raise ValueError(text)
    return text


def _system(text: str) -> int:
    code = text.upper().removeprefix("EPSG:")
    if code not in map(str, SYSTEMS):
        raise ValueError(text)
    return int(code)


COLLECTION = Parameter(
    "collection",
    str.strip,
    lambda: ", ".join((*current_site().atlas.features, RESULT)),
    ENGAGEMENTS,
)
FORMAT = Parameter("format", _format, lambda: ", ".join(FORMATS), "gpkg")
CRS = Parameter("crs", _system, lambda: ", ".join(map(str, SYSTEMS)), 4326)
DOCUMENT, COMMUNE = text("document"), text("commune")
FILTER = Parameter(
    "filter", _filter, lambda: _("une condition CQL2 de %(n)s signes au plus", n=LONGEST_FILTER), ""
)
CHOICES = (COLLECTION, FORMAT, CRS, DOCUMENT, COMMUNE, BBOX, FILTER)
AREA = (OUTLINE, ABOUT, DISTANCE, LINK)


@blueprint.get("/telecharger")
@takes(*CHOICES, *AREA)
def index() -> str:
    """Answer with the page of downloads; its form is filled as the address says."""
    atlas = current_site().atlas
    communes = {id for place in atlas.places.values() for id in place.communes}
    return render_template(
        "downloads.html",
        formats=FORMATS.values(),
        systems=SYSTEMS,
        chosen=_chosen(),
        communes=by_name(atlas.place(id) for id in communes),
        most=MAX_FEATURES,
        collection_title=lambda id: title(atlas, id, language() == "en"),
        outline=field_of(OUTLINE.value),
        about=ABOUT.value,
        whole_result=RESULT,
        distance=DISTANCE.value,
        bbox_text=",".join(f"{n:g}" for n in BBOX.value) if BBOX.value else "",
    )


def _chosen() -> dict[str, Any]:
    return {parameter.name: parameter.value for parameter in CHOICES}


@blueprint.get("/telecharger/selection.zip")
@takes(*CHOICES, *AREA)
def selection() -> Response:
    """Answer with what the form asks for as one ZIP."""
    area = asked_area()
    links = links_of(open_data().reach, area) if area else ()
    choices = _choices(area, links)
    return _packaged(choices, _kept(choices[0]), links)


def _packaged(
    choices: Sequence[Choice], keep: Mask | None = None, links: Sequence[Link] = ()
) -> Response:
    """Answer with what is chosen, in the format and the reference system of the request."""
    _check_system()
    atlas = current_site().atlas

    def make(folder: Path) -> Path:
        target = Target(folder, atlas.data_date, CRS.value)
        return package(
            atlas,
            choices,
            target,
            FORMAT.value,
            styles=_styles(),
            made=today(),
            address=here_absolute(),
            keep=keep,
            links=links,
        )

    return spooled(make)


@blueprint.post("/telecharger/selection.zip")
@takes()
def selection_of_form() -> Response:
    """Answer as `selection` does to an outline that is too long for an address."""
    read_fields(*CHOICES, *AREA)
    return selection()


def _choices(area: Area | None, links: Sequence[Link]) -> tuple[Choice, ...]:
    """What is asked of each collection; of all of them when the result of a question is."""
    choice = Choice(COLLECTION.value, DOCUMENT.value, COMMUNE.value, BBOX.value, FILTER.value, area)
    if choice.collection != RESULT:
        return (choice,)
    narrowed = choice.document or choice.commune or choice.bbox or choice.filter
    if area is None or narrowed:
        allowed = _("« resultat » avec « contour » ou « lieu », sans autre choix")
        raise ParameterError(COLLECTION.name, RESULT, allowed)
    found = counted(current_site().atlas, area, links) or {ENGAGEMENTS: 0}
    return tuple(replace(choice, collection=id) for id in found)


@blueprint.get("/telecharger/atlas.zip")
@takes(CRS)
def whole() -> Response:
    """Answer with every layer and the register as one GeoPackage in a ZIP."""
    site = current_site()

    def make(folder: Path) -> Path:
        target = Target(folder, site.atlas.data_date, CRS.value)
        return atlas_package(
            site.atlas,
            site.join,
            target,
            styles=_styles(),
            made=today(),
            address=here_absolute(),
        )

    return spooled(make)


def _check_system() -> None:
    """Refuse a format that is in WGS84 alone, saying what to take in its place."""
    if CRS.value in FORMATS[FORMAT.value].systems:
        return
    raise ParameterError(
        CRS.name,
        CRS.value,
        _(
            "4326 seulement : %(format)s est toujours en WGS 84, longitude et latitude. Pour des"
            " coordonnées projetées, choisir JSON-FG (format=jsonfg), le GeoJSON de l’OGC qui dit"
            " son système, ou GeoPackage (format=gpkg)",
            format=FORMATS[FORMAT.value].title,
        ),
    )


def _kept(choice: Choice) -> Mask | None:
    """Which features meet the filter; None when there is none.

    Raises
    ------
    layers.errors.ParameterError
        If the filter cannot be understood; it says where.
    """
    if not choice.filter:
        return None
    try:
        expression = parse(choice.filter, "cql2-text")
        return expression.mask(table_of(current_site().atlas, choice.collection))
    except FilterError as error:
        where = _("signe %(n)s : ", n=error.position) if error.position else ""
        raise ParameterError(FILTER.name, choice.filter, f"{where}{error.problem}") from error


def _styles() -> dict[str, Mapping[str, Any]]:
    return {ENGAGEMENTS: REGISTER_STYLE, **styles()}


def spooled(make: Callable[[Path], Path]) -> Response:
    """Answer with a file that is written to disk first, then sent block by block.

    The folder is gone when the answer has been sent, or could not be made.
    """
    folder = tempfile.TemporaryDirectory(prefix="limitrophe-")
    try:
        path = make(Path(folder.name))
        size = path.stat().st_size
        file = path.open("rb")
    except BaseException:
        folder.cleanup()
        raise

    def close() -> None:
        file.close()
        folder.cleanup()

    def blocks() -> Iterator[bytes]:
        try:
            while block := file.read(BLOCK):
                yield block
        finally:
            close()

    response = AtlasResponse(blocks(), content_type=ZIP)
    response.call_on_close(close)
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    response.cache_control.no_store = True
    return response


@blueprint.get("/telecharger/limitrophe.qgz")
def project() -> Response:
    """Answer with the QGIS project that opens every layer from this service."""
    site = current_site()
    service = Service(
        absolute("ogc.landing", lang=None), absolute("downloads.links_geojson", lang=None)
    )
    groups = {id: str(words) for id, words in GROUPS.items()}
    return _attachment("limitrophe.qgz", QGZ, lambda: qgz(site.atlas, _styles(), service, groups))


@blueprint.get("/telecharger/liens.geojson")
def links_geojson() -> Response:
    """Answer with the direct links of places and commitments, as features without geometry.

    The project relates its layers by them; GDAL reads GeoJSON, not CSV, from an address.
    """
    site = current_site()
    return _attachment(
        "limitrophe_liens.geojson",
        GEOJSON,
        lambda: orjson.dumps(
            {
                "type": "FeatureCollection",
                "name": "liens",
                "features": [
                    {"type": "Feature", "id": row["id"], "properties": row, "geometry": None}
                    for row in links_rows(site.atlas, site.join, (LinkKind.DIRECT,))
                ],
            }
        ),
    )


def _attachment(filename: str, mimetype: str, make: Callable[[], bytes]) -> Response:
    """Answer with a file to save, made once."""
    response = prepared(mimetype, make)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _geojson(collection_id: str) -> Response:
    atlas = current_site().atlas
    return _attachment(
        f"limitrophe_{collection_id}.geojson", GEOJSON, lambda: geojson_bytes(atlas, collection_id)
    )


@blueprint.get("/telecharger/<layer_id>.geojson")
def layer_geojson(layer_id: str) -> Response:
    """Answer with a layer, or a part of the register, as an RFC 7946 file."""
    current_site().atlas.collection(layer_id)
    return _geojson(layer_id)


@blueprint.get(f"/telecharger/{ENGAGEMENTS}.geojson")
def commitments_geojson() -> Response:
    """Answer with the register as an RFC 7946 file."""
    return _geojson(ENGAGEMENTS)


@blueprint.get(f"/telecharger/{ENGAGEMENTS}.csv")
@takes(*EVERY)
def commitments_csv() -> Response:
    """Answer with the register, or what the filters leave, as a French spreadsheet opens it."""
    site = current_site()
    selection = chosen(IN_THE_REGISTER)
    if not selection.asks:
        name = f"limitrophe_{ENGAGEMENTS}.csv"
        return _attachment(name, CSV, lambda: register_csv(site.atlas, spreadsheet=True))
    # Due dates are judged on the day, so this answer is not kept.
    only = {commitment.id for commitment in site.register.commitments(selection)}
    response = respond(Body(register_csv(site.atlas, only=only, spreadsheet=True), CSV))
    name = f"limitrophe_{ENGAGEMENTS}_choisis.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get(f"/telecharger/{ENGAGEMENTS}.zip")
@takes(FORMAT, CRS, TABLE, *EVERY)
def commitments_package() -> Response:
    """Answer with the commitments that the filters of the register leave, or their places."""
    selection = chosen(IN_THE_REGISTER)
    said = tuple(asked().items())
    if TABLE.value == PLACES.name:
        by_layer = defaultdict(set)
        for place in places_of(selection):
            by_layer[place.layer].add(place.id)
        said = ((TABLE.name, TABLE.value), *said)
        choices = [Choice(id, ids=frozenset(ids), asked=said) for id, ids in by_layer.items()]
        if not choices:
            raise ParameterError(TABLE.name, TABLE.value, _("des choix qui laissent des lieux"))
        return _packaged(choices)
    found = current_site().register.commitments(selection)
    return _packaged([Choice(ENGAGEMENTS, ids=frozenset(c.id for c in found), asked=said)])
