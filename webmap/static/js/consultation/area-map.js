/** Drawing the area of a consultation: corners by click, or at the map's centre by keyboard. */

import { getJson } from "../api.js";
import { boundingBox } from "../geo.js";
import { AtlasMap } from "../map/atlas-map.js";
import { Sketch } from "../map/sketch.js";

const round = (number) => Math.round(number * 1e6) / 1e6;

/** The drawing of some corners, as the text of a GeoJSON polygon; empty with fewer than three. */
export function polygonText(points) {
  if (points.length < 3) return "";
  const ring = [...points, points[0]].map((point) => point.map(round));
  return JSON.stringify({ type: "Polygon", coordinates: [ring] });
}

/** The box of what is typed, null when it is no polygon. */
function boxOf(text) {
  try {
    return boundingBox([JSON.parse(text)]);
  } catch {
    return null;
  }
}

async function start(block) {
  const text = () => document.getElementById("area");
  const leaflet = window.map_petite;
  leaflet.invalidateSize();
  const config = await getJson(block.dataset.configuration);
  const map = new AtlasMap(leaflet, config.styles, config.texts);
  const ground = config.layers.find(({ background }) => background);
  if (ground) map.drawGround((await getJson(ground.items)).features);
  map.fitBox(boxOf(text().value) ?? config.areas[0].bbox, { animate: false });
  const sketch = new Sketch(leaflet);
  const count = block.querySelector("[data-area-count]");
  sketch.addEventListener("change", () => {
    text().value = polygonText(sketch.points);
    count.textContent = count.dataset.text.replace("{n}", sketch.points.length);
  });
  sketch.active = true;
  const acts = {
    centre: () => sketch.add([leaflet.getCenter().lng, leaflet.getCenter().lat]),
    undo: () => sketch.undo(),
    clear: () => sketch.clear(),
  };
  block.addEventListener("click", ({ target }) => acts[target.closest("[data-area]")?.dataset.area]?.());
  block.dataset.ready = "true";
}

const block = document.querySelector("[data-area-map]");

if (block) {
  block.hidden = false;
  block.addEventListener("toggle", () => start(block), { once: true });
}
