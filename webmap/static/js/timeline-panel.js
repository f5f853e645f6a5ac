/** How is the timeline of the map's panel one of its filters? */

import { DueCursor } from "./due-cursor.js";
import { UNTIL } from "./filters.js";

/**
 * Tie a timeline to the filters, both ways; its marks open sheets.
 * @param {HTMLElement} element
 * @param {Filters} filters
 * @param {(chosen: {commitment: string}) => void} open
 */
export function tieTimeline(element, filters, open) {
  const cursor = new DueCursor(element);
  cursor.addEventListener("until", ({ detail }) => (filters.until = detail));
  filters.addEventListener("filter", ({ detail }) => {
    cursor.until = detail.choices[UNTIL] ?? "";
    if (cursor.until) element.querySelector("details").open = true;
  });
  element.addEventListener("click", (event) => {
    const mark = event.target.closest("a[data-commitment]");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open({ commitment: mark.dataset.commitment });
  });
}
