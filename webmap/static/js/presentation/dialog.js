/** How is a presentation made? The dialog where views become steps: written, ordered, kept, taken away. */

import { keep, KEY, load } from "./kept.js";
import { fileName, LIMITS, moved, read, Unreadable, viewOf, write } from "./presentation.js";

const SHOWN_FAULTS = 5;
const UNDOABLE = 50;

/** A pattern of words, filled in. */
const filled = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

class Dialog {
  #element;
  #words;
  #form;
  #list;
  #presentation;
  #before = [];
  /** The rank of the step that the form changes; null: it makes one. */
  #edited = null;

  constructor(element) {
    this.#element = element;
    this.#words = element.dataset;
    this.#form = element.querySelector("[data-step-form]");
    this.#list = element.querySelector("[data-steps]");
    this.#form.elements.titre.maxLength = this.#title.maxLength = LIMITS.title;
    this.#form.elements.texte.maxLength = LIMITS.text;
    this.#take();
    this.#listen();
  }

  #listen() {
    const acts = {
      close: () => this.#element.close(),
      add: () => this.#write(null),
      cancel: () => this.#leaveForm(),
      undo: () => this.#undo(),
      clear: () => this.#clear(),
      save: () => this.#save(),
      edit: (at) => this.#write(at),
      up: (at, button) => this.#move(at, at - 1, button),
      down: (at, button) => this.#move(at, at + 1, button),
      remove: (at) => this.#remove(at),
    };
    this.#element.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-act]");
      if (target === this.#element) this.#element.close();
      else if (button) acts[button.dataset.act](this.#rankOf(button), button);
    });
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#title.addEventListener("change", () => this.#rename());
    this.#file.addEventListener("change", () => this.#open());
    window.addEventListener("storage", ({ key }) => key === KEY && this.#take());
  }

