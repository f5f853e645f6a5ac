/** Where does a geometry's name stand, and what box holds it? Pure GeoJSON arithmetic, lon/lat degrees. */

/** Every position of a geometry, as [lon, lat] pairs. */
export function positions(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positions);
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };
  return depth[geometry.type] === 0 ? [geometry.coordinates] : geometry.coordinates.flat(depth[geometry.type] - 1);
}

/** The box [west, south, east, north] of geometries, or null when they hold no position. */
export function boundingBox(geometries) {
  const all = geometries.flatMap(positions);
  if (all.length === 0) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of all) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** Whether two boxes [west, south, east, north] share a point. */
export function boxesMeet(a, b) {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

function planarLength(line) {
  let total = 0;
  for (let i = 1; i < line.length; i += 1) total += distance(line[i - 1], line[i]);
  return total;
}

// Good enough to compare lengths inside one small geometry: longitudes shortened by the latitude.
function distance(a, b) {
  const shrink = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180);
  return Math.hypot((b[0] - a[0]) * shrink, b[1] - a[1]);
}

function alongLine(line) {
  let left = planarLength(line) / 2;
  for (let i = 1; i < line.length; i += 1) {
    const step = distance(line[i - 1], line[i]);
    if (step >= left) {
      const ratio = step === 0 ? 0 : left / step;
      const at = line[i - 1].map((value, axis) => value + (line[i][axis] - value) * ratio);
      return { at, direction: [line[i - 1], line[i]] };
    }
    left -= step;
  }
  return { at: line[0], direction: null };
}

function ringArea(ring) {
  let twice = 0;
  for (let i = 1; i < ring.length; i += 1) {
    twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return Math.abs(twice / 2);
}

function ringCentre(ring) {
  const [ox, oy] = ring[0];
  let [twice, x, y] = [0, 0, 0];
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay, bx, by] = [ring[i - 1][0] - ox, ring[i - 1][1] - oy, ring[i][0] - ox, ring[i][1] - oy];
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return twice === 0 ? ring[0] : [ox + x / (3 * twice), oy + y / (3 * twice)];
}

const longest = (lines) => lines.reduce((best, line) => (planarLength(line) > planarLength(best) ? line : best));
const largest = (rings) => rings.reduce((best, ring) => (ringArea(ring) > ringArea(best) ? ring : best));

/**
 * Where a name stands: the point, the middle of the longest line (with the two positions that give
 * its direction), or the centre of the largest ring.
 * @returns {{at: number[], direction: number[][] | null} | null}
 */
export function labelAnchor(geometry) {
  switch (geometry?.type) {
    case "Point":
      return { at: geometry.coordinates, direction: null };
    case "MultiPoint":
      return { at: geometry.coordinates[0], direction: null };
    case "LineString":
      return alongLine(geometry.coordinates);
    case "MultiLineString":
      return alongLine(longest(geometry.coordinates));
    case "Polygon":
      return { at: ringCentre(geometry.coordinates[0]), direction: null };
    case "MultiPolygon":
      return { at: ringCentre(largest(geometry.coordinates.map((rings) => rings[0]))), direction: null };
    default:
      return null;
  }
}
