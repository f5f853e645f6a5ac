"""In which forms can a collection be had? One list, read by every kind of metadata.

The formats are those of `layers.exporters.formats`; each is offered as a package (ZIP) with its
README and styles. What stands here besides is what catalogues want to know of a format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from layers.atlas import ENGAGEMENTS
from layers.exporters.formats import FORMATS
from webmap.metadata.vocabulary import OGC_API_FEATURES
from webmap.urls import absolute

GEOJSON = "https://www.rfc-editor.org/rfc/rfc7946"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WGS84 = 4326

KNOWN = {
    "gpkg": ("application/geopackage+sqlite3", "GPKG", ""),
    "shp": ("application/vnd.shp", "SHP", ""),
    "geojson": ("application/geo+json", "GEOJSON", GEOJSON),
    "jsonfg": ("application/vnd.ogc.fg+json", "", ""),
    "parquet": ("application/vnd.apache.parquet", "", ""),
    "kml": ("application/vnd.google-earth.kml+xml", "KML", ""),
    "dxf": ("image/vnd.dxf", "", ""),
    "csv": ("text/csv", "CSV", ""),
    "xlsx": (XLSX, "XLSX", ""),
}
"""Media type, code of the European list of file types and specification, by format.

An empty text, or no row, where none is registered: then the name alone is told.
"""


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
        Media type of the data without parameters; empty where none is registered.
    file_type
        Code of the European list of file types; empty where it has none.
    standard
        Address of the specification that it follows; may be empty.
    package
        Media type of what holds the files; empty where there is one file alone.
    service
        True for a service, False for a file.
    """

    id: str
    name: str
    title: str
    address: str
    mimetype: str = ""
    file_type: str = ""
    standard: str = ""
    package: str = ""
    service: bool = False


def forms(collection_id: str) -> tuple[Form, ...]:
    """Every form of a collection: single files, packages, the service."""
    return (*_files(collection_id), *_packages(collection_id), _service(collection_id))


def _files(collection_id: str) -> Iterator[Form]:
    address = absolute("downloads.layer_geojson", layer_id=collection_id, lang=None)
    title = _("Fichier GeoJSON, toute la collection")
    yield Form("fichier-geojson", "GeoJSON", title, address, *KNOWN["geojson"])
    if collection_id == ENGAGEMENTS:
        address = absolute("downloads.commitments_csv", lang=None)
        title = _("Tableau CSV pour tableur, point-virgule, UTF-8")
        yield Form("tableau-csv", "CSV", title, address, *KNOWN["csv"])


def _packages(collection_id: str) -> Iterator[Form]:
    for format in FORMATS.values():
        systems = ", ".join(f"EPSG:{code}" for code in format.systems)
        yield Form(
            format.id,
            format.title,
            _(
                "%(name)s, avec sa notice et ses styles, en ZIP (crs= au choix : %(systems)s)",
                name=format.title,
                systems=systems,
            ),
            absolute(
                "downloads.selection",
                collection=collection_id,
                format=format.id,
                crs=WGS84,
                lang=None,
            ),
            *KNOWN.get(format.id, ()),
            package="application/zip",
        )


def _service(collection_id: str) -> Form:
    return Form(
        id="ogc-api-features",
        name="OGC API – Features",
        title=_("Service OGC API – Features : objets, par page et par emprise"),
        address=absolute("ogc.items", collection_id=collection_id, f="json", lang=None),
        mimetype="application/geo+json",
        standard=OGC_API_FEATURES,
        service=True,
    )