  get #title() {
    return this.#element.querySelector("[name=presentation]");
  }

  get #file() {
    return this.#element.querySelector("input[type=file]");
  }

  #rankOf(button) {
    return [...this.#list.children].indexOf(button.closest("li"));
  }

  /** Show the presentation as it is kept, which another window may have changed. */
  #take() {
    this.#presentation = load() ?? { lang: document.documentElement.lang, title: this.#words.untitled, steps: [] };
    this.#draw();
  }

  show({ adding = false } = {}) {
    this.#say("");
    this.#element.showModal();
    if (adding) this.#write(null);
  }

  #say(text) {
    this.#element.querySelector("[data-faults]").hidden = true;
    this.#element.querySelector("[role=status]").textContent = text;
  }

  /** Change the presentation, so that it can be undone, and say what was done. */
  #change(next, said, values = {}) {
    this.#before = [...this.#before, this.#presentation].slice(-UNDOABLE);
    this.#set(next, filled(said, values));
  }

  #set(presentation, said) {
    this.#presentation = presentation;
    const kept = keep(presentation);
    this.#draw();
    this.#say(kept ? said : `${said} ${this.#words.notKept}`);
  }

  #steps(steps, said, values) {
    this.#change({ ...this.#presentation, steps }, said, values);
  }

  #undo() {
    const last = this.#before.pop();
    if (!last) return;
    this.#leaveForm();
    this.#set(last, this.#words.undone);
    this.#element.querySelector("[data-act=undo]").focus();
  }

  #draw() {
    const { title, lang, steps } = this.#presentation;
    const model = this.#element.querySelector("template").content;
    this.#title.value = title;
    this.#list.lang = lang;
    this.#list.replaceChildren(...steps.map((step, at) => this.#item(model, step, at)));
    for (const part of this.#element.querySelectorAll("[data-with-steps]")) part.hidden = !steps.length;
    this.#element.querySelector("[data-none]").hidden = steps.length > 0;
    this.#element.querySelector("[data-act=undo]").setAttribute("aria-disabled", String(!this.#before.length));
  }

  #item(model, { title, text, view }, at) {
    const item = model.cloneNode(true).firstElementChild;
    item.querySelector("strong").textContent = title;
    item.querySelector("[data-text]").textContent = text;
    const go = item.querySelector("a");
    go.href = `${go.getAttribute("href")}?${view}`;
    for (const control of item.querySelectorAll("[data-name]")) {
      control.setAttribute("aria-label", filled(control.dataset.name, { n: at + 1, title }));
    }
    const last = this.#presentation.steps.length - 1;
    item.querySelector("[data-act=up]").setAttribute("aria-disabled", String(at === 0));
    item.querySelector("[data-act=down]").setAttribute("aria-disabled", String(at === last));
    return item;
  }

  #focusOn(at, act) {
    this.#list.children[at]?.querySelector(`[data-act=${act}]`).focus();
  }

  /** Open the form on a step, or on a new one of the view that is shown. */
  #write(at) {
    this.#edited = at;
    const fields = this.#form.elements;
    const sheet = document.querySelector("[data-sheet]:not([hidden]) h2");
    const step = this.#presentation.steps[at] ?? { title: sheet?.textContent.trim().slice(0, LIMITS.title) ?? "", text: "" };
    fields.titre.value = step.title;
    fields.texte.value = step.text;
    fields.vue.checked = false;
    fields.vue.closest("label").hidden = at === null;
    const heading = at === null ? this.#words.newStep : this.#words.changeStep;
    this.#form.querySelector("h3").textContent = filled(heading, { n: at + 1 });
    this.#form.hidden = false;
    fields.titre.focus();
    fields.titre.select();
  }

  #leaveForm() {
    if (this.#form.hidden) return;
    this.#form.hidden = true;
    if (this.#edited === null) this.#element.querySelector("[data-act=add]").focus();
    else this.#focusOn(this.#edited, "edit");
  }

  #submit(event) {
    event.preventDefault();
    const { titre, texte, vue } = this.#form.elements;
    const { steps } = this.#presentation;
    const at = this.#edited ?? steps.length;
    if (at >= LIMITS.steps) {
      this.#tell([{ code: "many", count: at + 1, most: LIMITS.steps }]);
      return;
    }
    const view = this.#edited === null || vue.checked ? viewOf(location.search) : steps[at].view;
    const step = { title: titre.value.trim(), text: texte.value.trim(), view };
    const said = this.#edited === null ? this.#words.added : this.#words.changed;
    this.#steps(steps.toSpliced(at, 1, step), said, { n: at + 1, title: step.title });
    this.#edited = at;
    this.#leaveForm();
  }

  #move(from, to, button) {
    const { steps } = this.#presentation;
    const next = moved(steps, from, to);
    if (next === steps) return;
    this.#form.hidden = true;
    this.#steps(next, this.#words.moved, { n: to + 1, title: steps[from].title });
    this.#focusOn(to, button.dataset.act);
  }

  #remove(at) {
    const { steps } = this.#presentation;
    this.#form.hidden = true;
    this.#steps(steps.toSpliced(at, 1), this.#words.removed, { title: steps[at].title });
    if (steps.length > 1) this.#focusOn(Math.min(at, steps.length - 2), "remove");
    else this.#element.querySelector("[data-act=undo]").focus();
  }

  #clear() {
    this.#form.hidden = true;
    const empty = { lang: document.documentElement.lang, title: this.#words.untitled, steps: [] };
    this.#change(empty, this.#words.cleared);
    this.#element.querySelector("[data-act=undo]").focus();
  }

  #rename() {
    const title = this.#title.value.trim() || this.#words.untitled;
    this.#change({ ...this.#presentation, title }, this.#words.renamed, { title });
  }

  #save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([write(this.#presentation)], { type: "application/json" }));
    link.download = fileName(this.#presentation);
    link.click();
    URL.revokeObjectURL(link.href);
    this.#say(filled(this.#words.saved, { name: link.download }));
  }

  async #open() {
    const [file] = this.#file.files;
    if (!file) return;
    try {
      if (file.size > LIMITS.bytes) throw new Unreadable([{ code: "large" }]);
      const opened = read(await file.text());
      this.#form.hidden = true;
      this.#change(opened, this.#words.opened, { title: opened.title, n: opened.steps.length });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#tell(error.faults);
    }
    this.#file.value = "";
  }

  /** Say what is wrong, and in which step. */
  #tell(faults) {
    this.#say("");
    const box = this.#element.querySelector("[data-faults]");
    const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => {
      const { code, step } = fault;
      const where = step ? filled(this.#words.step, { n: step }) : "";
      const line = document.createElement("li");
      line.textContent = where + filled(box.dataset[code], fault);
      return line;
    });
    box.querySelector("ul").replaceChildren(...shown);
    const more = box.querySelector("[data-more]");
    more.hidden = faults.length <= SHOWN_FAULTS;
    more.textContent = filled(more.dataset.more, { n: faults.length - SHOWN_FAULTS });
    box.hidden = false;
  }
}

const element = document.querySelector("[data-presentation]");
const dialog = element && new Dialog(element);
for (const button of document.querySelectorAll("[data-presentation-open]")) {
  button.addEventListener("click", () => {
    button.closest("dialog")?.close();
    dialog.show({ adding: button.dataset.presentationOpen === "add" });
  });
}
