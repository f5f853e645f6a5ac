/** The hatched fills of a map's areas: patterns of SVG that lie still on the ground, as on the canvases of squares. */

import { HATCH_WIDTH, hatchPath } from "../hatching.js";

const SVG = "http://www.w3.org/2000/svg";

function svgElement(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Hatchings {
  #map;
  #svg = svgElement("svg", { class: "hatchings", "aria-hidden": "true" });
  #patterns = new Map();

  constructor(map) {
    this.#map = map;
    map.getContainer().append(this.#svg);
    map.on("zoomend viewreset", () => {
      for (const pattern of this.#patterns.values()) this.#anchor(pattern);
    });
  }

  /** What fills an area: a colour, or the reference of a pattern. @param {object} symbol see `symbolOf` */
  fillOf({ hatch, color, fill, fillOpacity }) {
    if (!hatch) return { fillColor: fill, fillOpacity };
    const key = JSON.stringify([hatch, color, fill, fillOpacity]);
    if (!this.#patterns.has(key)) this.#patterns.set(key, this.#add(hatch, color, fill, fillOpacity));
    return { fillColor: `url(#${this.#patterns.get(key).id})`, fillOpacity: 1 };
  }

  #add(hatch, color, fill, fillOpacity) {
    const { every, opacity } = hatch;
    const size = { width: every, height: every };
    const id = `hatching-${L.stamp(this.#map)}-${this.#patterns.size}`;
    const pattern = svgElement("pattern", { id, patternUnits: "userSpaceOnUse", ...size });
    const stroke = { stroke: color, "stroke-width": HATCH_WIDTH, "stroke-opacity": opacity };
    pattern.append(
      svgElement("rect", { ...size, fill, "fill-opacity": fillOpacity }),
      svgElement("path", { d: hatchPath(hatch, [-every, -every, 2 * every, 2 * every]), ...stroke }),
    );
    this.#svg.append(pattern);
    this.#anchor(pattern);
    return pattern;
  }

  /** Count the lines from the corner of the world, wherever Leaflet counts its pixels from. */
  #anchor(pattern) {
    const { x, y } = this.#map.getPixelOrigin();
    const every = pattern.width.baseVal.value;
    pattern.setAttribute("x", -x % every);
    pattern.setAttribute("y", -y % every);
  }
}
