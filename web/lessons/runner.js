// Carries out a lesson's run block: its calls of window.lab one after the other, then what is to be shown. Says how far it is, can be
// cancelled, and never throws away a run that somebody else began without asking.

import { beginsRun, kUsual } from './calls.js';
import { takeMeasures } from './measures.js';

const kStrokesNote =
  'MNIST is not beside this page, so this ran on the strokes set, digits that the page draws itself. The figures in the text are MNIST’s.';

export class Cancelled extends Error {
  constructor() {
    super('Cancelled. Nothing was measured; you can run it again.');
  }
}

const kStrokesForCheckpoint =
  'MNIST is not beside this page, so the trained network looks at images of the strokes set, digits that the page draws itself. The figures in the text are MNIST’s.';
const kLookMs = 150;
const kLongestWaitMs = 60_000;

const grouped = (count) => count.toLocaleString('en');

export class Runner {
  #lab;
  #confirm;
  #own = null; // where this left the page: {run, step}
  #current = null; // {cancelled}

  /**
   * @param confirm asked with state() before a run that no lesson made is thrown away; resolves with true to go on
   */
  constructor(lab, confirm) {
    this.#lab = lab;
    this.#confirm = confirm;
  }

  get running() {
    return this.#current !== null;
  }

  /** Stops what is being run; run() then rejects with Cancelled. */
  cancel() {
    if (!this.#current || this.#current.cancelled) return;
    this.#current.cancelled = true;
    const seeds = this.#lab.state().seeds?.running;
    for (const stop of [seeds ? this.#lab.stopRepeat : this.#lab.pause, this.#lab.stopLooking]) stop().catch(() => {});
  }

  /**
   * Makes the calls, then measures for each of the `shows`. `onProgress({text, done})` hears how far it is, done from 0 to 1 or null.
   * Resolves with {notes: [sentences], shown: [results of each show block]}, or null when the person did not want it; rejects with a
   * sentence.
   */
  async run(calls, shows, onProgress) {
    if (this.#current) throw new Error('Another run of the lesson is not done yet.');
    const current = (this.#current = { cancelled: false });
    const before = this.#lab.state().speed;
    try {
      if (calls.some(beginsRun) && !(await this.#mayBegin())) return null;
      const notes = new Set();
      await this.#lab.set({ speed: 0 }); // a limit of one step a second would make a lesson of five minutes
      await this.#callAll(calls, { current, notes, onProgress });
      const shown = [];
      await this.#untilFound(current, onProgress);
      onProgress({ text: 'Measuring …', done: null });
      for (const { items } of shows) shown.push(await this.#unlessCancelled(current, takeMeasures(this.#lab, items)));
      const { run, step } = this.#lab.state();
      this.#own = { run, step };
      return { notes: [...notes], shown };
    } finally {
      this.#current = null;
      this.#lab.set({ speed: before ?? 0 }).catch(() => {});
    }
  }

  /** Whether the run that is there may go: it is a lesson's own and untouched since, or its step is 0, or the person says so. */
  async #mayBegin() {
    const state = this.#lab.state();
    const untouched = state.run === this.#own?.run && state.step === this.#own.step;
    const nothing = state.step === 0 && !state.loaded && state.seeds.done === 0;
    return untouched || nothing || this.#confirm(state);
  }

  async #unlessCancelled(current, promise) {
    try {
      const value = await promise;
      if (current.cancelled) throw new Cancelled();
      return value;
    } catch (error) {
      throw current.cancelled ? new Cancelled() : error;
    }
  }

  async #callAll(calls, context) {
    let failed = null; // of the last call that was no “otherwise”
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i];
      if (call.otherwise && !failed) continue;
      const hasOtherwise = !call.otherwise && calls[i + 1]?.otherwise;
      if (!call.otherwise) failed = null;
      try {
        await this.#unlessCancelled(context.current, this.#call(call, context));
      } catch (error) {
        if (error instanceof Cancelled || !hasOtherwise) throw error;
        failed = error;
        context.notes.add(`${error.message} So this was done instead: ${this.#instead(calls, i)}.`);
      }
    }
  }

  /** Waits until the open lab has found what it looks for, so that the page shows what the lesson speaks of. */
  async #untilFound(current, onProgress) {
    const limit = performance.now() + kLongestWaitMs;
    while (!current.cancelled && performance.now() < limit && this.#lab.state().views.some(({ done, error }) => !done && !error)) {
      onProgress({ text: 'The lab is being worked out …', done: null });
      await new Promise((resolve) => setTimeout(resolve, kLookMs));
    }
    if (current.cancelled) throw new Cancelled();
  }

  /** The calls that stand in for number `i`, as the lesson says them. */
  #instead(calls, i) {
    const others = calls.slice(i + 1);
    const end = others.findIndex(({ otherwise }) => !otherwise);
    return others.slice(0, end < 0 ? others.length : end).map(({ text }) => text.replace(/^otherwise\s+/, '')).join(', then ');
  }

  /** So many steps, each drawn, at the speed that the lesson has set. (Asked for at once, step() takes no notice of it.) */
  async #paced(count, current) {
    const interval = 1000 / this.#lab.state().speed;
    let next = performance.now();
    for (let i = 0; i < count && !current.cancelled; i++) {
      await new Promise((resolve) => setTimeout(resolve, next - performance.now()));
      next = Math.max(next + interval, performance.now());
      await this.#lab.step(1);
    }
    return this.#lab.state();
  }

