// Pictures of a view: the program draws it once more, larger, and the canvas is copied before the browser takes the frame.

import { make } from '../page/html.js';

/** The largest scale, and the longest side of the canvas in pixels: beyond it a browser may quietly draw less. */
const kLargestScale = 4;
const kLongestSide = 8192;

export class Pictures {
  #waiting = null;

  /** A PNG, as a Blob, of the lab that is open, at `scale` picture pixels a CSS pixel. */
  take(native, scale) {
    if (!(scale >= 1 && scale <= kLargestScale)) throw new Error(`picture() needs a scale from 1 to ${kLargestScale}.`);
    const fits = kLongestSide / Math.max(innerWidth, innerHeight);
    if (scale > fits) throw new Error(`At a scale of ${scale} the picture of this window would be too large; up to ${fits.toFixed(1)} it works.`);
    if (this.#waiting) throw new Error('A picture is being taken already.');
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      native.takePicture(scale);
    });
  }

  /** The program is gone. */
  stop(error) {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  /** The frame is on the canvas now: copies {x, y, width, height} of it, in canvas pixels. */
  drawn({ x, y, width, height }) {
    const { resolve, reject } = this.#waiting ?? {};
    this.#waiting = null;
    if (!resolve) return;
    if (!(width > 0 && height > 0)) {
      reject(new Error('There is nothing on show to make a picture of.'));
      return;
    }
    const copy = make('canvas', { width, height });
    copy.getContext('2d').drawImage(document.getElementById('canvas'), x, y, width, height, 0, 0, width, height);
    copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not make the picture.'))), 'image/png');
  }
}
