"""The DCAT-AP catalogue: read by rdflib, held against shapes, and against the atlas."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyshacl
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, XSD

from layers.atlas import Atlas
from layers.exporters.formats import FORMATS
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.config import ROOT
from webmap.labels import LICENCES

SHAPES = Path(__file__).parent / "dcat-ap-3.ttl"
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
FORMS = {
    "jsonld": ("application/ld+json", "json-ld"),
    "ttl": ("text/turtle", "turtle"),
    "rdf": ("application/rdf+xml", "xml"),
}
CATALOGUE = URIRef("http://localhost/catalogue")


def read(data: bytes, name: str) -> Graph:
    with warnings.catch_warnings():
        # rdflib's own JSON-LD parser uses a class that rdflib deprecates.
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return Graph().parse(data=data, format=name)


def parsed(client: FlaskClient, path: str, name: str = "turtle") -> Graph:
    answer = client.get(path)
    assert answer.status_code == 200
    return read(answer.data, name)


@pytest.fixture(scope="module")
def whole(atlas_app: Flask) -> Graph:
    """The catalogue of the project's own data."""
    return parsed(atlas_app.test_client(), "/catalogue.ttl")


@pytest.fixture(scope="module")
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def check_shapes(graph: Graph) -> None:
    conforms, _report, text = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    assert conforms, text


def test_the_catalogue_keeps_dcat_ap(whole: Graph) -> None:
    check_shapes(whole)


def test_the_shapes_would_notice(whole: Graph) -> None:
    broken = Graph()
    broken += whole
    broken.remove((None, FOAF.name, None))
    broken.remove((None, DCAT.accessURL, None))
    conforms, report, _text = pyshacl.validate(broken, shacl_graph=Graph().parse(SHAPES))
    assert not conforms
    paths = {
        str(path) for path in report.objects(None, URIRef("http://www.w3.org/ns/shacl#resultPath"))
    }
    assert paths == {str(FOAF.name), str(DCAT.accessURL)}


def test_each_dataset_alone_keeps_dcat_ap(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for id in atlas.features:
        graph = parsed(atlas_client, f"/catalogue/{id}.ttl")
        assert list(graph.subjects(RDF.type, DCAT.Dataset)) == [URIRef(f"{CATALOGUE}/{id}")]
        check_shapes(graph)


@pytest.mark.parametrize("path", ["/catalogue", "/catalogue/voies"])
def test_the_three_serialisations_say_the_same(client: FlaskClient, path: str) -> None:
    graphs = []
    for extension, (mimetype, name) in FORMS.items():
        answer = client.get(f"{path}.{extension}")
        assert answer.mimetype == mimetype
        graphs.append(read(answer.data, name))
    assert len(graphs[0]) > 40
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[1], graphs[2])


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("", "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        ("application/ld+json;q=0.2, text/turtle;q=0.9", "text/turtle"),
        ("image/png", "application/ld+json"),
    ],
)
def test_accept_chooses_the_serialisation(client: FlaskClient, accept: str, mimetype: str) -> None:
    headers = {"Accept": accept} if accept else {}
    for path in ("/catalogue", "/catalogue/voies"):
        answer = client.get(path, headers=headers)
        assert answer.mimetype == mimetype
        assert "Accept" in answer.vary
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_every_collection_is_a_dataset_with_every_form(
    whole: Graph, atlas: Atlas, atlas_client: FlaskClient
) -> None:
    datasets = set(whole.objects(CATALOGUE, DCAT.dataset))
    assert datasets == {URIRef(f"{CATALOGUE}/{id}") for id in atlas.features}
    assert set(whole.subjects(RDF.type, DCAT.Dataset)) == datasets
    service = URIRef("http://localhost/ogc")
    assert set(whole.objects(service, DCAT.servesDataset)) == datasets
    for dataset in datasets:
        forms = list(whole.objects(dataset, DCAT.distribution))
        addresses = [str(whole.value(form, DCAT.accessURL)) for form in forms]
        assert len(set(addresses)) == len(addresses)
        assert sum((form, DCAT.accessService, service) in whole for form in forms) == 1
        packages = [a for a in addresses if "/telecharger/selection.zip?" in a]
        assert {parse_qs(urlsplit(a).query)["format"][0] for a in packages} == set(FORMATS)


def test_every_address_of_a_form_answers_with_its_type(client: FlaskClient, app: Flask) -> None:
    graph = parsed(client, "/catalogue.ttl")
    forms = list(graph.subjects(RDF.type, DCAT.Distribution))
    collections = app.extensions["limitrophe"].atlas.features
    assert len(forms) == (len(FORMATS) + 2) * len(collections) + 1
    for form in forms:
        address = str(graph.value(form, DCAT.accessURL))
        answer = client.get(address.removeprefix("http://localhost"))
        assert answer.status_code == 200, address
        sent = graph.value(form, DCAT.packageFormat) or graph.value(form, DCAT.mediaType)
        assert str(sent).endswith(f"/{answer.mimetype}"), address
        answer.close()


