/** Taking part on the map: ties the map, the form, the lists and the queue together. */

import { getJson } from "../api.js";
import { AtlasMap } from "../map/atlas-map.js";
import { Voices } from "../map/voices.js";
import { showOthers, showOwn } from "./lists.js";
import { keepOffline, leaveToWorker } from "./offline.js";
import { Queue, SENT } from "./queue.js";
import { ask, senderTo } from "./sender.js";
import { aloneFor, keep, records } from "./store.js";
import { loadSearch } from "./where.js";
import { answerWords, Wizard } from "./wizard.js";

const REFRESH_MS = 20_000;
const DRAFT_MS = 400;
const TOLD_MS = 8000;

const page = document.querySelector("[data-take-part]");
const config = await getJson(page.dataset.configuration);
const { texts, urls, slug } = config;
const part = (name) => page.querySelector(`[data-${name}]`);
const card = (name) => page.querySelector(`[data-card="${name}"]`);
const known = { features: [], kept: new Map(), supported: new Set() };

const atlas = await getJson(urls.map);
const map = new AtlasMap(window.map_petite, atlas.styles, texts);
const voices = new Voices(window.map_petite, config.categories);
const wizard = new Wizard(part("form"), config, window.map_petite);
const queue = new Queue(slug, records, senderTo(urls), aloneFor(slug));
const drafts = keep("drafts");

let told = 0;
/** Say something to everybody who is looking or listening. */
function tell(text) {
  clearTimeout(told);
  part("status").textContent = "";
  part("status").textContent = text;
  told = setTimeout(() => (part("status").textContent = ""), TOLD_MS);
}

function open(name) {
  const opener = document.activeElement;
  for (const other of page.querySelectorAll("[data-card]")) other.hidden = other.dataset.card !== name;
  part("bar").hidden = Boolean(name);
  if (name !== "contribute") wizard.close();
  if (name) card(name).querySelector("h2").focus({ preventScroll: true });
  else (opener?.closest("[data-card]") ? page.querySelector(`[data-open="${opener.closest("[data-card]").dataset.card}"]`) : null)?.focus();
}

async function restored() {
  const draft = await drafts.get(slug).catch(() => null);
  if (draft) tell(texts.restored);
  return draft?.said ?? null;
}

let saving = 0;
wizard.addEventListener("draft", () => {
  clearTimeout(saving);
  saving = setTimeout(() => drafts.put({ slug, said: wizard.value }).catch(() => tell(texts.noStorage)), DRAFT_MS);
});
wizard.addEventListener("close", () => open(""));
wizard.addEventListener("tell", ({ detail }) => tell(detail));
wizard.addEventListener("send", async ({ detail: { said, correcting } }) => {
  clearTimeout(saving);
  const key = correcting ?? crypto.randomUUID();
  try {
    if (correcting) await queue.correct(key, said, known.kept.get(key));
    else await queue.add(key, said);
    await drafts.drop(slug);
  } catch {
    return tell(texts.noStorage);
  }
  wizard.clear();
  open("mine");
  tell(texts.queued);
  return deliver();
});

let waiting = 0;
/** Send what waits; when the service does not answer, again after a pause, and when the network returns. */
async function deliver() {
  clearTimeout(waiting);
  const sending = queue.flush().catch(() => tell(texts.noStorage));
  leaveToWorker(page.dataset.scope, queue).catch(() => null);
  await sending;
  if (queue.pause) waiting = setTimeout(deliver, queue.pause * 1000);
}

queue.addEventListener("change", () => drawOwn());
queue.addEventListener("outcome", async ({ detail: { step, key, kind } }) => {
  if (kind === "kept") tell(step === "correct" ? texts.corrected : texts.thanks);
  if (kind === "gone") tell(texts.gone);
  if (kind === "refused") {
    const { problem } = (await queue.records()).find((record) => record.key === key) ?? {};
    tell(`${texts.refused.replace("{why}", problem?.detail ?? "")} ${problem?.reason === "not-taking" ? texts.closedNow : ""}`);
  }
  if (kind === "kept" || kind === "gone") refresh();
});

async function drawOwn() {
  const own = await queue.records();
  showOwn(page.querySelector('[data-list="mine"]'), config, own, known.kept);
  const elsewhere = [...known.kept.keys()].filter((key) => !own.some((record) => record.key === key));
  part("hand-on").hidden = !config.taking || !(own.length || elsewhere.length);
  page.querySelector('[data-count="mine"]').textContent = own.length + elsewhere.length || "";
}

function drawOthers() {
  const own = new Set([...known.kept.values()].map(({ number }) => number));
  const nameOf = ({ id, properties }) => {
    const category = config.categories.find((one) => one.id === properties.category);
    return [texts.number.replace("{n}", id), category?.name].filter(Boolean).join(" · ");
  };
  showOthers(page.querySelector('[data-list="others"]'), config, known.features, { own, supported: known.supported });
  voices.draw(known.features, nameOf);
  page.querySelector('[data-count="others"]').textContent = known.features.length || "";
}

