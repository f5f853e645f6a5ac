"""What does a real QGIS make of the service? A program for the Python that QGIS belongs to.

``python3 qgis_reading.py PROJECT OGC BOXES`` opens a project file, then connects to a service by
its address alone and asks for boxes (JSON: ``[west, south, east, north]`` by collection). It
prints as JSON what QGIS's own API says of both.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

try:
    from qgis.core import (
        Qgis,
        QgsApplication,
        QgsFeature,
        QgsFeatureRequest,
        QgsNetworkAccessManager,
        QgsProject,
        QgsProviderRegistry,
        QgsRectangle,
        QgsRelation,
        QgsRenderContext,
        QgsSymbol,
        QgsVectorLayer,
        QgsWkbTypes,
    )
    from qgis.PyQt.QtCore import QBuffer, QByteArray, QDate, QIODevice, QSize, QVariant
except ImportError as error:
    sys.exit(
        f"{sys.executable} has no QGIS ({error}): install it (Debian, Ubuntu: apt install"
        " python3-qgis) or name a Python that has it in LIMITROPHE_TEST_QGIS_PYTHON."
    )


def opened(path: str) -> dict[str, Any]:
    """What a project file holds."""
    project, messages = QgsProject.instance(), []

    def keep(text: str, tag: str, level: Qgis.MessageLevel) -> None:
        if level in (Qgis.Warning, Qgis.Critical):
            messages.append(f"{tag}: {text}")

    QgsApplication.messageLog().messageReceived.connect(keep)
    return {
        "opened": project.read(path),
        "crs": project.crs().authid(),
        "layers": {id: layer_found(layer) for id, layer in project.mapLayers().items()},
        "relations": {
            id: relation_found(relation)
            for id, relation in project.relationManager().relations().items()
        },
        "messages": messages,
    }


def layer_found(layer: QgsVectorLayer) -> dict[str, Any]:
    """A layer: where it is from, how it is drawn, and every feature."""
    source = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    items = layer.renderer().legendSymbolItems() if layer.renderer() else []
    return {
        "valid": layer.isValid(),
        "collection": source.get("layerName"),
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.geometryDisplayString(layer.geometryType()),
        "types": {field.name(): field.typeName() for field in layer.fields()},
        "rules": [item.label() for item in items],
        "pictures": {item.label(): picture(item.symbol()) for item in items if item.symbol()},
        "features": list(features_found(layer)),
    }


def picture(symbol: QgsSymbol) -> str:
    """A symbol as QGIS draws it in its legend: a PNG in base64."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.WriteOnly)
    symbol.asImage(QSize(96, 96)).save(buffer, "PNG")
    return bytes(held.toBase64()).decode()


def features_found(layer: QgsVectorLayer) -> Iterator[dict[str, Any]]:
    """Each feature as it is read and drawn."""
    renderer, context = layer.renderer(), QgsRenderContext()
    labels = {}
    if renderer:
        labels = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
        renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        keys = renderer.legendKeysForFeature(feature, context) if renderer else []
        symbols = renderer.symbolsForFeature(feature, context) if renderer else []
        parts = [part for symbol in symbols for part in symbol.symbolLayers()]
        yield {
            "properties": {name: feature[name] for name in layer.fields().names()},
            **geometry_found(feature),
            "rules": [labels[key] for key in keys if key in labels],
            "colors": [c.name() for part in parts for c in (part.color(), part.strokeColor())],
        }
    if renderer:
        renderer.stopRender(context)


def geometry_found(feature: QgsFeature) -> dict[str, Any]:
    """The type and the bounds of a geometry; None where there is none."""
    if not feature.hasGeometry():
        return {"type": None, "bounds": None}
    box = feature.geometry().boundingBox()
    return {
        "type": QgsWkbTypes.displayString(feature.geometry().wkbType()),
        "bounds": [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()],
    }


def plain(value: Any) -> Any:
    """A value of Qt as JSON has it."""
    if isinstance(value, QDate):
        return value.toPyDate().isoformat()
    return None if QVariant(value).isNull() else QVariant(value).value()


def relation_found(relation: QgsRelation) -> dict[str, Any]:
    """A relation: the other ends by id, and whether the first link leads back."""
    other = next(end for end in ("engagement", "lieu") if end not in relation.fieldPairs())
    ends: dict[str, list[str]] = {}
    back = {}
    for feature in relation.referencedLayer().getFeatures():
        links = list(relation.getRelatedFeatures(feature))
        ends[feature["id"]] = [link[other] for link in links]
        if links and not back:
            found = relation.getReferencedFeature(links[0])
            back[feature["id"]] = found["id"] if found.isValid() else None
    return {
        "valid": relation.isValid(),
        "layer": relation.referencedLayerId(),
        "ends": ends,
        "back": back,
    }


def connected(ogc: str, boxes: dict[str, list[float]]) -> dict[str, Any]:
    """What QGIS's own client finds in boxes, and which addresses it asked."""
    asked: list[str] = []
    QgsNetworkAccessManager.setRequestPreprocessor(lambda r: asked.append(r.url().toString()))
    found = {}
    for collection, box in boxes.items():
        source = f"url='{ogc}' typename='{collection}' restrictToRequestBBOX='1'"
        layer = QgsVectorLayer(source, collection, "OAPIF")
        request = QgsFeatureRequest().setFilterRect(QgsRectangle(*box))
        found[collection] = [feature["id"] for feature in layer.getFeatures(request)]
    return {"found": found, "asked": asked}


def main(project: str, ogc: str, boxes: str) -> None:
    """Print what QGIS finds."""
    application = QgsApplication([], False)
    application.initQgis()
    answer = {"project": opened(project), "connection": connected(ogc, json.loads(boxes))}
    sys.stdout.write(json.dumps(answer, default=plain))
    QgsProject.instance().clear()
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
