/** How is long work done so that the page answers meanwhile? A little at each frame. */

// Milliseconds of work before the browser draws and answers.
const SLICE = 10;

/** Does what generators yield, one after the other, some steps a frame. */
export class Slices {
  #waiting = [];

  /** Do all the steps of a generator; resolves when they are done. */
  add(steps) {
    return new Promise((resolve) => {
      this.#waiting.push({ steps, resolve });
      if (this.#waiting.length === 1) requestAnimationFrame(() => this.#work());
    });
  }

  #work() {
    const end = performance.now() + SLICE;
    while (this.#waiting.length && performance.now() < end) {
      const [{ steps, resolve }] = this.#waiting;
      if (!steps.next().done) continue;
      this.#waiting.shift();
      resolve();
    }
    if (this.#waiting.length) requestAnimationFrame(() => this.#work());
  }
}
