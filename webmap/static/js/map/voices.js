/** How do contributions look on the map? A letter and a colour for each category; lines and areas in the same. */

import { lit } from "../symbols.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 30;

function icon({ colour, letter }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", SIZE);
  svg.setAttribute("height", SIZE);
  svg.setAttribute("aria-hidden", "true");
  const circle = document.createElementNS(SVG, "circle");
  for (const [name, value] of Object.entries({ cx: 12, cy: 12, r: 10.5, fill: colour, stroke: "#ffffff", "stroke-width": 2 })) {
    circle.setAttribute(name, value);
  }
  const text = document.createElementNS(SVG, "text");
  for (const [name, value] of Object.entries({ x: 12, y: 16, "text-anchor": "middle", "font-size": 12, "font-weight": 700, fill: "#ffffff" })) {
    text.setAttribute(name, value);
  }
  text.textContent = letter;
  svg.append(circle, text);
  return L.divIcon({ html: svg, className: "place-point", iconSize: [SIZE, SIZE] });
}

/** The contributions on a map. Emits `select` (detail: a number). */
export class Voices extends EventTarget {
  #map;
  #group = L.layerGroup();
  #looks;
  #drawn = new Map();

  /**
   * @param {L.Map} map
   * @param {{id: string, colour: string, letter: string}[]} categories
   */
  constructor(map, categories) {
    super();
    this.#map = map;
    this.#looks = new Map(categories.map((category) => [category.id, category]));
    this.#group.addTo(map);
  }

  /** Draw features; `nameOf` gives each its accessible name. */
  draw(features, nameOf) {
    this.#group.clearLayers();
    this.#drawn.clear();
    for (const feature of features.filter(({ geometry }) => geometry)) {
      const look = this.#looks.get(feature.properties.category) ?? { colour: "#4e5a5a", letter: "" };
      const layer = L.GeoJSON.geometryToLayer(feature, {
        pointToLayer: (_feature, at) => L.marker(at, { icon: icon(look), pane: "points", riseOnHover: true, alt: nameOf(feature) }),
      });
      if (!(layer instanceof L.Marker)) layer.setStyle({ color: lit(look.colour), weight: 5, fillOpacity: 0.18 });
      layer.on("click", () => this.dispatchEvent(new CustomEvent("select", { detail: feature.id })));
      layer.on("add", () => this.#name(layer, nameOf(feature)));
      this.#drawn.set(feature.id, layer);
      this.#group.addLayer(layer);
    }
  }

  #name(layer, name) {
    const shape = layer.getElement?.();
    if (!shape) return;
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", name);
  }

  /** Whether a contribution has a position; then the map moves to it. */
  show(number) {
    const layer = this.#drawn.get(number);
    if (!layer) return false;
    const at = layer.getLatLng?.() ?? layer.getBounds().getCenter();
    this.#map.setView(at, Math.max(this.#map.getZoom(), 16), { animate: false });
    return true;
  }
}
