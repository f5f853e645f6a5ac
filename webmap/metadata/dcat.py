"""What is the atlas as a DCAT-AP 3 catalogue? An RDF graph, in three serialisations.

Every node has an address of its own, below that of the dataset, so that the same content
always gives the same bytes: blank nodes would be named anew each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import orjson
from flask_babel import gettext as _
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, XSD

from layers.model import BBox, Source
from webmap.i18n import localised
from webmap.labels import LICENCES
from webmap.metadata.forms import Form
from webmap.metadata.records import Record, contact, in_each_language, publisher, records
from webmap.metadata.vocabulary import (
    AUTHORITY,
    CRS84,
    DATA_THEMES,
    LANGUAGES,
    LICENCE_TITLES,
    OGC_API_FEATURES,
    SERIALISATIONS,
)
from webmap.site import current_site
from webmap.urls import absolute

DQV = Namespace("http://www.w3.org/ns/dqv#")
GEODCAT = Namespace("http://data.europa.eu/930/")
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
GEOJSON_LITERAL = URIRef("https://www.iana.org/assignments/media-types/application/vnd.geo+json")
"""Data type by which GeoDCAT-AP and the harvester of data.gouv.fr know a GeoJSON geometry.

The harvester looks at every literal of a location, whatever its property."""
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
PREFIXES = {
    "dcat": DCAT,
    "dct": DCTERMS,
    "dqv": DQV,
    "foaf": FOAF,
    "geodcat": GEODCAT,
    "geosparql": GEOSPARQL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "vcard": VCARD,
    "xsd": XSD,
}


def catalogue_graph() -> Graph:
    """The whole catalogue: its description, the service, and every dataset."""
    graph = _empty()
    node = URIRef(absolute("metadata.catalogue", lang=None))
    _describe_catalogue(graph, node)
    service = _service(graph)
    graph.add((node, DCAT.service, service))
    for record in records():
        dataset = _dataset(graph, record)
        graph.add((node, DCAT.dataset, dataset))
        graph.add((service, DCAT.servesDataset, dataset))
    return graph


def dataset_graph(record: Record) -> Graph:
    """One dataset, with the service that it can be read through."""
    graph = _empty()
    graph.add((_service(graph), DCAT.servesDataset, _dataset(graph, record)))
    return graph


def serialised(graph: Graph, extension: str) -> bytes:
    """Write a graph; ``extension`` is one of `SERIALISATIONS`."""
    name = SERIALISATIONS[extension][1]
    if extension != "jsonld":
        return graph.serialize(format=name, encoding="utf-8")
    context = {prefix: str(namespace) for prefix, namespace in PREFIXES.items()}
    document = orjson.loads(graph.serialize(format=name, context=context, auto_compact=True))
    # Here rdflib goes through a set of subjects.
    document["@graph"].sort(key=lambda node: node["@id"])
    return orjson.dumps(document)


class _OrderedGraph(Graph):
    """A graph that is read in order: rdflib's own order differs between processes."""

    def triples(self, triple: Any) -> Iterator[Any]:
        """Yield the matching triples, sorted."""
        yield from sorted(super().triples(triple))


def _empty() -> Graph:
    graph = _OrderedGraph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _say(graph: Graph, node: URIRef, predicate: URIRef, texts: dict[str, str]) -> None:
    for language, text in texts.items():
        graph.add((node, predicate, Literal(text, lang=language)))


def _typed(graph: Graph, address: str, kind: URIRef, title: str = "") -> URIRef:
    """A node of a class, with its title where it is not a code that harvesters know."""
    node = URIRef(address)
    graph.add((node, RDF.type, kind))
    if title:
        graph.add((node, RDFS.label, Literal(title)))
    return node


def _language(graph: Graph, code: str) -> URIRef:
    address = f"{AUTHORITY}/language/{LANGUAGES[code]}"
    return _typed(graph, address, DCTERMS.LinguisticSystem)


def _licence(graph: Graph, id: str) -> URIRef:
    return _typed(graph, LICENCES[id][1], DCTERMS.LicenseDocument, LICENCE_TITLES[id])


def _agent(graph: Graph) -> URIRef:
    node = _typed(graph, f"{absolute('metadata.catalogue', lang=None)}#publisher", FOAF.Agent)
    graph.add((node, FOAF.name, Literal(publisher())))
    return node


def _add_contact(graph: Graph, node: URIRef) -> None:
    """Say whom to write to, if the settings do."""
    if not contact():
        return
    address = f"{absolute('metadata.catalogue', lang=None)}#contact"
    card = _typed(graph, address, VCARD.Kind)
    graph.add((card, VCARD.fn, Literal(publisher())))
    if "@" in contact():
        graph.add((card, VCARD.hasEmail, URIRef(f"mailto:{contact()}")))
    else:
        graph.add((card, VCARD.hasURL, URIRef(contact())))
    graph.add((node, DCAT.contactPoint, card))


