// Autosave: the session is kept in this browser (IndexedDB) while it trains, and offered again after a reload or a crash.
//
// Two places: "now" is written as the run goes on; what it held before this visit is moved to "before" at the start, so that a
// new run never overwrites what has not been looked at yet.

import { browserTexts } from '../page/storage.js';

const kDatabase = 'lenet-lab', kStore = 'sessions';
const kMark = 'lenet-lab autosave'; // among the browser's texts: '1' while something is kept, 'off' where the person wants none
const kLookMs = 5000;
const kSaveEveryMs = 60_000; // while it trains; and at once when it pauses
/** Of the timeline, so that a save takes some tens of milliseconds. */
const kTimelineBytes = 16 << 20;

const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function openStore(mode) {
  const opening = indexedDB.open(kDatabase, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(kStore);
  const database = await promised(opening);
  return { store: database.transaction(kStore, mode).objectStore(kStore), close: () => database.close() };
}

/** Runs `work` on the store; whatever it gives is awaited. */
async function withStore(mode, work) {
  const { store, close } = await openStore(mode);
  try {
    return await work(store);
  } finally {
    close();
  }
}

export class Autosave {
  #lab;
  #address;
  #busy = false;
  #saved = { run: null, step: 0, at: 0 };
  #problem = null;
  #onChange = () => {};

  /** @param address gives the page's link (web/links/links.js), which says later what is kept */
  constructor(lab, address) {
    this.#lab = lab;
    this.#address = address;
  }

  /** Whether a session of this visit or the last one is kept. */
  hasSaved() {
    return browserTexts.get(kMark) === '1';
  }
  get on() {
    return browserTexts.get(kMark) !== 'off' && this.#problem === null;
  }
  /** Why nothing is kept, or null. */
  get problem() {
    return this.#problem;
  }
  set onChange(listener) {
    this.#onChange = listener;
  }

  /** Begins: gives what the last visit left, {bytes, title, step, seed, address, at}, or null. */
  async begin() {
    let left = null;
    try {
      left = await withStore('readwrite', async (store) => {
        const now = await promised(store.get('now'));
        if (now) {
          await promised(store.put(now, 'before'));
          await promised(store.delete('now'));
        }
        return now ?? (await promised(store.get('before'))) ?? null;
      });
    } catch (error) {
      this.#fail(error);
    }
    setInterval(() => this.#look(), kLookMs);
    document.addEventListener('visibilitychange', () => document.hidden && this.#look(true));
    return left;
  }

  /** Turns it off and on; off forgets what is kept. */
  async turn(on) {
    if (on) {
      this.#problem = null;
      browserTexts.remove(kMark);
      this.#saved = { run: null, step: 0, at: 0 };
    } else {
      await this.forget();
      browserTexts.set(kMark, 'off');
    }
    this.#onChange();
  }

  async forget() {
    await withStore('readwrite', (store) => promised(store.clear())).catch((error) => this.#fail(error));
    browserTexts.remove(kMark);
    this.#onChange();
  }

  #look(leaving = false) {
    if (!this.on || this.#busy) return;
    const { run, step, playing, diverged, ready } = this.#lab.state();
    if (!ready || diverged || step === 0 || (run === this.#saved.run && step === this.#saved.step)) return;
    if (playing && !leaving && performance.now() - this.#saved.at < kSaveEveryMs) return;
    this.save().catch((error) => this.#fail(error));
  }

  /** Keeps the session as it is now. */
  async save() {
    this.#busy = true;
    try {
      const { run, step, seed, title } = this.#lab.state();
      const address = this.#address();
      const bytes = await this.#lab.exportSession({ timelineBytes: kTimelineBytes });
      await withStore('readwrite', (store) => promised(store.put({ bytes, title, step, seed, address, at: Date.now() }, 'now')));
      this.#saved = { run, step, at: performance.now() };
      browserTexts.set(kMark, '1');
      this.#onChange();
    } finally {
      this.#busy = false;
    }
  }

  #fail(error) {
    this.#problem = error?.name === 'QuotaExceededError' ? 'the browser has no more room for it' : (error?.message ?? String(error));
    console.warn('Autosave:', error);
    this.#onChange();
  }
}
