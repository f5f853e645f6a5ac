/** Where are words typed, and results chosen? A combobox: `/` to reach it, arrows, Enter, Escape. */

import { getJson } from "./api.js";
import { wantsOneKey } from "./one-key.js";

const PAUSE = 80;
const SHORTEST_ADDRESS = 4;

/** The search box. Emits `choose` (detail: an entry) and `address` (detail: {lat, lon, label}). */
export class SearchBox extends EventTarget {
  #input;
  #list;
  #status;
  #source;
  #load;
  #search = null;
  #texts;
  #geocoder = "";
  #index = null;
  #options = [];
  #active = -1;
  #timer = 0;

  /**
   * @param {HTMLElement} element holds the input and the list; data-source: the address of the index
   * @param {{networkLost: string}} texts what to say before the index has come with its own words
   * @param {() => Promise<{indexOf: Function, search: Function}>} load brings search.js: it is large, and only
   *   those who search need it
   */
  constructor(element, texts, load) {
    super();
    this.#load = load;
    this.#input = element.querySelector("input");
    this.#list = element.querySelector("[role=listbox]");
    this.#status = element.querySelector("[role=status]");
    this.#source = element.dataset.source;
    this.#texts = texts;
    this.#input.addEventListener("focus", () => this.#prepare());
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#settle(), PAUSE);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("focusout", (event) => {
      if (!element.contains(event.relatedTarget)) this.#close();
    });
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#pick(event.target.closest("[role=option]")));
    document.addEventListener("keydown", (event) => this.#reach(event));
    // Not over every map.
    const hint = element.querySelector("kbd");
    if (hint) hint.hidden = !wantsOneKey();
  }

  #reach(event) {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !wantsOneKey()) return;
    event.preventDefault();
    this.#input.focus();
    this.#input.select();
  }

  async #prepare() {
    if (this.#index) return;
    try {
      const [{ entries, geocoder, texts }, { indexOf, search }] = await Promise.all([getJson(this.#source), this.#load()]);
      this.#search = search;
      this.#texts = { ...this.#texts, ...texts };
      this.#geocoder = geocoder;
      this.#index = indexOf(entries);
      if (this.#input.value) this.#show();
    } catch {
      this.#status.textContent = this.#texts.networkLost;
    }
  }

  /** Show the results of the words as they stand, if a pause was still awaited. */
  #settle() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#show();
  }

  #show() {
    const text = this.#input.value.trim();
    if (!this.#index || !text) return this.#close();
    const groups = this.#search(this.#index, text);
    const total = groups.reduce((sum, group) => sum + group.total, 0);
    const texts = this.#texts;
    this.#options = [];
    const parts = groups.map((group) => this.#group(group));
    if (this.#geocoder && text.length >= SHORTEST_ADDRESS) {
      parts.push(this.#option({ type: "address", title: texts.address.replace("{text}", text), text }));
    }
    this.#list.replaceChildren(...parts);
    this.#list.hidden = this.#options.length === 0;
    this.#input.setAttribute("aria-expanded", String(!this.#list.hidden));
    this.#activate(-1);
    this.#status.textContent = total ? texts.found.replace("{n}", total) : texts.nothing;
    return undefined;
  }

  #group({ type, total, entries }) {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    const heading = document.createElement("p");
    heading.id = `recherche-${type}`;
    heading.textContent = `${this.#texts[type]} (${total})`;
    group.setAttribute("aria-labelledby", heading.id);
    group.append(heading, ...entries.map((entry) => this.#option(entry)));
    return group;
  }

  #option(entry) {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.id = `recherche-choix-${this.#options.length}`;
    option.dataset.index = this.#options.length;
    const title = document.createElement("span");
    title.textContent = entry.title;
    option.append(title);
    if (entry.detail) {
      const detail = document.createElement("small");
      detail.textContent = entry.detail;
      option.append(detail);
    }
    this.#options.push({ entry, option });
    return option;
  }

  #key(event) {
    if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) this.#settle();
    const last = this.#options.length - 1;
    const moves = { ArrowDown: this.#active >= last ? 0 : this.#active + 1, ArrowUp: this.#active <= 0 ? last : this.#active - 1 };
    if (event.key in moves && !this.#list.hidden) {
      event.preventDefault();
      this.#activate(moves[event.key]);
    } else if (event.key === "Enter" && !this.#list.hidden) {
      event.preventDefault();
      this.#pick(this.#options[Math.max(this.#active, 0)]?.option);
    } else if (event.key === "Escape") {
      clearTimeout(this.#timer);
      this.#timer = 0;
      if (!this.#list.hidden) event.stopPropagation();
      this.#close();
    }
  }

  #activate(position) {
    this.#active = position;
    for (const [index, { option }] of this.#options.entries()) {
      option.setAttribute("aria-selected", String(index === position));
      if (index === position) option.scrollIntoView({ block: "nearest" });
    }
    if (position < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", this.#options[position].option.id);
  }

  #pick(option) {
    const chosen = option && this.#options[Number(option.dataset.index)]?.entry;
    if (!chosen) return;
    if (chosen.type === "address") this.#findAddress(chosen.text);
    else if (chosen.lat !== undefined) {
      this.#close();
      this.dispatchEvent(new CustomEvent("address", { detail: chosen }));
    } else {
      this.#close();
      this.dispatchEvent(new CustomEvent("choose", { detail: chosen }));
    }
  }

  /** Ask the national geocoder; only ever on the reader's demand. */
  async #findAddress(text) {
    const texts = this.#texts;
    this.#status.textContent = texts.asking;
    let features;
    try {
      features = (await getJson(`${this.#geocoder}?${new URLSearchParams({ q: text, limit: "5" })}`)).features;
    } catch {
      this.#tell(texts.offline);
      return;
    }
    if (!features.length) return this.#tell(texts.noAddress);
    this.#options = [];
    const options = features.map(({ geometry, properties }) => {
      const [lon, lat] = geometry.coordinates;
      return this.#option({ type: "found", title: properties.label, detail: properties.context ?? "", lat, lon });
    });
    this.#list.replaceChildren(...options);
    this.#list.hidden = false;
    this.#activate(0);
    this.#status.textContent = texts.found.replace("{n}", features.length);
    return undefined;
  }

  #tell(text) {
    const note = document.createElement("p");
    note.className = "search-note";
    note.textContent = text;
    this.#options = [];
    this.#list.replaceChildren(note);
    this.#list.hidden = false;
    this.#status.textContent = text;
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }
}
