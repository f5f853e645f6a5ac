/** Which commitments are asked about? The filters of the panel; the map shows the places that they name. */

import { getJson } from "./api.js";

const PAUSE = 250;

/** The filters. Emits `filter` (detail: {choices, places}); `places` is null when nothing is chosen. */
export class Filters extends EventTarget {
  #element;
  #form;
  #texts;
  #asked = 0;
  #timer = 0;

  constructor(element, texts) {
    super();
    this.#element = element;
    this.#form = element.querySelector("form");
    this.#texts = texts;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.apply(this.choices), PAUSE);
    });
    this.#form.addEventListener("reset", () => setTimeout(() => this.apply({})));
    element.querySelector("details").addEventListener("toggle", () => this.#fill(), { once: true });
  }

  /** What is chosen, by name; what is not chosen is not there. */
  get choices() {
    return Object.fromEntries([...new FormData(this.#form)].filter(([, value]) => value.trim()));
  }

  async #fill() {
    if (Object.keys(this.choices).length === 0) await this.apply({});
  }

  /** Choose, ask the server what that leaves, and tell. */
  async apply(choices) {
    const ticket = (this.#asked += 1);
    const query = new URLSearchParams(choices);
    const [path, language] = this.#element.dataset.source.split("?");
    let answer;
    try {
      answer = await getJson(`${path}?${[language, query.toString()].filter(Boolean).join("&")}`);
    } catch {
      this.#say(this.#texts.networkLost, "");
      return;
    }
    if (ticket !== this.#asked) return;
    for (const [name, options] of Object.entries(answer.options)) this.#offer(name, options, choices[name] ?? "");
    this.#form.elements.q.value = choices.q ?? "";
    const chosen = Object.keys(choices).length > 0;
    if (chosen) this.#element.querySelector("details").open = true;
    this.#say(chosen ? `${answer.summary}, ${answer.placed}.` : "", answer.list);
    const places = chosen ? new Set(Object.keys(answer.places)) : null;
    this.dispatchEvent(new CustomEvent("filter", { detail: { choices, places } }));
  }

  #offer(name, options, value) {
    const select = this.#form.elements[name];
    const any = new Option(this.#element.dataset.any, "");
    select.replaceChildren(any, ...options.map(([code, label, count]) => new Option(`${label} (${count})`, code)));
    // A choice that the other choices leave nothing of stays visible, so that it can be dropped.
    if (value && select.querySelector(`option[value="${CSS.escape(value)}"]`) === null) {
      select.append(new Option(`${value} (0)`, value));
    }
    select.value = value;
  }

  #say(text, list) {
    const summary = this.#element.querySelector("[data-summary]");
    summary.hidden = !text;
    summary.querySelector("[role=status]").textContent = text;
    const link = summary.querySelector("a");
    link.hidden = !list;
    if (list) link.href = list;
  }
}
