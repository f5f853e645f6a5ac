/** How does the team go through the queue quickly? One-key shortcuts, and decisions without loading the page anew. */

import { offerOneKey, wantsOneKey } from "../one-key.js";

const page = document.querySelector(".moderation");
const said = page.querySelector("[data-announce]");

const queue = () => document.getElementById("file");
const entries = () => [...page.querySelectorAll("[data-entry]")];
const current = () => document.activeElement?.closest?.("[data-entry]") ?? null;

/** What is announced must change for a screen reader to say it again. */
function announce(text) {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = text;
  });
}

function go(entry) {
  entry?.focus({ preventScroll: true });
  entry?.scrollIntoView({ block: "start" });
}

function step(by) {
  const all = entries();
  const at = all.indexOf(current());
  go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function button(entry, action) {
  return entry?.querySelector(`button[value="${action}"]`);
}

function openMore(entry) {
  const more = entry.querySelector(".more");
  if (more) more.open = true;
  return more;
}

/** Take the selected words into the list of passages; without a selection go to those that are offered. */
function mask(entry) {
  const more = openMore(entry);
  const chosen = document.getSelection();
  const field = more?.querySelector("textarea");
  if (!field) return;
  const text = chosen.toString().trim();
  const inside = text && chosen.anchorNode && entry.querySelector(".said")?.parentElement.contains(chosen.anchorNode);
  if (inside) {
    field.value = [field.value.trim(), ...text.split("\n")].filter(Boolean).join("\n");
    more.querySelector("select").focus();
  } else {
    (more.querySelector("input[type=checkbox]") ?? field).focus();
  }
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => button(current(), "accept")?.click(),
  u: () => button(current(), "restore")?.click(),
  r: () => openMore(current())?.querySelector("select").focus(),
  m: () => mask(current()),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
  if (!wantsOneKey() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = ACTS[event.key.toLowerCase()];
  if (!act || (!"jk".includes(event.key.toLowerCase()) && !current())) return;
  event.preventDefault();
  act();
});

/** Put the queue of an answer in the place of this one, and go on with what follows. */
function show(answer, number) {
  const found = new DOMParser().parseFromString(answer, "text/html");
  const fresh = found.getElementById("file");
  if (!fresh) throw new TypeError("no queue in the answer");
  const ids = entries().map(({ id }) => id);
  queue().replaceWith(document.adoptNode(fresh));
  const again = document.getElementById(`n${number}`);
  const following = ids.slice(ids.indexOf(`n${number}`) + 1).map((id) => document.getElementById(id)).find(Boolean);
  const refused = fresh.querySelector(".notice-warning");
  announce(fresh.querySelector("[data-said]")?.textContent.trim() ?? "");
  if (refused && again) go(again);
  else if (following ?? entries()[0]) go(following ?? entries()[0]);
  else announce(`${fresh.querySelector("[data-said]")?.textContent.trim() ?? ""} ${fresh.dataset.none}`);
}

function tellFailure(form) {
  page.querySelector("[data-failure]")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice notice-warning";
  notice.setAttribute("role", "alert");
  notice.dataset.failure = "";
  notice.textContent = queue().dataset.failed;
  form.before(notice);
}

page.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-decide]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "true";
  const sent = new FormData(form, event.submitter);
  try {
    // Not form.action: its buttons are called "action".
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { Accept: "text/html" },
    });
    show(await answer.text(), sent.get("number"));
  } catch {
    delete form.dataset.sent;
    tellFailure(form);
  }
});

offerOneKey();
page.dataset.ready = "true";
