// The list of kept drawings: labels, removal and its undo, files; the present network tested on them, and a run trained on them.

import { paintImage, percent } from './draw_panel.js';
import { chooseFiles, download } from '../page/files.js';
import { button, make } from '../page/html.js';
import { count, kImageSide, kImageSize } from './kept_drawings.js';

const kPanel = `
  <h3>Kept drawings <span class="kept-count"></span></h3>
  <p class="kept-problem" hidden></p>
  <div class="draw-row">
    <button type="button" data-do="test" title="What the present network makes of each of them.">Test on them</button>
    <button type="button" data-do="train" title="A new run with these drawings as its data set; every sixth is kept for the test.">Train on them</button>
    <label title="While it trains, each drawing is moved by up to two pixels in x and y, differently in every epoch."><input type="checkbox" class="kept-shift" checked> shifted by up to 2 pixels</label>
  </div>
  <p class="kept-result" role="status"></p>
  <label class="kept-filter" hidden><input type="checkbox" class="kept-wrong"> wrong ones only</label>
  <ul class="kept-list" aria-label="Kept drawings"></ul>
  <div class="draw-row">
    <button type="button" data-do="restore" title="Brings back what was removed last.">Undo removal</button>
    <button type="button" data-do="save" title="All kept drawings in one file.">Save as a file</button>
    <button type="button" data-do="load" title="Adds the drawings of such a file.">Load a file</button>
    <button type="button" data-do="empty" title="Removes all of them; “Undo removal” brings them back.">Remove all</button>
  </div>`;

const kDigits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

export class KeptPanel {
  #lab;
  #kept;
  #answers = new Map(); // by id: {label, probability}
  #tested = null; // {run, step} of the answers
  #shown = null; // id of the drawing that the page shows
  #element = make('section', { className: 'kept', innerHTML: kPanel });

  constructor(lab, kept) {
    this.#lab = lab;
    this.#kept = kept;
    const actions = {
      test: () => this.#test(),
      train: () => this.#train(),
      restore: () => this.#kept.restore(),
      save: () => download(this.#kept.toFile(), 'lenet-drawings.json', 'application/json'),
      load: () => this.#load(),
      empty: () => this.#kept.remove(this.#kept.list.map(({ id }) => id)),
    };
    for (const [name, action] of Object.entries(actions)) this.#button(name).addEventListener('click', () => this.#run(action));
    this.#find('.kept-wrong').addEventListener('change', () => this.#render());
    kept.addEventListener('change', () => this.#render());
    this.#render();
  }

  get element() {
    return this.#element;
  }

  /** Forgets what no longer holds; call with each new state while the panel is open. */
  update(state) {
    if (this.#tested && state.run !== this.#tested.run) {
      this.#tested = null;
      this.#answers.clear();
      this.#render();
    }
    if (this.#shown !== null && (state.image.index >= 0 || state.image.drawing)) this.#mark(null);
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #button(name) {
    return this.#find(`[data-do="${name}"]`);
  }

  /** A button's action; what fails is said where its result would be. */
  async #run(action) {
    try {
      await action();
    } catch (error) {
      this.#say(error.message);
    }
  }

  #say(text) {
    this.#find('.kept-result').textContent = text;
  }

  async #load() {
    const sentences = [];
    for (const file of await chooseFiles('.json,application/json')) sentences.push(await this.#kept.addFile(file));
    if (sentences.length > 0) this.#say(sentences.join(' '));
  }

  async #test() {
    const list = this.#kept.list;
    const { classes, run } = this.#lab.state();
    if (classes.join() !== kDigits.join()) throw new Error('This network’s classes are not the ten digits, so it cannot be tested on drawn ones.');
    const { labels, probabilities, step } = await this.#lab.predictAll(list.map(({ pixels }) => Float32Array.from(pixels, (value) => value / 255)));
    this.#answers = new Map(list.map(({ id }, i) => [id, { label: labels[i], probability: probabilities[i][labels[i]] }]));
    this.#tested = { run, step };
    this.#render();
  }

