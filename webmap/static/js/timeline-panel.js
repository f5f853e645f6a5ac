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
  const details = element.querySelector("details");
  let cursor = null;
  // Made when it is seen for the first time: most maps are read without it.
  const follow = () => {
    if (!details.open) return;
    if (!cursor) {
      cursor = new DueCursor(element);
      cursor.addEventListener("until", ({ detail }) => (filters.until = detail));
    }
    cursor.until = filters.choices[UNTIL] ?? "";
  };
  const filtered = () => {
    if (filters.choices[UNTIL]) details.open = true;
    follow();
  };
  details.addEventListener("toggle", follow);
  filters.addEventListener("filter", filtered);
  filtered();
  element.addEventListener("click", (event) => {
    const mark = event.target.closest("a[data-commitment]");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open({ commitment: mark.dataset.commitment });
  });
}
