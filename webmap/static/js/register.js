/** How do the table and the map follow one another? Ties the table to the map, the filters and the address. */

import { EXTENT } from "./filters.js";
import { coveredPixels } from "./frame.js";
import { Beside } from "./map/beside.js";
import { RegisterTable } from "./register-table.js";

const CLOSED = { name: "", sort: "", columns: null, page: "" };

/** The table beside the map, tied to the page's state. */
export class Register {
  #page;
  #table;
  #map;
  #filters;
  #on;
  #button;

  /**
   * @param {HTMLElement} page the frame of the map, with the table in it
   * @param {{map: AtlasMap, leaflet: L.Map, filters: Filters, texts: object}} parts
   * @param {{state: () => MapState, change: (table: object) => void, select: (what: object) => void}} on
   *   the state; what to do when the table's part of it changes, and when a row is chosen
   */
  constructor(page, { map, leaflet, filters, texts }, on) {
    this.#page = page;
    this.#map = new Beside(map, leaflet, page.querySelector("[data-in-view]"));
    this.#filters = filters;
    this.#on = on;
    this.#table = new RegisterTable(page.querySelector("[data-map-table]"), texts);
    this.#button = page.querySelector("[data-register-open]");
    this.#button?.addEventListener("click", () => this.#toggle());
    this.#table.addEventListener("close", () => this.#close());
    this.#table.addEventListener("open", ({ detail }) => on.select(detail));
    this.#table.addEventListener("hover", ({ detail }) => this.#map.highlight(detail));
    this.#table.addEventListener("table", ({ detail }) => this.#ask(detail));
    this.#table.addEventListener("extent", ({ detail }) => (filters.extent = detail ? this.#inSight() : ""));
    this.#table.addEventListener("drop", ({ detail }) => filters.drop(detail));
    this.#map.addEventListener("hover", ({ detail }) => this.#table.hover(detail));
    map.addEventListener("viewchange", () => this.#moved());
  }

  /** The part of the map that nothing covers, "west,south,east,north". */
  #inSight() {
    return this.#map.boxBeside(coveredPixels(this.#page, { margin: 0 })).map((degrees) => degrees.toFixed(5)).join(",");
  }

  #moved() {
    const asked = this.#filters.choices[EXTENT];
    const now = asked ? this.#inSight() : "";
    if (asked && now !== asked) this.#filters.extent = now;
  }

  #toggle() {
    if (this.#table.isOpen) this.#close();
    else this.#ask({ ...CLOSED, name: "engagements", page: "1" }, { focus: true });
  }

  #hide() {
    this.#table.close();
    this.#button?.setAttribute("aria-expanded", "false");
  }

  #close() {
    this.#hide();
    this.#button?.focus();
    this.#on.change(CLOSED);
    this.#moved();
  }

  async #ask(table, { focus = false } = {}) {
    this.#on.change(table);
    await this.#show();
    if (focus) this.#table.focus();
  }

  async #show(mark = "") {
    const { table, filters } = this.#on.state();
    const opening = !this.#table.isOpen;
    this.#button?.setAttribute("aria-expanded", "true");
    this.#table.extent = EXTENT in filters;
    const page = await this.#table.show(table, filters, mark);
    if (page !== null && String(page) !== table.page) this.#on.change({ ...table, page: String(page) });
    if (opening) this.#moved();
  }

  /** Follow the state: its filters or its table have changed. */
  async follow() {
    if (this.#on.state().table.name) await this.#show();
    else if (this.#table.isOpen) this.#hide();
  }

  /** Follow a change of the filters: the first page of what they leave. */
  async filtered() {
    const { table } = this.#on.state();
    if (table.name) await this.#ask({ ...table, page: "1" });
  }

  /** Mark what is selected; turn to its page when it is not in sight. */
  async selected({ place, commitment }) {
    const found = this.#table.mark({ id: commitment || place, place });
    if (this.#table.isOpen && !found && (place || commitment)) await this.#show(commitment || place);
  }
}
