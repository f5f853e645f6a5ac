"""Which parts of the standards does the service keep? Each class with the code that earns it.

========================================= ============================ ===========================
class (below its specification)           module                       tests
========================================= ============================ ===========================
ogcapi-features-1 core                    webmap/ogc/items.py          tests/webmap/test_ogc.py
ogcapi-features-1 geojson                 layers/encode.py             tests/webmap/test_openapi.py
ogcapi-features-1 html                    webmap/ogc/answer.py         tests/webmap/test_ogc.py
ogcapi-features-1 oas30                   webmap/ogc/openapi.py        tests/webmap/test_openapi.py
ogcapi-features-2 crs                     webmap/ogc/selecting.py      tests/webmap/test_part2.py
ogcapi-features-3 queryables              webmap/ogc/fields.py         tests/webmap/test_part3.py
ogcapi-features-3 filter                  webmap/ogc/selecting.py      tests/webmap/test_part3.py
ogcapi-features-3 features-filter         webmap/ogc/items.py          tests/webmap/test_part3.py
ogcapi-features-5 schemas                 layers/schemas.py            tests/webmap/test_part5.py
ogcapi-features-5 core-roles-features     layers/schemas.py            tests/webmap/test_part5.py
ogcapi-features-5 returnables-…           webmap/ogc/fields.py         tests/webmap/test_part5.py
ogcapi-features-5 sortables               webmap/ogc/fields.py         tests/webmap/test_part5.py
cql2 cql2-text, cql2-json                 layers/cql/reading.py        tests/webmap/test_part3.py
cql2 basic-cql2                           layers/cql/binding.py        tests/webmap/test_part3.py
cql2 advanced-comparison-operators        layers/cql/conditions.py     tests/webmap/test_part3.py
cql2 case- and accent-insensitive-…       layers/cql/operators.py      tests/webmap/test_part3.py
cql2 basic-spatial-functions(-plus)       layers/cql/shapes.py         tests/webmap/test_part3.py
cql2 spatial-functions                    layers/cql/shapes.py         tests/webmap/test_part3.py
cql2 temporal-functions                   layers/cql/times.py          tests/webmap/test_part3.py
cql2 array-functions                      layers/cql/operators.py      tests/webmap/test_part3.py
cql2 property-property                    layers/cql/binding.py        tests/webmap/test_part3.py
cql2 arithmetic                           layers/cql/operators.py      tests/webmap/test_part3.py
========================================= ============================ ===========================

The functions of CQL2 itself have further tests in tests/layers.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from webmap.negotiation import F
from webmap.ogc.answer import document
from webmap.ogc.links import own_links
from webmap.params import takes

_SPEC = "http://www.opengis.net/spec"
_PART_1 = f"{_SPEC}/ogcapi-features-1/1.0/conf"
_PART_2 = f"{_SPEC}/ogcapi-features-2/1.0/conf"
_PART_3 = f"{_SPEC}/ogcapi-features-3/1.0/conf"
_PART_5 = f"{_SPEC}/ogcapi-features-5/1.0/conf"
_CQL2 = f"{_SPEC}/cql2/1.0/conf"

CLASSES = {
    f"{_PART_1}/core": "webmap/ogc/items.py",
    f"{_PART_1}/geojson": "layers/encode.py",
    f"{_PART_1}/html": "webmap/ogc/answer.py",
    f"{_PART_1}/oas30": "webmap/ogc/openapi.py",
    f"{_PART_2}/crs": "webmap/ogc/selecting.py",
    f"{_PART_3}/queryables": "webmap/ogc/fields.py",
    f"{_PART_3}/filter": "webmap/ogc/selecting.py",
    f"{_PART_3}/features-filter": "webmap/ogc/items.py",
    f"{_PART_5}/schemas": "layers/schemas.py",
    f"{_PART_5}/core-roles-features": "layers/schemas.py",
    f"{_PART_5}/returnables-and-receivables": "webmap/ogc/fields.py",
    f"{_PART_5}/sortables": "webmap/ogc/fields.py",
    f"{_CQL2}/cql2-text": "layers/cql/reading.py",
    f"{_CQL2}/cql2-json": "layers/cql/reading.py",
    f"{_CQL2}/basic-cql2": "layers/cql/binding.py",
    f"{_CQL2}/advanced-comparison-operators": "layers/cql/conditions.py",
    f"{_CQL2}/case-insensitive-comparison": "layers/cql/operators.py",
    f"{_CQL2}/accent-insensitive-comparison": "layers/cql/operators.py",
    f"{_CQL2}/basic-spatial-functions": "layers/cql/shapes.py",
    f"{_CQL2}/basic-spatial-functions-plus": "layers/cql/shapes.py",
    f"{_CQL2}/spatial-functions": "layers/cql/shapes.py",
    f"{_CQL2}/temporal-functions": "layers/cql/times.py",
    f"{_CQL2}/array-functions": "layers/cql/operators.py",
    f"{_CQL2}/property-property": "layers/cql/binding.py",
    f"{_CQL2}/arithmetic": "layers/cql/operators.py",
}
"""Conformance classes and the file that earns each."""


def conformance_document() -> dict[str, Any]:
    """The declaration of conformance (17-069r4, 7.4)."""
    return {"links": own_links(), "conformsTo": list(CLASSES)}


@takes(F)
def show() -> Response:
    """Answer ``/ogc/conformance``."""
    return document("conformance", conformance_document)
