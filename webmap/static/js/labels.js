/** Which names are written when there is not room for all? Greedy placement on screen boxes. */

function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** The upright box around a text of `width` × `height` centred at x, y and turned by `angle` radians. */
export function turnedBox({ x, y, width, height, angle = 0 }) {
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [halfWidth, halfHeight] = [(width * cos + height * sin) / 2, (width * sin + height * cos) / 2];
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

/** The angle of a line on the screen, turned so that the text never stands on its head. */
export function readableAngle([ax, ay], [bx, by]) {
  const angle = Math.atan2(by - ay, bx - ax);
  if (angle > Math.PI / 2) return angle - Math.PI;
  return angle <= -Math.PI / 2 ? angle + Math.PI : angle;
}

/**
 * Choose the labels that do not cover one another, the higher priority first.
 * @param {{id: string, x: number, y: number, width: number, height: number, angle?: number, priority: number}[]} candidates
 *   screen pixels, y downwards
 * @param {{margin?: number, taken?: object[]}} [options] space kept around a label; boxes already taken
 * @returns {Set<string>} the ids that are written
 */
export function placeLabels(candidates, { margin = 3, taken = [] } = {}) {
  const boxes = [...taken];
  const written = new Set();
  const ordered = [...candidates].sort((a, b) => b.priority - a.priority || a.id.localeCompare(b.id));
  for (const candidate of ordered) {
    if (written.has(candidate.id)) continue;
    const box = turnedBox({
      ...candidate,
      width: candidate.width + 2 * margin,
      height: candidate.height + 2 * margin,
    });
    if (boxes.some((other) => overlaps(box, other))) continue;
    boxes.push(box);
    written.add(candidate.id);
  }
  return written;
}
