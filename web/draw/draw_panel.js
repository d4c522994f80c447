// The panel in which a digit is drawn: the pad, its buttons and keys, the 28×28 image that the network sees, and its answer while it is drawn.

import { kPadSide, pixelsOf } from './drawing.js';
import { kImageSide } from './kept_drawings.js';
import { Newest } from '../api/newest.js';
import { button, make, setText } from '../page/html.js';
import { Pad } from './pad.js';
import { DrawnProjection } from './projection.js';

/** Between two drawings that are sent to the network while one draws. */
const kRestMs = 30;
/** After the last change, until a screen reader hears the answer. */
const kSpeakAfterMs = 1200;

const kPanel = `
  <p class="draw-unfit" hidden></p>
  <div class="draw-main">
    <div class="draw-left">
      <div class="draw-pad">
        <canvas tabindex="0" role="application" aria-label="Drawing pad: draw a digit with mouse, pen or finger. With keys: arrows move the pen, Space puts it down and lifts it."></canvas>
        <p aria-hidden="true">Draw a digit here</p>
      </div>
      <div class="draw-row">
        <button type="button" data-do="undo" title="Takes back the last stroke. (Ctrl+Z)">Undo</button>
        <button type="button" data-do="redo" title="Draws it again. (Ctrl+Y)">Redo</button>
        <button type="button" data-do="clear" title="An empty pad. Undo brings the drawing back. (Delete)">Clear</button>
      </div>
      <fieldset class="draw-keep">
        <legend>Keep it as a</legend>
        <div class="draw-labels"></div>
      </fieldset>
    </div>
    <div class="draw-right">
      <figure>
        <canvas class="draw-image" width="${kImageSide}" height="${kImageSide}" role="img" aria-label="The drawing as the network sees it, ${kImageSide} by ${kImageSide} pixels"></canvas>
        <figcaption title="The ink is scaled into 20×20 pixels of it and centred by its mass, as MNIST’s digits are.">What the network sees: 28×28 pixels, centred as MNIST’s are.</figcaption>
      </figure>
      <div class="draw-answer">
        <p class="draw-says"></p>
        <button type="button" data-do="show" hidden>Show the drawing again</button>
        <ol class="draw-bars" aria-label="The network’s probabilities"></ol>
      </div>
      <p class="unseen draw-spoken" role="status"></p>
    </div>
  </div>`;

export const percent = (part) => `${(100 * part).toFixed(1)}\u00a0%`;

export class DrawPanel {
  #lab;
  #kept;
  #pad;
  #projection;
  #live;
  #seen = null; // the image of the drawing that was sent last, 784 numbers
  #speakTimer = 0;
  #classes = '';
  #element = make('div', { className: 'draw', innerHTML: kPanel });

  constructor(lab, kept) {
    this.#lab = lab;
    this.#kept = kept;
    this.#live = new Newest((strokes) => this.#send(strokes), kRestMs);
    this.#pad = new Pad(this.#find('.draw-pad canvas'), () => this.#onDrawn());
    this.#projection = new DrawnProjection(lab);
    this.#find('.draw-answer').after(this.#projection.element);
    this.#wireButtons();
    this.#element.addEventListener('keydown', (event) => this.#key(event));
    this.#paintImage(new Float32Array(kImageSide * kImageSide));
    this.#onChanged();
  }

  get element() {
    return this.#element;
  }

  /** Shows what the state says of the drawing; call with each new state while the panel is open. */
  update(state) {
    if (!state.input) return;
    const fits = state.input.join() === '1,28,28';
    this.#pad.enabled = fits;
    this.#element.classList.toggle('unfit', !fits);
    this.#find('.draw-main').inert = !fits;
    const unfit = this.#find('.draw-unfit');
    unfit.hidden = fits;
    unfit.textContent = fits ? '' : `The pad makes grey digits of 28×28 pixels. This network reads images of ${state.input.join('×')}: choose MNIST or the strokes set to draw for it.`;
    this.#showAnswer(state, fits);
    this.#projection.update(state, fits && state.image.drawing && !this.#pad.empty ? this.#seen : null);
  }

  /** Sends what is on the pad to the network; resolves when it is shown. */
  async show() {
    const part = this.#find('.draw-right');
    part.ariaBusy = 'true';
    await this.#live.ask(this.#pad.strokes);
    part.ariaBusy = 'false';
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #button(name) {
    return this.#find(`[data-do="${name}"]`);
  }

