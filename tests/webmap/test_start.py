"""What happens at the start: every fault is told, and a real server serves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from layers.errors import DataFaults
from tests.webmap.conftest import serving, trial_content
from webmap import create_app
from webmap.config import ROOT, SettingFaults
from webmap.i18n import CatalogueMissing


def start(**environment: object) -> subprocess.CompletedProcess[str]:
    values = {name: str(value) for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, "-m", "webmap.wsgi"],
        cwd=ROOT,
        env={**os.environ, **values},
        capture_output=True,
        text=True,
    )


def test_broken_data_stop_the_start_with_every_fault(tmp_path: Path) -> None:
    content = trial_content()
    content.commitment("convention-a-1")["kind"] = "maybe"
    content.feature("square")["properties"]["name"] = ""
    done = start(LIMITROPHE_DATA=content.write(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot start: 2 faults in the data\n")
    assert "commitments/convention.csv, line 2, kind" in done.stderr
    assert "geo/sites.geojson, feature square" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_layer_that_cannot_be_drawn_stops_the_start(tmp_path: Path) -> None:
    content = trial_content()
    content.catalogue = content.catalogue.replace('style = "voies"', 'style = "voie"')
    with pytest.raises(DataFaults, match="no style has the id 'voie'"):
        create_app({"LIMITROPHE_DATA": content.write(tmp_path)})


def test_settings_that_cannot_be_used_stop_the_start() -> None:
    done = start(LIMITROPHE_DATA="no/such/folder", LIMITROPHE_MAX_AGE="soon")
    assert done.returncode == 1
    assert "LIMITROPHE_DATA: got 'no/such/folder'" in done.stderr
    assert "LIMITROPHE_MAX_AGE: got 'soon'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_slip_in_a_setting_stops_the_factory(trial_folder: Path) -> None:
    with pytest.raises(SettingFaults, match="did you mean LIMITROPHE_DATA"):
        create_app({"LIMITROPHE_DATA": trial_folder, "LIMITROPHE_DAT": "x"})


def test_an_interface_that_is_not_compiled_stops_the_factory(
    trial_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.i18n.CATALOGUE", tmp_path / "messages.mo")
    with pytest.raises(CatalogueMissing, match="not compiled"):
        create_app({"LIMITROPHE_DATA": trial_folder})


@pytest.mark.live
def test_the_production_server_serves(trial_folder: Path) -> None:
    with serving(trial_folder) as address:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            state = json.loads(answer.read())
        assert state["status"] == "ok"
        assert state["commitments"] == 6
        items = f"{address}/ogc/collections/voies/items"
        request = urllib.request.Request(items, headers={"Accept-Encoding": "br"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert answer.headers["Content-Type"] == "application/geo+json"
