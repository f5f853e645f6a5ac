import assert from "node:assert/strict";
import { test } from "node:test";
import { metresPerPixel, shapePath, symbolOf, zoomFactor } from "../../webmap/static/js/symbols.js";

const style = {
  color: "#111111",
  weight: 4,
  fill_opacity: 0.5,
  category: { property: "evolution", values: [{ value: "new", color: "#ff0000" }] },
};
const at = (method, properties = {}) => symbolOf(style, { position: { method }, ...properties }, 14, 48.8);

test("a pixel of Web Mercator at zoom 0 on the equator is 156 543 m", () => {
  assert.ok(Math.abs(metresPerPixel(0, 0) - 156543.034) < 0.001);
  assert.ok(Math.abs(metresPerPixel(14, 60) - 156543.034 / 2 ** 15) < 0.001);
});

test("a place that was not surveyed looks different, even without colour", () => {
  assert.equal(at("surveyed reference").dash, null);
  assert.equal(at("surveyed reference").hollow, false);
  for (const method of ["drawn from its description", "computed"]) {
    assert.ok(at(method).dash);
    assert.ok(at(method).hollow);
    assert.ok(at(method).fillOpacity < at("surveyed reference").fillOpacity);
  }
});

test("a category gives its colour, an unknown value the layer's", () => {
  assert.equal(at("computed", { evolution: "new" }).color, "#ff0000");
  assert.equal(at("computed", { evolution: "other" }).color, "#111111");
});

test("a category may have a hatching of its own", () => {
  const hatched = {
    ...{ color: "#000", weight: 1, hatch: "rising", hatch_every: 8 },
    category: { property: "evolution", values: [{ value: "left", color: "#777", hatch: "falling" }] },
  };
  const hatch = (evolution, method) => symbolOf(hatched, { evolution, position: { method } }, 14, 48.8).hatch;
  assert.deepEqual([hatch("new").lines, hatch("new").every], ["rising", 8]);
  assert.deepEqual([hatch("left").lines, hatch("left").every], ["falling", 8]);
  assert.ok(hatch("new", "computed").opacity < hatch("new", "surveyed reference").opacity);
  assert.equal(at("computed").hatch, null);
});

test("a width on the ground grows with the zoom, never below the drawn width", () => {
  const river = { color: "#000", weight: 3, width_m: 100 };
  const width = (zoom) => symbolOf(river, {}, zoom, 48.8).weight;
  assert.ok(width(17) > 1.9 * width(16));
  assert.ok(width(8) >= 1.5);
});

test("strokes keep within bounds at every zoom", () => {
  for (let zoom = 3; zoom <= 19; zoom += 0.5) {
    assert.ok(zoomFactor(zoom) >= 0.5 && zoomFactor(zoom) <= 1.6);
  }
});

test("every shape has a closed path, an unknown one is a circle", () => {
  for (const shape of ["circle", "square", "diamond", "triangle", "pentagon", "star"]) assert.match(shapePath(shape, 5), /^M.*z$/);
  assert.equal(shapePath("heart", 5), shapePath("circle", 5));
});
