/** What does a square of a large layer look like on a canvas? Steps of drawing, to be done in slices. */

import { HATCH_WIDTH, hatchPath } from "../hatching.js";
import { LINE, MARGIN, PIXELS, POINT, meets } from "../squares.js";
import { shapePath, symbolOf } from "../symbols.js";
import { toneNow } from "./tone.js";

// Features that are drawn in one step.
const STEP = 500;
// CSS pixels up to which a line is set pixel by pixel: at such a size nobody sees the difference, and stroking tens
// of thousands takes the browser ten times as long.
const SHORT = 6;
// Short lines that a canvas needs to have before that is worth its while.
const MANY = 500;

// All of a tile: west, north, east, south in CSS pixels from its north-west corner.
const WHOLE = [0, 0, PIXELS, PIXELS];

/**
 * @typedef {object} View the part of a square that a canvas shows
 * @property {number} scale canvas pixels of one unit
 * @property {number[]} from units of the part's north-west corner
 * @property {number[]} corner the canvas's north-west corner, in CSS pixels of the world at the zoom
 * @property {number[]} box the units that can be seen, with a margin
 * @property {number} ratio canvas pixels of one CSS pixel
 * @property {number} zoom
 * @property {number} latitude degrees
 */

/** Canvas pixels of one CSS pixel: as fine as the screen is, a whole number of them along a tile. */
function fineness() {
  return Math.round(PIXELS * window.devicePixelRatio) / PIXELS;
}

/** Have the canvas of a tile hold a part of it; the rest of the tile stays empty. A canvas that changes is cleared. */
export function fitTile(canvas, [west, north, east, south] = WHOLE) {
  const [width, height] = [east - west, south - north].map((side) => Math.round(side * fineness()));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.style.padding = `${north}px ${PIXELS - east}px ${PIXELS - south}px ${west}px`;
}

/**
 * What a tile, or a part of it, shows of a square.
 * @param {{x: number, y: number, z: number}} coords the tile's
 * @param {{x: number, y: number, shift: number}} place the square's, `shift` zooms above the tile's own
 * @param {number[]} part as for `fitTile`
 * @returns {View}
 */
export function tileView({ extent }, coords, { x, y, shift }, latitude, [west, north, east, south] = WHOLE) {
  const unit = extent / 2 ** shift / PIXELS;
  const from = [(coords.x - x * 2 ** shift) * PIXELS + west, (coords.y - y * 2 ** shift) * PIXELS + north].map((at) => at * unit);
  const to = [from[0] + (east - west) * unit, from[1] + (south - north) * unit];
  const reach = MARGIN / 2 ** shift;
  return {
    from,
    corner: [coords.x * PIXELS + west, coords.y * PIXELS + north],
    scale: fineness() / unit,
    box: [from[0] - reach, from[1] - reach, to[0] + reach, to[1] + reach],
    ratio: fineness(),
    zoom: coords.z,
    latitude,
  };
}

/** Draw what a square holds, and nothing else; yields between steps. @param {View} view */
export function* paint(context, square, style, view, keeps) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  yield* paintOver(context, square, style, view, keeps);
}

/** Draw what a square holds over what is there; yields between steps. @param {View} view */
export function* paintOver(context, square, style, view, keeps) {
  const symbols = square.looks.map((look) => symbolOf(style, look, view.zoom, view.latitude, toneNow));
  const lines = symbols.map(() => []);
  const short = [];
  const points = [];
  let areas = 0;
  let done = 0;
  for (let index = 0; index < square.ids.length; index += 1) {
    if (!meets(square, index, view.box) || !keeps(square.ids[index])) continue;
    const kind = square.kinds[index];
    if (kind === LINE) (isShort(square, index, view) ? short : lines[square.look[index]]).push(index);
    else if (kind === POINT) points.push(index);
    else {
      paintArea(context, square, index, symbols[square.look[index]], view);
      if ((areas += 1) % STEP === 0) yield;
    }
  }
  // Setting pixels would take away the areas below.
  if (areas || short.length < MANY) for (const index of short) lines[square.look[index]].push(index);
  else yield* paintShort(context, square, short, symbols, view);
  for (const [look, indexes] of lines.entries()) yield* paintLines(context, square, indexes, symbols[look], view);
  for (const index of points) {
    paintPoint(context, square, index, symbols[square.look[index]], view);
    if ((done += 1) % STEP === 0) yield;
  }
}

function isShort({ boxes }, index, { scale, ratio }) {
  const i = 4 * index;
  const most = (SHORT * ratio) / scale;
  return boxes[i + 2] - boxes[i] <= most && boxes[i + 3] - boxes[i + 1] <= most;
}

/** Draw short lines on a canvas that holds nothing of the lines yet. */
function* paintShort(context, square, indexes, symbols, view) {
  const dots = new Dots(context.canvas, symbols, view);
  for (const [done, index] of indexes.entries()) {
    dots.add(square, index);
    if ((done + 1) % (10 * STEP) === 0) yield;
  }
  dots.paint(context);
}

/** Short lines, set pixel by pixel. */
class Dots {
  #canvas;
  #view;
  #pens;
  #pixels;
  #image;

