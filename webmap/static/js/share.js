/** How is a view handed on? Its address, the code that embeds it, the file that takes it away. */

/** The address of the view in full: the language is said, what follows a # is not. */
export function permalink(href, language) {
  const url = new URL(href);
  url.searchParams.set("lang", language);
  url.hash = "";
  return url.href.replaceAll("%2C", ",");
}

const ESCAPES = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
const escaped = (text) => text.replace(/[&"<>]/g, (character) => ESCAPES[character]);

/** The HTML that shows a view inside another page. */
export function embedCode(embedHref, viewHref, title) {
  const url = new URL(embedHref);
  url.search = new URL(viewHref).search;
  const src = escaped(url.href.replaceAll("%2C", ","));
  return `<iframe src="${src}" title="${escaped(title)}" width="100%" height="600" loading="lazy" allowfullscreen style="border:0"></iframe>`;
}

/** Copy the text of a field; true when the browser did. */
async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // No clipboard outside https, or not allowed: the older way works on what is selected.
    return document.execCommand("copy");
  }
}

function offerDialog(dialog) {
  const view = dialog.querySelector("#partage-adresse");
  const code = dialog.querySelector("#partage-code");
  const status = dialog.querySelector("[role=status]");
  for (const button of document.querySelectorAll("[data-share-open]")) {
    button.addEventListener("click", () => {
      view.value = permalink(location.href, document.documentElement.lang);
      code.value = embedCode(dialog.dataset.embed, view.value, dialog.dataset.title);
      status.textContent = "";
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-share-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-share-copy]");
    if (target === dialog) dialog.close();
    if (!button) return;
    const done = await copy(document.getElementById(button.dataset.shareCopy));
    if (done) button.focus();
    status.textContent = done ? dialog.dataset.copied : dialog.dataset.refused;
  });
}

/** Let a link lead to what is shown at the moment it is followed. */
function keepCurrent(link, change) {
  for (const type of ["pointerenter", "focus", "click"]) {
    link.addEventListener(type, () => {
      const url = new URL(link.href);
      change(url);
      link.href = url.href;
    });
  }
}

if (globalThis.document) {
  const dialog = document.querySelector("[data-share]");
  if (dialog) offerDialog(dialog);
  for (const link of document.querySelectorAll("[data-take-shown]")) {
    keepCurrent(link, (url) => {
      const boxes = [...document.querySelectorAll('[name="couche"]:checked')];
      url.searchParams.set("couches", boxes.map(({ value }) => value).join(","));
    });
  }
  for (const link of document.querySelectorAll("[data-whole-map]")) {
    keepCurrent(link, (url) => {
      url.search = location.search;
    });
  }
}
