/** How does somebody contribute, step by step? Where, category, answers, a last look; a draft all along. */

import { Where } from "./where.js";

/** The form. Emits `send` (detail: {said, correcting}), `close`, and `tell` (detail: text). */
export class Wizard extends EventTarget {
  #form;
  #config;
  #steps;
  #at = 0;
  #where;
  #correcting = null;

  /**
   * @param {HTMLFormElement} form
   * @param {object} config what the service says of the consultation
   * @param {L.Map} map
   */
  constructor(form, config, map) {
    super();
    this.#form = form;
    this.#config = config;
    this.#steps = [...form.querySelectorAll("[data-step]")];
    this.#where = new Where(this.#steps[0], config, map);
    this.#where.addEventListener("change", () => this.dispatchEvent(new Event("draft")));
    this.#where.addEventListener("tell", ({ detail }) => this.#tell(detail));
    form.addEventListener("input", () => this.dispatchEvent(new Event("draft")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#next();
    });
    form.querySelector("[data-back]").addEventListener("click", () => (this.#at ? this.#turn(this.#at - 1) : this.dispatchEvent(new Event("close"))));
  }

  #tell(text) {
    this.dispatchEvent(new CustomEvent("tell", { detail: text }));
  }

  /** Open at the first step; with a record, to correct it. */
  open({ said = null, correcting = null } = {}) {
    this.#correcting = correcting;
    if (said) this.value = said;
    this.#go(0);
  }

  close() {
    this.#where.active = false;
  }

  clear() {
    this.#form.reset();
    this.#correcting = null;
    this.#where.value = {};
  }

  /** What the form says. */
  get value() {
    const fields = new FormData(this.#form);
    const answers = {};
    for (const { id, kind } of this.#config.questions) {
      const given = kind === "multiple" ? fields.getAll(`q-${id}`) : (fields.get(`q-${id}`) ?? "").trim();
      if (given.length) answers[id] = kind === "scale" ? Number(given) : given;
    }
    return { language: document.documentElement.lang, category: fields.get("category") ?? "", ...this.#where.value, answers };
  }

  set value(said) {
    this.#form.reset();
    for (const input of this.#form.querySelectorAll('[name="category"]')) input.checked = input.value === said.category;
    for (const { id, kind } of this.#config.questions) {
      const given = said.answers?.[id];
      for (const input of this.#form.querySelectorAll(`[name="q-${id}"]`)) {
        if (kind === "text") input.value = given ?? "";
        else input.checked = [given].flat().map(String).includes(input.value);
      }
    }
    this.#where.value = said;
  }

  #fault(name) {
    const { texts, questions } = this.#config;
    const { category, answers, ...where } = this.value;
    if (name === "where") return this.#where.fault;
    if (name === "category") return category ? "" : texts.categoryMissing;
    if (name !== "answers") return "";
    const missing = questions.find(({ id, required }) => required && !(id in answers));
    if (missing) return texts.answerMissing.replace("{question}", missing.label);
    const placed = where.geometry || where.place || where.territory || where.commitment;
    return placed || Object.keys(answers).length ? "" : texts.emptyContribution;
  }

  #next() {
    const fault = this.#fault(this.#steps[this.#at].dataset.step);
    this.#say(fault);
    if (fault) return;
    if (this.#at < this.#steps.length - 1) return this.#turn(this.#at + 1);
    this.dispatchEvent(new CustomEvent("send", { detail: { said: this.value, correcting: this.#correcting } }));
  }

  #say(fault) {
    this.#form.querySelector("[data-fault]").textContent = fault;
  }

  /** Show a step again with what the service finds wrong in it. */
  showFault({ field, detail }) {
    const name = field.startsWith("answers") ? "answers" : field === "category" ? "category" : "where";
    this.#go(Math.max(this.#steps.findIndex(({ dataset }) => dataset.step === name), 0));
    this.#say(detail);
  }

  /** Go to another step; what was said of the one before is over. */
  #turn(at) {
    this.#tell("");
    this.#go(at);
  }

  #go(at) {
    this.#at = at;
    const total = this.#steps.length;
    for (const [index, step] of this.#steps.entries()) step.hidden = index !== at;
    const step = this.#steps[at];
    this.#where.active = at === 0;
    this.#say("");
    step.querySelector("[data-progress]").textContent = this.#config.texts.step.replace("{n}", at + 1).replace("{total}", total);
    const back = this.#form.querySelector("[data-back-label]");
    back.textContent = at ? back.dataset.previous : back.dataset.cancel;
    const next = this.#form.querySelector("[data-next]");
    next.textContent = at === total - 1 ? next.dataset.send : next.dataset.following;
    if (step.dataset.step === "check") this.#summarise(step.querySelector("[data-summary]"));
    this.#form.closest("section").scrollTop = 0;
    step.querySelector("h2").focus({ preventScroll: true });
  }

  #summarise(list) {
    const { categories, questions } = this.#config;
    const { category, answers } = this.value;
    const rows = [[this.#steps[0].querySelector("h2").lastChild.textContent.trim(), this.#where.words.join(", ") || "–"]];
    const named = categories.find(({ id }) => id === category);
    if (named) rows.push([this.#form.querySelector('[data-step="category"] h2').lastChild.textContent.trim(), named.name]);
    for (const question of questions) if (question.id in answers) rows.push([question.label, answerWords(question, answers[question.id])]);
    list.replaceChildren(...rows.flatMap(([term, text]) => [element("dt", term), element("dd", text)]));
  }
}

/** An answer in words. */
export function answerWords({ kind, options }, answer) {
  if (kind === "text" || kind === "scale") return String(answer);
  return [answer].flat().map((id) => options[id] ?? id).join(", ");
}

/** An element with a text in it; what people wrote is never markup. */
export function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
