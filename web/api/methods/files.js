// lab's methods for files: weights, sessions, curves, and the trained weights that come with the page.
// Where one takes a file, `source` is a Uint8Array, another typed array, an ArrayBuffer, a Blob (or File) or a Response.

import { bytesArgument, sessionArgument, settingsArgument } from '../arguments.js';
import { describeCheckpoint, fetchCheckpoint } from '../checkpoint.js';
import { textOf } from '../replies.js';
import { kBinary, saveAs } from '../save_as.js';
import { chooseFile } from '../../page/files.js';
import { note } from '../../page/status.js';
import { describeSession } from '../../save/session_file.js';

export const fileMethods = (api) => {
  const exportWeights = async () => (await api.ask({ do: 'exportWeights' })).bytes;
  const exportCurve = async () => textOf(await api.ask({ do: 'exportCurve' }));
  const exportSession = async ({ timelineBytes } = {}) => (await api.ask({ do: 'exportSession', timelineBytes })).bytes;

  return {
    /** Resolves with the weights of the arm on show as a safetensors file (Uint8Array), with PyTorch's names and shapes. */
    exportWeights: () => exportWeights(),

    /** Downloads what exportWeights() gives. */
    saveWeights: async () => saveAs(api, await exportWeights(), 'safetensors', kBinary),

    /**
     * Begins the run anew, paused at step 0, with the weights of a safetensors file (32-bit or 16-bit floats, up to 64 MiB). Resolves with state().
     * Rejects where they do not fit the network, and during a comparison.
     */
    importWeights: async (source) => {
      await api.ask({ do: 'importWeights' }, await bytesArgument('importWeights', source));
      api.checkpoint = null;
      return api.state();
    },

    /** Lets the person choose a safetensors file, of weights or of a session, and takes it. Rejects as importWeights() and importSession() do. */
    openWeights: async () => {
      const file = await chooseFile('.safetensors');
      if (file) await api.openFile(file);
    },

    /** Resolves with the curves of the arm on show as CSV, step,train_loss,test_accuracy,test_images: a row a step, the loss in nats. */
    exportCurve: () => exportCurve(),

    /** Downloads what exportCurve() gives. */
    saveCurve: async () => saveAs(api, await exportCurve(), 'csv', 'text/csv'),

    /**
     * Resolves with the run as a safetensors file (Uint8Array): settings, weights, momentum, curves and stored steps (src/app/session_file.h). Of a
     * comparison it is the arm on show.
     * @param {{timelineBytes?: number}} settings room for the stored steps' weights, in bytes; 256 MiB where it is left out
     */
    exportSession: async (settings) => exportSession(settingsArgument('exportSession', settings)),

    /** Downloads what exportSession() gives. */
    saveSession: async () => saveAs(api, await exportSession(), 'session.safetensors', kBinary),

    /**
     * Goes on with a session from a file of up to 400 MiB, to the bit; brings its data set first. Resolves with state(). Rejects for what is no
     * session, or a damaged one; for images of somebody's own that are not those here; and during a comparison. The run before stays then.
     */
    importSession: async (source) => {
      const bytes = await sessionArgument('importSession', source);
      const session = describeSession(bytes);
      if (!session) throw new Error('This is no session file: “Save session” writes such files, and “Load” takes weights alone.');
      if (session.dataset !== api.state().dataset) await api.loadData(session.dataset);
      await api.ask({ do: 'importSession' }, bytes);
      api.checkpoint = null;
      return api.state();
    },

    /**
     * A run that begins, at step 0, with trained weights that come with the page, and has nothing else of the run before. Resolves, when its images
     * are here or others instead (without MNIST the strokes set, with a notice), with state() and `checkpoint`: how they were made and measured.
     * Rejects where there are none of that name, where they cannot be loaded or are damaged, and for impossible settings.
     * @param {string} name of a file in assets/checkpoints
     * @param {object} settings as in reset(), over those of the weights' own run
     */
    loadCheckpoint: async (name = 'wss17-mnist', settings = {}) => {
      const own = settingsArgument('loadCheckpoint', settings);
      const { info, bytes } = await fetchCheckpoint(name);
      const plain = { schedule: 'constant', augmentation: 'none', freeze: [], rateMultipliers: {}, changes: [] };
      await api.lab.reset({ ...plain, ...info.measured.settings, ...own, weights: bytes });
      api.checkpoint = name;
      await api.when((state) => !state.wantedData);
      note(describeCheckpoint(info), { good: true });
      return { ...api.state(), checkpoint: info };
    },
  };
};
