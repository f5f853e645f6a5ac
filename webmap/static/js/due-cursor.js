/** Up to which day is anything due? The cursor of a timeline: a slider by months, and steps from date to date. */

const DAY = 86_400_000;

/** The last day of the nth month (from 1) that starts with a day, as an ISO date. */
export function monthEnd(first, month) {
  const year = Number(first.slice(0, 4));
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** The month of an ISO date, counted from that of another, from 1. */
export function monthOf(first, day) {
  const [[y0, m0], [y, m]] = [first, day].map((text) => text.split("-").map(Number));
  return 12 * (y - y0) + (m - m0) + 1;
}

/** How far the end of a day is between the start of `first` and the end of `last`: 0 to 1. */
export function shareOf(first, last, day) {
  const [start, end, at] = [first, last, day].map((text) => Date.parse(text));
  return Math.min(Math.max((at - start + DAY) / (end - start + DAY), 0), 1);
}

/** The date before (-1) or after (1) a day among sorted ISO dates; without a day, the last or the first. */
export function stepFrom(stops, day, step) {
  if (step < 0) return stops.findLast((stop) => !day || stop < day) ?? "";
  return stops.find((stop) => !day || stop > day) ?? "";
}

/** A timeline with its cursor. Emits `until` (detail: ISO date, or "" for every date). */
export class DueCursor extends EventTarget {
  #element;
  #cursor;
  #range;
  #words;
  #until = "";

  constructor(element) {
    super();
    this.#element = element;
    this.#cursor = element.querySelector("[data-cursor]");
    this.#range = this.#cursor.querySelector("input");
    const locale = document.documentElement.lang === "fr" ? "fr-FR" : "en-GB";
    this.#words = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
    this.#range.addEventListener("input", () => this.#move(monthEnd(this.#cursor.dataset.first, Number(this.#range.value))));
    this.#cursor.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.#move("cursorClear" in button.dataset ? "" : this.#stepped(Number(button.dataset.cursorStep)));
    });
    this.until = this.#cursor.dataset.until;
    this.#cursor.hidden = false;
  }

  #stepped(step) {
    const stops = this.#cursor.dataset.stops.split(" ").filter(Boolean);
    return stepFrom(stops, this.#until, step) || this.#until;
  }

  #move(until) {
    this.until = until;
    this.dispatchEvent(new CustomEvent("until", { detail: until }));
  }

  get until() {
    return this.#until;
  }

  /** What is due up to the cursor, in words. */
  get words() {
    const { every, tally } = this.#cursor.dataset;
    const marks = [...this.#element.querySelectorAll("a[data-due]")];
    const within = marks.filter((mark) => !this.#until || mark.dataset.due <= this.#until).length;
    const day = this.#until ? this.#words.format(Date.parse(this.#until)) : every;
    return `${day} : ${tally.replace("{n}", within).replace("{total}", marks.length)}`;
  }

  set until(until) {
    this.#until = until;
    const { first, last } = this.#cursor.dataset;
    this.#range.value = until ? monthOf(first, until) : this.#range.max;
    for (const due of this.#element.querySelectorAll("[data-due]")) {
      const beyond = until !== "" && due.dataset.due > until;
      if (due.matches("tr")) due.hidden = beyond;
      else due.classList.toggle("mark-beyond", beyond);
    }
    const line = this.#element.querySelector("[data-cursor-line]");
    const x = `${100 * shareOf(first, last, until || last)}%`;
    for (const name of ["x1", "x2"]) line.setAttribute(name, x);
    line.toggleAttribute("hidden", !until);
    const { words } = this;
    this.#cursor.querySelector("output").textContent = words;
    this.#range.setAttribute("aria-valuetext", words);
  }
}
