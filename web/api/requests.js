// Requests on their way to the session, and the clock that looks for their replies and for new states.
//
// While the page draws, requestAnimationFrame drives this. While requests wait, a short timer does too; and while the page is
// hidden (no frames) a timer stands in for the frame, which also keeps a program without threads working.

/** Between looks while requests wait: quick answers come quickly, and a long run is not asked for a state all the time. */
const kFirstTimerMs = 2;
const kLastTimerMs = 32;
const kHiddenTimerMs = 250;
/** No frame for so long: the page is hidden or covered. */
const kNoFrameMs = 250;

export class Requests {
  #native;
  #threaded;
  #onTick;
  #waiting = new Map();
  #lastFrame = performance.now();
  #timer = 0;
  #delay = kFirstTimerMs;
  #stopped = null;

  /** @param onTick called after every look at the program, when the state may be new */
  constructor(native, threaded, onTick) {
    this.#native = native;
    this.#threaded = threaded;
    this.#onTick = onTick;
    const frame = () => {
      if (this.#stopped) return;
      this.#lastFrame = performance.now();
      this.#look();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    this.#arm();
  }

  /** Sends a command; resolves with its reply, rejects with the program's sentence. */
  send(object, payload) {
    if (this.#stopped) return Promise.reject(this.#stopped);
    return new Promise((resolve, reject) => {
      const id = this.#native.command(object, payload);
      this.#waiting.set(id, { resolve, reject });
      this.#delay = kFirstTimerMs;
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.#arm();
    });
  }

  /** The program is gone: everything that waits is rejected, now and from now on. */
  stop(error) {
    this.#stopped = error;
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #look() {
    if (this.#waiting.size > 0) this.#deliver();
    this.#onTick();
  }

  #deliver() {
    for (const reply of this.#native.poll()) {
      const request = this.#waiting.get(reply.id);
      if (!request) continue;
      this.#waiting.delete(reply.id);
      if (reply.error) request.reject(new Error(reply.error));
      else request.resolve(reply);
    }
  }

  #arm() {
    if (this.#timer !== 0 || this.#stopped) return;
    const delay = this.#waiting.size > 0 ? this.#delay : kHiddenTimerMs;
    this.#delay = Math.min(2 * this.#delay, kLastTimerMs);
    this.#timer = setTimeout(() => this.#onTimer(), delay);
  }

  #onTimer() {
    this.#timer = 0;
    const idle = performance.now() - this.#lastFrame > kNoFrameMs;
    if (idle || (this.#waiting.size > 0 && !this.#threaded)) this.#native.pump(idle ? 0.2 : 0.02);
    this.#look();
    this.#arm();
  }
}
