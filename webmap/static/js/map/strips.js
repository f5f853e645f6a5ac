/** How do the strips of the map page and the map point at each other? */

import { boundingBox } from "../geo.js";
import { Strip } from "../strip.js";
import { Hint, partGeometry } from "./hint.js";

/** The strips of a page and its map. Emits `place` (detail: place id) when a part that has a sheet is chosen. */
export class MapStrips extends EventTarget {
  #map;
  #hint;
  #strips = [];

  /**
   * @param {AtlasMap} map
   * @param {L.Map} leaflet
   */
  constructor(map, leaflet) {
    super();
    this.#map = map;
    this.#hint = new Hint(leaflet);
  }

  /** Take the strips inside an element; those that have left the page are forgotten. */
  take(root) {
    this.#strips = this.#strips.filter(({ element }) => element.isConnected);
    for (const element of root.querySelectorAll("[data-strip]")) {
      const strip = new Strip(element);
      strip.addEventListener("hint", ({ detail }) => this.#hint.show(partGeometry(detail, this.#map)));
      strip.addEventListener("choose", ({ detail }) => this.#choose(detail));
      this.#strips.push({ element, strip });
    }
  }

  #choose(part) {
    if (part.place) {
      this.dispatchEvent(new CustomEvent("place", { detail: part.place }));
    } else {
      const geometry = partGeometry(part, this.#map);
      this.#map.fitBox(boundingBox([geometry]), { maxZoom: 17 });
      this.#hint.show(geometry);
    }
  }

  /** Mark a place on every strip. */
  mark(place) {
    for (const { strip } of this.#strips) strip.mark(place);
  }
}
