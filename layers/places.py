"""What places does a layer file hold? Reads ``geo/<layer>.geojson`` into places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from layers.catalogue import SLUG, Catalogue
from layers.errors import FaultLog
from layers.features import Ranked, batches
from layers.geometry import problems, sound, swapped_axes
from layers.measure import area_m2, length_m
from layers.model import Fact, Layer, Place, Position, PositionMethod, Property
from layers.tomlfile import Table

CORE = (
    "id",
    "name",
    "kind",
    "aliases",
    "communes",
    "documents",
    "facts",
    "position",
    "members",
    "within",
)
TYPES = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "array": list,
}
FAMILIES = {
    "Point": ("Point", "MultiPoint"),
    "LineString": ("LineString", "MultiLineString"),
    "Polygon": ("Polygon", "MultiPolygon"),
}
NULL_METHODS = (PositionMethod.UNLOCATED, PositionMethod.COMPUTED)


def layer_file(layer_id: str) -> str:
    """Return the path of a layer's file below the data folder."""
    return f"geo/{layer_id}.geojson"


@dataclass(frozen=True, slots=True)
class LayerReader:
    """Reads the files of the layers of one catalogue; faults go to ``log``.

    ``known`` holds what places say, each different text, list of texts, position or set of
    texts of the layer's own once.
    """

    catalogue: Catalogue
    log: FaultLog
    known: dict[Any, Any] = field(default_factory=dict)

    def read(self, data_dir: Path, layer: Layer) -> tuple[Place, ...]:
        """Return the places of a layer, in file order."""
        file = layer_file(layer.id)
        try:
            data = (data_dir / file).read_bytes()
        except FileNotFoundError:
            self.log.add(file, "", "", "the file is missing", "Add it, or remove the layer's entry")
            self.log.unsure.add("place")
            return ()
        return self.parse(data, layer)

    def parse(self, data: bytes, layer: Layer) -> tuple[Place, ...]:
        """Return the places of a layer from the bytes of its file, in file order."""
        found = batches(data, layer_file(layer.id), self.log)
        return tuple(place for features in found for place in self._places(features, layer))

    def _places(self, features: Sequence[Ranked], layer: Layer) -> Iterator[Place]:
        file = layer_file(layer.id)
        tables = [self._properties(feature, rank, file) for rank, feature in features]
        geometries = self._geometries([feature for _, feature in features], tables, layer)
        for (_, feature), table, geometry in zip(features, tables, geometries, strict=True):
            place = self._place(table, geometry, layer)
            if geometry is not None or feature.get("geometry") is None:
                _check_position(table, place)
            yield place

    def _properties(self, feature: dict[str, Any], rank: int, file: str) -> Table:
        values = feature.get("properties")
        row = f"feature {feature.get('id') or rank}"
        table = Table(values if isinstance(values, dict) else {}, file, row, self.log)
        if not isinstance(values, dict):
            table.fault("properties", "missing", "Write the properties of the place")
        elif values.get("id") != feature.get("id"):
            table.fault(
                "id",
                f"the feature says {feature.get('id')!r}, its properties {values.get('id')!r}",
                "Write the same id twice",
            )
        return table

    def _geometries(
        self, features: Sequence[dict[str, Any]], tables: Sequence[Table], layer: Layer
    ) -> list[BaseGeometry | None]:
        given = [feature.get("geometry") for feature in features]
        texts = np.array([orjson.dumps(g) if g is not None else None for g in given], dtype=object)
        parsed = shapely.from_geojson(texts, on_invalid="ignore")
        fine = sound(parsed).tolist()
        checked: list[BaseGeometry | None] = []
        columns = zip(features, texts, parsed, tables, fine, strict=True)
        for feature, text, geometry, table, is_fine in columns:
            if "geometry" not in feature:
                table.fault("geometry", "missing", "Write a geometry, or null")
            elif text is not None and geometry is None:
                table.fault("geometry", _why_unreadable(text), "Write an RFC 7946 geometry")
            elif geometry is not None and self._is_sound(geometry, table, layer, is_fine):
                checked.append(geometry)
                continue
            checked.append(None)
        return checked

    def _is_sound(self, geometry: BaseGeometry, table: Table, layer: Layer, fine: bool) -> bool:
        found = [] if fine else problems(geometry)
        family = FAMILIES.get(layer.geometry_type)
        if family and geometry.geom_type not in family:
            found.append(
                (
                    f"a {geometry.geom_type} in a layer of {layer.geometry_type}",
                    "Correct the geometry, or the layer's geometry_type",
                ),
            )
        extent = tuple(area.bbox for area in self.catalogue.areas.values())
        if extent and not found:
            match swapped_axes(geometry, extent):
                case True:
                    found.append(
                        (
                            "latitude is written before longitude",
                            "Swap them: longitude first (RFC 7946)",
                        ),
                    )
                case None:
                    x, y = shapely.get_coordinates(geometry)[0]
                    found.append(
                        (
                            f"the position {x:g}, {y:g} is far from every area of the atlas",
                            "Correct it, or add an area to the catalogue",
                        ),
                    )
        for problem, remedy in found:
            table.fault("geometry", problem, remedy)
        return not found

    def _place(self, table: Table, geometry: BaseGeometry | None, layer: Layer) -> Place:
        identifier = table.text("id")
        if identifier and not SLUG.fullmatch(identifier):
            table.fault(
                "id", f"{identifier!r} is not a slug", "Use lower case letters, digits, hyphens"
            )
        place = Place(
            id=identifier,
            layer=layer.id,
            name=table.text("name", filled=True),
            kind=self._once(table.text("kind", filled=not layer.background)),
            aliases=table.strings("aliases"),
            communes=self._once(table.strings("communes")),
            documents=self._once(table.strings("documents")),
            facts=tuple(_fact(fact) for fact in table.tables("facts", "label")),
            position=self._once(self._position(table)),
            geometry=geometry,
            members=table.strings("members", required=False),
            within=table.text("within", required=False),
            extra=self._extra(table, layer),
            length_m=_measured(length_m, geometry, 1),
            area_m2=_measured(area_m2, geometry, 2),
        )
        table.close(also=(*CORE, *(p.name for p in layer.properties)))
        _check_extra(table, layer.properties)
        return place

    def _extra(self, table: Table, layer: Layer) -> Mapping[str, object]:
        """Return the values of the properties that the layer adds; equal ones once."""
        names = [p.name for p in layer.properties if p.name not in CORE]
        extra = {name: self._once(table.values.get(name)) for name in names}
        if not all(isinstance(value, str) for value in extra.values()):
            return extra
        key = (tuple(extra.items()),)  # unlike every list of texts, also when there is nothing
        found: Mapping[str, object] = self.known.setdefault(key, extra)
        return found

    def _once(self, value: Any) -> Any:
        """Return an equal value that a place has already, if there is one."""
        if not isinstance(value, (str, tuple, Position)):
            return value
        return self.known.setdefault(value, value)

    def _position(self, table: Table) -> Position:
        unlocated = Position(PositionMethod.UNLOCATED, None, ())
        values = table.values.get("position")
        if not isinstance(values, dict):
            table.fault("position", "missing", "Write method, precision_m, sources and note")
            return unlocated
        entry = Table(values, table.file, f"{table.row} position", self.log)
        method = entry.choice("method", [m.value for m in PositionMethod])
        precision = None
        if values.get("precision_m") is not None:
            precision = entry.number("precision_m")
        sources = entry.strings("sources")
        note = entry.text("note", required=False)
        entry.close(also=("precision_m",))
        for source in sources:
            if source not in self.catalogue.sources:
                self.log.unknown(
                    entry.file, entry.row, "sources", "source", source, self.catalogue.sources
                )
        try:
            return Position(PositionMethod(method), precision, sources, note)
        except ValueError:
            return unlocated


