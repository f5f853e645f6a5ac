/** What is at hand beside the map? The questions about an area, the table, the timeline and the strips. */

import { AreaQuestion } from "./area-question.js";
import { MapStrips } from "./map/strips.js";
import { Register } from "./register.js";
import { tieTimeline } from "./timeline-panel.js";

/**
 * Set up what the first map does without.
 * @param {HTMLElement} page the frame of the map
 * @param {{map: AtlasMap, leaflet: L.Map, filters: Filters | null, texts: object}} parts
 * @param {{state: () => MapState, change: (table: object) => void, select: (what: object) => void}} on
 * @returns {{question: AreaQuestion, strips: MapStrips, register: Register | null}}
 */
export function setUp(page, parts, on) {
  const { map, leaflet, filters } = parts;
  const strips = new MapStrips(map, leaflet);
  strips.take(page);
  strips.addEventListener("place", ({ detail }) => on.select({ place: detail }));
  const question = new AreaQuestion(page, leaflet, map);
  question.addEventListener("ask", ({ detail }) => on.select(detail));
  const register = filters && page.querySelector("[data-map-table]") ? new Register(page, parts, on) : null;
  if (filters) tieTimeline(document.querySelector("[data-timeline]"), filters, on.select);
  return { question, strips, register };
}
