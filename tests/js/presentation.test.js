import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName, LIMITS, moved, read, Unreadable, viewOf, write } from "../../webmap/static/js/presentation/presentation.js";

const STEP = { title: "Le boulevard", text: "Qui répare ?", view: "lieu=boulevard-adolphe-pinard&vue=48.82000,2.30000,16" };
const GOOD = { lang: "fr", title: "Réunion", step: [STEP] };

function faultsOf(text) {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof Unreadable);
    return error.faults;
  }
  return [];
}
const faults = (changed) => faultsOf(JSON.stringify({ ...GOOD, ...changed }));
const stepFaults = (changed) => faults({ step: [STEP, { ...STEP, ...changed }] });

test("a file is what was written", () => {
  const presentation = { lang: "en", title: "A “meeting” <b>", steps: [STEP, { ...STEP, text: "two\nlines" }] };
  assert.deepEqual(read(write(presentation)), presentation);
  assert.deepEqual(read(`\uFEFF${write(presentation)}`), presentation);
});

test("what is no presentation is told apart", () => {
  assert.deepEqual(faultsOf(""), [{ code: "json" }]);
  assert.deepEqual(faultsOf('title_fr = "Cinq documents"'), [{ code: "json" }]);
  assert.deepEqual(faultsOf(write({ ...GOOD, steps: [STEP] }).slice(0, -9)), [{ code: "json" }]);
  for (const text of ["null", "3", "[]", '"step"', '{"type": "FeatureCollection", "features": []}', '{"step": {}}']) {
    assert.deepEqual(faultsOf(text), [{ code: "shape" }], text);
  }
  assert.deepEqual(faults({ step: [] }), [{ code: "empty" }]);
});

test("a fault names its step and its field", () => {
  assert.deepEqual(stepFaults({ title: undefined }), [{ code: "missing", step: 2, field: "title" }]);
  assert.deepEqual(stepFaults({ title: "  " }), [{ code: "missing", step: 2, field: "title" }]);
  assert.deepEqual(stepFaults({ text: 7 }), [{ code: "text", step: 2, field: "text" }]);
  assert.deepEqual(stepFaults({ view: null }), [{ code: "text", step: 2, field: "view" }]);
  assert.deepEqual(stepFaults({ view: "lieu=x&vitesse=vite" }), [{ code: "view", step: 2, value: "vitesse" }]);
  assert.deepEqual(stepFaults({ view: "javascript:alert(1)" }), [{ code: "view", step: 2, value: "javascript:alert(1)" }]);
  assert.deepEqual(stepFaults({ onclick: "x" }), [{ code: "key", step: 2, field: "onclick" }]);
  assert.deepEqual(faults({ step: [STEP, "deux"] }), [{ code: "table", step: 2 }]);
  assert.deepEqual(faults({ lang: "de" }), [{ code: "lang", field: "lang" }]);
  assert.deepEqual(faults({ title: "" }), [{ code: "missing", step: undefined, field: "title" }]);
  const several = faults({ title: 1, step: [{ ...STEP, title: "" }, { ...STEP, view: "a=b" }] });
  assert.deepEqual(several.map(({ code, step }) => [code, step]), [["text", undefined], ["missing", 1], ["view", 2]]);
});

test("keys that every object has are no keys of a file", () => {
  const text = JSON.stringify(GOOD).replace('"lang"', '"__proto__": {"title": "x"}, "lang"');
  assert.deepEqual(faultsOf(text), [{ code: "key", step: undefined, field: "__proto__" }]);
  assert.deepEqual(stepFaults({ toString: "x" }), [{ code: "key", step: 2, field: "toString" }]);
});

test("numbers of steps and lengths are limited", () => {
  const many = Array.from({ length: LIMITS.steps + 1 }, () => STEP);
  assert.deepEqual(faults({ step: many }), [{ code: "many", count: 101, most: 100 }]);
  assert.deepEqual(faults({ step: many.slice(1) }), []);
  const long = { code: "long", step: 2, field: "text", count: LIMITS.text + 1, most: LIMITS.text };
  assert.deepEqual(stepFaults({ text: "a".repeat(LIMITS.text + 1) }), [long]);
});

test("a view is what of the address can be shown again", () => {
  const search = "?lang=en&lieu=x&couches=&tableau=lieux&page=2&contour=2.3%2C48.8%3B2.4%2C48.8&document=ivry";
  assert.equal(viewOf(search), "lieu=x&couches=&contour=2.3,48.8;2.4,48.8&document=ivry");
});

test("a step changes its rank, never beyond the ends", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "c", "b"]);
  const steps = ["a", "b"];
  assert.equal(moved(steps, 0, -1), steps);
  assert.equal(moved(steps, 1, 2), steps);
});

test("the file's name can be part of an address", () => {
  assert.equal(fileName({ title: "Réunion d’été : Porte d’Orléans" }), "reunion-d-ete-porte-d-orleans.json");
  assert.equal(fileName({ title: "…" }), "presentation.json");
});
