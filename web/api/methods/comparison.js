// lab's methods for comparisons: twins that train side by side, their repetition over seeds, and results files.

import { bytesArgument, settingsArgument } from '../arguments.js';
import { textOf } from '../replies.js';
import { saveAs } from '../save_as.js';
import { chooseFiles } from '../../page/files.js';

export const comparisonMethods = (api) => {
  const exportResults = async ({ pooled = false, csv = false } = {}) => textOf(await api.ask({ do: 'exportResults', pooled, csv }));

  return {
    /**
     * Twins of the run, all at step 0 with one seed and the same minibatches, each with its own patch of the recipe; paused. Commands change the
     * arm that is shown from then on. Resolves with state(). Rejects for an unknown name, fewer than two or more than four arms,
     * two of one name, a recipe that is impossible, and while the data set is still to come.
     * @param {string|object[]} what 'frozen', 'linear', 'layers', 'dense', 'initializer', 'rate'; or the arms, [{name, …recipe as in reset()}],
     *   names of up to 60 letters
     */
    compare: (what = 'frozen') => api.tell({ do: 'compare', ...(Array.isArray(what) ? { arms: what } : { preset: what }) }),

    /** The arm that is shown goes on alone. Resolves with state(). Rejects where there is no comparison. */
    endComparison: () => api.tell({ do: 'endComparison' }),

    /** Shows arm `arm`, counted from 0. Resolves with state(). Rejects where there is none of that number. */
    showArm: (arm) => api.tell({ do: 'showArm', arm }),

    /**
     * At once: {arms: [{name, step, stepMs, parameters, trainable, frozen, loss, accuracy, gap, …}], seeds, pool}; curves as [{step, value, n}],
     * summaries over seeds as {n, mean, deviation, halfWidth}. A run alone is one arm. null before the page is ready and after it stopped.
     */
    comparison: () => (api.crashed ? null : (api.native?.comparison() ?? null)),

    /**
     * The comparison again with `seeds` seeds (1 to 1,000) from `first` on (1 where it is left out), each to `steps` minibatches or `epochs`. Seeds
     * that are done already are not run again. Resolves with state() when all are done. Rejects where it is stopped, by stopRepeat() or by what
     * changes the run (what is done stays); in the fast build; while the data set is still to come; without a length, or with epochs of different
     * numbers of steps.
     * @param {{seeds: number, first?: number, steps?: number, epochs?: number}} request
     */
    repeat: async (request) => api.tell({ ...settingsArgument('repeat', request), do: 'repeat' }),

    /** Stops repeat(), which rejects; what is done stays. Resolves with state(). */
    stopRepeat: () => api.tell({ do: 'stopRepeat' }),

    /**
     * Adds a results file (JSON, up to 64 MiB, as a Uint8Array, ArrayBuffer, Blob or Response) to the pool; `name` is what messages call it. Resolves
     * with state(). Rejects for what is no results file, and for one that answers another question than those in the pool.
     */
    pool: async (source, name = source?.name ?? 'The file') => api.tell({ do: 'pool', name }, await bytesArgument('pool', source)),

    /** Empties the pool. Resolves with state(). */
    clearPool: () => api.tell({ do: 'clearPool' }),

    /**
     * Resolves with the results of the seeds done here, with `pooled` of the pool, as text: a results file (JSON), with `csv` a table. Rejects where
     * there are none.
     * @param {{pooled?: boolean, csv?: boolean}} settings
     */
    exportResults: (settings) => exportResults(settings),

    /** Downloads what exportResults() gives. Rejects as that does. */
    saveResults: async (settings = {}) => {
      const csv = settings.csv === true;
      const text = await exportResults(settings);
      saveAs(api, text, csv ? 'results.csv' : 'results.json', csv ? 'text/csv' : 'application/json');
    },

    /** Lets the person choose results files for the pool. Rejects with what is wrong with some of them; the others are in the pool then. */
    openResults: async () => {
      const problems = [];
      for (const file of await chooseFiles('.json')) await api.lab.pool(file).catch((error) => problems.push(error.message));
      if (problems.length > 0) throw new Error(problems.join(' '));
    },
  };
};
