// The lessons' panel in the dock: the list, or one lesson.

import { closeDock, openDock, openPanel } from '../page/dock.js';
import { make } from '../page/html.js';
import { mayThrowAway } from '../save/throw_away.js';
import { lessonFromFile, listLessons, loadLesson } from './library.js';
import { LessonView } from './lesson_view.js';
import { drawList } from './list_view.js';
import { Records } from './records.js';
import { Runner } from './runner.js';

export const kPanel = 'lessons';

export class LessonPanel {
  #records = new Records();
  #runner;
  #changed;
  #view = null;
  #element = make('div', { className: 'lessons' });

  /** @param changed called with state() when another lesson or step is open, an answer was given or a run began or ended */
  constructor(lab, changed) {
    this.#runner = new Runner(lab, () => mayThrowAway(lab));
    this.#changed = () => changed(this.state());
  }

  /** The open lesson, or null. */
  state() {
    return this.#view && openPanel() === kPanel ? this.#view.state() : null;
  }

  get records() {
    return this.#records;
  }

  #openDock(title) {
    openDock({ id: kPanel, title, element: this.#element, onClose: () => this.#changed() });
  }

  /** Shows what was open last: a lesson, or the list. */
  async show() {
    if (!this.#view) return this.showList();
    this.#openDock(this.#view.state().title);
    this.#changed();
  }

  close() {
    closeDock(kPanel);
  }

  async showList(problem = null) {
    if (this.#runner.running) this.#runner.cancel();
    this.#view = null;
    let lessons = [];
    try {
      lessons = await listLessons();
    } catch (error) {
      problem ??= error.message;
    }
    drawList(this.#element, lessons, {
      records: this.#records,
      problem,
      open: (name) => this.open(name).catch((error) => this.showList(error.message)),
      openFile: (file) => this.openFile(file).catch((error) => this.showList(error.message)),
    });
    this.#openDock('Lessons');
    this.#changed();
  }

  /** Opens a lesson (loadLesson() says by what), at a step or where the student was. Rejects with a sentence. */
  async open(which, step) {
    this.#play(await loadLesson(which), step);
  }

  async openFile(file) {
    this.#play(await lessonFromFile(file));
  }

  #play(lesson, step) {
    if (this.#runner.running) this.#runner.cancel();
    this.#view = new LessonView(lesson, { records: this.#records, runner: this.#runner, leave: () => this.showList(), changed: () => this.#changed() });
    this.#view.element.addEventListener('click', (event) => this.#follow(event));
    this.#element.replaceChildren(this.#view.element);
    this.#openDock(lesson.title);
    this.#view.show(step);
  }

  /** A link “?lesson=…” to this page opens the lesson in place of the page. */
  #follow(event) {
    const link = event.target.closest('a[href]');
    if (!link || link.target === '_blank' || event.ctrlKey || event.metaKey) return;
    const url = new URL(link.href);
    const lesson = url.searchParams.get('lesson');
    if (url.pathname !== location.pathname || lesson === null) return;
    event.preventDefault();
    this.open(lesson).catch((error) => this.showList(error.message));
  }
}
