// lab's methods for the image that is looked at, and for drawings. An `image` is as in methods/network.js.

import { imageArgument, settingsArgument } from '../arguments.js';
import { arrayOf } from '../replies.js';
import { kImageSize } from '../../draw/kept_drawings.js';

export const imageMethods = (api) => ({
  /** Shows an image. Resolves with state(). Rejects for pixels that are not from 0 to 1, or not as many as the network reads. */
  show: async (image) => {
    await api.askImage({ do: 'show' }, image);
    return api.state();
  },

  /**
   * Shows the next test image, with `back` the one before, round the ends of the set; with `wrong` the next that the network gets wrong. Resolves
   * with state() when it is shown. Rejects where there is none, or another image is chosen before one was found.
   * @param {{wrong?: boolean, back?: boolean}} settings
   */
  next: async (settings) => api.tell({ ...settingsArgument('next', settings), do: 'next' }),

  /**
   * Shows a drawing, [y][x] from 0 (background) to 1 (ink), 1 to 1,024 pixels a side, framed like MNIST's digits. Resolves with the image that the
   * network sees, {shape: [1, 28, 28], data: Float32Array}. Rejects where there are not `width` × `height` pixels, and for networks that
   * read anything but 1×28×28.
   */
  draw: async (pixels, width, height) => {
    const { payload } = imageArgument('draw', pixels);
    return arrayOf(await api.ask({ do: 'draw', width, height }, payload));
  },

  /** At once: the kept drawings, oldest first, [{id, label, time: ms since 1970, pixels: Uint8Array(784)}]; copies. */
  drawings: () => api.kept.list.map(({ id, label, time, pixels }) => ({ id, label, time, pixels: pixels.slice() })),

  /** Keeps an image of 784 pixels from 0 to 1, as draw() gives it, under a label from 0 to 9. Rejects for anything else. */
  keep: async (label, image) => {
    const { payload } = imageArgument('keep', image);
    if (payload?.length !== kImageSize || !payload.every((value) => value >= 0 && value <= 1)) {
      throw new Error(`keep() needs an image of ${kImageSize} pixels from 0 to 1, as draw() gives it.`);
    }
    api.kept.keep(label, payload.map((value) => Math.round(255 * value)));
  },

  /** Removes the kept drawings with these ids, a list or one. “Undo removal” in the panel brings them back. */
  removeDrawings: async (ids) => api.kept.remove([ids].flat()),
});