def test_titles_and_descriptions_are_those_of_the_atlas(whole: Graph, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        node = URIRef(f"{CATALOGUE}/{layer.id}")
        titles = {text.language: str(text) for text in whole.objects(node, DCTERMS.title)}
        assert layer.title_fr in titles["fr"]
        assert layer.title_en in titles["en"]
        told = {text.language: str(text) for text in whole.objects(node, DCTERMS.description)}
        assert told["en"].startswith(layer.description_en)
        assert layer.description_fr[:40].replace(" ", " ") in told["fr"].replace("\xa0", " ")


def test_every_licence_is_stated_where_it_holds(whole: Graph, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        node = URIRef(f"{CATALOGUE}/{layer.id}")
        wanted = URIRef(LICENCES[layer.licence][1])
        holders = [node, *whole.objects(node, DCAT.distribution)]
        assert all(whole.value(holder, DCTERMS.license) == wanted for holder in holders)
    used = {source.licence for source in atlas.sources.values()}
    used |= {layer.licence for layer in atlas.layers.values()}
    known = set(whole.subjects(RDF.type, DCTERMS.LicenseDocument))
    assert known == {URIRef(LICENCES[id][1]) for id in used}


def test_the_register_has_the_strictest_licence_of_its_points(whole: Graph, atlas: Atlas) -> None:
    places = {id for c in atlas.commitments.values() for id in c.places}
    used = {source for id in places for source in atlas.places[id].position.sources}
    assert "ODbL-1.0" in {atlas.sources[id].licence for id in used}
    node = URIRef(f"{CATALOGUE}/engagements")
    assert whole.value(node, DCTERMS.license) == URIRef(LICENCES["ODbL-1.0"][1])


def test_every_source_that_is_used_is_credited(whole: Graph, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        node = URIRef(f"{CATALOGUE}/{layer.id}")
        used = set(layer.sources)
        used.update(s for place in atlas.places_in(layer.id) for s in place.position.sources)
        found = set(whole.objects(node, PROV.wasDerivedFrom))
        assert found == {URIRef(f"http://localhost/sources#source-{id}") for id in used}
        for id in used:
            entity = URIRef(f"http://localhost/sources#source-{id}")
            rights = whole.value(entity, DCTERMS.rights)
            assert str(whole.value(rights, RDFS.label)) == atlas.sources[id].attribution
        lineage = whole.value(node, DCTERMS.provenance)
        for text in whole.objects(lineage, RDFS.label):
            assert all(atlas.sources[id].title in text for id in used)


def locations(graph: Graph, atlas: Atlas) -> Iterator[tuple[URIRef, tuple[float, ...]]]:
    for id, features in atlas.features.items():
        place = graph.value(URIRef(f"{CATALOGUE}/{id}"), DCTERMS.spatial)
        if features.bounds is None:
            assert place is None
        else:
            yield place, features.bounds


def test_the_box_covers_the_features_in_both_notations(whole: Graph, atlas: Atlas) -> None:
    seen = 0
    for place, bounds in locations(whole, atlas):
        box = whole.value(place, DCAT.bbox)
        assert box.datatype == GEOSPARQL.wktLiteral
        assert shapely.from_wkt(str(box)).bounds == pytest.approx(bounds, abs=1e-9)
        literal = whole.value(place, GEOSPARQL.asGeoJSON)
        assert str(literal.datatype).endswith("/application/vnd.geo+json")
        assert shapely.from_geojson(str(literal)).bounds == pytest.approx(bounds, abs=1e-9)
        seen += 1
    assert seen >= 12


def test_dates_come_from_the_data(whole: Graph, atlas: Atlas) -> None:
    node = URIRef(f"{CATALOGUE}/coulee-verte")
    period = whole.value(node, DCTERMS.temporal)
    assert whole.value(period, DCAT.startDate) == Literal("2017-01-01", datatype=XSD.date)
    assert whole.value(period, DCAT.endDate) == Literal("2017-12-31", datatype=XSD.date)
    assert whole.value(URIRef(f"{CATALOGUE}/residences"), DCTERMS.temporal) is None
    dues = sorted(c.due for c in atlas.commitments.values() if c.due)
    period = whole.value(URIRef(f"{CATALOGUE}/engagements"), DCTERMS.temporal)
    assert whole.value(period, DCAT.startDate).toPython() == dues[0]
    assert whole.value(period, DCAT.endDate).toPython() == dues[-1]


def test_the_date_of_change_is_that_of_the_files(tmp_path: Path) -> None:
    folder = trial_content().write(tmp_path)
    days = {"geo": 1_600_000_000, "commitments": 1_700_000_000}
    for name, seconds in days.items():
        for path in (folder / name).iterdir():
            os.utime(path, (seconds, seconds))
    client = create_app({"LIMITROPHE_DATA": folder, "TESTING": True}).test_client()
    graph = parsed(client, "/catalogue.ttl")
    of_layer = graph.value(URIRef(f"{CATALOGUE}/voies"), DCTERMS.modified)
    of_register = graph.value(URIRef(f"{CATALOGUE}/engagements"), DCTERMS.modified)
    assert (str(of_layer), str(of_register)) == ("2020-09-13", "2023-11-14")
    assert str(graph.value(CATALOGUE, DCTERMS.modified)) == "2023-11-14"


def test_scale_and_tolerance_are_stated(whole: Graph, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        node = URIRef(f"{CATALOGUE}/{layer.id}")
        tolerance = whole.value(node, DCAT.spatialResolutionInMeters)
        stated = None if tolerance is None else float(tolerance)
        assert stated == (layer.tolerance_m or None)
        measure = whole.value(node, URIRef("http://www.w3.org/ns/dqv#hasQualityMeasurement"))
        if atlas.features[layer.id].bounds:
            value = whole.value(measure, URIRef("http://www.w3.org/ns/dqv#value"))
            assert float(value) == pytest.approx(1 / layer.max_scale)
        else:
            assert measure is None


@pytest.fixture(scope="module")
def trial_with(tmp_path_factory: pytest.TempPathFactory):
    folder = trial_content().write(tmp_path_factory.mktemp("contact"))

    def make(**settings: str) -> FlaskClient:
        return create_app({"LIMITROPHE_DATA": folder, "TESTING": True, **settings}).test_client()

    return make


def test_publisher_and_contact_are_settings(trial_with) -> None:
    settings = {"LIMITROPHE_PUBLISHER": "Régie d’essai & Cie", "LIMITROPHE_CONTACT": "a@b.example"}
    graph = parsed(trial_with(**settings), "/catalogue.ttl")
    check_shapes(graph)
    assert str(graph.value(graph.value(CATALOGUE, DCTERMS.publisher), FOAF.name)) == (
        "Régie d’essai & Cie"
    )
    for node in (CATALOGUE, URIRef(f"{CATALOGUE}/voies")):
        card = graph.value(node, DCAT.contactPoint)
        assert graph.value(card, VCARD.hasEmail) == URIRef("mailto:a@b.example")


def test_a_contact_may_be_a_page(trial_with) -> None:
    graph = parsed(trial_with(LIMITROPHE_CONTACT="https://b.example/aide"), "/catalogue.ttl")
    check_shapes(graph)
    card = graph.value(CATALOGUE, DCAT.contactPoint)
    assert graph.value(card, VCARD.hasURL) == URIRef("https://b.example/aide")


def test_without_settings_nobody_is_invented(client: FlaskClient) -> None:
    graph = parsed(client, "/catalogue.ttl")
    assert list(graph.objects(None, DCAT.contactPoint)) == []
    publisher = graph.value(CATALOGUE, DCTERMS.publisher)
    assert str(graph.value(publisher, FOAF.name)) == "Atlas d’essai"
    assert list(graph.objects(None, DCTERMS.accrualPeriodicity)) == []


def test_etags_are_those_of_the_content_and_give_304(client: FlaskClient) -> None:
    for path in ("/catalogue", "/catalogue.ttl", "/catalogue/voies.rdf", "/catalogue/voies.xml"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""
    assert client.get("/catalogue").headers["ETag"] != client.get("/catalogue.ttl").headers["ETag"]


PRINT_DIGESTS = """
import hashlib
from webmap import create_app
client = create_app({"TESTING": True}).test_client()
for path in ("/catalogue.jsonld", "/catalogue.ttl", "/catalogue.rdf", "/catalogue/qpv.xml"):
    print(hashlib.sha256(client.get(path).data).hexdigest())
"""


def test_workers_started_apart_give_the_same_bytes(atlas_client: FlaskClient) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGESTS],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = [
        hashlib.sha256(atlas_client.get(path).data).hexdigest()
        for path in (
            "/catalogue.jsonld",
            "/catalogue.ttl",
            "/catalogue.rdf",
            "/catalogue/qpv.xml",
        )
    ]
    assert done.stdout.split() == here


def test_addresses_follow_the_proxy(trial_with) -> None:
    client = trial_with(LIMITROPHE_TRUSTED_PROXIES="1")
    headers = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "atlas.example",
        "X-Forwarded-Prefix": "/carte",
    }
    document = json.loads(client.get("/catalogue.jsonld", headers=headers).data)
    ids = {node["@id"] for node in document["@graph"]}
    assert "https://atlas.example/carte/catalogue/voies" in ids
    assert not any("localhost" in id for id in ids)


def test_content_cannot_break_the_notation(tmp_path: Path) -> None:
    content = trial_content()
    attack = 'Voies "]]> </rdf:RDF> & <b>'
    content.catalogue = content.catalogue.replace('title_fr = "Voies"', f"title_fr = '{attack}'")
    folder = content.write(tmp_path)
    client = create_app({"LIMITROPHE_DATA": folder, "TESTING": True}).test_client()
    for extension, (_type, name) in FORMS.items():
        graph = parsed(client, f"/catalogue/voies.{extension}", name)
        titles = [str(t) for t in graph.objects(URIRef(f"{CATALOGUE}/voies"), DCTERMS.title)]
        assert any(attack in title for title in titles)
