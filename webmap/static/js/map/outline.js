/** What does the question ask about? Its outline on the map: dashed while it is shown, solid when it is used. */

import { boundingBox } from "../geo.js";

const POINT_RADIUS = 8;

/** An outline on a Leaflet map. */
export class Outline {
  #map;
  #layer = null;

  constructor(map) {
    this.#map = map;
  }

  /** Draw a GeoJSON geometry, or nothing with null. */
  show(geometry, { preview = false } = {}) {
    this.#layer?.remove();
    this.#layer = null;
    if (!geometry) return;
    const style = { pane: "lines", interactive: false, className: preview ? "outline outline-preview" : "outline" };
    this.#layer = L.geoJSON(geometry, {
      style,
      pointToLayer: (_feature, at) => L.circleMarker(at, { ...style, radius: POINT_RADIUS }),
    }).addTo(this.#map);
  }

  /** The box [west, south, east, north] of a geometry. */
  static box(geometry) {
    return boundingBox([geometry]);
  }
}
