/** What lies beneath the places? The project's own quiet ground, or the basemap that was chosen. */

import { GROUND_ORDER, symbolOf } from "../symbols.js";
import { onToneChange, toneNow } from "./tone.js";

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
    onToneChange(() => {
      this.#restyle();
      // Drawn at once: a page goes to paper as it is.
      this.#renderer.fire("update");
    });
  }

  /**
   * Draw the context features, kinds beneath one another in a fixed order, casings beneath their kind. What looks the
   * same is one layer: Leaflet works for each.
   */
  draw(features) {
    const alike = new Map();
    for (const { geometry, properties } of features) {
      if (!geometry) continue;
      const polygon = geometry.type.endsWith("Polygon");
      const key = JSON.stringify([properties.kind, properties.position?.method, polygon]);
      if (!alike.has(key)) alike.set(key, { properties, polygon, parts: [] });
      alike.get(key).parts.push(...(geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates]));
    }
    const rank = ({ group, casing }) => GROUND_ORDER.indexOf(group.properties.kind) * 2 + (casing ? 0 : 1);
    const pieces = [...alike.values()].flatMap((group) => [true, false].map((casing) => ({ group, casing })));
    for (const piece of pieces.sort((a, b) => rank(a) - rank(b))) this.#add(piece);
  }

  #add({ group, casing }) {
    const { properties, polygon, parts } = group;
    const symbol = this.#symbolOf(properties);
    if (casing && (polygon || !symbol.casing)) return;
    // Areas may lie over one another: by the winding of their rings both are filled.
    const options = { pane: "ground", renderer: this.#renderer, interactive: false, fillRule: "nonzero" };
    const shape = polygon ? L.polygon : L.polyline;
    const points = L.GeoJSON.coordsToLatLngs(parts, polygon ? 2 : 1);
    const layer = shape(points, { ...options, ...pathStyle(symbol, casing, polygon) }).addTo(this.#map);
    this.#drawn.push({ layer, properties, casing, polygon });
  }

  #symbolOf(properties) {
    return symbolOf(this.#style, properties, this.#map.getZoom(), this.#map.getCenter().lat, toneNow);
  }

  #restyle() {
    for (const { layer, properties, casing, polygon } of this.#drawn) {
      layer.setStyle(pathStyle(this.#symbolOf(properties), casing, polygon));
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
    weight: casing ? symbol.casingWeight : symbol.weight,
    dashArray: symbol.dash,
    lineCap: symbol.dash ? "butt" : "round",
    fill: polygon,
    fillColor: symbol.fill,
    fillOpacity: polygon ? symbol.fillOpacity : 0,
  };
}
