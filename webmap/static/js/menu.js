/** Buttons that open and close what they control: the menu on a phone, the panel of the map. */

for (const button of document.querySelectorAll("[data-toggle]")) {
  const target = document.getElementById(button.getAttribute("aria-controls"));
  const set = (open) => {
    target.dataset.open = String(open);
    for (const other of document.querySelectorAll(`[data-toggle][aria-controls="${target.id}"]`)) {
      other.setAttribute("aria-expanded", String(open));
    }
  };
  button.addEventListener("click", () => set(target.dataset.open !== "true"));
  target.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || target.dataset.open !== "true") return;
    set(false);
    button.focus();
  });
}
