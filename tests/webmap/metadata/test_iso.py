"""The ISO 19139 records: against the ISO schemas, and as OWSLib reads them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from owslib.iso import MD_DataIdentification, MD_Metadata

from layers.atlas import Atlas
from layers.exporters.formats import FORMATS
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.labels import LICENCES

NAMESPACES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "gml": "http://www.opengis.net/gml/3.2",
    "xlink": "http://www.w3.org/1999/xlink",
}
IDENTIFICATION = "gmd:identificationInfo/gmd:MD_DataIdentification"
FIELDS = (
    "gmd:fileIdentifier/gco:CharacterString",
    "gmd:language/gmd:LanguageCode",
    "gmd:characterSet/gmd:MD_CharacterSetCode",
    "gmd:hierarchyLevel/gmd:MD_ScopeCode",
    "gmd:contact",
    "gmd:dateStamp/gco:Date",
    "gmd:metadataStandardName/gco:CharacterString",
    "gmd:referenceSystemInfo/gmd:MD_ReferenceSystem//gmd:code/gmx:Anchor",
    f"{IDENTIFICATION}/gmd:citation//gmd:title/gco:CharacterString",
    f"{IDENTIFICATION}/gmd:citation//gmd:date//gco:Date",
    f"{IDENTIFICATION}/gmd:citation//gmd:identifier//gmd:code/gmx:Anchor",
    f"{IDENTIFICATION}/gmd:abstract/gco:CharacterString",
    f"{IDENTIFICATION}/gmd:pointOfContact//gmd:organisationName/gco:CharacterString",
    f"{IDENTIFICATION}/gmd:descriptiveKeywords//gmd:keyword/gco:CharacterString",
    f"{IDENTIFICATION}/gmd:resourceConstraints//gmd:useLimitation/gco:CharacterString",
    f"{IDENTIFICATION}/gmd:resourceConstraints//gmd:accessConstraints/gmd:MD_RestrictionCode",
    f"{IDENTIFICATION}/gmd:resourceConstraints//gmd:useConstraints/gmd:MD_RestrictionCode",
    f"{IDENTIFICATION}/gmd:resourceConstraints//gmd:otherConstraints/gmx:Anchor",
    f"{IDENTIFICATION}/gmd:spatialRepresentationType/gmd:MD_SpatialRepresentationTypeCode",
    f"{IDENTIFICATION}/gmd:language/gmd:LanguageCode",
    f"{IDENTIFICATION}/gmd:topicCategory/gmd:MD_TopicCategoryCode",
    "gmd:distributionInfo//gmd:distributionFormat//gmd:name/gco:CharacterString",
    "gmd:distributionInfo//gmd:onLine//gmd:URL",
    "gmd:dataQualityInfo//gmd:scope//gmd:MD_ScopeCode",
    "gmd:dataQualityInfo//gmd:report//gmd:specification//gmx:Anchor",
    "gmd:dataQualityInfo//gmd:lineage//gmd:statement/gco:CharacterString",
)
"""What the French guide to INSPIRE metadata (CNIG) requires of a record of data."""


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The schemas of 2007, GML 3.2.1, as the package pycsw carries them."""
    spec = find_spec("pycsw")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "plugins/profiles/apiso/schemas/ogc/iso/19139/20070417"
    return etree.XMLSchema(file=str(folder / "gmx/gmx.xsd"))


@pytest.fixture(scope="module")
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def tree(client: FlaskClient, id: str, **query: str) -> etree._Element:
    answer = client.get(f"/catalogue/{id}.xml", query_string=query)
    assert answer.status_code == 200
    assert answer.content_type == "application/xml"
    return etree.fromstring(answer.data)


