/** Which place of a large layer is the pointer on? Names it, and selects it on a click. */

// Half of the 24 pixels that a target is wide at least.
const REACH = 12;

/**
 * Make the places of layers answer to the pointer; the list of the panel answers to the keyboard.
 * @param {L.Map} map
 * @param {() => object[]} layers the dense layers, those that are shown, the uppermost first
 * @param {(id: string) => void} select
 */
export function answerToPointer(map, layers, select) {
  const tip = L.tooltip({ direction: "top", opacity: 1, offset: [0, -8] });
  const at = ({ latlng, originalEvent }) => {
    // What Leaflet draws itself answers itself.
    if (originalEvent.target.closest?.(".leaflet-interactive, .leaflet-control")) return null;
    for (const layer of layers()) {
      const found = layer.at(latlng, REACH);
      if (found) return found;
    }
    return null;
  };
  const show = (event) => {
    const found = event && at(event);
    map.getContainer().classList.toggle("pointing", Boolean(found));
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
    if (found) select(found.id);
  });
}
