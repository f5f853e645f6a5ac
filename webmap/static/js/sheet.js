/** What is said of the selection? The sheet beside the map: a place or a commitment, rendered by the server. */

import { getFragment } from "./api.js";

/** The sheet. Emits `close`, and `open` (detail: {type, id}) when a link inside leads to another sheet. */
export class Sheet extends EventTarget {
  #element;
  #body;
  #texts;
  #opener = null;
  #asked = 0;

  constructor(element, texts) {
    super();
    this.#element = element;
    this.#body = element.querySelector("[data-sheet-body]");
    this.#texts = texts;
    element.querySelector("[data-sheet-close]").addEventListener("click", () => this.#leave());
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
    element.addEventListener("click", (event) => this.#follow(event));
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  #leave() {
    this.dispatchEvent(new Event("close"));
  }

  #follow(event) {
    const link = event.target.closest("a[data-place], a[data-commitment]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const type = link.dataset.place ? "place" : "commitment";
    this.dispatchEvent(new CustomEvent("open", { detail: { type, id: link.dataset[type] } }));
  }

  /** Open on a fragment of the server. Returns the sheet's content, or null when another was asked since. */
  async open(url, { focus = true, load = getFragment } = {}) {
    const ticket = (this.#asked += 1);
    if (!this.isOpen) this.#opener = document.activeElement;
    this.#element.setAttribute("aria-busy", "true");
    let content;
    try {
      content = await load(url);
    } catch (error) {
      content = this.#failure(error);
    }
    if (ticket !== this.#asked) return null;
    this.#body.replaceChildren(content);
    this.#element.hidden = false;
    this.#element.removeAttribute("aria-busy");
    this.#body.scrollTop = 0;
    const heading = this.#body.querySelector("h2");
    if (heading && focus) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    return this.#body;
  }

  #failure(error) {
    const box = document.createElement("div");
    box.className = "notice notice-warning";
    if (error.status === 404) box.dataset.gone = "";
    const title = document.createElement("h2");
    title.textContent = this.#texts.sheetFailed;
    const text = document.createElement("p");
    text.textContent = error.status === 404 ? this.#texts.sheetGone : this.#texts.networkLost;
    box.append(title, text);
    return box;
  }

  /** Close and give the focus back to what opened the sheet. */
  close() {
    this.#asked += 1;
    if (!this.isOpen) return;
    this.#element.hidden = true;
    this.#body.replaceChildren();
    this.#giveBack()?.focus({ preventScroll: true });
    this.#opener = null;
  }

  /** What opened the sheet; the list of visible places may have been written anew since. */
  #giveBack() {
    const opener = this.#opener;
    if (!opener || opener.isConnected) return opener;
    const place = opener.dataset?.place;
    return place ? document.querySelector(`button[data-place="${CSS.escape(place)}"]`) : null;
  }
}