  #wireButtons() {
    for (const name of ['undo', 'redo', 'clear']) this.#button(name).addEventListener('click', () => this.#pad[name]());
    this.#button('show').addEventListener('click', () => this.show());
    for (let label = 0; label <= 9; label++) {
      const title = `Keeps the drawing as a ${label}, and clears the pad. (Key ${label} on the pad)`;
      this.#find('.draw-labels').append(button(String(label), () => this.#keep(label), { title }));
    }
  }

  #key(event) {
    if (event.target.matches('select, input')) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && key === 'z') this.#pad[event.shiftKey ? 'redo' : 'undo']();
    else if (control && key === 'y') this.#pad.redo();
    else if (control || event.altKey) return;
    else if (key === 'delete') this.#pad.clear();
    else if (/^[0-9]$/.test(key) && event.target.matches('.draw-pad canvas')) this.#keep(Number(key));
    else return;
    event.preventDefault();
  }

  #onDrawn() {
    this.#onChanged();
    this.show();
    clearTimeout(this.#speakTimer);
    this.#speakTimer = setTimeout(() => this.#speak(), kSpeakAfterMs);
  }

  #onChanged() {
    const { empty, canUndo, canRedo } = this.#pad;
    this.#find('.draw-pad p').hidden = !empty;
    this.#button('undo').disabled = !canUndo;
    this.#button('redo').disabled = !canRedo;
    this.#button('clear').disabled = empty;
    for (const each of this.#element.querySelectorAll('.draw-labels button')) each.disabled = empty;
  }

  async #send(strokes) {
    try {
      const { data } = await this.#lab.draw(pixelsOf(strokes), kPadSide, kPadSide);
      this.#seen = data;
      this.#paintImage(data);
      this.update(this.#lab.state());
    } catch (error) {
      this.#seen = null;
      this.#says(error.message);
    }
  }

  /** Keeps the image of what is on the pad now, and makes room for the next. */
  async #keep(label) {
    if (this.#pad.empty) return;
    await this.show();
    if (!this.#seen) return;
    this.#kept.keep(label, this.#seen.map((value) => Math.round(255 * value)));
    this.#pad.clear();
  }

  #says(text) {
    setText(this.#find('.draw-says'), text);
  }

  #showAnswer({ image, classes, timeline }, fits) {
    const drawing = fits && image.drawing;
    const other = fits && !drawing && this.#seen !== null;
    this.#button('show').hidden = !other;
    this.#find('.draw-bars').hidden = !drawing;
    if (!fits) return this.#says('');
    if (other) return this.#says('The page shows another image now.');
    if (!drawing) return this.#says('The network’s answer appears here while you draw.');
    const best = image.probabilities.indexOf(Math.max(...image.probabilities));
    const at = `step ${timeline.shown}`;
    this.#says(this.#pad.empty ? `The pad is empty: the answer to a black image, ${at}` : `It reads ${classes[best] ?? best}: ${percent(image.probabilities[best])}, ${at}`);
    this.#showBars(image.probabilities, classes, best);
  }

  #showBars(probabilities, classes, best) {
    const list = this.#find('.draw-bars');
    if (this.#classes !== classes.join()) {
      this.#classes = classes.join();
      list.replaceChildren(...classes.map(makeBar));
    }
    [...list.children].forEach((row, i) => {
      row.classList.toggle('best', i === best);
      row.style.setProperty('--part', probabilities[i]);
      row.lastChild.textContent = percent(probabilities[i]);
    });
  }

  #speak() {
    this.#find('.draw-spoken').textContent = this.#find('.draw-says').textContent;
  }

  #paintImage(values) {
    paintImage(this.#find('.draw-image'), values, 255);
  }
}

function makeBar(name) {
  const part = (className, textContent = '') => make('span', { className, textContent });
  return make('li', {}, part('name', name), part('bar'), part('value'));
}

/** Paints 784 numbers, times `scale` from 0 (black) to 255, on a canvas of 28×28. */
export function paintImage(canvas, values, scale = 1) {
  const image = new ImageData(kImageSide, kImageSide);
  values.forEach((value, i) => image.data.set([scale * value, scale * value, scale * value, 255], 4 * i));
  canvas.getContext('2d').putImageData(image, 0, 0);
}
