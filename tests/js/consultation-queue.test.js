import assert from "node:assert/strict";
import { test } from "node:test";
import { drawingOf, geometryOf, parsePosition } from "../../webmap/static/js/consultation/drawing.js";
import { nextStep, pauseAfter, Queue, REFUSED, SENT, WAITING } from "../../webmap/static/js/consultation/queue.js";
import { outcomeOf } from "../../webmap/static/js/consultation/sender.js";
import { kindOf, mayKeep } from "../../webmap/static/js/consultation/worker.js";

/** What a device keeps, in memory; every value is copied as a disk would. */
function memory() {
  const kept = new Map();
  return {
    kept,
    all: async () => structuredClone([...kept.values()]),
    update: async (key, change) => {
      const before = structuredClone(kept.get(key) ?? null);
      const after = change(before);
      if (after) kept.set(key, { ...after, order: before?.order ?? kept.size + 1 });
      else kept.delete(key);
    },
  };
}

/** A service that keeps what it is sent once; `faults` says what goes wrong, attempt after attempt. */
function service(faults = []) {
  const kept = new Map();
  const asked = [];
  const send = async (step, record) => {
    asked.push([step, record.key, record.attempts > 0]);
    const fault = faults.shift();
    if (fault === "before") return { kind: "later" };
    const repeated = kept.has(record.key);
    if (step === "withdraw") kept.delete(record.key);
    else if (!repeated || step === "correct") kept.set(record.key, record.said);
    if (fault === "after") return { kind: "later" };
    if (fault === "closed") throw new Error("the page was closed");
    return step === "withdraw" ? { kind: "gone" } : { kind: "kept", kept: { number: 1 }, repeated };
  };
  return { kept, asked, send };
}

const alone = (work) => work();
const queueOf = (store, send, lock = alone) => new Queue("rue", store, send, lock);

test("what is added is sent once, the oldest first", async () => {
  const [store, there] = [memory(), service()];
  const queue = queueOf(store, there.send);
  for (const key of ["a", "b"]) await queue.add(key, { text: key });
  await queue.flush();
  await queue.flush();
  assert.deepEqual(there.asked, [["submit", "a", false], ["submit", "b", false]]);
  assert.deepEqual((await queue.records()).map(({ state }) => state), [SENT, SENT]);
});

for (const fault of ["before", "after"]) {
  test(`a network that fails ${fault} the service has kept it loses and doubles nothing`, async () => {
    const [store, there] = [memory(), service([fault, fault])];
    const queue = queueOf(store, there.send);
    await queue.add("a", { text: "a" });
    await queue.flush();
    assert.equal(queue.pause, 5);
    assert.equal((await queue.records())[0].state, WAITING);
    await queue.flush();
    assert.equal(queue.pause, 10);
    await queue.flush();
    assert.equal(queue.pause, 0);
    assert.deepEqual([...there.kept], [["a", { text: "a" }]]);
    // From the second attempt on the device says that it had waited.
    assert.deepEqual(there.asked.map(([, , queued]) => queued), [false, true, true]);
  });
}

test("a page that is closed in the middle of sending sends again on its next opening", async () => {
  const [store, there] = [memory(), service(["closed"])];
  const queue = queueOf(store, there.send);
  await queue.add("a", { text: "a" });
  await assert.rejects(queue.flush());
  const opened = queueOf(store, there.send);
  await opened.flush();
  assert.deepEqual([...there.kept], [["a", { text: "a" }]]);
  assert.equal((await opened.records())[0].state, SENT);
});

test("what was corrected while it was on its way arrives as corrected", async () => {
  const [store, there] = [memory(), service(["after"])];
  const queue = queueOf(store, there.send);
  await queue.add("a", { text: "first" });
  await queue.flush();
  await queue.correct("a", { text: "second" });
  await queue.flush();
  assert.deepEqual([...there.kept], [["a", { text: "second" }]]);
  assert.deepEqual(there.asked.map(([step]) => step), ["submit", "submit", "correct"]);
});

test("a correction made in the very moment of sending is not taken for sent", async () => {
  const [store, there] = [memory(), service()];
  let queue;
  const send = async (step, record) => {
    if (step === "submit") await queue.correct("a", { text: "second" });
    return there.send(step, record);
  };
  queue = queueOf(store, send);
  await queue.add("a", { text: "first" });
  await queue.flush();
  assert.deepEqual([...there.kept], [["a", { text: "second" }]]);
});

test("what may have arrived is withdrawn there, what never left is forgotten here", async () => {
  const [store, there] = [memory(), service(["after"])];
  const queue = queueOf(store, there.send);
  await queue.add("a", { text: "a" });
  await queue.flush();
  await queue.withdraw("a");
  await queue.add("b", { text: "b" });
  await queue.withdraw("b");
  await queue.flush();
  assert.equal(there.kept.size, 0);
  assert.equal(store.kept.size, 0);
  assert.deepEqual(there.asked.map(([step, key]) => step + key), ["submita", "submita", "withdrawa"]);
});

test("the clock of the device is never asked: it may be wrong", async () => {
  const RealDate = globalThis.Date;
  globalThis.Date = class {
    constructor() {
      throw new Error("the clock was asked");
    }
    static now() {
      throw new Error("the clock was asked");
    }
  };
  try {
    const [store, there] = [memory(), service(["before"])];
    const queue = queueOf(store, there.send);
    await queue.add("a", { text: "a" });
    await queue.flush();
    await queue.flush();
    assert.equal(there.kept.size, 1);
  } finally {
    globalThis.Date = RealDate;
  }
});

