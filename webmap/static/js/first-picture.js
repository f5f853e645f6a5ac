/**
 * What is seen of the map while Leaflet is on its way? What the address shows, painted as soon as it has come: the layers
 * that are sent whole on one canvas, each square of a large layer on its own. The map takes the squares over as they are
 * (map/dense.js), and puts the rest away when it has drawn itself (main.js).
 */

import { coveredPixels } from "./frame.js";
import { boundingBox, positions } from "./geo.js";
import { featuresOf } from "./layer-data.js";
import { paint, paintOver, tileView } from "./map/paint.js";
import { isStep, openingView, toWorld } from "./opening.js";
import { PIXELS, gather, unpack } from "./squares.js";
import { completed, parseState } from "./state.js";
import { GROUND_ORDER } from "./symbols.js";

const told = document.querySelector("script[data-configuration]");
const config = JSON.parse(told.textContent);
// The map's element and the panel over it; see map-is-there.js.
const there = new Promise((resolve) => {
  if (document.querySelector("[data-panel]")) resolve();
  else window.addEventListener("mapisthere", resolve);
});
const picture = document.createElement("div");
picture.className = "first-picture";
picture.setAttribute("aria-hidden", "true");

let over = false;

/** Put away what has been painted: the map shows it now. */
export function putAway() {
  over = true;
  picture.remove();
}

/** Where the map opens; asked of the page once its element is there. */
function firstView(state) {
  const page = document.querySelector("[data-map-page]");
  const element = page.querySelector(".folium-map");
  element.prepend(picture);
  const size = [element.clientWidth, element.clientHeight];
  return { size, ...openingView(state, config.areas, size, () => coveredPixels(page)) };
}

/** Whether the map opens with all that it has there: not where choices, a table or a tour decide what is seen. */
function isPlain({ view, filters, table }) {
  const decided = told.dataset.tourLeads !== undefined || table.name || Object.keys(filters).length > 0;
  return !decided && (!view || isStep(view.zoom));
}

/** What a style reads of properties. */
function lookOf(style) {
  const name = style.category?.property;
  return (properties) => ({ ...(name && { [name]: properties[name] }), position: { method: properties.position?.method } });
}

const isArea = ({ geometry }) => geometry.type.endsWith("Polygon");
const isPoint = ({ geometry }) => geometry.type.endsWith("Point");

/** The order in which features of one layer lie over one another: the ground by kind, areas by size. */
function inOrder(layer, features) {
  const located = features.filter(({ geometry }) => geometry);
  if (layer.background) {
    const rank = new Map(located.map((feature) => [feature, GROUND_ORDER.indexOf(feature.properties.kind)]));
    return located.sort((a, b) => rank.get(a) - rank.get(b));
  }
  const sizes = new Map(located.map((feature) => [feature, sizeOf(feature)]));
  return located.sort((a, b) => sizes.get(b) - sizes.get(a));
}

function sizeOf({ geometry }) {
  const [west, south, east, north] = boundingBox([geometry]);
  return (east - west) * (north - south);
}

/** Paint layers that are sent whole: the ground first, then the areas of all, their lines, their points. */
function paintWhole(layers, { size, zoom, latitude, from }) {
  const canvas = document.createElement("canvas");
  const ratio = window.devicePixelRatio;
  [canvas.width, canvas.height] = size.map((side) => Math.round(side * ratio));
  canvas.style.width = `${size[0]}px`;
  canvas.style.height = `${size[1]}px`;
  const context = canvas.getContext("2d");
  context.lineJoin = "round";
  const view = { scale: ratio, from: [0, 0], box: [-100, -100, size[0] + 100, size[1] + 100], ratio, zoom, latitude };
  const pixels = (position, at) => {
    const [x, y] = toWorld(position, zoom);
    at.push(x - from[0], y - from[1]);
  };
  const put = ({ layer, features }, wanted) => {
    const style = config.styles[layer.style];
    const square = gather(features.filter(wanted), pixels, lookOf(style));
    for (const _step of paintOver(context, square, style, view, () => true));
  };
  const ordered = layers.map(({ layer, features }) => ({ layer, features: inOrder(layer, features) }));
  for (const one of ordered.filter(({ layer }) => layer.background)) put(one, () => true);
  const places = ordered.filter(({ layer }) => !layer.background);
  for (const one of places) put(one, isArea);
  for (const one of places) put(one, (feature) => !isArea(feature) && !isPoint(feature));
  // As markers lie over one another: the more southern the higher.
  const points = places.flatMap(({ layer, features }) => features.filter(isPoint).map((feature) => ({ layer, features: [feature] })));
  const rows = new Map(points.map((one) => [one, positions(one.features[0].geometry)[0][1]]));
  for (const one of points.sort((a, b) => rows.get(b) - rows.get(a))) put(one, isPoint);
  picture.prepend(canvas);
}

/** Paint the squares of a large layer that have been asked for; the map finds their canvases by their names. */
async function paintSquares(layer, first, view) {
  const squares = await first.came;
  const { zoom, latitude, from } = await view;
  const coordsZoom = first.z + 1;
  if (coordsZoom !== Math.round(zoom) || over) return;
  const scale = 2 ** (zoom - coordsZoom);
  for (const [index, name] of first.names.entries()) {
    const [x, y] = name.split(".").map(Number);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.round(PIXELS * window.devicePixelRatio);
    canvas.style.left = `${x * PIXELS * scale - from[0]}px`;
    canvas.style.top = `${y * PIXELS * scale - from[1]}px`;
    canvas.style.width = canvas.style.height = `${PIXELS * scale}px`;
    const whole = tileView(canvas, squares[index], { x, y, z: coordsZoom }, { x, y, shift: 0 }, latitude);
    for (const _step of paint(canvas.getContext("2d"), squares[index], config.styles[layer.style], whole, () => true));
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
  const view = there.then(() => firstView(state));
  const squares = shown.map((layer) => {
    const first = layer.dense && window.firstSquares.get(layer.dense.squares);
    return first && paintSquares(layer, first, view);
  });
  const whole = shown.filter(({ dense }) => !dense);
  const layers = await Promise.all(whole.map(async (layer) => ({ layer, features: await featuresOf(layer, told.dataset.firstLayers) })));
  const at = await view;
  if (layers.length && !over) paintWhole(layers, at);
  await Promise.all(squares);
  picture.dataset.painted = "true";
}

for (const first of window.firstSquares.values()) {
  first.canvases = new Map();
  first.came = first.came.then((all) => all.map(unpack));
  first.came.catch(() => {});
}

/** Resolves when all has been painted. What does not come is told of by the map, which asks again. */
export const painted = show().catch(() => {});
