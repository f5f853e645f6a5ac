/** What do the marks of contributions look like? Single ones, clusters of near ones, and cells of a grid. */

import { lit, tones } from "../symbols.js";

const SVG = "http://www.w3.org/2000/svg";
// The more, the further from the ground: darker on light, lighter on dark.
const RAMP = [
  tones("#e3f0ee", "#22413e"),
  tones("#b5d8d3", "#2c625d"),
  tones("#7fbab3", "#3f918a"),
  tones("#3f918a", "#7fbab3"),
  tones("#0b5351", "#c4e6e1"),
];

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Counts by category as arcs of a ring, and the number in the middle. */
function ring(counts, colours, size) {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const round = 2 * Math.PI * 15.5;
  let at = 0;
  const arcs = counts.map(([id, count]) => {
    const arc = svg("circle", {
      cx: 20, cy: 20, r: 15.5, fill: "none", stroke: lit(colours.get(id) ?? "#555555"), "stroke-width": 7,
      "stroke-dasharray": `${(count / total) * round} ${round}`, "stroke-dashoffset": -(at / total) * round,
    });
    at += count;
    return arc;
  });
  const text = svg("text", { x: 20, y: 24.6, fill: "var(--ink)" });
  text.textContent = total;
  const face = svg("circle", { cx: 20, cy: 20, r: 19, fill: "var(--paper)" });
  return svg("svg", { viewBox: "0 0 40 40", width: size, height: size, "aria-hidden": "true" }, face, ...arcs, text);
}

function single(letter, colour, size) {
  const text = svg("text", { x: 20, y: 25.5, fill: "#ffffff", "font-size": 16 });
  text.textContent = letter;
  const disc = svg("circle", { cx: 20, cy: 20, r: 16, fill: colour, stroke: "#ffffff", "stroke-width": 3 });
  return svg("svg", { viewBox: "0 0 40 40", width: size, height: size, "aria-hidden": "true" }, disc, text);
}

/** The lower bounds of at most five classes of counts, each class holding about as many cells. */
export function classes(totals) {
  const sorted = [...totals].sort((a, b) => a - b);
  const cuts = RAMP.map((_, i) => sorted[Math.floor((i * sorted.length) / RAMP.length)]);
  return [...new Set(cuts)].filter((cut) => cut !== undefined);
}

export function classColour(cuts, total) {
  const rank = cuts.findLastIndex((cut) => total >= cut);
  return RAMP[cuts.length === 1 ? 2 : Math.round((rank * (RAMP.length - 1)) / (cuts.length - 1))];
}

/**
 * Contributions on a Leaflet map. Emits `choose` (detail: number of a contribution).
 */
export class Said extends EventTarget {
  #map;
  #texts;
  #group = L.layerGroup();
  #size;
  #found = { categories: [], features: [], grid: { cells: [] } };
  #mode = "points";
  #kept = null;

  /**
   * @param {L.Map} map
   * @param {{one: string, many: string, cell: string}} texts
   * @param {number} size pixels of a mark
   */
  constructor(map, texts, size = 36) {
    super();
    this.#map = map;
    this.#texts = texts;
    this.#size = size;
    this.#group.addTo(map);
    map.on("zoomend", () => this.#draw());
  }

  /** Take what the server says; draw it. */
  take(found) {
    this.#found = found;
    this.#draw();
  }

  /** @param {"points" | "grid"} mode @param {Set<string> | null} kept categories, null for all */
  show(mode, kept = null) {
    this.#mode = mode;
    this.#kept = kept;
    this.#draw();
  }

  /** The classes of the grid as it is shown: lower bound and colour. */
  get legend() {
    const cuts = classes(this.#cells().map(({ total }) => total));
    return cuts.map((cut) => ({ from: cut, colour: classColour(cuts, cut) }));
  }

  #keeps(category) {
    return this.#kept === null || this.#kept.has(category);
  }

  #named(counts) {
    const names = new Map(this.#found.categories.map(({ id, name }) => [id, name]));
    return counts.map(([id, count]) => `${names.get(id) ?? ""} ${count}`.trim()).join(", ");
  }

  #draw() {
    this.#group.clearLayers();
    if (this.#mode === "grid") this.#drawCells();
    else this.#drawMarks();
  }

  #cells() {
    return this.#found.grid.cells
      .map(({ outline, counts }) => {
        const kept = Object.entries(counts).filter(([id]) => this.#keeps(id));
        return { outline, counts: kept, total: kept.reduce((sum, [, count]) => sum + count, 0) };
      })
      .filter(({ total }) => total);
  }

  #drawCells() {
    const cells = this.#cells();
    const cuts = classes(cells.map(({ total }) => total));
    for (const { outline, counts, total } of cells) {
      const at = outline.map(([lon, lat]) => [lat, lon]);
      const cell = L.polygon(at, { pane: "areas", color: "var(--ink-soft)", weight: 1, fillColor: classColour(cuts, total), fillOpacity: 0.72, interactive: false });
      const label = document.createElement("span");
      label.textContent = total;
      const icon = L.divIcon({ html: label, className: "said-count", iconSize: [30, 20] });
      const mark = L.marker(cell.getBounds().getCenter(), { icon, pane: "points", keyboard: false, interactive: false });
      this.#group.addLayer(cell).addLayer(mark);
      const element = mark.getElement();
      element?.setAttribute("role", "img");
      element?.setAttribute("aria-label", this.#fill(this.#texts.cell, total, this.#named(counts)));
    }
  }

  #fill(text, n, what) {
    return text.replace("{n}", n).replace("{what}", what).replace("{category}", what);
  }

