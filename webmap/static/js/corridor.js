/** The page of a corridor: its strip and its map point at each other; the address keeps what is chosen. */

import { Strip } from "./strip.js";

const element = document.querySelector("[data-strip]");
const map = document.querySelector("[data-small-map]");
const status = element.querySelector("[data-strip-status]");
const strip = new Strip(element);

function keep(place) {
  const url = new URL(location.href);
  if (place) url.searchParams.set("lieu", place);
  else url.searchParams.delete("lieu");
  history.replaceState(null, "", url);
}

strip.addEventListener("hint", ({ detail }) => map?.dispatchEvent(new CustomEvent("hint", { detail })));
strip.addEventListener("choose", ({ detail }) => {
  map?.dispatchEvent(new CustomEvent("show", { detail }));
  strip.mark(detail.place);
  keep(detail.place);
  status.textContent = status.dataset.shown.replace("{name}", detail.name);
});
map?.addEventListener("choose", (event) => {
  if (!strip.mark(event.detail)) return;
  event.preventDefault();
  keep(event.detail);
  element.querySelector('li[aria-current="true"]').scrollIntoView({ block: "nearest" });
});
