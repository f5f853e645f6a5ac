"""What QGIS project opens every layer of a running service, styled like the map? A ``.qgz``.

Every layer is opened through GDAL's client for OGC API - Features, which takes the columns and
their types from the first page: it is asked for as many features as the service gives at once.
QGIS's own client does so from ten, so that lists which those leave empty are lost, shows one
geometry type a collection, and (in 3.22) reads from its cache no nested property, such as the
position, and 0 for a number that is missing. A mixed collection is opened once a geometry type,
and once for the places that nothing locates. The table of links relates places to commitments.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import shapely

from layers.atlas import ENGAGEMENTS, Atlas
from layers.crs import LAMBERT93, from_wgs84, wkt2
from layers.exporters.extract import Extract
from layers.exporters.labels import LABELS
from layers.exporters.qml import QGIS, style_elements
from layers.exporters.readme import title
from layers.exporters.symbols import METHODS, Names, look
from layers.exporters.target import FAMILIES, families
from layers.query import MAX_LIMIT

PROJECT = "limitrophe.qgs"
LINKS = "liens"
PROVIDER = "ogr"
PREFIX = "limitrophe_"
"""Begins the ids of layers: QGIS replaces those of ten letters or less."""
METHOD = "map_get(\"position\", 'method')"
"""The method of a position, which the service gives as an object."""
_KINDS = {"points": "Point", "lignes": "Line", "surfaces": "Polygon"}
_OGR = {"points": "Point", "lignes": "LineString", "surfaces": "Polygon"}
_PAGES = "".join(
    f"|option:{name}={MAX_LIMIT}" for name in ("PAGE_SIZE", "INITIAL_REQUEST_PAGE_SIZE")
)
"""GDAL 3.6 knows the first alone and passes over the other; later ones have the columns from it."""
_SUFFIXES = {"points": " (points)", "lignes": " (lignes)", "surfaces": " (surfaces)"}


@dataclass(frozen=True, slots=True)
class Service:
    """Where the running service is.

    ``ogc`` and ``links`` are the absolute addresses of OGC API - Features and of the table of
    links (GeoJSON without geometries).
    """

    ogc: str
    links: str


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of the project: one geometry type of a collection, or a table."""

    id: str
    name: str
    collection: str
    family: str
    source: str
    group: str
    visible: bool
    columns: tuple[str, ...]
    by_method: bool