  /** Contributions that would overlap at this zoom go together. */
  #clusters() {
    const clusters = [];
    const reach = this.#size * 1.25;
    const cells = new Map();
    for (const feature of this.#found.features) {
      const [, category, lon, lat] = feature;
      if (!this.#keeps(category)) continue;
      const at = this.#map.project([lat, lon]);
      const column = Math.floor(at.x / reach);
      const row = Math.floor(at.y / reach);
      let home = null;
      for (let i = -1; i <= 1 && !home; i++) {
        for (let j = -1; j <= 1 && !home; j++) {
          home = cells.get(`${column + i} ${row + j}`)?.find((one) => one.at.distanceTo(at) < reach) ?? null;
        }
      }
      if (home) home.members.push(feature);
      else {
        const made = { at, lat, lon, members: [feature] };
        const key = `${column} ${row}`;
        cells.set(key, [...(cells.get(key) ?? []), made]);
        clusters.push(made);
      }
    }
    return clusters;
  }

  #drawMarks() {
    const categories = new Map(this.#found.categories.map((category) => [category.id, category]));
    const colours = new Map(this.#found.categories.map(({ id, colour }) => [id, colour]));
    for (const { lat, lon, members } of this.#clusters()) {
      const [number, category, , , drawing] = members[0];
      const alone = members.length === 1;
      const counts = new Map();
      for (const [, id] of members) counts.set(id, (counts.get(id) ?? 0) + 1);
      const kind = categories.get(category);
      const picture = alone
        ? single(kind?.letter ?? "", kind?.colour ?? "#555555", this.#size)
        : ring([...counts], colours, this.#size * (members.length > 9 ? 1.3 : 1.1));
      const name = alone
        ? this.#fill(this.#texts.one, number, kind?.name ?? "")
        : this.#fill(this.#texts.many, members.length, this.#named([...counts]));
      if (alone && drawing) this.#drawShape(drawing, kind?.colour ?? "#555555");
      this.#mark([lat, lon], picture, name, () => (alone ? this.#choose(number) : this.#approach(members)));
    }
  }

  #drawShape({ type, coordinates }, color) {
    const depth = { LineString: 0, Polygon: 1, MultiPolygon: 2 }[type];
    if (depth === undefined) return;
    const points = L.GeoJSON.coordsToLatLngs(coordinates, depth);
    const style = { color: lit(color), weight: 4, fillOpacity: 0.2, interactive: false };
    this.#group.addLayer(type === "LineString" ? L.polyline(points, { ...style, pane: "lines" }) : L.polygon(points, { ...style, pane: "areas" }));
  }

  #mark(at, picture, name, act) {
    const icon = L.divIcon({ html: picture, className: "said-mark", iconSize: [this.#size, this.#size] });
    const mark = L.marker(at, { icon, pane: "points", keyboard: true, riseOnHover: true, title: name });
    this.#group.addLayer(mark);
    const element = mark.getElement();
    if (!element) return;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", name);
    mark.on("click", act);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }

  #choose(number) {
    this.dispatchEvent(new CustomEvent("choose", { detail: number }));
  }

  /** Come nearer to a cluster; where its members lie on one spot, choose the first. */
  #approach(members) {
    const bounds = L.latLngBounds(members.map(([, , lon, lat]) => [lat, lon]));
    const same = bounds.getNorthEast().equals(bounds.getSouthWest());
    if (same || this.#map.getZoom() >= this.#map.getMaxZoom()) this.#choose(members[0][0]);
    else this.#map.fitBounds(bounds.pad(0.2), { animate: false });
  }
}
