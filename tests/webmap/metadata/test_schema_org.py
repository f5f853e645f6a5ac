"""What search engines read in our pages: schema.org, read by validators that nobody here wrote.

schema-dts is schema.org's vocabulary as types, TypeScript's compiler checks against them: a type,
a property or a place for either that schema.org does not have is a fault. What a search engine
asks for beyond it is checked here.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.atlas import Atlas
from layers.exporters.formats import FORMATS
from tests.webmap.conftest import trial_content
from webmap import create_app
from webmap.labels import LICENCES

MODULES = Path(__file__).parents[3] / "webmap" / "node_modules"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def atlas(atlas_app: Flask) -> Atlas:
    found: Atlas = atlas_app.extensions["limitrophe"].atlas
    return found


def described(client: FlaskClient, path: str) -> dict[str, Any]:
    (script,) = SCRIPT.findall(client.get(path).text)
    found: dict[str, Any] = json.loads(script)
    assert found["@context"] == "https://schema.org"
    return found


def check_dataset(found: dict[str, Any], atlas: Atlas) -> None:
    """Check a dataset against what search engines require: name, description of 50 letters."""
    assert found["@type"] == "Dataset"
    assert found["name"]
    assert 50 <= len(found["description"]) <= 5000
    id = found["@id"].rpartition("/")[2]
    bounds = atlas.features[id].bounds
    if bounds:
        south, west, north, east = map(float, found["spatialCoverage"]["geo"]["box"].split())
        assert (west, south, east, north) == pytest.approx(bounds, abs=1e-9)
    licence = atlas.layers[id].licence if id in atlas.layers else "ODbL-1.0"
    assert found["license"] == LICENCES[licence][1]


def test_the_page_of_a_collection_describes_it(atlas_client: FlaskClient, atlas: Atlas) -> None:
    for id in atlas.features:
        found = described(atlas_client, f"/ogc/collections/{id}?f=html")
        check_dataset(found, atlas)
        assert found["@id"] == f"http://localhost/catalogue/{id}"
        assert {form["@type"] for form in found["distribution"]} == {"DataDownload"}
        addresses = {form["contentUrl"] for form in found["distribution"]}
        assert f"http://localhost/telecharger/{id}.geojson" in addresses
        assert len(addresses) >= len(FORMATS) + 2
        assert found["includedInDataCatalog"]["@id"] == "http://localhost/catalogue"


@pytest.mark.parametrize("path", ["/telecharger", "/sources"])
def test_the_pages_that_list_everything_describe_everything(
    atlas_client: FlaskClient, atlas: Atlas, path: str
) -> None:
    found = described(atlas_client, path)
    assert found["@type"] == "DataCatalog"
    assert {d["@id"].rpartition("/")[2] for d in found["dataset"]} == set(atlas.features)
    for dataset in found["dataset"]:
        check_dataset(dataset, atlas)


def test_descriptions_speak_the_language_of_the_page(atlas_client: FlaskClient) -> None:
    french = described(atlas_client, "/ogc/collections/qpv?f=html&lang=fr")
    english = described(atlas_client, "/ogc/collections/qpv?f=html&lang=en")
    assert french["name"] == "Limitrophe – Quartiers prioritaires"
    assert english["name"] == "Limitrophe – Priority districts"
    assert french["@id"] == english["@id"]


def test_content_cannot_leave_the_script(tmp_path) -> None:
    content = trial_content()
    content.catalogue = content.catalogue.replace(
        'title_fr = "Voies"', 'title_fr = "</script><script>alert(1)</script>"'
    )
    app = create_app({"LIMITROPHE_DATA": content.write(tmp_path), "TESTING": True})
    for path in ("/ogc/collections/voies?f=html", "/telecharger"):
        page = app.test_client().get(path).text
        assert "<script>alert" not in page
        assert "</script><script>alert(1)</script>" in json.dumps(
            described(app.test_client(), path)
        )


def faults(folder: Path, *descriptions: dict[str, Any]) -> list[str]:
    """What schema.org does not have in some descriptions, as the compiler tells it."""
    lines = ['import type { DataCatalog, Dataset, WithContext } from "schema-dts";']
    for place, found in enumerate(descriptions):
        kind = f"WithContext<{found['@type']}>"
        lines.append(f"export const d{place}: {kind} = {json.dumps(found)};")
    folder.joinpath("node_modules").symlink_to(MODULES)
    folder.joinpath("described.ts").write_text("\n".join(lines))
    done = subprocess.run(
        ["node", MODULES / "typescript" / "bin" / "tsc", "--noEmit", "--strict", "--pretty",
         "false", "described.ts"],
        cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    told = done.stdout.splitlines()
    assert bool(done.returncode) == bool(told), done.stderr
    return told


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_descriptions_are_what_schema_org_has(
    atlas_client: FlaskClient, atlas: Atlas, tmp_path: Path, lang: str
) -> None:
    paths = ["/telecharger?", "/sources?"]
    paths += [f"/ogc/collections/{id}?f=html&" for id in atlas.features]
    found = [described(atlas_client, f"{path}lang={lang}") for path in paths]
    assert faults(tmp_path, *found) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"licence": "https://example.org"}, "'\"licence\"' does not exist"),
        ({"creator": {"@type": "Organisation", "name": "x"}}, "Organisation"),
        ({"spatialCoverage": {"@type": "GeoShape", "box": "48 2 49 3"}}, "GeoShape"),
        ({"distribution": [{"@type": "DataDownload", "contentURL": "x"}]}, "contentURL"),
        ({"isAccessibleForFree": ["yes", 3]}, "isAccessibleForFree"),
    ],
)
def test_the_validator_tells_what_schema_org_does_not_have(
    atlas_client: FlaskClient, tmp_path: Path, part: dict[str, Any], fault: str
) -> None:
    found = described(atlas_client, "/ogc/collections/qpv?f=html")
    told = "\n".join(faults(tmp_path, {**found, **part}))
    assert fault in told
