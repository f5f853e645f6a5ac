/** How is a layer of many thousands of features shown? Fetched and drawn by squares, as far as it is in view. */

import { getJson } from "../api.js";
import { MARGIN, PIXELS, featureOf, meets, nearest, unpack, within } from "../squares.js";
import { fitTile, paint, tileView } from "./paint.js";
import { Slices } from "./slices.js";
import { onToneChange } from "./tone.js";

// Squares that are kept when they have left the view.
const KEPT = 40;
// Squares that are asked for together: a slow device spends longer on a request than on a square.
const TOGETHER = 8;
const slices = new Slices();
const keepsAll = () => true;

/** The square, `shift` zooms above its own, that a tile is a part of. */
function partOf({ x, y, z }, shift) {
  return { x: x >> shift, y: y >> shift, z: z - 1 - shift, shift };
}

function keyOf({ x, y, z }) {
  return `${z}/${x}/${y}`;
}

/** A layer on canvases, one a square. Fires `tileerror` for a square that did not come. */
export class DenseLayer extends L.GridLayer {
  #source;
  #style;
  #squares = new Map();
  // What is being asked for, and what was before this script had come: {z, names, entries, controller, came}, the
  // latter with the canvases that have been painted already (../first-picture.js), by name.
  #request = null;
  #first = null;
  // Of those canvases, the ones that hold a part of their tile: as much as the window showed.
  #parts = new WeakSet();
  #places = new Map();
  // Which squares above those of a zoom its tiles are parts of; the first tile of a square decides for all, so that
  // nothing is drawn or counted from both.
  #above = { zoom: null, parts: new Map() };
  #keeps = keepsAll;

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
    const first = window.firstSquares?.get(source.squares);
    if (first) this.#first = { ...first, entries: [], controller: new AbortController() };
    window.firstSquares?.delete(source.squares);
    this.once("load", () => (this.#first = null));
    this.on("tileunload", ({ coords }) => this.#leave(coords));
    onToneChange(() => this.#redraw());
  }

  getEvents() {
    return { ...super.getEvents(), movestart: this.#complete, resize: this.#complete };
  }

  /** Draw the rest of tiles that hold a part, a tile at a time: it may be seen from now on. */
  async #complete() {
    const parts = Object.values(this._tiles ?? {}).filter(({ el }) => this.#parts.has(el));
    for (const { el, coords } of parts) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#parts.has(el) && this.#placeOf(coords)) await this.#fill(el, coords).catch(() => {});
    }
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
    const place = this.#choose(coords);
    this.#places.set(this._tileCoordsToKey(coords), place);
    const painted = this.#painted(place);
    const canvas = painted ?? document.createElement("canvas");
    const { request, came } = this.#ask(coords);
    (painted ? came : this.#fill(canvas, coords)).then(
      () => done(null, canvas),
      (error) => request?.controller.signal.aborted || done(error, canvas),
    );
    return canvas;
  }

  /** The canvas that has been painted of a square, if there is one and all that it holds is to be seen. */
  #painted({ x, y, z, shift }) {
    if (shift > 0 || this.#first?.z !== z || this.#keeps !== keepsAll) return null;
    const canvas = this.#first.canvases.get(`${x}.${y}`) ?? null;
    this.#first.canvases.delete(`${x}.${y}`);
    if (!canvas) return null;
    // From here on Leaflet places it.
    const { padding } = canvas.style;
    canvas.removeAttribute("style");
    canvas.style.padding = padding;
    if (padding !== "0px") this.#parts.add(canvas);
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
    const key = keyOf(place);
    if (!parts.has(key)) {
      const content = this.#squares.get(key)?.content;
      parts.set(key, Boolean(content) && content.matched === content.ids.length);
    }
    return parts.get(key);
  }

  #placeOf(coords) {
    return this.#places.get(this._tileCoordsToKey(coords));
  }

  #contentOf(coords) {
    return this.#squares.get(keyOf(this.#placeOf(coords)))?.content;
  }

  /** The square of a tile, asked for if need be: {key, request (null once it has come), users, content, came}. */
  #ask(coords) {
    const place = this.#placeOf(coords);
    const key = keyOf(place);
    const entry = this.#squares.get(key) ?? this.#join(place, key);
    entry.users.add(this._tileCoordsToKey(coords));
    // The one used last stands at the end.
    this.#squares.delete(key);
    this.#squares.set(key, entry);
    return entry;
  }

