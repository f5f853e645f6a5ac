/** Which place of a large layer is the pointer on? Names it, and selects it on a click. */

// Half of the 24 pixels that a target is wide at least.
const REACH = 12;

/**
 * Make the places of layers answer to the pointer; the list of the panel answers to the keyboard.
 * @param {L.Map} map
 * @param {() => object[]} layers the dense layers, those that are shown, the uppermost first
 * @param {{select: (id: string) => void, hover: (id: string) => void}} on what to do with the place that is clicked, and
 *   with the one that the pointer is on ("" for none)
 */
export function answerToPointer(map, layers, on) {
  const tip = L.tooltip({ direction: "top", opacity: 1, offset: [0, -8] });
  // What Leaflet draws itself answers itself.
  const answered = ({ originalEvent }) => originalEvent.target.closest?.(".leaflet-interactive, .leaflet-control");
  const at = (event) => {
    if (answered(event)) return null;
    for (const layer of layers()) {
      const found = layer.at(event.latlng, REACH);
      if (found) return found;
    }
    return null;
  };
  const show = (event) => {
    const found = event && at(event);
    map.getContainer().classList.toggle("pointing", Boolean(found));
    if (!event || !answered(event)) on.hover(found?.id ?? "");
    if (!found) {
      tip.remove();
      return;
    }
    const name = document.createElement("span");
    name.textContent = found.name;
    tip.setContent(name).setLatLng(event.latlng).openOn(map);
  };
  let frame = 0;
  map.on("mousemove", (event) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => show(event));
  });
  map.on("mouseout movestart", () => {
    cancelAnimationFrame(frame);
    show(null);
  });
  map.on("click", (event) => {
    const found = at(event);
    if (found) on.select(found.id);
  });
}
