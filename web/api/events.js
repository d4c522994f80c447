// lab.on(): compares each new state with the one before and tells the listeners what happened.

/** All but 'lesson', which the page itself emits with lab.lesson(), are about the state. */
export const kEvents = ['snapshot', 'epoch', 'accuracy', 'diverged', 'error', 'lesson'];

export class Events {
  #listeners = new Map(kEvents.map((name) => [name, new Set()]));
  #before = null;

  /** Calls `listener` with the state (or the lesson) whenever `event` happens. Gives a function that ends it. */
  on(event, listener) {
    const set = this.#listeners.get(event);
    if (!set) throw new Error(`on() does not know the event "${event}"; there are ${kEvents.join(', ')}.`);
    if (typeof listener !== 'function') throw new Error('on() needs a function to call.');
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Whether anybody listens to the state: if not, nobody needs to make it. */
  get wanted() {
    return [...this.#listeners].some(([event, set]) => event !== 'lesson' && set.size > 0);
  }

  /** Takes a new state. */
  update(state) {
    const before = this.#before ?? state;
    const first = this.#before === null;
    this.#before = state;
    const sameRun = before.run === state.run;
    const accuracy = ({ testAccuracy: a, run }) => (a ? `${run}/${a.step}/${a.value}` : '');
    this.emit('snapshot', state);
    if (sameRun && state.epoch > before.epoch) this.emit('epoch', state);
    if (state.testAccuracy && (first || accuracy(state) !== accuracy(before))) this.emit('accuracy', state);
    if (state.diverged && (first || !before.diverged || !sameRun)) this.emit('diverged', state);
    if (state.error && (first || state.error !== before.error)) this.emit('error', state);
  }

  /** After a pause in which nobody listened, the next state is a first one again. */
  forget() {
    this.#before = null;
  }

  /** Calls the listeners of `event`; what one of them throws is its own matter. */
  emit(event, what) {
    for (const listener of this.#listeners.get(event)) {
      try {
        listener(what);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
