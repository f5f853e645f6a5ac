/** What is in a layer that is sent whole? Asked for once, whoever wants it first; again when it did not come. */

import { getJson } from "./api.js";

const asked = new Map();

function once(url) {
  if (!asked.has(url)) {
    const came = getJson(url);
    came.catch(() => asked.delete(url));
    asked.set(url, came);
  }
  return asked.get(url);
}

/**
 * The features of a layer.
 * @param {{id: string, items: string}} layer of the page's configuration
 * @param {string} [together] the address of the layers that come in one answer, if there is one
 */
export async function featuresOf(layer, together) {
  const first = together ? await once(together).catch(() => ({})) : {};
  return first[layer.id] ?? (await once(layer.items)).features;
}
