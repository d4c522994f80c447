// One lesson in the panel: a step at a time, with Back and Next. What comes after a question waits for the answer, what comes after a
// run for the run.

import { button, make } from '../page/html.js';
import { predictionForm, resultCards, verdict } from './elements.js';
import { fragment } from './markdown.js';
import { Cancelled } from './runner.js';

export class LessonView {
  #lesson; // {name, title, text, base, steps, …}
  #records;
  #runner;
  #leave;
  #changed;
  #step = 0;
  #attempt;
  #problem = null; // of the last run
  element = make('div', { className: 'lesson' });

  /** @param leave called when the student goes back to the list; @param changed when the step or an answer is another */
  constructor(lesson, { records, runner, leave, changed }) {
    this.#lesson = lesson;
    this.#records = records;
    this.#runner = runner;
    this.#leave = leave;
    this.#changed = changed;
    this.#attempt = records.begin(lesson.name, { title: lesson.title, text: lesson.mark });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** For scripts: where the student is, and what was predicted and measured so far. */
  state() {
    const { name, address, title, minutes, steps } = this.#lesson;
    const said = Object.entries(this.#attempt.predictions).map(([id, { said: text }]) => [id, text]);
    const results = Object.values(this.#attempt.runs).flatMap(({ shown }) => shown.flat());
    const place = { step: this.#step, steps: steps.length, stepTitle: steps[this.#step].title };
    return { name, address, title, minutes, ...place, predictions: Object.fromEntries(said), results, running: this.#runner.running };
  }

  /** Shows a step, or the last one before it that can be reached. */
  show(step = this.#attempt.step) {
    this.#step = Math.max(0, Math.min(step, this.#reachable()));
    this.#records.reached(this.#lesson.name, this.#step, this.#step === this.#lesson.steps.length - 1);
    this.#problem = null;
    this.#draw();
    this.element.closest('.dock-body')?.scrollTo(0, 0);
    this.element.querySelector('h3').focus({ preventScroll: true });
    this.#changed();
  }

  #blocks(kind, steps = this.#lesson.steps) {
    return steps.flatMap(({ blocks }) => blocks).filter((block) => block.kind === kind);
  }

  #runIndex(block) {
    return this.#blocks('run').indexOf(block);
  }

  #isAnswered(block) {
    return Object.hasOwn(this.#attempt.predictions, block.id);
  }

  #hasRun(block) {
    return Object.hasOwn(this.#attempt.runs, this.#runIndex(block));
  }

  /** What of a step is still to be done before the next one, in words; null where nothing is. */
  #missing(step) {
    const { blocks } = this.#lesson.steps[step];
    if (blocks.some((block) => block.kind === 'predict' && !this.#isAnswered(block))) return 'Predict first; then you can go on.';
    if (blocks.some((block) => block.kind === 'run' && !this.#hasRun(block))) return 'Run it first; then you can go on.';
    return null;
  }

  #reachable() {
    const open = this.#lesson.steps.findIndex((_, i) => this.#missing(i) !== null);
    return open < 0 ? this.#lesson.steps.length - 1 : open;
  }

  /** All blocks of a kind before `block`, in the lesson's order. */
  #before(block, kind) {
    const all = this.#lesson.steps.flatMap(({ blocks }) => blocks);
    return all.slice(0, all.indexOf(block)).filter((each) => each.kind === kind);
  }

  /** The show blocks that come after a run and before the next one. */
  #showsOf(run) {
    const all = this.#lesson.steps.flatMap(({ blocks }) => blocks);
    const rest = all.slice(all.indexOf(run) + 1);
    const end = rest.findIndex(({ kind }) => kind === 'run');
    return rest.slice(0, end < 0 ? rest.length : end).filter(({ kind }) => kind === 'show');
  }

  // --- drawing ---------------------------------------------------------------------------------------------------------------

  #draw() {
    const { steps } = this.#lesson;
    const { title, blocks } = steps[this.#step];
    const count = `${this.#step + 1} of ${steps.length}`;
    const head = make('div', { className: 'lesson-head' },
      button('‹ All lessons', this.#leave, { className: 'lesson-plain' }),
      make('progress', { max: steps.length, value: this.#step + 1, title: `Step ${count}` }),
      make('span', { className: 'small', textContent: count }),
      this.#foldButton());
    this.element.replaceChildren(head, make('h3', { tabIndex: -1, textContent: title }));
    if (this.#records.trouble) this.element.append(make('p', { className: 'lesson-trouble', role: 'alert', textContent: this.#records.trouble }));
    for (const block of blocks) this.element.append(this.#drawBlock(block));
    this.element.append(this.#drawFoot());
  }

  /** On a narrow page the lesson covers half of it: this folds it to its head, so that there is something to look at. */
  #foldButton() {
    const words = () => (this.element.classList.contains('folded') ? 'Text ▴' : 'Page ▾');
    const fold = button(words(), () => {
      fold.setAttribute('aria-expanded', String(!this.element.classList.toggle('folded')));
      fold.textContent = words();
    }, { className: 'lesson-plain lesson-fold', title: 'Shows more of the page, or the lesson again' });
    fold.setAttribute('aria-expanded', String(!this.element.classList.contains('folded')));
    return fold;
  }

  #drawBlock(block) {
    switch (block.kind) {
      case 'predict': return this.#drawPrediction(block);
      case 'run': return this.#drawRun(block);
      case 'show': return this.#drawShow(block);
      default: return make('div', { className: 'lesson-text' }, fragment(block.tokens, { base: this.#lesson.base }));
    }
  }

  #drawPrediction(block) {
    const all = this.#lesson.steps.flatMap(({ blocks }) => blocks);
    const run = all.slice(all.indexOf(block)).find(({ kind }) => kind === 'run');
    return predictionForm(block, {
      kept: this.#attempt.predictions[block.id],
      fixed: run !== undefined && this.#isAnswered(block) && this.#hasRun(run),
      onChange: (value, said) => {
        this.#records.predict(this.#lesson.name, block, value, said);
        this.#refreshFoot();
        for (const each of this.element.querySelectorAll('[data-run]')) each.disabled = false;
        this.#changed();
      },
    });
  }

  #drawRun(block) {
    const ran = this.#hasRun(block) ? this.#attempt.runs[this.#runIndex(block)] : null;
    const ready = this.#before(block, 'predict').every((each) => this.#isAnswered(each));
    const start = button(ran ? `${block.label} again` : block.label, () => this.#run(block), {
      primary: !ran, disabled: !ready || this.#runner.running, data: { run: this.#runIndex(block) },
    });
    const box = make('div', { className: 'lesson-run' }, start);
    if (!ready) box.append(make('p', { className: 'small', textContent: 'Predict first: then you can run it.' }));
    const lines = make('ul', {}, ...block.calls.map(({ text }) => make('li', {}, make('code', { textContent: text }))));
    box.append(make('details', {}, make('summary', { textContent: 'What this does' }), lines));
    if (this.#problem?.block === block) box.append(make('p', { className: 'lesson-problem', role: 'alert', textContent: this.#problem.text }));
    if (ran) box.append(make('p', { className: 'lesson-right', textContent: '✓ Done. Look at the page, then go on.' }));
    for (const note of ran?.notes ?? []) box.append(make('p', { className: 'small', textContent: note }));
    return box;
  }

  #drawShow(block) {
    const run = this.#before(block, 'run').at(-1);
    const ran = this.#attempt.runs[this.#runIndex(run)];
    const results = ran?.shown[this.#showsOf(run).indexOf(block)];
    if (!results) return make('p', { className: 'small', textContent: 'The result is shown here after the run.' });
    const notes = ran.notes.map((note) => make('p', { className: 'lesson-note small', textContent: note }));
    return make('div', {}, ...notes, ...resultCards(results, (id) => this.#questionOf(id)));
  }

  /** A prediction's block and what was predicted. */
  #questionOf(id) {
    return { block: this.#blocks('predict').find((each) => each.id === id), kept: this.#attempt.predictions[id] };
  }

  /** Says of each result whether it is as predicted: `right`, for the export. */
  #judge(result) {
    const { block, kept } = this.#questionOf(result.answers);
    return block && kept ? { ...result, right: verdict(block, kept, result)?.right ?? null } : result;
  }

  #drawFoot() {
    const last = this.#step === this.#lesson.steps.length - 1;
    const missing = this.#missing(this.#step);
    const back = button('Back', () => this.show(this.#step - 1), { disabled: this.#step === 0 });
    const go = () => this.show(this.#step + 1);
    const data = { next: '' };
    const next = last ? button('Done', this.#leave, { primary: true, data }) : button('Next', go, { primary: true, data, disabled: missing !== null });
    const foot = make('div', { className: 'lesson-foot' }, back, next);
    const open = missing === null && this.element.querySelector('.lesson-predict:not(:disabled)') !== null;
    if (missing || open) foot.append(make('span', { className: 'small', textContent: missing ?? 'You can change your prediction until you run.' }));
    if (last) foot.append(button('Start over', () => this.startOver(), { className: 'lesson-plain' }));
    return foot;
  }

  #refreshFoot() {
    this.element.querySelector('.lesson-foot').replaceWith(this.#drawFoot());
  }

  // --- doing -----------------------------------------------------------------------------------------------------------------

  /** A new attempt at the lesson; the one before stays in the export. */
  startOver() {
    this.#attempt = this.#records.startOver(this.#lesson.name, { title: this.#lesson.title, text: this.#lesson.mark });
    this.show(0);
  }

  async #run(block) {
    const place = this.element.querySelector(`[data-run="${this.#runIndex(block)}"]`).closest('.lesson-run');
    const bar = make('progress', { max: 1 });
    const text = make('p', { className: 'small', role: 'status' });
    const cancel = button('Cancel', () => this.#runner.cancel());
    place.replaceChildren(bar, text, cancel);
    cancel.focus({ preventScroll: true });
    const onProgress = ({ text: words, done }) => {
      if (done === null) bar.removeAttribute('value');
      else bar.value = done;
      if (text.textContent !== words) text.textContent = words;
    };
    this.#problem = null;
    try {
      const result = this.#runner.run(block.calls, this.#showsOf(block), onProgress);
      this.#changed();
      const found = await result;
      if (found) {
        const shown = found.shown.map((results) => results.map((each) => this.#judge(each)));
        this.#records.ran(this.#lesson.name, this.#runIndex(block), { ...found, shown });
      }
    } catch (error) {
      this.#problem = { block, text: error instanceof Cancelled ? error.message : `It did not work: ${error.message}` };
    }
    this.#draw();
    this.element.querySelector(this.#problem ? `[data-run="${this.#runIndex(block)}"]` : '[data-next]')?.focus({ preventScroll: true });
    this.#changed();
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, select, textarea, summary')) return;
    if (event.key === 'ArrowRight' && this.#missing(this.#step) === null && this.#step < this.#lesson.steps.length - 1) this.show(this.#step + 1);
    else if (event.key === 'ArrowLeft' && this.#step > 0) this.show(this.#step - 1);
    else return;
    event.preventDefault();
  }
}
