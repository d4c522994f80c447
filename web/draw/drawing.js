// A drawing: strokes with undo and redo, and how they become pixels. Knows no page.

import { make } from '../page/html.js';

/** The pad's side in its own units; a stroke's points and widths are in them. */
export const kPadSide = 280;

/** Of a stroke drawn with a mouse: scaled as MNIST is, a digit of usual size then has strokes about as wide as MNIST's. */
export const kPenWidth = 22;

/** How far back one can go. */
const kMostStates = 200;

/** A stroke is a list of points {x, y, width}. Every change is a new list of strokes, so going back is picking an older one. */
export class Drawing {
  #states = [[]];
  #at = 0;

  get strokes() {
    return this.#states[this.#at];
  }
  get empty() {
    return this.strokes.length === 0;
  }
  get canUndo() {
    return this.#at > 0;
  }
  get canRedo() {
    return this.#at + 1 < this.#states.length;
  }

  add(stroke) {
    this.#push([...this.strokes, stroke]);
  }

  clear() {
    if (!this.empty) this.#push([]);
  }

  undo() {
    if (this.canUndo) this.#at--;
  }

  redo() {
    if (this.canRedo) this.#at++;
  }

  #push(strokes) {
    this.#states.splice(this.#at + 1, Infinity, strokes);
    if (this.#states.length > kMostStates) this.#states.shift();
    this.#at = this.#states.length - 1;
  }
}

const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** A smooth line: quadratic curves from middle to middle of neighbouring points, with the points as their controls. */
function paintStroke(context, points) {
  let from = points[0];
  points.forEach((point, i) => {
    const to = i + 1 < points.length ? middle(point, points[i + 1]) : point;
    context.lineWidth = point.width;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(point.x, point.y, to.x, to.y); // of no length for a dot, which the round caps still make one
    context.stroke();
    from = to;
  });
}

/** Paints white strokes on black over the whole pad; the context is scaled to the pad's units. */
export function paint(context, strokes) {
  context.fillStyle = '#000';
  context.fillRect(0, 0, kPadSide, kPadSide);
  context.strokeStyle = '#fff';
  context.lineCap = context.lineJoin = 'round';
  for (const stroke of strokes) paintStroke(context, stroke);
}

let raster = null;

/** The strokes' ink, 0 … 1, [y][x]: kPadSide × kPadSide numbers. */
export function pixelsOf(strokes) {
  if (!raster) {
    raster = make('canvas', { width: kPadSide, height: kPadSide }).getContext('2d', { willReadFrequently: true });
  }
  paint(raster, strokes);
  const { data } = raster.getImageData(0, 0, kPadSide, kPadSide);
  const pixels = new Float32Array(kPadSide * kPadSide);
  for (let i = 0; i < pixels.length; i++) pixels[i] = data[4 * i] / 255;
  return pixels;
}
