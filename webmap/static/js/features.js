/** How are some places of a layer fetched, without the whole layer? */

import { getJson } from "./api.js";

// Ids in one address: it must not grow too long for any server on the way.
const BATCH = 40;

const quoted = (id) => `'${id.replaceAll("'", "''")}'`;

/** The features of a layer that have one of the ids. */
export async function getPlaces({ items }, ids) {
  const batches = [];
  for (let start = 0; start < ids.length; start += BATCH) batches.push(ids.slice(start, start + BATCH));
  const answers = batches.map((batch) => {
    const filter = encodeURIComponent(`id IN (${batch.map(quoted).join(",")})`);
    return getJson(`${items}&filter=${filter}`);
  });
  return (await Promise.all(answers)).flatMap(({ features }) => features);
}
