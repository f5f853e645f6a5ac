"""Printed maps read back by software that nobody here wrote: scale, place, words, fonts."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from tests.hatching import slope
from tests.webmap.printed import Printed, squeezed
from webmap.mapping.grounds import styles
from webmap.site import Site

PROGRAM = {"Accept": "application/json"}
PDF = "/imprimer/carte.pdf"
DPI = 300
PAPERS = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594), "A0": (1189, 841)}
project = Transformer.from_crs("OGC:CRS84", "EPSG:2154", always_xy=True).transform


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed")


@pytest.fixture(scope="module")
def printed(atlas_app: Flask, folder: Path):
    """Print the project's own atlas; the same query is printed once."""
    kept: dict[str, Printed] = {}

    def make(query: str) -> Printed:
        if query not in kept:
            answer = atlas_app.test_client().get(f"{PDF}?{query}")
            assert answer.status_code == 200, answer.text
            assert answer.content_type == "application/pdf"
            path = folder / f"map-{len(kept)}.pdf"
            path.write_bytes(answer.data)
            kept[query] = Printed(path)
        return kept[query]

    return make


@pytest.fixture(scope="module")
def site(atlas_app: Flask) -> Site:
    found: Site = atlas_app.extensions["limitrophe"]
    return found


PINARD = "lieu=boulevard-adolphe-pinard&echelle=10000"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("orientation", ["paysage", "portrait"])
def test_page_size_and_place_on_every_paper(printed, paper, orientation):
    found = printed(f"{PINARD}&format={paper}&orientation={orientation}")
    width, height = PAPERS[paper] if orientation == "paysage" else PAPERS[paper][::-1]
    assert found.size_mm(0) == pytest.approx((width, height), abs=0.01)
    assert CRS.from_wkt(found.gdal()["coordinateSystem"]["wkt"]).to_epsg() == 2154
    west, south, east, north = *found.neatline().min(axis=0), *found.neatline().max(axis=0)
    x, y = project(2.30, 48.823)
    assert west < x < east
    assert south < y < north


@pytest.mark.parametrize("scale", [500, 1234, 5000, 25_000])
def test_the_scale_error_is_below_a_thousandth(printed, scale):
    """The frame in metres as GDAL reads it, against its size on the page."""
    found = printed(f"lieu=porte-de-vanves&echelle={scale}&format=A1")
    left, bottom, right, top = found.viewport_mm()
    plane = found.neatline()
    for measured, paper in ((0, right - left), (1, top - bottom)):
        metres = plane[:, measured].max() - plane[:, measured].min()
        assert metres * 1000 / paper == pytest.approx(scale, rel=1e-6)


@pytest.mark.parametrize(("scale", "step"), [(500, 20), (5000, 200), (25_000, 1000)])
def test_the_ruler_marks_of_the_grid_are_where_their_coordinates_say(printed, scale, step):
    found = printed(f"lieu=porte-de-vanves&echelle={scale}&format=A1")
    left, bottom, _right, _top = found.viewport_mm()
    west, south = found.neatline().min(axis=0)
    crossings = {
        ((ax + bx) / 2, (ay + by) / 2)
        for (ax, ay), (bx, by) in found.segments_mm("Quadrillage")
        if abs(ay - by) < 1e-6
    }
    assert len(crossings) >= 4
    xs = sorted({round(x, 3) for x, _y in crossings})
    assert (xs[1] - xs[0]) * scale / 1000 == pytest.approx(step, rel=1e-4)
    for x, y in crossings:
        for coordinate in (west + (x - left) * scale / 1000, south + (y - bottom) * scale / 1000):
            assert abs(coordinate / step - round(coordinate / step)) * step < 0.002 * scale / 1000
    easting = round(west + (xs[1] - left) * scale / 1000)
    assert f"E {easting:,}".replace(",", " ") in found.text


def test_a_symbol_is_where_gdal_and_pyproj_say(printed, site):
    found = printed("lieu=porte-de-vanves&echelle=2000&couches=interfaces")
    place = site.atlas.place("porte-de-vanves").geometry
    x, y = project(place.x, place.y)
    x0, dx, _rx, y0, _ry, dy = found.gdal()["geoTransform"]
    column, row = round((x - x0) / dx), round((y - y0) / dy)
    around = found.pixels()[row - 3 : row + 4, column - 3 : column + 4].reshape(-1, 3)
    assert abs(around.mean(axis=0) - (0xB2, 0x3A, 0x1E)).max() < 12


