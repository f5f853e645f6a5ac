/** Which part of a corridor is pointed at or chosen? A strip and the list that says the same. */

const positions = (text) =>
  text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((pair) => pair.split(",").map(Number));

/**
 * A strip. Emits `hint` (detail: {place, line}, null when nothing is pointed at) and `choose` (detail: {place, line,
 * name}); `line` holds [lon, lat] pairs, `place` is empty for what has no sheet.
 */
export class Strip extends EventTarget {
  #element;
  #items = new Map();

  constructor(element) {
    super();
    this.#element = element;
    for (const item of element.querySelectorAll("li[data-part]")) this.#items.set(item.dataset.part, item);
    for (const button of element.querySelectorAll("[data-part-show]")) button.hidden = false;
    for (const type of ["pointerover", "focusin"]) element.addEventListener(type, (event) => this.#point(event.target));
    element.addEventListener("pointerleave", () => this.#point(null));
    element.addEventListener("focusout", ({ relatedTarget }) => this.#point(relatedTarget));
    element.addEventListener("click", (event) => this.#clicked(event));
  }

  #itemOf(target) {
    const part = this.#element.contains(target) && target.closest("[data-part]");
    return part ? this.#items.get(part.dataset.part) : null;
  }

  #about(item) {
    const { partPlace = "", partLine } = item.dataset;
    return { place: partPlace, line: positions(partLine), name: item.querySelector("a, span:not(.badge)").textContent };
  }

  #point(target) {
    const item = target && this.#itemOf(target);
    for (const part of this.#element.querySelectorAll(".part-pointed")) part.classList.remove("part-pointed");
    if (item) for (const part of this.#twins(item)) part.classList.add("part-pointed");
    this.dispatchEvent(new CustomEvent("hint", { detail: item ? this.#about(item) : null }));
  }

  #twins(item) {
    return this.#element.querySelectorAll(`[data-part="${CSS.escape(item.dataset.part)}"]`);
  }

  #clicked({ target }) {
    const shown = target.closest("[data-part-show], [data-strip-drawing] [data-part]");
    const item = shown && this.#itemOf(shown);
    if (item) this.dispatchEvent(new CustomEvent("choose", { detail: this.#about(item) }));
  }

  /** Mark a place on the strip and in the list, a break by all its parts; says whether it is there. */
  mark(place) {
    let found = false;
    for (const item of this.#items.values()) {
      const { partPlace, partGap } = item.dataset;
      const current = Boolean(place) && [partPlace, partGap].includes(place);
      found ||= current;
      if (current) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
      for (const part of this.#twins(item)) part.classList.toggle("piece-current", current);
    }
    return found;
  }
}
