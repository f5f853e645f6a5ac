/** Which presentation does this device keep? One, in the browser's own storage; nothing is sent. */

import { read, write } from "./presentation.js";

export const KEY = "limitrophe.presentation";

/** The presentation that is kept; null when there is none that can be read. */
export function load() {
  try {
    return read(localStorage.getItem(KEY) ?? "");
  } catch {
    // Nothing kept, kept by something else, or a browser that keeps nothing.
    return null;
  }
}

/** Keep a presentation; false when the browser does not. */
export function keep(presentation) {
  try {
    if (presentation.steps.length) localStorage.setItem(KEY, write(presentation));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}
