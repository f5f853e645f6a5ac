"""How long do 50,000 features take to a GeoPackage and a zipped Shapefile, beside ogr2ogr?

The features are seeded lines of ten positions with six French texts. Ours start from the atlas's
own features in memory; `ogr2ogr` reads the same features from a file, GeoJSON (what the atlas is
kept in) and GeoPackage (its fastest), and reprojects where ours does. Its Shapefile is zipped by
Python's `zipfile` as ours is. Both are measured in CPU time, user and system, of a whole process
or of the calls, in turn, in one run. The types of the columns are known, as they are from the
second download of a collection on; how long it takes to find them is told.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import results  # noqa: E402
from layers.encode import feature_bytes, geometry_fragments  # noqa: E402
from layers.exporters.extract import Extract  # noqa: E402
from layers.exporters.formats import FORMATS  # noqa: E402
from layers.exporters.target import Target  # noqa: E402
from layers.query import FeatureSet, feature_set  # noqa: E402

TARGET_RATIO = 1.3
DAY = datetime.date(2024, 1, 1)
WORDS = (
    *("avenue", "de", "la", "République", "requalifiée", "après", "l’étude"),
    *("menée", "à", "Évry", "pour", "l’été", "prochain"),
)
OUTPUTS = {"GeoPackage": ("GPKG", "gpkg"), "zipped Shapefile": ("ESRI Shapefile", "shp")}


def lines(count: int, seed: int = 1) -> FeatureSet:
    """Return seeded lines around Paris with six French texts each."""
    rng = np.random.default_rng(seed)
    start = np.column_stack((rng.uniform(2.2, 2.5, count), rng.uniform(48.7, 48.9, count)))
    steps = rng.normal(0, 0.0004, (count, 10, 2)).cumsum(axis=1)
    geometries = shapely.linestrings(np.round(start[:, None, :] + steps, 6))
    ids = tuple(f"voie-{i}" for i in range(count))
    encoded = tuple(
        feature_bytes(id, fragment, _properties(id, i))
        for i, (id, fragment) in enumerate(zip(ids, geometry_fragments(geometries), strict=True))
    )
    return feature_set(ids, encoded, geometries)


def _properties(id: str, i: int) -> dict[str, str]:
    def said(start: int, length: int) -> str:
        return " ".join(WORDS[(start + k) % len(WORDS)] for k in range(length))

    return {
        "id": id,
        "name": f"Rue {i}",
        "kind": said(i, 1),
        "commune": said(i * 7, 2),
        "theme": said(i * 3, 2),
        "resume": said(i, 8),
    }


def cpu_of(run: Callable[[], None]) -> tuple[float, float]:
    """Return CPU and wall seconds of a call and of the processes that it starts."""
    began, before = time.perf_counter(), _cpu()
    run()
    return _cpu() - before, time.perf_counter() - began


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def fresh(folder: Path) -> Path:
    """Return an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def zipped(folder: Path) -> None:
    """Put the files of a folder into one ZIP."""
    with zipfile.ZipFile(folder / "out.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.iterdir()):
            if path.name != "out.zip":
                archive.write(path, path.name)


def ours(features: FeatureSet, folder: Path, format_id: str, epsg: int) -> None:
    """Write one export as a download does, from the encoded features."""
    chosen = Extract.whole("voies", features)
    FORMATS[format_id].write(chosen, Target(fresh(folder), DAY, epsg))
    if format_id == "shp":
        zipped(folder)


def theirs(source: Path, folder: Path, driver: str, extension: str, epsg: int) -> None:
    """Write the same with ogr2ogr."""
    command = ["ogr2ogr", "-f", driver, str(fresh(folder) / f"voies.{extension}"), str(source)]
    command += ["-t_srs", f"EPSG:{epsg}"] if epsg != 4326 else []
    command += ["-lco", "ENCODING=UTF-8"] if extension == "shp" else []
    subprocess.run(command, check=True, capture_output=True)
    if extension == "shp":
        zipped(folder)


def rows(features: FeatureSet, rounds: int, scratch: Path) -> list[list[object]]:
    """Measure every output in both reference systems, ours and theirs in turn."""
    kept = fresh(scratch / "sources")
    for format_id in ("geojson", "gpkg"):
        FORMATS[format_id].write(Extract.whole("voies", features), Target(kept, DAY, 4326))
    sources = [next(kept.glob("*.geojson")), next(kept.glob("*.gpkg"))]
    found: list[list[object]] = []
    for title, (driver, format_id) in OUTPUTS.items():
        for epsg in (4326, 2154):
            times: dict[str, list[tuple[float, float]]] = {"ours": [], "geojson": [], "gpkg": []}
            for _round in range(rounds):
                run = cpu_of(lambda f=format_id, e=epsg: ours(features, scratch / "ours", f, e))
                times["ours"].append(run)
                for source in sources:
                    run = cpu_of(
                        lambda s=source, d=driver, f=format_id, e=epsg: theirs(
                            s, scratch / "theirs", d, f, e
                        )
                    )
                    times[source.suffix[1:]].append(run)
            cpu = {who: statistics.median(c for c, _wall in runs) for who, runs in times.items()}
            wall = {who: statistics.median(w for _cpu, w in runs) for who, runs in times.items()}
            found.append(
                [f"{title}, EPSG:{epsg}"]
                + [f"{cpu[who]:.2f} ({wall[who]:.2f})" for who in ("ours", "geojson", "gpkg")]
                + [f"{cpu['ours'] / cpu[who]:.2f}" for who in ("geojson", "gpkg")]
            )
    return found


def main() -> None:
    """Measure, print, and write a section of RESULTS.md when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="features")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, medians are shown")
    parser.add_argument("--write", action="store_true", help="write to RESULTS.md")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        features = lines(arguments.count)
        once, _wall = cpu_of(lambda: Extract.whole("voies", features))
        measured = rows(features, arguments.rounds, Path(scratch))
    version = subprocess.run(["ogr2ogr", "--version"], check=True, capture_output=True, text=True)
    headers = (
        "export",
        "ours, s",
        "ogr2ogr from GeoJSON, s",
        "ogr2ogr from GeoPackage, s",
        "ratio to GeoJSON",
        "ratio to GeoPackage",
    )
    body = (
        f"## {arguments.count:,} features to a file, beside ogr2ogr\n\n"
        f"{results.machine('pyogrio', 'pyarrow', 'shapely')} {version.stdout.strip()}. CPU time"
        f" (wall time), medians of {arguments.rounds} rounds; a ratio below 1 means that ours is"
        f" faster, the target is {TARGET_RATIO} at most. The atlas is kept in GeoJSON: that is"
        f" the same task. The types of the columns are read once, in {once:.2f} s.\n\n"
        f"{results.table(headers, measured)}\n"
    )
    print(body)
    if arguments.write:
        results.write("exports", body)


if __name__ == "__main__":
    main()
