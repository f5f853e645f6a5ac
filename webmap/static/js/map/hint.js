/** Where on the map is what is pointed at elsewhere? A mark that stays for as long as it is pointed at. */

import { drawHalo } from "./draw.js";

export class Hint {
  #group = L.layerGroup();
  #renderer = L.svg({ pane: "halo" });

  /** @param {L.Map} map a map with a pane for halos */
  constructor(map) {
    this.#group.addTo(map);
  }

  /** Mark a geometry; null takes the mark away. */
  show(geometry) {
    this.#group.clearLayers();
    if (!geometry) return;
    for (const layer of drawHalo({ geometry }, this.#renderer)) this.#group.addLayer(layer);
  }
}

/** What to mark for a part of a strip: the geometry of its place, or the line of a hop. */
export function partGeometry(part, map) {
  if (!part) return null;
  const drawn = map.place(part.place)?.feature.geometry;
  return drawn ?? (part.line.length ? { type: "LineString", coordinates: part.line } : null);
}
