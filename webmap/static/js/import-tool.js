/** How does a reader ask with a file? Dropped or chosen, read by the server, shown, then used. */

import { sendForJson } from "./send.js";

const isFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * The tool: a card opened by its button, and the whole map as a place to drop a file on.
 * Emits `preview` (detail: a geometry to show, or null) and `use` (detail: the reading that was chosen).
 */
export class ImportTool extends EventTarget {
  #card;
  #button;
  #texts;
  #input;
  #review;
  #file = null;
  #told = null;
  #asked = 0;

  /**
   * @param {HTMLElement} card
   * @param {HTMLButtonElement} button opens and closes it
   * @param {HTMLElement} frame where files may be dropped
   */
  constructor(card, button, frame) {
    super();
    this.#card = card;
    this.#button = button;
    this.#texts = card.dataset;
    this.#input = card.querySelector("input[type=file]");
    this.#review = card.querySelector("form");
    button.addEventListener("click", () => (card.hidden ? this.open() : this.close()));
    card.querySelector("[data-close]").addEventListener("click", () => this.close());
    card.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.#input.addEventListener("change", () => this.#take(this.#input.files));
    this.#review.addEventListener("change", ({ target }) => this.#changed(target));
    this.#review.addEventListener("submit", (event) => this.#use(event));
    card.querySelector("[data-cancel]").addEventListener("click", () => this.#again());
    this.#listen(frame);
  }

  #part(name) {
    return this.#card.querySelector(`[data-${name}]`);
  }

  #listen(frame) {
    let inside = 0;
    const hint = (shown) => frame.classList.toggle("dropping", shown);
    frame.addEventListener("dragenter", (event) => isFile(event) && hint((inside += 1) > 0));
    frame.addEventListener("dragleave", (event) => isFile(event) && hint((inside -= 1) > 0));
    frame.addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
    frame.addEventListener("drop", (event) => {
      if (!isFile(event)) return;
      event.preventDefault();
      hint((inside = 0) > 0);
      this.open({ focus: false });
      this.#take(event.dataTransfer.files);
    });
  }

  open({ focus = true } = {}) {
    this.#card.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.dispatchEvent(new Event("open"));
    if (focus) this.#card.querySelector("h2").focus();
  }

  close() {
    if (this.#card.hidden) return;
    this.#forget();
    this.#card.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.focus();
  }

  #forget() {
    this.#asked += 1;
    this.#file = this.#told = null;
    this.#input.value = "";
    this.#review.hidden = true;
    this.#part("choose").hidden = false;
    this.#fault("");
    this.#say("");
    this.#preview(null);
  }

  #again() {
    this.#forget();
    this.#input.focus();
  }

  #say(text) {
    this.#part("said").textContent = text;
  }

  #fault(text) {
    this.#part("fault").hidden = !text;
    this.#part("fault").textContent = text;
  }

  #preview(geometry) {
    this.dispatchEvent(new CustomEvent("preview", { detail: geometry }));
  }

  async #take(files) {
    if (files.length === 0) return;
    this.#fault(files.length > 1 ? this.#texts.one : "");
    if (files.length > 1) return;
    [this.#file] = files;
    await this.#read("");
  }

  /** Let the server read the file; what is on the map stays whatever comes of it. */
  async #read(layer) {
    const ticket = (this.#asked += 1);
    if (this.#file.size > Number(this.#texts.largest)) return this.#fault(this.#texts.tooLarge);
    this.#fault("");
    this.#say(this.#texts.reading.replace("{name}", this.#file.name));
    this.#card.setAttribute("aria-busy", "true");
    const form = new FormData();
    form.append("fichier", this.#file);
    if (layer) form.append("couche", layer);
    let told = null;
    let fault = "";
    try {
      told = await sendForJson(this.#texts.action, form);
    } catch (error) {
      fault = error.message === "network" ? this.#texts.lost : error.message;
    }
    if (ticket !== this.#asked) return undefined;
    this.#card.removeAttribute("aria-busy");
    this.#say("");
    this.#input.value = "";
    if (told) return this.#show(told);
    return this.#fault(fault);
  }

  #show(told) {
    this.#told = told;
    this.#part("choose").hidden = true;
    this.#review.hidden = false;
    this.#part("name").textContent = told.name;
    this.#part("notes").textContent = [...told.notes, told.question].filter(Boolean).join(" ");
    this.#part("readings").replaceChildren(...told.readings.map((reading, i) => this.#choice(reading, i, told.sure)));
    const layers = this.#part("layers");
    layers.hidden = told.layers.length === 0;
    layers.querySelector("select").replaceChildren(
      ...told.layers.map((name) => new Option(name, name, false, name === told.layer)),
    );
    this.#choose();
    this.#part("name").focus();
  }

  /** One way to read the coordinates, as a radio button with what it would mean. */
  #choice(reading, index, sure) {
    const label = document.createElement("label");
    label.className = "choice reading";
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "lecture", value: index, checked: sure && index === 0, required: true });
    const words = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = reading.title;
    words.append(title);
    for (const text of [reading.how, reading.where, reading.measure, ...reading.notes].filter(Boolean)) {
      const line = document.createElement("span");
      line.textContent = text;
      words.append(line);
    }
    label.append(radio, words);
    return label;
  }

  get #chosen() {
    const radio = this.#review.querySelector("input:checked");
    return radio && this.#told.readings[Number(radio.value)];
  }

  #changed(target) {
    if (target.name === "couche") this.#read(target.value);
    else this.#choose();
  }

  #choose() {
    this.#preview(this.#chosen?.geometry ?? null);
  }

  #use(event) {
    event.preventDefault();
    const reading = this.#chosen;
    if (!reading) return;
    this.#forget();
    this.#card.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.dispatchEvent(new CustomEvent("use", { detail: reading }));
  }
}
