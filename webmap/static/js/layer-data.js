/** What is in a layer that is sent whole? Asked for once, whoever wants it first; again when it did not come. */

import { getJson } from "./api.js";
import { together } from "./configuration.js";

const asked = new Map();

function once(url) {
  if (!asked.has(url)) {
    const came = getJson(url);
    came.catch(() => asked.delete(url));
    asked.set(url, came);
  }
  return asked.get(url);
}

/** The features of a layer of the configuration. @param {{id: string, items: string}} layer */
export async function featuresOf(layer) {
  const first = together ? await once(together).catch(() => ({})) : {};
  return first[layer.id] ?? (await once(layer.items)).features;
}
