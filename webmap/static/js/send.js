/** How does the page send a form that is too long for an address? With the server's own words for errors. */

import { ApiError, fragmentOf } from "./api.js";

const BUSY = 429;
const PATIENCE = 4;
const PAUSE = 2000;

/** Send a form; the answer. Raises an `ApiError` whose message a reader can read, "network" when none came. */
async function send(url, form, accept, tries = PATIENCE) {
  let response;
  try {
    response = await fetch(url, { method: "POST", body: form, headers: { Accept: accept }, credentials: "same-origin" });
  } catch {
    throw new ApiError("network");
  }
  if (response.ok) return response;
  if (response.status === BUSY && tries > 1) {
    // The service reads one file at a time: another reader's turn is soon over.
    await new Promise((done) => setTimeout(done, PAUSE));
    return send(url, form, accept, tries - 1);
  }
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(problem.detail ?? response.statusText, response.status);
}

/** Send a form and get JSON. */
export async function sendForJson(url, form) {
  return (await send(url, form, "application/json")).json();
}

/** Send a form and get a fragment that the server rendered. */
export async function sendForFragment(url, form) {
  return fragmentOf(await (await send(url, form, "text/html")).text());
}
