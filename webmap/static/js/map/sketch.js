/** What does the reader draw on the map? A line of points added by click or from the centre. */

const DRAG = 5;

/** A sketch. Emits `change`. While it is active, clicks add points instead of opening places. */
export class Sketch extends EventTarget {
  #map;
  #group = L.layerGroup();
  #points = [];
  #active = false;
  #shape = "free";
  #pressed = null;

  constructor(map) {
    super();
    this.#map = map;
    const frame = map.getContainer();
    frame.addEventListener("pointerdown", (event) => (this.#pressed = [event.clientX, event.clientY]), true);
    frame.addEventListener("click", (event) => this.#click(event), true);
  }

  /** The points, [lon, lat] in degrees. */
  get points() {
    return this.#points;
  }

  /** What is drawn: `point` (a new one replaces the last), `line`, `area`, or `free` (a line that may enclose). */
  set shape(shape) {
    this.#shape = shape;
    if (shape === "point") this.#points = this.#points.slice(-1);
    this.#changed();
  }

  /** Begin with points, [lon, lat] in degrees. */
  set points(points) {
    this.#points = points;
    this.#changed();
  }

  set active(active) {
    this.#active = active;
    this.#map.getContainer().classList.toggle("sketching", active);
    if (active) this.#group.addTo(this.#map);
    else this.#group.remove();
  }

  #click(event) {
    if (!this.#active || event.target.closest(".leaflet-control")) return;
    event.stopPropagation();
    event.preventDefault();
    const [x, y] = this.#pressed ?? [event.clientX, event.clientY];
    if (Math.hypot(event.clientX - x, event.clientY - y) > DRAG) return;
    const { lat, lng } = this.#map.mouseEventToLatLng(event);
    this.add([lng, lat]);
  }

  add(point) {
    this.#points = this.#shape === "point" ? [point] : [...this.#points, point];
    this.#changed();
  }

  undo() {
    this.#points = this.#points.slice(0, -1);
    this.#changed();
  }

  clear() {
    this.#points = [];
    this.#changed();
  }

  #changed() {
    const latLngs = this.#points.map(([lon, lat]) => [lat, lon]);
    const common = { pane: "points", interactive: false };
    this.#group.clearLayers();
    if (latLngs.length > 2 && this.#shape !== "line") {
      this.#group.addLayer(L.polygon(latLngs, { ...common, className: "sketch-area" }));
    }
    this.#group.addLayer(L.polyline(latLngs, { ...common, className: "sketch-line" }));
    for (const at of latLngs) {
      this.#group.addLayer(L.circleMarker(at, { ...common, radius: 5, className: "sketch-point" }));
    }
    this.dispatchEvent(new Event("change"));
  }
}
