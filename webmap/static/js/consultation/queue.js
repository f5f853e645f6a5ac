/**
 * What is on its way from this device? Contributions that wait, are sent, are refused; exactly once.
 *
 * Nothing here touches the browser: `store` keeps records, `send` speaks to the service, `alone` lets one tab
 * work at a time. The clock of the device is never asked: it may be wrong.
 *
 * A record: `key` (the number that makes it unique), `said`, `version` (grows with each change on the device),
 * `sent` (the version that the service has acknowledged, 0 for none), `attempts`, `withdrawn`, `state`.
 */

/** The states of a record. */
export const WAITING = "waiting";
export const SENDING = "sending";
export const SENT = "sent";
export const REFUSED = "refused";

const FIRST_PAUSE_S = 5;
const LONGEST_PAUSE_S = 300;

/** What is to be sent next for a record: `submit`, `correct`, `withdraw`, `drop`, or null for nothing. */
export function nextStep({ state, sent, attempts, withdrawn, version }) {
  if (state === REFUSED) return null;
  // What was never sent can be forgotten; what may have arrived must be withdrawn there, so it is sent again first.
  if (withdrawn && !sent && !attempts) return "drop";
  if (!sent) return "submit";
  if (withdrawn) return "withdraw";
  return version > sent ? "correct" : null;
}

/** The next pause in seconds; a service that says how long is obeyed. */
export function pauseAfter(pause, told = 0) {
  return Math.max(told, Math.min(pause ? pause * 2 : FIRST_PAUSE_S, LONGEST_PAUSE_S));
}

/** A new record. */
export function recordOf(key, slug, said) {
  return { key, slug, said, version: 1, sent: 0, attempts: 0, withdrawn: false, state: WAITING, problem: null, kept: null };
}

/** A record after a version of it was acknowledged; what was changed meanwhile waits. */
function acknowledged(record, step, version, kept, repeated) {
  // One that was there already may hold what an earlier attempt said: the newest version is sent again as a correction.
  const sent = step === "submit" && repeated && version > 1 ? version - 1 : version;
  const done = { ...record, sent, kept, attempts: 0, problem: null };
  return { ...done, state: nextStep({ ...done, state: WAITING }) ? WAITING : SENT };
}

/** The queue. Emits `change` when a record has changed, and `outcome` (detail: {step, record, kind}). */
export class Queue extends EventTarget {
  #slug;
  #store;
  #send;
  #alone;
  #pause = 0;

  /**
   * @param {string} slug of the consultation
   * @param {{all: Function, update: Function}} store see `store.js`
   * @param {(step: string, record: object) => Promise<object>} send see `sender.js`
   * @param {(work: Function) => Promise<void>} alone runs work unless another tab does
   */
  constructor(slug, store, send, alone) {
    super();
    this.#slug = slug;
    this.#store = store;
    this.#send = send;
    this.#alone = alone;
  }

  /** Seconds to wait before sending again; 0 when nothing failed. */
  get pause() {
    return this.#pause;
  }

  /** The records of this consultation, the oldest first. */
  async records() {
    return (await this.#store.all()).filter(({ slug }) => slug === this.#slug).sort((a, b) => a.order - b.order);
  }

  /** Keep what somebody says; resolves once it is kept on the device. */
  async add(key, said) {
    await this.#change(key, () => recordOf(key, this.#slug, said));
  }

  /** Correct what was said, sent or not. */
  async correct(key, said, kept = null) {
    await this.#change(key, (record) => {
      const known = record ?? { ...recordOf(key, this.#slug, said), sent: 1, kept };
      return { ...known, said, version: known.version + 1, state: WAITING, problem: null };
    });
  }

  /** Withdraw what was said, sent or not. */
  async withdraw(key, said, kept = null) {
    await this.#change(key, (record) => {
      const known = record ?? { ...recordOf(key, this.#slug, said), sent: 1, kept };
      const next = { ...known, withdrawn: true, state: WAITING, problem: null };
      return nextStep(next) === "drop" ? null : next;
    });
  }

  /** Forget a record on this device. */
  async forget(key) {
    await this.#change(key, () => null);
  }

  async #change(key, change) {
    await this.#store.update(key, change);
    this.dispatchEvent(new Event("change"));
  }

  /** Send what waits, the oldest first, until nothing does or the service does not answer. */
  async flush() {
    await this.#alone(async () => {
      for (;;) {
        const next = (await this.records()).find((record) => nextStep(record));
        if (!next) {
          this.#pause = 0;
          return;
        }
        if (!(await this.#deliver(next))) return;
      }
    });
  }

  /** Send one record; false when it must be tried again later. */
  async #deliver(before) {
    const step = nextStep(before);
    const { key, version } = before;
    // Written down before it is sent: a page that is closed meanwhile finds it on its next opening.
    await this.#change(key, (record) => record && { ...record, state: SENDING, attempts: record.attempts + 1 });
    const outcome = await this.#send(step, before);
    const settle = {
      kept: (record) => record && acknowledged(record, step, version, outcome.kept, outcome.repeated),
      gone: () => null,
      refused: (record) => record && { ...record, state: REFUSED, problem: outcome.problem },
      later: (record) => record && { ...record, state: WAITING, problem: outcome.problem ?? null },
    }[outcome.kind];
    await this.#change(key, settle);
    this.dispatchEvent(new CustomEvent("outcome", { detail: { step, key, kind: outcome.kind } }));
    if (outcome.kind !== "later") return true;
    this.#pause = pauseAfter(this.#pause, outcome.after);
    return false;
  }
}
