"""The filters, the order and the columns of the register, against the files read plainly."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyproj
import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape

from layers.exporters.formats import FORMATS
from webmap.choices import ON_THE_MAP

DATA = Path(__file__).parents[2] / "data"
DOCUMENTS = ("malakoff", "ivry", "blagis", "val-de-marne", "martigues")
NEAR_M = 300
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (DATA / "commitments" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = list(itertools.chain.from_iterable(map(table, DOCUMENTS)))
FEATURES = {
    feature["id"]: {**feature, "layer": path.stem}
    for path in sorted((DATA / "geo").glob("*.geojson"))
    if path.stem != "contexte"
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
}
_PLANAR = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform
PLANAR = {
    id: shapely.transform(shape(feature["geometry"]), _PLANAR, interleaved=False)
    for id, feature in FEATURES.items()
    if feature["geometry"]
}


def cell(row: Row, column: str) -> list[str]:
    return [part for part in row[column].split("|") if part]


def share(geometry: shapely.Geometry, territory: shapely.Geometry) -> float:
    inside = geometry.intersection(territory)
    if geometry.area:
        return float(inside.area / geometry.area)
    if geometry.length:
        return float(inside.length / geometry.length)
    return shapely.get_num_coordinates(inside) / shapely.get_num_coordinates(geometry)


def outline(id: str) -> shapely.Geometry | None:
    """The geometry of a place, that of a composite united."""
    parts = [outline(member) for member in FEATURES[id]["properties"].get("members", ())]
    return shapely.union_all([p for p in parts if p]) if any(parts) else PLANAR.get(id)


def lies_in(id: str, commune: str) -> bool:
    """At least half of it does, or nothing locates it and it says so."""
    found = outline(id)
    if found is not None:
        return id == commune or share(found, PLANAR[commune]) >= 0.5
    return commune in FEATURES[id]["properties"].get("communes", ())


def ensembles() -> set[str]:
    return {id for id, f in FEATURES.items() if f["properties"].get("members")}


def near(row: Row) -> set[str]:
    """The places within the distance of those named, but for these and their members."""
    named = set(cell(row, "places"))
    own = named.union(*(FEATURES[id]["properties"].get("members", ()) for id in named))
    areas = [a for id in named if FEATURES[id]["layer"] != "territoires" and (a := outline(id))]
    return {
        id
        for id, feature in FEATURES.items()
        if feature["layer"] != "territoires" and id not in own
        for there in [outline(id)]
        if there is not None and any(there.dwithin(area, NEAR_M) for area in areas)
    }


def heading_count(client: FlaskClient, address: str) -> int:
    page = client.get(address)
    assert page.status_code == 200, page.text
    found = re.search(r'id="titre-resultats">(\d+)', page.text)
    assert found
    return int(found[1])


DISPUTED = {id for row in table("discrepancies") for id in cell(row, "commitments")}
ORACLE: dict[str, Callable[[Row], bool]] = {
    "partenaire=apur": lambda r: "apur" in cell(r, "partners"),
    "porteur=ville-de-malakoff": lambda r: "ville-de-malakoff" in cell(r, "lead"),
    "discordance=oui": lambda r: r["id"] in DISPUTED,
    "discordance=non&document=ivry": lambda r: r["document"] == "ivry" and r["id"] not in DISPUTED,
    "echeance=sans": lambda r: not r["due"],
    "lien=direct": lambda r: bool(cell(r, "places")),
    "lien=territorial": lambda r: (
        bool(cell(r, "scope")) or not ensembles().isdisjoint(cell(r, "places"))
    ),
    "territoire=commune-ivry-sur-seine&lien=direct": lambda r: any(
        lies_in(id, "commune-ivry-sur-seine") for id in cell(r, "places")
    ),
    "territoire=commune-martigues&lien=direct": lambda r: any(
        lies_in(id, "commune-martigues") for id in cell(r, "places")
    ),
    "lien=proximite": lambda r: bool(near(r)),
    "lien=proximite&lieu=parc-de-la-confluence": lambda r: "parc-de-la-confluence" in near(r),
    "lieu=boulevard-adolphe-pinard": lambda r: "boulevard-adolphe-pinard" in cell(r, "places"),
}


@pytest.mark.parametrize("query", ORACLE)
def test_a_filter_leaves_what_the_files_say(atlas_client: FlaskClient, query: str) -> None:
    expected = sum(map(ORACLE[query], ROWS))
    assert 0 < expected < len(ROWS)
    assert heading_count(atlas_client, f"/engagements?{query}") == expected
    if "lieu=" not in query:
        answer = atlas_client.get(f"/carte/filtre.json?{query}").json
        assert answer["summary"].split()[0] == str(expected)


def test_every_choice_leaves_as_many_as_it_says(atlas_client: FlaskClient) -> None:
    query = "document=ivry&lien=territorial&territoire=commune-paris"
    options = atlas_client.get(f"/carte/filtre.json?{query}").json["options"]
    tried = 0
    for name, choices in options.items():
        kept = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
        for value, _label, count in choices[:4]:
            tried += 1
            assert heading_count(atlas_client, f"/engagements?{kept}&{name}={value}") == count, (
                value
            )
    assert set(options) == {
        "document", "nature", "theme", "porteur", "partenaire", "echeance", "territoire", "lien",
        "discordance",
    }  # fmt: skip
    assert tried > 20


def inside(box: tuple[float, float, float, float]) -> set[str]:
    extent = shapely.box(*box)
    located = {id: shape(f["geometry"]) for id, f in FEATURES.items() if f["geometry"]}
    return {id for id, geometry in located.items() if geometry.intersects(extent)}


def test_an_extent_leaves_the_commitments_with_a_place_in_it(atlas_client: FlaskClient) -> None:
    box = (2.36, 48.80, 2.40, 48.83)
    within = inside(box)
    expected = [r for r in ROWS if not within.isdisjoint(cell(r, "places"))]
    query = f"bbox={','.join(map(str, box))}"
    assert 0 < len(expected) < len(ROWS)
    assert heading_count(atlas_client, f"/engagements?{query}") == len(expected)
    answer = atlas_client.get(f"/carte/filtre.json?{query}").json
    assert answer["summary"].split()[0] == str(len(expected))
    assert set(answer["places"]) == {id for r in ROWS for id in cell(r, "places")}


def test_an_empty_list_says_which_choice_to_drop(atlas_client: FlaskClient) -> None:
    query = "document=blagis&theme=finances&discordance=oui"
    answer = atlas_client.get(f"/carte/filtre.json?{query}").json
    without = {
        "document": [r for r in ROWS if r["theme"] == "finances" and r["id"] in DISPUTED],
        "theme": [r for r in ROWS if r["document"] == "blagis" and r["id"] in DISPUTED],
        "discordance": [r for r in ROWS if r["theme"] == "finances" and r["document"] == "blagis"],
    }
    expected = {name: len(left) for name, left in without.items() if left}
    assert {name: count for name, _label, count in answer["freeing"]} == expected
    page = atlas_client.get(f"/engagements?{query}").text
    for name, count in expected.items():
        link = re.search(rf'href="([^"]*)">[^<]*\({count}\)</a>', page)
        assert link
        assert heading_count(atlas_client, link[1].replace("&amp;", "&")) == count, name


@pytest.mark.parametrize("query", ["lien=voisin", "discordance=peut-etre", "bbox=1,2", "tri=prix",
                                   "colonnes=prix", "forme=carte", "page=0"])  # fmt: skip
def test_what_is_not_offered_is_refused_by_name(atlas_client: FlaskClient, query: str) -> None:
    answer = atlas_client.get(f"/engagements?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text


def cells(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [
        [
            re.sub(r"<[^>]+>", "", part).strip()
            for part in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)
        ]
        for row in rows
    ]


def test_the_table_is_sorted_by_date_with_the_dateless_last(atlas_client: FlaskClient) -> None:
    dates = sorted(r["due"] for r in ROWS if r["due"])
    shown = ["/".join(reversed(date.split("-"))) for date in dates]
    query = "/engagements?forme=tableau&colonnes=echeance&tri="
    for order, expected in (("echeance", shown), ("-echeance", shown[::-1])):
        page = atlas_client.get(query + order).text
        assert 'aria-sort="descending"' in page or order == "echeance"
        assert [row[1] for row in cells(page)[: len(dates)]] == expected


def test_the_columns_are_those_asked_for_and_can_be_changed(atlas_client: FlaskClient) -> None:
    page = atlas_client.get("/engagements?forme=tableau&colonnes=theme,discordances&nature=study")
    heads = re.findall(r'<th scope="col".*?</th>', page.text)
    assert [re.sub(r"<[^>]+>", "", head) for head in heads] == [
        "Engagement", "Thème", "Discordances",
    ]  # fmt: skip
    wider = atlas_client.get(
        "/engagements?forme=tableau&nature=study&colonnes=&colonnes=theme&colonnes=porteur",
        follow_redirects=True,
    )
    assert wider.request.full_path.endswith(
        "nature=study&colonnes=theme,porteur".replace(",", "%2C")
    )
    assert len(re.findall(r'<th scope="col"', wider.text)) == 3


def test_the_table_beside_the_map_says_what_the_files_say(atlas_client: FlaskClient) -> None:
    query = "document=ivry&nature=study&tri=-porteur&colonnes=porteur,discordances"
    answer = atlas_client.get(f"/carte/tableau.json?{query}").json
    studies = {r["id"]: r for r in ROWS if r["document"] == "ivry" and r["kind"] == "study"}
    assert {row["id"] for row in answer["rows"]} == set(studies)
    disputes = [cell(row, "commitments") for row in table("discrepancies")]
    for row in answer["rows"]:
        assert row["places"] == cell(studies[row["id"]], "places")
        count = sum(row["id"] in ids for ids in disputes)
        assert row["cells"][2] == (str(count) if count else "")
    leads = [row["cells"][1] for row in answer["rows"]]
    filled = [lead for lead in leads if lead]
    assert leads == filled + [""] * (len(leads) - len(filled))
    assert filled[0] >= filled[-1]


def test_the_places_of_the_table_are_those_of_the_map(atlas_client: FlaskClient) -> None:
    query = "territoire=commune-ivry-sur-seine&lien=direct"
    shown = atlas_client.get(f"/carte/filtre.json?{query}").json["places"]
    expected = {
        id for r in ROWS for id in cell(r, "places") if lies_in(id, "commune-ivry-sur-seine")
    }
    assert set(shown) == expected
    listed: set[str] = set()
    for page in (1, 2):
        answer = atlas_client.get(f"/carte/tableau.json?tableau=lieux&{query}&page={page}").json
        listed |= {row["id"] for row in answer["rows"]}
    assert listed == expected


def test_the_page_of_a_row_is_found(atlas_client: FlaskClient) -> None:
    wanted = ROWS[300]["id"]
    answer = atlas_client.get(f"/carte/tableau.json?repere={wanted}").json
    assert wanted in {row["id"] for row in answer["rows"]}
    assert atlas_client.get("/carte/tableau.json?repere=none").json["page"] == 1


def test_the_scripts_know_every_filter() -> None:
    script = (DATA.parent / "webmap" / "static" / "js" / "state.js").read_text(encoding="utf-8")
    listed = re.search(r"FILTERS = \[(.*?)\]", script, re.S)
    assert listed
    assert re.findall(r'"([^"]+)"', listed[1]) == [p.name for p in ON_THE_MAP]


def test_the_csv_holds_what_the_list_holds(atlas_client: FlaskClient) -> None:
    query = "porteur=ville-de-malakoff&lien=direct"
    answer = atlas_client.get(f"/telecharger/engagements.csv?{query}")
    rows = csv.DictReader(answer.text.removeprefix("\ufeff").splitlines(), delimiter=";")
    expected = [r["id"] for r in ROWS if "ville-de-malakoff" in cell(r, "lead") and r["places"]]
    assert [row["id"] for row in rows] == expected
    page = atlas_client.get(f"/engagements?{query}").text
    assert f"/telecharger/engagements.csv?{query}".replace("&", "&amp;") in page


def package(client: FlaskClient, query: str, data: str) -> tuple[str, io.BytesIO]:
    """The README of what the register lets take away, and the file of it with this ending."""
    with client.get(f"/telecharger/engagements.zip?{query}") as answer:
        assert answer.status_code == 200, answer.text
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
    name = next(name for name in archive.namelist() if name.endswith(data))
    return archive.read("README.txt").decode("utf-8-sig"), io.BytesIO(archive.read(name))


@pytest.mark.parametrize("query", ORACLE)
def test_a_download_holds_exactly_what_the_filter_leaves(
    atlas_client: FlaskClient, query: str
) -> None:
    expected = [r["id"] for r in ROWS if ORACLE[query](r)]
    readme, file = package(atlas_client, f"{query}&format=geojson", ".geojson")
    assert [f["id"] for f in json.load(file)["features"]] == expected
    asked = query.replace("=", " = ").replace("&", " ; ")
    # Whatever the order of the address.
    said = re.search(r"Demande : (.*)\r\n", readme)
    assert said
    assert sorted(said[1].split(" ; ")) == sorted(asked.split(" ; "))
    for line in ("Objets annoncés", "Objets livrés"):
        assert f"{line} : {len(expected)}\r\n" in readme


@pytest.mark.parametrize("format_id", FORMATS)
def test_every_format_takes_the_filters(atlas_client: FlaskClient, format_id: str) -> None:
    box = (2.36, 48.80, 2.40, 48.83)
    within = inside(box)
    expected = [
        r["id"]
        for r in ROWS
        if r["document"] == "ivry"
        and r["kind"] == "study"
        and not within.isdisjoint(cell(r, "places"))
    ]
    assert len(expected) > 1
    query = f"document=ivry&nature=study&q=&bbox={','.join(map(str, box))}&format={format_id}"
    data = {"shp": ".dbf", "jsonfg": ".fg.json", "dxf": ".csv"}.get(format_id, f".{format_id}")
    crs = 2154 if 2154 in FORMATS[format_id].systems else 4326
    readme, file = package(atlas_client, f"{query}&crs={crs}", data)
    assert f"Objets annoncés : {len(expected)}\r\n" in readme
    assert f"Objets livrés : {len(expected)}\r\n" in readme
    for said in ("document = ivry", "nature = study", "bbox = 2.36,48.8,2.4,48.83", f"EPSG:{crs}"):
        assert said in readme
    if format_id not in {"xlsx", "parquet"}:
        content = file.read()
        assert [id for id in expected if id.encode() not in content] == []


@pytest.mark.parametrize("query", ["document=ivry", "document=ivry&lien=proximite", "q=Bruneseau"])
def test_the_places_of_the_table_are_taken_away_layer_by_layer(
    atlas_client: FlaskClient, query: str
) -> None:
    pages = [
        atlas_client.get(f"/carte/tableau.json?tableau=lieux&{query}&page={n}").json
        for n in range(1, 20)
    ]
    expected = {row["id"] for page in pages for row in page["rows"]}
    address = f"/telecharger/engagements.zip?tableau=lieux&{query}&format=geojson"
    with atlas_client.get(address) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
    found = [
        feature["id"]
        for name in archive.namelist()
        if name.endswith(".geojson")
        for feature in json.loads(archive.read(name))["features"]
    ]
    assert len(found) == len(expected)
    assert set(found) == expected
    assert (
        f'<option value="lieux">{len(expected)} lieu'
        in atlas_client.get(f"/engagements?{query}").text
    )
    assert "tableau = lieux" in archive.read("README.txt").decode("utf-8-sig")


def test_what_leaves_no_place_has_none_to_take_away(atlas_client: FlaskClient) -> None:
    query = "q=zzzzzz"
    page = atlas_client.get(f"/engagements?{query}").text
    assert "/telecharger/engagements.zip" not in page
    places = atlas_client.get(f"/telecharger/engagements.zip?tableau=lieux&{query}")
    assert places.status_code == 400
    readme, file = package(atlas_client, f"{query}&format=geojson", ".geojson")
    assert json.load(file)["features"] == []
    assert "Objets livrés : 0" in readme
