/**
 * Which squares of large layers does the address show? Stands in the page of the map and asks for them at once: the
 * scripts that draw them are still on their way. Keeps {z, names, came}, `came` a promise of all, by the address of a
 * layer's squares; first-picture.js unpacks and paints them, map/dense.js takes from it what it needs and asks for the rest.
 */
window.firstSquares = new Map();
{
  const PIXELS = 512;
  // As many as one request may name; see webmap/views/tiles.py.
  const MOST = 16;
  // The address as state.js reads it, in short: this stands in the page and cannot import.
  const said = new URLSearchParams(location.search);
  const [lat, lon, zoom] = (said.get("vue") ?? "").split(",").map(Number);
  const { layers } = JSON.parse(document.querySelector("[data-configuration]").textContent);
  const ids = said.get("couches")?.split(",");
  const shown = layers.filter(({ id, visible, dense }) => dense && (ids?.includes(id) ?? visible));

  /** The names of the squares of a zoom that the window shows, as far as the layer reaches. */
  const namesAt = (z, bbox) => {
    const count = 2 ** z;
    const column = (degrees) => ((degrees + 180) / 360) * count;
    const row = (degrees) => ((1 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / Math.PI) / 2) * count;
    const side = PIXELS * 2 ** (zoom - 1 - z);
    const [across, down] = [innerWidth / side / 2, innerHeight / side / 2];
    const names = [];
    const south = Math.min(row(bbox[1]), row(lat) + down);
    const east = Math.min(column(bbox[2]), column(lon) + across);
    for (let y = Math.floor(Math.max(row(bbox[3]), row(lat) - down)); y <= south; y += 1) {
      for (let x = Math.floor(Math.max(column(bbox[0]), column(lon) - across)); x <= east; x += 1) names.push(`${x}.${y}`);
    }
    return names;
  };

  /** Ask for JSON. What `fetch` brings takes its turn several times between other work of a page that is on its way in. */
  const ask = (address) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.responseType = "json";
      const lost = () => reject(new Error(`${request.status} ${request.statusText}`));
      request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : lost());
      request.onerror = lost;
      request.open("GET", address);
      request.send();
    });

  for (const { dense } of Number.isFinite(lat + lon) && zoom >= 3 ? shown : []) {
    const z = Math.min(Math.round(zoom) - 1, dense.deepest);
    const names = namesAt(z, dense.bbox);
    if (names.length === 0 || names.length > MOST) continue;
    const came = ask(dense.squares.replace("{z}", z).replace("{names}", names.join(",")));
    // Who needs them says so; they may not be needed.
    came.catch(() => {});
    window.firstSquares.set(dense.squares, { z, names, came });
  }
}
