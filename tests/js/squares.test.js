import assert from "node:assert/strict";
import { test } from "node:test";
import { featureOf, gather, meets, nearest, pathsOf, unpack, within } from "../../webmap/static/js/squares.js";

// A line of two parts, a point, an area with a hole, and a smaller area over it.
const sent = {
  extent: 4096,
  matched: 5,
  ids: ["line", "point", "area", "small"],
  names: ["Line", "Point", "Area", "Small"],
  looks: [{ position: { method: "computed" } }, { position: {} }],
  look: [0, 1, 1, 1],
  kinds: [1, 0, 2, 2],
  paths: [2, 1, 2, 1],
  sizes: [3, 2, 1, 5, 5, 5],
  steps: [
    ...[10, 10, 10, 0, 0, 10], ...[20, 20, 10, 0], // (10,10) (20,10) (20,20), then (40,40) (50,40)
    ...[50, -40], // (100, 0)
    ...[100, 200, 100, 0, 0, 100, -100, 0, 0, -100], // (200,200) … a square of 100
    ...[20, 20, 20, 0, 0, 20, -20, 0, 0, -20], // a hole of 20 at (220,220)
    ...[50, 50, 20, 0, 0, 20, -20, 0, 0, -20], // (270,270)
  ],
};
const square = unpack(sent);

test("positions are the running sums of the steps, path by path", () => {
  assert.deepEqual(pathsOf(square, 0), [[[10, 10], [20, 10], [20, 20]], [[40, 40], [50, 40]]]);
  assert.deepEqual(pathsOf(square, 1), [[[100, 0]]]);
  assert.deepEqual(pathsOf(square, 2)[1][0], [220, 220]);
  assert.deepEqual(square.ids, sent.ids);
});

test("a feature meets a box that its own box touches", () => {
  assert.ok(meets(square, 0, [50, 40, 60, 60]));
  assert.ok(!meets(square, 0, [51, 40, 60, 60]));
  assert.ok(within(square, 0, 9, 51));
  assert.ok(!within(square, 0, 10, 51) && !within(square, 0, 9, 50));
});

test("the nearest within reach is found, an area only from inside", () => {
  const found = (point, reach = 5, keeps) => square.ids[nearest(square, point, reach, keeps)?.index];
  assert.equal(found([15, 13]), "line");
  assert.equal(found([45, 44]), "line");
  assert.equal(found([30, 30]), undefined);
  assert.equal(found([103, 4]), "point");
  assert.equal(found([210, 210]), "area");
  assert.equal(found([230, 230]), undefined, "in the hole");
  assert.equal(found([280, 280]), "small", "the one drawn last");
  assert.equal(found([280, 280], 5, (id) => id !== "small"), "area");
  assert.equal(found([198, 250]), undefined, "outside");
});

test("a feature becomes GeoJSON where it lies", () => {
  const lonLat = ([x, y]) => [x / 100, -y / 100];
  assert.deepEqual(featureOf(square, 1, lonLat), {
    type: "Feature",
    id: "point",
    properties: { name: "Point" },
    geometry: { type: "MultiPoint", coordinates: [[1, -0]] },
  });
  assert.equal(featureOf(square, 0, lonLat).geometry.type, "MultiLineString");
  const { geometry } = featureOf(square, 2, lonLat);
  assert.equal(geometry.type, "Polygon");
  assert.deepEqual(geometry.coordinates.map((ring) => ring.length), [5, 5]);
});

test("features make a square of their own", () => {
  const feature = (id, type, coordinates, kind) => ({ id, geometry: { type, coordinates }, properties: { name: id, kind, note: "x" } });
  const made = gather(
    [
      feature("spot", "Point", [1, 2], "a"),
      feature("spots", "MultiPoint", [[1, 2], [3, 4]], "b"),
      feature("way", "LineString", [[0, 0], [2, 2]], "a"),
      feature("ways", "MultiLineString", [[[0, 0], [1, 1]], [[5, 5], [6, 7]]], "a"),
      feature("parts", "MultiPolygon", [[[[0, 0], [1, 0], [1, 1], [0, 0]]], [[[4, 4], [5, 4], [5, 5], [4, 4]]]], "b"),
    ],
    ([lon, lat], at) => at.push(10 * lon, -10 * lat),
    ({ kind }) => ({ kind }),
  );
  assert.deepEqual(made.kinds, [0, 0, 1, 1, 2]);
  assert.deepEqual(made.looks, [{ kind: "a" }, { kind: "b" }]);
  assert.deepEqual(made.look, [0, 1, 0, 0, 1]);
  assert.deepEqual(pathsOf(made, 1), [[[10, -20]], [[30, -40]]]);
  assert.deepEqual(pathsOf(made, 3), [[[0, -0], [10, -10]], [[50, -50], [60, -70]]]);
  assert.equal(pathsOf(made, 4).length, 2);
  assert.ok(meets(made, 4, [45, -45, 46, -44]) && !meets(made, 0, [11, -19, 12, -18]));
});