def test_the_numbers_of_the_page_say_the_scale_factor_and_north(printed):
    found = printed(PINARD)
    assert "1:10 000" in found.text
    assert "1 cm pour 100 m" in found.text
    factor, angle = re.search(r"facteur (0,\d+).*? à (0,\d+)° à l’est", found.text).groups()
    a, b = project(2.3032, 48.8222), project(2.3032, 48.8223)
    north = math.degrees(math.atan2(b[0] - a[0], b[1] - a[1]))
    assert float(angle.replace(",", ".")) == pytest.approx(north, abs=0.02)
    assert float(factor.replace(",", ".")) == pytest.approx(0.99987, abs=0.00002)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_commitment_of_the_place_is_listed_with_its_source(printed, site, language):
    found = printed(f"{PINARD}&lang={language}")
    for id in site.atlas.direct["boulevard-adolphe-pinard"]:
        summary = getattr(site.atlas.commitment(id), f"summary_{language}")
        assert squeezed(summary) in found.text
    assert f"{'Page 1 sur' if language == 'fr' else 'Page 1 of'} {len(found.pages)}" in found.text


def test_the_numbers_of_the_list_are_on_the_map(printed, site):
    found = printed(f"{PINARD}&couches=voies-limitrophes")
    count = int(re.search(r"Engagements qui nomment les lieux montrés \((\d+)\)", found.text)[1])
    on_map: set[int] = set()
    first = found.pages[0].extract_text()
    for line in first.splitlines():
        if re.fullmatch(r"\d+(–\d+)?(, \d+(–\d+)?)*,?", line.strip()):
            for part in line.strip(" ,").split(", "):
                low, _, high = part.partition("–")
                on_map |= set(range(int(low), int(high or low) + 1))
    assert set(range(1, count + 1)) <= on_map


def test_the_legend_names_what_is_shown_and_nothing_else(printed):
    found = printed(f"{PINARD}&couches=voies-limitrophes,sites-parisiens-ivry")
    assert "Voies limitrophes" in found.text
    assert "Sites parisiens à Ivry" not in found.text
    assert "Boulevard périphérique" in found.text
    assert "Quartiers prioritaires" not in found.text


def swatches(found: Printed, page: int) -> dict[str, np.ndarray]:
    """The symbols of the legend by their words, in the grey of a printer without colour."""
    words, image, pixel = found.words_mm(page), found.grey(page, DPI), DPI / 25.4
    column, (across, *_sides) = words["Légende"][0], words["Territoires"]
    rows = {text: box for text, box in words.items() if abs(box[0] - across) < 0.5}
    high, wide = round(5.5 * pixel), round((across - column - 0.5) * pixel)
    return {
        text: image[round((top + bottom) / 2 * pixel) - high // 2 :, round(column * pixel) :][
            :high, :wide
        ]
        for text, (_left, top, _right, bottom) in rows.items()
    }


def test_the_legend_is_read_in_black_and_white(printed, site):
    """Symbols differ in how their lines run, in how much of them is dark, or in how dark it is."""
    layers = [layer for layer in site.atlas.layers.values() if not layer.background]
    listed = ",".join(layer.id for layer in layers)
    found = printed(f"zone=val-de-marne&echelle=25000&format=A1&couches={listed}")
    seen = swatches(found, page=3)
    own = {layer.title_fr for layer in layers} | {
        entry["label_fr"]
        for layer in layers
        for entry in styles()[layer.style].get("category", {}).get("values", [])
    }
    assert len(seen.keys() & own) > 15
    hatched = {"Entrant en 2024": "rising", "Inchangé": "horizontal", "Sorti en 2024": "falling"}
    assert {label: run(seen[label]) for label in hatched} == hatched
    alike = [
        f"{one} – {other}"
        for one, other in combinations(sorted(seen.keys() & own), 2)
        if run(seen[one]) == run(seen[other])
        and 0.8 < (255 - seen[one].mean()) / (255 - seen[other].mean()) < 1.25
        and abs(seen[one].min() - seen[other].min()) < 30
    ]
    assert alike == []


