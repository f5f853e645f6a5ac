/** What does an open page leave to the service worker? Keeping what it has loaded, sending what waits. */

import { nextStep } from "./queue.js";
import { keep } from "./store.js";

/** Ask the browser to let the service worker send what waits, even when this page is closed. */
export async function leaveToWorker(scope, queue) {
  if (!(await queue.records()).some((record) => nextStep(record))) return;
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  await registration?.sync?.register("envoi");
}

/**
 * Let the service worker keep this page and what it has loaded.
 * @param {HTMLElement} page which is told, by `data-kept`, when all is kept
 * @param {{slug: string, urls: object}} config what the service says of the consultation
 * @param {() => Promise[]} needed asks for what an open page loads late, and must be here before the network goes
 * @param {Function} onSent called when the service worker has sent something
 */
export async function keepOffline(page, { slug, urls }, needed, onSent) {
  await keep("services").put({ slug, urls: { contributions: urls.contributions, token: urls.token } });
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(page.dataset.worker, { type: "module", scope: page.dataset.scope });
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.kept) page.dataset.kept = "true";
    else onSent();
  });
  await Promise.allSettled(needed());
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  active.postMessage({ keep: [location.href, ...new Set(loaded)] });
}
