/** How much of a map's frame do the panel and the sheet cover? */

const MARGIN = 24;
const ATTRIBUTION = 40;

/** The pixels covered at each side, so that what is looked for stands beside the panel and the sheet. */
export function coveredPixels(frame) {
  const panel = (frame.querySelector("[data-tour]") ?? frame.querySelector("[data-panel]")).getBoundingClientRect();
  const sheet = frame.querySelector("[data-sheet]");
  const box = frame.getBoundingClientRect();
  const covered = { left: MARGIN, right: MARGIN, top: MARGIN, bottom: ATTRIBUTION };
  if (matchMedia("(max-width: 52rem)").matches) {
    if (frame.querySelector("[data-tour]")) covered.bottom = panel.height + MARGIN;
    else if (!sheet.hidden) covered.bottom = sheet.getBoundingClientRect().height + MARGIN;
    return covered;
  }
  if (panel.width) covered.left = panel.right - box.left + MARGIN;
  if (sheet.getBoundingClientRect().width) covered.right = box.right - sheet.getBoundingClientRect().left + MARGIN;
  return covered;
}
