"""What data do the services serve when they are compared? The same features for each, seeded.

Fifty detailed polygons, two thousand plain ones, and lines with six French texts, all in one
square of the plain of Paris. Ours reads them as a data folder; the peers as GeoJSON,
GeoPackage, or tables of PostGIS, with the same ids and the same attributes.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
SEED = 20261121
WEST, SOUTH, SIDE = 2.2, 48.7, 0.3
"""The square, in degrees."""
TEXTS = {
    "nature": ("rue", "avenue", "boulevard", "allée", "quai", "place", "sentier", "passage"),
    "nom_voie": ("Pierre-Larousse", "Châtillon", "Général-Leclerc", "Édouard-Vaillant", "Brézin"),
    "etat": ("à requalifier", "requalifiée", "à l’étude", "inchangée"),
    "gestionnaire": ("Ville de Paris", "Département", "Établissement public territorial"),
    "revetement": ("enrobé", "pavés", "béton désactivé", "stabilisé"),
    "observation": (
        "Élargissement des trottoirs demandé par les riverains lors de la concertation",
        "Continuité cyclable interrompue au droit de l’échangeur, à rétablir",
        "Plantations en attente d’une décision sur les réseaux enterrés",
    ),
}
"""The six attributes of a line and what they may say."""

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A collection as it is made: ``kind`` is its geometry type."""

    id: str
    count: int
    kind: str
    vertices: int


DETAILED = Dataset("detail", 50, "Polygon", 400)
POLYGONS = Dataset("quartiers", 2_000, "Polygon", 20)
LINES = Dataset("rues", 50_000, "LineString", 4)
FEWER = Dataset("rues-5000", 5_000, "LineString", 4)
MORE = Dataset("rues-500000", 500_000, "LineString", 4)
MAIN = (DETAILED, POLYGONS, LINES)


def features(dataset: Dataset) -> Iterator[Feature]:
    """Yield the features of a dataset; ids and attributes are those of every service."""
    random = np.random.default_rng(SEED + dataset.count)
    centres = random.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (dataset.count, 2))
    shapes = _polygons if dataset.kind == "Polygon" else _lines
    draws = random.integers(0, 1 << 30, (dataset.count, len(TEXTS)))
    for number, shape in enumerate(shapes(random, centres, dataset.vertices)):
        id = f"{dataset.id}-{number}"
        texts = {
            name: words[draw % len(words)]
            for (name, words), draw in zip(TEXTS.items(), draws[number].tolist(), strict=True)
        }
        yield {
            "type": "Feature",
            "id": id,
            "properties": {"id": id, "name": f"{texts['nature']} {number}".capitalize(), **texts},
            "geometry": {"type": dataset.kind, "coordinates": shape},
        }


def _lines(random: np.random.Generator, centres: Any, vertices: int) -> Iterator[list[Any]]:
    steps = random.normal(0, 0.0002, (len(centres), vertices, 2))
    for line in np.round(centres[:, None, :] + steps.cumsum(axis=1), 6):
        yield line.tolist()


def _polygons(random: np.random.Generator, centres: Any, vertices: int) -> Iterator[list[Any]]:
    angles = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    for centre in centres:
        radius = 0.004 * (1 + 0.05 * random.standard_normal(vertices).clip(-3, 3))
        ring = centre + radius[:, None] * np.column_stack((np.cos(angles), np.sin(angles)))
        ring = np.round(ring, 6).tolist()
        yield [[*ring, ring[0]]]


def write_folder(folder: Path, datasets: tuple[Dataset, ...]) -> Path:
    """Write a data folder for ours; the register is empty but for its headers."""
    (folder / "geo").mkdir(parents=True)
    (folder / "commitments").mkdir()
    (folder / "geo" / "catalogue.toml").write_text(_catalogue(datasets), encoding="utf-8")
    for dataset in datasets:
        lines = ",\n".join(
            json.dumps(ours(feature), ensure_ascii=False) for feature in features(dataset)
        )
        text = f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
        (folder / "geo" / f"{dataset.id}.geojson").write_text(text, encoding="utf-8")
    _register(folder / "commitments")
    return folder


def ours(feature: Feature, source: str = "essai") -> Feature:
    """A feature as a layer file of ours writes it."""
    properties = feature["properties"]
    stated = {
        "id": properties["id"],
        "name": properties["name"],
        "kind": "essai",
        "aliases": [],
        "communes": [],
        "documents": [],
        "facts": [],
        "position": {
            "method": "surveyed reference",
            "precision_m": 5,
            "sources": [source],
            "note": "",
        },
    }
    return {**feature, "properties": stated | {name: properties[name] for name in TEXTS}}


