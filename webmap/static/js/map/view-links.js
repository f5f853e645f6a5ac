/** Links that take the current view with them: to the print page, to the downloads. */

import { FILTERS } from "../state.js";

// The filters hold for the print; there bbox is the area of the sheets.
const KEPT = ["couches", "lieu", "engagement", ...FILTERS.filter((name) => name !== "bbox")];

/** The corners of what the map shows, as addresses write them. */
function corners() {
  const bounds = window.map_carte.getBounds();
  const degrees = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  return degrees.map((number) => number.toFixed(5)).join(",");
}

/** The address of the print page for what the map shows now. */
function toPrint(target) {
  const here = new URLSearchParams(location.search);
  target.searchParams.set("emprise", "bbox");
  for (const name of KEPT) {
    if (here.has(name)) target.searchParams.set(name, here.get(name));
    else target.searchParams.delete(name);
  }
}

/** The downloads of what the map shows now: of the first layer that is shown. */
function toDownload(target) {
  const layer = document.querySelector('[name="couche"]:checked')?.value;
  if (layer) target.searchParams.set("collection", layer);
}

for (const [selector, change] of [["[data-print-link]", toPrint], ["[data-download-link]", toDownload]]) {
  const link = document.querySelector(selector);
  // Written when it is about to be followed, so that every way of opening it works.
  for (const event of ["pointerdown", "focus", "click"]) {
    link?.addEventListener(event, () => {
      const target = new URL(link.href);
      target.searchParams.set("bbox", corners());
      change(target);
      link.href = target.href.replaceAll("%2C", ",");
    });
  }
}
