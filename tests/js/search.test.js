import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, indexOf, search } from "../../webmap/static/js/search.js";

const entries = [
  { id: "boulevard-adolphe-pinard", type: "place", title: "Boulevard Adolphe-Pinard", words: "bd Pinard" },
  { id: "square-julia-bartet", type: "place", title: "Square Julia-Bartet", words: "" },
  { id: "commune-malakoff", type: "territory", title: "Malakoff", words: "92046" },
  { id: "a-1", type: "commitment", title: "Étudier la requalification du boulevard Adolphe-Pinard", words: "APUR" },
  { id: "malakoff", type: "document", title: "Convention entre Paris et Malakoff", words: "" },
  { id: "apur", type: "actor", title: "Atelier parisien d’urbanisme", words: "APUR" },
];
const index = indexOf(entries);
const ids = (text) => search(index, text).flatMap((group) => group.entries.map(({ id }) => id));

test("accents, case and ligatures do not matter", () => {
  assert.equal(folded("Cœur de l’Été"), "coeur de l’ete");
  assert.deepEqual(ids("ETUDIER requalification"), ["a-1"]);
});

test("the start of a word is enough", () => {
  assert.ok(ids("pina").includes("boulevard-adolphe-pinard"));
});

test("one slip in a longer word is forgiven", () => {
  assert.ok(ids("pinnard").includes("boulevard-adolphe-pinard"));
  assert.ok(ids("malakof").includes("commune-malakoff"));
});

test("every word must be found", () => {
  assert.deepEqual(ids("pinard bartet"), []);
});

test("results are grouped in a fixed order, with their counts", () => {
  const groups = search(index, "malakoff");
  assert.deepEqual(groups.map(({ type, total }) => [type, total]), [["territory", 1], ["document", 1]]);
});

test("what is called exactly so comes before all others", () => {
  const named = indexOf([
    { id: "quarter", type: "place", title: "Chaperon Vert, à Gentilly", words: "Gentilly Gentilly", named: 40 },
    { id: "town", type: "territory", title: "Gentilly", words: "" },
    { id: "towns", type: "territory", title: "Arcueil et Gentilly", words: "Gentilly", named: 40 },
  ]);
  const found = search(named, "gentilly ");
  assert.deepEqual(found.map(({ type }) => type), ["territory", "place"]);
  assert.deepEqual(found[0].entries.map(({ id }) => id), ["town", "towns"]);
});

test("of two that answer equally well, the one of which more is promised comes first", () => {
  const green = (id, title, named) => ({ id, type: "place", title, words: "coulée verte", named });
  const [{ entries: [first] }] = search(
    indexOf([green("none", "Coulée verte Bièvre-Lilas", 0), green("many", "Coulée verte du sud parisien", 9)]),
    "coulee verte",
  );
  assert.equal(first.id, "many");
});

test("a group shows five and counts all", () => {
  const many = indexOf(Array.from({ length: 12 }, (_, i) => ({ id: `p${i}`, type: "place", title: `Porte ${i}`, words: "" })));
  const [group] = search(many, "porte");
  assert.equal(group.total, 12);
  assert.equal(group.entries.length, 5);
});

test("nothing typed finds nothing", () => {
  assert.deepEqual(search(index, "   "), []);
});
