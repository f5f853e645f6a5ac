/** Buttons that copy the text of a field, and say that they did. */

/** Copy the text of a field; where the clipboard is closed to scripts, leave it selected. */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return false;
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    status.textContent = "";
    status.textContent = (await copied(field)) ? status.dataset.done : status.dataset.select;
  });
}
