import assert from "node:assert/strict";
import { test } from "node:test";
import { boundingBox, boxesMeet, labelAnchor, positions } from "../../webmap/static/js/geo.js";

const square = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]];
const geometries = {
  Point: { type: "Point", coordinates: [1, 2] },
  MultiPoint: { type: "MultiPoint", coordinates: [[1, 2], [3, 4]] },
  LineString: { type: "LineString", coordinates: [[0, 0], [2, 0], [4, 0]] },
  MultiLineString: { type: "MultiLineString", coordinates: [[[0, 0], [1, 0]], [[5, 5], [9, 5]]] },
  Polygon: { type: "Polygon", coordinates: square },
  MultiPolygon: { type: "MultiPolygon", coordinates: [square, [[[10, 10], [11, 10], [11, 11], [10, 10]]]] },
};

test("every position of every type is found", () => {
  const counts = Object.fromEntries(Object.entries(geometries).map(([type, g]) => [type, positions(g).length]));
  assert.deepEqual(counts, { Point: 1, MultiPoint: 2, LineString: 3, MultiLineString: 4, Polygon: 5, MultiPolygon: 9 });
  assert.equal(positions(null).length, 0);
  assert.equal(positions({ type: "GeometryCollection", geometries: Object.values(geometries) }).length, 24);
});

test("the box holds all geometries, and nothing has no box", () => {
  assert.deepEqual(boundingBox([geometries.Point, geometries.MultiLineString]), [0, 0, 9, 5]);
  assert.equal(boundingBox([null]), null);
});

test("boxes that touch meet, boxes apart do not", () => {
  assert.ok(boxesMeet([0, 0, 1, 1], [1, 1, 2, 2]));
  assert.ok(!boxesMeet([0, 0, 1, 1], [1.1, 0, 2, 1]));
});

test("names stand at the middle of lines and in the middle of areas", () => {
  assert.deepEqual(labelAnchor(geometries.LineString).at, [2, 0]);
  assert.deepEqual(labelAnchor(geometries.MultiLineString).at.map(Math.round), [7, 5]);
  assert.deepEqual(labelAnchor(geometries.Polygon).at, [2, 2]);
  assert.deepEqual(labelAnchor(geometries.MultiPolygon).at, [2, 2]);
  assert.deepEqual(labelAnchor(geometries.Point), { at: [1, 2], direction: null });
  assert.equal(labelAnchor(null), null);
});

test("a line without length keeps its only position", () => {
  assert.deepEqual(labelAnchor({ type: "LineString", coordinates: [[3, 3], [3, 3]] }).at, [3, 3]);
});
