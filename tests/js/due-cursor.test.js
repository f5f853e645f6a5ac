import assert from "node:assert/strict";
import { test } from "node:test";
import { monthEnd, monthOf, shareOf, stepFrom } from "../../webmap/static/js/due-cursor.js";

const STOPS = ["2021-12-31", "2022-12-31", "2024-02-29"];

test("a month ends on its last day, in leap years too", () => {
  assert.equal(monthEnd("2016-01-01", 1), "2016-01-31");
  assert.equal(monthEnd("2016-01-01", 2), "2016-02-29");
  assert.equal(monthEnd("2016-01-01", 14), "2017-02-28");
  assert.equal(monthEnd("2016-01-01", 180), "2030-12-31");
});

test("the month of a month's end is that month", () => {
  for (let month = 1; month <= 240; month += 1) assert.equal(monthOf("2016-01-01", monthEnd("2016-01-01", month)), month);
});

test("the scale goes from the start of the first day to the end of the last", () => {
  assert.equal(shareOf("2016-01-01", "2016-01-10", "2016-01-05"), 0.5);
  assert.equal(shareOf("2016-01-01", "2016-01-10", "2016-01-10"), 1);
  assert.equal(shareOf("2016-01-01", "2016-01-10", "2030-01-01"), 1);
  assert.equal(shareOf("2016-01-01", "2016-01-10", "2000-01-01"), 0);
});

test("steps go from date to date and stop at both ends", () => {
  assert.equal(stepFrom(STOPS, "", 1), "2021-12-31");
  assert.equal(stepFrom(STOPS, "", -1), "2024-02-29");
  assert.equal(stepFrom(STOPS, "2022-06-30", 1), "2022-12-31");
  assert.equal(stepFrom(STOPS, "2022-12-31", -1), "2021-12-31");
  assert.equal(stepFrom(STOPS, "2024-02-29", 1), "");
  assert.equal(stepFrom(STOPS, "2021-12-31", -1), "");
  assert.equal(stepFrom([], "", 1), "");
});