  constructor(canvas, symbols, view) {
    this.#canvas = canvas;
    this.#image = new ImageData(canvas.width, canvas.height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#view = view;
    this.#pens = symbols.map(({ color, weight }) => ({
      // The bytes of a pixel are red, green, blue, alpha; the least comes first.
      color: Number(`0xff${color.slice(5, 7)}${color.slice(3, 5)}${color.slice(1, 3)}`),
      width: Math.max(1, Math.round(weight * view.ratio)),
    }));
  }

  add({ look, paths, ends, at }, index) {
    const { scale, from } = this.#view;
    const pen = this.#pens[look[index]];
    for (let path = paths[index]; path < paths[index + 1]; path += 1) {
      let x = (at[2 * ends[path]] - from[0]) * scale;
      let y = (at[2 * ends[path] + 1] - from[1]) * scale;
      this.#set(x, y, pen);
      for (let i = ends[path] + 1; i < ends[path + 1]; i += 1) {
        const toX = (at[2 * i] - from[0]) * scale;
        const toY = (at[2 * i + 1] - from[1]) * scale;
        const steps = Math.ceil(Math.max(Math.abs(toX - x), Math.abs(toY - y)));
        for (let step = 1; step <= steps; step += 1) {
          this.#set(x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps, pen);
        }
        x = toX;
        y = toY;
      }
    }
  }

  #set(x, y, { color, width }) {
    const left = Math.round(x - width / 2);
    const top = Math.round(y - width / 2);
    for (let row = Math.max(0, top); row < Math.min(this.#canvas.height, top + width); row += 1) {
      for (let column = Math.max(0, left); column < Math.min(this.#canvas.width, left + width); column += 1) {
        this.#pixels[row * this.#canvas.width + column] = color;
      }
    }
  }

  paint(context) {
    context.putImageData(this.#image, 0, 0);
  }
}

function trace(context, { paths, ends, at }, index, { scale, from }) {
  const west = from[0];
  const north = from[1];
  for (let path = paths[index]; path < paths[index + 1]; path += 1) {
    const start = 2 * ends[path];
    const end = 2 * ends[path + 1];
    context.moveTo((at[start] - west) * scale, (at[start + 1] - north) * scale);
    // What is smaller than a pixel is a dot.
    if (end - start === 2) context.lineTo((at[start] - west) * scale + 1, (at[start + 1] - north) * scale);
    for (let i = start + 2; i < end; i += 2) context.lineTo((at[i] - west) * scale, (at[i + 1] - north) * scale);
  }
}

function pen(context, color, weight, dash, ratio) {
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = weight * ratio;
  context.setLineDash(dash ? dash.split(" ").map((length) => Number(length) * ratio) : []);
}

function paintArea(context, square, index, symbol, view) {
  context.beginPath();
  trace(context, square, index, view);
  if (symbol.fillOpacity > 0) {
    context.globalAlpha = symbol.fillOpacity;
    context.fillStyle = symbol.fill;
    context.fill("evenodd");
  }
  if (symbol.hatch) paintHatch(context, square, index, symbol, view);
  if (!symbol.weight) return;
  pen(context, symbol.color, symbol.weight, symbol.dash, view.ratio);
  context.stroke();
}

/** Hatch the path that the context holds, and leave it there. */
function paintHatch(context, square, index, { color, hatch }, { scale, from, corner, ratio }) {
  // Lines are counted from the corner of the world, so that they meet from canvas to canvas.
  const [offX, offY] = corner.map((at) => at % hatch.every);
  const [west, north, east, south] = square.boxes.subarray(4 * index, 4 * index + 4);
  const pixels = (x, y) => [((x - from[0]) * scale) / ratio + offX, ((y - from[1]) * scale) / ratio + offY];
  const lines = new Path2D(hatchPath(hatch, [...pixels(west, north), ...pixels(east, south)]));
  context.save();
  context.clip("evenodd");
  context.setTransform(ratio, 0, 0, ratio, -offX * ratio, -offY * ratio);
  context.globalAlpha = hatch.opacity;
  context.strokeStyle = color;
  context.lineWidth = HATCH_WIDTH;
  context.setLineDash([]);
  context.stroke(lines);
  context.restore();
}

function* paintLines(context, square, indexes, symbol, view) {
  const strokes = [[symbol.color, symbol.weight, symbol.dash]];
  if (symbol.casing) strokes.unshift([symbol.casing, symbol.casingWeight, null]);
  for (const [color, weight, dash] of strokes) {
    for (let start = 0; start < indexes.length; start += STEP) {
      pen(context, color, weight, dash, view.ratio);
      context.beginPath();
      for (const index of indexes.slice(start, start + STEP)) trace(context, square, index, view);
      context.stroke();
      yield;
    }
  }
}

function paintPoint(context, { paths, ends, at }, index, symbol, { scale, from: [west, north], ratio }) {
  const shape = new Path2D(shapePath(symbol.shape, symbol.radius));
  context.globalAlpha = 1;
  context.fillStyle = symbol.hollow ? symbol.paper : symbol.color;
  context.strokeStyle = symbol.hollow ? symbol.color : symbol.paper;
  context.lineWidth = symbol.hollow ? 2.5 : 1.75;
  context.setLineDash(symbol.hollow ? [4, 2] : []);
  for (let i = 2 * ends[paths[index]]; i < 2 * ends[paths[index + 1]]; i += 2) {
    context.setTransform(ratio, 0, 0, ratio, (at[i] - west) * scale, (at[i + 1] - north) * scale);
    context.fill(shape);
    context.stroke(shape);
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
}
