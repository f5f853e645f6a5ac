/**
 * What works without a network? The service worker of the pages of consultations.
 *
 * It keeps the map of each consultation that was opened on this device, the scripts and the data that it needs,
 * and sends what waits when the network returns. It never keeps what is a participant's own.
 */

import { Queue } from "./queue.js";
import { senderTo } from "./sender.js";
import { aloneFor, keep, records } from "./store.js";

const PREFIX = "limitrophe-consultation-";
const PATIENCE_MS = 4000;
const DATA = [/\/consultations\/[a-z0-9-]+\/(carte|configuration\.json|lieux\.json|contributions)$/, /\/carte\/(configuration\.json|petite\.js)$/, /\/ogc\/collections\/[^/]+\/items$/];

/** Whether an answer may be kept: it must be whole, ours, and nobody's own. */
export function mayKeep(response) {
  return response.status === 200 && response.type === "basic" && !/private|no-store/.test(response.headers.get("Cache-Control") ?? "");
}

/** What kind of thing an address is: `asset` (never changes), `data` (the network first), or null (none of ours). */
export function kindOf(url, root, assets) {
  if (url.origin !== root) return null;
  if (url.pathname.startsWith(`${assets}/`)) return "asset";
  return DATA.some((pattern) => pattern.test(url.pathname)) ? "data" : null;
}

async function freshest(request, name) {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreVary: true });
  const answer = fetch(request).then(async (response) => {
    if (mayKeep(response)) await cache.put(request, response.clone());
    return response;
  });
  if (!kept) return answer;
  const patience = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  return Promise.race([answer.catch(() => kept), patience]);
}

async function asset(request, name) {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (mayKeep(response)) await cache.put(request, response.clone());
  return response;
}

/** Keep what an open page has loaded, then forget what earlier versions kept. */
async function keepAll(urls, name, kind) {
  const cache = await caches.open(name);
  const wanted = urls.map((url) => new URL(url)).filter(kind);
  await Promise.allSettled(
    wanted.map(async (url) => {
      if (await cache.match(url.href, { ignoreVary: true })) return;
      const response = await fetch(url.href, { credentials: "same-origin" });
      if (mayKeep(response)) await cache.put(url.href, response);
    }),
  );
  const others = (await caches.keys()).filter((other) => other.startsWith(PREFIX) && other !== name);
  await Promise.all(others.map((other) => caches.delete(other)));
}

/** Send what waits for every consultation; open pages are told. An error lets the browser ask again later. */
async function deliver() {
  let [sent, waits] = [false, false];
  for (const { slug, urls } of await keep("services").all()) {
    const queue = new Queue(slug, records, senderTo(urls), aloneFor(slug, { patient: true }));
    queue.addEventListener("outcome", () => (sent = true));
    await queue.flush();
    waits ||= queue.pause > 0;
  }
  if (sent) for (const client of await self.clients.matchAll()) client.postMessage({ sent });
  if (waits) throw new Error("the service does not answer yet");
}

/**
 * Start. Called once, when the worker's own script runs.
 * @param {{scope: string, static: string}} shell paths of the list of consultations and of the versioned assets
 */
export function serve(shell) {
  const name = PREFIX + shell.static;
  const kind = (url) => kindOf(url, self.location.origin, shell.static);
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("message", (event) => {
    event.waitUntil(keepAll(event.data.keep, name, kind).then(() => event.source.postMessage({ kept: true })));
  });
  self.addEventListener("sync", (event) => event.waitUntil(deliver()));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const what = request.method === "GET" && kind(new URL(request.url));
    if (what) event.respondWith(what === "asset" ? asset(request, name) : freshest(request, name));
  });
}
