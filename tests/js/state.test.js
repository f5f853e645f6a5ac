import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, formatState, parseState, setAside } from "../../webmap/static/js/state.js";

const noTable = { name: "", sort: "", columns: null, page: "" };
const nothing = { view: null, layers: null, basemap: "", place: "", commitment: "", outline: "", area: "", filters: {}, table: noTable };

test("an empty address says nothing", () => {
  assert.deepEqual(parseState(""), nothing);
});

test("every part of the address is read", () => {
  const state = parseState("?zone=blagis&vue=48.8231,2.3056,15.5&couches=qpv,voies&fond=plan&lieu=rue-x&engagement=a-1");
  assert.deepEqual(state, {
    view: { lat: 48.8231, lon: 2.3056, zoom: 15.5 },
    layers: ["qpv", "voies"],
    basemap: "plan",
    place: "rue-x",
    commitment: "a-1",
    outline: "",
    area: "blagis",
    filters: {},
    table: noTable,
  });
});

for (const view of ["48.8,2.3", "48.8,2.3,15,1", "a,b,c", "NaN,2,15", "Infinity,2,15", "91,2,15", "48,181,15", "48,2,40", "48,2,", ",,"]) {
  test(`a malformed view counts as not said: ${view}`, () => {
    assert.equal(parseState(`?vue=${view}`).view, null);
  });
}

test("no layer at all is not the same as layers not said", () => {
  assert.deepEqual(parseState("?couches=").layers, []);
  assert.match(formatState({ ...nothing, layers: [] }), /couches=/);
  assert.equal(formatState(nothing), "");
});

test("writing and reading again gives the same state", () => {
  const state = {
    view: { lat: 48.82314, lon: 2.30567, zoom: 15 },
    layers: ["qpv", "interfaces"],
    basemap: "photos",
    place: "dalle-garamond",
    commitment: "malakoff-a-1-3-1",
    outline: "2.300000,48.820000;2.310000,48.820000;2.310000,48.830000",
    area: "paris-sud-ouest",
    filters: { document: "ivry", theme: "habitat", lien: "proximite", bbox: "2.29,48.81,2.33,48.84" },
    table: { name: "lieux", sort: "-surface", columns: "couche,surface", page: "2" },
  };
  assert.deepEqual(parseState(formatState(state)), state);
});

test("the language stays in the address, and lists stay readable", () => {
  const text = formatState({ ...nothing, layers: ["a", "b"] }, "?lang=en&lieu=gone");
  assert.equal(text, "?lang=en&couches=a,b");
});

test("a closed table leaves nothing in the address, a table without more columns says so", () => {
  const table = { name: "engagements", sort: "", columns: "", page: "1" };
  assert.equal(formatState({ ...nothing, table }), "?tableau=engagements&colonnes=");
  assert.equal(formatState({ ...nothing, table: { ...table, name: "", sort: "nature" } }), "");
});

const config = {
  areas: [{ id: "blagis" }],
  layers: [
    { id: "qpv", visible: true },
    { id: "voies", visible: false },
  ],
  basemaps: [{ id: "aucun" }, { id: "plan" }],
  basemap: "aucun",
};

test("what the atlas does not have is set aside, and named", () => {
  const search = "?zone=lune&vue=48,2&couches=qpv,tram,,bus&fond=neige&lieu=rue-x";
  assert.deepEqual(setAside(search, config), ["vue=48,2", "zone=lune", "couches=tram,bus", "fond=neige"]);
  const { area, view, layers, basemap, place } = completed(parseState(search), config);
  assert.deepEqual({ area, view, layers, basemap, place }, { area: "", view: null, layers: ["qpv"], basemap: "aucun", place: "rue-x" });
});

for (const search of ["", "?couches=", "?zone=blagis&vue=48.8231,2.3056,15.5&couches=voies,qpv&fond=plan", "?vue=&zone=&fond="]) {
  test(`nothing is set aside of ${search || "an empty address"}`, () => {
    assert.deepEqual(setAside(search, config), []);
  });
}
