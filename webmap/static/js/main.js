/** The map page: ties the address, the panel, the map and the sheet to one state. */

import { config } from "./configuration.js";
import { EXTENT, Filters } from "./filters.js";
import { putAway } from "./first-picture.js";
import { coveredPixels } from "./frame.js";
import { Late } from "./late.js";
import { featuresOf } from "./layer-data.js";
import { AtlasMap } from "./map/atlas-map.js";
import { Panel } from "./panel.js";
import { fillTour } from "./presentation/play.js";
import { SearchBox } from "./search-box.js";
import { Sheet } from "./sheet.js";
import { completed, formatState, parseState, setAside } from "./state.js";
import { Tour } from "./tour.js";

const page = document.querySelector("[data-map-page]");
const status = document.querySelector("[data-status]");
const notice = document.querySelector("[data-notice]");
const texts = config.texts;
const layersById = new Map(config.layers.map((layer) => [layer.id, layer]));

const panel = new Panel(document.querySelector("[data-panel]"), texts);
const sheet = new Sheet(document.querySelector("[data-sheet]"), texts);
const map = new AtlasMap(window.map_carte, config.styles, texts, () => coveredPixels(page));
const tourCard = document.querySelector("[data-tour]");
if (tourCard?.dataset.own !== undefined) fillTour(tourCard);
const tour = tourCard && new Tour(tourCard);
let state = completed(parseState(tour ? tour.view : location.search), config);
// What the server has said already: that the address names something that is gone.
let warned = notice.textContent;
let missed = "";
let grounded = false;
let tools = null;

function announce(text) {
  status.textContent = text;
}

/** Say what went wrong; with `retry`, offer to ask again. */
function warn(text, { retry = false } = {}) {
  warned = text;
  notice.replaceChildren(text);
  notice.hidden = !text;
  if (!text) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = retry ? texts.retry : texts.close;
  button.addEventListener("click", () => {
    document.querySelector(".folium-map").focus();
    if (retry) askAgain();
    else warn("");
  });
  notice.append(" ", button);
}

/** Write the state to the address; selections make a step of the browser's history, views do not. */
function writeAddress(step = false) {
  if (tourCard) return;
  const said = { ...state, basemap: state.basemap === config.basemap ? "" : state.basemap };
  const url = location.pathname + formatState(said, location.search);
  if (url === location.pathname + location.search) return;
  history[step ? "pushState" : "replaceState"](null, "", url);
}

// The tools beside the map: the first map does without.
const late = new Late(page, "[data-measure], [data-import], [data-register-open]", {
  bring: () => import("./tools.js"),
  lost: () => warn(texts.networkLost, { retry: true }),
  use({ setUp }) {
    const parts = { map, leaflet: window.map_carte, filters, texts };
    const change = (asked) => {
      state.table = asked;
      writeAddress();
    };
    tools = setUp(page, parts, { state: () => state, change, select });
  },
});

/** The tools come first where the state asks something of them. */
async function bringAsked() {
  if (state.table.name || EXTENT in state.filters) await late.bring();
}

async function loadLayer(id) {
  const layer = layersById.get(id);
  if (!layer || map.hasLayer(id)) return;
  if (layer.dense) {
    map.addDense(id, layer.style, layer.dense);
    return;
  }
  panel.layerState(id, "loading");
  try {
    const features = await featuresOf(layer);
    if (!map.hasLayer(id)) map.addLayer(id, layer.style, features);
    panel.layerState(id, "ready");
  } catch {
    lost(id);
  }
}

function lost(id) {
  panel.layerState(id, "failed");
  warn(texts.layerFailed.replace("{layer}", layersById.get(id).title), { retry: true });
}

/** Ask again for what did not come: on demand, and when the network is back. */
async function askAgain() {
  warn("");
  await Promise.all([drawGround(), showLayers(state.layers), map.retry(), late.bring()]);
}

/** Fetch the ground once. */
async function drawGround() {
  const ground = config.layers.find(({ background }) => background);
  if (!ground || grounded) return;
  try {
    map.drawGround(await featuresOf(ground));
    grounded = true;
  } catch {
    lost(ground.id);
  }
}

