/** How is a layer of many thousands of features shown? Fetched and drawn by squares, as far as it is in view. */

import { getJson } from "../api.js";
import { featureOf, meets, nearest, unpack, within } from "../squares.js";
import { paint } from "./paint.js";
import { Slices } from "./slices.js";
import { onToneChange } from "./tone.js";

const PIXELS = 512;
// Squares that are kept when they have left the view.
const KEPT = 40;
// Units beside a part of a square from which a symbol may reach into it; see layers/tiles.py.
const MARGIN = 256;
const slices = new Slices();

/** The square, `shift` zooms above its own, that a tile is a part of. */
function partOf({ x, y, z }, shift) {
  return { x: x >> shift, y: y >> shift, z: z - 1 - shift, shift };
}

/** A layer on canvases, one a square. Fires `tileerror` for a square that did not come. */
export class DenseLayer extends L.GridLayer {
  #source;
  #style;
  #squares = new Map();
  #places = new Map();
  // Which squares above those of a zoom its tiles are parts of; the first tile of a square decides for all, so that
  // nothing is drawn or counted from both.
  #above = { zoom: null, parts: new Map() };
  #keeps = () => true;

  /**
   * @param {{squares: string, deepest: number, bbox: number[]}} source see webmap/views/tiles.py
   * @param {object} style
   * @param {string} pane
   */
  constructor(source, style, pane) {
    const [west, south, east, north] = source.bbox;
    super({ pane, tileSize: PIXELS, bounds: [[south, west], [north, east]], updateWhenZooming: false, keepBuffer: 1 });
    this.#source = source;
    this.#style = style;
    this.on("tileunload", ({ coords }) => this.#leave(coords));
    onToneChange(() => this.#redraw());
  }

  /** Draw only the features whose id passes. */
  keepOnly(keeps) {
    this.#keeps = keeps;
    this.#redraw();
  }

  #redraw() {
    for (const { el, coords } of Object.values(this._tiles ?? {})) this.#fill(el, coords).catch(() => {});
  }

  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(PIXELS * window.devicePixelRatio);
    this.#places.set(this._tileCoordsToKey(coords), this.#choose(coords));
    const entry = this.#ask(coords);
    entry.users.add(this._tileCoordsToKey(coords));
    this.#fill(canvas, coords).then(
      () => done(null, canvas),
      (error) => entry.controller.signal.aborted || done(error, canvas),
    );
    return canvas;
  }

  /** Ask again for what did not come. */
  async retry() {
    const missing = Object.values(this._tiles ?? {}).filter(({ coords }) => !this.#contentOf(coords));
    const again = missing.map(({ el, coords }) => this.#fill(el, coords).catch(() => this.fire("tileerror")));
    await Promise.all(again);
    if (missing.length) this.fire("load");
  }

  /**
   * The square that a tile is drawn from. It is a part of one beyond the deepest zoom, and where the square above has
   * come and holds all there is: after a zoom in, its lines are a pixel from where they should be at most, and at once.
   */
  #choose(coords) {
    const shift = Math.max(0, coords.z - 1 - this.#source.deepest);
    const above = partOf(coords, shift + 1);
    return shift === 0 && above.z >= 0 && this.#isAtHand(coords.z, above) ? above : partOf(coords, shift);
  }

  #isAtHand(zoom, place) {
    if (this.#above.zoom !== zoom) this.#above = { zoom, parts: new Map() };
    const { parts } = this.#above;
    const url = this.#urlOf(place);
    if (!parts.has(url)) {
      const content = this.#squares.get(url)?.content;
      parts.set(url, Boolean(content) && content.matched === content.ids.length);
    }
    return parts.get(url);
  }

  #placeOf(coords) {
    return this.#places.get(this._tileCoordsToKey(coords));
  }

  #urlOf({ x, y, z }) {
    return this.#source.squares.replace("{z}", z).replace("{x}", x).replace("{y}", y);
  }

  #contentOf(coords) {
    return this.#squares.get(this.#urlOf(this.#placeOf(coords)))?.content;
  }

  #ask(coords) {
    const url = this.#urlOf(this.#placeOf(coords));
    let entry = this.#squares.get(url);
    if (entry) this.#squares.delete(url);
    else {
      const controller = new AbortController();
      const asked = getJson(url, { signal: controller.signal });
      entry = { controller, users: new Set(), content: null, came: asked.then((answer) => (entry.content = unpack(answer))) };
      entry.came.catch(() => this.#squares.get(url) === entry && this.#squares.delete(url));
    }
    // The one used last stands at the end.
    this.#squares.set(url, entry);
    return entry;
  }

  #leave(coords) {
    const entry = this.#squares.get(this.#urlOf(this.#placeOf(coords)));
    entry?.users.delete(this._tileCoordsToKey(coords));
    this.#places.delete(this._tileCoordsToKey(coords));
    if (entry?.users.size === 0 && !entry.content) entry.controller.abort();
    for (const [url, { users }] of this.#squares) {
      if (this.#squares.size <= KEPT) break;
      if (users.size === 0) this.#squares.delete(url);
    }
  }

  async #fill(canvas, coords) {
    const { x, y, shift } = this.#placeOf(coords);
    const square = await this.#ask(coords).came;
    const side = square.extent / 2 ** shift;
    const from = [(coords.x - x * 2 ** shift) * side, (coords.y - y * 2 ** shift) * side];
    const reach = MARGIN / 2 ** shift;
    const view = {
      from,
      scale: canvas.width / side,
      box: [from[0] - reach, from[1] - reach, from[0] + side + reach, from[1] + side + reach],
      ratio: canvas.width / PIXELS,
      zoom: coords.z,
      latitude: this._map?.getCenter().lat ?? 0,
    };
    // Only the last of two drawings of one canvas goes on.
    const ticket = (canvas.ticket = Symbol("drawing"));
    const steps = paint(canvas.getContext("2d"), square, this.#style, view, this.#keeps);
    const current = function* () {
      while (canvas.ticket === ticket && !steps.next().done) yield;
    };
    await slices.add(current());
  }

  /** The squares that are drawn now, each with where it lies on the map at the zoom of the tiles. */
  #drawn() {
    const found = new Map();
    for (const { coords, current } of Object.values(this._tiles ?? {})) {
      const place = this.#placeOf(coords);
      const key = `${place.z}/${place.x}/${place.y}`;
      if (!current || coords.z !== this._tileZoom || found.has(key)) continue;
      const content = this.#contentOf(coords);
      const size = PIXELS * 2 ** place.shift;
      if (content) found.set(key, { content, size, west: place.x * size, north: place.y * size });
    }
    return [...found.values()];
  }

  #units({ content, size, west, north }, point) {
    return [((point.x - west) / size) * content.extent, ((point.y - north) / size) * content.extent];
  }

  #toLonLat({ content, size, west, north }) {
    return ([x, y]) => {
      const point = L.point(west + (x / content.extent) * size, north + (y / content.extent) * size);
      const { lng, lat } = this._map.unproject(point, this._tileZoom);
      return [lng, lat];
    };
  }

  /** The place at a position of the map, within some pixels; null if there is none. */
  at(latlng, pixels) {
    const point = this._map.project(latlng, this._tileZoom);
    let best = null;
    for (const square of this.#drawn()) {
      const [x, y] = this.#units(square, point);
      const { content, size } = square;
      if (Math.min(x, y) < -MARGIN || Math.max(x, y) > content.extent + MARGIN) continue;
      const found = nearest(content, [x, y], (pixels / size) * content.extent, this.#keeps);
      if (found && (!best || found.distance < best.distance)) best = { ...found, content };
    }
    return best && { id: best.content.ids[best.index], name: best.content.names[best.index] };
  }

  /** What is drawn of a place, a feature for each square. */
  pieces(id) {
    return this.#drawn().flatMap((square) => {
      const index = square.content.ids.indexOf(id);
      return index < 0 ? [] : [featureOf(square.content, index, this.#toLonLat(square))];
    });
  }

  /**
   * What is in view.
   * @param {number} most beyond so many, they are counted and not listed
   * @returns {{count: number, features: object[]}}
   */
  inView(most) {
    const bounds = this._map.getBounds();
    const [start, end] = [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => this._map.project(at, this._tileZoom));
    const seen = new Map();
    // Only what lies near an edge is in two squares.
    const shared = new Set();
    let count = 0;
    for (const square of this.#drawn()) {
      const { content } = square;
      const box = [...this.#units(square, start), ...this.#units(square, end)];
      // Those that a crowded square does not hold are counted as if they were all in view.
      count += content.matched - content.ids.length;
      for (let index = 0; index < content.ids.length; index += 1) {
        if (!meets(content, index, box) || !this.#keeps(content.ids[index])) continue;
        if (within(content, index, 2 * MARGIN, content.extent - 2 * MARGIN)) count += 1;
        else shared.add(content.ids[index]);
        if (seen.size <= most) seen.set(content.ids[index], [square, index]);
      }
    }
    if (seen.size > most) return { count: count + shared.size, features: [] };
    const features = [...seen.values()].map(([square, index]) => featureOf(square.content, index, this.#toLonLat(square)));
    return { count: features.length, features };
  }
}
