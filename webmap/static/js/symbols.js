/** How does a feature look? From a style of styles.toml to colours, widths and dashes; pure. */

import { HATCH_OPACITY } from "./hatching.js";

/** Methods whose geometry is not measured on a reference: they look different everywhere. */
const DASHES = { "drawn from its description": "7 5", computed: "2 6" };

/** How much less is seen of the fill of such a place. */
const LIGHTER = 0.6;

/** The colour of paper, in hollow symbols, around points and beneath lines. */
const PAPER = ["#ffffff", "#101415"];

/** A colour of SVG that is the first on light ground and the second on dark; see the tokens of base.css. */
export function tones(light, dark) {
  return dark ? `var(--light, ${light}) var(--dark, ${dark})` : light;
}

/** A colour that somebody chose on light ground, so that it stands off dark ground too. */
export function lit(colour) {
  return tones(colour, `color-mix(in oklab, ${colour} 60%, #ffffff)`);
}

/** The kinds of the ground, beneath one another in this order. */
export const GROUND_ORDER = ["commune", "espace vert", "cours d'eau", "voie ferrée", "voie principale", "périphérique"];

/** Metres per CSS pixel of Web Mercator at a zoom and latitude. */
export function metresPerPixel(zoom, latitude) {
  return (156543.03392804097 * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom;
}

/** How much stroke widths grow or shrink at a zoom; 1 at zoom 14. */
export function zoomFactor(zoom) {
  return Math.min(1.6, Math.max(0.5, 1.18 ** (zoom - 14)));
}

/** The entry of the style's category for a feature's properties, or undefined. */
export function categoryOf(style, properties) {
  return style.category?.values.find((entry) => entry.value === properties[style.category.property]);
}

/**
 * How to draw a feature.
 * @param {object} style a style of styles.toml
 * @param {object} properties the feature's properties
 * @param {number} zoom
 * @param {number} latitude degrees, for widths given in metres
 * @param {(light: string, dark?: string) => string} tone makes one colour of two
 */
export function symbolOf(style, properties, zoom, latitude, tone = tones) {
  const look = { ...style, ...categoryOf(style, properties) };
  const method = properties.position?.method;
  const seen = DASHES[method] ? LIGHTER : 1;
  const wide = look.width_m ? look.width_m / metresPerPixel(zoom, latitude) : 0;
  const color = tone(look.color, look.color_dark);
  const paper = tone(...PAPER);
  const weight = Math.max(look.weight * zoomFactor(zoom), wide);
  return {
    color,
    paper,
    fill: look.fill ? tone(look.fill, look.fill_dark) : color,
    fillOpacity: (look.fill_opacity ?? 0.2) * seen,
    hatch: look.hatch ? { lines: look.hatch, every: look.hatch_every, opacity: HATCH_OPACITY * seen } : null,
    weight,
    dash: look.dash ?? DASHES[method] ?? null,
    casing: look.casing_color ? tone(look.casing_color, look.casing_color_dark) : look.casing ? paper : null,
    // A line in a colour of its own stands closer to its line than one of paper.
    casingWeight: weight + (look.casing_color ? 2 : 3),
    shape: look.shape ?? "circle",
    radius: look.radius ?? 6,
    hollow: Boolean(DASHES[method]),
  };
}

const SHAPES = {
  circle: (r) => `M0 ${-r}a${r} ${r} 0 1 1 0 ${2 * r}a${r} ${r} 0 1 1 0 ${-2 * r}z`,
  square: (r) => `M${-r * 0.9} ${-r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z`,
  diamond: (r) => `M0 ${-r * 1.2}L${r * 1.2} 0L0 ${r * 1.2}L${-r * 1.2} 0z`,
  triangle: (r) => `M0 ${-r * 1.2}L${r * 1.15} ${r * 0.85}L${-r * 1.15} ${r * 0.85}z`,
  pentagon: (r) => `M0 ${-r * 1.1}L${r * 1.05} ${-r * 0.34}L${r * 0.65} ${r * 0.89}H${-r * 0.65}L${-r * 1.05} ${-r * 0.34}z`,
  star: (r) => {
    const corners = Array.from({ length: 10 }, (_, i) => [(i % 2 ? 0.6 : 1.3) * r, (i * Math.PI) / 5]);
    return `M${corners.map(([far, turn]) => `${far * Math.sin(turn)} ${-far * Math.cos(turn)}`).join("L")}z`;
  },
};

/** The SVG path of a point symbol centred at 0, 0. */
export function shapePath(shape, radius) {
  return (SHAPES[shape] ?? SHAPES.circle)(radius);
}
