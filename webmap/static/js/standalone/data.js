/** What does the file hold? The data that the page was made with, read from its own elements. */

/** Areas, layers with their features, styles, what can be searched, words. */
export const data = JSON.parse(document.getElementById("donnees").textContent);

async function unpack(element) {
  const bytes = Uint8Array.from(atob(element.textContent.trim()), (character) => character.charCodeAt(0));
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unzipped).json();
}

let sheets = null;

/** The sheets and their records, unpacked when they are first asked for. */
export function packedSheets() {
  sheets ??= unpack(document.getElementById("fiches"));
  return sheets;
}
