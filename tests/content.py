"""A tiny but complete atlas, written to a folder, that tests may break in any way they like.

Two square communes share an edge at longitude 2.32; a street runs along each side, a park and
two squares bridge a broken corridor, one site is not located. Three layers and six
commitments of one document.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parents[1] / "data" / "commitments" / "schema.json"

CATALOGUE = """\
[atlas]
title_fr = "Atlas d’essai"
title_en = "Trial atlas"
description = "Deux communes carrées"
data_date = 2024-06-30

[[area]]
id = "essai"
title_fr = "Essai"
title_en = "Trial"
bbox = [2.29, 48.79, 2.35, 48.83]

[[source]]
id = "dessin"
title = "Dessin d’essai"
producer = "Les tests"
licence = "etalab-2.0"
licence_note = ""
attribution = "Les tests"
vintage = "2024"

[[source]]
id = "releve"
title = "Relevé d’essai"
producer = "Les tests"
licence = "ODbL-1.0"
licence_note = ""
attribution = "Les tests, ODbL"
vintage = "2024"

[[layer]]
id = "territoires"
title_fr = "Territoires"
title_en = "Territories"
description_fr = "Communes"
description_en = "Communes"
geometry_type = "Polygon"
group = "territoires"
order = 10
style = "territoires"
visible = true
background = false
sources = ["dessin"]
licence = "etalab-2.0"
vintage = "2024"
tolerance_m = 10
max_scale = 25000

[[layer]]
id = "voies"
title_fr = "Voies"
title_en = "Streets"
description_fr = "Voies nommées"
description_en = "Named streets"
geometry_type = "LineString"
group = "espaces-publics"
order = 20
style = "voies"
visible = true
background = false
sources = ["releve"]
licence = "ODbL-1.0"
vintage = "2024"
tolerance_m = 5
max_scale = 5000

[[layer]]
id = "sites"
title_fr = "Sites"
title_en = "Sites"
description_fr = "Sites et jardins"
description_en = "Sites and gardens"
geometry_type = "mixed"
group = "projets"
order = 30
style = "sites"
visible = true
background = false
sources = ["dessin", "releve"]
licence = "ODbL-1.0"
vintage = "2024"
tolerance_m = 5
max_scale = 5000

[[layer.property]]
name = "status"
type = "string"
label_fr = "Statut"
label_en = "Status"

[[corridor]]
id = "coulee"
title_fr = "Coulée d’essai"
title_en = "Trial corridor"
layer = "voies"
stretches = ["coulee-nord", "coulee-sud"]
ends = [
  { place = "rue-ouest", from = "coulee-nord" },
  { place = "gare", from = "coulee-sud" },
]
stones = ["jardin", "square", "site-perdu"]
note = "Entre les deux tronçons"
"""

DOCUMENTS = """\
[[document]]
id = "convention"
title_fr = "Convention d’essai"
title_en = "Trial agreement"
short_fr = "Convention"
short_en = "Agreement"
type_fr = "convention"
status_fr = "projet"
parties = ["ville-ouest", "ville-est"]
object_fr = "Coopérer"
object_en = "To cooperate"
dates = ""
duration = "cinq ans"
renewal = ""
notice = ""
copies = ""
territory = ["commune-ouest", "commune-est"]
producer = ""

[[document.signatory]]
party = "ville-ouest"
name = ""
role = "Maire"

[[document.section]]
id = "a"
label_fr = "A. Voies"

[[document.section]]
id = "b-1"
label_fr = "B.1 Pilotage"
"""


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a right-handed rectangle in lon/lat."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*positions: tuple[float, float]) -> dict[str, Any]:
    """Return a line through lon/lat positions."""
    return {"type": "LineString", "coordinates": [list(p) for p in positions]}


def point(lon: float, lat: float) -> dict[str, Any]:
    """Return a point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def feature(
    id: str,
    geometry: dict[str, Any] | None,
    *,
    name: str = "",
    method: str = "",
    precision_m: float | None = 10,
    note: str = "",
    **properties: Any,
) -> dict[str, Any]:
    """Return a feature in the project's form; unlocated when there is no geometry."""
    if geometry is None and not method:
        method, precision_m, note = "unlocated", None, note or "Cherché dans les sources"
    stated = {
        "id": id,
        "name": name or id.replace("-", " ").capitalize(),
        "kind": "essai",
        "aliases": [],
        "communes": [],
        "documents": [],
        "facts": [],
        "position": {
            "method": method or "drawn from its description",
            "precision_m": precision_m,
            "sources": ["dessin"],
            "note": note,
        },
    }
    return {
        "type": "Feature",
        "id": id,
        "properties": stated | properties,
        "geometry": geometry,
    }


