/** A guided tour: one step at a time, by buttons or arrow keys, full screen for a projector. */

/** The tour. Emits `step` (detail: the query string of the step's view). */
export class Tour extends EventTarget {
  #element;
  #steps;
  #at;

  constructor(element) {
    super();
    this.#element = element;
    this.#steps = [...element.querySelectorAll("article")];
    this.#at = Number(element.dataset.step) - 1;
    element.addEventListener("click", ({ target }) => {
      const move = target.closest("[data-tour-move]")?.dataset.tourMove;
      if (move) this.go(this.#at + Number(move));
      else if (target.closest("[data-tour-screen]")) this.#screen();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("fullscreenchange", () => {
      const button = element.querySelector("[data-tour-screen]");
      button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
    });
    this.#limit();
    window.addEventListener("popstate", () => this.go(this.#asked(), { step: false }));
  }

  #asked() {
    return Number(new URLSearchParams(location.search).get("etape") ?? 1) - 1;
  }

  /** The view of the step that is shown. */
  get view() {
    return this.#steps[this.#at].dataset.view;
  }

  #key(event) {
    // A map that has the focus is moved by its own arrow keys.
    if (event.target.closest?.("input, select, .folium-map") || event.altKey || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowRight: this.#at + 1, PageDown: this.#at + 1, ArrowLeft: this.#at - 1, PageUp: this.#at - 1, Home: 0, End: this.#steps.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.go(moves[event.key]);
  }

  /** Show a step; beyond the ends nothing happens. */
  go(to, { step = true } = {}) {
    if (to < 0 || to >= this.#steps.length || to === this.#at) return;
    this.#at = to;
    for (const [index, article] of this.#steps.entries()) article.hidden = index !== to;
    if (step) {
      const query = new URLSearchParams(location.search);
      query.set("etape", String(to + 1));
      history.pushState(null, "", `${location.pathname}?${query}`);
    }
    this.#limit();
    this.dispatchEvent(new CustomEvent("step", { detail: this.view }));
  }

  #limit() {
    for (const button of this.#element.querySelectorAll("[data-tour-move]")) {
      const to = this.#at + Number(button.dataset.tourMove);
      button.setAttribute("aria-disabled", String(to < 0 || to >= this.#steps.length));
    }
  }

  #screen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }
}
