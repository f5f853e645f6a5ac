/** What is a presentation? Steps saved from views, their order and their file. Pure functions. */

import { VIEW_PARTS } from "../state.js";

/**
 * @typedef {{title: string, text: string, view: string}} Step `view`: parameters of the map's address
 * @typedef {{lang: string, title: string, steps: Step[]}} Presentation
 * @typedef {{code: string, step?: number, field?: string, value?: string, count?: number, most?: number}} Fault
 *   `step` counts from 1; none: the presentation as a whole
 */

export const LIMITS = { bytes: 1_000_000, steps: 100, title: 120, text: 1000, view: 8000 };
const LANGUAGES = ["fr", "en"];

/** A file that is no presentation; `faults` has every fault found. */
export class Unreadable extends Error {
  /** @param {Fault[]} faults */
  constructor(faults) {
    super(faults.map(({ code }) => code).join(", "));
    this.faults = faults;
  }
}

const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The faults of one table: texts that miss, are no texts or too long, and keys that mean nothing. */
function faultsOf(table, fields, also, step) {
  const faults = [];
  for (const [field, { most, filled }] of Object.entries(fields)) {
    const value = table[field];
    if (value === undefined || (filled && value === "")) faults.push({ code: "missing", step, field });
    else if (typeof value !== "string") faults.push({ code: "text", step, field });
    else if (filled && !value.trim()) faults.push({ code: "missing", step, field });
    else if (value.length > most) faults.push({ code: "long", step, field, count: value.length, most });
  }
  for (const field of Object.keys(table)) {
    if (!Object.hasOwn(fields, field) && !also.includes(field)) faults.push({ code: "key", step, field });
  }
  return faults;
}

const STEP = { title: { most: LIMITS.title, filled: true }, text: { most: LIMITS.text }, view: { most: LIMITS.view } };

function stepFaults(entry, step) {
  if (!isTable(entry)) return [{ code: "table", step }];
  const faults = faultsOf(entry, STEP, [], step);
  if (typeof entry.view !== "string") return faults;
  const strange = [...new URLSearchParams(entry.view).keys()].find((name) => !VIEW_PARTS.includes(name));
  return strange === undefined ? faults : [...faults, { code: "view", step, value: strange }];
}

/**
 * Read the text of a presentation's file.
 *
 * @returns {Presentation}
 * @throws {Unreadable}
 */
export function read(text) {
  let raw;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Unreadable([{ code: "json" }]);
  }
  if (!isTable(raw) || !Array.isArray(raw.step)) throw new Unreadable([{ code: "shape" }]);
  const { lang, title, step: steps } = raw;
  if (steps.length === 0) throw new Unreadable([{ code: "empty" }]);
  if (steps.length > LIMITS.steps) throw new Unreadable([{ code: "many", count: steps.length, most: LIMITS.steps }]);
  const faults = faultsOf(raw, { title: STEP.title }, ["lang", "step"]);
  if (!LANGUAGES.includes(lang)) faults.push({ code: "lang", field: "lang" });
  faults.push(...steps.flatMap((entry, index) => stepFaults(entry, index + 1)));
  if (faults.length) throw new Unreadable(faults);
  return { lang, title, steps: steps.map(({ title, text, view }) => ({ title, text, view: viewOf(view) })) };
}

/** The text of a presentation's file: what `webmap/tours.py` reads too. */
export function write({ lang, title, steps }) {
  return `${JSON.stringify({ lang, title, step: steps }, null, 2)}\n`;
}

/** A name for its file: letters that an address can hold too. */
export function fileName({ title }) {
  const plain = title.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = plain.replace(/[^a-z0-9]+/g, "-").slice(0, 60).replace(/^-+|-+$/g, "");
  return `${words || "presentation"}.json`;
}

/** What of the map's address is a view: neither its language nor the table over it. */
export function viewOf(search) {
  const kept = [...new URLSearchParams(search)].filter(([name]) => VIEW_PARTS.includes(name));
  return new URLSearchParams(kept).toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
}

/** The steps with one at another rank; out of range, as they are. */
export function moved(steps, from, to) {
  if (to < 0 || to >= steps.length) return steps;
  const others = steps.toSpliced(from, 1);
  return others.toSpliced(to, 0, steps[from]);
}