def _describe_catalogue(graph: Graph, node: URIRef) -> None:
    atlas = current_site().atlas
    graph.add((node, RDF.type, DCAT.Catalog))
    _say(graph, node, DCTERMS.title, in_each_language(lambda: localised(atlas, "title")))
    _say(graph, node, DCTERMS.description, in_each_language(_catalogue_description))
    graph.add((node, DCTERMS.publisher, _agent(graph)))
    _add_contact(graph, node)
    graph.add((node, FOAF.homepage, _typed(graph, absolute("map.show", lang=None), FOAF.Document)))
    for code in LANGUAGES:
        graph.add((node, DCTERMS.language, _language(graph, code)))
    latest = max(record.modified for record in records())
    graph.add((node, DCTERMS.modified, Literal(latest.isoformat(), datatype=XSD.date)))
    boxes = [record.bbox for record in records() if record.bbox]
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        whole = (min(west), min(south), max(east), max(north))
        _add_location(graph, node, whole)


def _catalogue_description() -> str:
    atlas = current_site().atlas
    return _(
        "Les couches et le registre de l’atlas %(title)s : engagements publics et lieux qu’ils"
        " concernent, en données ouvertes.",
        title=localised(atlas, "title"),
    )


def _service(graph: Graph) -> URIRef:
    """The data service behind every collection."""
    node = _typed(graph, absolute("ogc.landing", lang=None), DCAT.DataService)
    _say(graph, node, DCTERMS.title, in_each_language(lambda: _("Service OGC API – Features")))
    graph.add((node, DCAT.endpointURL, _resource(graph, node)))
    definition = absolute("ogc.api", f="json", lang=None)
    graph.add((node, DCAT.endpointDescription, _resource(graph, URIRef(definition))))
    standard = _typed(graph, OGC_API_FEATURES, DCTERMS.Standard, "OGC API – Features")
    graph.add((node, DCTERMS.conformsTo, standard))
    return node


def _resource(graph: Graph, node: URIRef) -> URIRef:
    graph.add((node, RDF.type, RDFS.Resource))
    return node


def _dataset(graph: Graph, record: Record) -> URIRef:
    node = _typed(graph, record.uri, DCAT.Dataset)
    graph.add((node, DCTERMS.identifier, Literal(record.uri)))
    _say(graph, node, DCTERMS.title, {code: t.title for code, t in record.texts.items()})
    description = {c: f"{t.description}\n\n{t.precision}" for c, t in record.texts.items()}
    _say(graph, node, DCTERMS.description, description)
    for code, text in record.texts.items():
        for keyword in text.keywords:
            graph.add((node, DCAT.keyword, Literal(keyword, lang=code)))
    graph.add((node, DCTERMS.publisher, _agent(graph)))
    _add_contact(graph, node)
    _add_subject(graph, node, record)
    _add_coverage(graph, node, record)
    _add_rights(graph, node, record)
    _add_lineage(graph, node, record)
    modified = Literal(record.modified.isoformat(), datatype=XSD.date)
    graph.add((node, DCTERMS.modified, modified))
    graph.add((node, DCTERMS.language, _language(graph, "fr")))
    page = absolute("ogc.collection", collection_id=record.id, f="html", lang=None)
    graph.add((node, DCAT.landingPage, _typed(graph, page, FOAF.Document)))
    sheet = absolute("metadata.dataset_xml", collection_id=record.id, lang=None)
    graph.add((node, FOAF.page, _typed(graph, sheet, FOAF.Document, "ISO 19139")))
    for position, form in enumerate(record.texts["fr"].forms):
        titles = {code: text.forms[position].title for code, text in record.texts.items()}
        graph.add((node, DCAT.distribution, _distribution(graph, record, form, titles)))
    return node


def _add_subject(graph: Graph, node: URIRef, record: Record) -> None:
    for code in record.subject.themes:
        theme = _typed(graph, f"{AUTHORITY}/data-theme/{code}", SKOS.Concept)
        _say(graph, theme, SKOS.prefLabel, dict(DATA_THEMES[code]))
        graph.add((node, DCAT.theme, theme))
    if record.subject.inspire:
        theme = _typed(graph, record.subject.inspire.uri, SKOS.Concept)
        _say(graph, theme, SKOS.prefLabel, dict(record.subject.inspire.names))
        graph.add((node, DCAT.theme, theme))
    graph.add((node, DCTERMS.conformsTo, _typed(graph, CRS84, DCTERMS.Standard, "OGC:CRS84")))


