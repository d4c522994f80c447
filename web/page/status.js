// The page's plain HTML around the canvas: what it is loading, what it is doing (a live region for screen readers), and passing notes.

import { button as makeButton, make, setText } from './html.js';

const kSpeakEveryMs = 4000; // to readers
const kShowEveryMs = 1000; // in the header
const kNoteMs = 8000;

const element = (id) => document.getElementById(id);

/** One sentence on the state. */
export function describe(state) {
  if (state.error) return state.error;
  const parts = [`${state.playing ? 'Training' : 'Paused'}: step ${state.step}`, `epoch ${state.epoch}`];
  if (state.trainLoss !== null) parts.push(`loss ${state.trainLoss.toFixed(3)}`);
  if (state.testAccuracy) parts.push(`test accuracy ${(100 * state.testAccuracy.value).toFixed(2)} %`);
  let text = `${parts.join(', ')}.`;
  if (state.wantedData) text += ` Loading the data: ${state.wantedData.available} of ${state.wantedData.count || '?'} images are here.`;
  return state.notice ? `${text} ${state.notice}` : text;
}

const grouped = (count) => count.toLocaleString('en');

/** Where the data come from, what trains on them, and what does not happen to them. */
export function describeRun({ title, data, simd, threads }) {
  const { trainAvailable, trainCount } = data;
  const images = trainAvailable < trainCount ? `${grouped(trainAvailable)} of ${grouped(trainCount)} images loaded` : `${grouped(trainCount)} images`;
  return `${title}: ${images} · ${simd}, ${threads} thread${threads === 1 ? '' : 's'} · Nothing leaves this machine.`;
}

/** Puts the newest state into #about, and every few seconds into #status, which is read out. Give it each new state as a function. */
export class Speaker {
  #newest = null;
  #timer = 0;
  #sentence = null; // not spoken yet
  #spokenAt = -Infinity;

  update(state) {
    this.#newest = state;
    if (this.#timer === 0) this.#speak();
  }

  #speak() {
    this.#timer = 0;
    if (!this.#newest && this.#sentence === null) return;
    if (this.#newest) {
      const state = this.#newest();
      this.#newest = null;
      this.#sentence = describe(state);
      if (state.data) setText(element('about'), describeRun(state));
    }
    if (performance.now() - this.#spokenAt >= kSpeakEveryMs) {
      this.#spokenAt = performance.now();
      setText(element('status'), this.#sentence);
      this.#sentence = null;
    }
    this.#timer = setTimeout(() => this.#speak(), kShowEveryMs);
  }
}

/** Where notes stand, one above the other. */
function notes() {
  const found = element('notes');
  if (found) return found;
  const stack = make('div', { id: 'notes' });
  Object.assign(stack.style, {
    position: 'fixed', left: '50%', bottom: '2rem', transform: 'translateX(-50%)', zIndex: '10',
    display: 'flex', flexDirection: 'column', gap: '0.5rem', maxHeight: '90vh', overflow: 'hidden',
  });
  document.body.append(stack);
  return stack;
}

/**
 * A note over the page that goes away by itself: of a problem, unless it is `good` news. With a `button` {label, press} it stays until
 * that is pressed, the note is closed, or `lastsMs` are over.
 */
export function note(text, { good = false, button = null, lastsMs = null } = {}) {
  const box = make('div', { className: 'note', role: button ? 'status' : 'alert' }, text);
  Object.assign(box.style, {
    maxWidth: '40rem', padding: '0.75rem 1.25rem', borderRadius: '0.5rem', background: good ? '#1e5237' : '#7a2d1f', color: '#fff',
    font: '1rem/1.4 system-ui, sans-serif',
  });
  notes().append(box);
  if (lastsMs ?? !button) setTimeout(() => box.remove(), lastsMs ?? kNoteMs);
  if (!button) return;
  for (const { label, press } of [button, { label: 'Not now' }]) {
    const close = () => {
      box.remove();
      press?.();
    };
    box.append(' ', makeButton(label, close));
  }
}

export function showLoading(text) {
  element('loading').hidden = text === null;
  if (text !== null) element('loading-text').textContent = text;
}

/** Hides the canvas while a script has turned the drawing off, and says so in its place; undefined leaves it as it is. */
export function showCanvas(shown) {
  if (shown === undefined) return;
  // Not `hidden`: without a size the canvas would lose its own when the window changes.
  element('canvas').style.visibility = shown ? '' : 'hidden';
  element('undrawn').hidden = shown;
}
