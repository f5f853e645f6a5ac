/** What in the atlas answers to some words? Accent- and typo-tolerant, grouped; pure but for the index. */

import MiniSearch from "../vendor/minisearch/minisearch.js";

/** Groups in the order in which they are shown. */
export const GROUPS = ["place", "territory", "commitment", "document", "actor"];
const SHOWN = 5;

/** A word for comparison: lower case, no accents, ligatures open. */
export function folded(word) {
  return word
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae");
}

/**
 * Index entries.
 * @param {{id: string, type: string, title: string, words: string, named?: number}[]} entries
 */
export function indexOf(entries) {
  const index = new MiniSearch({
    fields: ["title", "words"],
    idField: "key",
    storeFields: ["named"],
    processTerm: (term) => folded(term) || null,
    searchOptions: {
      boost: { title: 3 },
      prefix: true,
      // One slip in a word of five letters or more, two from ten.
      fuzzy: (term) => (term.length < 5 ? 0 : term.length < 10 ? 1 : 2),
      combineWith: "AND",
      boostDocument: (_key, _term, { named }) => 1 + Math.log1p(named ?? 0) / 4,
    },
  });
  index.addAll(entries.map((entry) => ({ ...entry, key: `${entry.type}/${entry.id}` })));
  return { index, byKey: new Map(entries.map((entry) => [`${entry.type}/${entry.id}`, entry])) };
}

/**
 * Search.
 * @returns {{type: string, total: number, entries: object[]}[]} the groups that have anything, the best first in each;
 *   what is called exactly so comes before all others
 */
export function search({ index, byKey }, text) {
  if (!text.trim()) return [];
  const wanted = folded(text.trim());
  const isCalledSo = ({ title }) => folded(title) === wanted;
  // Sorting keeps the order of all others.
  const exactFirst = (one, other) => isCalledSo(other) - isCalledSo(one);
  const found = index
    .search(text)
    .map(({ id }) => byKey.get(id))
    .sort(exactFirst);
  const groups = GROUPS.map((type) => {
    const entries = found.filter((entry) => entry.type === type);
    return { type, total: entries.length, entries: entries.slice(0, SHOWN) };
  }).filter(({ total }) => total > 0);
  return groups.sort((one, other) => exactFirst(one.entries[0], other.entries[0]));
}