def _catalogue(datasets: tuple[Dataset, ...]) -> str:
    bbox = [WEST - 0.1, SOUTH - 0.1, WEST + SIDE + 0.1, SOUTH + SIDE + 0.1]
    parts = [
        '[atlas]\ntitle_fr = "Mesures"\ntitle_en = "Measurements"\ndescription = ""\n'
        "data_date = 2026-11-21\n",
        f'[[area]]\nid = "carre"\ntitle_fr = "Carré"\ntitle_en = "Square"\nbbox = {bbox}\n',
        '[[source]]\nid = "essai"\ntitle = "Essai"\nproducer = "Essai"\nlicence = "etalab-2.0"\n'
        'licence_note = ""\nattribution = "Essai"\nvintage = "2026"\n',
    ]
    for order, dataset in enumerate(datasets):
        parts.append(
            f'[[layer]]\nid = "{dataset.id}"\ntitle_fr = "{dataset.id}"\n'
            f'title_en = "{dataset.id}"\ndescription_fr = "Essai"\ndescription_en = "Trial"\n'
            f'geometry_type = "{dataset.kind}"\ngroup = "projets"\norder = {order}\n'
            'style = "interfaces"\nvisible = true\nbackground = false\nsources = ["essai"]\n'
            'licence = "etalab-2.0"\nvintage = "2026"\ntolerance_m = 5\nmax_scale = 5000\n'
        )
        parts += [
            f'[[layer.property]]\nname = "{name}"\ntype = "string"\n'
            f'label_fr = "{name}"\nlabel_en = "{name}"\n'
            for name in TEXTS
        ]
    return "\n".join(parts)


def _register(folder: Path) -> None:
    """Write the register of the project with nothing in it but one document without acts."""
    source = ROOT / "data" / "commitments"
    shutil.copy(source / "schema.json", folder)
    empty = {
        "title": "Essai", "short": "Essai", "object": "Essai",
    }  # fmt: skip
    texts = "".join(
        f'{name}_{lang} = "{text}"\n' for name, text in empty.items() for lang in ("fr", "en")
    )
    blank = "".join(
        f'{name} = ""\n'
        for name in ("dates", "duration", "renewal", "notice", "copies", "producer")
    )
    (folder / "documents.toml").write_text(
        f'[[document]]\nid = "essai"\n{texts}type_fr = "essai"\nstatus_fr = ""\nparties = []\n'
        f'{blank}territory = []\n[[document.section]]\nid = "a"\nlabel_fr = "A"\n',
        encoding="utf-8",
    )
    example = next(
        path
        for path in sorted(source.glob("*.csv"))
        if _columns(path)[:2] == ["id", "document"] and "summary_fr" in _columns(path)
    )
    headers = {"essai": _columns(example)}
    for name in ("actors", "indicators", "discrepancies"):
        headers[name] = _columns(source / f"{name}.csv")
    for name, columns in headers.items():
        (folder / f"{name}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")


def _columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def write_geojson(path: Path, dataset: Dataset) -> Path:
    """Write a dataset as one GeoJSON file."""
    text = json.dumps({"type": "FeatureCollection", "features": list(features(dataset))})
    path.write_text(text, encoding="utf-8")
    return path


def write_geopackage(path: Path, dataset: Dataset) -> Path:
    """Write a dataset as a GeoPackage with an index."""
    import geopandas

    from layers.crs import WGS84

    frame = geopandas.GeoDataFrame.from_features(features(dataset), crs=WGS84)
    frame.insert(0, "fid", range(1, len(frame) + 1))
    frame.to_file(path, layer=table(dataset), driver="GPKG", engine="pyogrio")
    return path


def write_table(path: Path, dataset: Dataset) -> Path:
    """Write a dataset as CSV with EWKT geometries, for ``COPY`` into the table of `ddl`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for feature in features(dataset):
            properties = feature["properties"]
            writer.writerow([*properties.values(), _ewkt(feature["geometry"])])
    return path


def table(dataset: Dataset) -> str:
    """The name of the table of a dataset."""
    return dataset.id.replace("-", "_")


def ddl(dataset: Dataset) -> tuple[str, str]:
    """What makes the table of a dataset, and what indexes it once it is filled."""
    columns = "".join(f"{name} text, " for name in ("name", *TEXTS))
    name = table(dataset)
    return (
        f"CREATE TABLE {name} (id text PRIMARY KEY, {columns}"
        f"geometry geometry({dataset.kind}, 4326))",
        f"CREATE INDEX ON {name} USING gist (geometry); VACUUM ANALYZE {name}",
    )


def _ewkt(geometry: dict[str, Any]) -> str:
    coordinates = geometry["coordinates"]
    ring = coordinates[0] if geometry["type"] == "Polygon" else coordinates
    text = ",".join(f"{x} {y}" for x, y in ring)
    body = f"(({text}))" if geometry["type"] == "Polygon" else f"({text})"
    return f"SRID=4326;{geometry['type'].upper()}{body}"


def box_side(count: int, wanted: int = 100) -> float:
    """The side in degrees of a box that about so many of ``count`` lines meet."""
    return SIDE * (wanted / count) ** 0.5 * 0.975
