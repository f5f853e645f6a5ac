/** Does the map glide? Not for readers who ask their system for less motion: they see where it goes at once. */

const less = matchMedia("(prefers-reduced-motion: reduce)");

/** Have a map move as its reader wishes. What style sheets move, zooming included, is settled in css/base.css. */
export function moveAsWished(map) {
  const { panBy } = map;
  map.panBy = (offset, options) => panBy.call(map, offset, less.matches ? { ...options, animate: false } : options);
  const follow = () => (map.options.inertia = !less.matches);
  follow();
  less.addEventListener("change", follow);
}