  /** Have a square come with a request: the first one if it is there, else one that others join too. */
  #join({ x, y, z }, key) {
    const name = `${x}.${y}`;
    const atFirst = this.#first?.z === z ? this.#first.names.indexOf(name) : -1;
    const request = atFirst < 0 ? this.#requestFor(z) : this.#first;
    const index = atFirst < 0 ? request.names.push(name) - 1 : atFirst;
    const entry = { key, request, users: new Set(), content: null };
    entry.came = request.came.then((squares) => {
      // The answer is let go.
      entry.request = null;
      return (entry.content = squares[index]);
    });
    entry.came.catch(() => this.#forget(entry));
    request.entries.push(entry);
    return entry;
  }

  /** What did not come is asked for again when it is wanted; unless that has been done already. */
  #forget(entry) {
    if (this.#squares.get(entry.key) === entry) this.#squares.delete(entry.key);
  }

  /** The request that squares of a zoom may join: it is sent when all that is wanted now has been said. */
  #requestFor(z) {
    if (this.#request?.z === z && this.#request.names.length < TOGETHER) return this.#request;
    const request = { z, names: [], entries: [], controller: new AbortController() };
    request.came = Promise.resolve().then(async () => {
      if (this.#request === request) this.#request = null;
      const url = this.#source.squares.replace("{z}", z).replace("{names}", request.names.join(","));
      return (await getJson(url, { signal: request.controller.signal })).map(unpack);
    });
    this.#request = request;
    return request;
  }

  /** Give a request up when none of its squares is wanted any more. */
  #giveUp(request) {
    if (request.entries.some(({ users }) => users.size > 0)) return;
    request.controller.abort();
    for (const entry of request.entries) this.#forget(entry);
    if (this.#request === request) this.#request = null;
    if (this.#first === request) this.#first = null;
  }

  #leave(coords) {
    const entry = this.#squares.get(keyOf(this.#placeOf(coords)));
    entry?.users.delete(this._tileCoordsToKey(coords));
    this.#places.delete(this._tileCoordsToKey(coords));
    if (entry?.request) this.#giveUp(entry.request);
    for (const [key, { users }] of this.#squares) {
      if (this.#squares.size <= KEPT) break;
      if (users.size === 0) this.#squares.delete(key);
    }
  }

  async #fill(canvas, coords) {
    const place = this.#placeOf(coords);
    const square = await this.#ask(coords).came;
    const view = tileView(square, coords, place, this._map?.getCenter().lat ?? 0);
    // Only the last of two drawings of one canvas goes on.
    const ticket = (canvas.ticket = Symbol("drawing"));
    await slices.add(this.#steps(canvas, ticket, [square, this.#style, view, this.#keeps]));
  }

  *#steps(canvas, ticket, drawing) {
    if (canvas.ticket !== ticket) return;
    this.#parts.delete(canvas);
    // Not sooner: it may clear what is seen.
    fitTile(canvas);
    for (const _step of paint(canvas.getContext("2d"), ...drawing)) {
      yield;
      if (canvas.ticket !== ticket) return;
    }
  }

  /** The squares that are drawn now, each with where it lies on the map at the zoom of the tiles. */
  #drawn() {
    const found = new Map();
    for (const { coords, current } of Object.values(this._tiles ?? {})) {
      const place = this.#placeOf(coords);
      const key = keyOf(place);
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
