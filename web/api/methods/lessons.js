// lab's methods for the lessons (web/lessons/install.js). open('lessons') shows their panel.

export const lessonMethods = (api) => ({
  /** Resolves with the lessons beside the page, [{name, number, title, minutes, summary, steps, …}]. Rejects where they cannot be loaded. */
  lessons: () => api.lessons.list(),

  /**
   * Opens a lesson at a step (counted from 0), or where the student was. Resolves with lesson(). Rejects where there is none, or it cannot be read.
   * @param {number|string} which its number, its name, or the address of a Markdown file on the page's own server
   */
  openLesson: async (which, step) => {
    await api.ready;
    await api.lessons.open(which, step);
    return api.lessons.state;
  },

  /** At once: the open lesson, {name, address, title, minutes, step, steps, stepTitle, predictions, results, running}; null where none is. */
  lesson: () => api.lessons?.state ?? null,

  /** Resolves with what was predicted in this browser, beside what was measured: an object for each prediction, or with `csv` a table as text. */
  predictions: (settings) => api.lessons.predictions(settings),
});
