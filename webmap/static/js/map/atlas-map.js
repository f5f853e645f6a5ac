/** What does the map show and tell? Wraps the Leaflet map that the server composed with Folium. */

import { afterFrame } from "../after-frame.js";
import { boundingBox, boxesMeet } from "../geo.js";
import { DenseLayers } from "./dense-layers.js";
import { drawFeature, drawHalo } from "./draw.js";
import { Ground } from "./ground.js";
import { Hatchings } from "./hatchings.js";
import { moveAsWished } from "./motion.js";
import { Names } from "./names.js";

const PANES = {
  ...{ "dense-areas": 405, areas: 410, halo: 420, "dense-lines": 425, lines: 430 },
  ...{ "dense-points": 445, points: 450, names: 460 },
};
// Milliseconds that names wait for large layers at most.
const PATIENCE = 250;

/**
 * A map of places. Emits `select` (detail: place id), `viewchange`, and, for layers that are fetched as they come into
 * view, `hover` (detail: id of the place under the pointer, or "") and `layerstate` (detail: {id, state}).
 */
export class AtlasMap extends EventTarget {
  #map;
  #styles;
  #padding;
  #layers = new Map();
  #places = new Map();
  #halo = L.layerGroup();
  #selection = new Set();
  #renderers;
  #hatchings;
  #names;
  #ground;
  #dense;
  #communes = [];
  #found = null;
  #awaited = false;
  #due = false;
  #kept = null;

