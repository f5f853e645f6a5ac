/** Where does the map open? Worked out as Leaflet does, before it has come; pure. Pixels are of Web Mercator, y down. */

// The map's least zoom and steps of zoom; see webmap/mapping/compose.py.
const LEAST = 6;
const STEP = 0.5;
// The nearest that an area is shown; see showArea in main.js.
const NEAREST = 18;

/** Pixels [x, y] of the whole world at a zoom. */
export function toWorld([lon, lat], zoom) {
  const side = 256 * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return [(lon / 360 + 0.5) * side, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * side];
}

/** Degrees [lon, lat] of pixels of the world. */
export function toLonLat([x, y], zoom) {
  const side = 256 * 2 ** zoom;
  return [(x / side - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / side))) * 180) / Math.PI];
}

/** Whether the map can stand at a zoom. */
export function isStep(zoom) {
  return zoom >= LEAST && Number.isInteger(zoom / STEP);
}

/**
 * The view that a state asks for.
 * @param {{view: {lat: number, lon: number, zoom: number} | null, area: string}} state
 * @param {{id: string, bbox: number[]}[]} areas of the atlas; where none is asked for, the first is shown
 * @param {() => {size: number[], left: number, right: number, top: number, bottom: number}} measure CSS pixels of the map,
 *   width and height, and those at its sides that an area is kept clear of; only asked for where an area is shown
 * @returns {{zoom: number, latitude: number, middle: number[]}} degrees and pixels of the world at the middle of the map
 */
export function openingView({ view, area }, areas, measure) {
  if (view) return { zoom: view.zoom, latitude: view.lat, middle: toWorld([view.lon, view.lat], view.zoom) };
  const [west, south, east, north] = (areas.find(({ id }) => id === area) ?? areas[0]).bbox;
  const { size, left, right, top, bottom } = measure();
  const corners = (zoom) => [toWorld([west, north], zoom), toWorld([east, south], zoom)];
  const [least, most] = corners(0);
  const room = Math.min((size[0] - left - right) / (most[0] - least[0]), (size[1] - top - bottom) / (most[1] - least[1]));
  const zoom = Math.min(NEAREST, Math.max(LEAST, Math.floor(Math.log2(room) / STEP) * STEP));
  const [start, end] = corners(zoom);
  const aside = [(right - left) / 2, (bottom - top) / 2];
  const middle = start.map((from, axis) => (from + end[axis]) / 2 + aside[axis]);
  return { zoom, latitude: toLonLat(middle, zoom)[1], middle };
}
