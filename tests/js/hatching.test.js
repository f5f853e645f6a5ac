import assert from "node:assert/strict";
import { test } from "node:test";
import { hatchPath } from "../../webmap/static/js/hatching.js";

/** The lines of a path: x and y of both ends. */
function linesOf(path) {
  return path
    .split("M")
    .slice(1)
    .map((line) => {
      const [x, y, toX, toY] = line.replace("V", ` ${line.split(" ")[0]} `).split(/[ L]/).map(Number);
      return [x, y, toX, toY];
    });
}

const BOX = [3, -7, 27, 12];
const KINDS = { rising: [1, 1], falling: [1, -1], horizontal: [0, 1], vertical: [1, 0] };

for (const [lines, [a, b]] of Object.entries(KINDS)) {
  test(`${lines} lines are counted from zero, and none in the box is left out`, () => {
    const found = linesOf(hatchPath({ lines, every: 5 }, BOX));
    const counts = found.map(([x, y]) => (a * x + b * y) / 5 + 0);
    for (const [x, y, toX, toY] of found) assert.equal(a * x + b * y, a * toX + b * toY);
    const corners = [[3, -7], [27, -7], [3, 12], [27, 12]].map(([x, y]) => (a * x + b * y) / 5 + 0);
    const expected = [];
    for (let n = Math.ceil(Math.min(...corners)); n <= Math.max(...corners); n += 1) expected.push(n + 0);
    assert.deepEqual(counts, expected);
  });
}

test("lines that cross are those of both directions", () => {
  const path = (lines) => hatchPath({ lines, every: 4 }, BOX);
  assert.equal(path("cross"), path("rising") + path("falling"));
  assert.equal(path("grid"), path("vertical") + path("horizontal"));
});