def run(swatch: np.ndarray) -> str:
    """How the lines within a swatch run."""
    rows, columns = swatch.shape
    inside = swatch[rows // 4 : -rows // 4, columns // 6 : -columns // 6]
    return slope(inside[:, :, None], reach=6)


def test_sources_licences_and_dates_are_those_of_what_is_shown(printed, site):
    found = printed(PINARD)
    assert "© OpenStreetMap contributors, ODbL" in found.text
    assert "ODbL 1.0" in found.text
    assert site.atlas.content_hash[:8] in found.text
    assert re.search(r"Produit le \d\d/\d\d/\d{4}", found.text)


def test_a_scale_beyond_the_precision_of_a_layer_is_warned_of(printed):
    near = printed("lieu=porte-de-vanves&echelle=1000")
    assert "Précision : à 1:1 000" in near.text
    assert "Interfaces et secteurs de projet (1:10 000)" in near.text
    assert "Précision :" not in printed(PINARD).text


def test_fonts_are_embedded_language_and_title_are_set(printed):
    for query, language in ((PINARD, "fr"), (f"{PINARD}&lang=en", "en")):
        found = printed(query)
        root = found.reader.trailer["/Root"]
        assert root["/Lang"] == language
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert found.reader.metadata.title == "Boulevard Adolphe-Pinard"
        for page in found.pages:
            fonts = page["/Resources"]["/Font"].values()
            assert fonts
            for font in fonts:
                assert "/FontFile2" in font["/FontDescriptor"]
                assert "/ToUnicode" in font


def test_the_code_leads_to_the_same_view(printed, atlas_client: FlaskClient):
    found = printed(f"{PINARD}&couches=voies-limitrophes")
    links = {a.get_object()["/A"]["/URI"] for a in found.pages[0]["/Annots"]}
    (link,) = (link for link in links if "vue=" in link)
    assert "couches=voies-limitrophes" in link
    assert "lieu=boulevard-adolphe-pinard" in link
    assert atlas_client.get(link).status_code == 200


def test_a_series_has_an_index_and_covers_the_area(printed):
    found = printed("zone=paris-sud-ouest&echelle=5000&format=A4")
    count = int(re.search(r"Plan d’assemblage : (\d+) feuilles A4 au 1:5 000", found.text)[1])
    frames = [found.neatline(page) for page in range(2, count + 2)]
    for lon in (2.2895, 2.3057, 2.322):
        for lat in (48.8165, 48.8272, 48.838):
            x, y = project(lon, lat)
            assert any((f.min(0) <= (x, y)).all() and ((x, y) <= f.max(0)).all() for f in frames)
    for number in range(1, count + 1):
        assert f"Feuille {number} sur {count}" in found.text
    whole = found.neatline(1)
    assert (whole.min(0) <= min(map(tuple, (f.min(0) for f in frames)))).all()


def test_the_same_order_gives_the_same_bytes(atlas_app: Flask):
    first = atlas_app.test_client().get(f"{PDF}?{PINARD}")
    atlas_app.extensions.pop("limitrophe-plane")
    again = atlas_app.test_client().get(f"{PDF}?{PINARD}&titre=")
    assert first.headers["ETag"] == again.headers["ETag"]


def test_a_title_is_printed_and_one_that_cannot_be_is_refused(printed, atlas_client: FlaskClient):
    found = printed(f"{PINARD}&titre=Réunion publique de Vanves")
    assert "Réunion publique de Vanves" in found.text
    assert found.reader.metadata.title == "Réunion publique de Vanves"
    for title in ("地図", "x" * 121):
        answer = atlas_client.get(PDF, query_string={"titre": title}, headers=PROGRAM)
        assert answer.status_code == 400
        assert answer.get_json()["parameter"] == "titre"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("echelle=499", "echelle"),
        ("echelle=25001", "echelle"),
        ("echelle=un", "echelle"),
        ("format=A5", "format"),
        ("orientation=biais", "orientation"),
        ("couches=inconnue", "couches"),
        ("couches=contexte", "couches"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=-170,10,-160,20", "bbox"),
        ("emprise=bbox", "bbox"),
        ("lieu=nulle-part", "lieu"),
        ("lieu=porte-de-vanve", "lieu"),
        ("engagement=aucun", "engagement"),
        ("emprise=engagement", "engagement"),
        ("zone=aucune", "zone"),
        ("emprise=ailleurs", "emprise"),
        ("bbox=2,48,3,49&echelle=500", "echelle"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_name(atlas_client, query, parameter):
    answer = atlas_client.get(f"{PDF}?{query}", headers=PROGRAM)
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == parameter
    assert answer.get_json()["allowed"]


def test_what_nothing_locates_is_refused(client: FlaskClient):
    for query, parameter in (
        ("lieu=site-perdu", "lieu"),
        ("engagement=convention-a-3", "engagement"),
    ):
        answer = client.get(f"{PDF}?{query}", headers=PROGRAM)
        assert answer.get_json()["parameter"] == parameter


def test_a_series_that_is_too_long_says_how_many_sheets_and_what_would_do(atlas_client):
    query = "zone=val-de-marne&echelle=5000&format=A4"
    refusal = atlas_client.get(f"{PDF}?{query}", headers=PROGRAM).get_json()
    needed = re.search(r"au plus 20 feuilles ; il en faudrait (\d+)", refusal["allowed"])[1]
    assert int(needed) > 20
    page = atlas_client.get(f"/imprimer?{query}")
    assert page.status_code == 200
    assert f"il en faudrait {needed}" in page.text
    zone = "zone=paris-sud-ouest&format=A4"
    refusal = atlas_client.get(f"{PDF}?{zone}&echelle=1000", headers=PROGRAM).get_json()
    scale = re.search(r"à partir de 1:([\d\s]+),", refusal["allowed"])[1]
    remedy = re.sub(r"\s", "", scale)
    assert atlas_client.get(f"{PDF}?{zone}&echelle={remedy}").status_code == 200


def test_more_than_can_be_drawn_in_seconds_is_refused(client: FlaskClient, monkeypatch):
    monkeypatch.setattr("webmap.printing.document.MAX_SHAPES", 2)
    refusal = client.get(f"{PDF}?format=A3&lang=fr", headers=PROGRAM).get_json()
    assert refusal["parameter"] == "couches"
    assert "prenez moins de couches" in refusal["allowed"]


def test_the_form_says_what_would_be_printed(atlas_client: FlaskClient):
    page = atlas_client.get("/imprimer?lieu=boulevard-adolphe-pinard&echelle=5000").text
    assert "2 feuilles A4 au 1:5" in page
    assert 'value="lieu" checked' in page
    english = atlas_client.get("/imprimer?lang=en").text
    assert "Produce the PDF" in english


def test_ticked_layers_become_one_readable_address(atlas_client: FlaskClient):
    answer = atlas_client.get("/imprimer?couches=&couches=voies&couches=qpv")
    assert answer.status_code == 303
    assert "couches=voies%2Cqpv" in answer.headers["Location"]
    assert atlas_client.get(f"{PDF}?couches=&couches=voies&couches=qpv").status_code == 200


def test_the_map_and_the_places_lead_to_the_form(atlas_client: FlaskClient):
    assert 'href="/imprimer"' in atlas_client.get("/").text
    page = atlas_client.get("/lieux/porte-de-vanves").text
    assert "/imprimer?lieu=porte-de-vanves" in page


queries = st.fixed_dictionaries(
    {},
    optional={
        "echelle": st.one_of(st.integers(0, 30_000).map(str), st.text(max_size=8)),
        "format": st.sampled_from(["A4", "A0", "a4", ""]),
        "orientation": st.sampled_from(["paysage", "portrait", "x"]),
        "couches": st.sampled_from(["", "voies", "voies,sites", "x", ",,"]),
        "bbox": st.one_of(
            st.lists(st.floats().map(str), max_size=5).map(",".join),
            st.just("2.30,48.80,2.33,48.82"),
        ),
        "lieu": st.sampled_from(["", "gare", "les-deux", "site-perdu", "x"]),
        "engagement": st.sampled_from(["", "convention-a-1", "convention-b-1-1"]),
        "emprise": st.sampled_from(["", "lieu", "bbox", "zone", "engagement"]),
        "titre": st.text(max_size=20),
        "lang": st.sampled_from(["fr", "en"]),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=queries)
def test_any_order_is_printed_or_refused(app: Flask, query: dict[str, str]) -> None:
    for path in ("/imprimer", PDF):
        answer = app.test_client().get(path, query_string=query, headers=PROGRAM)
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            named = {*query, query.get("emprise") or "zone"}
            assert answer.get_json()["parameter"] in named


def test_the_filters_of_the_map_hold_for_the_print(printed, site: Site, atlas_client: FlaskClient):
    asked = "zone=paris-sud-ouest&echelle=10000&format=A1&nature=study&porteur=ville-de-paris"
    commitments = site.atlas.commitments.values()
    everything = printed("zone=paris-sud-ouest&echelle=10000&format=A1").text
    found = printed(asked)
    left = {c.id for c in commitments if str(c.kind) == "study" and "ville-de-paris" in c.lead}
    shown = [c for c in commitments if squeezed(c.summary_fr) in everything]
    listed = {c.id for c in shown if squeezed(c.summary_fr) in found.text}
    assert listed == left & {c.id for c in shown}
    assert 0 < len(listed) < len(shown)
    assert f"lieux montrés ({len(listed)})" in found.text
    links = {a.get_object()["/A"]["/URI"] for a in found.pages[0]["/Annots"]}
    assert any("vue=" in link and "nature=study" in link for link in links)
    form = atlas_client.get(f"/imprimer?{asked}").text
    assert '<input type="hidden" name="nature" value="study">' in form
