// The lessons' way into the page: a button in the header. All else is loaded when it is first wanted.

import { closeDock, openPanel } from '../page/dock.js';
import { note } from '../page/status.js';

const kPanel = 'lessons';

export class Lessons {
  #lab;
  #changed;
  #loading = null;
  #panel = null;

  /** @param changed called with the open lesson's state (below), or null, when it is another */
  constructor(lab, changed) {
    this.#lab = lab;
    this.#changed = changed;
  }

  /** The panel, once its parts are there. */
  #load() {
    this.#loading ??= import('./panel.js').then(
      ({ LessonPanel }) => (this.#panel = new LessonPanel(this.#lab, this.#changed)),
      (error) => {
        this.#loading = null;
        throw new Error(`The lessons could not be loaded (${error.message}).`);
      },
    );
    return this.#loading;
  }

  /** The open lesson: {name, address (for ?lesson=; null: a file), title, step, steps, stepTitle, minutes, predictions, results, running}; null where none is open. */
  get state() {
    return this.#panel?.state() ?? null;
  }

  /** Shows the panel as it was. */
  async show() {
    return (await this.#load()).show();
  }

  toggle() {
    if (openPanel() === kPanel) closeDock(kPanel);
    else this.show().catch((error) => note(error.message));
  }

  /** Opens a lesson by number, name or address (library.js), at a step or where the student was. Rejects with a sentence. */
  async open(which, step) {
    return (await this.#load()).open(which, step);
  }

  async openFile(file) {
    return (await this.#load()).openFile(file);
  }

  /** [{name, number, title, minutes, …}] */
  async list() {
    const { listLessons } = await import('./library.js');
    return listLessons();
  }

  /** What the student predicted, beside what was measured: objects, or CSV as text. */
  async predictions({ csv = false } = {}) {
    const { records } = await this.#load();
    return csv ? records.csv() : records.rows();
  }
}