/** Fetch the places that are to be selected, of layers that are not fetched whole. */
async function fetchSelected(shown) {
  for (const id of new Set(shown.map(({ layer }) => layer))) {
    const layer = layersById.get(id);
    if (!layer?.dense) continue;
    const { getPlaces } = await import("./features.js");
    const missing = shown.filter((one) => one.layer === id && !map.place(one.highlight));
    map.addPlaces(id, await getPlaces(layer, missing.map(({ highlight }) => highlight)));
  }
}

async function showLayers(ids) {
  await Promise.all(ids.map(loadLayer));
  for (const id of layersById.keys()) map.showLayer(id, ids.includes(id));
}

async function setLayers(ids) {
  state.layers = ids;
  panel.layers = ids;
  writeAddress();
  await showLayers(ids);
}

function setBasemap(id) {
  state.basemap = id;
  panel.basemap = id;
  map.chooseBasemap(id, (lost) => {
    if (lost) warn(texts.tilesLost);
    else if (warned === texts.tilesLost) warn("");
  });
  writeAddress();
}

function showArea(id, { step = true } = {}) {
  const area = config.areas.find((entry) => entry.id === id);
  if (!area) return;
  state.area = id;
  panel.area = id;
  map.fitBox(area.bbox, { maxZoom: 18 });
  if (step) announce(texts.areaShown.replace("{area}", area.title));
}

/** Make sure that the layers of some places are drawn. */
async function reveal(placeLayers) {
  const missing = placeLayers.filter((id) => layersById.has(id) && !state.layers.includes(id));
  await setLayers([...state.layers, ...new Set(missing)]);
}

/** Say what a view asks for in vain; another view takes it back. */
function sayMissed(text) {
  missed = [warned, text].filter(Boolean).join(" ");
  warn(missed);
}

/** A tour shows no sheets: say what the server says of a link to something gone, and keep the rest of the view. */
function sayGone(id) {
  Object.assign(state, { place: "", commitment: "", outline: "" });
  sayMissed(texts.gone.replace("{id}", id));
}

/** Say what of an address the map does without. */
function saySetAside(search) {
  const parts = setAside(search, config).map((part) => texts.quoted.replace("{text}", part));
  if (parts.length) sayMissed(texts.setAside.replace("{parts}", parts.join(", ")));
}

/** Select a place, a commitment or an outline to ask about: open the sheet, put a halo on its places, move to them. */
async function select({ place = "", commitment = "", outline = "", field = "" }, { step = true, fit = true, focus = true } = {}) {
  Object.assign(state, { place, commitment, outline });
  writeAddress(step);
  if (!place && !commitment && !outline && !field) {
    sheet.close();
    tools?.strips.mark("");
    tools?.question.take(null);
    map.select([]);
    tools?.register?.selected(state);
    return;
  }
  const sheets = { [place]: config.placeSheet, [commitment]: config.commitmentSheet, [outline]: config.questionSheet };
  const id = place || commitment || outline;
  const url = field ? config.questionSheet : sheets[id].replace("__ID__", encodeURIComponent(id));
  const load = field ? () => tools.question.answer(url, field) : undefined;
  const [body] = await Promise.all([sheet.open(url, { focus, load }), late.bring()]);
  if (!body) return;
  if (tourCard && body.querySelector("[data-gone]")) sayGone(id);
  tools?.strips.take(body);
  tools?.strips.mark(place);
  const drawn = tools?.question.take(body, { fit });
  tools?.register?.selected(state);
  const shown = [...body.querySelectorAll("[data-highlight]")].map((element) => element.dataset);
  await reveal(shown.map(({ layer }) => layer));
  await fetchSelected(shown).catch(() => warn(texts.networkLost));
  map.select(shown.map(({ highlight }) => highlight), { fit: fit && !drawn });
}

