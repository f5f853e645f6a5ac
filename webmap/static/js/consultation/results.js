/** The map of results: contributions as marks or as cells, by category. */

import { getJson } from "../api.js";
import { AtlasMap } from "../map/atlas-map.js";
import { Said } from "../map/said.js";

const element = document.querySelector("[data-said-map]");
const tools = document.querySelector("[data-said-tools]");
const legend = document.querySelector("[data-legend]");
const { one, many, cell, configuration, live, page, lost } = element.dataset;

function drawLegend(said, side) {
  const scale = legend.querySelector(".scale");
  const steps = said.legend;
  legend.firstChild.textContent = legend.firstChild.textContent.replace("{side}", side);
  scale.replaceChildren(
    ...steps.map(({ from, colour }, i) => {
      const step = document.createElement("span");
      const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      box.setAttribute("viewBox", "0 0 10 10");
      box.setAttribute("aria-hidden", "true");
      const fill = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      fill.setAttribute("width", 10);
      fill.setAttribute("height", 10);
      fill.setAttribute("fill", colour);
      box.append(fill);
      const to = steps[i + 1]?.from - 1;
      step.append(box, i + 1 === steps.length ? `${from} +` : to > from ? `${from} – ${to}` : `${from}`);
      return step;
    }),
  );
}

async function begin() {
  const [config, found] = await Promise.all([getJson(configuration), getJson(live)]);
  const leaflet = window[element.dataset.map];
  const map = new AtlasMap(leaflet, config.styles, config.texts);
  const ground = config.layers.find(({ background }) => background);
  if (ground) getJson(ground.items).then(({ features }) => map.drawGround(features), () => {});
  const said = new Said(leaflet, { one, many, cell });
  map.fitBox(found.box, { maxZoom: 16 });
  said.take(found);
  said.addEventListener("choose", ({ detail }) => {
    const to = new URL(page, location.href);
    to.searchParams.set("contribution", detail);
    to.hash = `c${detail}`;
    location.href = to;
  });
  const choose = () => {
    const boxes = [...tools.querySelectorAll("[name=shown]")];
    const kept = boxes.length ? new Set(boxes.filter(({ checked }) => checked).map(({ value }) => value)) : null;
    const mode = tools.querySelector("[name=mode]:checked").value;
    said.show(mode, kept);
    legend.hidden = mode !== "grid";
    if (mode === "grid") drawLegend(said, found.grid.side);
  };
  tools.addEventListener("change", choose);
  tools.hidden = false;
  choose();
  element.dataset.ready = "true";
}

begin().catch(() => {
  const notice = document.createElement("p");
  notice.className = "notice notice-warning";
  notice.textContent = lost;
  element.replaceWith(notice);
});
