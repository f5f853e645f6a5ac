/**
 * Does the reader want shortcuts of a single key? Who speaks to a device, or shares one, may not (WCAG 2.1.4). The choice is
 * kept on this device and nowhere else.
 */

const KEY = "limitrophe-one-key";
// A browser may refuse to keep anything, as in a frame of another site: then the choice holds for the page.
let held = "on";

/** Whether a single key does something. */
export function wantsOneKey() {
  try {
    return (localStorage.getItem(KEY) ?? held) !== "off";
  } catch {
    return held !== "off";
  }
}

function choose(wanted) {
  held = wanted ? "on" : "off";
  try {
    localStorage.setItem(KEY, held);
  } catch {
    // Nothing is lost but the memory of it.
  }
}

/** Have the page's box say and change it, if there is one. */
export function offerOneKey() {
  const box = document.querySelector("[data-one-key]");
  if (!box) return;
  box.checked = wantsOneKey();
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.addEventListener("change", () => choose(box.checked));
}
