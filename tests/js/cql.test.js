import assert from "node:assert/strict";
import { test } from "node:test";

import { both, condition, needsValue, operatorsOf } from "../../webmap/static/js/cql.js";

test("a text is compared without case and accents, its own signs kept", () => {
  assert.equal(condition("name", "string", "contains", "l'Ouest"), "CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%l''Ouest%'))");
  assert.equal(condition("name", "string", "starts", "50 %_"), String.raw`CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('50 \%\_%'))`);
  assert.equal(condition("name", "string", "=", "x"), "name = 'x'");
});

test("numbers, dates and lists are written as what they are", () => {
  assert.equal(condition("length_m", "number", ">=", "12,5"), "length_m >= 12.5");
  assert.equal(condition("due", "date", "<", "2025-01-01"), "due < DATE('2025-01-01')");
  assert.equal(condition("communes", "array", "has", "commune-paris"), "A_CONTAINS(communes, ('commune-paris'))");
  assert.equal(condition("is", "boolean", "=", "oui"), "is = TRUE");
});

test("a name that is no plain word is quoted", () => {
  assert.equal(condition("a b", "number", "=", "1"), '"a b" = 1');
  assert.equal(condition("position.method", "string", "null", ""), "position.method IS NULL");
});

test("a missing value makes no condition", () => {
  assert.equal(condition("name", "string", "=", "  "), "");
  assert.equal(needsValue("null"), false);
  assert.equal(needsValue("="), true);
});

test("each type has operators", () => {
  for (const type of ["string", "number", "integer", "boolean", "date", "array", "geometry"]) {
    assert.ok(operatorsOf(type).length > 1);
  }
  assert.deepEqual(operatorsOf("geometry"), ["null", "notnull"]);
});

test("conditions are joined so that both must hold", () => {
  assert.equal(both("", "a = 1"), "a = 1");
  assert.equal(both("a = 1", "b = 2"), "a = 1 AND b = 2");
  assert.equal(both("a = 1 OR c = 3", "b = 2"), "(a = 1 OR c = 3) AND b = 2");
});
