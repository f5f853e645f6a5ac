/** How is long work done so that the page answers meanwhile? A little at a time. */

// Milliseconds of work before the browser may answer the reader.
const SLICE = 48;

/** Does what generators yield, one after the other, in slices. */
export class Slices {
  #waiting = [];
  // A message comes sooner than a frame or a timer: nothing of what is done is seen until all of it is.
  #turn = new MessageChannel();

  constructor() {
    this.#turn.port1.onmessage = () => this.#work();
  }

  /** Do all the steps of a generator; resolves when they are done. */
  add(steps) {
    return new Promise((resolve) => {
      this.#waiting.push({ steps, resolve });
      if (this.#waiting.length === 1) this.#turn.port2.postMessage(null);
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
    if (this.#waiting.length) this.#turn.port2.postMessage(null);
  }
}
