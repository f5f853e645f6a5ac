/** The small map of a page: the places that the page speaks of, on the project's own ground. */

import { getJson } from "./api.js";
import { getPlaces } from "./features.js";
import { boundingBox, boxesMeet } from "./geo.js";
import { AtlasMap } from "./map/atlas-map.js";
import { Hint, partGeometry } from "./map/hint.js";
import { Outline } from "./map/outline.js";

// Degrees of longitude, about 15 km: beyond, a small map shows a part well rather than all badly.
const WIDEST = 0.2;

/** The box to show: all the places, or the area that holds most of them when they are far apart. */
function frame(geometries, areas) {
  const box = boundingBox(geometries);
  if (!box || box[2] - box[0] <= WIDEST) return box;
  const boxes = geometries.map((geometry) => boundingBox([geometry]));
  const within = (area) => boxes.filter((one) => boxesMeet(one, area.bbox) && one[2] - one[0] < WIDEST).length;
  const best = areas.reduce((held, area) => (within(area) > within(held) ? area : held));
  return within(best) ? best.bbox : box;
}

const element = document.querySelector("[data-small-map]");

if (element) {
  const config = await getJson(element.dataset.configuration);
  const map = new AtlasMap(window[element.dataset.map], config.styles, config.texts);
  const wanted = new Set(element.dataset.places.split(" ").filter(Boolean));
  const pages = new Map();
  for (const link of document.querySelectorAll("a[data-place]")) pages.set(link.dataset.place, link.href);

  const loadLayer = async (layer) => {
    // Of a large layer, only what the page speaks of is fetched.
    const features = layer.dense ? await getPlaces(layer, [...wanted]) : (await getJson(layer.items)).features;
    map.addLayer(layer.id, layer.style, features.filter(({ id }) => wanted.has(id)));
  };
  const ids = new Set(element.dataset.layers.split(" ").filter(Boolean));
  const layers = config.layers.filter(({ id }) => ids.has(id));
  const ground = config.layers.find(({ background }) => background);
  await Promise.all([
    ground && getJson(ground.items).then(({ features }) => map.drawGround(features)),
    ...layers.map(loadLayer),
  ]);
  const located = [...wanted].map((id) => map.place(id)?.feature.geometry).filter(Boolean);
  const asked = document.querySelector("[data-outline]")?.dataset.outline;
  if (asked) {
    const outline = JSON.parse(asked);
    located.push(outline);
    new Outline(window[element.dataset.map]).show(outline);
  }
  const box = frame(located, config.areas);
  if (box) map.fitBox(box, { maxZoom: Number(element.dataset.maxZoom ?? 16) });
  for (const layer of layers) map.showLayer(layer.id, true);
  const hint = new Hint(window[element.dataset.map]);
  element.addEventListener("hint", ({ detail }) => hint.show(partGeometry(detail, map)));
  element.addEventListener("show", ({ detail }) => {
    const geometry = partGeometry(detail, map);
    map.select(detail.place ? [detail.place] : []);
    if (geometry) map.fitBox(boundingBox([geometry]), { maxZoom: 17 });
  });
  const selected = element.closest("[data-selected]")?.dataset.selected;
  if (selected) map.select([selected]);
  map.addEventListener("select", ({ detail }) => {
    // A page that shows the place beside the map says so; the others lead to its own page.
    if (!element.dispatchEvent(new CustomEvent("choose", { detail, cancelable: true }))) {
      map.select([detail]);
      return;
    }
    location.href = pages.get(detail) ?? config.placePage.replace("__ID__", encodeURIComponent(detail));
  });
  element.dataset.ready = "true";
}
