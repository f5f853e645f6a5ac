"""How does QGIS draw a collection as the map does? Its style file (QML), read by QGIS 3.22 on."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from layers.exporters.symbols import HATCH_WIDTH, MM_PER_PIXEL, Look, Names, Rule, Symbol

QGIS = "3.22.0-Białowieża"
_CASING = 3 * MM_PER_PIXEL
_TYPES = {"points": "marker", "lignes": "line", "surfaces": "fill"}
_NO_SCALE = "3x:0,0,0,0,0,0"


def qml(look: Look) -> str:
    """Return a style as the text of a QML file."""
    root = ET.Element("qgis", version=QGIS, styleCategories="Symbology|Labeling", labelsEnabled="1")
    root.extend(style_elements(look))
    ET.indent(root)
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode") + "\n"


def style_elements(look: Look) -> list[ET.Element]:
    """Return the renderer and the labels, as a layer of a project holds them too."""
    renderer = ET.Element(
        "renderer-v2",
        {"type": "RuleRenderer", "symbollevels": "0", "forceraster": "0", "enableorderby": "0"},
    )
    rules = ET.SubElement(renderer, "rules", key="root")
    symbols = ET.SubElement(renderer, "symbols")
    for rank, rule in enumerate(look.rules):
        ET.SubElement(
            rules,
            "rule",
            key=f"r{rank}",
            symbol=str(rank),
            label=rule.label,
            filter=expression(rule, look.names),
        )
        symbols.append(_symbol(rule.symbol, look.family, str(rank)))
    return [renderer, _labeling(look)]


def expression(rule: Rule, names: Names) -> str:
    """Return the QGIS expression that is true of the features that a rule holds for."""
    tests = [f"{_field(name, names)} = {_literal(value)}" for name, value in rule.equal]
    for name, values in rule.other:
        field = _field(name, names)
        listed = ", ".join(map(_literal, values))
        tests.append(f"({field} IS NULL OR {field} NOT IN ({listed}))")
    return " AND ".join(tests)


def _field(name: str, names: Names) -> str:
    if name == names.method and not names.quoted:
        return name
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def rgba(color: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it: ``178,58,30,255``."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def options(values: Mapping[str, str]) -> ET.Element:
    """Return texts by name as an ``Option`` map."""
    found = ET.Element("Option", type="Map")
    for name, value in values.items():
        ET.SubElement(found, "Option", type="QString", name=name, value=value)
    return found


def _symbol(symbol: Symbol, family: str, name: str) -> ET.Element:
    element = ET.Element(
        "symbol", {"type": _TYPES[family], "name": name, "alpha": "1", "clip_to_extent": "1"}
    )
    layers = {"points": _marker, "lignes": _line, "surfaces": _fill}[family](symbol)
    for kind, values in layers:
        _layer(element, kind, values)
    if family == "surfaces":
        for rank, (angle, distance) in enumerate(symbol.hatch_lines, start=len(layers)):
            _hatching(element, symbol, angle, distance, f"@{name}@{rank}")
    return element


def _layer(parent: ET.Element, kind: str, values: Mapping[str, str]) -> ET.Element:
    layer = ET.SubElement(
        parent, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
    )
    layer.append(options(values))
    return layer


def _hatching(parent: ET.Element, symbol: Symbol, angle: int, distance: float, name: str) -> None:
    """Add a set of parallel lines; ``name`` is that of the symbol that draws each of them."""
    lines = {
        "angle": str(angle),
        "distance": str(distance),
        "distance_unit": "MM",
        "color": rgba(symbol.color),
        "line_width": f"{HATCH_WIDTH:.3f}",
        "line_width_unit": "MM",
    }
    one = ET.SubElement(
        _layer(parent, "LinePatternFill", lines),
        "symbol",
        {"type": "line", "name": name, "alpha": "1", "clip_to_extent": "1"},
    )
    line = {
        "line_color": rgba(symbol.color, symbol.hatch_opacity),
        "line_width": f"{HATCH_WIDTH:.3f}",
        "line_width_unit": "MM",
    }
    _layer(one, "SimpleLine", line)


def _marker(symbol: Symbol) -> list[tuple[str, dict[str, str]]]:
    return [
        (
            "SimpleMarker",
            {
                "name": symbol.shape,
                "color": rgba("#ffffff" if symbol.hollow else symbol.color),
                "outline_color": rgba(symbol.color if symbol.hollow else "#ffffff"),
                "outline_style": "dash" if symbol.hollow else "solid",
                "outline_width": f"{(2.5 if symbol.hollow else 1.75) * MM_PER_PIXEL:.3f}",
                "outline_width_unit": "MM",
                "size": str(symbol.size),
                "size_unit": "MM",
            },
        )
    ]


def _dashes(symbol: Symbol) -> dict[str, str]:
    if not symbol.dash:
        return {"line_style": "solid", "use_custom_dash": "0"}
    lengths = ";".join(f"{float(part) * MM_PER_PIXEL:.3f}" for part in symbol.dash.split())
    return {
        "line_style": "solid",
        "use_custom_dash": "1",
        "customdash": lengths,
        "customdash_unit": "MM",
    }


def _line(symbol: Symbol) -> list[tuple[str, dict[str, str]]]:
    layers = []
    if symbol.casing:
        under = {"line_color": rgba(symbol.casing), **_width(symbol, _CASING), **_END}
        layers.append(("SimpleLine", under))
    over = {"line_color": rgba(symbol.color), **_width(symbol, 0), **_dashes(symbol), **_END}
    return [*layers, ("SimpleLine", over)]


_END = {"capstyle": "flat", "joinstyle": "round"}


def _width(symbol: Symbol, more: float) -> dict[str, str]:
    """Return a width in millimetres; in metres on the ground where that is more."""
    width = f"{symbol.width + more:.3f}"
    if not symbol.width_m:
        return {"line_width": width, "line_width_unit": "MM"}
    return {
        "line_width": str(symbol.width_m + (4 if more else 0)),
        "line_width_unit": "RenderMetersInMapUnits",
        "width_map_unit_scale": f"3x:0,0,1,{width},0,0",
    }


def _fill(symbol: Symbol) -> list[tuple[str, dict[str, str]]]:
    fill = {
        "color": rgba(symbol.fill, symbol.fill_opacity),
        "style": "solid" if symbol.fill_opacity else "no",
        "outline_style": "no",
    }
    layers = [("SimpleFill", fill)]
    if symbol.width:
        edge = {"line_color": rgba(symbol.color), **_width(symbol, 0), **_dashes(symbol), **_END}
        layers.append(("SimpleLine", edge))
    return layers


def _labeling(look: Look) -> ET.Element:
    labeling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=look.names.title,
        isExpression="0",
        fontFamily="Sans",
        fontSize="8",
        fontSizeUnit="Point",
        fontWeight="63",
        textColor=rgba(look.color),
        textOpacity="1",
    )
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
    )
    placement = {"points": "6", "lignes": "3", "surfaces": "1"}[look.family]
    ET.SubElement(
        settings,
        "placement",
        placement=placement,
        priority=str(look.priority),
        placementFlags="10",
        dist="1",
        distUnits="MM",
        distMapUnitScale=_NO_SCALE,
    )
    ET.SubElement(
        settings,
        "rendering",
        drawLabels="1" if look.label_scale else "0",
        scaleVisibility="1",
        scaleMin="0",
        scaleMax=str(look.label_scale),
        obstacle="1",
        mergeLines="1" if look.family == "lignes" else "0",
    )
    return labeling
