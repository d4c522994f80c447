// What a script may hand to window.lab, turned into what the program reads. Every refusal is an Error with a sentence.

import { kMostBytes } from '../own_data/limits.js';

const kLargestFile = 64 << 20;
/** Of a session file: the timeline of 256 MB, the weights and their momentum. */
const kLargestSession = 400 << 20;

/** {image, payload} for a request: an index of the test set, or pixels in [0, 1] (nested arrays are flattened). */
export function imageArgument(name, image) {
  if (typeof image === 'number') return { image };
  const flat = Array.isArray(image) ? image.flat(Infinity) : image;
  const list = ArrayBuffer.isView(flat) && !(flat instanceof DataView) ? flat : Array.isArray(flat) ? flat : null;
  if (list === null || list.length === 0) {
    throw new Error(`${name}() needs an image: its index in the test set, or its pixels from 0 to 1.`);
  }
  return { image: 'pixels', payload: Float32Array.from(list, Number) };
}

/** The payload for a list of images, each as above but no index. */
export function imagesArgument(name, images) {
  if (!Array.isArray(images) || images.length === 0) throw new Error(`${name}() needs a list of images, each as its pixels from 0 to 1.`);
  const lists = images.map((image) => {
    if (typeof image === 'number') throw new Error(`${name}() needs images as their pixels from 0 to 1, not as indices.`);
    return imageArgument(name, image).payload;
  });
  const size = lists[0].length;
  if (lists.some((list) => list.length !== size)) throw new Error(`${name}() needs images of one size.`);
  const payload = new Float32Array(size * lists.length);
  lists.forEach((list, i) => payload.set(list, size * i));
  return payload;
}

/** A request for an experiment; images of one's own become lists of numbers. */
export function lookArgument(request) {
  const { view, ...rest } = settingsArgument('look', request);
  if (typeof view !== 'string') throw new Error('look() needs a "view", such as {view: "occlusion"}.');
  const plain = (image) => (ArrayBuffer.isView(image) ? Array.from(image) : Array.isArray(image) ? image.flat(Infinity) : image);
  if (rest.image !== undefined) rest.image = plain(rest.image);
  if (Array.isArray(rest.images)) rest.images = rest.images.map(plain);
  return { view, ...rest };
}

/** Bytes of a file from whatever a script has: a typed array, an ArrayBuffer, a Blob or File, a Response; `most` of them. */
export async function bytesArgument(name, source, most = kLargestFile) {
  let bytes = null;
  if (source instanceof Uint8Array) bytes = source;
  else if (ArrayBuffer.isView(source)) bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  else if (source instanceof ArrayBuffer) bytes = new Uint8Array(source);
  else if (source instanceof Blob) {
    refuseHuge(name, source.size, most);
    bytes = new Uint8Array(await source.arrayBuffer());
  } else if (source instanceof Response) bytes = new Uint8Array(await source.arrayBuffer());
  if (bytes === null) throw new Error(`${name}() needs the bytes of a file: a Uint8Array, an ArrayBuffer or a Blob.`);
  if (bytes.byteLength === 0) throw new Error(`${name}() needs the bytes of a file; there are none.`);
  refuseHuge(name, bytes.byteLength, most);
  return bytes;
}

/** The same for a file that may be a session. */
export const sessionArgument = (name, source) => bytesArgument(name, source, kLargestSession);

function refuseHuge(name, size, most) {
  if (size <= most) return;
  throw new Error(`${name}() takes files of up to ${most >> 20} MiB; this one has ${Math.ceil(size / (1 << 20))} MiB.`);
}

/** A settings object; nothing at all counts as an empty one. */
export function settingsArgument(name, settings = {}) {
  if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) {
    throw new Error(`${name}() needs an object of settings, such as {learningRate: 0.01}.`);
  }
  if ('do' in settings) throw new Error(`${name}() does not know "do".`);
  return settings;
}

/** What the page itself does, and no session knows of: {overlay, pauseInBackground}, undefined where it is to stay. */
export function pageArgument(name, { overlay, background }) {
  if (overlay !== undefined && typeof overlay !== 'boolean') throw new Error(`${name}() needs true or false as "overlay".`);
  if (background !== undefined && background !== 'train' && background !== 'pause') {
    throw new Error(`${name}() needs "train" or "pause" as "background".`);
  }
  return { overlay, pauseInBackground: background === undefined ? undefined : background === 'pause' };
}

const kViewFields = ['palette', 'scale', 'logLoss', 'logAccuracy', 'projector', 'hide', 'lockSeed', 'fields'];

/** Settings in two: {view: how the page is looked at, or null where nothing says it; rest: the session's}. */
export function splitView(settings) {
  const isView = ([name, value]) => kViewFields.includes(name) && value !== undefined;
  const entries = Object.entries(settings);
  const view = entries.filter(isView);
  return { view: view.length > 0 ? Object.fromEntries(view) : null, rest: Object.fromEntries(entries.filter((entry) => !isView(entry))) };
}

/** One half of a data set of one's own: {images: Uint8Array, labels: Uint8Array}. */
function halfArgument(name, half, size) {
  const { images, labels } = half ?? {};
  const bytes = images instanceof Uint8Array || images instanceof Uint8ClampedArray;
  if (!bytes || !(Array.isArray(labels) || ArrayBuffer.isView(labels))) {
    throw new Error(`ownData() needs "${name}": {images, labels}, the images as a Uint8Array, the labels as a list of numbers.`);
  }
  const wrong = Array.from(labels).findIndex((label) => !Number.isInteger(label) || label < 0 || label > 255);
  if (wrong >= 0) throw new Error(`ownData() needs whole numbers from 0 as labels; label ${wrong} of "${name}" is ${labels[wrong]}.`);
  if (images.length !== size * labels.length) {
    throw new Error(`ownData() needs ${size} bytes for each of the ${labels.length} images of "${name}"; there are ${images.length} bytes.`);
  }
  return { images, labels };
}

/** {request, payload} for a data set of one's own: the payload has all labels, then all pixels, training images first. */
export function ownDataArgument(set) {
  const { name = 'own images', shape = [1, 28, 28], classes, train, test, ...rest } = settingsArgument('ownData', set);
  if (Object.keys(rest).length > 0) throw new Error(`ownData() does not know "${Object.keys(rest)[0]}".`);
  if (!Array.isArray(shape) || shape.length !== 3) throw new Error('ownData() needs a shape: [channels, height, width].');
  const size = shape[0] * shape[1] * shape[2];
  const halves = [halfArgument('train', train, size)];
  if (test !== undefined && test !== null) halves.push(halfArgument('test', test, size));
  const pixels = halves.reduce((sum, { images }) => sum + images.length, 0);
  if (pixels > kMostBytes) {
    throw new Error(`“${name}” has ${Math.ceil(pixels / (1 << 20))} MiB of pixels; ${kMostBytes >> 20} MiB are the most. Take fewer or smaller images.`);
  }
  const payload = new Uint8Array(halves.reduce((sum, { images, labels }) => sum + images.length + labels.length, 0));
  let offset = 0;
  for (const field of ['labels', 'images']) {
    for (const half of halves) {
      payload.set(half[field], offset);
      offset += half[field].length;
    }
  }
  return { request: { name, shape, classes, train: train.labels.length, test: test?.labels.length ?? 0 }, payload };
}
