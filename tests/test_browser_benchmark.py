"""Does the comparison in the browser show the same data everywhere, and judge rightly?"""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace

import brotli
import pytest

from benchmarks import browser, browser_pages
from benchmarks.browser import FOLIUM, LEAFLET, OURS, SCENES, Visit
from benchmarks.service_data import Dataset, features

SMALL = Dataset("rues", 12, "LineString", 4)


def test_the_peers_hold_the_same_features_in_the_same_view(tmp_path):
    browser_pages.write_peers(tmp_path, SMALL, {"street": browser.STREET})
    expected = list(features(SMALL))
    with browser_pages.serving_files(tmp_path) as address:

        def get(name: str) -> str:
            with urllib.request.urlopen(f"{address}/{name}", timeout=10) as answer:
                assert answer.headers["Content-Encoding"] == "br"
                return brotli.decompress(answer.read()).decode()

        assert json.loads(get("rues.json"))["features"] == expected
        pages = [get(f"{peer}-rues-street.html") for peer in (FOLIUM, LEAFLET)]
    assert all(feature["id"] in pages[0] for feature in expected)
    assert "rues.json" in pages[1]
    assert all(
        "48.85, 2.35" in page and "http" not in page.split("<body>")[0] for page in pages[1:]
    )
    assert "https://" not in pages[0].split("</head>")[0]
    assert browser_pages.ours_path(SMALL, browser.STREET) == "/?couches=rues&vue=48.85,2.35,15.0"


@pytest.mark.parametrize(("drawn", "verdict"), [(8000.0, "**met**"), (7999.0, "**not met**")])
def test_a_target_is_a_ratio_of_medians(drawn, verdict):
    ours = Visit(first=900, drawn=1000, zoom=100, longest=90, heap=10, bytes=200)
    folium = replace(ours, drawn=drawn, zoom=400)
    found = {
        (scene.title, name): [visit, visit, replace(visit, drawn=1e9)]
        for scene in SCENES
        for name, visit in ((OURS, ours), (FOLIUM, folium), (LEAFLET, folium))
    }
    told = list(browser.verdicts(found))
    assert told[0].endswith(verdict)
    assert all(line.endswith("**met**") for line in told[1:])
    own = {1.0: [replace(ours, first=999)], 4.0: [replace(ours, first=1000)]}
    text = browser.report(found, own, rounds=3, slowdown=4)
    assert "| all drawn, ms | 1,000 |" in text
    target = "the atlas: first useful map, ms, less than 1000"
    assert f"{target}, at full speed: 999: **met**" in text
    assert f"{target}, slowed down 4 times: 1000: **not met**" in text
    assert "the atlas: received, kB, less than 350: 200: **met**" in text
