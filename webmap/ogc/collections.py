"""Which collections are there? One for each layer, and the register of commitments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Response
from flask_babel import gettext as _

from layers.columns import Table
from layers.exporters.geojson import attribution
from layers.model import Layer
from layers.properties import CONTRIBUTIONS
from layers.query import FeatureSet
from layers.records import DISCREPANCIES, DOCUMENTS, ENGAGEMENTS, INDICATORS, REGISTER
from layers.systems import CRS84, offered
from webmap.consultation.open_data import snapshot
from webmap.i18n import localised
from webmap.labels import licence_name, licence_url
from webmap.negotiation import GEOJSON, HTML, SCHEMA, F
from webmap.ogc.answer import document
from webmap.ogc.links import both_forms, link, own_links
from webmap.ogc.state import open_data
from webmap.ogc.temporal import dues, temporal_extent
from webmap.ogc.words import geometry_name
from webmap.params import takes
from webmap.site import current_site
from webmap.state import has_state
from webmap.system_words import system_names
from webmap.urls import absolute

_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as the service shows it; ``layer`` is None for the register.

    ``made`` is the table of a collection that is made anew when it changes.
    """

    id: str
    title: str
    description: str
    features: FeatureSet
    layer: Layer | None
    made: Table | None = None

    @property
    def table(self) -> Table:
        """Its properties as whole columns."""
        return open_data().table(self.id) if self.made is None else self.made

    @property
    def changes(self) -> bool:
        """Whether it may change while the service runs: nothing of it is kept then."""
        return self.made is not None

    @property
    def kinds(self) -> Counter[str]:
        """How many features have each type of geometry; empty text for none."""
        return Counter(getattr(shape, "geom_type", "") for shape in self.features.geometries)

    @property
    def mixed(self) -> bool:
        """Tell whether there are points, lines and polygons, or two of the three."""
        return len({kind.removeprefix("Multi") for kind in self.kinds if kind}) > 1


def collection(id: str) -> Collection:
    """Return a collection in the language of the request.

    Raises
    ------
    layers.errors.NotFoundError
        With the ids that resemble it.
    """
    atlas = current_site().atlas
    if id == CONTRIBUTIONS and has_state():
        made = snapshot()
        title, description = _contribution_words()
        return Collection(id, title, description, made.features, None, made.table)
    features = atlas.collection(id)
    if id in REGISTER:
        title, description = _register_words()[id]
        return Collection(id, title, description, features, None)
    layer = atlas.layer(id)
    title, description = localised(layer, "title"), localised(layer, "description")
    return Collection(id, title, description, features, layer)


def _register_words() -> dict[str, tuple[str, str]]:
    """Title and description of the collections of the register."""
    points = _(
        "La géométrie réunit un point de chacun de ces lieux, elle est nulle si rien ne les situe."
    )
    return {
        ENGAGEMENTS: (
            _("Engagements"),
            _(
                "Tous les actes des documents, un par objet ; la géométrie réunit un point de"
                " chacun des lieux que l’acte nomme, elle est nulle s’il n’en nomme aucun."
            ),
        ),
        DOCUMENTS: (
            _("Documents"),
            _(
                "Les documents sources : parties, objet, durée, sections, territoire. Les"
                " engagements, les indicateurs et les discordances les citent par leur"
                " identifiant. %(points)s",
                points=points,
            ),
        ),
        INDICATORS: (
            _("Indicateurs"),
            _(
                "Les chiffres que les documents énoncent, avec la section et les lieux qu’ils"
                " décrivent. %(points)s",
                points=points,
            ),
        ),
        DISCREPANCIES: (
            _("Discordances"),
            _(
                "Les points où une source se contredit ou en contredit une autre : les deux"
                " valeurs sont gardées, avec les lieux, engagements et indicateurs concernés."
                " %(points)s",
                points=points,
            ),
        ),
    }


def _contribution_words() -> tuple[str, str]:
    return (
        _("Contributions"),
        _(
            "Ce que les habitants disent dans les concertations : les contributions publiées"
            " seules, aux positions floutées comme la concertation le prévoit, sous la licence"
            " que chacune porte. Ce que trop peu de personnes ont choisi n’y est pas."
        ),
    )


def collections() -> list[Collection]:
    """Every collection of the atlas: the register, then the layers as the catalogue orders them."""
    layers = (id for id in current_site().atlas.features if id not in REGISTER)
    return [collection(id) for id in (*REGISTER, *layers)]


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


def schema_links(id: str) -> list[dict[str, str]]:
    """The links to the JSON Schemas of a collection, in both forms."""
    titles = {
        "queryables": _("Propriétés pour filtrer"),
        "schema": _("Propriétés des objets"),
        "sortables": _("Propriétés pour trier"),
    }
    return [
        found
        for name, title in titles.items()
        for found in both_forms(
            f"{_RELATION}{name}", f"ogc.{name}", title, SCHEMA, collection_id=id
        )
    ]


def file_address(subject: Collection) -> str:
    """The address of the whole collection as a file."""
    if subject.id == ENGAGEMENTS:
        return absolute("downloads.commitments_geojson")
    return absolute("downloads.layer_geojson", layer_id=subject.id)


def file_link(subject: Collection) -> dict[str, str]:
    """The link to the whole collection as a file."""
    return link("enclosure", file_address(subject), GEOJSON, subject.title)


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


def item_links(collection_id: str, title: str) -> list[dict[str, str]]:
    """The links to the features; the first without ``f``: GDAL appends ``/<id>`` to it."""
    path = {"collection_id": collection_id}
    return [
        link("items", absolute("ogc.items", **path), GEOJSON, title),
        link("items", absolute("ogc.items", f="html", **path), HTML, title),
    ]


def collection_object(subject: Collection, own: list[dict[str, str]]) -> dict[str, Any]:
    """The description of a collection (17-069r4, 7.13 and 7.14; 18-058r1, 6.2).

    Its ``crs`` lists the systems whose area of use holds the whole of it.

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
        "crs": [system.uri for system in offered(subject.features.bounds)],
        "storageCrs": CRS84,
        "numberOfItems": len(subject.features),
    }
    title = subject.title
    about["links"] = [
        *own,
        *item_links(subject.id, title),
        *schema_links(subject.id),
        *([] if subject.changes else [file_link(subject)]),
        link("describedby", absolute("sources.index"), HTML, _("Sources et méthode")),
        *([] if subject.changes else record_links(subject)),
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
    return {"links": own_links(), "collections": [*listed, *_contributions_listed()]}


def _contributions_listed() -> list[dict[str, Any]]:
    """The collection of contributions as the list tells it: the list is kept, so without counts."""
    if not has_state():
        return []
    title, description = _contribution_words()
    own = both_forms("self", "ogc.collection", title, collection_id=CONTRIBUTIONS)
    items = item_links(CONTRIBUTIONS, title)
    about = {"id": CONTRIBUTIONS, "title": title, "description": description}
    systems = {"itemType": "feature", "crs": [system.uri for system in offered(None)],
               "storageCrs": CRS84}  # fmt: skip
    return [{**about, **systems, "links": [*own, *items, *schema_links(CONTRIBUTIONS)]}]


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
        systems=system_names(),
        kinds={geometry_name(kind): count for kind, count in subject.kinds.items()},
        file="" if subject.changes else file_address(subject),
        changes=subject.changes,
    )
