/** The print form: filling in a way of saying the area chooses it; making the PDF is announced. */

const form = document.querySelector("[data-print-form]");
const status = form.querySelector("[data-print-status]");

form.querySelector("[data-print-area]").addEventListener("change", ({ target }) => {
  const choice = target.closest(".print-choice")?.querySelector("input[type=radio]");
  if (choice && target !== choice && target.value) choice.checked = true;
});

form.addEventListener("submit", ({ submitter }) => {
  if (!submitter?.hasAttribute("formaction")) status.textContent = status.dataset.text;
});

// A page that the browser brings back, once the PDF is closed, waits for nothing any more.
window.addEventListener("pageshow", () => {
  status.textContent = "";
});
