/** Which commitments are asked about? The filters of the panel; the map shows the places that they concern. */

import { getJson } from "./api.js";

const PAUSE = 250;
/** The parameter of the visible extent, which is no field of the form. */
export const EXTENT = "bbox";
/** The parameter of the last due date, which the cursor of the timeline sets. */
export const UNTIL = "jusqu-au";

/** Buttons that each set a choice aside, with what that leaves. */
export function freeingButtons(freeing, drop) {
  return freeing.map(([name, label, count]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = `${label} (${count})`;
    button.addEventListener("click", () => drop(name));
    return button;
  });
}

/** The filters. Emits `filter` (detail: {choices, places}); `places` is null when the map keeps all its places. */
export class Filters extends EventTarget {
  #element;
  #form;
  #texts;
  #asked = 0;
  #timer = 0;
  #extent = "";
  #until = "";

  constructor(element, texts) {
    super();
    this.#element = element;
    const template = element.querySelector("template");
    template.replaceWith(template.content);
    this.#form = element.querySelector("form");
    this.#texts = texts;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => this.#soon());
    this.#form.addEventListener("reset", () => setTimeout(() => this.apply({})));
    element.querySelector("details").addEventListener("toggle", () => this.#fill(), { once: true });
  }

  /** What is chosen, by name; what is not chosen is not there. */
  get choices() {
    const entries = [...new FormData(this.#form), [EXTENT, this.#extent], [UNTIL, this.#until]];
    return Object.fromEntries(entries.filter(([, value]) => value.trim()));
  }

  /** Ask for what lies in an extent, "west,south,east,north"; "" for everywhere. */
  set extent(box) {
    this.#asked += 1; // an answer under way is about another extent
    this.#extent = box;
    this.#soon();
  }

  /** Ask for what is due by a day, an ISO date; "" for any day or none. */
  set until(day) {
    this.#asked += 1; // an answer under way is about another day
    this.#until = day;
    this.#soon();
  }

  /** Set one choice aside. */
  drop(name) {
    const { [name]: _dropped, ...kept } = this.choices;
    return this.apply(kept);
  }

  get #summary() {
    return this.#element.querySelector("[data-summary]");
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.apply(this.choices), PAUSE);
  }

  async #fill() {
    if (Object.keys(this.choices).length === 0) await this.apply({});
  }

  /** Choose, ask the server what that leaves, and tell. */
  async apply(choices) {
    clearTimeout(this.#timer);
    const ticket = (this.#asked += 1);
    this.#until = choices[UNTIL] ?? "";
    this.#extent = choices[EXTENT] ?? "";
    const query = new URLSearchParams(choices);
    const [path, language] = this.#element.dataset.source.split("?");
    let answer;
    try {
      answer = await getJson(`${path}?${[language, query.toString()].filter(Boolean).join("&")}`);
    } catch (error) {
      if (ticket !== this.#asked) return;
      const refused = error.status === 400;
      if (refused) await this.apply({});
      this.#say(refused ? this.#element.dataset.refused : this.#texts.networkLost, "");
      return;
    }
    if (ticket !== this.#asked) return;
    for (const [name, options] of Object.entries(answer.options)) this.#offer(name, options, choices[name] ?? "");
    this.#form.elements.q.value = choices.q ?? "";
    const chosen = Object.keys(choices);
    const ofTheForm = chosen.filter((name) => name !== EXTENT);
    if (ofTheForm.some((name) => name !== UNTIL)) this.#element.querySelector("details").open = true;
    const where = choices[EXTENT] ? ` ${this.#element.dataset.inSight}` : "";
    this.#say(chosen.length ? `${answer.summary}, ${answer.placed}${where}.` : "", answer.list, answer.freeing);
    const places = ofTheForm.length ? new Set(Object.keys(answer.places)) : null;
    this.dispatchEvent(new CustomEvent("filter", { detail: { choices, places } }));
  }

  #offer(name, options, value) {
    const select = this.#form.elements[name];
    const choices = options.map(([code, label, count]) => new Option(`${label} (${count})`, code));
    select.replaceChildren(select.options[0], ...choices);
    select.value = value;
  }

  #say(text, list, freeing = []) {
    const summary = this.#summary;
    const [without, link] = [summary.querySelector("[data-freeing]"), summary.querySelector("a")];
    summary.querySelector("[role=status]").textContent = freeing.length ? `${text} ${this.#element.dataset.without}` : text;
    // The button that was pressed goes with the choice; what the choice leaves takes the focus.
    if (without.contains(document.activeElement)) summary.focus();
    without.replaceChildren(...freeingButtons(freeing, (name) => this.drop(name)));
    summary.hidden = !text;
    link.hidden = !list;
    if (list) link.href = list;
  }
}
