/** Where do the lines of a hatching run? As webmap/mapping/hatching.py has them, for the map; pure. */

/** CSS pixels, and how much of a line's colour is seen where its place is surveyed. */
export const HATCH_WIDTH = 1.25;
export const HATCH_OPACITY = 0.9;

/** Sets of parallel lines, each [a, b]: where a·x + b·y is a multiple of the spacing; y runs down. */
const LINES = {
  rising: [[1, 1]],
  falling: [[1, -1]],
  horizontal: [[0, 1]],
  vertical: [[1, 0]],
  cross: [[1, 1], [1, -1]],
  grid: [[1, 0], [0, 1]],
};

/**
 * The lines of a hatching that cross a box, as the data of an SVG path. Diagonal ones may reach above and below the box.
 * @param {{lines: string, every: number}} hatch every: from line to line along the axes
 * @param {number[]} box west, north, east, south
 */
export function hatchPath({ lines, every }, [west, north, east, south]) {
  const found = [];
  for (const [a, b] of LINES[lines]) {
    const ends = [b * north, b * south];
    const first = Math.ceil((a * west + Math.min(...ends)) / every);
    const last = Math.floor((a * east + Math.max(...ends)) / every);
    for (let line = first; line <= last; line += 1) {
      const at = line * every;
      found.push(b ? `M${west} ${(at - a * west) / b}L${east} ${(at - a * east) / b}` : `M${at} ${north}V${south}`);
    }
  }
  return found.join("");
}
