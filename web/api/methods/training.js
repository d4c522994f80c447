// lab's methods that train, and that say what is trained on what.

import { bytesArgument, ownDataArgument, pageArgument, settingsArgument, splitView } from '../arguments.js';
import { kControls } from '../../page/controls.js';
import { hasMenuItem, hideMenuItems } from '../../page/menu.js';
import { showCanvas } from '../../page/status.js';

/** `hide` names groups of controls on the canvas, items of the menu, or what is both. */
function setView(api, { hide, ...view }) {
  const onCanvas = (word) => kControls.has(word) || !hasMenuItem(word); // what neither knows is the program's to refuse
  api.native.view(Array.isArray(hide) ? { ...view, hide: hide.filter(onCanvas) } : { ...view, hide });
  if (hide) hideMenuItems(hide);
  api.tellPage();
}

export const trainingMethods = (api) => ({
  /** Trains until something pauses it. Resolves with state() once it does. Rejects where the run has diverged. */
  play: () => api.tell({ do: 'play' }),

  /** Stops after the minibatch at hand. Resolves with state(). What waits for step(), epoch() or replay() rejects. */
  pause: () => api.tell({ do: 'pause' }),

  /**
   * Trains `count` minibatches more, 1 to 100,000,000, then pauses. Resolves with state() when they are done. Rejects where the run has diverged or
   * diverges on the way, and where it is paused, rewound or reset before it is done.
   */
  step: (count = 1) => api.tell({ do: 'step', count }),

  /** Trains to the end of the present epoch, then pauses. Resolves and rejects as step() does. */
  epoch: () => api.tell({ do: 'epoch' }),

  /** Back to step 0 with the same initial weights, paused; settings, freezes and data set stay. Resolves with state(). */
  rewind: () => api.tell({ do: 'rewind' }),

  /** Of a diverged run: back to the last state that was finite, paused. Resolves with state(). */
  restore: () => api.tell({ do: 'restore' }),

  /**
   * Everything again from step 0 to the step where the run stands, each change made by hand at its step again. Resolves with state() when that
   * is done. Rejects at step 0, and as step() does.
   */
  replay: () => api.tell({ do: 'replay' }),

  /**
   * A new run, paused at step 0; what is left out stays as it is. Resolves with state() when the run is there: where its data set is still to come,
   * with the first images of that. Rejects for an unknown name, an impossible value or weights that do not fit, and the run before stays then; and
   * where the data set cannot be loaded, or another is chosen before it has come.
   * @param {object} settings
   *   `seed`: a whole number from 0 to 2^53 − 1
   *   `dataset`: 'mnist', 'cifar10', 'strokes', or 'own' after ownData()
   *   `weights`: a safetensors file to begin with, up to 64 MiB, as a Uint8Array, ArrayBuffer, Blob or Response
   *   all others are the recipe:
   *   `preset`: 'wss17', 'caffe', 'lenet5', 'tiny', 'softmax', 'mlp'; or `network`: 'conv 8 5x5, relu, pool 2, dense 10'
   *   `initializer`: a key of choices().initializer
   *   `batch`: images in a minibatch, 1 to 1,024
   *   `learningRate`; `momentum`: 0 to 1; `weightDecay`; `schedule`: 'cosine 8600', 'step 1000 0.1', 'inverse 0.0001 0.75', 'constant'
   *   `augmentation`: 'shift 2, flip', 'none'
   *   `freeze`: ['conv1']; `rateMultipliers`: {conv1: 0.1}; `changes`: as in plan()
   */
  reset: async (settings) => {
    const { weights, ...rest } = settingsArgument('reset', settings);
    await api.ask({ ...rest, do: 'reset' }, weights === undefined ? undefined : await bytesArgument('reset', weights));
    if (weights !== undefined) api.checkpoint = null;
    return api.state();
  },

  /**
   * Changes while it trains, from the next minibatch on; what is left out stays. Resolves with state(). Rejects for an unknown name or an impossible
   * value. First come the settings of the training, then those of the view: where the view's are refused, the others hold already.
   * @param {object} settings
   *   `learningRate`; `momentum`: 0 to 1; `weightDecay`; `batch`: images in a minibatch, 1 to 1,024
   *   `speed`: minibatches a second, 0 or Infinity for as many as it can
   *   `threads` that train: 1 to 8, one where the page is not cross-origin isolated; the weights are the same bits with any number
   *   `overlay`: whether the page is drawn; `background`: 'train' or 'pause' while the tab is hidden
   *   the view, as in state().view and docs/links.md: `palette`, `scale`, `logLoss`, `logAccuracy`, `projector`, `hide`: ['structure'], `lockSeed`,
   *   `fields`: {occlusion: {size: 9}}
   */
  set: async (settings) => {
    const { view, rest: others } = splitView(settingsArgument('set', settings));
    const { speed, overlay, background, ...rest } = others;
    const page = pageArgument('set', { overlay, background });
    await api.ask({ ...rest, speed: speed === Infinity ? 0 : speed, do: 'set' });
    api.native.page(page);
    showCanvas(page.overlay);
    if (view) setView(api, view);
    return api.state();
  },

  /**
   * A new run on images of one's own, the data set 'own' from now on; resolves with its state(). What is wrong with them rejects with a
   * sentence, and the run before stays.
   * @param {{name?: string, shape?: number[], classes?: string[], train: {images, labels}, test?: {images, labels}}} set `images`:
   *   Uint8Array [image][channel][y][x], 0 the background, 255 full ink; `labels`: whole numbers from 0, as many. `shape`: [channels, height,
   *   width] of an image, [1, 28, 28] where it is left out. `classes`: names by label, the numbers where they are left out; fewer than
   *   ten are filled up. Without `test` every sixth image of `train` becomes a test image (src/data/own.h).
   */
  ownData: async (set) => {
    const { request, payload } = ownDataArgument(set);
    return api.tell({ ...request, do: 'ownData' }, payload);
  },

  /**
   * Freezes a layer, `on` false thaws it: no gradient step, no weight decay, no momentum. Resolves with state(). Rejects for a layer that the
   * network does not have, or one without weights.
   */
  freeze: (layer, on = true) => api.tell({ do: 'freeze', layer, on }),

  /** The learning rate of a layer is `multiplier` (0 to 1e6) times the network's. Resolves with state(). Rejects as freeze() does. */
  rate: (layer, multiplier) => api.tell({ do: 'rate', layer, multiplier }),

  /**
   * What is to change after which step, instead of what was planned before. Resolves with state(). Rejects for a layer that is not there,
   * for more than 10,000 changes, and for others than before at a step that is past: rewind first.
   * @param {object[]} changes [{step, layer, frozen: true or false}], or `multiplier` of a `layer`, or `learningRate`, `momentum`, `weightDecay`,
   *   `batch` of the network
   */
  plan: (changes) => api.tell({ do: 'plan', changes }),
});
