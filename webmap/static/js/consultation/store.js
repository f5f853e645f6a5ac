/** What does this device keep? Records and drafts in IndexedDB, changed in one transaction each. */

const NAME = "limitrophe-consultations";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore("records", { keyPath: "key" });
    request.result.createObjectStore("drafts", { keyPath: "slug" });
    request.result.createObjectStore("services", { keyPath: "slug" });
  });
  return asked(request);
}

/** Does work with a store of the database; resolves when what it wrote is on the disk. */
async function within(name, mode, work) {
  const database = await open();
  try {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.addEventListener("complete", resolve);
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
    const result = await work(transaction.objectStore(name));
    await done;
    return result;
  } finally {
    database.close();
  }
}

/** The records of the queue. */
export const records = {
  all: () => within("records", "readonly", (store) => asked(store.getAll())),

  /** Change a record, reading and writing in one transaction; null takes it away. */
  update: (key, change) =>
    within("records", "readwrite", async (store) => {
      const before = (await asked(store.get(key))) ?? null;
      const after = change(before);
      if (!after) return before && asked(store.delete(key));
      const order = before?.order ?? (await asked(store.getAll())).reduce((most, { order }) => Math.max(most, order), 0) + 1;
      return asked(store.put({ ...after, order }));
    }),
};

/** Small things kept by consultation: `drafts` not yet sent, `services` (where to send to). */
export const keep = (name) => ({
  get: (slug) => within(name, "readonly", (store) => asked(store.get(slug))),
  put: (value) => within(name, "readwrite", (store) => asked(store.put(value))),
  drop: (slug) => within(name, "readwrite", (store) => asked(store.delete(slug))),
  all: () => within(name, "readonly", (store) => asked(store.getAll())),
});

/**
 * Run work in one tab, or in the service worker, at a time. Elsewhere it is passed over, or with `patient` it waits:
 * a page that is closed in the middle leaves its work to the service worker.
 */
export function aloneFor(slug, { patient = false } = {}) {
  let busy = false;
  return async (work) => {
    if (navigator.locks) {
      await navigator.locks.request(`limitrophe-${slug}`, { ifAvailable: !patient }, async (lock) => lock && work());
    } else if (!busy) {
      busy = true;
      await work().finally(() => (busy = false));
    }
  };
}
