/**
 * Brings the script that starts the map, sooner than the browser runs one that is named in the page. Stands in the page,
 * and says where the page says what went wrong when a script does not come.
 */
{
  const tell = () => {
    const notice = document.querySelector("[data-notice]");
    if (!notice) return document.addEventListener("DOMContentLoaded", tell);
    notice.textContent = notice.dataset.lost;
    return (notice.hidden = false);
  };
  import(document.currentScript.dataset.first).catch(tell);
  // Such an event does not rise: it is only met on its way down.
  window.addEventListener("error", ({ target }) => target instanceof HTMLScriptElement && tell(), true);
}
