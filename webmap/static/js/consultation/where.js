/** Where is a contribution about? Drawn on the map, or chosen without it. */

import { SearchBox } from "../search-box.js";
import { Sketch } from "../map/sketch.js";
import { drawingOf, geometryOf, parsePosition } from "./drawing.js";

const KINDS = { place: "place", territory: "territory", commitment: "commitment" };
const NOTHING = { place: null, commitment: null, territory: null };

/** What searches: large, so that it comes when somebody searches, or when the page is made ready for offline use. */
export const loadSearch = () => import("../search.js");

/** The first step. Emits `change`, and `tell` (detail: text for the reader). */
export class Where extends EventTarget {
  #step;
  #config;
  #map;
  #sketch;
  #chosen = { ...NOTHING };

  /**
   * @param {HTMLElement} step
   * @param {object} config what the service says of the consultation
   * @param {L.Map} map
   */
  constructor(step, config, map) {
    super();
    this.#step = step;
    this.#config = config;
    this.#map = map;
    this.#sketch = new Sketch(map);
    this.#sketch.shape = this.#shape;
    this.#sketch.addEventListener("change", () => this.#changed());
    step.addEventListener("change", ({ target }) => target.name === "shape" && this.#reshape());
    step.addEventListener("click", ({ target }) => this.#act(target.closest("button")));
    const search = new SearchBox(step.querySelector("[data-search]"), config.texts, loadSearch);
    search.addEventListener("choose", ({ detail }) => this.#choose(detail));
    search.addEventListener("address", ({ detail }) => this.#setPoint([detail.lon, detail.lat]));
    step.querySelector("#coordonnees")?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#placeCoordinates();
    });
  }

  set active(active) {
    this.#sketch.active = active && this.#config.shapes.length > 0;
  }

  get #shape() {
    const input = this.#step.querySelector('[name="shape"]:checked, [name="shape"][type="hidden"]');
    return input?.value || "point";
  }

  /** What is said of the place. */
  get value() {
    return { geometry: geometryOf(this.#shape, this.#sketch.points), ...this.#chosen };
  }

  set value(value) {
    const { shape, points } = drawingOf(value.geometry);
    const input = this.#step.querySelector(`[name="shape"][value="${shape}"]`);
    if (input?.type === "radio") input.checked = true;
    this.#chosen = { ...NOTHING };
    for (const kind of Object.keys(NOTHING)) this.#chosen[kind] = value[kind] ?? null;
    this.#sketch.shape = this.#shape;
    this.#sketch.points = points;
  }

  /** What is missing, in words; empty when nothing is. */
  get fault() {
    const { texts, whereRequired } = this.#config;
    if (this.#sketch.points.length && !this.value.geometry) return texts.drawingShort;
    const said = Object.values(this.value).some(Boolean);
    return whereRequired && !said ? texts.whereMissing : "";
  }

  #tell(text) {
    this.dispatchEvent(new CustomEvent("tell", { detail: text }));
  }

  #reshape() {
    this.#sketch.shape = this.#shape;
  }

  #changed() {
    const { points } = this.#sketch;
    const several = this.#shape !== "point";
    for (const button of this.#step.querySelectorAll('[data-draw="undo"], [data-draw="clear"]')) {
      button.hidden = points.length === 0 || (button.dataset.draw === "undo" && !several);
    }
    this.#list();
    this.dispatchEvent(new Event("change"));
  }

  #add(point) {
    if (this.#sketch.points.length >= this.#config.longestDrawing) return this.#tell(this.#config.texts.tooLong);
    this.#sketch.add(point);
    const { texts } = this.#config;
    const count = texts.vertex.replace("{n}", this.#sketch.points.length);
    return this.#tell(this.#shape === "point" ? texts.placed : count);
  }

  #setPoint(point) {
    this.#map.setView([point[1], point[0]], Math.max(this.#map.getZoom(), 17), { animate: false });
    if (this.#config.shapes.includes("point") || this.#shape !== "point") this.#add(point);
  }

  #choose({ type, id }) {
    if (!(type in KINDS)) return;
    this.#chosen[KINDS[type]] = id;
    this.#tell(this.#config.texts.chosen.replace("{what}", this.#config.names[id]));
    this.#changed();
  }

  #act(button) {
    if (!button) return;
    if (button.dataset.draw === "add") {
      const { lat, lng } = this.#map.getCenter();
      this.#add([lng, lat]);
    } else if (button.dataset.draw) this.#sketch[button.dataset.draw]();
    else if (button.dataset.remove) {
      this.#chosen[button.dataset.remove] = null;
      this.#changed();
    } else if ("placeCoordinates" in button.dataset) this.#placeCoordinates();
    else if ("locate" in button.dataset) this.#locate();
  }

  #placeCoordinates() {
    const input = this.#step.querySelector("#coordonnees");
    const point = parsePosition(input.value);
    input.setAttribute("aria-invalid", String(!point));
    if (point) this.#setPoint(point);
    else this.#tell(this.#config.texts.badPosition);
  }

  #locate() {
    const { texts } = this.#config;
    this.#tell(texts.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#setPoint([coords.longitude, coords.latitude]),
      () => this.#tell(texts.notLocated),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  /** What is chosen, in words. */
  get words() {
    const { geometry } = this.value;
    const names = Object.values(this.#chosen).filter(Boolean).map((id) => this.#config.names[id] ?? id);
    return geometry ? [this.#config.texts[drawingOf(geometry).shape], ...names] : names;
  }

  #list() {
    const items = Object.entries(this.#chosen)
      .filter(([, id]) => id)
      .map(([kind, id]) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const name = this.#config.names[id] ?? id;
        item.textContent = name;
        button.type = "button";
        button.className = "button";
        button.dataset.remove = kind;
        button.textContent = this.#config.texts.remove;
        button.setAttribute("aria-label", `${this.#config.texts.remove} ${name}`);
        item.append(" ", button);
        return item;
      });
    const drawn = this.value.geometry && document.createElement("li");
    if (drawn) drawn.textContent = this.#config.texts[this.#shape];
    this.#step.querySelector("[data-chosen]").replaceChildren(...(drawn ? [drawn] : []), ...items);
  }
}
