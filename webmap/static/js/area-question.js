/** What is promised in an area of the reader's own? Ties the two cards that give one to the map and the sheet. */

import { ImportTool } from "./import-tool.js";
import { Outline } from "./map/outline.js";
import { MeasureTool } from "./measure-tool.js";
import { sendForFragment } from "./send.js";

/** The questions about an area. Emits `ask` (detail: {outline, field}); `field` is an outline too long for an address. */
export class AreaQuestion extends EventTarget {
  #outline;
  #atlasMap;
  #taken = null;

  /**
   * @param {HTMLElement} frame the map's frame
   * @param {L.Map} leaflet
   * @param {AtlasMap} atlasMap
   */
  constructor(frame, leaflet, atlasMap) {
    super();
    this.#outline = new Outline(leaflet);
    this.#atlasMap = atlasMap;
    const [measure, bring] = ["[data-measure]", "[data-import]"].map((name) => frame.querySelector(name));
    if (!measure || !bring) return;
    const card = (button) => document.getElementById(button.getAttribute("aria-controls"));
    const drawn = new MeasureTool(card(measure), measure, leaflet);
    const brought = new ImportTool(card(bring), bring, frame);
    drawn.addEventListener("ask", ({ detail }) => {
      const outline = detail.map((point) => point.map((degrees) => degrees.toFixed(6)).join(",")).join(";");
      this.#ask({ outline });
    });
    brought.addEventListener("use", ({ detail: { contour, field } }) => {
      this.#ask(contour ? { outline: contour } : { field });
    });
    brought.addEventListener("preview", ({ detail }) => this.#preview(detail));
    // One card at a time: they share a corner of the map.
    brought.addEventListener("open", () => card(measure).hidden || measure.click());
    measure.addEventListener("click", () => card(measure).hidden || brought.close());
  }

  #ask(detail) {
    this.dispatchEvent(new CustomEvent("ask", { detail }));
  }

  /** Show what a file holds; with null, what was asked about before comes back. */
  #preview(geometry) {
    this.#outline.show(geometry ?? this.#taken, { preview: geometry !== null });
    if (geometry) this.#goTo(geometry);
  }

  /**
   * Draw what the sheet speaks of: the outline that it was asked about, or none; with `fit`, move to it.
   * Returns whether there is one.
   */
  take(sheet, { fit = false } = {}) {
    const asked = sheet?.querySelector("[data-outline]")?.dataset.outline;
    this.#taken = asked ? JSON.parse(asked) : null;
    this.#outline.show(this.#taken);
    if (this.#taken && fit) this.#goTo(this.#taken);
    return this.#taken !== null;
  }

  #goTo(geometry) {
    this.#atlasMap.fitBox(Outline.box(geometry), { maxZoom: 17 });
  }

  /** Fetch the sheet of an outline that is too long for an address. */
  answer(sheetAddress, field) {
    const url = new URL(sheetAddress, location.href);
    url.searchParams.delete("contour");
    return sendForFragment(url.href, new URLSearchParams({ contour: field }));
  }
}
