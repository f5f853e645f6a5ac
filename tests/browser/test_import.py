"""A file on the map: dropped or chosen, shown before it is used, refused in plain words."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pyogrio
import shapely
from playwright.sync_api import Page, expect
from pyproj import Transformer

from tests.browser.axe import axe_faults
from tests.browser.conftest import PHONE, Visit

Visits = Callable[..., Visit]
PINARD = shapely.box(2.3040, 48.8215, 2.3080, 48.8260)
READING = 30_000
"""Milliseconds that reading a file may take on a busy machine: it starts a process."""
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], name));
  return moved;
}"""


def shapefile(folder: Path) -> bytes:
    """A zipped Shapefile in CC49 that does not say so."""
    to = Transformer.from_crs("OGC:CRS84", "EPSG:3949", always_xy=True)
    square = shapely.transform(PINARD, lambda xy: np.column_stack(to.transform(*xy.T)))
    pyogrio.raw.write(
        folder / "projet.shp", shapely.to_wkb(np.array([square])),
        [np.array(["x"], dtype=object)], ["nom"], crs="EPSG:3949", geometry_type="Polygon",
    )  # fmt: skip
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for part in folder.iterdir():
            if part.suffix != ".prj":
                archive.write(part, part.name)
    return whole.getvalue()


def geojson(*coordinates: float) -> bytes:
    return json.dumps({"type": "Point", "coordinates": coordinates}).encode()


def drop(page: Page, name: str, data: bytes) -> None:
    moved = page.evaluate_handle(DROP, [name, base64.b64encode(data).decode()])
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("[data-map-page]", event, {"dataTransfer": moved})


def test_a_shapefile_in_cc49_without_its_system_is_dropped_shown_used_and_taken_away(
    visit: Visits, tmp_path: Path
) -> None:
    v = visit()
    page = v.open("/?vue=48.8231,2.3056,13")
    drop(page, "projet.zip", shapefile(tmp_path))
    card = page.get_by_role("region", name="Interroger avec un fichier")
    expect(card.get_by_role("heading", name="projet.zip")).to_be_focused(timeout=READING)
    expect(card.get_by_role("radio", name="CC49")).to_be_checked()
    expect(card).to_contain_text("reconnu par les coordonnées ; le fichier n’en annonce pas")
    expect(card).to_contain_text("Malakoff, Paris")
    expect(page.locator("path.outline-preview")).to_have_count(1)
    assert "contour" not in page.url
    assert axe_faults(page) == []
    card.get_by_role("button", name="Utiliser cette zone").press("Enter")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("La surface dessinée")
    expect(sheet.get_by_role("link", name="Boulevard Adolphe-Pinard").first).to_be_attached()
    expect(page.locator("path.outline:not(.outline-preview)")).to_have_count(1)
    contour = parse_qs(urlsplit(page.url).query)["contour"][0]
    found = shapely.Polygon([pair.split(",") for pair in contour.split(";")])
    assert shapely.hausdorff_distance(found, PINARD) < 1.5e-6

    announced = sheet.get_by_label("Quoi").locator("option", has_text="Interfaces").inner_text()
    sheet.get_by_label("Quoi").select_option(label=announced)
    sheet.get_by_label("Système de coordonnées").select_option("3949")
    with page.expect_download() as waiting:
        sheet.get_by_role("button", name="Télécharger").click()
    archive = tmp_path / "result.zip"
    waiting.value.save_as(archive)
    name = next(n for n in zipfile.ZipFile(archive).namelist() if n.endswith(".gpkg"))
    read = pyogrio.read_dataframe(f"/vsizip/{archive}/{name}")
    assert f"({len(read)})" in announced
    assert read.crs.to_epsg() == 3949


def test_a_file_is_chosen_by_keyboard_and_the_reader_decides_between_systems(
    visit: Visits,
) -> None:
    page = visit(size=PHONE).open("/?lang=en")
    page.get_by_role("button", name="Import an area").press("Enter")
    card = page.get_by_role("region", name="Ask with a file")
    expect(card.get_by_role("heading", name="Ask with a file")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        field = card.get_by_label("File with the perimeter")
        field.focus()
        page.keyboard.press("Enter")
    data = geojson(1228000, 6195000)
    chooser.value.set_files({"name": "p.json", "mimeType": "text/plain", "buffer": data})
    expect(card).to_contain_text("Several systems fit", timeout=READING)
    expect(card.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.locator("path.outline-preview")).to_have_count(0)
    assert axe_faults(page) == []
    card.get_by_role("radio", name="CC47").press("Space")
    expect(page.locator("path.outline-preview")).to_have_count(1)
    card.get_by_role("button", name="Another file").press("Enter")
    expect(card.get_by_label("File with the perimeter")).to_be_focused()
    expect(page.locator("path.outline-preview")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Import an area")).to_be_focused()


def test_a_file_that_cannot_serve_and_a_lost_network_leave_the_map_as_it_was(
    visit: Visits,
) -> None:
    v = visit()
    page = v.open("/?lieu=boulevard-adolphe-pinard&vue=48.8231,2.3056,15")
    sheet = page.get_by_role("region", name="Fiche")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("Pinard")
    before = page.url
    card = page.get_by_role("region", name="Interroger avec un fichier")
    alert = card.get_by_role("alert")
    for data, said in (
        (b"PK\x03\x04 cut", "l’archive ne s’ouvre pas"),
        (geojson(12.5, 41.9), "dans aucun des systèmes reconnus"),
        (bytes(16_000_001), "16 Mo au plus"),
    ):
        drop(page, "essai", data)
        expect(alert).to_contain_text(said, timeout=READING)
    page.route("**/question/fichier*", lambda route: route.abort("connectionfailed"))
    drop(page, "essai.json", geojson(2.306, 48.824))
    expect(alert).to_contain_text("Le réseau ne répond pas : le fichier n’a pas été lu")
    expect(sheet.get_by_role("heading", level=2)).to_contain_text("Pinard")
    assert page.url == before
    v.trouble.clear()  # the browser reports the refusals and the failure that are asked for


def test_without_scripts_a_file_is_sent_by_the_page_of_the_question(visit: Visits) -> None:
    page = visit(tiles=False).open("/question")
    data = json.dumps(shapely.geometry.mapping(PINARD)).encode()
    page.get_by_label("Fichier du périmètre").set_input_files(
        {"name": "zone.geojson", "mimeType": "application/geo+json", "buffer": data}
    )
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("zone.geojson")
    expect(page.locator("main")).to_contain_text("Malakoff, Paris")
    assert axe_faults(page) == []
    page.get_by_role("button", name="Utiliser cette zone").click()
    expect(page.get_by_role("heading", name="Télécharger le résultat")).to_be_visible()
    expect(page.locator(".lead").first).to_contain_text("engagements")
    assert axe_faults(page) == []


def test_what_is_visible_is_downloaded_from_the_map(visit: Visits) -> None:
    page = visit().open("/?vue=48.8231,2.3056,15&couches=voies-limitrophes")
    link = page.get_by_role("link", name="Télécharger ce qui est visible")
    link.focus()
    link.press("Enter")
    expect(page.get_by_label("Collection")).to_have_value("voies-limitrophes")
    west, south, east, north = map(float, page.get_by_label("Emprise").input_value().split(","))
    assert west < 2.3056 < east
    assert south < 48.8231 < north
