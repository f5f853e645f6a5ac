"""Which address has which metadata? ``/catalogue``, by extension or by negotiation."""

from __future__ import annotations

from functools import partial, update_wrapper

from flask import Blueprint, Response, request

from webmap.metadata.iso import TYPE, iso_record
from webmap.metadata.records import record
from webmap.metadata.vocabulary import SERIALISATIONS
from webmap.ogc import CORS
from webmap.ogc.collections import collection
from webmap.responses import AtlasResponse, prepared

XML = "application/xml"
blueprint = Blueprint("metadata", __name__)


def _catalogue(extension: str) -> AtlasResponse:
    from webmap.metadata import dcat  # brings rdflib, which few requests need

    mimetype = SERIALISATIONS[extension][0]
    return prepared(mimetype, lambda: dcat.serialised(dcat.catalogue_graph(), extension))


def _dataset(extension: str, collection_id: str) -> AtlasResponse:
    from webmap.metadata import dcat

    collection(collection_id)
    mimetype = SERIALISATIONS[extension][0]
    return prepared(
        mimetype, lambda: dcat.serialised(dcat.dataset_graph(record(collection_id)), extension)
    )


def _wanted(offers: dict[str, str]) -> str:
    """The form that ``Accept`` prefers; the first one where it wants none of them.

    A catalogue that harvesters ask for with a browser's header is better than a refusal.
    """
    best = request.accept_mimetypes.best_match(list(offers))
    return offers[best] if best else next(iter(offers.values()))


_RDF = {mimetype: extension for extension, (mimetype, _name) in SERIALISATIONS.items()}


@blueprint.get("/catalogue")
def catalogue() -> Response:
    """Answer with the catalogue as JSON-LD, Turtle or RDF/XML, as ``Accept`` says."""
    response = _catalogue(_wanted(_RDF))
    response.vary.add("Accept")
    return response


@blueprint.get("/catalogue/<collection_id>")
def dataset(collection_id: str) -> Response:
    """Answer with one dataset, as RDF or as its ISO 19139 record."""
    wanted = _wanted({**_RDF, TYPE: "xml", XML: "xml"})
    make = dataset_xml if wanted == "xml" else partial(_dataset, wanted)
    response = make(collection_id=collection_id)
    response.vary.add("Accept")
    return response


@blueprint.get("/catalogue/<collection_id>.xml")
def dataset_xml(collection_id: str) -> AtlasResponse:
    """Answer with the ISO 19139 record of a collection."""
    collection(collection_id)
    return prepared(XML, lambda: iso_record(record(collection_id)))


for _extension in SERIALISATIONS:
    blueprint.add_url_rule(
        f"/catalogue.{_extension}",
        f"catalogue_{_extension}",
        update_wrapper(partial(_catalogue, _extension), _catalogue),
    )
    blueprint.add_url_rule(
        f"/catalogue/<collection_id>.{_extension}",
        f"dataset_{_extension}",
        update_wrapper(partial(_dataset, _extension), _dataset),
    )


@blueprint.after_request
def _open_to_all(response: Response) -> Response:
    """Let pages of other origins read the metadata."""
    response.headers.update(CORS)
    return response
