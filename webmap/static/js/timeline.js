/** The page of the timeline: the cursor filters its table; the address and the links keep the date. */

import { DueCursor } from "./due-cursor.js";

const page = document.querySelector("[data-timeline]");
const cursor = new DueCursor(page);
const field = page.querySelector('[name="jusqu-au"]');

function withUntil(address, until) {
  const url = new URL(address, location.href);
  if (until) url.searchParams.set(field.name, until);
  else url.searchParams.delete(field.name);
  return url.pathname + url.search + url.hash;
}

cursor.addEventListener("until", ({ detail }) => {
  field.value = detail;
  history.replaceState(null, "", withUntil(location.href, detail));
  for (const link of page.querySelectorAll("[data-until-link]")) link.href = withUntil(link.href, detail);
});
