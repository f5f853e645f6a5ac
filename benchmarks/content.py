"""How is the content of the atlas made ten or a hundred times larger? By shifted copies.

Copy 0 is the content itself. In copy *n* every id of a place, document, commitment, indicator
and discrepancy ends in ``-x<n>``, as do all references to them, and every geometry is moved to
a cell of its own in a grid, so that copies seldom overlap. Layers, sources and actors are shared.
"""

from __future__ import annotations

import csv
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from layers.encode import layer_text

STEP_LON, STEP_LAT, COLUMNS = 0.7, 0.5, 10
Table = tuple[list[str], list[dict[str, str]]]
LISTS = ("places", "scope", "related", "commitments", "indicators")
DOCUMENTS = ("document", "document_a", "document_b")
EVERYWHERE = """
[[area]]
id = "partout"
title_fr = "Partout"
title_en = "Everywhere"
bbox = [-180.0, -90.0, 180.0, 90.0]
"""


def replicate(source: Path, target: Path, times: int) -> Path:
    """Write the data folder ``source`` to ``target``, ``times`` times as large."""
    (target / "geo").mkdir(parents=True)
    (target / "commitments").mkdir()
    catalogue = (source / "geo" / "catalogue.toml").read_text(encoding="utf-8")
    text = catalogue + (EVERYWHERE if times > 1 else "")
    (target / "geo" / "catalogue.toml").write_text(text, encoding="utf-8")
    shutil.copy(source / "commitments" / "schema.json", target / "commitments")
    computed = {f"{c['id']}-rupture" for c in tomllib.loads(catalogue).get("corridor", ())}
    _layers(source, target, times)
    _register(source, target, times, computed)
    return target


def _suffix(copy: int) -> str:
    return f"-x{copy}" if copy else ""


def _layers(source: Path, target: Path, times: int) -> None:
    for path in sorted((source / "geo").glob("*.geojson")):
        collection = json.loads(path.read_text(encoding="utf-8"))
        features = collection["features"]
        collection["features"] = [
            _feature(feature, copy) for copy in range(times) for feature in features
        ]
        (target / "geo" / path.name).write_text(layer_text(collection), encoding="utf-8")


def _feature(feature: dict[str, Any], copy: int) -> dict[str, Any]:
    end = _suffix(copy)
    properties = dict(feature["properties"])
    properties["id"] += end
    for key in ("communes", "documents", "members"):
        if properties.get(key):
            properties[key] = [id + end for id in properties[key]]
    if properties.get("within"):
        properties["within"] += end
    properties["facts"] = [
        {**fact, "document": fact["document"] + end} if fact.get("document") else fact
        for fact in properties["facts"]
    ]
    geometry = feature["geometry"]
    if geometry is not None:
        lon, lat = copy % COLUMNS * STEP_LON, copy // COLUMNS * STEP_LAT
        moved = _moved(geometry["coordinates"], lon, lat)
        geometry = {**geometry, "coordinates": moved}
    return {**feature, "id": feature["id"] + end, "properties": properties, "geometry": geometry}


def _moved(coordinates: list[Any], lon: float, lat: float) -> list[Any]:
    if isinstance(coordinates[0], list):
        return [_moved(part, lon, lat) for part in coordinates]
    return [round(coordinates[0] + lon, 6), round(coordinates[1] + lat, 6)]


def _register(source: Path, target: Path, times: int, computed: set[str]) -> None:
    folder = source / "commitments"
    documents = tomllib.loads((folder / "documents.toml").read_text(encoding="utf-8"))["document"]
    ids = [document["id"] for document in documents]
    text = "".join(_document(d, copy) for copy in range(times) for d in documents)
    (target / "commitments" / "documents.toml").write_text(text, encoding="utf-8")
    shutil.copy(folder / "actors.csv", target / "commitments")
    for name in ids:
        for copy in range(times):
            table = _rows(folder / f"{name}.csv", copy, computed, ids)
            _write(target / "commitments" / f"{name}{_suffix(copy)}.csv", [table])
    for name in ("indicators", "discrepancies"):
        tables = [_rows(folder / f"{name}.csv", copy, computed, ids) for copy in range(times)]
        _write(target / "commitments" / f"{name}.csv", tables)


def _document(document: dict[str, Any], copy: int) -> str:
    """Return a document as TOML; JSON texts and lists are TOML texts and lists."""
    end = _suffix(copy)
    changed = {**document, "id": document["id"] + end}
    changed["territory"] = [id + end for id in document["territory"]]
    lines = ["[[document]]"]
    tables = []
    for key, value in changed.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                tables.append(f"[[document.{key}]]")
                tables += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in item.items()]
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join([*lines, *tables]) + "\n\n"


def _rows(path: Path, copy: int, computed: set[str], documents: list[str]) -> Table:
    end = _suffix(copy)

    def renamed(id: str) -> str:
        return id if id in computed else id + end

    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = list(reader.fieldnames or ()), list(reader)
    register = path.stem in documents
    for row in rows:
        row["id"] = _commitment(row["id"], documents, end) if register else row["id"] + end
        for column in header:
            if column in DOCUMENTS:
                row[column] += end if row[column] else ""
            elif column in ("related", "commitments"):
                row[column] = _each(row[column], lambda id: _commitment(id, documents, end))
            elif column in LISTS:
                row[column] = _each(row[column], renamed)
    return header, rows


def _commitment(id: str, documents: list[str], end: str) -> str:
    """Return a commitment's id in a copy: its document's id is what grows."""
    stem = max((d for d in documents if id.startswith(f"{d}-")), key=len)
    return f"{stem}{end}{id.removeprefix(stem)}"


def _each(cell: str, rename: Callable[[str], str]) -> str:
    return "|".join(rename(id) for id in cell.split("|")) if cell else ""


def _write(path: Path, tables: list[Table]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, tables[0][0], lineterminator="\n")
        writer.writeheader()
        for _, rows in tables:
            writer.writerows(rows)