  async #train() {
    const list = this.#kept.list;
    const images = new Uint8Array(kImageSize * list.length);
    list.forEach(({ pixels }, i) => images.set(pixels, kImageSize * i));
    await this.#lab.ownData({ name: 'Kept drawings', classes: kDigits, train: { images, labels: list.map(({ label }) => label) } });
    const { data } = await this.#lab.reset({ augmentation: this.#find('.kept-shift').checked ? 'shift 2' : 'none' });
    this.#say(`A new run on ${count(list.length)}: ${data.trainCount} for training, ${data.testCount} for the test. Play trains it.`);
  }

  // --- what is on show -----------------------------------------------------------------------------------------------------

  #render() {
    const list = this.#kept.list;
    this.#find('.kept-count').textContent = list.length > 0 ? `(${list.length})` : '';
    const problem = this.#find('.kept-problem');
    problem.hidden = this.#kept.problem === null;
    problem.textContent = this.#kept.problem ?? '';
    for (const name of ['test', 'train', 'save', 'empty']) this.#button(name).disabled = list.length === 0;
    this.#button('restore').disabled = !this.#kept.canRestore;
    this.#renderResult(list);
    const focused = document.activeElement?.closest?.('.kept-list li')?.dataset.id;
    const wrongOnly = this.#tested !== null && this.#find('.kept-wrong').checked;
    this.#find('.kept-list').replaceChildren(...list.filter((each) => !wrongOnly || this.#isWrong(each)).map((each) => this.#makeItem(each)));
    this.#find(`.kept-list li[data-id="${focused}"] select`)?.focus();
  }

  #renderResult(list) {
    const tested = list.filter(({ id }) => this.#answers.has(id));
    this.#find('.kept-filter').hidden = tested.length === 0;
    if (list.length === 0) return this.#say('None yet. Draw a digit, then choose what it is.');
    if (tested.length === 0) return this.#say('');
    const right = tested.filter((each) => !this.#isWrong(each)).length;
    this.#say(`Step ${this.#tested.step}: ${right} of ${count(tested.length)} read right, ${percent(right / tested.length)} (n\u00a0=\u00a0${tested.length}).`);
  }

  #isWrong({ id, label }) {
    const answer = this.#answers.get(id);
    return answer !== undefined && answer.label !== label;
  }

  #makeItem(drawing) {
    const item = make('li', { data: { id: drawing.id } }, this.#makePicture(drawing), this.#makeLabel(drawing), this.#makeRemover(drawing));
    const answer = this.#answers.get(drawing.id);
    if (answer) {
      const wrong = this.#isWrong(drawing);
      item.classList.add(wrong ? 'wrong' : 'right');
      item.append(make('span', { className: 'kept-read' }, `${wrong ? '✗' : '✓'} read as ${answer.label}, ${percent(answer.probability)}`));
    }
    item.classList.toggle('shown', drawing.id === this.#shown);
    return item;
  }

  #makePicture({ id, label, time, pixels }) {
    const canvas = make('canvas', { width: kImageSide, height: kImageSide });
    paintImage(canvas, pixels);
    const show = async () => {
      await this.#lab.show(Float32Array.from(pixels, (value) => value / 255));
      this.#mark(id);
    };
    return button(canvas, () => this.#run(show), {
      className: 'kept-picture', title: `Kept ${new Date(time).toLocaleString()}. Shows it on the page.`, 'aria-label': `Show this ${label} on the page`,
    });
  }

  #makeLabel({ id, label }) {
    const select = make('select', { 'aria-label': `Label of this ${label}` });
    for (let digit = 0; digit <= 9; digit++) select.add(new Option(String(digit), String(digit), false, digit === label));
    select.addEventListener('change', () => this.#kept.relabel(id, Number(select.value)));
    return select;
  }

  #makeRemover({ id, label }) {
    const remove = () => {
      this.#kept.remove([id]);
      (this.#find('.kept-remove') ?? this.#button('restore')).focus(); // what was pressed is gone
    };
    return button('✕', remove, { className: 'kept-remove', title: 'Removes it; “Undo removal” brings it back.', 'aria-label': `Remove this ${label}` });
  }

  #mark(id) {
    this.#shown = id;
    for (const item of this.#element.querySelectorAll('.kept-list li')) item.classList.toggle('shown', item.dataset.id === id);
  }
}
