/** How much of a map's frame do the panel and the sheet cover? */

const MARGIN = 24;
const ATTRIBUTION = 40;

/** The pixels covered at each side, so that what is looked for stands beside the panel, the sheet, the table and a tool. */
export function coveredPixels(frame, { margin = MARGIN } = {}) {
  const panel = (frame.querySelector("[data-tour]") ?? frame.querySelector("[data-panel]")).getBoundingClientRect();
  // None of the following may have come yet.
  const sheet = frame.querySelector("[data-sheet]");
  const card = frame.querySelector(".tool:not([hidden])")?.getBoundingClientRect();
  const box = frame.getBoundingClientRect();
  const table = frame.querySelector("[data-map-table]")?.getBoundingClientRect();
  const bottom = table?.height ? box.bottom - table.top + margin : margin && ATTRIBUTION;
  const covered = { left: margin, right: margin, top: margin, bottom };
  if (matchMedia("(max-width: 52rem)").matches) {
    if (frame.querySelector("[data-tour]")) covered.bottom = panel.height + margin;
    else if (card) covered.bottom = Math.max(bottom, box.bottom - card.top + margin);
    else if (sheet && !sheet.hidden) covered.bottom = Math.max(bottom, sheet.getBoundingClientRect().height + margin);
    return covered;
  }
  if (panel.width) covered.left = panel.right - box.left + margin;
  if (sheet?.getBoundingClientRect().width) covered.right = box.right - sheet.getBoundingClientRect().left + margin;
  if (card) covered.right = Math.max(covered.right, box.right - card.left + margin);
  return covered;
}