def _why_unreadable(text: bytes) -> str:
    try:
        shapely.from_geojson(text.decode())
    except GEOSException as error:
        return str(error).split(": ", 1)[-1]
    return "the geometry cannot be read"


def _fact(table: Table) -> Fact:
    value = table.values.get("value")
    if value is None or isinstance(value, (bool, list, dict)):
        table.fault("value", f"{value!r} is neither text nor number", "Write what is stated")
        value = ""
    fact = Fact(
        label=table.text("label", filled=True),
        value=value,
        unit=table.text("unit", required=False),
        document=table.text("document", required=False),
        section=table.text("section", required=False),
    )
    table.close(also=("value",))
    return fact


def _check_extra(table: Table, properties: Sequence[Property]) -> None:
    for entry in properties:
        value = table.values.get(entry.name)
        kind = TYPES.get(entry.type, object)
        mixed = isinstance(value, bool) and entry.type != "boolean"
        if value is not None and (not isinstance(value, kind) or mixed):  # type: ignore[arg-type]
            table.fault(
                entry.name,
                f"{value!r} is not of the type {entry.type}",
                f"Write a {entry.type}, as the catalogue says, or null",
            )


def _check_position(table: Table, place: Place) -> None:
    """Check that position, members and geometry agree on whether the place is located."""
    position = place.position
    if place.geometry is None:
        if position.method not in NULL_METHODS and not place.members:
            table.fault(
                "geometry",
                f"null although the method is {position.method.value!r}",
                "Draw it, write the method 'unlocated' and say why, or list its members",
            )
        if position.method is PositionMethod.UNLOCATED and not position.note.strip():
            table.fault("position", "unlocated without a note", "Say what was looked for")
    elif position.method is PositionMethod.UNLOCATED:
        table.fault(
            "position",
            "the method is 'unlocated' although there is a geometry",
            "State the method, or write null as geometry",
        )
    elif position.precision_m is None:
        table.fault("position", "precision_m is missing", "State the precision in metres")


def _measured(measure: Any, geometry: BaseGeometry | None, dimension: int) -> float | None:
    if geometry is None or shapely.get_dimensions(geometry) != dimension:
        return None
    value: float = measure(geometry)
    return round(value, 1)
