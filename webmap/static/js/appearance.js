/**
 * Does the reader want light, dark, or what the device has? The choice is kept on this device and nowhere else.
 *
 * No module: it runs in the head of a page, before anything is drawn. Without it a page follows the device.
 */
{
  const KEY = "limitrophe-appearance";
  const root = document.documentElement;

  // A browser may refuse to keep anything, as in a frame of another site: then the choice holds for the page.
  const kept = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return root.dataset.appearance;
    }
  };

  const keep = (choice) => {
    try {
      if (choice) localStorage.setItem(KEY, choice);
      else localStorage.removeItem(KEY);
    } catch {
      // Nothing is lost but the memory of it.
    }
  };

  const apply = (choice) => {
    const before = root.dataset.appearance;
    if (choice === "light" || choice === "dark") root.dataset.appearance = choice;
    else delete root.dataset.appearance;
    for (const radio of document.querySelectorAll("[data-appearance-choice]")) {
      radio.checked = radio.value === (root.dataset.appearance ?? "");
    }
    if (before !== root.dataset.appearance) window.dispatchEvent(new Event("appearance"));
  };

  const close = (menu) => (menu.open = false);

  root.dataset.scripted = "true";
  apply(kept());
  for (const moment of ["DOMContentLoaded", "pageshow"]) window.addEventListener(moment, () => apply(kept()));
  window.addEventListener("storage", ({ key }) => (key === KEY || key === null) && apply(kept()));
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-appearance-choice]")) return;
    keep(target.value);
    apply(target.value);
  });
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll(".appearance[open]")) if (!menu.contains(target)) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest(".appearance[open]");
    if (!menu) return;
    event.stopPropagation();
    close(menu);
    menu.querySelector("summary").focus();
  }, true);
}
