// A host is what several contenders share: a page, or a process. It is opened once and kept, unless it takes CPU time while it
// idles ("restless"): then it is opened for each slice anew.

export class Host {
  restless = false;
  #opening = null;

  /** start() resolves to the thing; stop(thing) ends it. */
  constructor(name, { start, stop }) {
    this.name = name;
    this.start = start;
    this.stop = stop;
  }

  get isOpen() {
    return this.#opening !== null;
  }

  open() {
    this.#opening ??= this.start();
    return this.#opening;
  }

  async close() {
    const opening = this.#opening;
    this.#opening = null;
    const thing = await opening?.catch(() => null);
    if (thing) await this.stop(thing);
  }
}

/** A contender on a host. prepare(thing) once for each thing; slice(thing, seconds) → { images, seconds, loss? }. */
export class Contender {
  slices = [];
  reason = null;
  #preparedFor = null;

  constructor({ name, what, batch, threads, host, prepare = async () => {}, slice }) {
    Object.assign(this, { name, what, batch, threads, host });
    this.prepare = prepare;
    this.runSlice = slice;
  }

  get label() {
    return `${this.name}, ${this.what}, batch ${this.batch}, ${this.threads} thread${this.threads === 1 ? '' : 's'}`;
  }

  async open() {
    const thing = await this.host.open();
    if (this.#preparedFor !== thing) await this.prepare(thing);
    this.#preparedFor = thing;
  }

  async slice(seconds) {
    return this.runSlice(await this.host.open(), seconds);
  }

  close() {
    return this.host.close();
  }
}
