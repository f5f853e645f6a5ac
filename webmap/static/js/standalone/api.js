/** Stands for api.js in a file without a server: the same answers, from what the file holds. */

import { data, packedSheets } from "./data.js";

/** An answer that did not come; status 404 when the file does not hold what was asked. */
export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

function parsed(html) {
  const fragment = document.createDocumentFragment();
  fragment.append(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  return fragment;
}

function record(records, kind, entry) {
  const [number, via, said] = Array.isArray(entry) ? entry : [entry];
  const item = parsed(records[kind][number]).firstElementChild;
  if (said) {
    const place = parsed(records.p[via]).firstElementChild.firstChild;
    const meta = document.createElement("span");
    meta.append(place, `, ${said}`);
    item.querySelector(".record-meta").replaceChildren(meta);
  }
  return item;
}

/** A part of the file's data, by its name. */
export async function getJson(name) {
  if (!Object.hasOwn(data, name)) throw new ApiError("gone", 404);
  return data[name];
}

/** The sheet of a key ("lieu:…", "engagement:…") as a document fragment, its lists filled. */
export async function getFragment(key) {
  const { sheets, records, lists } = await packedSheets();
  if (!Object.hasOwn(sheets, key)) throw new ApiError("gone", 404);
  const fragment = parsed(sheets[key]);
  for (const element of fragment.querySelectorAll("[data-list]")) {
    const [kind, entries] = lists[Number(element.dataset.list)];
    element.replaceChildren(...entries.map((entry) => record(records, kind, entry)));
  }
  return fragment;
}
