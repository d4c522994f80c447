// The locked unit's projection of the drawing, beside it: what of the strokes the unit answers to, while one draws and while it trains.

import { Newest } from '../api/newest.js';
import { make, setText } from '../page/html.js';
import { kImageSide } from './kept_drawings.js';
import { signedColor } from './palette.js';

const kRestMs = 120; // between two projections
const kModes = { deconv: 'deconvnet', gradient: 'gradient', guided: 'guided backpropagation' };

export class DrawnProjection {
  #lab;
  #newest = new Newest((wanted) => this.#find(wanted), kRestMs);
  #asked = null; // of what the last one is
  #canvas = make('canvas', { className: 'draw-image', width: kImageSide, height: kImageSide, role: 'img' });
  #text = make('figcaption');
  #element = make('figure', { className: 'draw-projection', hidden: true }, this.#canvas, this.#text);

  constructor(lab) {
    this.#lab = lab;
  }

  get element() {
    return this.#element;
  }

  /** Shows it for this image (784 numbers), or nothing: where `image` is null, and for a stored step, whose weights no projection is made of. */
  update({ locked, step, timeline, view }, image) {
    const shown = image !== null && locked.layer !== '' && !timeline.showsMoment;
    this.#element.hidden = !shown;
    const wanted = shown ? [locked.layer, locked.unit, locked.mode, step, view.palette, image] : null;
    if (!wanted || (this.#asked && wanted.every((value, i) => value === this.#asked[i]))) return;
    this.#asked = wanted;
    this.#newest.ask({ ...locked, palette: view.palette, image });
  }

  async #find({ layer, unit, mode, palette, image }) {
    try {
      const { data, activation } = await this.#lab.project(layer, unit, { image, mode });
      this.#paint(data, palette);
      const name = `${layer}, unit ${unit}`;
      const says = activation > 0 ? `What ${name} answers to, by ${kModes[mode]}: ${activation.toPrecision(3)}.` : `${name} is silent: its activation is 0 everywhere.`;
      setText(this.#text, `${says} Click a map for another unit.`);
      this.#canvas.setAttribute('aria-label', says);
    } catch (error) {
      this.#asked = null;
      setText(this.#text, error.message);
    }
  }

  #paint(values, palette) {
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const image = new ImageData(kImageSide, kImageSide);
    values.forEach((value, i) => image.data.set([...signedColor(value, scale, palette), 255], 4 * i));
    this.#canvas.getContext('2d').putImageData(image, 0, 0);
  }
}
