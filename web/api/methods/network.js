// lab's methods that ask the network, and change nothing: weights, feature maps, projections, probabilities, experiments, speed.
// All but look() are about the present weights of the arm that is shown, also while the page shows a stored step.
//
// An `image` is an index into the test set, or its pixels from 0 to 1, [channel][y][x], as a typed array or a list, which may be nested: 784 for
// MNIST, 3,072 for CIFAR-10 (red, green, blue). Any other number of pixels than the network reads rejects.

import { imagesArgument, lookArgument, settingsArgument } from '../arguments.js';
import { arrayOf, findings, textOf } from '../replies.js';

const strongest = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

export const networkMethods = (api) => ({
  /**
   * Resolves with parameters, {shape, data: Float32Array}, in PyTorch's order: [map][channel][y][x] the kernels of a conv layer, [unit][input] the
   * weights of a dense one, [unit] its biases. Rejects for a name or an arm that is not there.
   * @param {string} name 'conv1.weight', 'fc1.bias', …
   * @param {{arm?: number}} settings `arm` of a comparison, counted from 0; the one on show where it is left out
   */
  weights: async (name, { arm } = {}) => arrayOf(await api.ask({ do: 'weights', name, arm })),

  /**
   * Resolves with what a layer makes of an image, {shape, data: Float32Array}: its feature maps, [map, height, width], or its units, [unit]; those of
   * the last layer are the logits. Rejects for a layer or an image that is not there.
   */
  activations: async (layer, image) => arrayOf(await api.askImage({ do: 'activations', layer }, image)),

  /**
   * The strongest activation of a unit (a feature map of a conv layer, a unit of a dense one) projected back to the pixels. Resolves with {shape:
   * [channels, height, width] of the image, data: Float32Array, activation, at: {y, x} where it is in its map}. Rejects for a layer, unit, image or
   * mode that is not there.
   * @param {{image?, mode?: 'deconv'|'gradient'|'guided'}} settings test image 0 by the deconvnet where they are left out
   */
  project: async (layer, unit, { image = 0, mode = 'deconv' } = {}) => {
    const { activation, at, ...reply } = await api.askImage({ do: 'project', layer, unit, mode }, image);
    return { ...arrayOf(reply), activation, at };
  },

  /** Resolves with {probabilities: Float32Array, one for each class, label: the class of the largest}. Rejects for an image that is not there. */
  predict: async (image) => {
    const { values } = await api.askImage({ do: 'predict' }, image);
    return { probabilities: values, label: strongest(values) };
  },

  /**
   * The same for a list of images, as pixels and not as indices, all with the weights of one step. Resolves with {probabilities: [Float32Array, …],
   * labels: [number, …], step}. Rejects for an empty list, and for images of other sizes than the network reads.
   */
  predictAll: async (images) => {
    const { shape, values, step } = await api.ask({ do: 'predictAll' }, imagesArgument('predictAll', images));
    const probabilities = Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1], (i + 1) * shape[1]));
    return { probabilities, labels: probabilities.map(strongest), step };
  },

  /**
   * An experiment on the present weights, or on the stored step on show. Resolves with {view, facts, columns, rows, arrays: {name: {shape, data:
   * Float32Array}}}. Rejects for a view or a field that is unknown, while sixteen wait already, and where stopLooking() or another run ends it.
   * @param {object} request {view: 'occlusion', …}: views, fields and arrays as in docs/command-line.md, section look; layer, unit and image
   *   are those on show where they are left out
   */
  look: async (request) => findings(await api.ask({ ...lookArgument(request), do: 'look' })),

  /** Ends all that look() waits for; it rejects. Resolves with state(). */
  stopLooking: () => api.tell({ do: 'stopLooking' }),

  /**
   * How fast this machine is; nothing else happens meanwhile. Resolves, for 'inference', with {images, seconds}; for 'layers' with {peak_gflops,
   * layers: […]}; for 'lab' with what projections, a top-nine pass and an occlusion map take. Rejects for anything else.
   * @param {{what: 'inference'|'layers'|'lab', batch?: number, seconds?: number}} request `batch`: images at a time, 1 to 1,024, 64 where it is left
   *   out; `seconds`: about how long, up to 60, 1 where it is left out
   */
  measure: async (request) => JSON.parse(textOf(await api.ask({ ...settingsArgument('measure', request), do: 'measure' }))),
});
