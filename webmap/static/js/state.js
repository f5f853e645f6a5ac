/** What does the page's address say? Pure functions between the query string and the map's state. */

/**
 * @typedef {object} MapState
 * @property {{lat: number, lon: number, zoom: number} | null} view centre in degrees WGS84, Web Mercator zoom
 * @property {string[] | null} layers ids of the visible layers; null: as the catalogue says
 * @property {string} basemap id of the basemap; "" : the default
 * @property {string} place id of the selected place, or ""
 * @property {string} commitment id of the selected commitment, or ""
 * @property {string} outline the positions of what is asked about, "lon,lat;lon,lat…", or ""
 * @property {string} area id of the area that was chosen, or ""
 * @property {Record<string, string>} filters what the commitments are filtered by, by parameter
 * @property {{name: string, sort: string, columns: string | null, page: string}} table the table beside the
 *   map: "engagements", "lieux" or "" for none; how it is sorted; its columns, null: the usual ones; its page
 */

/** The parameters of the filters: those of webmap/choices.py. */
export const FILTERS = [
  "q",
  "document",
  "nature",
  "theme",
  "porteur",
  "partenaire",
  "echeance",
  "territoire",
  "lien",
  "discordance",
  "bbox",
  "jusqu-au",
];
/** What of the address is a view that a guided tour can show: all but its table and its language. */
export const VIEW_PARTS = ["zone", "vue", "couches", "fond", "lieu", "engagement", "contour", ...FILTERS];
/** Lists, of which an empty one is not the same as none said. */
const LISTS = ["couches", "colonnes"];
const LATITUDE_LIMIT = 85;
const ZOOM_RANGE = [3, 19];

function parseView(text) {
  const parts = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (parts.length !== 3 || parts.some((part) => !Number.isFinite(part))) return null;
  const [lat, lon, zoom] = parts;
  if (Math.abs(lat) > LATITUDE_LIMIT || Math.abs(lon) > 180) return null;
  if (zoom < ZOOM_RANGE[0] || zoom > ZOOM_RANGE[1]) return null;
  return { lat, lon, zoom };
}

/** Read a state from a query string. What is malformed counts as not said. */
export function parseState(search) {
  const query = new URLSearchParams(search);
  const layers = query.get("couches");
  return {
    view: parseView(query.get("vue")),
    layers: layers === null ? null : layers.split(",").filter(Boolean),
    basemap: query.get("fond") ?? "",
    place: query.get("lieu") ?? "",
    commitment: query.get("engagement") ?? "",
    outline: query.get("contour") ?? "",
    area: query.get("zone") ?? "",
    filters: Object.fromEntries(FILTERS.map((name) => [name, query.get(name)]).filter(([, value]) => value)),
    table: {
      name: query.get("tableau") ?? "",
      sort: query.get("tri") ?? "",
      columns: query.get("colonnes"),
      page: query.get("page") ?? "",
    },
  };
}

const isOneOf = (known, id) => known.some((one) => one.id === id);

/**
 * Fill in what the address does not say; drop layers, an area and a basemap that the atlas does not have.
 * @param {MapState} said
 * @param {{areas: object[], layers: object[], basemaps: object[], basemap: string}} config the page's configuration
 */
export function completed(said, { areas, layers, basemaps, basemap }) {
  const known = said.layers?.filter((id) => isOneOf(layers, id));
  const standard = layers.filter(({ visible, background }) => visible && !background);
  return {
    ...said,
    layers: known ?? standard.map(({ id }) => id),
    area: isOneOf(areas, said.area) ? said.area : "",
    basemap: isOneOf(basemaps, said.basemap) ? said.basemap : basemap,
  };
}

/**
 * What a query string asks for and `completed` does without: malformed, or not of this atlas.
 * @param {string} search
 * @param {{areas: object[], layers: object[], basemaps: object[]}} config the page's configuration
 * @returns {string[]} the parts at fault, as the query string writes them
 */
export function setAside(search, { areas, layers, basemaps }) {
  const query = new URLSearchParams(search);
  const view = query.get("vue");
  const strangers = [
    ["zone", areas],
    ["couches", layers],
    ["fond", basemaps],
  ].map(([name, known]) => {
    const ids = (query.get(name) ?? "").split(",").filter((id) => id && !isOneOf(known, id));
    return ids.length ? `${name}=${ids.join(",")}` : "";
  });
  return [view && !parseView(view) ? `vue=${view}` : "", ...strangers].filter(Boolean);
}

/** What the address says of the table; nothing of it while it is closed. */
function tableValues({ name, sort, columns, page }) {
  const open = name !== "";
  return {
    tableau: name,
    tri: open ? sort : "",
    colonnes: open ? columns : null,
    page: open && page !== "1" ? page : "",
  };
}

/** Write a state as a query string; other parameters of `search` (the language) are kept. */
export function formatState(state, search = "") {
  const query = new URLSearchParams(search);
  const values = {
    zone: state.area,
    vue: state.view
      ? [state.view.lat.toFixed(5), state.view.lon.toFixed(5), String(state.view.zoom)].join(",")
      : "",
    couches: state.layers === null ? null : state.layers.join(","),
    fond: state.basemap,
    lieu: state.place,
    engagement: state.commitment,
    contour: state.outline,
    ...Object.fromEntries(FILTERS.map((name) => [name, state.filters[name] ?? ""])),
    ...tableValues(state.table),
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === null || (value === "" && !LISTS.includes(name))) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  return text ? `?${text}` : "";
}
