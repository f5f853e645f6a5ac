/** What has somebody drawn or typed? From points to GeoJSON and back; pure. */

const LEAST = { point: 1, line: 2, area: 3 };
const NUMBER = /-?\d{1,3}(?:[.,]\d{1,12})?/g;

/** The geometry of a drawing, or null while it has too few points. Points are [lon, lat] in degrees. */
export function geometryOf(shape, points) {
  if (points.length < LEAST[shape]) return null;
  const rounded = points.map((point) => point.map((degrees) => Number(degrees.toFixed(6))));
  if (shape === "point") return { type: "Point", coordinates: rounded.at(-1) };
  if (shape === "line") return { type: "LineString", coordinates: rounded };
  return { type: "Polygon", coordinates: [[...rounded, rounded[0]]] };
}

/** What a geometry was drawn as: its shape and its points. */
export function drawingOf(geometry) {
  if (geometry?.type === "LineString") return { shape: "line", points: geometry.coordinates };
  if (geometry?.type === "Polygon") return { shape: "area", points: geometry.coordinates[0].slice(0, -1) };
  return { shape: "point", points: geometry ? [geometry.coordinates] : [] };
}

/** A point [lon, lat] from latitude and longitude in degrees, as people write them; null when they are not that. */
export function parsePosition(text) {
  const numbers = (text.match(NUMBER) ?? []).map((number) => Number(number.replace(",", ".")));
  if (numbers.length !== 2 || Math.abs(numbers[0]) > 90) return null;
  return [numbers[1], numbers[0]];
}
