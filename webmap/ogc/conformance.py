"""Which parts of the standard does the service keep? Each class with the code that earns it."""

from __future__ import annotations

from typing import Any

from flask import Response

from webmap.negotiation import F
from webmap.ogc.answer import document
from webmap.ogc.links import own_links
from webmap.params import takes

_PART_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"

CLASSES = {
    f"{_PART_1}/core": "webmap/ogc/items.py",
    f"{_PART_1}/geojson": "layers/encode.py",
    f"{_PART_1}/html": "webmap/ogc/answer.py",
    f"{_PART_1}/oas30": "webmap/ogc/openapi.py",
}
"""Conformance classes of OGC API - Features and the file that earns each."""


def conformance_document() -> dict[str, Any]:
    """The declaration of conformance (17-069r4, 7.4)."""
    return {"links": own_links(), "conformsTo": list(CLASSES)}


@takes(F)
def show() -> Response:
    """Answer ``/ogc/conformance``."""
    return document("conformance", conformance_document)