def qgz(
    atlas: Atlas,
    styles: Mapping[str, Mapping[str, Any]],
    service: Service,
    groups: Mapping[str, str],
) -> bytes:
    """Return the project as the bytes of a ``.qgz``.

    Parameters
    ----------
    atlas
        The atlas that the service serves.
    styles
        Styles by name, as the map draws them; the register has one under its collection's id.
    service
        Where it is.
    groups
        Titles of the groups of layers by id, in the order in which they are shown.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(PROJECT, (1980, 1, 1, 0, 0, 0))
        archive.writestr(entry, qgs(atlas, styles, service, groups), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def qgs(
    atlas: Atlas,
    styles: Mapping[str, Mapping[str, Any]],
    service: Service,
    groups: Mapping[str, str],
) -> str:
    """Return the project as XML; see `qgz`."""
    layers = list(_layers(atlas, service))
    root = ET.Element("qgis", version=QGIS, projectname=atlas.title_fr)
    ET.SubElement(root, "title").text = atlas.title_fr
    _crs(ET.SubElement(root, "projectCrs"), LAMBERT93)
    root.append(_tree(layers, groups))
    _relations(ET.SubElement(root, "relations"), layers)
    _canvas(ET.SubElement(root, "mapcanvas", name="theMapCanvas"), atlas)
    held = ET.SubElement(root, "projectlayers")
    held.extend(_map_layer(atlas, layer, styles) for layer in layers)
    _properties(root)
    ET.indent(root)
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode") + "\n"


def _layers(atlas: Atlas, service: Service) -> Iterator[_Layer]:
    for id in [*sorted(atlas.layers, key=lambda id: atlas.layers[id].order), ENGAGEMENTS]:
        yield from _of_collection(atlas, service, id)
    yield _Layer(
        PREFIX + LINKS, "Liens entre lieux et engagements", LINKS, "", service.links, "registre",
        visible=False, columns=(), by_method=False,
    )  # fmt: skip


def _of_collection(atlas: Atlas, service: Service, id: str) -> Iterator[_Layer]:
    """Yield the layers that together hold every feature of a collection."""
    layer = atlas.layers.get(id)
    extract = Extract.whole(id, atlas.collection(id), layer)
    found = families(extract)
    whole = _Layer(
        id=PREFIX + id,
        name=title(atlas, id),
        collection=id,
        family=found[0],
        source=f"OAPIF:{service.ogc}|layername={id}{_PAGES}",
        group=layer.group if layer else "registre",
        visible=layer.visible if layer else False,
        columns=tuple(column.name for column in extract.columns),
        by_method=_looks_apart(atlas, id),
    )
    if len(found) == 1:
        yield whole
        return
    for family in found:
        part = f"|geometrytype={_OGR[family]}"
        yield _part(whole, family, _SUFFIXES[family], part, family=family)
    if extract.unlocated:
        part = '|subset="OGR_GEOMETRY" IS NULL'
        yield _part(whole, "sans-position", " (sans position)", part, family="")


def _part(whole: _Layer, id: str, suffix: str, part: str, *, family: str) -> _Layer:
    """Return the layer of some features of a collection."""
    return replace(
        whole,
        id=f"{whole.id}_{id}",
        name=whole.name + suffix,
        source=whole.source + part,
        family=family,
    )


def _looks_apart(atlas: Atlas, id: str) -> bool:
    """Tell whether some place of a layer is drawn otherwise because of its method."""
    places = atlas.by_layer.get(id, ())
    return any(p.geometry is not None and p.position.method in METHODS for p in places)


def _tree(layers: list[_Layer], groups: Mapping[str, str]) -> ET.Element:
    root = ET.Element("layer-tree-group")
    for group, words in {"registre": "Registre des engagements", **groups}.items():
        held = [layer for layer in layers if layer.group == group]
        if not held:
            continue
        branch = ET.SubElement(
            root, "layer-tree-group", name=words, checked="Qt::Checked", expanded="1"
        )
        for layer in held:
            ET.SubElement(
                branch,
                "layer-tree-layer",
                id=layer.id,
                name=layer.name,
                providerKey=PROVIDER,
                source=layer.source,
                checked="Qt::Checked" if layer.visible else "Qt::Unchecked",
                expanded="0",
            )
    order = ET.SubElement(root, "custom-order", enabled="1")
    background = {"fond"}
    for layer in sorted(layers, key=lambda one: _rank(one, background)):
        ET.SubElement(order, "item").text = layer.id
    return root


def _rank(layer: _Layer, background: set[str]) -> tuple[bool, int]:
    """Return what decides the drawing order: the ground last, points above lines above areas."""
    family = FAMILIES.index(layer.family) if layer.family else len(FAMILIES)
    return layer.group in background, family


def _relations(parent: ET.Element, layers: list[_Layer]) -> None:
    ends = [layer for layer in layers if layer.collection not in (LINKS,)]
    for layer in ends:
        by = "engagement" if layer.collection == ENGAGEMENTS else "lieu"
        relation = ET.SubElement(
            parent,
            "relation",
            id=f"{layer.id}_{LINKS}",
            name=f"{layer.name} – liens",
            referencingLayer=PREFIX + LINKS,
            referencedLayer=layer.id,
            strength="Association",
        )
        ET.SubElement(relation, "fieldRef", referencingField=by, referencedField="id")


def _crs(parent: ET.Element, code: str) -> None:
    system = ET.SubElement(parent, "spatialrefsys")
    ET.SubElement(system, "wkt").text = wkt2(code)
    ET.SubElement(system, "authid").text = code


def _properties(root: ET.Element) -> None:
    """Say that the reference system of the project is meant, as QGIS asks for."""
    systems = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    ET.SubElement(systems, "ProjectionsEnabled", type="int").text = "1"


def _canvas(parent: ET.Element, atlas: Atlas) -> None:
    area = next(iter(atlas.areas.values()))
    ET.SubElement(parent, "units").text = "meters"
    extent = ET.SubElement(parent, "extent")
    west, south, east, north = shapely.bounds(from_wgs84(shapely.box(*area.bbox), LAMBERT93))
    for name, value in (("xmin", west), ("ymin", south), ("xmax", east), ("ymax", north)):
        ET.SubElement(extent, name).text = f"{value:.3f}"
    _crs(ET.SubElement(parent, "destinationsrs"), LAMBERT93)


def _map_layer(atlas: Atlas, layer: _Layer, styles: Mapping[str, Mapping[str, Any]]) -> ET.Element:
    described = atlas.layers.get(layer.collection)
    style = styles.get(described.style if described else layer.collection)
    drawn = style is not None and bool(layer.family)
    element = ET.Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": _KINDS.get(layer.family, "No geometry"),
            "labelsEnabled": "1" if drawn else "0",
            "readOnly": "1",
        },
    )
    texts = {
        "id": layer.id,
        "datasource": layer.source,
        "layername": layer.name,
        "title": layer.name,
        "abstract": described.description_fr if described else "",
        "provider": PROVIDER,
    }
    for name, text in texts.items():
        ET.SubElement(element, name).text = text
    _crs(ET.SubElement(element, "srs"), "EPSG:4326")
    if drawn and style is not None:
        names = Names(_title(layer), METHOD if layer.by_method else "", quoted=False)
        element.extend(style_elements(look(style, layer.family, names)))
    aliases = ET.SubElement(element, "aliases")
    for name in layer.columns:
        if name in LABELS:
            ET.SubElement(aliases, "alias", field=name, name=LABELS[name][0])
    preview = _title(layer) if layer.columns else "id"
    ET.SubElement(element, "previewExpression").text = f'"{preview}"'
    return element


def _title(layer: _Layer) -> str:
    return next((n for n in ("name", "summary_fr") if n in layer.columns), "id")
