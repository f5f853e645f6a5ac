import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { geodesy, sexagesimal, zoneOf } from "../../webmap/static/js/geodesy.js";

const require = createRequire(new URL("../../webmap/package.json", import.meta.url));
const tool = geodesy(require("proj4"), require("geographiclib-geodesic"));
const near = (value, expected, tolerance) => assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

// Values computed with PROJ 9 (EPSG:2154, 3949, 3943) and its geodesics on GRS80.
const PARIS = [2.3056, 48.8231];

test("Lambert-93 agrees with PROJ to the millimetre", () => {
  const [x, y] = tool.lambert93(PARIS);
  near(x, 649017.1726, 0.001);
  near(y, 6858339.486, 0.001);
});

test("the conic zone is that of the place", () => {
  const paris = tool.conic(PARIS);
  assert.equal(paris.zone, 49);
  near(paris.at[0], 1649014.6268, 0.001);
  near(paris.at[1], 8180562.1317, 0.001);
  assert.equal(zoneOf(43.405), 43);
  assert.equal(zoneOf(10), null);
});

test("outside France there are no French coordinates", () => {
  assert.equal(tool.lambert93([-73.6, 45.5]), null);
  assert.equal(tool.conic([-73.6, 45.5]), null);
});

test("a quarter of the meridian is 10 001 965,729 m", () => {
  near(tool.length([[0, 0], [0, 90]]), 10001965.7293, 0.001);
});

test("an eighth of the ellipsoid is an eighth of its area", () => {
  near(tool.area([[0, 0], [90, 0], [0, 90]]) / (510065621718491 / 8), 1, 1e-9);
});

test("the plane length of Paris is longer than the ground by its scale", () => {
  const line = [PARIS, [2.3156, 48.8231]];
  const ratio = tool.planeLength(line) / tool.length(line);
  assert.ok(ratio > 0.9985 && ratio < 1.0015 && ratio !== 1);
});

for (const [text, lon, lat, system] of [
  ["48.8231, 2.3056", 2.3056, 48.8231, "WGS84"],
  ["48,8231 2,3056", 2.3056, 48.8231, "WGS84"],
  ["48,8231 ; 2,3056", 2.3056, 48.8231, "WGS84"],
  ["2.3056 48.8231", 2.3056, 48.8231, "WGS84"],
  ["48° 49′ 23,2″ N 2° 18′ 20,2″ E", 2.30561, 48.82311, "WGS84"],
  ["48°49'23.2\"N, 2°18'20.2\"E", 2.30561, 48.82311, "WGS84"],
  ["649017.17 6858339.49", 2.3056, 48.8231, "Lambert-93"],
  ["1649014.63 8180562.13", 2.3056, 48.8231, "CC49"],
]) {
  test(`coordinates are read as people write them: ${text}`, () => {
    const read = tool.parse(text);
    near(read.lon, lon, 1e-4);
    near(read.lat, lat, 1e-4);
    assert.equal(read.system, system);
  });
}

for (const text of ["", "Malakoff", "48.8", "1 2 3", "999 999", "NaN NaN", "95 2", "123456789 5"]) {
  test(`what is not coordinates is refused: «${text}»`, () => assert.equal(tool.parse(text), null));
}

test("degrees, minutes and seconds carry over", () => {
  assert.equal(sexagesimal(48.8231, "NS"), "48° 49′ 23,2″ N");
  assert.equal(sexagesimal(-0.5, "EO"), "0° 30′ 00,0″ O");
  assert.equal(sexagesimal(2.99999999, "EO"), "3° 00′ 00,0″ E");
});
