/** The map's element and the panel over it have been opened: first-picture.js may have been waiting for them. */
window.dispatchEvent(new Event("mapisthere"));