panel.addEventListener("layers", ({ detail }) => setLayers(detail));
panel.addEventListener("basemap", ({ detail }) => setBasemap(detail));
panel.addEventListener("area", ({ detail }) => showArea(detail));
panel.addEventListener("place", ({ detail }) => select({ place: detail }));
map.addEventListener("layerstate", ({ detail: { id, state: how } }) => {
  if (how === "failed") lost(id);
  else panel.layerState(id, how);
});
window.addEventListener("online", askAgain);
map.addEventListener("select", ({ detail }) => select({ place: detail }, { fit: false }));
const filterForm = document.querySelector("[data-filters]");
const filters = filterForm && new Filters(filterForm, texts);
filters?.addEventListener("filter", ({ detail: { choices, places } }) => {
  const changed = choices !== state.filters;
  state.filters = choices;
  map.keepOnly(places);
  writeAddress();
  if (changed) tools?.register?.filtered();
});
const searchBox = document.querySelector("[data-search]");
if (searchBox) {
  const search = new SearchBox(searchBox, texts, () => import("./search.js"));
  search.addEventListener("choose", ({ detail: { type, id, url } }) => {
    if (type === "place" || type === "territory") select({ place: id });
    else if (type === "commitment") select({ commitment: id });
    else location.href = url;
  });
  search.addEventListener("address", ({ detail }) => {
    map.mark(detail);
    announce(detail.title);
  });
}
sheet.addEventListener("open", ({ detail }) => select({ [detail.type]: detail.id }));
sheet.addEventListener("close", () => select({}));

let following = false;
let listing = false;
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work));
map.addEventListener("viewchange", () => {
  if (following) return;
  following = true;
  requestAnimationFrame(() => {
    following = false;
    state.view = map.view;
    writeAddress();
    // The map goes first: what is in view is listed when the browser has drawn it.
    if (!listing) whenIdle(list, { timeout: 500 });
    listing = true;
  });
});

function list() {
  listing = false;
  panel.listPlaces(map.placesInView(), (id) => layersById.get(id).title, map.crowds);
}

/** Show what an address says: the browser went back, or a tour went on. */
async function apply(said, { move = false } = {}) {
  const moved = ["place", "commitment", "outline"].some((name) => said[name] !== state[name]);
  const { basemap } = state;
  state = said;
  if (warned === missed) warn("");
  panel.layers = state.layers;
  if (move && said.basemap !== basemap) setBasemap(said.basemap);
  if (move && said.view) map.setView(said.view);
  else if (move && said.area) showArea(said.area, { step: false });
  filters?.apply(state.filters);
  await bringAsked();
  tools?.register?.follow();
  await showLayers(state.layers);
  if (moved) await select(said, { step: false, fit: !(move && said.view), focus: false });
}

if (tour)
  tour.addEventListener("step", ({ detail }) => {
    apply(completed(parseState(detail), config), { move: true });
    saySetAside(detail);
  });
else window.addEventListener("popstate", () => apply(completed(parseState(location.search), config)));

async function start() {
  panel.layers = state.layers;
  if (warned) {
    Object.assign(state, { place: "", commitment: "", outline: "" });
    warn(warned);
  }
  saySetAside(tour ? tour.view : location.search);
  setBasemap(state.basemap);
  const asked = { ...state };
  // Opened before the map is moved, so that what is shown lies beside it.
  await bringAsked();
  const listed = tools?.register?.follow();
  if (asked.view) map.setView(asked.view);
  else showArea(asked.area || config.areas[0].id, { step: false });
  if (asked.area) panel.area = asked.area;
  const filtered = filters && Object.keys(state.filters).length ? filters.apply(state.filters) : null;
  await Promise.all([drawGround(), showLayers(state.layers), filtered, listed]);
  // With the frame in which the canvas of the ground is drawn.
  requestAnimationFrame(putAway);
  await map.drawn();
  await late.bring();
  page.dataset.ready = "true";
  performance.mark("ready");
  if (asked.place || asked.commitment || asked.outline) await select(asked, { step: false, fit: !asked.view, focus: false });
}

await start();
