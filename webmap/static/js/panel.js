/** What is on the map and in view? The panel: layers, areas, basemaps, and the places in view as a list. */

const LISTED = 60;

/** The panel. Emits `layers` (detail: ids), `area`, `basemap`, `place` (detail: id). */
export class Panel extends EventTarget {
  #element;
  #texts;
  #list;
  #count;
  #compare = null;
  #format = null;

  constructor(element, texts) {
    super();
    this.#element = element;
    this.#texts = texts;
    this.#list = element.querySelector("[data-in-view]");
    this.#count = element.querySelector("[data-in-view-count]");
    element.addEventListener("change", (event) => this.#changed(event));
    element.addEventListener("click", (event) => this.#clicked(event));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #changed({ target }) {
    if (target.name === "couche") this.#emit("layers", this.layers);
    if (target.name === "fond") this.#emit("basemap", target.value);
  }

  #clicked(event) {
    const link = event.target.closest("[data-area], [data-place], [data-group-toggle]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (link.dataset.area) this.#emit("area", link.dataset.area);
    else if (link.dataset.place) this.#emit("place", link.dataset.place);
    else this.#toggleGroup(link);
  }

  #toggleGroup(button) {
    const boxes = [...button.closest("fieldset").querySelectorAll('[name="couche"]')];
    const show = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = show;
    this.#emit("layers", this.layers);
  }

  /** The ids of the ticked layers, in the panel's order. */
  get layers() {
    return [...this.#element.querySelectorAll('[name="couche"]:checked')].map((box) => box.value);
  }

  set layers(ids) {
    for (const box of this.#element.querySelectorAll('[name="couche"]')) box.checked = ids.includes(box.value);
  }

  set basemap(id) {
    const choice = [...this.#element.querySelectorAll('[name="fond"]')].find((radio) => radio.value === id);
    if (choice) choice.checked = true;
  }

  set area(id) {
    for (const chip of this.#element.querySelectorAll("[data-area]")) {
      if (chip.dataset.area === id) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
  }

  /** Say that a layer is being fetched, came, or did not come. */
  layerState(id, state) {
    const row = this.#element.querySelector(`[data-layer="${CSS.escape(id)}"]`);
    if (row) row.dataset.state = state;
  }

  /**
   * List the places in view, by name; the list is the keyboard's and the screen reader's map. `crowds` are the
   * layers that have too many places there: {id, count}.
   */
  listPlaces(entries, layerTitle, crowds = []) {
    if (!entries.length && !crowds.length) {
      this.#count.textContent = "0";
      this.#list.replaceChildren();
      return;
    }
    // Made once, when there is something to list: making them costs more than the rest.
    this.#compare ??= new Intl.Collator(document.documentElement.lang).compare;
    this.#format ??= new Intl.NumberFormat(document.documentElement.lang).format;
    const sorted = [...entries].sort((a, b) => this.#compare(a.feature.properties.name, b.feature.properties.name));
    const total = crowds.reduce((sum, { count }) => sum + count, sorted.length);
    this.#count.textContent = this.#format(total);
    const items = sorted.slice(0, LISTED).map(({ feature, layer }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.place = feature.id;
      const name = document.createElement("span");
      name.textContent = feature.properties.name;
      const kind = document.createElement("small");
      kind.textContent = layerTitle(layer);
      button.append(name, kind);
      item.append(button);
      return item;
    });
    if (sorted.length > LISTED) items.push(remark(this.#texts.moreInView.replace("{n}", sorted.length - LISTED)));
    for (const { id, count } of crowds) {
      const text = this.#texts.crowded.replace("{layer}", layerTitle(id));
      items.unshift(remark(text.replace("{n}", this.#format(count))));
    }
    this.#list.replaceChildren(...items);
  }
}

function remark(text) {
  const item = document.createElement("li");
  item.className = "muted";
  item.textContent = text;
  return item;
}