def _layers() -> dict[str, list[dict[str, Any]]]:
    return {
        "territoires": [
            feature("commune-ouest", box(2.30, 48.80, 2.32, 48.82), name="Commune Ouest"),
            feature("commune-est", box(2.32, 48.80, 2.34, 48.82), name="Commune Est"),
            feature(
                "les-deux",
                None,
                name="Les deux communes",
                method="computed",
                precision_m=None,
                members=["commune-ouest", "commune-est"],
            ),
        ],
        "voies": [
            feature(
                "rue-ouest",
                line((2.301, 48.81), (2.311, 48.81)),
                name="Rue de l’Ouest",
                communes=["commune-ouest"],
                documents=["convention"],
                facts=[
                    {
                        "label": "Longueur",
                        "value": 700,
                        "unit": "m",
                        "document": "convention",
                        "section": "a",
                    }
                ],
            ),
            feature("rue-mitoyenne", line((2.32, 48.801), (2.32, 48.819))),
            feature("coulee-nord", line((2.306, 48.8195), (2.306, 48.8101))),
            feature("coulee-sud", line((2.306, 48.8042), (2.306, 48.8005))),
        ],
        "sites": [
            feature(
                "jardin",
                box(2.3055, 48.808, 2.3065, 48.809),
                status="ouvert",
                facts=[
                    {
                        "label": "Superficie",
                        "value": "0,8",
                        "unit": "ha",
                        "document": "convention",
                        "section": "a",
                    }
                ],
            ),
            feature("square", box(2.3055, 48.806, 2.306, 48.8065)),
            feature("gare", point(2.3061, 48.8042)),
            feature("site-perdu", None, communes=["commune-est"], documents=["convention"]),
        ],
    }


def row(id: str, **cells: str) -> dict[str, str]:
    """Return a line of a commitment table; the section is the middle of the id."""
    stem = id.rpartition("-")[0]
    document, _, section = stem.partition("-")
    return {
        "id": id,
        "document": document,
        "section": section,
        "also_in": "",
        "summary_fr": f"Acte {id}",
        "summary_en": f"Act {id}",
        "lead": "ville-ouest",
        "partners": "",
        "kind": "firm",
        "theme": "espaces-publics",
        "horizon": "",
        "due": "",
        "recurrence": "",
        "figures": "",
        "places": "",
        "scope": "",
        "related": "",
        "note": "",
    } | cells


def _tables() -> dict[str, list[dict[str, str]]]:
    actor = {"kind": "commune", "aliases": "", "note": ""}
    return {
        "actors": [
            {"id": "ville-ouest", "name_fr": "Ville Ouest", "name_en": "West Town"} | actor,
            {"id": "ville-est", "name_fr": "Ville Est", "name_en": "East Town"} | actor,
        ],
        "convention": [
            row("convention-a-1", places="rue-ouest", due="2022-12-31", figures="Coût=12 €"),
            row("convention-a-2", places="rue-ouest|jardin", kind="study", partners="ville-est"),
            row("convention-a-3", places="site-perdu", kind="request", also_in="b-1"),
            row("convention-b-1-1", scope="commune-ouest", kind="governance", theme="pilotage"),
            row("convention-b-1-2", scope="les-deux", related="convention-b-1-1"),
            row("convention-b-1-3", scope="commune-est", kind="conditional", lead=""),
        ],
        "indicators": [
            {
                "id": "longueur-rue",
                "document": "convention",
                "section": "a",
                "label_fr": "Longueur de la rue",
                "label_en": "Length of the street",
                "territory": "",
                "value": "700",
                "unit": "m",
                "comparison_value": "",
                "comparison_territory": "",
                "gap": "",
                "year": "",
                "source": "",
                "note": "",
                "places": "rue-ouest",
            }
        ],
        "discrepancies": [
            {
                "id": "nom-de-la-rue",
                "severity": "spelling",
                "subject_fr": "Nom de la rue",
                "subject_en": "Name of the street",
                "document_a": "convention",
                "section_a": "a",
                "value_a": "Ouest",
                "document_b": "convention",
                "section_b": "b-1",
                "value_b": "Ouëst",
                "places": "rue-ouest",
                "commitments": "convention-a-1",
                "indicators": "longueur-rue",
                "note_fr": "",
                "note_en": "",
            }
        ],
    }


@dataclass
class Content:
    """The files of an atlas as plain Python values; change them, then `write` them.

    ``layers`` maps a layer id to its features, ``tables`` a CSV file's stem to its rows (dicts
    with the same keys), ``raw`` a path below the data folder to bytes that replace the file
    (None: the file is not written).
    """

    catalogue: str = CATALOGUE
    documents: str = DOCUMENTS
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=_layers)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=_tables)
    raw: dict[str, bytes | None] = field(default_factory=dict)

    def feature(self, id: str) -> dict[str, Any]:
        """Return a feature, to be changed in place."""
        found = (f for features in self.layers.values() for f in features if f["id"] == id)
        return next(found)

    def commitment(self, id: str) -> dict[str, str]:
        """Return a line of the register, to be changed in place."""
        return next(line for line in self.tables["convention"] if line["id"] == id)

    def copy(self) -> Content:
        """Return an independent copy."""
        return copy.deepcopy(self)

    def write(self, folder: Path) -> Path:
        """Write the data folder and return it."""
        (folder / "geo").mkdir(parents=True, exist_ok=True)
        (folder / "commitments").mkdir(exist_ok=True)
        (folder / "geo" / "catalogue.toml").write_text(self.catalogue, encoding="utf-8")
        (folder / "commitments" / "documents.toml").write_text(self.documents, encoding="utf-8")
        shutil.copy(SCHEMA, folder / "commitments" / "schema.json")
        for id, features in self.layers.items():
            (folder / "geo" / f"{id}.geojson").write_bytes(layer_bytes(features))
        for name, rows in self.tables.items():
            (folder / "commitments" / f"{name}.csv").write_bytes(csv_bytes(rows))
        for name, data in self.raw.items():
            if data is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(data)
        return folder


def layer_bytes(features: list[dict[str, Any]]) -> bytes:
    """Return a layer file: one feature a line."""
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def csv_bytes(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    """Return a CSV file; an empty list gives no header either, so keep one row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
