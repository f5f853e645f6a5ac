/** Which layers are too large to fetch whole, and what of them is in view? */

import { DenseLayer } from "./dense.js";
import { answerToPointer } from "./pointing.js";

const PANES = { Polygon: "dense-areas", LineString: "dense-lines", Point: "dense-points", mixed: "dense-lines" };
// Places of a layer that are listed and may be named; more are only counted.
const LISTED = 500;

/**
 * The large layers of a map. Emits `select` and `hover` (detail: place id; "" for none under the pointer), `change` when more has come into view, and
 * `layerstate` (detail: {id, state}) when squares are asked for, have come, or do not come.
 */
export class DenseLayers extends EventTarget {
  #map;
  #layers = new Map();
  #near = [];

  constructor(map) {
    super();
    this.#map = map;
    const groups = () => this.#shown().map(({ group }) => group).reverse();
    answerToPointer(map, groups, {
      select: (id) => this.#emit("select", id),
      hover: (id) => this.#emit("hover", id),
    });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #shown() {
    return [...this.#layers.values()].filter(({ group }) => this.#map.hasLayer(group));
  }

  /** Take a layer; its squares are fetched when it is shown, as they come into view. */
  add(id, style, source) {
    const group = new DenseLayer(source, style, PANES[source.kind]);
    let failed = false;
    group.on("loading", () => this.#emit("layerstate", { id, state: "loading" }));
    group.on("tileerror", () => (failed = true));
    group.on("load", () => {
      this.#emit("layerstate", { id, state: failed ? "failed" : "ready" });
      failed = false;
      this.#emit("change");
    });
    this.#layers.set(id, { id, group, style });
  }

  has(id) {
    return this.#layers.has(id);
  }

  styleOf(id) {
    return this.#layers.get(id).style;
  }

  /** Show or hide a layer. Returns whether that changes anything. */
  show(id, visible) {
    const { group } = this.#layers.get(id);
    if (this.#map.hasLayer(group) === visible) return false;
    if (visible) group.addTo(this.#map);
    else group.remove();
    return true;
  }

  /** Draw only the places whose id passes. */
  keepOnly(keeps) {
    for (const { group } of this.#layers.values()) group.keepOnly(keeps);
  }

  /** Ask again for the squares that did not come. */
  async retry() {
    await Promise.allSettled(this.#shown().map(({ group }) => group.retry()));
  }

  /** Resolves when every layer that is shown has drawn what is in view, or could not. */
  async drawn() {
    const busy = this.#shown().filter(({ group }) => group.isLoading());
    await Promise.all(busy.map(({ group }) => new Promise((resolve) => group.once("load remove", resolve))));
  }

  /** Whether any of them is shown. */
  get isShown() {
    return this.#shown().length > 0;
  }

  /** Take stock of what is in view. */
  look() {
    this.#near = this.#shown().map(({ id, group, style }) => ({ id, style, ...group.inView(LISTED) }));
  }

  /** The places in view of the layers that do not have too many there, each with its layer and style. */
  get places() {
    return this.#near.flatMap(({ id, style, features }) => features.map((feature) => ({ feature, layer: id, style })));
  }

  /** What is drawn of a place, as features: a piece for each square that it lies in. */
  pieces(id) {
    return this.#shown().flatMap(({ group }) => group.pieces(id));
  }

  /** The layers of which too many places are in view to list them. */
  get crowds() {
    return this.#near.filter(({ count, features }) => count > features.length).map(({ id, count }) => ({ id, count }));
  }
}
