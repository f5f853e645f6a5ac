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
   */
  constructor(atlasMap, map) {
    super();
    this.#atlasMap = atlasMap;
    this.#map = map;
    this.#halo.addTo(map);
    const container = map.getContainer();
    for (const type of ["mouseover", "focusin"]) {
      container.addEventListener(type, ({ target }) => this.#point(target.closest("[data-place]")?.dataset.place ?? ""));
    }
    for (const type of ["mouseleave", "focusout"]) container.addEventListener(type, () => this.#point(""));
  }

  #point(id) {
    this.dispatchEvent(new CustomEvent("hover", { detail: id }));
  }

  /** Put a passing halo on places. */
  highlight(ids) {
    this.#halo.clearLayers();
    const features = ids.map((id) => this.#atlasMap.place(id)?.feature).filter((feature) => feature?.geometry);
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
