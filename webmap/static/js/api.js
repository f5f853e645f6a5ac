/** How does the page ask the server? JSON and HTML fragments from the same origin, with plain errors. */

/** An answer that did not come or was an error; `message` may be shown to the reader. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function get(url, accept, signal) {
  let response;
  try {
    response = await fetch(url, { headers: { Accept: accept }, credentials: "same-origin", signal });
  } catch {
    throw new ApiError("network");
  }
  if (!response.ok) throw new ApiError(response.statusText, response.status);
  return response;
}

/** Fetch JSON; with a signal, it can be given up. */
export async function getJson(url, { signal } = {}) {
  return (await get(url, "application/geo+json, application/json", signal)).json();
}

/** Fetch a fragment that the server rendered, as a document fragment. */
export async function getFragment(url) {
  return fragmentOf(await (await get(url, "text/html")).text());
}

/** Parse HTML that the server rendered. */
export function fragmentOf(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...parsed.body.childNodes);
  return fragment;
}