  async #call({ method, values }, { current, notes, onProgress }) {
    const stop = this.#follow(method, values, onProgress);
    try {
      // A new run is the only one: the twins of a lesson before would take their time of it.
      if ((method === 'reset' || method === 'loadCheckpoint') && this.#lab.comparison()?.arms.length > 1) await this.#lab.endComparison();
      if (method === 'reset') return await this.#reset(values[0] ?? {}, notes);
      if (method === 'step' && this.#lab.state().speed > 0) return await this.#paced(values[0] ?? 1, current);
      if (typeof this.#lab[method] !== 'function') throw new Error(`This page has no “${method}”.`);
      const result = await this.#lab[method](...values);
      if (method === 'loadCheckpoint' && this.#lab.state().dataset === 'strokes') notes.add(kStrokesForCheckpoint);
      return result;
    } finally {
      stop();
    }
  }

  /** A new run as a lesson means it: what it does not say is as on a page opened without anything. */
  async #reset(settings, notes) {
    const wanted = { ...kUsual, ...settings };
    if (settings.network !== undefined) delete wanted.preset;
    const { seed, view } = this.#lab.state();
    if (view.lockSeed) wanted.seed = seed; // as the teacher's link has it
    try {
      return await this.#lab.reset(wanted);
    } catch (error) {
      if (wanted.dataset !== 'mnist') throw error;
      const state = await this.#lab.reset({ ...wanted, dataset: 'strokes' }); // rejects where it was not for the data
      notes.add(kStrokesNote);
      return state;
    }
  }

  /** Tells `onProgress` how far a call is while it runs; gives a function that ends it. */
  #follow(method, values, onProgress) {
    const words = { reset: 'A new run …', loadCheckpoint: 'Loading the trained network …', compare: 'Making the twins …' };
    if (method !== 'step' && method !== 'epoch' && method !== 'repeat' && method !== 'replay') {
      onProgress({ text: words[method] ?? `${method} …`, done: null });
      return () => {};
    }
    const from = this.#lab.state().step;
    const say = (state) => {
      if (state.waitingForData) return onProgress({ text: 'Waiting for the data …', done: null });
      if (method === 'repeat') return onProgress({ text: `Seed ${state.seeds.done + 1} of ${state.seeds.wanted}`, done: state.seeds.fraction });
      if (method !== 'step') return onProgress({ text: `Training: step ${grouped(state.step)}`, done: null });
      const [count = 1] = values;
      return onProgress({ text: `Training: ${grouped(state.step - from)} of ${grouped(count)} steps`, done: (state.step - from) / count });
    };
    say(this.#lab.state());
    return this.#lab.on('snapshot', say);
  }
}