/** Ask what is new; without a network, what was known stays. */
async function refresh() {
  const mine = await ask(urls.mine, "GET");
  if (mine.body?.joined) {
    known.kept = new Map(mine.body.contributions.map((one) => [one.key, one]));
    known.supported = new Set(mine.body.supports);
    for (const { key, state } of await queue.records()) if (state === SENT && !known.kept.has(key)) await queue.forget(key);
  } else if (mine.status === 200 && config.taking && !(await queue.records()).length) location.replace(urls.landing);
  const read = await getJson(urls.contributions).catch(() => null);
  if (read) known.features = read.features;
  drawOthers();
  await drawOwn();
}

/** Ask what is new, and send what another tab or the service worker was sending without success. */
async function keepUp() {
  await refresh();
  if (!queue.pause) await deliver();
}

async function act({ action, key }) {
  const number = Number(key);
  const record = (await queue.records()).find((one) => one.key === key);
  const said = record?.said ?? saidOf(known.kept.get(key));
  if (action === "show") voices.show(number);
  else if (action === "support") await gesture("support", number, known.supported.has(number) ? "DELETE" : "PUT");
  else if (action === "flag") askWhy(number);
  else if (action === "correct") {
    open("contribute");
    wizard.open({ said, correcting: key });
    if (record?.problem) wizard.showFault(record.problem);
  } else if (action === "withdraw") {
    await queue.withdraw(key, said, known.kept.get(key));
    await deliver();
  } else if (action === "forget") await queue.forget(key);
  else if (action === "copy") await copy(said);
}

const saidOf = (one) => one && { language: document.documentElement.lang, category: one.category, geometry: one.geometry, place: one.place, commitment: one.commitment, territory: one.territory, answers: one.answers };

async function copy(said) {
  const lines = config.questions.filter(({ id }) => id in said.answers).map((question) => `${question.label}\n${answerWords(question, said.answers[question.id])}`);
  await navigator.clipboard.writeText(lines.join("\n\n")).then(() => tell(texts.copied), () => tell(texts.notCopied));
}

/** Let the next person use the device: nothing of the last one stays on it. */
async function handOn() {
  const own = await queue.records();
  if (own.some(({ state }) => state !== SENT)) return tell(texts.waitFirst);
  const { status } = await ask(urls.token, "POST", { fresh: true });
  if (status !== 200) return tell(texts.lost);
  for (const { key } of own) await queue.forget(key);
  await drafts.drop(slug);
  wizard.clear();
  await refresh();
  open("");
  return tell(texts.handed);
}

async function gesture(name, number, method, body = null) {
  const { status, body: told } = await ask(urls[name].replace(/0(?=\?|$)/, number), method, body);
  tell(status === 200 ? (name === "flag" ? texts.flagged : texts.supports.replace("{n}", told.supports)) : (told?.detail ?? texts.lost));
  if (status === 200) await refresh();
}

const dialog = part("flag-dialog");
let flagged = 0;
function askWhy(number) {
  flagged = number;
  dialog.querySelector("form").reset();
  dialog.showModal();
}
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
dialog.querySelector("form").addEventListener("submit", () => gesture("flag", flagged, "PUT", { reason: dialog.querySelector("input").value }));

page.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.open) {
    open(button.dataset.open);
    if (button.dataset.open === "contribute") wizard.open({ said: await restored() });
  } else if ("close" in button.dataset) open("");
  else if ("handOn" in button.dataset) await handOn();
  else if (button.dataset.action) await act(button.dataset);
});
page.addEventListener("keydown", (event) => event.key === "Escape" && !event.target.closest("dialog") && open(""));
voices.addEventListener("select", ({ detail }) => {
  open("others");
  const item = document.getElementById(`contribution-${detail}`);
  item?.focus();
  item?.scrollIntoView({ block: "start" });
});

function network(online) {
  part("network").hidden = online;
  part("network").textContent = online ? "" : texts.offline;
}
addEventListener("online", () => {
  network(true);
  tell(texts.online);
  deliver();
});
addEventListener("offline", () => network(false));

async function start() {
  network(navigator.onLine);
  page.querySelector('[data-open="contribute"]').hidden = !config.taking;
  part("situation").hidden = config.taking;
  part("situation").textContent = config.taking ? "" : config.situation;
  const ids = config.layers.map(({ id }) => id);
  const load = async ({ id, style, items }) => map.addLayer(id, style, (await getJson(items)).features);
  await Promise.allSettled([config.ground && getJson(config.ground.items).then(({ features }) => map.drawGround(features)), ...config.layers.map(load)]);
  map.chooseBasemap(atlas.basemap);
  map.fitBox(config.box, { maxZoom: 17 });
  for (const id of ids) map.showLayer(id, true);
  await drawOwn();
  await refresh();
  page.dataset.ready = "true";
  deliver();
  setInterval(keepUp, REFRESH_MS);
  const needed = () => [loadSearch(), getJson(part("search").dataset.source)];
  keepOffline(page, config, needed, refresh).catch(() => null);
}

await start();
