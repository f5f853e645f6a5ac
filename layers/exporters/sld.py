"""How does any other program draw a collection as the map does? A Styled Layer Descriptor 1.0."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from layers.exporters.symbols import HATCH_WIDTH, MM_PER_PIXEL, Look, Rule, Symbol

SLD, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/ogc"
_SHAPES = {"diamond": "square"}
"""What SLD calls a shape that has another name here; ``pentagon`` is QGIS's own."""
_HATCHES = {
    "rising": "slash",
    "falling": "backslash",
    "horizontal": "horline",
    "vertical": "vertline",
    "cross": "times",
    "grid": "plus",
}
"""What GeoServer calls the marks, beyond the specification, that make a hatching."""


def sld(look: Look, title: str) -> str:
    """Return a style as the text of an SLD 1.0.0 document; ``title`` names the layer."""
    for prefix, uri in (("sld", SLD), ("ogc", OGC)):
        ET.register_namespace(prefix, uri)
    root = _element("StyledLayerDescriptor", version="1.0.0")
    layer = _add(root, "NamedLayer")
    _add(layer, "Name", title)
    style = _add(layer, "UserStyle")
    _add(style, "Title", title)
    types = _add(style, "FeatureTypeStyle")
    for rule in look.rules:
        types.append(_rule(rule, look.family))
    if look.label_scale:
        types.append(_labels(look))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _element(tag: str, **attributes: str) -> ET.Element:
    return ET.Element(f"{{{SLD}}}{tag}", attributes)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    child = _element(tag, **attributes)
    child.text = text or None
    parent.append(child)
    return child


def _rule(rule: Rule, family: str) -> ET.Element:
    element = _element("Rule")
    _add(element, "Title", rule.label)
    tests = [_equal(name, value) for name, value in rule.equal]
    tests += [_none_of(name, values) for name, values in rule.other]
    if tests:
        holder = ET.SubElement(element, f"{{{OGC}}}Filter")
        if len(tests) > 1:
            holder = ET.SubElement(holder, f"{{{OGC}}}And")
        holder.extend(tests)
    element.extend(_symbolizers(rule.symbol, family))
    return element


def _equal(name: str, value: str) -> ET.Element:
    test = ET.Element(f"{{{OGC}}}PropertyIsEqualTo")
    ET.SubElement(test, f"{{{OGC}}}PropertyName").text = name
    ET.SubElement(test, f"{{{OGC}}}Literal").text = value
    return test


def _none_of(name: str, values: tuple[str, ...]) -> ET.Element:
    """Return the test that a property is null or has another value."""
    either = ET.Element(f"{{{OGC}}}Or")
    null = ET.SubElement(either, f"{{{OGC}}}PropertyIsNull")
    ET.SubElement(null, f"{{{OGC}}}PropertyName").text = name
    no = ET.SubElement(either, f"{{{OGC}}}Not")
    listed = [_equal(name, value) for value in values]
    if len(listed) > 1:
        no = ET.SubElement(no, f"{{{OGC}}}Or")
    no.extend(listed)
    return either


def _pixels(millimetres: float) -> str:
    return f"{millimetres / MM_PER_PIXEL:.2f}".rstrip("0").rstrip(".")


def _symbolizers(symbol: Symbol, family: str) -> list[ET.Element]:
    if family == "points":
        return [_point(symbol)]
    if family == "surfaces":
        # The hatching by itself: a program that does not know its marks draws the rest.
        return [_polygon(symbol), _hatching(symbol)] if symbol.hatch else [_polygon(symbol)]
    lines = []
    if symbol.casing:
        under = _element("LineSymbolizer")
        _stroke(under, symbol.casing, symbol.width + 3 * MM_PER_PIXEL, "")
        lines.append(under)
    over = _element("LineSymbolizer")
    _stroke(over, symbol.color, symbol.width, symbol.dash)
    return [*lines, over]


def _stroke(parent: ET.Element, color: str, width: float, dash: str) -> None:
    stroke = _add(parent, "Stroke")
    _add(stroke, "CssParameter", color, name="stroke")
    _add(stroke, "CssParameter", _pixels(width), name="stroke-width")
    if dash:
        _add(stroke, "CssParameter", dash, name="stroke-dasharray")


def _fill(parent: ET.Element, color: str, opacity: float = 1.0) -> None:
    fill = _add(parent, "Fill")
    _add(fill, "CssParameter", color, name="fill")
    if opacity < 1:
        _add(fill, "CssParameter", f"{opacity:g}", name="fill-opacity")


def _point(symbol: Symbol) -> ET.Element:
    element = _element("PointSymbolizer")
    graphic = _add(element, "Graphic")
    mark = _add(graphic, "Mark")
    _add(mark, "WellKnownName", _SHAPES.get(symbol.shape, symbol.shape))
    _fill(mark, "#ffffff" if symbol.hollow else symbol.color)
    edge = symbol.color if symbol.hollow else "#ffffff"
    _stroke(mark, edge, (2.5 if symbol.hollow else 1.75) * MM_PER_PIXEL, "")
    _add(graphic, "Size", _pixels(symbol.size))
    if symbol.shape == "diamond":
        _add(graphic, "Rotation", "45")
    return element


def _polygon(symbol: Symbol) -> ET.Element:
    element = _element("PolygonSymbolizer")
    if symbol.fill_opacity:
        _fill(element, symbol.fill, symbol.fill_opacity)
    if symbol.width:
        _stroke(element, symbol.color, symbol.width, symbol.dash)
    return element


def _hatching(symbol: Symbol) -> ET.Element:
    element = _element("PolygonSymbolizer")
    graphic = _add(_add(_add(element, "Fill"), "GraphicFill"), "Graphic")
    mark = _add(graphic, "Mark")
    _add(mark, "WellKnownName", f"shape://{_HATCHES[symbol.hatch]}")
    _stroke(mark, symbol.color, HATCH_WIDTH, "")
    _add(graphic, "Opacity", f"{symbol.hatch_opacity:g}")
    _add(graphic, "Size", _pixels(symbol.hatch_every))
    return element


def _labels(look: Look) -> ET.Element:
    rule = _element("Rule")
    _add(rule, "Title", "Noms")
    _add(rule, "MaxScaleDenominator", str(look.label_scale))
    text = _add(rule, "TextSymbolizer")
    label = _add(text, "Label")
    ET.SubElement(label, f"{{{OGC}}}PropertyName").text = look.names.title
    font = _add(text, "Font")
    _add(font, "CssParameter", "SansSerif", name="font-family")
    _add(font, "CssParameter", "11", name="font-size")
    placement = _add(text, "LabelPlacement")
    if look.family == "lignes":
        _add(placement, "LinePlacement")
    else:
        _add(placement, "PointPlacement")
    halo = _add(text, "Halo")
    _add(halo, "Radius", "1.5")
    _fill(halo, "#ffffff")
    _fill(text, look.color)
    return rule
