/**
 * What is seen of the map while Leaflet is on its way? What the address shows, painted as soon as it has come: the layers
 * that are sent whole on one canvas, each square of a large layer on its own, as far as the window can show it. The map
 * takes the squares over as they are (map/dense.js), and puts the rest away when it has drawn itself (main.js).
 */

import { config, tourLeads } from "./configuration.js";
import { coveredPixels } from "./frame.js";
import { boundingBox, boxesMeet } from "./geo.js";
import { featuresOf } from "./layer-data.js";
import { fitTile, paint, paintOver, tileView } from "./map/paint.js";
import { isStep, openingView, toLonLat, toWorld } from "./opening.js";
import { PIXELS, gather, unpack } from "./squares.js";
import { completed, parseState } from "./state.js";
import { GROUND_ORDER } from "./symbols.js";

// CSS pixels beside the map from which a symbol may reach into it.
const REACH = 100;
// CSS pixels, a multiple of which every part of a square starts at: a whole number of pixels of most screens.
const GRAIN = 32;

const picture = document.createElement("div");
picture.className = "first-picture";
picture.setAttribute("aria-hidden", "true");

// The page once it has the map's element, the panel over it and their style; see map-is-there.js.
const frame = new Promise((resolve) => {
  if (document.documentElement.dataset.mapIsThere) resolve();
  else window.addEventListener("mapisthere", resolve);
}).then(() => {
  const found = document.querySelector("[data-map-page]");
  found.querySelector(".folium-map").prepend(picture);
  return found;
});

let over = false;

/** Put away what has been painted: the map shows it now. */
export function putAway() {
  over = true;
  picture.remove();
}

/** Have the page laid out but for what the panel holds: the reader looks at the map first. */
function layOut() {
  const { dataset } = document.documentElement;
  if (dataset.unseen) dataset.unseen = "panel";
}

/** Have all of the page laid out. */
export function layOutAll() {
  delete document.documentElement.dataset.unseen;
}

/** CSS pixels of the map, and what of it is covered. For a slow browser this is long: longer than to paint a square. */
function measure(page) {
  layOut();
  const { clientWidth, clientHeight } = page.querySelector(".folium-map");
  return { size: [clientWidth, clientHeight], ...coveredPixels(page) };
}

/** Whether the map opens with all that it has there: not where choices, a table or a tour decide what is seen. */
function isPlain({ view, filters, table }) {
  const decided = tourLeads || table.name || Object.keys(filters).length > 0;
  return !decided && (!view || isStep(view.zoom));
}

/** What a style reads of properties. */
function lookOf(style) {
  const name = style.category?.property;
  return (properties) => ({ ...(name && { [name]: properties[name] }), position: { method: properties.position?.method } });
}

const isArea = ({ feature }) => feature.geometry.type.endsWith("Polygon");
const isPoint = ({ feature }) => feature.geometry.type.endsWith("Point");

/** What of a layer is in a box, in the order in which it lies over one another: the ground by kind, areas by size. */
function inOrder({ layer, features }, seen) {
  const found = [];
  for (const feature of features) {
    const box = feature.geometry && boundingBox([feature.geometry]);
    if (!box || !boxesMeet(box, seen)) continue;
    const size = (box[2] - box[0]) * (box[3] - box[1]);
    found.push({ layer, feature, north: box[3], rank: layer.background ? GROUND_ORDER.indexOf(feature.properties.kind) : -size });
  }
  return found.sort((a, b) => a.rank - b.rank);
}

/** Paint layers that are sent whole: the ground first, then the areas of all, their lines, their points. */
function paintWhole(layers, { zoom, latitude, middle }, size) {
  const from = middle.map((at, axis) => Math.round(at - size[axis] / 2));
  const canvas = document.createElement("canvas");
  const ratio = window.devicePixelRatio;
  [canvas.width, canvas.height] = size.map((side) => Math.round(side * ratio));
  canvas.style.width = `${size[0]}px`;
  canvas.style.height = `${size[1]}px`;
  const context = canvas.getContext("2d");
  context.lineJoin = "round";
  const box = [-REACH, -REACH, size[0] + REACH, size[1] + REACH];
  const view = { scale: ratio, from: [0, 0], corner: from, box, ratio, zoom, latitude };
  const pixels = (position, at) => {
    const [x, y] = toWorld(position, zoom);
    at.push(x - from[0], y - from[1]);
  };
  const put = (found) => {
    if (found.length === 0) return;
    const style = config.styles[found[0].layer.style];
    const square = gather(found.map(({ feature }) => feature), pixels, lookOf(style));
    for (const _step of paintOver(context, square, style, view, () => true));
  };
  // As far as a symbol may reach into the picture.
  const [west, north] = toLonLat([from[0] - REACH, from[1] - REACH], zoom);
  const [east, south] = toLonLat([from[0] + size[0] + REACH, from[1] + size[1] + REACH], zoom);
  const found = layers.map((one) => inOrder(one, [west, south, east, north]));
  for (const ground of found.filter(([one]) => one?.layer.background)) put(ground);
  const places = found.filter(([one]) => one && !one.layer.background);
  for (const one of places) put(one.filter(isArea));
  for (const one of places) put(one.filter((found) => !isArea(found) && !isPoint(found)));
  // As markers lie over one another: the more southern the higher.
  for (const point of places.flat().filter(isPoint).sort((a, b) => b.north - a.north)) put([point]);
  picture.prepend(canvas);
}

