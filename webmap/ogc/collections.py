"""Which collections are there? One for each layer, and the register of commitments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import gettext as _

from layers.atlas import ENGAGEMENTS
from layers.exporters.geojson import attribution
from layers.model import Layer
from layers.query import FeatureSet
from webmap.i18n import localised
from webmap.labels import licence_name, licence_url
from webmap.negotiation import GEOJSON, HTML, F
from webmap.ogc.answer import document
from webmap.ogc.links import both_forms, link, own_links
from webmap.ogc.temporal import dues, temporal_extent
from webmap.params import takes
from webmap.site import current_site
from webmap.urls import absolute

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as the service shows it; ``layer`` is None for the register."""

    id: str
    title: str
    description: str
    features: FeatureSet
    layer: Layer | None


def collection(id: str) -> Collection:
    """Return a collection in the language of the request.

    Raises
    ------
    layers.errors.NotFoundError
        With the ids that resemble it.
    """
    atlas = current_site().atlas
    features = atlas.collection(id)
    if id == ENGAGEMENTS:
        title = _("Engagements")
        description = _(
            "Tous les actes des documents, un par objet ; la géométrie réunit un point de chacun"
            " des lieux que l’acte nomme, elle est nulle s’il n’en nomme aucun."
        )
        return Collection(id, title, description, features, None)
    layer = atlas.layer(id)
    title, description = localised(layer, "title"), localised(layer, "description")
    return Collection(id, title, description, features, layer)


def collections() -> list[Collection]:
    """Every collection: the register, then the layers in the order of the catalogue."""
    ids = sorted(current_site().atlas.features, key=lambda id: id != ENGAGEMENTS)
    return [collection(id) for id in ids]


def licence_links(subject: Collection) -> list[dict[str, str]]:
    """The link to the licence of a layer; the register has none of its own."""
    licence = subject.layer.licence if subject.layer else ""
    address = licence_url(licence)
    return [link("license", address, HTML, licence_name(licence))] if address else []


def record_links(subject: Collection) -> list[dict[str, str]]:
    """The links to the metadata of a collection: ISO 19139 and DCAT-AP."""
    sheet = absolute("metadata.dataset_xml", collection_id=subject.id)
    dcat = absolute("metadata.dataset_jsonld", collection_id=subject.id)
    return [
        link("describedby", sheet, "application/xml", _("Fiche ISO 19139")),
        link("describedby", dcat, "application/ld+json", _("Fiche DCAT-AP")),
    ]


def file_address(subject: Collection) -> str:
    """The address of the whole collection as a file."""
    if subject.layer:
        return absolute("downloads.layer_geojson", layer_id=subject.id)
    return absolute("downloads.commitments_geojson")


def credit(subject: Collection) -> str:
    """The attribution to quote with the data of a layer."""
    return attribution(current_site().atlas, subject.layer.sources) if subject.layer else ""


def extent(subject: Collection) -> dict[str, Any]:
    """The extents (17-069r4, 7.13): what the features really cover; empty when nothing is."""
    found: dict[str, Any] = {}
    if subject.features.bounds:
        found["spatial"] = {"bbox": [list(subject.features.bounds)], "crs": CRS84}
    if subject.id == ENGAGEMENTS:
        interval = temporal_extent(dues(current_site().atlas))
        if interval:
            found["temporal"] = {"interval": [interval]}
    return found


def collection_object(subject: Collection, own: list[dict[str, str]]) -> dict[str, Any]:
    """The description of a collection (17-069r4, 7.13 and 7.14).

    It has no ``crs``: CRS84 is the default, and clients that read the member (GDAL does) then
    send the parameter ``crs`` of Part 2.

    Parameters
    ----------
    subject
        The collection.
    own
        Its links to itself, which differ between the list and its own page.
    """
    about: dict[str, Any] = {
        "id": subject.id,
        "title": subject.title,
        "description": subject.description,
        "attribution": credit(subject),
        "extent": extent(subject),
        "itemType": "feature",
        "numberOfItems": len(subject.features),
    }
    title = subject.title
    about["links"] = [
        *own,
        *both_forms("items", "ogc.items", title, GEOJSON, collection_id=subject.id),
        link("enclosure", file_address(subject), GEOJSON, title),
        *record_links(subject),
        link("describedby", absolute("sources.index"), HTML, _("Sources et méthode")),
        *licence_links(subject),
    ]
    return {name: value for name, value in about.items() if value != "" and value != {}}


def collections_document() -> dict[str, Any]:
    """The list of collections (17-069r4, 7.13)."""
    listed = [
        collection_object(
            subject,
            both_forms("self", "ogc.collection", subject.title, collection_id=subject.id),
        )
        for subject in collections()
    ]
    return {"links": own_links(), "collections": listed}


@takes(F)
def show_all() -> Response:
    """Answer ``/ogc/collections``."""
    return document("collections", collections_document)


@takes(F)
def show(collection_id: str) -> Response:
    """Answer ``/ogc/collections/<id>``."""
    subject = collection(collection_id)
    return document(
        "collection",
        lambda: collection_object(subject, own_links()),
        subject=subject,
        service=absolute("ogc.landing", lang=None),
    )
