// Drawings that are kept, each with its label, in the browser's storage: one entry a drawing, so that two pages at once lose nothing.

import { browserTexts } from '../page/storage.js';

const kPrefix = 'lenet-lab.drawing.';
export const kImageSide = 28;
export const kImageSize = kImageSide * kImageSide;
const kFormat = 'lenet-lab drawings 1';
const kLargestFile = 32 << 20;

const kRefused = 'This browser lets the page store nothing, so drawings are kept only until the page is closed. “Save as a file” keeps them for good.';
const kFull = 'The browser’s storage for this page is full: the newest drawings are kept only until the page is closed. “Save as a file” keeps them for good.';

const isLabel = (label) => Number.isInteger(label) && label >= 0 && label <= 9;

function toText(pixels) {
  return btoa(String.fromCharCode(...pixels));
}

/** Throws Error when the text is no image. */
function fromText(text) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(String(text)), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Error('its pixels cannot be read');
  }
  if (bytes.length !== kImageSize) throw new Error(`it has ${bytes.length} pixels instead of ${kImageSize}`);
  return bytes;
}

/** {label, time, pixels: Uint8Array} of what was stored or saved. Throws Error. */
function parse({ label, time, pixels }) {
  if (!isLabel(label)) throw new Error('its label is not one of 0 to 9');
  if (!Number.isFinite(time)) throw new Error('it has no time');
  return { label, time, pixels: fromText(pixels) };
}

const plain = ({ label, time, pixels }) => ({ label, time, pixels: toText(pixels) });
const same = (a, b) => a.label === b.label && a.time === b.time && a.pixels.every((value, i) => value === b.pixels[i]);

export class KeptDrawings extends EventTarget {
  #list = [];
  #removed = []; // groups of drawings, the last one removed last
  #problem = browserTexts.refused ? kRefused : null;

  constructor() {
    super();
    this.#load();
    addEventListener('storage', (event) => {
      if (event.key !== null && !event.key.startsWith(kPrefix)) return; // null: all of it was cleared
      this.#load(); // another page kept or removed one
      this.#changed();
    });
  }

  /** [{id, label, time, pixels}], oldest first: `label` 0 … 9, `time` in milliseconds since 1970, `pixels` 784 bytes. */
  get list() {
    return this.#list;
  }
  /** Why something is not stored, as a sentence; null when all is. */
  get problem() {
    return this.#problem;
  }
  get canRestore() {
    return this.#removed.length > 0;
  }

  /** Keeps an image of 784 bytes. Throws Error for anything else. */
  keep(label, pixels, time = Date.now()) {
    if (!isLabel(label)) throw new Error('A drawing is kept under one of the labels 0 to 9.');
    if (pixels?.length !== kImageSize) throw new Error(`A kept drawing has ${kImageSize} pixels.`);
    this.#add([{ id: newId(), label, time, pixels: Uint8Array.from(pixels) }]);
  }

  relabel(id, label) {
    const found = this.#list.find((each) => each.id === id);
    if (!found || !isLabel(label)) return;
    found.label = label;
    this.#store(found);
    this.#changed();
  }

  /** Removes these drawings; restore() brings them back. */
  remove(ids) {
    const gone = this.#list.filter((each) => ids.includes(each.id));
    if (gone.length === 0) return;
    this.#list = this.#list.filter((each) => !gone.includes(each));
    this.#removed.push(gone);
    for (const { id } of gone) browserTexts.remove(kPrefix + id);
    if (!browserTexts.refused && this.#list.every((each) => each.stored)) this.#problem = null;
    this.#changed();
  }

  /** Brings back what was removed last; gives how many. */
  restore() {
    const back = this.#removed.pop() ?? [];
    this.#add(back);
    return back.length;
  }

  /** The text of a file with all drawings. */
  toFile() {
    return JSON.stringify({ format: kFormat, width: kImageSide, height: kImageSide, drawings: this.#list.map(plain) });
  }

  /** Whether a file is one of drawings, by what it says of itself. */
  static async isFile(file) {
    return (await file.slice(0, 64).text()).startsWith(`{"format":"${kFormat}"`);
  }

  /** Adds what a file holds; gives a sentence on what was added and what was not. Throws Error for a file of another kind. */
  async addFile(file) {
    if (file.size > kLargestFile) throw new Error(`“${file.name}” is too large to be drawings: ${Math.ceil(file.size / (1 << 20))} MB.`);
    let drawings = null;
    try {
      const content = JSON.parse(await file.text());
      if (content?.format === kFormat && Array.isArray(content.drawings)) drawings = content.drawings;
    } catch {
      // no JSON: said below
    }
    if (!drawings) throw new Error(`“${file.name}” holds no drawings that this page has saved.`);
    return this.#addAll(drawings);
  }

  #addAll(drawings) {
    const added = [];
    const problems = [];
    drawings.forEach((drawing, i) => {
      try {
        const read = parse(drawing ?? {});
        const known = [...this.#list, ...added].some((each) => same(each, read));
        if (!known) added.push({ id: newId(), ...read });
      } catch (error) {
        problems.push(`Drawing ${i + 1} was left out: ${error.message}.`);
      }
    });
    this.#add(added);
    const there = drawings.length - added.length - problems.length;
    const parts = [`${count(added.length)} added`];
    if (there > 0) parts.push(`${there} already here`);
    const more = problems.length > 3 ? `And ${problems.length - 3} more.` : '';
    return [`${parts.join(', ')}.`, ...problems.slice(0, 3), more].filter(Boolean).join(' ');
  }

  #add(drawings) {
    for (const drawing of drawings) this.#store(drawing);
    this.#list = [...this.#list, ...drawings].sort(byTime);
    this.#changed();
  }

  #store(drawing) {
    const hindrance = browserTexts.set(kPrefix + drawing.id, JSON.stringify(plain(drawing)));
    drawing.stored = hindrance === null;
    if (hindrance !== null) this.#problem = hindrance === 'full' ? kFull : kRefused;
  }

  /** What is stored, and what could not be. Entries that cannot be read stay where they are, unread. */
  #load() {
    if (browserTexts.refused) return;
    const list = this.#list.filter((each) => !each.stored);
    for (const key of browserTexts.keys(kPrefix)) {
      try {
        list.push({ id: key.slice(kPrefix.length), stored: true, ...parse(JSON.parse(browserTexts.get(key))) });
      } catch {
        // damaged, or of a later version of this page
      }
    }
    this.#list = list.sort(byTime);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

const byTime = (a, b) => a.time - b.time || (a.id < b.id ? -1 : 1);
const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

/** "1 drawing", "12 drawings". */
export const count = (n) => `${n} ${n === 1 ? 'drawing' : 'drawings'}`;
