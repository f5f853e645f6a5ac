/** What does the register say of what the map shows? The table that slides over it, page by page from the server. */

import { getJson } from "./api.js";
import { freeingButtons } from "./filters.js";

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/**
 * The table. Emits `close`; `open` (detail: {type, id}) when a row is chosen; `hover` (detail: ids of places);
 * `table` (detail: the table of the state) when another order, page, or set of columns is asked for;
 * `extent` (detail: whether only the visible part is asked for); `drop` (detail: the name of a filter).
 */
export class RegisterTable extends EventTarget {
  #element;
  #texts;
  #asked = 0;
  #table = { name: "", sort: "", columns: null, page: "" };
  #answer = null;
  #marked = { id: "", place: "" };

  constructor(root, texts) {
    super();
    this.#element = root;
    this.#texts = texts;
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("change", (event) => this.#changed(event));
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.#emit("close"));
    for (const type of ["mouseover", "focusin"]) root.addEventListener(type, ({ target }) => this.#pointed(target));
    for (const type of ["mouseleave", "focusout"]) root.addEventListener(type, () => this.#emit("hover", []));
    // Beside a sheet that opens, or in letters that come late, the rows stand elsewhere.
    new ResizeObserver(() => this.#showMarked()).observe(root.querySelector("[data-frame] table"));
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #find(name) {
    return this.#element.querySelector(`[data-${name}]`);
  }

  /** Say whether only the visible part of the map is listed. */
  set extent(on) {
    this.#find("extent").checked = on;
  }

  /**
   * Show a table under filters.
   * @param {object} table the table of the state
   * @param {Record<string, string>} filters
   * @param {string} mark a commitment or a place whose page is wanted, or ""
   * @returns the page that is shown, or null when another was asked for since
   */
  async show(table, filters, mark = "") {
    const ticket = (this.#asked += 1);
    this.#element.hidden = false;
    this.#element.setAttribute("aria-busy", "true");
    this.#offerDownload(filters);
    const query = new URLSearchParams({ ...filters, tableau: table.name, tri: table.sort });
    if (table.columns !== null) query.set("colonnes", table.columns);
    if (table.page && !mark) query.set("page", table.page);
    if (mark) query.set("repere", mark);
    const [path, language] = this.#element.dataset.source.split("?");
    let answer = null;
    try {
      answer = await getJson(`${path}?${[language, query].filter(Boolean).join("&")}`);
    } catch (error) {
      if (ticket !== this.#asked) return null;
      this.#find("rows-status").textContent = error.status === 400 ? this.#element.dataset.refused : this.#texts.networkLost;
    }
    if (ticket !== this.#asked) return null;
    this.#element.removeAttribute("aria-busy");
    if (!answer) return null;
    this.#table = { ...table, page: String(answer.page) };
    this.#answer = answer;
    this.#draw();
    return answer.page;
  }

  /** Lead to the page that has what the filters leave as files. */
  #offerDownload(filters) {
    const link = this.#find("rows-download");
    const url = new URL(link.href);
    const lang = url.searchParams.get("lang");
    url.search = new URLSearchParams(lang ? { lang, ...filters } : filters);
    link.href = url.href;
  }

  close() {
    this.#asked += 1;
    this.#element.hidden = true;
    this.#emit("hover", []);
  }

  focus() {
    this.#element.querySelector("h2").focus();
  }

  #draw() {
    const { status, page, pages, freeing, rows } = this.#answer;
    const kept = this.#focused();
    for (const radio of this.#element.querySelectorAll("[name=tableau]")) radio.checked = radio.value === this.#table.name;
    this.#element.querySelector("caption").textContent = status;
    this.#find("rows-status").textContent = rows.length ? status : this.#element.dataset.empty;
    this.#find("row-freeing").replaceChildren(...freeingButtons(freeing, (name) => this.#emit("drop", name)));
    this.#drawHead();
    this.#drawRows();
    this.#drawColumns();
    this.#find("page-previous").setAttribute("aria-disabled", String(page <= 1));
    this.#find("page-next").setAttribute("aria-disabled", String(page >= pages));
    this.#find("pages").hidden = pages < 2;
    this.#refocus(kept);
    this.mark(this.#marked);
  }

  /** What has the focus and is about to be drawn anew. */
  #focused() {
    const focused = document.activeElement;
    if (!this.#element.contains(focused)) return "";
    if (focused.dataset.sort) return `[data-sort="${focused.dataset.sort}"]`;
    const row = focused.closest("tr[data-id]");
    if (row) return `tr[data-id="${CSS.escape(row.dataset.id)}"] a`;
    return focused.closest("[data-row-freeing]") ? "h2" : "";
  }

  #refocus(selector) {
    if (!selector) return;
    const target = this.#element.querySelector(selector) ?? this.#find("frame");
    target.focus({ preventScroll: true });
  }

  get #shown() {
    return this.#answer.columns.filter(({ shown }) => shown);
  }

  #drawHead() {
    const heads = this.#shown.map(({ name, title, sort, number }) => {
      const button = element("button", { type: "button", textContent: title });
      button.dataset.sort = name;
      const head = element("th", { scope: "col", className: number ? "number" : "" }, button);
      if (sort) head.setAttribute("aria-sort", sort);
      return head;
    });
    this.#element.querySelector("thead tr").replaceChildren(...heads);
  }

  #drawRows() {
    const [, ...others] = this.#shown;
    const type = this.#table.name === "lieux" ? "place" : "commitment";
    const rows = this.#answer.rows.map(({ id, cells: [name, ...texts], places }) => {
      const link = element("a", { textContent: name });
      link.href = this.#answer.address.replace("__ID__", encodeURIComponent(id));
      link.dataset[type] = id;
      const cells = texts.map((textContent, i) =>
        element("td", { textContent, className: others[i].number ? "number" : "" }),
      );
      const row = element("tr", {}, element("th", { scope: "row" }, link), ...cells);
      Object.assign(row.dataset, { id, places: places.join(" ") });
      return row;
    });
    this.#element.querySelector("tbody").replaceChildren(...rows);
  }

  /** Offer the columns; those that are offered already stay, so that the focus does. */
  #drawColumns() {
    const list = this.#find("columns");
    const [, ...columns] = this.#answer.columns;
    if (list.dataset.table !== this.#table.name) {
      list.dataset.table = this.#table.name;
      const boxes = columns.map(({ name, title }) =>
        element("label", { className: "choice" }, element("input", { type: "checkbox", name: "colonne", value: name }), title),
      );
      list.replaceChildren(...boxes);
    }
    const shown = new Set(columns.filter((column) => column.shown).map(({ name }) => name));
    for (const box of list.querySelectorAll("input")) box.checked = shown.has(box.value);
  }

  #ask(changes) {
    this.#emit("table", { ...this.#table, page: "1", ...changes });
  }

  #clicked(event) {
    const { target } = event;
    const button = target.closest("button");
    if (button?.matches("[data-register-close]")) this.#emit("close");
    else if (button?.dataset.sort) this.#sortBy(button.dataset.sort);
    else if (button?.matches("[data-page-step]")) this.#turn(button);
    else if (!button) this.#choose(event, target.closest("tr[data-id]"));
  }

  #sortBy(name) {
    const ascending = this.#table.sort === name;
    this.#ask({ sort: ascending ? `-${name}` : name });
  }

  #turn(button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    this.#ask({ page: String(this.#answer.page + Number(button.dataset.pageStep)) });
    this.#find("frame").scrollTop = 0;
  }

  #choose(event, row) {
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const link = row.querySelector("a");
    // The sheet gives the focus back to what had it.
    link.focus({ preventScroll: true });
    this.#emit("open", link.dataset.place ? { place: row.dataset.id } : { commitment: row.dataset.id });
  }

  #changed({ target }) {
    if (target.name === "tableau") this.#emit("table", { name: target.value, sort: "", columns: null, page: "1" });
    if (target.matches("[data-extent]")) this.#emit("extent", target.checked);
    if (target.name === "colonne") {
      const boxes = [...this.#find("columns").querySelectorAll("input:checked")];
      this.#ask({ columns: boxes.map(({ value }) => value).join(","), page: this.#table.page });
    }
  }

  #pointed(target) {
    const row = target.closest("tr[data-id]");
    this.#emit("hover", row ? row.dataset.places.split(" ").filter(Boolean) : []);
  }

  #rowsOf(place) {
    const rows = [...this.#element.querySelectorAll("tbody tr")];
    return place ? rows.filter(({ dataset }) => dataset.places.split(" ").includes(place)) : [];
  }

  /** Light up the rows that speak of a place; "" for none. */
  hover(place) {
    const lit = new Set(this.#rowsOf(place));
    for (const row of this.#element.querySelectorAll("tbody tr")) row.classList.toggle("lit", lit.has(row));
  }

  /** Mark the rows of what is selected: a commitment or a place (`id`), and what speaks of a `place`. */
  mark({ id, place }) {
    this.#marked = { id, place };
    const marked = new Set(this.#rowsOf(place));
    for (const row of this.#element.querySelectorAll("tbody tr")) {
      const current = marked.has(row) || (id !== "" && row.dataset.id === id);
      row.classList.toggle("marked", current);
      if (current) row.querySelector("a").setAttribute("aria-current", "true");
      else row.querySelector("a").removeAttribute("aria-current");
    }
    return this.#showMarked();
  }

  #showMarked() {
    const first = this.#element.querySelector("tr.marked");
    first?.scrollIntoView({ block: "nearest" });
    return first !== null;
  }
}
