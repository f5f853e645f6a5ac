import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels, readableAngle, turnedBox } from "../../webmap/static/js/labels.js";

const label = (id, x, y, priority = 1) => ({ id, x, y, width: 60, height: 16, priority });

test("labels apart are all written", () => {
  assert.deepEqual([...placeLabels([label("a", 0, 0), label("b", 0, 40)])].sort(), ["a", "b"]);
});

test("of two that cover one another the higher priority is written", () => {
  assert.deepEqual([...placeLabels([label("low", 0, 0, 1), label("high", 10, 4, 9)])], ["high"]);
});

test("a box that is taken is left free", () => {
  const taken = [{ left: -100, right: 100, top: -100, bottom: 100 }];
  assert.equal(placeLabels([label("a", 0, 0)], { taken }).size, 0);
});

test("no two written labels cover one another, whatever comes", () => {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const all = Array.from({ length: 300 }, (_, i) => ({
    ...label(`l${i}`, next() * 800, next() * 600, next()),
    angle: (next() - 0.5) * Math.PI,
  }));
  const written = placeLabels(all, { margin: 0 });
  const boxes = all.filter(({ id }) => written.has(id)).map(turnedBox);
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
    }
  }
  assert.ok(boxes.length > 20);
});

test("a turned box holds its text", () => {
  const box = turnedBox({ x: 0, y: 0, width: 100, height: 20, angle: Math.PI / 2 });
  assert.ok(Math.abs(box.right - 10) < 1e-9 && Math.abs(box.bottom - 50) < 1e-9);
});

test("a name never stands on its head", () => {
  for (const end of [[1, 0], [-1, 0], [0, 1], [0, -1], [-1, 1], [-1, -1], [1, -1]]) {
    const angle = readableAngle([0, 0], end);
    assert.ok(angle > -Math.PI / 2 - 1e-9 && angle <= Math.PI / 2 + 1e-9, `${end}: ${angle}`);
  }
});
