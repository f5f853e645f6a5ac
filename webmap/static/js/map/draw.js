/** What Leaflet objects make one place? Areas, lines (hit line, casing, line) and point symbols. */

import { shapePath, symbolOf } from "../symbols.js";

const SVG = "http://www.w3.org/2000/svg";
const HIT_WIDTH = 20;

const isPoint = (geometry) => geometry.type === "Point" || geometry.type === "MultiPoint";
const isLine = (geometry) => geometry.type.endsWith("LineString");

function latLngs(geometry) {
  const { coordinates, type } = geometry;
  const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[type];
  return L.GeoJSON.coordsToLatLngs(coordinates, depth);
}

function pointIcon(symbol) {
  const size = Math.ceil(symbol.radius * 2.4 + 8);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `${-size / 2} ${-size / 2} ${size} ${size}`);
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shapePath(symbol.shape, symbol.radius));
  path.setAttribute("fill", symbol.hollow ? symbol.paper : symbol.color);
  path.setAttribute("stroke", symbol.hollow ? symbol.color : symbol.paper);
  path.setAttribute("stroke-width", symbol.hollow ? 2.5 : 1.75);
  if (symbol.hollow) path.setAttribute("stroke-dasharray", "4 2");
  svg.append(path);
  // The target is at least 24 pixels wide, whatever the symbol's size.
  const target = Math.max(size, 28);
  return L.divIcon({ html: svg, className: "place-point", iconSize: [target, target] });
}

function pointParts(geometry, symbol) {
  const places = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
  return places.map(([lon, lat]) =>
    L.marker([lat, lon], { icon: pointIcon(symbol), pane: "points", keyboard: true, riseOnHover: true }),
  );
}

function lineStyle(symbol) {
  return { color: symbol.color, weight: symbol.weight, dashArray: symbol.dash, lineCap: "butt" };
}

function lineParts(geometry, symbol, renderer) {
  const points = latLngs(geometry);
  const quiet = { interactive: false, pane: "lines", renderer };
  const parts = { hit: L.polyline(points, { pane: "lines", renderer, weight: HIT_WIDTH, opacity: 0.001 }) };
  if (symbol.casing) {
    parts.casing = L.polyline(points, { ...quiet, color: symbol.casing, weight: symbol.casingWeight });
  }
  parts.line = L.polyline(points, { ...quiet, ...lineStyle(symbol) });
  return parts;
}

function areaStyle(symbol, hatchings) {
  return {
    color: symbol.color,
    weight: symbol.weight,
    dashArray: symbol.dash,
    fill: symbol.fillOpacity > 0 || symbol.hatch !== null,
    ...hatchings.fillOf(symbol),
  };
}

/**
 * Draw one feature.
 * @param {Hatchings} hatchings of the map
 * @returns {{layers: L.Layer[], targets: L.Layer[], restyle: (zoom: number) => void}}
 *   layers to add beneath one another in this order; targets answer to pointer and keyboard
 */
export function drawFeature(feature, style, { renderers, hatchings, map }) {
  const { geometry, properties } = feature;
  const latitude = map.getCenter().lat;
  const symbol = symbolOf(style, properties, map.getZoom(), latitude);
  if (isPoint(geometry)) {
    const markers = pointParts(geometry, symbol);
    return { layers: markers, targets: markers, restyle() {} };
  }
  if (isLine(geometry)) {
    const parts = lineParts(geometry, symbol, renderers.lines);
    const restyle = (zoom) => {
      const now = symbolOf(style, properties, zoom, latitude);
      parts.casing?.setStyle({ weight: now.casingWeight });
      parts.line.setStyle(lineStyle(now));
    };
    return { layers: [parts.casing, parts.line, parts.hit].filter(Boolean), targets: [parts.hit], restyle };
  }
  const fixed = { pane: "areas", renderer: renderers.areas };
  const area = L.polygon(latLngs(geometry), { ...fixed, ...areaStyle(symbol, hatchings) });
  const restyle = (zoom) => area.setStyle(areaStyle(symbolOf(style, properties, zoom, latitude), hatchings));
  return { layers: [area], targets: [area], restyle };
}

/** Draw the halo that says that a place is selected. */
export function drawHalo(feature, renderer) {
  const { geometry } = feature;
  const common = { pane: "halo", renderer, interactive: false, className: "halo" };
  if (isPoint(geometry)) {
    const places = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
    return places.map(([lon, lat]) => L.circleMarker([lat, lon], { ...common, radius: 17, weight: 4, fillColor: "#ffb300", fillOpacity: 0.35 }));
  }
  const shape = isLine(geometry) ? L.polyline : L.polygon;
  return [shape(latLngs(geometry), { ...common, fill: false, weight: isLine(geometry) ? 18 : 8 })];
}
