/**
 * The map's element and the panel over it have been opened, and the style sheet has come: browsers run no script before.
 * first-picture.js may have been waiting for them. From here on the page could be laid out; that is put off until its
 * picture has been painted, since a slow browser would do it twice, but not for long. The typeface is made ready
 * meanwhile: a browser that looks for it when it lays the page out writes in another one first.
 */
{
  // Milliseconds that the page waits for its picture at most.
  const PATIENCE = 300;
  const { dataset } = document.documentElement;
  dataset.mapIsThere = "true";
  dataset.unseen = "page";
  setTimeout(() => delete dataset.unseen, PATIENCE);
  document.fonts.load('1rem "Atkinson Hyperlegible Next"').catch(() => {});
  window.dispatchEvent(new Event("mapisthere"));
}
