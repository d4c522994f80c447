// The text version: everything that the canvas shows and does, as plain HTML. It is always in the page, at its end, out of sight until the
// keyboard comes into it or "Text" in the menu shows it; a canvas cannot be read by a screen reader, this can.
//
// A control tells window.lab what a person wants; what it shows comes from the state, renewed while somebody looks or listens.

import { button, make, setText } from '../page/html.js';
import { controls } from './controls.js';
import { layersSection } from './layers.js';
import { figuresSection } from './figures.js';

const kVisibleMs = 500, kUnseenMs = 4000;

/** Asks the program, and says what it answers where it refuses. */
function asker(message) {
  return async (work) => {
    setText(message, '');
    try {
      return await work();
    } catch (error) {
      setText(message, error.message);
      return null;
    }
  };
}

export class Mirror {
  #lab;
  #root = document.getElementById('mirror');
  #parts = [];
  #last = 0;
  #message = make('p', { role: 'alert', className: 'mirror-message' });

  constructor(lab) {
    this.#lab = lab;
    const ask = asker(this.#message);
    this.#parts = [controls(lab, ask), layersSection(lab, ask), figuresSection(lab, ask)];
    this.#root.replaceChildren(
      make('h2', { id: 'mirror-title', tabIndex: -1, textContent: 'LeNet Lab as text' }),
      make('p', { className: 'small', textContent: 'All that the picture shows and does, in words, tables and controls. It follows the training.' }),
      button('Back to the picture', () => this.show(false)),
      this.#message,
      ...this.#parts.map(({ element }) => element),
    );
    this.#root.addEventListener('keydown', (event) => event.key === 'Escape' && this.show(false));
  }

  get shown() {
    return document.body.classList.contains('as-text');
  }

  /** Shows it in the picture's place, or the picture again. The one who comes finds the heading in focus. */
  show(on) {
    document.body.classList.toggle('as-text', on);
    this.#last = 0;
    if (on) {
      this.update(this.#lab.state());
      document.getElementById('mirror-title').focus();
    } else {
      document.getElementById('canvas').focus({ preventScroll: true });
    }
  }

  /** Whether a new state is wanted now: a few times a second while it can be seen, seldom else. */
  get due() {
    const visible = this.shown || this.#root.matches(':focus-within');
    return performance.now() - this.#last >= (visible ? kVisibleMs : kUnseenMs);
  }

  update(state) {
    if (!state.ready) return;
    this.#last = performance.now();
    const focused = document.activeElement;
    for (const { update } of this.#parts) update(state, focused);
  }
}

