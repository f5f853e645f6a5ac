/** Conditions of CQL2 text, written from a property, an operator and a value. */

const TEXT = (value) => `'${value.replaceAll("'", "''")}'`;
const PATTERN = (value) => value.replace(/[\\%_]/g, "\\$&");
const LIKE = (name, pattern) => `CASEI(ACCENTI(${name})) LIKE CASEI(ACCENTI(${TEXT(pattern)}))`;

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">="];
const WORDS = ["contains", "starts", "=", "<>"];

/** The operators that make sense for a type of property, the first being the usual one. */
export function operatorsOf(type) {
  const empty = ["null", "notnull"];
  if (type === "geometry") return empty;
  if (type === "array") return ["has", ...empty];
  if (type === "string") return [...WORDS, ...empty];
  if (type === "boolean") return ["=", ...empty];
  return [...COMPARISONS, ...empty];
}

/** Tell whether an operator wants a value. */
export const needsValue = (operator) => operator !== "null" && operator !== "notnull";

/** A name as CQL2 writes it: between quotes when it is not a plain word. */
const written = (name) => (/^[A-Za-z_][\w.]*$/.test(name) ? name : `"${name}"`);

function literal(type, value) {
  if (type === "date") return `DATE(${TEXT(value)})`;
  if (type === "number" || type === "integer") return value.trim().replace(",", ".");
  if (type === "boolean") return /^(true|vrai|oui|yes|1)$/i.test(value.trim()) ? "TRUE" : "FALSE";
  return TEXT(value);
}

/** One condition; empty text when a value is wanted and missing. */
export function condition(name, type, operator, value) {
  const property = written(name);
  if (operator === "null") return `${property} IS NULL`;
  if (operator === "notnull") return `${property} IS NOT NULL`;
  if (!value.trim()) return "";
  if (operator === "contains") return LIKE(property, `%${PATTERN(value.trim())}%`);
  if (operator === "starts") return LIKE(property, `${PATTERN(value.trim())}%`);
  if (operator === "has") return `A_CONTAINS(${property}, (${TEXT(value.trim())}))`;
  return `${property} ${operator} ${literal(type, value)}`;
}

/** A filter with one more condition, that must hold too. */
export function both(filter, added) {
  if (!filter.trim()) return added;
  return / or /i.test(filter) ? `(${filter.trim()}) AND ${added}` : `${filter.trim()} AND ${added}`;
}
