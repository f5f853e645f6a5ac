/** What do a table and the map tell one another? The places under the pointer, their halo, and what is in sight. */

import { drawHalo } from "./draw.js";

/** The map as a table beside it sees it. Emits `hover` (detail: the id of the place pointed at, or ""). */
export class Beside extends EventTarget {
  #map;
  #atlasMap;
  #halo = L.layerGroup();
  #renderer = L.svg({ pane: "halo" });

  /**
   * @param {AtlasMap} atlasMap what knows the places
   * @param {L.Map} map
   * @param {HTMLElement | null} list of the places in view: what is drawn on a canvas takes the focus there alone
   */
  constructor(atlasMap, map, list) {
    super();
    this.#atlasMap = atlasMap;
    this.#map = map;
    this.#halo.addTo(map);
    for (const element of [map.getContainer(), list]) if (element) this.#follow(element);
    atlasMap.addEventListener("hover", ({ detail }) => this.#point(detail));
  }

  #follow(element) {
    for (const type of ["mouseover", "focusin"]) {
      element.addEventListener(type, ({ target }) => this.#point(target.closest("[data-place]")?.dataset.place ?? ""));
    }
    for (const type of ["mouseleave", "focusout"]) element.addEventListener(type, () => this.#point(""));
  }

  #point(id) {
    this.dispatchEvent(new CustomEvent("hover", { detail: id }));
  }

  /** Put a passing halo on places. */
  highlight(ids) {
    this.#halo.clearLayers();
    const features = ids.flatMap((id) => this.#atlasMap.pieces(id)).filter(({ geometry }) => geometry);
    for (const layer of features.flatMap((feature) => drawHalo(feature, this.#renderer))) {
      layer.options.className = "halo halo-passing";
      this.#halo.addLayer(layer);
    }
  }

  /** The box [west, south, east, north] beside what covers some pixels at each side; the whole where all is covered. */
  boxBeside({ left, right, top, bottom }) {
    const { x, y } = this.#map.getSize();
    const seen = x - left - right > 0 && y - top - bottom > 0;
    const [northWest, southEast] = seen ? [[left, top], [x - right, y - bottom]] : [[0, 0], [x, y]];
    const [start, end] = [northWest, southEast].map((point) => this.#map.containerPointToLatLng(point));
    return [start.lng, end.lat, end.lng, start.lat];
  }
}
