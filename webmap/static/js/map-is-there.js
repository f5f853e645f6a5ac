/**
 * The map's element and the panel over it have been opened, and the style sheet has come: browsers run no script before.
 * first-picture.js may have been waiting for them.
 */
document.documentElement.dataset.mapIsThere = "true";
window.dispatchEvent(new Event("mapisthere"));
