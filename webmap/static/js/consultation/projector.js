/** The projector: asks every two seconds for what is published, and draws it in large type. */

import { getJson } from "../api.js";
import { AtlasMap } from "../map/atlas-map.js";
import { Said } from "../map/said.js";

const EVERY_MS = 2000;
const SVG = "http://www.w3.org/2000/svg";
const wall = document.querySelector("[data-wall]");
const part = (name) => wall.querySelector(`[data-${name}]`);
const { live, configuration, one, many, cell } = wall.dataset;

function element(name, { className, text } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function categoryMark({ colour, letter, name }) {
  const disc = shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  disc.append(
    shape("circle", { cx: 12, cy: 12, r: 11, fill: colour }),
    shape("text", { x: 12, y: 16.5, fill: "#ffffff", "text-anchor": "middle", "font-size": 13, "font-weight": 700 }, letter),
  );
  return element("span", { className: "category-mark" }, disc, ` ${name}`);
}

/** Rows of {label: Node | string, count, colour} as a table of bars. */
function bars(rows) {
  const most = Math.max(1, ...rows.map(({ count }) => count ?? 0));
  const body = element("tbody");
  for (const { label, count, colour } of rows) {
    const head = element("th", {}, label);
    head.scope = "row";
    const bar = shape("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", class: "bar" });
    bar.append(shape("rect", { width: (100 * (count ?? 0)) / most, height: 10, ...(colour ? { fill: colour } : {}) }));
    const number = element("td", { className: "number", text: count ?? wall.dataset.hidden });
    body.append(element("tr", {}, head, number, element("td", { className: "bar-cell" }, bar)));
  }
  return element("table", { className: "chart" }, body);
}

function words(found) {
  const most = Math.max(1, ...found.map(({ count }) => count));
  return element(
    "ul",
    { className: "wall-words" },
    ...found.slice(0, 24).map(({ word, count }) =>
      element("li", { className: `size-${Math.ceil((4 * count) / most)}`, text: `${word} ` }, element("span", { text: count })),
    ),
  );
}

/** What may be shown beside the map: the categories, and each question that was answered. */
function charts(found) {
  const chart = part("chart");
  const all = [];
  if (found.categories.length) {
    const rows = () => found.categories.map((category) => ({ ...category, label: categoryMark(category) }));
    all.push({ id: "", title: chart.dataset.categories, draw: () => bars(rows()) });
  }
  for (const { id, label, answered, bars: rows, words: used } of found.questions) {
    if (answered && rows.length) all.push({ id, title: label, draw: () => bars(rows) });
    else if (used.length) all.push({ id, title: label, draw: () => words(used) });
  }
  return all;
}

let shown = "";
let latest = null;

function drawChart() {
  const all = charts(latest);
  const chosen = all.find(({ id }) => id === shown) ?? all[0];
  part("chart-title").textContent = chosen?.title ?? wall.dataset.nothing;
  part("chart").replaceChildren(...(chosen ? [chosen.draw()] : []));
  const focused = document.activeElement?.dataset?.chart;
  part("choose").replaceChildren(
    ...all.map(({ id, title }) => {
      const button = element("button", { text: title });
      button.type = "button";
      button.dataset.chart = `-${id}`;
      button.setAttribute("aria-pressed", id === chosen.id);
      button.addEventListener("click", () => {
        shown = id;
        drawChart();
      });
      return button;
    }),
  );
  if (focused) [...part("choose").children].find((button) => button.dataset.chart === focused)?.focus();
}

const seen = new Set();

function drawNewest() {
  const categories = new Map(latest.categories.map((category) => [category.id, category]));
  const first = seen.size === 0;
  const items = latest.newest.map(({ number, category, where, text }) => {
    const about = element("p");
    if (categories.has(category)) about.append(categoryMark(categories.get(category)));
    about.append(element("span", { text: [wall.dataset.number.replace("{n}", number), where].filter(Boolean).join(" · ") }));
    const item = element("li", {}, about, ...(text ? [element("p", { className: "said-text", text })] : []));
    if (!first && !seen.has(number)) item.className = "fresh";
    seen.add(number);
    return item;
  });
  part("newest").replaceChildren(...items);
}

const config = await getJson(configuration);
const leaflet = window[wall.dataset.map];
const map = new AtlasMap(leaflet, config.styles, config.texts);
const ground = config.layers.find(({ background }) => background);
if (ground) getJson(ground.items).then(({ features }) => map.drawGround(features), () => {});
const said = new Said(leaflet, { one, many, cell }, 46);

let framed = "";
function draw(found) {
  latest = found;
  part("total").textContent = found.total.toLocaleString(document.documentElement.lang);
  drawChart();
  drawNewest();
  said.take(found);
  const box = found.box.join(" ");
  if (box !== framed) map.fitBox(found.box, { maxZoom: 16 });
  framed = box;
}

let etag = null;
let paused = false;
let last = new Date();
const time = () => last.toLocaleTimeString(document.documentElement.lang);

function tell(state) {
  part("state").textContent = wall.dataset[state].replace("{time}", time());
}

async function ask() {
  if (paused) return;
  try {
    const answer = await fetch(live, { cache: "no-cache", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = answer.headers.get("ETag");
    if (fresh !== etag || !latest) draw(await answer.json());
    etag = fresh;
    if (paused) return;
    last = new Date();
    tell("fresh");
  } catch {
    tell("lost");
  }
}

async function run() {
  await ask();
  wall.dataset.ready = "true";
  setTimeout(run, EVERY_MS);
}

part("pause-button").addEventListener("click", ({ currentTarget }) => {
  paused = !paused;
  currentTarget.textContent = paused ? wall.dataset.resume : wall.dataset.pause;
  if (paused) tell("paused");
  else ask();
});
run();
