/** The map in one file: ties the address, the panel, the search, the map and the sheet, with no server. */

import "../menu.js";
import { coveredPixels } from "../frame.js";
import { boundingBox } from "../geo.js";
import { AtlasMap } from "../map/atlas-map.js";
import { offerOneKey } from "../one-key.js";
import { Panel } from "../panel.js";
import { SearchBox } from "../search-box.js";
import { indexOf, search } from "../search.js";
import { Sheet } from "../sheet.js";
import { formatState, parseState } from "../state.js";
import { data } from "./data.js";

const { layers, areas, texts } = data;
const page = document.querySelector("[data-map-page]");
const status = document.querySelector("[data-status]");
const layersById = new Map(layers.map((layer) => [layer.id, layer]));
const panel = new Panel(document.querySelector("[data-panel]"), texts);
const sheet = new Sheet(document.querySelector("[data-sheet]"), texts);
const searchBox = new SearchBox(document.querySelector("[data-search]"), texts, async () => ({ indexOf, search }));
const map = new AtlasMap(window.map_carte, data.styles, texts, padding);
let printing = null;
let selection = [];
let state = completed(parseState(location.hash.slice(1)));

/** The pixels beside which things are shown; on paper nothing covers the map. */
function padding() {
  return printing ? { left: 16, right: 16, top: 16, bottom: 24 } : coveredPixels(page);
}

/** Fill in what the address does not say; drop layers that the file does not have. */
function completed(said) {
  const offered = layers.filter(({ background }) => !background);
  const standard = offered.filter(({ visible }) => visible);
  const shown = (standard.length ? standard : offered).map(({ id }) => id);
  return { ...said, layers: said.layers?.filter((id) => layersById.has(id)) ?? shown };
}

/** Write the state after the # of the address; selections make a step of the browser's history. */
function writeAddress(step = false) {
  const hash = `#${formatState({ ...state, basemap: "" }).slice(1)}`;
  if (hash !== location.hash) history[step ? "pushState" : "replaceState"](null, "", hash);
}

function showLayers() {
  panel.layers = state.layers;
  for (const { id, background } of layers) if (!background) map.showLayer(id, state.layers.includes(id));
}

function showArea(id, { step = true } = {}) {
  const area = areas.find((entry) => entry.id === id);
  if (!area) return;
  state.area = id;
  panel.area = id;
  map.fitBox(area.bbox, { maxZoom: 18 });
  if (step) status.textContent = texts.areaShown.replace("{area}", area.title);
}

/** Select a place or a commitment: open its sheet, put a halo on its places, move to them. */
async function select({ place = "", commitment = "" }, { step = true, fit = true, focus = true } = {}) {
  Object.assign(state, { place, commitment });
  writeAddress(step);
  if (!place && !commitment) {
    sheet.close();
    selection = [];
    map.select(selection);
    return;
  }
  const body = await sheet.open(place ? `lieu:${place}` : `engagement:${commitment}`, { focus });
  if (!body) return;
  const shown = [...body.querySelectorAll("[data-highlight]")].map((element) => element.dataset);
  const missing = shown.map(({ layer }) => layer).filter((id) => layersById.has(id) && !state.layers.includes(id));
  state.layers = [...state.layers, ...new Set(missing)];
  showLayers();
  selection = shown.map(({ highlight }) => highlight);
  map.select(selection, { fit });
  writeAddress();
}

function registerItem({ id, title }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = id;
  button.textContent = title;
  item.append(button);
  return item;
}

/** The register by document, each list made when it is first opened. */
function listRegister(element) {
  const byDocument = new Map();
  for (const entry of data.search.entries.filter(({ type }) => type === "commitment")) {
    if (!byDocument.has(entry.detail)) byDocument.set(entry.detail, []);
    byDocument.get(entry.detail).push(entry);
  }
  for (const [title, found] of byDocument) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = `${title} (${found.length})`;
    const list = document.createElement("ul");
    list.className = "place-list";
    details.append(summary, list);
    details.addEventListener("toggle", () => {
      if (!list.childElementCount) list.append(...found.map(registerItem));
    });
    element.append(details);
  }
  element.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) select({ commitment: button.dataset.id });
  });
}

panel.addEventListener("layers", ({ detail }) => {
  state.layers = detail;
  showLayers();
  writeAddress();
});
panel.addEventListener("area", ({ detail }) => showArea(detail));
panel.addEventListener("place", ({ detail }) => select({ place: detail }));
searchBox.addEventListener("choose", ({ detail: { type, id } }) => select({ [type === "commitment" ? type : "place"]: id }));
map.addEventListener("select", ({ detail }) => select({ place: detail }, { fit: false }));
sheet.addEventListener("open", ({ detail }) => select({ [detail.type]: detail.id }));
sheet.addEventListener("close", () => select({}));

let listing = 0;
map.addEventListener("viewchange", () => {
  cancelAnimationFrame(listing);
  listing = requestAnimationFrame(() => {
    panel.listPlaces(map.placesInView(), (id) => layersById.get(id).title);
    state.view = map.view;
    writeAddress();
  });
});

window.addEventListener("popstate", () => {
  const said = completed(parseState(location.hash.slice(1)));
  const moved = said.place !== state.place || said.commitment !== state.commitment;
  state = said;
  showLayers();
  if (moved) select(said, { step: false });
});

document.querySelector("[data-print]").addEventListener("click", () => window.print());

// On paper the map has a size of its own, and shows the selection in its middle.
window.addEventListener("beforeprint", () => {
  printing = map.view;
  page.dataset.printing = "true";
  map.sizeChanged();
  const box = boundingBox(selection.map((id) => map.place(id)?.feature.geometry).filter(Boolean));
  if (box) map.fitBox(box);
  else map.setView(printing);
});
window.addEventListener("afterprint", () => {
  delete page.dataset.printing;
  const view = printing;
  printing = null;
  map.sizeChanged();
  map.setView(view);
});

async function start() {
  const asked = { ...state };
  listRegister(document.querySelector("[data-register]"));
  for (const { id, style, features, background } of layers) {
    if (background) map.drawGround(features);
    else map.addLayer(id, style, features);
  }
  if (asked.view) map.setView(asked.view);
  else showArea(asked.area || areas[0].id, { step: false });
  if (asked.area) panel.area = asked.area;
  showLayers();
  offerOneKey();
  page.dataset.ready = "true";
  if (asked.place || asked.commitment) await select(asked, { step: false, fit: !asked.view, focus: false });
}

await start();
