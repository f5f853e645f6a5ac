/** What lies in a square of a large layer? Reads what the server sends; pure, in the square's own units. */

/** CSS pixels from edge to edge of a square at its zoom. */
export const PIXELS = 512;
/** Units beside a part of a square from which a symbol may reach into it; see layers/tiles.py. */
export const MARGIN = 256;
export const POINT = 0;
export const LINE = 1;
const AREA = 2;

/** The running sum of counts, from 0: where each one starts, and the end. */
function starts(counts) {
  const found = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) found[i + 1] = found[i] + counts[i];
  return found;
}

/**
 * @typedef {object} Square
 * @property {string[]} ids of the features, in the order in which they are drawn
 * @property {string[]} names
 * @property {object[]} looks the properties that a style reads
 * @property {Uint16Array} look which of `looks` each feature has
 * @property {Uint8Array} kinds POINT, LINE or an area
 * @property {Uint32Array} paths where the paths of each feature start
 * @property {Uint32Array} ends where the positions of each path start
 * @property {Int16Array | Float32Array} at the positions: x, y, x, y…
 * @property {Int16Array | Float32Array} boxes the box of each feature: west, north, east, south
 * @property {number} extent units from edge to edge
 * @property {number} matched how many features there are, drawn or not
 */

/** Unpack what the server sends. @returns {Square} */
export function unpack({ ids, names, looks, look, kinds, paths, sizes, steps, extent, matched }) {
  const at = new Int16Array(steps.length);
  for (let i = 0; i < steps.length; i += 1) at[i] = steps[i] + (i > 1 ? at[i - 2] : 0);
  const square = {
    ...{ ids, names, looks, extent, matched, at },
    look: Uint16Array.from(look),
    kinds: Uint8Array.from(kinds),
    paths: starts(paths),
    ends: starts(sizes),
  };
  square.boxes = boxesOf(square);
  return square;
}

/** The paths of a geometry, each a list of [lon, lat]: positions of points, lines, rings. */
function pathsIn({ type, coordinates }) {
  const parts = type.startsWith("Multi") ? coordinates : [coordinates];
  if (type.endsWith("Point")) return parts.map((position) => [position]);
  return type.endsWith("Polygon") ? parts.flat() : parts;
}

/**
 * Features as a square of their own.
 * @param {object[]} features GeoJSON, each with a geometry
 * @param {(position: number[], at: number[]) => void} put puts x and y of [lon, lat] at the end of a list
 * @param {(properties: object) => object} lookOf the properties that a style reads
 * @returns {Square}
 */
export function gather(features, put, lookOf) {
  const looks = new Map();
  const found = { ids: [], names: [], look: [], kinds: [], paths: [], sizes: [] };
  const at = [];
  for (const { id, geometry, properties } of features) {
    const look = lookOf(properties);
    const key = JSON.stringify(look);
    if (!looks.has(key)) looks.set(key, { look, index: looks.size });
    const paths = pathsIn(geometry);
    for (const path of paths) {
      for (const position of path) put(position, at);
      found.sizes.push(path.length);
    }
    found.paths.push(paths.length);
    found.ids.push(id);
    found.names.push(properties.name);
    found.look.push(looks.get(key).index);
    found.kinds.push(geometry.type.endsWith("Point") ? POINT : geometry.type.endsWith("LineString") ? LINE : AREA);
  }
  const { ids, names, kinds } = found;
  const square = {
    ...{ ids, names, kinds, look: found.look, matched: ids.length },
    looks: [...looks.values()].map(({ look }) => look),
    at: Float32Array.from(at),
    paths: starts(found.paths),
    ends: starts(found.sizes),
  };
  square.boxes = boxesOf(square);
  return square;
}

// From here on, what is done for each of many thousands makes no object: that would cost more than the work itself.

function boxesOf({ ids, paths, ends, at }) {
  const boxes = new at.constructor(4 * ids.length);
  for (let index = 0; index < ids.length; index += 1) {
    const box = 4 * index;
    const to = 2 * ends[paths[index + 1]];
    let i = 2 * ends[paths[index]];
    boxes[box] = boxes[box + 2] = at[i];
    boxes[box + 1] = boxes[box + 3] = at[i + 1];
    for (i += 2; i < to; i += 2) {
      const x = at[i];
      const y = at[i + 1];
      if (x < boxes[box]) boxes[box] = x;
      else if (x > boxes[box + 2]) boxes[box + 2] = x;
      if (y < boxes[box + 1]) boxes[box + 1] = y;
      else if (y > boxes[box + 3]) boxes[box + 3] = y;
    }
  }
  return boxes;
}

/** Whether the box of a feature meets a box [west, north, east, south]. */
export function meets({ boxes }, index, box) {
  const i = 4 * index;
  return boxes[i] <= box[2] && boxes[i + 2] >= box[0] && boxes[i + 1] <= box[3] && boxes[i + 3] >= box[1];
}

/** Whether the box of a feature lies between two coordinates, in both directions. */
export function within({ boxes }, index, least, most) {
  const i = 4 * index;
  return boxes[i] > least && boxes[i + 1] > least && boxes[i + 2] < most && boxes[i + 3] < most;
}

/** The paths of a feature, each a list of [x, y]. */
export function pathsOf({ paths, ends, at }, index) {
  const found = [];
  for (let path = paths[index]; path < paths[index + 1]; path += 1) {
    const positions = [];
    for (let i = ends[path]; i < ends[path + 1]; i += 1) positions.push([at[2 * i], at[2 * i + 1]]);
    found.push(positions);
  }
  return found;
}

/** A feature as GeoJSON; `toLonLat` turns units into degrees. Rings and lines are as the square cuts them. */
export function featureOf(square, index, toLonLat) {
  const paths = pathsOf(square, index).map((path) => path.map(toLonLat));
  const geometry = {
    [POINT]: () => ({ type: "MultiPoint", coordinates: paths.map(([position]) => position) }),
    [LINE]: () => ({ type: "MultiLineString", coordinates: paths }),
    [AREA]: () => ({ type: "Polygon", coordinates: paths }),
  }[square.kinds[index]]();
  return { type: "Feature", id: square.ids[index], properties: { name: square.names[index] }, geometry };
}

function distanceToSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const along = squared ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function inRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[ax, ay], [bx, by]] = [ring[i], ring[j]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function distanceTo(square, index, point) {
  const paths = pathsOf(square, index);
  if (square.kinds[index] === AREA) return paths.filter((ring) => inRing(point, ring)).length % 2 ? 0 : Infinity;
  let least = Infinity;
  for (const path of paths) {
    if (path.length === 1) least = Math.min(least, Math.hypot(point[0] - path[0][0], point[1] - path[0][1]));
    for (let i = 1; i < path.length; i += 1) least = Math.min(least, distanceToSegment(point, path[i - 1], path[i]));
  }
  return least;
}

/**
 * The feature at a point: the nearest within reach; of those just as near, the one drawn last.
 * @param {Square} square
 * @param {[number, number]} point in units
 * @param {number} reach in units
 * @param {(id: string) => boolean} keeps which features count
 * @returns {{index: number, distance: number} | null}
 */
export function nearest(square, [x, y], reach, keeps = () => true) {
  const box = [x - reach, y - reach, x + reach, y + reach];
  let best = null;
  for (let index = square.ids.length - 1; index >= 0; index -= 1) {
    if (!meets(square, index, box) || !keeps(square.ids[index])) continue;
    const distance = distanceTo(square, index, [x, y]);
    if (distance <= reach && (!best || distance < best.distance)) best = { index, distance };
  }
  return best;
}
