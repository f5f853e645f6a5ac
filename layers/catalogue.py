"""What layers, sources, areas and corridors does the atlas have? Reads geo/catalogue.toml."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from layers.errors import FaultLog
from layers.model import Area, BBox, CorridorEnd, CorridorPlan, Layer, Property, Source
from layers.tomlfile import Table, read_toml

CATALOGUE = "geo/catalogue.toml"
LICENCES = ("ODbL-1.0", "etalab-2.0")
GEOMETRY_TYPES = ("Point", "LineString", "Polygon", "mixed")
GROUPS = (
    "projets",
    "espaces-publics",
    "nature",
    "quartiers",
    "equipements",
    "mobilites",
    "territoires",
    "fond",
)
PROPERTY_TYPES = ("string", "number", "integer", "boolean", "array")
RESERVED_LAYER_IDS = ("engagements", "documents", "indicateurs", "discordances", "catalogue")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Entry = TypeVar("Entry", Area, Source, Layer, CorridorPlan)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as read; mappings are in file order."""

    title_fr: str = ""
    title_en: str = ""
    description: str = ""
    data_date: datetime.date = datetime.date.min
    areas: dict[str, Area] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    corridors: dict[str, CorridorPlan] = field(default_factory=dict)


def read_catalogue(data_dir: Path, log: FaultLog) -> Catalogue:
    """Read and check ``geo/catalogue.toml``; faults go to ``log``.

    Parameters
    ----------
    data_dir
        The data folder, which holds ``geo/`` and ``commitments/``.
    log
        Where faults go. The catalogue that is returned holds what could be read.
    """
    before = len(log)
    values = read_toml(data_dir / CATALOGUE, CATALOGUE, log)
    if not values and len(log) == before:
        log.add(CATALOGUE, "", "", "the file is empty", "Describe the atlas and its layers")
    if not values:
        log.unsure |= {"source", "layer", "place"}
        return Catalogue()
    top = Table(values, CATALOGUE, "", log)
    atlas = Table(values.get("atlas") or {}, CATALOGUE, "[atlas]", log)
    sources = _unique("source", ((t, _source(t)) for t in top.tables("source")))
    areas = [*top.tables("area"), *atlas.tables("area"), *atlas.tables("areas")]
    catalogue = Catalogue(
        title_fr=atlas.text("title_fr", filled=True),
        title_en=atlas.text("title_en", filled=True),
        description=atlas.text("description", required=False),
        data_date=atlas.date("data_date"),
        areas=_unique("area", ((t, _area(t)) for t in areas)),
        sources=sources,
        layers=_unique("layer", ((t, _layer(t, sources)) for t in top.tables("layer"))),
        corridors=_unique("corridor", ((t, _corridor(t)) for t in top.tables("corridor"))),
    )
    top.close(also=("atlas",))
    atlas.close(also=("description_fr", "description_en"))
    for corridor in catalogue.corridors.values():
        if corridor.layer not in catalogue.layers:
            log.unknown(
                CATALOGUE,
                f"corridor {corridor.id}",
                "layer",
                "layer",
                corridor.layer,
                catalogue.layers,
            )
    return catalogue


def _unique(kind: str, entries: Iterable[tuple[Table, Entry]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for table, entry in entries:
        if entry.id in found:
            table.fault("id", f"two entries have the id {entry.id!r}", f"Rename one {kind}")
        elif not SLUG.fullmatch(entry.id):
            table.fault(
                "id", f"{entry.id!r} is not a slug", "Use lower case letters, digits and hyphens"
            )
        else:
            found[entry.id] = entry
    return found


def _source(table: Table) -> Source:
    source = Source(
        id=table.text("id"),
        title=table.text("title", filled=True),
        producer=table.text("producer", filled=True),
        licence=table.choice("licence", LICENCES),
        licence_note=table.text("licence_note", required=False),
        attribution=table.text("attribution", filled=True),
        vintage=table.text("vintage"),
        url=table.text("url", required=False),
    )
    table.close()
    return source


def _area(table: Table) -> Area:
    west, south, east, north = table.numbers("bbox", 4)
    bbox: BBox = (west, south, east, north)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        table.fault(
            "bbox",
            f"{list(bbox)} is not a box",
            "Write west, south, east, north in degrees, west below east, south below north",
        )
    area = Area(
        id=table.text("id"),
        title_fr=table.text("title_fr", filled=True),
        title_en=table.text("title_en", filled=True),
        bbox=bbox,
    )
    table.close()
    return area


def _layer(table: Table, sources: Mapping[str, Source]) -> Layer:
    layer = Layer(
        id=table.text("id"),
        title_fr=table.text("title_fr", filled=True),
        title_en=table.text("title_en", filled=True),
        description_fr=table.text("description_fr"),
        description_en=table.text("description_en"),
        geometry_type=table.choice("geometry_type", GEOMETRY_TYPES),
        group=table.choice("group", GROUPS),
        order=table.integer("order"),
        style=table.text("style"),
        visible=table.flag("visible"),
        background=table.flag("background"),
        sources=table.strings("sources"),
        licence=table.choice("licence", LICENCES),
        vintage=table.text("vintage"),
        tolerance_m=table.number("tolerance_m"),
        max_scale=table.integer("max_scale"),
        properties=tuple(map(_property, table.tables("property", "name"))),
    )
    table.close()
    if layer.id in RESERVED_LAYER_IDS:
        table.fault("id", f"{layer.id!r} is reserved", "Choose another id")
    for source in layer.sources:
        if source not in sources:
            table.log.unknown(CATALOGUE, table.row, "sources", "source", source, sources)
    strictest = [sources[s].licence for s in layer.sources if s in sources]
    if "ODbL-1.0" in strictest and layer.licence != "ODbL-1.0":
        table.fault("licence", "a source is under ODbL-1.0, the layer is not", "Write ODbL-1.0")
    return layer


def _property(table: Table) -> Property:
    entry = Property(
        name=table.text("name", filled=True),
        type=table.choice("type", PROPERTY_TYPES),
        label_fr=table.text("label_fr", filled=True),
        label_en=table.text("label_en", filled=True),
    )
    table.close()
    return entry


def _corridor(table: Table) -> CorridorPlan:
    ends = []
    for end in table.tables("ends", "place"):
        ends.append(CorridorEnd(end.text("place"), end.text("from", required=False)))
        end.close()
    if len(ends) % 2:
        table.fault("ends", f"{len(ends)} ends", "Ends go in pairs, one pair a break")
    corridor = CorridorPlan(
        id=table.text("id"),
        title_fr=table.text("title_fr", filled=True),
        title_en=table.text("title_en", filled=True),
        layer=table.text("layer"),
        stretches=table.strings("stretches"),
        ends=tuple(ends[: len(ends) // 2 * 2]),
        stones=table.strings("stones", required=False),
        note=table.text("note", required=False),
        whole=table.text("whole", required=False),
        alongside=table.strings("alongside", required=False),
        termini=table.strings("termini", required=False),
    )
    if len(corridor.termini) not in (0, 2):
        table.fault("termini", f"{len(corridor.termini)} names", "Name the first end and the last")
    table.close()
    return corridor
