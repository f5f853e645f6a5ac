/** What does the first map do without? It comes afterwards, or when asked for; presses meanwhile are kept. */

/** Parts of a page that come late. */
export class Late {
  #root;
  #buttons;
  #on;
  #coming = null;
  #pressed = new Set();

  /**
   * @param {HTMLElement} root
   * @param {string} buttons the selector of the buttons that only answer once the parts are there
   * @param {{bring: () => Promise<object>, use: (module: object) => void, lost: () => void}} on
   *   how to fetch them, what to do with them, and what to do when they do not come
   */
  constructor(root, buttons, on) {
    this.#root = root;
    this.#buttons = buttons;
    this.#on = on;
    root.addEventListener("click", this.#keep);
  }

  #keep = ({ target }) => {
    const button = target.closest(this.#buttons);
    if (button) this.#pressed.add(button);
  };

  /** Bring them, once; after a failure they may be asked for again. */
  bring() {
    this.#coming ??= this.#on.bring().then(
      (module) => {
        this.#on.use(module);
        this.#root.removeEventListener("click", this.#keep);
        for (const button of this.#pressed) button.click();
      },
      () => {
        this.#coming = null;
        this.#on.lost();
      },
    );
    return this.#coming;
  }
}
