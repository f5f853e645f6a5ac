"""Does the comparison of services serve the same data everywhere, and read and judge rightly?"""

from __future__ import annotations

import csv
import json

import pyogrio
import pytest
import shapely

from benchmarks import load, service, service_data, service_report
from benchmarks.service_data import TEXTS, Dataset
from layers.atlas import Atlas

SMALL = (Dataset("detail", 5, "Polygon", 40), Dataset("rues", 60, "LineString", 4))

REPORT = """\
Running 2s test @ http://127.0.0.1:8000/
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.65ms    2.89ms  36.15ms   95.14%
    Req/Sec    10.01k     5.70k   21.80k    57.50%
  Latency Distribution
     50%  850.00us
     75%    1.59ms
     90%    2.86ms
     99%    1.20s
  39921 requests in 2.01s, 315.68MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 816
Requests/sec:  19852.91
Transfer/sec:    156.98MB
"""


@pytest.mark.parametrize("dataset", SMALL, ids=lambda d: d.id)
def test_every_form_holds_the_same_features(tmp_path, dataset):
    atlas = Atlas.load(service_data.write_folder(tmp_path / "ours", SMALL))
    ours = atlas.features[dataset.id]
    file = service_data.write_geojson(tmp_path / "all.json", dataset)
    package = service_data.write_geopackage(tmp_path / "all.gpkg", dataset)
    with service_data.write_table(tmp_path / "all.csv", dataset).open(encoding="utf-8") as rows:
        table = list(csv.reader(rows))
    features = json.loads(file.read_text("utf-8"))["features"]
    frame = pyogrio.read_dataframe(package)
    assert len(ours) == len(features) == len(frame) == len(table) == dataset.count
    for position, feature in enumerate(features):
        texts = [feature["properties"][name] for name in TEXTS]
        served = json.loads(ours.encoded[position])["properties"]
        assert [served[name] for name in TEXTS] == texts
        assert list(frame.loc[position, list(TEXTS)]) == texts
        assert table[position][2:-1] == texts
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        told = shapely.from_wkt(table[position][-1].removeprefix("SRID=4326;"))
        for other in (ours.geometries[position], frame.geometry[position], told):
            assert shapely.equals(shape, other)


def test_features_are_the_same_in_every_run():
    assert list(service_data.features(SMALL[0])) == list(service_data.features(SMALL[0]))


def test_the_report_of_the_load_is_read():
    assert load.read(REPORT) == load.Load(rate=19852.91, p50_ms=0.85, p99_ms=1200.0, failed=819)


def test_a_moving_measure_is_asked_within_the_square():
    for measure in (*service.MEASURES, *service.SCALING):
        path = service.example(service.ours_path(measure), measure)
        assert "<" not in path
        assert " " not in path


@pytest.mark.parametrize(("rate", "verdict"), [(2500.0, "**met**"), (2499.0, "**not met**")])
def test_a_target_is_met_or_not(rate, verdict):
    run = service.Run(geojson_mb=10.0)
    run.memory[service.OURS] = load.Memory(60.0, 29.0, 5.0)
    measure = "page of 10"
    run.found = {
        service.OURS: {measure: [load.Load(rate, 1.0, 2.0, 0)] * 3},
        "pygeoapi": {measure: [load.Load(100.0, 1.0, 3.0, 0)] * 3},
    }
    told = list(service_report.targets(run))
    line = next(line for line in told if line.startswith(f"{measure}, at least 25 times"))
    assert line.endswith(verdict)
    assert any("not measured" in line for line in told)
    assert next(line for line in told if line.startswith("memory")).count("**met**") == 1
