// window.lab: everything the page can do, for lessons, notebooks and tests. The README has a table of it.
//
// LabApi joins the program, its requests and its events; what `lab` does is in methods/: training.js, comparison.js, network.js (questions about it),
// views.js (what the page shows), images.js (and drawings), files.js, lessons.js. Each gives its part of the methods for a LabApi.

import { imageArgument, sessionArgument } from './arguments.js';
import { Events } from './events.js';
import { comparisonMethods } from './methods/comparison.js';
import { fileMethods } from './methods/files.js';
import { imageMethods } from './methods/images.js';
import { lessonMethods } from './methods/lessons.js';
import { networkMethods } from './methods/network.js';
import { trainingMethods } from './methods/training.js';
import { viewMethods } from './methods/views.js';
import { Pictures } from './pictures.js';
import { Requests } from './requests.js';
import { KeptDrawings } from '../draw/kept_drawings.js';
import { hiddenMenuItems } from '../page/menu.js';
import { describeSession } from '../save/session_file.js';

/** state() before the first one was published. */
const kNoState = {
  ready: false, step: 0, epoch: 0, imagesSeen: 0, trainLoss: null, testAccuracy: null, imagesPerSecond: 0, playing: false,
  diverged: false, layers: [], frame: { medianMs: 0, p95Ms: 0 }, error: null, notice: null,
};

export class LabApi {
  #native = null;
  #build = null;
  #loadData = null;
  #requests = null;
  #events = new Events();
  #version = 0;
  #lastState = kNoState;
  #crashed = null;
  #ready = Promise.withResolvers?.() ?? withResolvers();
  #onState;
  #pictures = new Pictures();
  #lessons = null;
  #kept = new KeptDrawings();
  /** The name of the checkpoint whose weights were loaded last, if no others were since; else null. */
  checkpoint = null;

  /** @param onState called with state() as a function whenever a new state was published */
  constructor(onState = () => {}) {
    this.#onState = onState;
    this.#ready.promise.catch(() => {}); // a page nobody scripts must not report it twice
  }

  // --- for the page ----------------------------------------------------------------------------------------------------------

  /** The program runs: requests go there from now on. `loadData(set)` brings a data set's files, and resolves when it has. */
  attach(native, { threaded, build, loadData }) {
    this.#native = native;
    this.#build = build;
    this.#loadData = loadData;
    this.#requests = new Requests(native, threaded, () => this.#look());
  }

  /** The lessons (lessons/install.js) work from now on. */
  attachLessons(lessons) {
    this.#lessons = lessons;
  }

  /** Another lesson or step of one is open, or none. */
  lessonChanged(lesson) {
    this.#events.emit('lesson', lesson);
  }

  /** The program has drawn a frame for a picture (web/api/pictures.js). */
  pictureDrawn(place) {
    this.#pictures.drawn(place);
  }

  /** The program stopped for good. */
  crash(error) {
    if (this.#crashed) return;
    let last = kNoState;
    try {
      last = this.state();
    } catch {
      // the program may be too far gone to ask
    }
    this.#lastState = { ...last, playing: false, error: error.message };
    this.#crashed = error;
    this.#ready.reject(error);
    this.#requests?.stop(error);
    this.#pictures.stop(error);
    this.#events.update(this.#lastState);
  }

  /** Takes a safetensors file, a session or weights alone, by what it says of itself. */
  async openFile(file) {
    const bytes = await sessionArgument('openFile', file);
    return describeSession(bytes) ? this.lab.importSession(bytes) : this.lab.importWeights(bytes);
  }

  // --- for the methods of lab ------------------------------------------------------------------------------------------------

  /** Resolves when requests can be sent; rejects where the program stopped before. */
  get ready() {
    return this.#ready.promise;
  }
  get crashed() {
    return this.#crashed !== null;
  }
  /** The program's functions (web/api/native.js); null before attach(). */
  get native() {
    return this.#native;
  }
  get pictures() {
    return this.#pictures;
  }
  /** null before attachLessons(). */
  get lessons() {
    return this.#lessons;
  }
  /** The drawings that the person has kept. */
  get kept() {
    return this.#kept;
  }

  state() {
    if (this.#crashed) return this.#lastState;
    const state = this.#native?.state();
    if (state?.loaded) state.loaded.checkpoint = this.checkpoint;
    if (state) state.view.hide = [...new Set([...state.view.hide, ...hiddenMenuItems()])];
    return { ...(state ? { ready: true, ...state } : kNoState), build: this.#build, isolated: globalThis.crossOriginIsolated === true };
  }

  /**
   * Sends a request once the page is ready (src/platform/bridge_commands.cpp reads it); resolves with the program's reply, rejects with its sentence.
   */
  async ask(request, payload) {
    await this.#ready.promise;
    return this.#requests.send(request, payload);
  }

  /** The same where the reply says no more than that it is done: resolves with the state(), which shows it. */
  async tell(request, payload) {
    await this.ask(request, payload);
    return this.state();
  }

  /** ask() about an image: its index in the test set, or its pixels. */
  async askImage(request, image) {
    const { payload, ...rest } = imageArgument(request.do, image);
    return this.ask({ ...request, ...rest }, payload);
  }

  /** Brings a data set's files; resolves when they are here. */
  loadData(set) {
    return this.#loadData(set);
  }

  /** Resolves with the first state, the present one included, of which `holds` is true. */
  when(holds) {
    if (holds(this.state())) return Promise.resolve();
    return new Promise((resolve) => {
      const end = this.#events.on('snapshot', (state) => {
        if (!holds(state)) return;
        end();
        resolve();
      });
    });
  }

  /** state() is another one, though the program has published none. */
  tellPage() {
    this.#onState(() => this.state());
  }

  #look() {
    const version = this.#native.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#ready.resolve(this.lab);
    if (this.#events.wanted) this.#events.update(this.state());
    else this.#events.forget();
    this.tellPage();
  }

  // ---------------------------------------------------------------------------------------------------------------------------

  /**
   * The object that scripts see. Its methods resolve once state() shows what they did, and reject with an Error whose message is a sentence; all
   * that is sent to the program rejects once that has stopped. Those that answer at once say so.
   */
  lab = Object.freeze({
    /** Resolves with lab when the page runs. Rejects where it cannot. */
    ready: this.#ready.promise,

    /** At once: where the run stands and what the page shows; the README lists the fields. Before the first one `ready` is false. */
    state: () => this.state(),

    /**
     * At once: calls `listener` at each 'snapshot', 'accuracy', 'epoch', 'diverged' or 'error' with the state, at each 'lesson' with lesson(). Gives
     * a function that ends it. Throws for any other event.
     */
    on: (event, listener) => this.#events.on(event, listener),

    /** At once: what can be chosen, {dataset, preset, initializer: [{key, label}], lab: [{key, label, text}]}; null before the page is ready. */
    choices: () => this.#native?.choices() ?? null,

    ...trainingMethods(this),
    ...comparisonMethods(this),
    ...networkMethods(this),
    ...viewMethods(this),
    ...imageMethods(this),
    ...fileMethods(this),
    ...lessonMethods(this),
  });
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