def _add_coverage(graph: Graph, node: URIRef, record: Record) -> None:
    if record.bbox:
        _add_location(graph, node, record.bbox)
    if record.period:
        start, end = (Literal(day.isoformat(), datatype=XSD.date) for day in record.period)
        period = _typed(graph, f"{node}#periode", DCTERMS.PeriodOfTime)
        graph.add((period, DCAT.startDate, start))
        graph.add((period, DCAT.endDate, end))
        graph.add((node, DCTERMS.temporal, period))
    if record.resolution_m:
        metres = Literal(Decimal(str(record.resolution_m)))
        graph.add((node, DCAT.spatialResolutionInMeters, metres))
    if record.scale:
        measure = _typed(graph, f"{node}#echelle", DQV.QualityMeasurement)
        graph.add((measure, DQV.isMeasurementOf, GEODCAT.spatialResolutionAsScale))
        graph.add((measure, DQV.value, Literal(1 / Decimal(record.scale))))
        graph.add((node, DQV.hasQualityMeasurement, measure))


def _add_location(graph: Graph, node: URIRef, bbox: BBox) -> None:
    """Say a box as the standard wants it (WKT), and as data.gouv.fr reads it (GeoJSON)."""
    west, south, east, north = bbox
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    wkt = ", ".join(f"{x} {y}" for x, y in ring)
    place = _typed(graph, f"{node}#emprise", DCTERMS.Location)
    box = Literal(f"POLYGON(({wkt}))", datatype=GEOSPARQL.wktLiteral)
    graph.add((place, DCAT.bbox, box))
    polygon = orjson.dumps({"type": "Polygon", "coordinates": [ring]}).decode()
    graph.add((place, GEOSPARQL.asGeoJSON, Literal(polygon, datatype=GEOJSON_LITERAL)))
    graph.add((node, DCTERMS.spatial, place))


def _add_rights(graph: Graph, node: URIRef, record: Record) -> None:
    """Licence, credit to quote and access, of a dataset or of a distribution."""
    graph.add((node, DCTERMS.license, _licence(graph, record.licence)))
    if record.credit:
        rights = _typed(graph, f"{record.uri}#mention", DCTERMS.RightsStatement, record.credit)
        graph.add((node, DCTERMS.rights, rights))
    public = _typed(graph, f"{AUTHORITY}/access-right/PUBLIC", DCTERMS.RightsStatement)
    graph.add((node, DCTERMS.accessRights, public))


def _add_lineage(graph: Graph, node: URIRef, record: Record) -> None:
    statement = _typed(graph, f"{node}#genealogie", DCTERMS.ProvenanceStatement)
    texts = {code: text.lineage for code, text in record.texts.items()}
    _say(graph, statement, RDFS.label, texts)
    graph.add((node, DCTERMS.provenance, statement))
    _add_sources(graph, node, record.sources)


def _add_sources(graph: Graph, node: URIRef, sources: Iterable[Source]) -> None:
    """The datasets behind one; they are no `dcat:Dataset` lest harvesters take them for ours."""
    page = absolute("sources.index", lang=None)
    for source in sources:
        entity = _typed(graph, f"{page}#source-{source.id}", PROV.Entity)
        title = ", ".join(part for part in (source.title, source.producer, source.vintage) if part)
        graph.add((entity, DCTERMS.title, Literal(title, lang="fr")))
        graph.add((entity, DCTERMS.license, _licence(graph, source.licence)))
        credit = f"{page}#mention-{source.id}"
        rights = _typed(graph, credit, DCTERMS.RightsStatement, source.attribution)
        graph.add((entity, DCTERMS.rights, rights))
        if source.url:
            graph.add((entity, RDFS.seeAlso, URIRef(source.url)))
        graph.add((node, PROV.wasDerivedFrom, entity))


def _file_type(graph: Graph, record: Record, form: Form) -> URIRef:
    """The format: the European code where there is one, else a node with its name."""
    if form.file_type:
        address = f"{AUTHORITY}/file-type/{form.file_type}"
        return _typed(graph, address, DCTERMS.MediaTypeOrExtent)
    address = f"{record.uri}#format-{form.id}"
    return _typed(graph, address, DCTERMS.MediaTypeOrExtent, form.name)


def _distribution(graph: Graph, record: Record, form: Form, titles: dict[str, str]) -> URIRef:
    node = _typed(graph, f"{record.uri}#{form.id}", DCAT.Distribution)
    _say(graph, node, DCTERMS.title, titles)
    address = _resource(graph, URIRef(form.address))
    graph.add((node, DCAT.accessURL, address))
    if form.service:
        graph.add((node, DCAT.accessService, URIRef(absolute("ogc.landing", lang=None))))
    else:
        graph.add((node, DCAT.downloadURL, address))
    for predicate, name in ((DCAT.mediaType, form.mimetype), (DCAT.packageFormat, form.package)):
        if name:
            kind = _typed(graph, f"{MEDIA_TYPES}/{name}", DCTERMS.MediaType)
            graph.add((node, predicate, kind))
    graph.add((node, DCTERMS["format"], _file_type(graph, record, form)))
    if form.standard:
        standard = _typed(graph, form.standard, DCTERMS.Standard)
        graph.add((node, DCTERMS.conformsTo, standard))
    _add_rights(graph, node, record)
    return node
