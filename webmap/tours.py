"""Which guided tours are there? Steps of text and view, one TOML file a tour in ``data/tours/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from layers.atlas import Atlas
from layers.errors import FaultLog
from layers.tomlfile import Table, read_toml

FOLDER = "tours"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``view`` holds parameters of the map's address."""

    title_fr: str
    title_en: str
    text_fr: str
    text_en: str
    view: str


@dataclass(frozen=True, slots=True)
class Tour:
    """A tour; its id is the name of its file."""

    id: str
    title_fr: str
    title_en: str
    steps: tuple[Step, ...]


def read_tours(data_dir: Path, atlas: Atlas) -> Mapping[str, Tour]:
    """Read every tour, in the order of their file names; there may be none.

    Raises
    ------
    layers.errors.DataFaults
        For files that cannot be read, texts that are missing, and views that name a place, a
        commitment, a layer or an area that the atlas does not have.
    """
    log = FaultLog()
    tours = {}
    for path in sorted((data_dir / FOLDER).glob("*.toml")):
        tours[path.stem] = _tour(path, atlas, log)
    log.raise_any()
    return MappingProxyType(tours)


def _tour(path: Path, atlas: Atlas, log: FaultLog) -> Tour:
    file = f"{FOLDER}/{path.name}"
    raw = read_toml(path, file, log)
    head = Table({k: v for k, v in raw.items() if k != "step"}, file, "", log)
    tour = Tour(
        id=path.stem,
        title_fr=head.text("title_fr"),
        title_en=head.text("title_en"),
        steps=tuple(
            _step(entry, f"step {number}", file, atlas, log)
            for number, entry in enumerate(raw.get("step", []), start=1)
        ),
    )
    head.close()
    if not tour.steps:
        log.add(file, "", "step", "the tour has no step", "Add at least one [[step]]")
    return tour


def _step(entry: dict[str, Any], row: str, file: str, atlas: Atlas, log: FaultLog) -> Step:
    table = Table(entry, file, row, log)
    names = ("title_fr", "title_en", "text_fr", "text_en", "view")
    step = Step(**{name: table.text(name) for name in names})
    table.close()
    known: Mapping[str, Mapping[str, object]] = {
        "lieu": atlas.places,
        "engagement": atlas.commitments,
        "zone": atlas.areas,
        "couches": atlas.layers,
    }
    for name, value in parse_qsl(step.view):
        if name not in known:
            log.add(file, row, "view", f"{name!r} is no part of a view", f"Use {', '.join(known)}")
            continue
        for id in value.split(","):
            if id not in known[name]:
                log.unknown(file, row, "view", name, id, known[name])
    return step