test("what is refused waits for somebody to correct it and holds up nothing", async () => {
  const [store, there] = [memory(), service()];
  const problem = { detail: "trop long", field: "answers.avis", reason: "too-long" };
  const send = (step, record) => (record.said.text === "long" ? { kind: "refused", problem } : there.send(step, record));
  const queue = queueOf(store, send);
  await queue.add("a", { text: "long" });
  await queue.add("b", { text: "b" });
  await queue.flush();
  assert.deepEqual((await queue.records()).map(({ state }) => state), [REFUSED, SENT]);
  assert.deepEqual((await queue.records())[0].problem, problem);
  await queue.correct("a", { text: "short" });
  await queue.flush();
  assert.deepEqual([...there.kept.keys()], ["b", "a"]);
});

test("two tabs do not send at the same time", async () => {
  const [store, there] = [memory(), service()];
  let held = false;
  const lock = async (work) => {
    if (held) return;
    held = true;
    await work();
    held = false;
  };
  const tabs = [queueOf(store, there.send, lock), queueOf(store, there.send, lock)];
  await tabs[0].add("a", { text: "a" });
  await Promise.all(tabs.map((tab) => tab.flush()));
  assert.equal(there.asked.length, 1);
});

test("one consultation does not send what was said in another", async () => {
  const [store, there] = [memory(), service()];
  await new Queue("autre", store, there.send, alone).add("a", {});
  await queueOf(store, there.send).flush();
  assert.equal(there.asked.length, 0);
});

test("pauses grow up to a bound, and a service that says how long is obeyed", () => {
  let pause = 0;
  const pauses = Array.from({ length: 8 }, () => (pause = pauseAfter(pause)));
  assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 300, 300]);
  assert.equal(pauseAfter(0, 42), 42);
  assert.equal(nextStep({ state: REFUSED, sent: 0, attempts: 1, withdrawn: false, version: 1 }), null);
});

const told = (reason, more = {}) => ({ detail: "…", reason, ...more });
for (const [step, status, body, kind] of [
  ["submit", 201, { number: 1 }, "kept"],
  ["submit", 200, { number: 1 }, "kept"],
  ["withdraw", 200, {}, "gone"],
  ["submit", 429, told("too-many"), "later"],
  ["submit", 503, null, "later"],
  ["submit", 422, told("too-long", { field: "answers.a" }), "refused"],
  ["submit", 403, told("not-joined"), "join"],
  ["submit", 403, told("not-yours"), "kept"],
  ["correct", 403, told("not-yours"), "refused"],
  ["submit", 409, told("not-taking", { phase: "paused" }), "later"],
  ["submit", 409, told("not-taking", { phase: "ended" }), "refused"],
  ["withdraw", 404, told("unknown"), "gone"],
  ["withdraw", 409, told("too-late"), "refused"],
  ["submit", 404, null, "refused"],
]) {
  test(`${step}: ${status} ${body?.reason ?? ""} ${body?.phase ?? ""} means ${kind}`, () => {
    assert.equal(outcomeOf(step, status, body, "").kind, kind);
  });
}

test("drawings come back as they were drawn", () => {
  const points = [[2.3, 48.8], [2.31, 48.8], [2.31, 48.81]];
  for (const [shape, least] of [["point", 1], ["line", 2], ["area", 3]]) {
    assert.equal(geometryOf(shape, points.slice(0, least - 1)), null);
    const drawn = points.slice(0, least);
    assert.deepEqual(drawingOf(geometryOf(shape, drawn)), { shape, points: drawn });
  }
  assert.deepEqual(geometryOf("area", points).coordinates[0].at(-1), points[0]);
});

for (const [text, point] of [
  ["48,8166 ; 2,2987", [2.2987, 48.8166]],
  ["48.8166, 2.2987", [2.2987, 48.8166]],
  ["48,8166 2,2987", [2.2987, 48.8166]],
  ["48.5 -1.5", [-1.5, 48.5]],
  ["48,8166", null],
  ["2,3 ; 148,8", [148.8, 2.3]],
  ["148,8 ; 2,3", null],
  ["ici", null],
]) {
  test(`coordinates: ${text}`, () => assert.deepEqual(parsePosition(text), point));
}

test("nothing of a participant's own is kept for offline use", () => {
  const answer = (control) => ({ status: 200, type: "basic", headers: new Headers({ "Cache-Control": control }) });
  assert.ok(mayKeep(answer("no-cache")));
  assert.ok(!mayKeep(answer("no-cache, private")));
  assert.ok(!mayKeep({ ...answer("no-cache"), status: 404 }));
  const kind = (path) => kindOf(new URL(`https://atlas.example${path}`), "https://atlas.example", "/static/v/1");
  assert.equal(kind("/static/v/1/js/app.js"), "asset");
  for (const path of ["/consultations/rue/carte?lang=en", "/consultations/rue/contributions", "/ogc/collections/voies/items?f=json"]) {
    assert.equal(kind(path), "data");
  }
  for (const path of ["/consultations/rue/mes-contributions", "/consultations/rue/mes-contributions.json", "/consultations/rue/contribuer", "/animation/rue", "/connexion"]) {
    assert.equal(kind(path), null);
  }
});
