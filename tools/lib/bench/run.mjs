// A run: every contender is opened and warmed up, then they take turns, a slice each in every round.

import { sentence } from './browser.mjs';
import { idleShares } from './machine.mjs';

// V8 compiles again once code has run for a while: a warm-up ends when a slice is no faster than the one before it.
const WARM_UP = { seconds: 1, least: 2, most: 6, gain: 1.03 };
const RESTLESS = { share: 0.04, patience: 6 }; // of a core, more than before it was opened, for so many seconds
const BUSY = 0.1; // of a core
const OPENING_SECONDS = 5; // for the time left only

export class Interrupted extends Error {}

function within(promise, seconds, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${Math.round(seconds)} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function checked({ images, seconds, loss }) {
  if (!(images > 0) || !(seconds > 0)) throw new Error(`it gave ${images} images in ${seconds} s`);
  if (loss !== undefined && !Number.isFinite(loss)) throw new Error(`its training loss is ${loss}`);
  return { images, seconds, ...(loss === undefined ? {} : { loss }), rate: images / seconds };
}

export class Run {
  idle = []; // { ours, others }: shares of a core, before each round
  rounds = 0; // finished ones
  #settings;
  #contenders;
  #interrupted;
  #say;

  /** `interrupted`: a function; `say`: takes a line of progress. */
  constructor({ contenders, settings, interrupted, say }) {
    this.#contenders = contenders;
    this.#settings = settings;
    this.#interrupted = interrupted;
    this.#say = say;
  }

  get #alive() {
    return this.#contenders.filter(({ reason }) => !reason);
  }

  async #fail(contender, error) {
    if (this.#interrupted()) throw new Interrupted();
    contender.reason = sentence(error);
    this.#say(`${contender.label}: ${contender.reason}`);
    // What shares its page goes on, with a new page.
    await within(contender.close(), 20, 'closing').catch(() => {});
  }

  async #warmUp(contender) {
    await within(contender.open(), 90, 'opening');
    let last = 0;
    for (let count = 1; count <= WARM_UP.most; count++) {
      const { rate } = await this.#slice(contender, WARM_UP.seconds);
      if (count >= WARM_UP.least && rate < last * WARM_UP.gain) return;
      last = rate;
    }
  }

  /** idleShares() once all that is open has settled: compilers may be at work for some seconds. */
  async #settle(level = 0) {
    let shares = await idleShares();
    for (let seconds = 1; shares.ours >= level + RESTLESS.share && seconds < RESTLESS.patience; seconds++) shares = await idleShares();
    return shares;
  }

  async #slice(contender, seconds) {
    return checked(await within(contender.slice(seconds), 60 + 10 * seconds, 'a slice'));
  }

  /** Resolves to the share of a core that all that is open takes while it idles; `level` is what it was before. */
  async #prepare(contender, level) {
    if (contender.host.restless) return level; // it is opened and warmed up for each slice
    const wasOpen = contender.host.isOpen;
    await this.#warmUp(contender);
    if (wasOpen) return level;
    const { ours: share } = await this.#settle(level);
    if (share < level + RESTLESS.share) return Math.max(level, share);
    contender.host.restless = true;
    await contender.close();
    this.#say(`${contender.host.name} takes ${Math.round((share - level) * 100)} % of a core while idle: opened for each slice`);
    return level;
  }

  async #open() {
    let level = 0;
    for (const [index, contender] of this.#contenders.entries()) {
      if (this.#interrupted()) throw new Interrupted();
      const left = this.#roundSeconds(this.#alive) * this.#settings.rounds + (this.#contenders.length - index) * OPENING_SECONDS;
      this.#say(`warming up ${contender.label}`, left);
      try {
        level = await this.#prepare(contender, level);
      } catch (error) {
        await this.#fail(contender, error);
      }
    }
  }

  #roundSeconds(contenders) {
    const extra = ({ host }) => (host.restless ? OPENING_SECONDS : 0.4);
    return contenders.reduce((sum, contender) => sum + this.#settings.seconds + extra(contender), 0);
  }

  async #takeTurn(contender, round) {
    const { seconds } = this.#settings;
    if (!contender.host.isOpen) await this.#warmUp(contender);
    else await within(contender.open(), 90, 'opening');
    const slice = await this.#slice(contender, seconds);
    contender.slices.push({ round, ...slice });
    if (contender.host.restless) await contender.close();
    return slice.rate;
  }

  async #round(round) {
    const shares = await this.#settle();
    if (this.#interrupted()) throw new Interrupted();
    this.idle.push(shares);
    if (shares.others > BUSY) this.#say(`other programs take ${Math.round(shares.others * 100)} % of a core`);
    const turns = this.#alive;
    for (const [index, contender] of turns.entries()) {
      if (this.#interrupted()) throw new Interrupted();
      try {
        const rate = await this.#takeTurn(contender, round);
        const left = this.#roundSeconds(turns.slice(index + 1)) + this.#roundSeconds(this.#alive) * (this.#settings.rounds - round);
        this.#say(`round ${round}/${this.#settings.rounds}  ${contender.label}  ${rate.toFixed(rate < 100 ? 1 : 0)} images/s`, left);
      } catch (error) {
        await this.#fail(contender, error);
      }
    }
    this.rounds = round;
  }

  /** `opened` is called when everything is warm. Throws Interrupted. */
  async go(opened = async () => {}) {
    await this.#open();
    await opened();
    for (let round = 1; round <= this.#settings.rounds && this.#alive.length > 0; round++) await this.#round(round);
  }
}
