/** What if a script of the page does not come? Stands in the page, and says so where the page says what went wrong. */
window.addEventListener(
  "error",
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const notice = document.querySelector("[data-notice]");
    notice.textContent = notice.dataset.lost;
    notice.hidden = false;
  },
  // Such an event does not rise: it is only met on its way down.
  true,
);
