/** Filling in one way of saying the area to print chooses it. */

const area = document.querySelector("[data-print-area]");

area.addEventListener("change", ({ target }) => {
  const choice = target.closest(".field")?.querySelector("input[type=radio]");
  if (choice && target !== choice && target.value) choice.checked = true;
});
