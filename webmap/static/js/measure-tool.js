/** Coordinates and measures beside the map: read, copied, gone to, added up. */

import { geodesy, sexagesimal } from "./geodesy.js";
import { Sketch } from "./map/sketch.js";

const PER_MILLION = 1e6;

/** Load the two libraries; they are large, and only this tool needs them. */
async function load() {
  await Promise.all([
    import("../vendor/proj4/proj4.js"),
    import("../vendor/geographiclib/geodesic.js"),
  ]);
  return geodesy(window.proj4, window.geodesic);
}

/**
 * The tool. Opened by its button; the map's centre does what the pointer does, by keyboard.
 * Emits `ask` (detail: the points, [lon, lat]) when the reader asks what is promised there.
 */
export class MeasureTool extends EventTarget {
  #element;
  #map;
  #texts;
  #tool = null;
  #sketch;
  #pointer = null;
  #language = document.documentElement.lang;

  /**
   * @param {HTMLElement} element the card
   * @param {HTMLButtonElement} button opens and closes it
   * @param {L.Map} map
   */
  constructor(element, button, map) {
    super();
    this.#element = element;
    this.#map = map;
    this.#texts = element.dataset;
    this.#sketch = new Sketch(map);
    this.#sketch.addEventListener("change", () => this.#showMeasures());
    const set = (open) => this.#open(open, button);
    button.addEventListener("click", () => set(element.hidden));
    element.querySelector("[data-close]").addEventListener("click", () => set(false));
    element.addEventListener("keydown", (event) => event.key === "Escape" && set(false));
    element.addEventListener("click", ({ target }) => this.#act(target.closest("button")));
    element.querySelector("form").addEventListener("submit", (event) => this.#goTo(event));
    map.on("mousemove", ({ latlng }) => this.#follow([latlng.lng, latlng.lat]));
    map.on("mouseout", () => this.#follow(null));
    map.on("moveend", () => this.#showCoordinates());
  }

  async #open(open, button) {
    this.#element.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    this.#sketch.active = open;
    if (!open) return button.focus();
    this.#tool ??= await load();
    this.#showCoordinates();
    this.#showMeasures();
    return this.#element.querySelector("h2").focus();
  }

  #centre() {
    const { lat, lng } = this.#map.getCenter();
    return [lng, lat];
  }

  #follow(point) {
    if (this.#element.hidden) return;
    this.#pointer = point;
    this.#showCoordinates();
  }

  #number(value, digits) {
    return value.toLocaleString(this.#language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  #set(name, text) {
    this.#element.querySelector(`[data-value="${name}"]`).textContent = text;
  }

  #showCoordinates() {
    if (this.#element.hidden || !this.#tool) return;
    const point = this.#pointer ?? this.#centre();
    this.#set("where", this.#pointer ? this.#texts.pointer : this.#texts.centre);
    const [lon, lat] = point;
    const pair = ([a, b], digits) => `${this.#number(a, digits)}\u00a0; ${this.#number(b, digits)}`;
    const lambert = this.#tool.lambert93(point);
    const conic = this.#tool.conic(point);
    this.#set("wgs84", pair([lat, lon], 6));
    this.#set("dms", `${sexagesimal(lat, "NS")}, ${sexagesimal(lon, this.#language === "fr" ? "EO" : "EW")}`);
    this.#set("lambert93", lambert ? pair(lambert, 1) : "—");
    this.#set("zone", conic ? `CC${conic.zone}` : "CC");
    this.#set("conic", conic ? pair(conic.at, 1) : "—");
  }

  #length(metres) {
    return metres < 10_000 ? `${this.#number(metres, 1)} m` : `${this.#number(metres / 1000, 3)} km`;
  }

  #area(squareMetres) {
    return squareMetres < 10_000
      ? `${this.#number(squareMetres, 0)} m²`
      : `${this.#number(squareMetres / 10_000, 3)} ha`;
  }

  #showMeasures() {
    const { points } = this.#sketch;
    if (!this.#tool) return;
    const length = this.#tool.length(points);
    const plane = points.length > 1 ? this.#tool.planeLength(points) : null;
    this.#set("points", String(points.length));
    this.#element.querySelector('[data-action="ask"]').disabled = points.length === 0;
    this.#set("length", points.length > 1 ? this.#length(length) : "—");
    this.#set("plane", plane === null ? "—" : `${this.#length(plane)} (${this.#number((plane / length - 1) * PER_MILLION, 0)} ppm)`);
    this.#set("area", points.length > 2 ? this.#area(this.#tool.area(points)) : "—");
  }

  async #act(button) {
    const action = button?.dataset.action;
    if (action === "add") this.#sketch.add(this.#centre());
    else if (action === "undo") this.#sketch.undo();
    else if (action === "clear") this.#sketch.clear();
    else if (action === "ask") this.dispatchEvent(new CustomEvent("ask", { detail: this.#sketch.points }));
    else if (button?.dataset.copy) await this.#copy(button.dataset.copy);
  }

  async #copy(name) {
    const text = this.#element.querySelector(`[data-value="${name}"]`).textContent;
    try {
      await navigator.clipboard.writeText(text);
      this.#say(this.#texts.copied);
    } catch {
      this.#say(this.#texts.notCopied);
    }
  }

  #say(text) {
    this.#element.querySelector("[role=status]").textContent = text;
  }

  async #goTo(event) {
    event.preventDefault();
    this.#tool ??= await load();
    const input = this.#element.querySelector("input");
    const found = this.#tool.parse(input.value);
    input.setAttribute("aria-invalid", String(!found));
    if (!found) return this.#say(this.#texts.refused);
    this.#map.setView([found.lat, found.lon], Math.max(this.#map.getZoom(), 16), { animate: false });
    return this.#say(this.#texts.reached.replace("{system}", found.system));
  }
}
