/** How is long work done so that the page answers meanwhile? A little at a time. */

// Milliseconds of work before the browser may answer the reader.
const SLICE = 48;

/** Does what generators yield, one after the other, in slices: the first in the task that asks for it. */
export class Slices {
  #waiting = [];
  // When the slice of this task ends; none has begun if it is 0.
  #end = 0;
  // A message comes sooner than a frame or a timer: nothing of what is done is seen until all of it is.
  #turn = new MessageChannel();

  constructor() {
    this.#turn.port1.onmessage = () => {
      this.#end = 0;
      if (this.#waiting.length) this.#work();
    };
  }

  /** Do all the steps of a generator; resolves when they are done. */
  add(steps) {
    return new Promise((resolve) => {
      this.#waiting.push({ steps, resolve });
      if (this.#waiting.length === 1) this.#work();
    });
  }

  #work() {
    if (!this.#end) {
      this.#end = performance.now() + SLICE;
      this.#turn.port2.postMessage(null);
    }
    while (this.#waiting.length && performance.now() < this.#end) {
      const [{ steps, resolve }] = this.#waiting;
      if (!steps.next().done) continue;
      this.#waiting.shift();
      resolve();
    }
  }
}
