/** How is a record sent, and what does the answer mean for it? */

const PROBLEM = "application/problem+json";
const LATER = new Set([408, 425, 429]);
/** A network that has gone without a word would hold the queue; what is sent twice is kept once. */
const PATIENCE_MS = 60_000;

/** What an answer means. `kind` is `kept`, `gone`, `refused`, `later`, or `join` when a token is missing. */
export function outcomeOf(step, status, body, retryAfter = "") {
  if (status === 200 || status === 201) {
    return step === "withdraw" ? { kind: "gone" } : { kind: "kept", kept: body, repeated: status === 200 };
  }
  const problem = body?.detail ? { detail: body.detail, field: body.field ?? "", reason: body.reason ?? "" } : null;
  if (LATER.has(status) || status >= 500) return { kind: "later", after: Number(retryAfter) || 0, problem: null };
  const reason = body?.reason;
  if (reason === "not-joined") return { kind: "join" };
  if (reason === "not-taking" && ["paused", "coming"].includes(body.phase)) return { kind: "later", after: 60, problem };
  if (step === "withdraw" && ["unknown", "withdrawn"].includes(reason)) return { kind: "gone" };
  // It arrived under a token that this browser has lost: it is there, but can no longer be changed from here.
  if (step === "submit" && reason === "not-yours") return { kind: "kept", kept: null, repeated: false };
  return { kind: "refused", problem: problem ?? { detail: `HTTP ${status}`, field: "", reason: "" } };
}

/** Ask the service. Returns its status and what it says; status 0 when it does not answer. */
export async function ask(url, method, body) {
  const headers = { Accept: `application/json, ${PROBLEM}`, "Content-Type": "application/json" };
  let response;
  try {
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: response.status, body: await response.json(), retryAfter: response.headers.get("Retry-After") };
  } catch {
    // An answer that is no JSON comes from something in between: a portal, a proxy, a server that starts.
    return { status: 0, body: null, retryAfter: "" };
  }
}

/**
 * A function that sends records to a consultation.
 * @param {{contributions: string, token: string}} urls
 */
export function senderTo(urls) {
  const once = async (step, record) => {
    const url = new URL(urls.contributions, self.location.href);
    if (step !== "submit") url.pathname += `/${record.key}`;
    const method = { submit: "POST", correct: "PUT", withdraw: "DELETE" }[step];
    // Its first attempt may have failed for want of a network: then it may arrive late.
    const body = step === "withdraw" ? null : { ...record.said, key: record.key, ...(step === "submit" && { queued: record.attempts > 0 }) };
    const { status, body: told, retryAfter } = await ask(url.href, method, body);
    return status ? outcomeOf(step, status, told, retryAfter) : { kind: "later", after: 0 };
  };
  return async (step, record) => {
    const outcome = await once(step, record);
    if (outcome.kind !== "join") return outcome;
    const { status } = await ask(urls.token, "POST", {});
    return { kind: "later", after: status === 200 ? 4 : 0, problem: null };
  };
}
