// Work that is asked for more often than it can be done: one at a time, and of what is asked meanwhile only the newest.

export class Newest {
  #work;
  #restMs;
  #waiting = null; // {value}
  #running = null; // a promise that ends when all is done

  /** @param work an async function of what was asked; @param restMs between the beginnings of two */
  constructor(work, restMs) {
    this.#work = work;
    this.#restMs = restMs;
  }

  /** Resolves when this, or something newer, is done. `work` must not reject. */
  ask(value) {
    this.#waiting = { value };
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run() {
    while (this.#waiting) {
      const { value } = this.#waiting;
      this.#waiting = null;
      const rest = new Promise((resolve) => setTimeout(resolve, this.#restMs));
      await this.#work(value);
      await rest;
    }
    this.#running = null;
  }
}
