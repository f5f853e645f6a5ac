/** Where are names written on the map? Measures the candidates, asks labels.js, writes the winners. */

import { labelAnchor } from "../geo.js";
import { placeLabels, readableAngle } from "../labels.js";
import { tones } from "../symbols.js";

const FONT = '600 13px "Atkinson Hyperlegible Next", "Atkinson Hyperlegible Next Extended", sans-serif';
const LINE_HEIGHT = 17;
const BESIDE_POINT = 15;
// Names of communes are written small, spaced, in capitals.
const GROUND_STRETCH = 1.45;
const GROUND_ZOOM = 12;

/** Writes the names of places in a pane above the map; for eyes only, the names are elsewhere too. */
export class Names {
  #map;
  #pane;
  #measure = document.createElement("canvas").getContext("2d");
  #widths = new Map();
  #anchors = new WeakMap();

  constructor(map) {
    this.#map = map;
    this.#pane = map.createPane("names");
    this.#pane.setAttribute("aria-hidden", "true");
    this.#measure.font = FONT;
    document.fonts?.ready.then(() => this.#widths.clear());
  }

  #width(text) {
    if (!this.#widths.has(text)) this.#widths.set(text, this.#measure.measureText(text).width + 4);
    return this.#widths.get(text);
  }

  #anchor({ geometry }) {
    if (!geometry) return null;
    if (!this.#anchors.has(geometry)) this.#anchors.set(geometry, labelAnchor(geometry));
    return this.#anchors.get(geometry);
  }

  #candidate(feature, style, selected, ground) {
    const anchor = this.#anchor(feature);
    if (!anchor) return null;
    const [lon, lat] = anchor.at;
    const point = this.#map.latLngToLayerPoint([lat, lon]);
    const width = this.#width(feature.properties.name) * (ground ? GROUND_STRETCH : 1);
    const candidate = {
      id: feature.id,
      text: feature.properties.name,
      width,
      height: LINE_HEIGHT,
      x: point.x,
      y: point.y,
      angle: 0,
      priority: style.priority + (selected ? 1000 : 0),
      color: tones(style.color, style.color_dark),
      ground,
    };
    if (anchor.direction) {
      const ends = anchor.direction.map(([x, y]) => this.#map.latLngToLayerPoint([y, x]));
      candidate.angle = readableAngle([ends[0].x, ends[0].y], [ends[1].x, ends[1].y]);
      // Beside the line, not on it.
      candidate.x += Math.sin(candidate.angle) * 13;
      candidate.y -= Math.cos(candidate.angle) * 13;
    } else if (feature.geometry.type.endsWith("Point")) {
      candidate.x += BESIDE_POINT + width / 2;
    }
    return candidate;
  }

  /**
   * Write the names that fit.
   * @param {{feature: object, style: object}[]} shown what is drawn now
   * @param {Set<string>} selection ids whose names are written first, at any zoom
   * @param {object[]} communes features of the ground whose names give the map its bearings
   */
  write(shown, selection, communes) {
    const zoom = this.#map.getZoom();
    const view = this.#map.getBounds().pad(0.05);
    const candidates = [];
    for (const { feature, style } of shown) {
      const selected = selection.has(feature.id);
      if (!selected && zoom < style.label_zoom) continue;
      const candidate = this.#candidate(feature, style, selected);
      if (candidate && view.contains(this.#map.layerPointToLatLng([candidate.x, candidate.y]))) {
        candidates.push(candidate);
      }
    }
    for (const feature of zoom >= GROUND_ZOOM ? communes : []) {
      const candidate = this.#candidate(feature, { priority: 30 }, false, true);
      if (candidate && view.contains(this.#map.layerPointToLatLng([candidate.x, candidate.y]))) {
        candidates.push(candidate);
      }
    }
    const written = placeLabels(candidates);
    this.#pane.replaceChildren(
      ...candidates.filter(({ id }) => written.delete(id)).map((candidate) => this.#element(candidate)),
    );
  }

  /** Write none. */
  clear() {
    this.#pane.replaceChildren();
  }

  #element({ text, x, y, angle, color, ground }) {
    const label = document.createElement("span");
    label.className = "map-name";
    label.textContent = text;
    if (ground) label.classList.add("ground-name");
    else label.style.setProperty("--name-color", color);
    label.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%) rotate(${angle}rad)`;
    return label;
  }
}
