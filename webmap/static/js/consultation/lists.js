/** What is listed beside the map? The contributions of others, and those made on this device. */

import { REFUSED, SENDING, SENT } from "./queue.js";
import { answerWords, element } from "./wizard.js";

function button(text, action, key, context) {
  const made = element("button", text, "button");
  made.type = "button";
  made.dataset.action = action;
  made.dataset.key = key;
  made.append(element("span", ` ${context}`, "visually-hidden"));
  return made;
}

/** What a contribution says, as elements. */
function content(config, said, number) {
  const meta = document.createElement("div");
  meta.className = "record-meta";
  const category = config.categories.find(({ id }) => id === said.category);
  if (category) meta.append(element("span", `${category.letter} · ${category.name}`, "chip"));
  if (number) meta.append(element("span", config.texts.number.replace("{n}", number)));
  for (const id of [said.place, said.territory, said.commitment]) if (id) meta.append(element("span", config.names[id] ?? id));
  const answers = config.questions
    .filter(({ id }) => id in said.answers)
    .flatMap((question) => [element("dt", question.label, "small muted"), element("dd", answerWords(question, said.answers[question.id]), "said-text")]);
  const list = document.createElement("dl");
  list.className = "said";
  list.append(...answers);
  return [meta, list];
}

/** The words of a record of the queue: where it is on its way. */
export function stateWords({ state, problem, withdrawn, kept }, texts) {
  if (state === REFUSED) return texts.refused.replace("{why}", problem?.detail ?? "");
  if (state === SENT) return texts[kept?.state] ?? texts.sent;
  if (problem) return texts.paused.replace("{why}", problem.detail);
  if (state === SENDING) return texts.sending;
  return withdrawn ? texts.withdrawing : texts.waiting;
}

/** Show the contributions of others. */
export function showOthers(list, config, features, { own, supported }) {
  const { texts } = config;
  if (!config.visible) return list.replaceChildren(element("li", texts.hidden));
  if (!features.length) return list.replaceChildren(element("li", texts.none));
  const items = features.map(({ id, geometry, properties }) => {
    const item = document.createElement("li");
    item.id = `contribution-${id}`;
    item.tabIndex = -1;
    const actions = document.createElement("div");
    const context = texts.number.replace("{n}", id);
    actions.className = "actions";
    actions.append(element("span", texts.supports.replace("{n}", properties.supports), "small muted"));
    if (geometry) actions.append(button(texts.show, "show", id, context));
    if (own.has(id)) actions.append(element("span", texts.own, "chip"));
    else if (config.taking) {
      const on = supported.has(id);
      const support = button(on ? texts.unsupport : texts.support, "support", id, context);
      support.setAttribute("aria-pressed", String(on));
      if (config.supports) actions.append(support);
      actions.append(button(texts.flag, "flag", id, context));
    }
    item.append(...content(config, properties, id), actions);
    return item;
  });
  return list.replaceChildren(...items);
}

/** Show what was made on this device: records of the queue, then what only the service remembers. */
export function showOwn(list, config, records, kept) {
  const { texts } = config;
  const known = new Set(records.map(({ key }) => key));
  const entries = [
    ...records.map((record) => ({ key: record.key, said: record.said, words: stateWords(record, texts), record, one: kept.get(record.key) ?? record.kept })),
    ...[...kept.values()].filter(({ key }) => !known.has(key)).map((one) => ({ key: one.key, said: one, words: texts[one.state] ?? texts.sent, record: null, one })),
  ];
  if (!entries.length) return list.replaceChildren(element("li", texts.none));
  const items = entries.reverse().map(({ key, said, words, record, one }) => {
    const item = document.createElement("li");
    item.dataset.key = key;
    const state = element("p", words, `part-state part-state-${record?.state ?? SENT}`);
    const actions = document.createElement("div");
    actions.className = "actions";
    const context = one?.number ? texts.number.replace("{n}", one.number) : "";
    const settled = !record || record.state === SENT;
    // Without word from the service nobody knows how long it may be changed: then trying is allowed.
    if (!settled || !one || one.editable_s > 0) {
      if (!record?.withdrawn) actions.append(button(texts.toCorrect, "correct", key, context));
      if (!record?.withdrawn && record?.state !== REFUSED) actions.append(button(texts.withdraw, "withdraw", key, context));
    }
    if (record?.state === REFUSED) actions.append(button(texts.copy, "copy", key, context), button(texts.forget, "forget", key, context));
    item.append(...content(config, said, one?.number), state, actions);
    return item;
  });
  return list.replaceChildren(...items);
}
