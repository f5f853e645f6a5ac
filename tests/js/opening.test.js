import assert from "node:assert/strict";
import { test } from "node:test";
import { isStep, openingView, toLonLat, toWorld } from "../../webmap/static/js/opening.js";

const near = (found, expected) => found.forEach((value, axis) => assert.ok(Math.abs(value - expected[axis]) < 1e-6, `${found}`));
const measured = (size, covered) => () => ({ size, left: 0, right: 0, top: 0, bottom: 0, ...covered });
// A square of 4 of the 256 pixels that the world has at zoom 0, around its middle.
const HALF = 180 / 64;
const HIGH = (Math.atan(Math.sinh(Math.PI / 64)) * 180) / Math.PI;
const areas = [
  { id: "far", bbox: [90, 0, 90.1, 0.1] },
  { id: "middle", bbox: [-HALF, -HIGH, HALF, HIGH] },
];

test("the world is 256 pixels at zoom 0, twice as many with each", () => {
  near(toWorld([0, 0], 0), [128, 128]);
  near(toWorld([-180, 85.0511287798066], 0), [0, 0]);
  near(toWorld([90, 0], 2), [768, 512]);
  near(toLonLat([768, 0], 2), [90, 85.0511287798066]);
});

test("a view stands in the middle of the map, whatever its size", () => {
  const found = openingView({ view: { lat: 0, lon: 0, zoom: 8 }, area: "" }, areas, () => assert.fail("measured"));
  assert.deepEqual(found, { zoom: 8, latitude: 0, middle: [32768, 32768] });
});

test("an area fills what is not covered, at a step of the zoom", () => {
  const shown = (size, covered) => openingView({ view: null, area: "middle" }, areas, measured(size, covered));
  assert.equal(shown([1024, 1024], {}).zoom, 8);
  assert.equal(shown([1023, 1024], {}).zoom, 7.5);
  assert.equal(shown([1024, 2000], {}).zoom, 8);
  const beside = shown([1324, 1024], { left: 300 });
  assert.equal(beside.zoom, 8);
  // The middle of the area stands 150 pixels to the right of the middle of the map.
  near(beside.middle, [32768 - 150, 32768]);
  assert.ok(Math.abs(shown([1024, 1224], { top: 200 }).latitude) > 0);
});

test("the first area is shown where none is asked for; the zoom has its limits", () => {
  assert.equal(openingView({ view: null, area: "" }, areas, measured([1, 1])).zoom, 6);
  assert.equal(openingView({ view: null, area: "gone" }, [{ id: "spot", bbox: [2, 48, 2.00001, 48.00001] }], measured([900, 900])).zoom, 18);
});

test("the map stands at halves, from 6 on", () => {
  assert.deepEqual([5.5, 6, 14.5, 14.25, NaN].map(isStep), [false, true, true, false, false]);
});
