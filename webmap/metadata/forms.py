"""In which forms can a collection be had? One list, read by every kind of metadata."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from layers.atlas import ENGAGEMENTS
from webmap.metadata.vocabulary import OGC_API_FEATURES
from webmap.urls import absolute


@dataclass(frozen=True, slots=True)
class Form:
    """A way to get a collection.

    Parameters
    ----------
    id
        Short name, unique for a collection.
    name
        Name of the format, the same in every language.
    title
        What it is, in the language of the request.
    address
        Absolute address of the file or the service.
    mimetype
        Media type without parameters.
    file_type
        Code of the European list of file types; empty where it has none.
    standard
        Address of the specification that it follows.
    service
        True for a service, False for a file.
    """

    id: str
    name: str
    title: str
    address: str
    mimetype: str
    file_type: str
    standard: str
    service: bool = False


GEOJSON_STANDARD = "https://www.rfc-editor.org/rfc/rfc7946"
CSV_STANDARD = "https://www.rfc-editor.org/rfc/rfc4180"


def forms(collection_id: str) -> list[Form]:
    """Every form of a collection: the files, then the service."""
    return [*_files(collection_id), _service(collection_id)]


def _files(collection_id: str) -> list[Form]:
    return [_geojson(collection_id), *([_csv()] if collection_id == ENGAGEMENTS else [])]


def _geojson(collection_id: str) -> Form:
    return Form(
        id="geojson",
        name="GeoJSON",
        title=_("Fichier GeoJSON, toute la collection"),
        address=absolute("downloads.layer_geojson", layer_id=collection_id, lang=None),
        mimetype="application/geo+json",
        file_type="GEOJSON",
        standard=GEOJSON_STANDARD,
    )


def _csv() -> Form:
    return Form(
        id="csv",
        name="CSV",
        title=_("Tableau CSV pour tableur, point-virgule, UTF-8"),
        address=absolute("downloads.commitments_csv", lang=None),
        mimetype="text/csv",
        file_type="CSV",
        standard=CSV_STANDARD,
    )


def _service(collection_id: str) -> Form:
    return Form(
        id="ogc-api-features",
        name="OGC API – Features",
        title=_("Service OGC API – Features : objets, par page et par emprise"),
        address=absolute("ogc.items", collection_id=collection_id, f="json", lang=None),
        mimetype="application/geo+json",
        file_type="",
        standard=OGC_API_FEATURES,
        service=True,
    )
