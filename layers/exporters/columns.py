"""Which columns does a collection have when it leaves as a table? One plain value a cell.

They are the properties that the collection is served with, made flat: a list of texts is one
text with ``|`` between its items, what documents state of a place is one text, the position is
four columns, anything else that is nested is JSON. GeoJSON alone keeps the nested form.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from layers.encode import properties_of
from layers.exporters.labels import LABELS
from layers.model import Layer, Property

Cell = str | float | int | bool | datetime.date | None
DATES = frozenset({"due", "day"})
"""Properties that are dates: in JSON they are texts."""
NUMBERS = frozenset({"precision_m", "length_m", "area_m2", "number"})
"""Properties that are numbers even where every one of them is whole or missing."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``type`` is ``string``, ``number``, ``integer``, ``boolean`` or ``date``; the labels say
    what the column holds. ``width`` is the longest text in it, in bytes of UTF-8. ``nested``
    tells whether some value of it has to be made flat.
    """

    name: str
    type: str
    label_fr: str
    label_en: str
    width: int = 0
    nested: bool = True


def flat(properties: Mapping[str, Any]) -> dict[str, Cell]:
    """Return the properties of a feature as cells by column name; empty texts are None."""
    cells: dict[str, Cell] = {}
    for name, value in properties.items():
        if name == "position" and isinstance(value, dict):
            cells["method"] = _cell(value["method"])
            cells["precision_m"] = _cell(value["precision_m"])
            cells["sources"] = _cell(value["sources"])
            cells["position_note"] = _cell(value["note"])
        elif name == "facts" and isinstance(value, list):
            cells[name] = "|".join(map(_fact, value)) or None
        elif name in DATES and value:
            cells[name] = datetime.date.fromisoformat(value)
        else:
            cells[name] = _cell(value)
    return cells


def _fact(fact: Mapping[str, Any]) -> str:
    said = f"{fact['label']} : {fact['value']} {fact['unit']}".rstrip()
    return f"{said} [{fact['document']}, {fact['section']}]"


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value or None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "|".join(value) or None
    return orjson.dumps(value).decode()


def cells_of(
    column: Column,
    features: Sequence[Mapping[str, Any]],
    flattened: Sequence[Mapping[str, Cell]],
) -> list[Cell]:
    """Return the cells of a column: of the properties of features, or of them made flat."""
    name, type = column.name, column.type
    if not column.nested:
        return [properties.get(name) or None for properties in features]
    return [as_type(cells.get(name), type) for cells in flattened]


def columns_of(encoded: Iterable[bytes], layer: Layer | None = None) -> tuple[Column, ...]:
    """Return the columns of a collection, in the order in which its features name them.

    Parameters
    ----------
    encoded
        Its features as GeoJSON, all of them: the columns of a part are those of the whole.
    layer
        The layer, for the types and labels of what the catalogue declares.
    """
    kinds: dict[str, set[type]] = {}
    widths: dict[str, int] = {}
    nested: set[str] = set()
    for feature in encoded:
        properties = properties_of(feature)
        for name, value in flat(properties).items():
            found = kinds.setdefault(name, set())
            if value is None:
                continue
            found.add(type(value))
            if type(value) is str:
                widths[name] = max(widths.get(name, 0), len(value.encode()))
                if properties.get(name) is not value:
                    nested.add(name)
    declared = {p.name: p for p in layer.properties} if layer else {}
    for name in declared:
        kinds.setdefault(name, set())
    return tuple(
        Column(
            name,
            _type(_stated(name, declared), found),
            *_labels(name, layer),
            widths.get(name, 0),
            name in nested or found != {str},
        )
        for name, found in kinds.items()
    )


def _stated(name: str, declared: Mapping[str, Property]) -> str:
    if name in NUMBERS:
        return "number"
    return declared[name].type if name in declared else ""


def _labels(name: str, layer: Layer | None) -> tuple[str, str]:
    for declared in layer.properties if layer else ():
        if declared.name == name:
            return declared.label_fr, declared.label_en
    return LABELS.get(name, (name, name))


def _type(declared: str, found: set[type]) -> str:
    """Return the type that all values of a column have; what is declared if there is none."""
    if not found:
        return declared if declared in ("number", "integer", "boolean") else "string"
    if found == {bool}:
        return "boolean"
    if found == {int} and declared != "number":
        return "integer"
    if found <= {int, float}:
        return "number"
    return "date" if found == {datetime.date} else "string"


def as_type(value: Cell, type: str) -> Cell:
    """Return a cell as the type of its column asks."""
    if value is None:
        return None
    if type == "number" and isinstance(value, int):
        return float(value)
    return str(value) if type == "string" else value