/** A distance from the side of the map to what lies at a pixel of the world, rounded as Leaflet does. */
function fromSide(at, middle) {
  const whole = Math.round(middle);
  return `calc(round(50% - ${middle - whole}px, 1px) + ${at - whole}px)`;
}

/** What the window can show of a square, whatever covers it: west, north, east, south in CSS pixels from its corner. */
function partInWindow(square, middle, scale) {
  const side = (axis, to) => (middle[axis] + (to * [innerWidth, innerHeight][axis]) / 2) / scale - square[axis] * PIXELS;
  const start = [0, 1].map((axis) => Math.max(0, Math.floor(side(axis, -1) / GRAIN) * GRAIN));
  const end = [0, 1].map((axis) => Math.min(PIXELS, Math.ceil(side(axis, 1) / GRAIN) * GRAIN));
  return [...start, ...end];
}

/** Paint the squares of a large layer that have been asked for; the map finds their canvases by their names. */
async function paintSquares(layer, first, state) {
  const squares = await first.came;
  const page = await frame;
  const { zoom, latitude, middle } = openingView(state, config.areas, () => measure(page));
  const coordsZoom = first.z + 1;
  if (coordsZoom !== Math.round(zoom) || over) return;
  const scale = 2 ** (zoom - coordsZoom);
  for (const [index, name] of first.names.entries()) {
    const [x, y] = name.split(".").map(Number);
    const part = partInWindow([x, y], middle, scale);
    if (part[0] >= part[2] || part[1] >= part[3]) continue;
    const canvas = document.createElement("canvas");
    fitTile(canvas, part);
    canvas.style.left = fromSide(x * PIXELS * scale, middle[0]);
    canvas.style.top = fromSide(y * PIXELS * scale, middle[1]);
    canvas.style.width = canvas.style.height = `${PIXELS}px`;
    if (scale !== 1) canvas.style.transform = `scale(${scale})`;
    const view = tileView(squares[index], { x, y, z: coordsZoom }, { x, y, shift: 0 }, latitude, part);
    for (const _step of paint(canvas.getContext("2d"), squares[index], config.styles[layer.style], view, () => true));
    first.canvases.set(name, canvas);
    picture.append(canvas);
  }
}

/** Paint what the address shows. */
async function show() {
  const state = completed(parseState(location.search), config);
  if (!isPlain(state)) return;
  const { own } = config.basemaps.find(({ id }) => id === state.basemap);
  const shown = config.layers.filter(({ id, background }) => (background ? own : state.layers.includes(id)));
  const squares = shown.map((layer) => {
    const first = layer.dense && window.firstSquares.get(layer.dense.squares);
    return first && paintSquares(layer, first, state);
  });
  const whole = shown.filter(({ dense }) => !dense);
  const layers = await Promise.all(whole.map(async (layer) => ({ layer, features: await featuresOf(layer) })));
  const page = await frame;
  if (layers.length && !over) {
    const measured = measure(page);
    paintWhole(layers, openingView(state, config.areas, () => measured), measured.size);
  }
  await Promise.all(squares);
  picture.dataset.painted = "true";
}

for (const first of window.firstSquares.values()) {
  first.canvases = new Map();
  first.came = first.came.then((all) => all.map(unpack));
  first.came.catch(() => {});
}

/** Let the page be seen: browsers may have waited for this element, see map.html. */
function reveal() {
  layOut();
  const mark = document.createElement("span");
  mark.id = "premiere-image";
  mark.hidden = true;
  document.body.append(mark);
}

/** Resolves when all has been painted. What does not come is told of by the map, which asks again. */
export const painted = show().catch(() => {});
painted.then(() => frame).then(reveal);
