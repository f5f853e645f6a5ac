"""Which words do catalogues of others know? Our codes in the European and ISO vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AUTHORITY = "http://publications.europa.eu/resource/authority"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OGC_API_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
INSPIRE = "http://inspire.ec.europa.eu/theme"

LANGUAGES = {"fr": "FRA", "en": "ENG"}
"""Codes of the European language list."""
ISO_LANGUAGES = {"fr": "fre", "en": "eng"}
"""Codes of ISO 639-2/B, as ISO 19139 records of French services write them."""
INSPIRE_TITLES = {
    "fr": "GEMET - Thèmes INSPIRE, version 1.0",
    "en": "GEMET - INSPIRE themes, version 1.0",
}
DATA_THEMES = {
    "ENVI": {"fr": "Environnement", "en": "Environment"},
    "GOVE": {"fr": "Gouvernement et secteur public", "en": "Government and public sector"},
    "REGI": {"fr": "Régions et villes", "en": "Regions and cities"},
    "SOCI": {"fr": "Population et société", "en": "Population and society"},
    "TRAN": {"fr": "Transports", "en": "Transport"},
}
"""European data themes that the atlas has, with their names."""


@dataclass(frozen=True, slots=True)
class InspireTheme:
    """A theme of the INSPIRE directive: its code and its names in the GEMET thesaurus."""

    code: str
    names: Mapping[str, str]

    @property
    def uri(self) -> str:
        """Its address in the INSPIRE registry."""
        return f"{INSPIRE}/{self.code}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a group of layers is about.

    Parameters
    ----------
    themes
        Codes of the European data themes.
    topic
        ISO 19115 topic category.
    inspire
        The INSPIRE theme; None where none honestly fits.
    """

    themes: tuple[str, ...]
    topic: str
    inspire: InspireTheme | None = None


_TRANSPORT = InspireTheme("tn", {"fr": "Réseaux de transport", "en": "Transport networks"})
_UNITS = InspireTheme("au", {"fr": "Unités administratives", "en": "Administrative units"})
_MANAGED = InspireTheme(
    "am",
    {
        "fr": "Zones de gestion, de restriction ou de réglementation et unités de déclaration",
        "en": "Area management/restriction/regulation zones and reporting units",
    },
)

SUBJECTS = {
    "projets": Subject(("REGI",), "planningCadastre"),
    "espaces-publics": Subject(("TRAN", "REGI"), "transportation", _TRANSPORT),
    "nature": Subject(("ENVI",), "environment"),
    "quartiers": Subject(("SOCI", "REGI"), "society", _MANAGED),
    "equipements": Subject(("REGI", "SOCI"), "structure"),
    "mobilites": Subject(("TRAN",), "transportation", _TRANSPORT),
    "territoires": Subject(("REGI", "GOVE"), "boundaries", _UNITS),
    "fond": Subject(("REGI",), "imageryBaseMapsEarthCover"),
}
"""What each group of layers is about."""
REGISTER = Subject(("GOVE", "REGI"), "planningCadastre")
"""What the register of commitments is about."""

LICENCE_TITLES = {
    "ODbL-1.0": "Open Data Commons Open Database License (ODbL)",
    "etalab-2.0": "Licence Ouverte / Open Licence version 2.0",
}
"""Official titles of licences, by which harvesters recognise them."""

SERIALISATIONS = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
}
"""Media type and name for rdflib of the forms of a catalogue, by extension; the default first."""
