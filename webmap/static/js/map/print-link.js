/** The link to the print page takes the current view with it: extent, layers, selection. */

const link = document.querySelector("[data-print-link]");

/** The address of the print page for what the map shows now. */
function address() {
  const here = new URLSearchParams(location.search);
  const target = new URL(link.href);
  const bounds = window.map_carte.getBounds();
  const corners = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  target.searchParams.set("emprise", "bbox");
  target.searchParams.set("bbox", corners.map((degrees) => degrees.toFixed(5)).join(","));
  for (const name of ["couches", "lieu", "engagement"]) {
    if (here.has(name)) target.searchParams.set(name, here.get(name));
    else target.searchParams.delete(name);
  }
  return target.href.replaceAll("%2C", ",");
}

// Written when it is about to be followed, so that every way of opening it works.
for (const event of ["pointerdown", "focus", "click"]) {
  link?.addEventListener(event, () => {
    link.href = address();
  });
}