def texts(record: etree._Element, path: str) -> list[str]:
    return [node.text or "" for node in record.iterfind(path, NAMESPACES)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_record_is_valid(
    atlas_client: FlaskClient, atlas: Atlas, schema: etree.XMLSchema, lang: str
) -> None:
    for id in atlas.features:
        record = tree(atlas_client, id, lang=lang)
        assert schema.validate(record), (id, schema.error_log)


def test_the_schema_would_notice(atlas_client: FlaskClient, schema: etree.XMLSchema) -> None:
    record = tree(atlas_client, "qpv")
    abstract = record.find(f"{IDENTIFICATION}/gmd:abstract", NAMESPACES)
    abstract.getparent().remove(abstract)
    assert not schema.validate(record)


def test_every_record_has_the_fields_of_the_french_profile(
    atlas_client: FlaskClient, atlas: Atlas
) -> None:
    for id, features in atlas.features.items():
        record = tree(atlas_client, id)
        for field in FIELDS:
            found = record.findall(field, NAMESPACES)
            assert found, (id, field)
            if field != "gmd:contact":
                assert all(node.text and node.text.strip() for node in found), (id, field)
        if features.bounds and id in atlas.layers:
            path = f"{IDENTIFICATION}/gmd:spatialResolution//gmd:denominator/gco:Integer"
            assert texts(record, path) == [str(atlas.layers[id].max_scale)]


def read_by_owslib(client: FlaskClient, id: str) -> tuple[MD_Metadata, MD_DataIdentification]:
    record = MD_Metadata(tree(client, id))
    (identification,) = record.identification
    return record, identification


def test_owslib_reads_what_the_atlas_holds(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        record, found = read_by_owslib(atlas_client, layer.id)
        assert layer.title_fr in found.title
        assert found.abstract.replace("\xa0", " ") == layer.description_fr.replace("\xa0", " ")
        assert (record.hierarchy, record.stdname, record.charset) == (
            "dataset",
            "ISO 19115",
            "utf8",
        )
        assert (record.languagecode, found.resourcelanguagecode) == ("fre", ["fre"])
        assert record.referencesystem.code == "CRS84"
        assert found.uricode == [f"http://localhost/catalogue/{layer.id}"]
        assert found.uselimitation
        assert all(source.title in record.dataquality.lineage for source in used(atlas, layer.id))


def used(atlas: Atlas, id: str) -> list:
    ids = set(atlas.layers[id].sources)
    ids.update(source for place in atlas.places_in(id) for source in place.position.sources)
    return [source for source in atlas.sources.values() if source.id in ids]


def test_the_box_is_in_the_right_order(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for id, features in atlas.features.items():
        _record, found = read_by_owslib(atlas_client, id)
        if features.bounds is None:
            assert not hasattr(found, "bbox")
        else:
            box = (found.bbox.minx, found.bbox.miny, found.bbox.maxx, found.bbox.maxy)
            assert tuple(map(float, box)) == pytest.approx(features.bounds, abs=1e-9)


def test_licence_and_credits_are_stated(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for layer in atlas.layers.values():
        record = tree(atlas_client, layer.id)
        path = f"{IDENTIFICATION}/gmd:resourceConstraints//gmd:otherConstraints"
        addresses = {
            node.get(f"{{{NAMESPACES['xlink']}}}href")
            for node in record.iterfind(f"{path}/gmx:Anchor", NAMESPACES)
        }
        assert LICENCES[layer.licence][1] in addresses
        stated = " ".join(texts(record, f"{path}/gco:CharacterString"))
        assert all(source.attribution in stated for source in used(atlas, layer.id))
        path = "gmd:dataQualityInfo//gmd:source//gmd:description/gco:CharacterString"
        assert len(texts(record, path)) == len(used(atlas, layer.id))


def test_every_form_is_named_with_its_address(atlas_client: FlaskClient) -> None:
    record, _found = read_by_owslib(atlas_client, "qpv")
    assert record.distribution is not None
    links = {link.url: link for link in record.distribution.online}
    assert links["http://localhost/telecharger/qpv.geojson"].function == "download"
    assert links["http://localhost/ogc/collections/qpv/items?f=json"].protocol == "OGC API Features"
    names = texts(tree(atlas_client, "qpv"), "gmd:distributionInfo//gmd:MD_Format/gmd:name/*")
    assert {format.title for format in FORMATS.values()} <= set(names)
    assert len(links) == len(names)


@pytest.mark.parametrize(
    ("id", "themes"),
    [
        ("qpv", ["am"]),
        ("territoires", ["au"]),
        ("transports", ["tn"]),
        ("voies", ["tn"]),
        ("espaces-verts", []),
        ("engagements", []),
    ],
)
def test_an_inspire_theme_stands_only_where_one_fits(
    atlas_client: FlaskClient, id: str, themes: list[str]
) -> None:
    record = tree(atlas_client, id)
    anchors = record.iterfind(
        f"{IDENTIFICATION}/gmd:descriptiveKeywords//gmd:keyword/gmx:Anchor", NAMESPACES
    )
    addresses = [node.get(f"{{{NAMESPACES['xlink']}}}href") for node in anchors]
    assert addresses == [f"http://inspire.ec.europa.eu/theme/{code}" for code in themes]


def test_a_record_speaks_the_language_of_the_request(atlas_client: FlaskClient) -> None:
    english = tree(atlas_client, "qpv", lang="en")
    assert texts(english, "gmd:language/gmd:LanguageCode") == ["eng"]
    assert texts(english, f"{IDENTIFICATION}/gmd:language/gmd:LanguageCode") == ["fre"]
    title = texts(english, f"{IDENTIFICATION}/gmd:citation/gmd:CI_Citation/gmd:title/*")
    assert title == ["Limitrophe – Priority districts"]
    page = atlas_client.get("/catalogue/qpv.xml", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize("accept", ["application/vnd.iso.19139+xml", "application/xml;q=0.9"])
def test_the_record_can_be_negotiated(client: FlaskClient, accept: str) -> None:
    answer = client.get("/catalogue/voies", headers={"Accept": accept})
    assert answer.content_type == "application/xml"
    assert etree.fromstring(answer.data).tag.endswith("}MD_Metadata")


def record_with(tmp_path: Path, schema: etree.XMLSchema, **settings: str) -> etree._Element:
    content = trial_content()
    content.catalogue = content.catalogue.replace(
        'description_fr = "Voies nommées"', "description_fr = 'Voies <nommées> & \"citées\"'"
    )
    values = {"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True, **settings}
    record = tree(create_app(values).test_client(), "voies")
    assert schema.validate(record), schema.error_log
    return record


def test_a_contact_is_given_when_the_settings_have_one(
    tmp_path: Path, schema: etree.XMLSchema
) -> None:
    record = record_with(
        tmp_path, schema, LIMITROPHE_PUBLISHER="A & B", LIMITROPHE_CONTACT="a@b.example"
    )
    assert texts(record, "gmd:contact//gmd:organisationName/*") == ["A & B"]
    assert texts(record, "gmd:contact//gmd:electronicMailAddress/*") == ["a@b.example"]
    assert texts(record, f"{IDENTIFICATION}/gmd:abstract/*") == ['Voies <nommées> & "citées"']


def test_a_contact_may_be_a_page(tmp_path: Path, schema: etree.XMLSchema) -> None:
    record = record_with(tmp_path, schema, LIMITROPHE_CONTACT="https://b.example/?a=1&b=2")
    assert texts(record, "gmd:contact//gmd:URL") == ["https://b.example/?a=1&b=2"]


def test_without_one_the_record_says_that_it_is_missing(
    tmp_path: Path, schema: etree.XMLSchema
) -> None:
    contact = record_with(tmp_path, schema).find("gmd:contact", NAMESPACES)
    assert contact.get(f"{{{NAMESPACES['gco']}}}nilReason") == "missing"
    assert len(contact) == 0
