/** What lies beneath the places? The project's own quiet ground, or the basemap that was chosen. */

import { symbolOf } from "../symbols.js";

const ORDER = ["commune", "espace vert", "cours d'eau", "voie ferrée", "voie principale", "périphérique"];

/** The ground of a map: draws the context layer on one canvas and switches basemaps. */
export class Ground {
  #map;
  #style;
  #renderer;
  #drawn = [];
  #tiles = null;

  constructor(map, style) {
    this.#map = map;
    this.#style = style;
    map.createPane("ground").style.zIndex = 150;
    this.#renderer = L.canvas({ pane: "ground", padding: 0.4 });
    map.on("zoomend", () => this.#restyle());
  }

  /** Draw the context features, kinds beneath one another in a fixed order, casings beneath their kind. */
  draw(features) {
    const rank = ({ feature, casing }) => ORDER.indexOf(feature.properties.kind) * 2 + (casing ? 0 : 1);
    const located = features.filter(({ geometry }) => geometry);
    const parts = located.flatMap((feature) => [true, false].map((casing) => ({ feature, casing })));
    for (const part of parts.sort((a, b) => rank(a) - rank(b))) this.#add(part);
  }

  #add({ feature, casing }) {
    const polygon = feature.geometry.type.endsWith("Polygon");
    const symbol = this.#symbolOf(feature);
    if (casing && (polygon || !symbol.casing)) return;
    const layer = L.GeoJSON.geometryToLayer(feature, {
      pane: "ground",
      renderer: this.#renderer,
      interactive: false,
      ...pathStyle(symbol, casing, polygon),
    });
    layer.options.interactive = false;
    layer.addTo(this.#map);
    this.#drawn.push({ layer, feature, casing, polygon });
  }

  #symbolOf({ properties }) {
    return symbolOf(this.#style, properties, this.#map.getZoom(), this.#map.getCenter().lat);
  }

  #restyle() {
    for (const { layer, feature, casing, polygon } of this.#drawn) {
      layer.setStyle(pathStyle(this.#symbolOf(feature), casing, polygon));
    }
  }

  /**
   * Show a basemap. With one, the project's own ground is hidden.
   * @param {string} id a basemap of the configuration; one without tiles is the own ground
   * @param {(lost: boolean) => void} onTrouble told when tiles do not arrive, and when they do again
   */
  choose(id, onTrouble) {
    this.#tiles?.off().remove();
    this.#tiles = window[`tile_layer_${id}`] ?? null;
    this.#map.getPane("ground").style.display = this.#tiles ? "none" : "";
    if (!this.#tiles) return onTrouble(false);
    let failed = 0;
    this.#tiles.on("tileerror", () => {
      failed += 1;
      if (failed < 3) return;
      this.#map.getPane("ground").style.display = "";
      onTrouble(true);
    });
    this.#tiles.on("tileload", () => {
      if (failed >= 3) onTrouble(false);
      failed = 0;
      this.#map.getPane("ground").style.display = "none";
    });
    this.#tiles.addTo(this.#map);
    return undefined;
  }
}

function pathStyle(symbol, casing, polygon) {
  return {
    stroke: symbol.weight > 0,
    color: casing ? symbol.casing : symbol.color,
    weight: casing ? symbol.weight + 2 : symbol.weight,
    dashArray: symbol.dash,
    lineCap: symbol.dash ? "butt" : "round",
    fill: polygon,
    fillColor: symbol.fill,
    fillOpacity: polygon ? symbol.fillOpacity : 0,
  };
}
