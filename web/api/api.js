// window.lab: everything the page can do, for lessons, notebooks and tests. Documented in the README.

import { bytesArgument, imageArgument, imagesArgument, lookArgument, ownDataArgument, pageArgument, settingsArgument, splitView } from './arguments.js';
import { describeCheckpoint, fetchCheckpoint } from './checkpoint.js';
import { kControls } from '../page/controls.js';
import { showPanel } from '../page/dock.js';
import { Events } from './events.js';
import { chooseFile, chooseFiles, download } from '../page/files.js';
import { makeFilm } from '../save/film.js';
import { kImageSize, KeptDrawings } from '../draw/kept_drawings.js';
import { hasMenuItem, hiddenMenuItems, hideMenuItems } from '../page/menu.js';
import { Pictures } from './pictures.js';
import { Requests } from './requests.js';
import { describeSession } from '../save/session_file.js';
import { note, showCanvas } from '../page/status.js';

/** Bytes of a session file: the timeline of 256 MB, the weights and their momentum. */
const kLargestSession = 400 << 20;

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
  #checkpoint = null; // the name of the one whose weights were loaded last, if no others were since
  #pictures = new Pictures();
  #lessons = null;
  #kept = new KeptDrawings();

  /** @param onState called with state() as a function whenever a new state was published */
  constructor(onState = () => {}) {
    this.#onState = onState;
    this.#ready.promise.catch(() => {}); // a page nobody scripts must not report it twice
  }

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

  /** The drawings that the person has kept. */
  get kept() {
    return this.#kept;
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

  state() {
    if (this.#crashed) return this.#lastState;
    const state = this.#native?.state();
    if (state?.loaded) state.loaded.checkpoint = this.#checkpoint;
    if (state) state.view.hide = [...new Set([...state.view.hide, ...hiddenMenuItems()])];
    return { ...(state ? { ready: true, ...state } : kNoState), build: this.#build, isolated: globalThis.crossOriginIsolated === true };
  }

  #look() {
    const version = this.#native.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#ready.resolve(this.lab);
    if (this.#events.wanted) this.#events.update(this.state());
    else this.#events.forget();
    this.#onState(() => this.state());
  }

  async #ask(request, payload) {
    await this.#ready.promise;
    return this.#requests.send(request, payload);
  }

  async #tell(request, payload) {
    await this.#ask(request, payload);
    return this.state();
  }

  async #askImage(request, image) {
    const { payload, ...rest } = imageArgument(request.do, image);
    return this.#ask({ ...request, ...rest }, payload);
  }

  /** `hide` names groups of controls on the canvas, items of the menu, or what is both. */
  #setView({ hide, ...view }) {
    const onCanvas = (word) => kControls.has(word) || !hasMenuItem(word); // what neither knows is the program's to refuse
    this.#native.view(Array.isArray(hide) ? { ...view, hide: hide.filter(onCanvas) } : { ...view, hide });
    if (hide) hideMenuItems(hide);
    this.#onState(() => this.state());
  }

  async #exportWeights() {
    return (await this.#ask({ do: 'exportWeights' })).bytes;
  }

  async #exportCurve() {
    return new TextDecoder().decode((await this.#ask({ do: 'exportCurve' })).bytes);
  }

  async #exportResults({ pooled = false, csv = false } = {}) {
    return new TextDecoder().decode((await this.#ask({ do: 'exportResults', pooled, csv })).bytes);
  }

  async #importWeights(source) {
    this.#checkpoint = null;
    return this.#tell({ do: 'importWeights' }, await bytesArgument('importWeights', source));
  }

  async #exportSession({ timelineBytes } = {}) {
    return (await this.#ask({ do: 'exportSession', timelineBytes })).bytes;
  }

  async #importSession(source) {
    this.#checkpoint = null;
    const bytes = await bytesArgument('importSession', source, kLargestSession);
    const session = describeSession(bytes);
    if (!session) throw new Error('This is no session file: “Save session” writes such files, and “Load” takes weights alone.');
    if (session.dataset !== this.state().dataset) await this.#loadData(session.dataset);
    return this.#tell({ do: 'importSession' }, bytes);
  }

  /** A run that begins with a checkpoint's weights, and has nothing else of the run before. Resolves when its images are here, or others instead. */
  async #loadCheckpoint(name, settings) {
    const { info, bytes } = await fetchCheckpoint(name);
    const plain = { schedule: 'constant', augmentation: 'none', freeze: [], rateMultipliers: {}, changes: [] };
    await this.lab.reset({ ...plain, ...info.measured.settings, ...settings, weights: bytes });
    this.#checkpoint = name;
    await this.#when((state) => !state.wantedData);
    note(describeCheckpoint(info), { good: true });
    return { ...this.state(), checkpoint: info };
  }

  /** Resolves with the first state, the present one included, of which `holds` is true. */
  #when(holds) {
    if (holds(this.state())) return Promise.resolve();
    return new Promise((resolve) => {
      const end = this.#events.on('snapshot', (state) => {
        if (!holds(state)) return;
        end();
        resolve();
      });
    });
  }

  /** What an open view has found, as files: {step, files: {name: Uint8Array}}. */
  async #exportView(view) {
    const { files: sizes, bytes } = await this.#ask({ do: 'exportView', view });
    const files = {};
    let offset = 0;
    for (const [name, size] of sizes) {
      files[name] = bytes.slice(offset, offset + size);
      offset += size;
    }
    const { step } = JSON.parse(new TextDecoder().decode(files['facts.json']));
    return { step, files };
  }

  #fileName(ending, of) {
    const { dataset, preset, seed, timeline } = this.state();
    const step = of ?? timeline?.shown ?? this.state().step;
    return `lenet-${preset}-${dataset}-seed${seed}-step${step}.${ending}`;
  }

  /** Takes a safetensors file, a session or weights alone, by what it says of itself. */
  async openFile(file) {
    const bytes = await bytesArgument('openFile', file, kLargestSession);
    return describeSession(bytes) ? this.#importSession(bytes) : this.#importWeights(bytes);
  }

  /** The object that scripts see. */
  lab = Object.freeze({
    ready: this.#ready.promise,
    state: () => this.state(),
    on: (event, listener) => this.#events.on(event, listener),
    choices: () => this.#native?.choices() ?? null,
    ui: async () => {
      await this.#ready.promise;
      const { left, top } = document.getElementById('canvas').getBoundingClientRect();
      const places = Object.entries(this.#native.ui());
      return Object.fromEntries(places.map(([name, place]) => [name, { ...place, x: place.x + left, y: place.y + top }]));
    },

    play: () => this.#tell({ do: 'play' }),
    pause: () => this.#tell({ do: 'pause' }),
    step: (count = 1) => this.#tell({ do: 'step', count }),
    epoch: () => this.#tell({ do: 'epoch' }),
    rewind: () => this.#tell({ do: 'rewind' }),
    reset: async (settings) => {
      const { weights, ...rest } = settingsArgument('reset', settings);
      if (weights !== undefined) this.#checkpoint = null;
      return this.#tell({ ...rest, do: 'reset' }, weights === undefined ? undefined : await bytesArgument('reset', weights));
    },
    set: async (settings) => {
      const { view, rest: others } = splitView(settingsArgument('set', settings));
      const { speed, overlay, background, ...rest } = others;
      const page = pageArgument('set', { overlay, background });
      await this.#ask({ ...rest, speed: speed === Infinity ? 0 : speed, do: 'set' });
      this.#native.page(page);
      showCanvas(page.overlay);
      if (view) this.#setView(view);
      return this.state();
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
      return this.#tell({ ...request, do: 'ownData' }, payload);
    },
    freeze: (layer, on = true) => this.#tell({ do: 'freeze', layer, on }),
    rate: (layer, multiplier) => this.#tell({ do: 'rate', layer, multiplier }),
    restore: () => this.#tell({ do: 'restore' }),
    plan: (changes) => this.#tell({ do: 'plan', changes }),
    replay: () => this.#tell({ do: 'replay' }),

    compare: (what = 'frozen') => this.#tell({ do: 'compare', ...(Array.isArray(what) ? { arms: what } : { preset: what }) }),
    endComparison: () => this.#tell({ do: 'endComparison' }),
    showArm: (arm) => this.#tell({ do: 'showArm', arm }),
    comparison: () => (this.#crashed ? null : (this.#native?.comparison() ?? null)),
    repeat: async (request) => this.#tell({ ...settingsArgument('repeat', request), do: 'repeat' }),
    stopRepeat: () => this.#tell({ do: 'stopRepeat' }),
    pool: async (source, name = source?.name ?? 'The file') => this.#tell({ do: 'pool', name }, await bytesArgument('pool', source)),
    clearPool: () => this.#tell({ do: 'clearPool' }),
    exportResults: (settings) => this.#exportResults(settings),
    saveResults: async (settings = {}) => {
      const csv = settings.csv === true;
      download(await this.#exportResults(settings), this.#fileName(csv ? 'results.csv' : 'results.json'), csv ? 'text/csv' : 'application/json');
    },
    openResults: async () => {
      const problems = [];
      for (const file of await chooseFiles('.json')) await this.lab.pool(file).catch((error) => problems.push(error.message));
      if (problems.length > 0) throw new Error(problems.join(' '));
    },
    open: async (name, fields = {}) => {
      await this.#ready.promise;
      if (name === 'lessons') return this.#lessons.show();
      if (showPanel(name)) return;
      if (name === 'compare') this.#native.openComparison(fields);
      else this.#native.openLab(String(name));
    },

    openLesson: async (which, step) => {
      await this.#ready.promise;
      await this.#lessons.open(which, step);
      return this.#lessons.state;
    },
    lesson: () => this.#lessons?.state ?? null,
    lessons: () => this.#lessons.list(),
    predictions: (settings) => this.#lessons.predictions(settings),

    look: async (request) => findings(await this.#ask({ ...lookArgument(request), do: 'look' })),
    stopLooking: () => this.#tell({ do: 'stopLooking' }),
    view: async (view) => findings(await this.#ask({ do: 'view', view })),
    exportView: async (view, { array } = {}) => {
      const { files } = await this.#exportView(view);
      if (array === undefined || array === null) return new TextDecoder().decode(files['table.csv']);
      if (!files[`${array}.npy`]) throw new Error(`The view “${view}” has no array “${array}”.`);
      return files[`${array}.npy`];
    },
    saveView: async (view, { npy = false } = {}) => {
      const { files, step } = await this.#exportView(view); // all of one answer: the view may be renewed meanwhile
      for (const [name, bytes] of Object.entries(files)) {
        if (name.endsWith('.npy') !== npy) continue;
        const ending = name === 'table.csv' ? `${view}.csv` : `${view}.${name}`;
        download(bytes, this.#fileName(ending, step), 'application/octet-stream');
      }
    },
    savePicture: async ({ scale = 2 } = {}) => {
      const picture = await this.lab.picture({ scale });
      download(picture, this.#fileName(`${this.state().lab}.png`), 'image/png');
    },
    picture: async ({ scale = 2 } = {}) => {
      await this.#ready.promise;
      return this.#pictures.take(this.#native, scale);
    },
    moment: (step = null) => this.#tell({ do: 'moment', step }),
    probe: (images) => this.#tell({ do: 'probe', images }),

    show: async (image) => {
      await this.#askImage({ do: 'show' }, image);
      return this.state();
    },
    draw: async (pixels, width, height) => {
      const { payload } = imageArgument('draw', pixels);
      const { shape, values } = await this.#ask({ do: 'draw', width, height }, payload);
      return { shape, data: values };
    },
    drawings: () => this.#kept.list.map(({ id, label, time, pixels }) => ({ id, label, time, pixels: pixels.slice() })),
    keep: async (label, image) => {
      const { payload } = imageArgument('keep', image);
      if (payload?.length !== kImageSize || !payload.every((value) => value >= 0 && value <= 1)) throw new Error(`keep() needs an image of ${kImageSize} pixels from 0 to 1, as draw() gives it.`);
      this.#kept.keep(label, payload.map((value) => Math.round(255 * value)));
    },
    removeDrawings: async (ids) => this.#kept.remove([ids].flat()),
    next: async (settings) => this.#tell({ ...settingsArgument('next', settings), do: 'next' }),
    lock: (layer, unit) => this.#tell({ do: 'lock', layer, unit }),
    mode: (mode) => this.#tell({ do: 'mode', mode }),

    weights: async (name, { arm } = {}) => {
      const { shape, values } = await this.#ask({ do: 'weights', name, arm });
      return { shape, data: values };
    },
    activations: async (layer, image) => {
      const { shape, values } = await this.#askImage({ do: 'activations', layer }, image);
      return { shape, data: values };
    },
    project: async (layer, unit, { image = 0, mode = 'deconv' } = {}) => {
      const { shape, values, activation, at } = await this.#askImage({ do: 'project', layer, unit, mode }, image);
      return { shape, data: values, activation, at };
    },
    measure: async (request) => {
      const { bytes } = await this.#ask({ ...settingsArgument('measure', request), do: 'measure' });
      return JSON.parse(new TextDecoder().decode(bytes));
    },
    predict: async (image) => {
      const { values } = await this.#askImage({ do: 'predict' }, image);
      return { probabilities: values, label: strongest(values) };
    },
    predictAll: async (images) => {
      const { shape, values, step } = await this.#ask({ do: 'predictAll' }, imagesArgument('predictAll', images));
      const probabilities = Array.from({ length: shape[0] }, (_, i) => values.slice(i * shape[1], (i + 1) * shape[1]));
      return { probabilities, labels: probabilities.map(strongest), step };
    },

    exportWeights: () => this.#exportWeights(),
    importWeights: (source) => this.#importWeights(source),
    exportSession: async (settings) => this.#exportSession(settingsArgument('exportSession', settings)),
    importSession: (source) => this.#importSession(source),
    saveSession: async () => download(await this.#exportSession(), this.#fileName('session.safetensors'), 'application/octet-stream'),
    film: async (settings = {}) => makeFilm(this.lab, settings),
    saveFilm: async (settings = {}) => {
      const film = await makeFilm(this.lab, settings);
      if (film) download(film, this.#fileName(`${settings.layer ?? 'conv1'}-film.png`), 'image/png');
      return film !== null;
    },
    loadCheckpoint: (name = 'wss17-mnist', settings = {}) => this.#loadCheckpoint(name, settingsArgument('loadCheckpoint', settings)),
    exportCurve: () => this.#exportCurve(),
    saveWeights: async () => download(await this.#exportWeights(), this.#fileName('safetensors'), 'application/octet-stream'),
    saveCurve: async () => download(await this.#exportCurve(), this.#fileName('csv'), 'text/csv'),
    openWeights: async () => {
      const file = await chooseFile('.safetensors');
      if (file) await this.openFile(file);
    },
  });
}

const strongest = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

/** The answer to an experiment: {view, facts, columns, rows, arrays: {name: {shape, data}}}. */
function findings({ bytes, values }) {
  const found = JSON.parse(new TextDecoder().decode(bytes));
  let offset = 0;
  const arrays = {};
  for (const { name, shape } of found.arrays) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    arrays[name] = { shape, data: values.slice(offset, offset + size) };
    offset += size;
  }
  return { ...found, arrays };
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
