/** How is the presentation of this device shown? As a guided tour: its steps are put in the tour's card. */

import { load } from "./kept.js";

/** Put the steps that are kept into the card; without any, the card says so by itself. */
export function fillTour(card) {
  const kept = load();
  if (!kept) return;
  const asked = Number(new URLSearchParams(location.search).get("etape") ?? 1);
  const shown = Math.max(1, Math.min(asked, kept.steps.length));
  const holder = card.querySelector(".tour-steps");
  const model = holder.querySelector("article");
  const articles = kept.steps.map(({ title, text, view }, index) => {
    const article = model.cloneNode(true);
    article.lang = kept.lang;
    article.dataset.view = view;
    article.hidden = index + 1 !== shown;
    article.querySelector(".overline").textContent = `${kept.title} · ${index + 1} / ${kept.steps.length}`;
    article.querySelector("h2").textContent = title;
    article.querySelector("h2 + p").textContent = text;
    return article;
  });
  holder.replaceChildren(...articles);
  card.dataset.step = String(shown);
}