  /**
   * @param {L.Map} map
   * @param {object} styles styles by name
   * @param {{zoomIn: string, zoomOut: string, credit: string}} texts
   * @param {() => {left: number, right: number, top: number, bottom: number}} padding pixels that panels cover
   */
  constructor(map, styles, texts, padding = () => ({ left: 24, right: 24, top: 24, bottom: 24 })) {
    super();
    this.#map = map;
    this.#styles = styles;
    this.#padding = padding;
    for (const [name, level] of Object.entries(PANES)) {
      if (!map.getPane(name)) map.createPane(name);
      map.getPane(name).style.zIndex = level;
    }
    moveAsWished(map);
    this.#renderers = {};
    for (const pane of ["areas", "halo", "lines"]) this.#renderers[pane] = L.svg({ pane, padding: 0.4 });
    this.#hatchings = new Hatchings(map);
    this.#names = new Names(map);
    map.getPane("names").style.zIndex = PANES.names;
    this.#ground = new Ground(map, styles.contexte);
    this.#halo.addTo(map);
    L.control.zoom({ position: "bottomright", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 140 }).addTo(map);
    map.attributionControl.setPrefix('<a href="https://leafletjs.com" lang="en">Leaflet</a>').addAttribution(texts.credit);
    new ResizeObserver(([{ target }]) => this.#follow(target)).observe(map.getContainer());
    map.on("zoomstart", () => this.#names.clear());
    map.on("zoomend", () => this.#restyle());
    map.on("moveend", () => this.#refresh());
    this.#dense = new DenseLayers(map);
    this.#dense.addEventListener("select", ({ detail }) => this.#choose(detail));
    this.#dense.addEventListener("hover", ({ detail }) => this.#emit("hover", detail));
    this.#dense.addEventListener("layerstate", ({ detail }) => this.#emit("layerstate", detail));
    this.#dense.addEventListener("change", () => this.#refresh());
  }

  /** Take note of the size of the map's element: Leaflet follows the window, which may change sooner, or stay as it is. */
  #follow({ clientWidth, clientHeight }) {
    const known = this.#map.getSize().equals([clientWidth, clientHeight]);
    if (!known) this.#map.invalidateSize({ debounceMoveend: true });
  }

  get view() {
    const { lat, lng } = this.#map.getCenter();
    return { lat, lon: lng, zoom: this.#map.getZoom() };
  }

  setView({ lat, lon, zoom }) {
    this.#map.setView([lat, lon], zoom, { animate: false });
  }

  drawGround(features) {
    this.#ground.draw(features);
    this.#communes = features.filter(({ properties, geometry }) => geometry && properties.kind === "commune");
    this.#writeNames();
  }

  #writeNames() {
    const selected = [...this.#selection].map((id) => this.#places.get(id)).filter((place) => place && this.#dense.has(place.layer));
    this.#names.write([...this.#shown(), ...this.#dense.places, ...selected], this.#selection, this.#communes);
  }

  chooseBasemap(id, onTrouble = () => {}) {
    this.#ground.choose(id, onTrouble);
  }

  /** Take the features of a layer; they are drawn when the layer is shown. */
  addLayer(id, styleName, features) {
    const style = this.#styles[styleName];
    const group = L.layerGroup();
    const drawn = [];
    const means = { renderers: this.#renderers, hatchings: this.#hatchings, map: this.#map };
    const located = features.filter((feature) => feature.geometry);
    // Large areas first, so that a small one inside stays within reach.
    const sizes = new Map(located.map((feature) => [feature, sizeOf(boundingBox([feature.geometry]))]));
    for (const feature of located.sort((a, b) => sizes.get(b) - sizes.get(a))) {
      const drawing = drawFeature(feature, style, means);
      for (const target of drawing.targets) this.#makeReachable(target, feature);
      drawn.push({ feature, style, ...drawing });
    }
    for (const feature of features) this.#places.set(feature.id, { feature, layer: id, style });
    this.#layers.set(id, { group, drawn, visible: false });
  }

  /** Take a layer of too many features to fetch at once; `source` says where its squares are. */
  addDense(id, styleName, source) {
    this.#dense.add(id, this.#styles[styleName], source);
  }

  /** Take places of such a layer, so that they can be selected. */
  addPlaces(layer, features) {
    const style = this.#dense.styleOf(layer);
    for (const feature of features) this.#places.set(feature.id, { feature, layer, style });
  }

  /** Resolves when the large layers that are shown are drawn. */
  drawn() {
    return this.#dense.drawn();
  }

  /** Ask again for what did not come. */
  async retry() {
    await this.#dense.retry();
  }

  /** The layers of which too many places are in view to list them: {id, count}. */
  get crowds() {
    return this.#dense.crowds;
  }

  hasLayer(id) {
    return this.#layers.has(id) || this.#dense.has(id);
  }

  showLayer(id, visible) {
    if (this.#dense.has(id) && this.#dense.show(id, visible)) this.#refreshSoon();
    const layer = this.#layers.get(id);
    if (!layer || layer.visible === visible) return;
    layer.visible = visible;
    if (visible) {
      this.#fillGroup(layer);
      layer.group.addTo(this.#map);
      for (const { restyle } of layer.drawn) restyle(this.#map.getZoom());
    } else {
      layer.group.remove();
    }
    this.#refreshSoon();
  }

  #fillGroup({ group, drawn }) {
    group.clearLayers();
    for (const { feature, layers } of drawn) {
      if (this.#keeps(feature.id)) for (const layer of layers) group.addLayer(layer);
    }
  }

  #keeps(id) {
    return this.#kept === null || this.#kept.has(id) || this.#selection.has(id);
  }

  /** Show only some places, or all of them again with null. */
  keepOnly(ids) {
    this.#kept = ids;
    this.#dense.keepOnly((id) => this.#keeps(id));
    for (const layer of this.#layers.values()) if (layer.visible) this.#fillGroup(layer);
    this.#restyle();
    this.#sortAreas();
    this.#refresh();
  }

  #sortAreas() {
    const areas = [...this.#layers.values()]
      .filter(({ visible }) => visible)
      .flatMap(({ drawn }) => drawn)
      .filter(({ feature, layers }) => this.#keeps(feature.id) && layers[0] instanceof L.Polygon)
      .map(({ layers: [area] }) => ({ area, box: area.getBounds() }))
      .map(({ area, box }) => ({ area, size: (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth()) }));
    for (const { area } of areas.sort((a, b) => b.size - a.size)) area.bringToFront();
  }

  #makeReachable(target, feature) {
    const select = () => this.#choose(feature.id);
    const tip = document.createElement("span");
    tip.textContent = feature.properties.name;
    target.bindTooltip(tip, { sticky: !(target instanceof L.Marker), direction: "top", opacity: 1, offset: [0, -8] });
    target.on("click", select);
    target.on("add", () => nameTarget(target, feature, select));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #choose(id) {
    this.#emit("select", id);
  }

  #restyle() {
    const zoom = this.#map.getZoom();
    for (const { visible, drawn } of this.#layers.values()) {
      if (visible) for (const { restyle } of drawn) restyle(zoom);
    }
  }

  /** Once for all the layers that are shown or hidden together. */
  #refreshSoon() {
    if (this.#awaited) return;
    this.#awaited = true;
    queueMicrotask(() => {
      this.#awaited = false;
      this.#sortAreas();
      this.#refresh();
    });
  }

  /** Take stock of what is in view; a slow browser draws large layers first, and then names what is in them. */
  async #refresh() {
    if (!this.#dense.isShown) return this.#takeStock();
    if (this.#due) return undefined;
    this.#due = true;
    await Promise.race([this.#dense.drawn(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    await afterFrame();
    this.#due = false;
    return this.#takeStock();
  }

  #takeStock() {
    this.#dense.look();
    this.#writeNames();
    this.#emit("viewchange");
  }

  #shown() {
    return [...this.#layers.values()]
      .filter(({ visible }) => visible)
      .flatMap(({ drawn }) => drawn)
      .filter(({ feature }) => this.#keeps(feature.id));
  }

  /** The places drawn in the visible part of the map, each with its layer. */
  placesInView() {
    const bounds = this.#map.getBounds();
    const view = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return this.#shown()
      .filter(({ feature }) => boxesMeet(boundingBox([feature.geometry]), view))
      .map(({ feature }) => ({ feature, layer: this.#places.get(feature.id).layer }))
      .concat(this.#dense.places);
  }

  place(id) {
    return this.#places.get(id);
  }

  /** What is known of where a place lies: itself, or what is drawn of it. */
  pieces(id) {
    const feature = this.#places.get(id)?.feature;
    return feature ? [feature] : this.#dense.pieces(id);
  }

  /** Put a halo on places; with `fit`, move so that all of them are seen. */
  select(ids, { fit = false } = {}) {
    this.#selection = new Set(ids);
    if (this.#kept !== null) this.keepOnly(this.#kept);
    this.#halo.clearLayers();
    const located = ids.map((id) => this.#places.get(id)?.feature).filter((feature) => feature?.geometry);
    for (const feature of located) {
      for (const layer of drawHalo(feature, this.#renderers.halo)) this.#halo.addLayer(layer);
    }
    if (fit && located.length) this.fitBox(boundingBox(located.map(({ geometry }) => geometry)));
    this.#writeNames();
  }

  /** Move so that a box [west, south, east, north] is seen beside the panels. */
  fitBox([west, south, east, north], { maxZoom = 16 } = {}) {
    const { left, right, top, bottom } = this.#padding();
    this.#map.fitBounds(
      [
        [south, west],
        [north, east],
      ],
      {
        paddingTopLeft: [left, top],
        paddingBottomRight: [right, bottom],
        maxZoom,
        // At once: Leaflet drops a move that comes while an animated one is under way.
        animate: false,
      },
    );
  }

  /** Mark a found address and go there. */
  mark({ lat, lon, title }) {
    this.#found?.remove();
    const tip = document.createElement("span");
    tip.textContent = title;
    this.#found = L.circleMarker([lat, lon], { pane: "points", radius: 9, weight: 3, className: "found" })
      .addTo(this.#map)
      .bindTooltip(tip, { permanent: true, direction: "top", offset: [0, -8] });
    this.setView({ lat, lon, zoom: Math.max(this.#map.getZoom(), 16) });
  }

  sizeChanged() {
    this.#map.invalidateSize({ animate: false });
  }
}

function sizeOf([west, south, east, north]) {
  return (east - west) * (north - south);
}

/** Give a drawn place its accessible name and make it answer to the keyboard. */
function nameTarget(target, feature, select) {
  const element = target.getElement?.();
  if (!element) return;
  const { name, kind } = feature.properties;
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", kind ? `${name}, ${kind}` : name);
  element.setAttribute("tabindex", "0");
  element.dataset.place = feature.id;
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    select();
  });
}
