// Files of one's own become a data set for lab.ownData(): IDX pairs and CIFAR-10's batches, plain or gzipped; folders of PNGs are in
// png.js. Every refusal is an Error whose sentence names the file and says what to do.

import { baseOf, grouped, kLongestSide, kMostBytes, kMostClasses, kShortestSide } from './limits.js';
import { isPng, readPngs } from './png.js';

const kIdxImages = 0x803, kIdxLabels = 0x801;
const kRecord = 3073;

const isNames = (path) => /(class|name|meta)[^/]*\.txt$/i.test(path);
/** Files that come with a folder without anybody's will. */
const isLitter = (path) => path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX') || /^(thumbs\.db|desktop\.ini)$/i.test(baseOf(path));
const isTest = (path) => /(^|[^a-z])(t10k|test|testing|val|valid|validation)([^a-z]|$)/i.test(path);
const byPath = (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

/** A file's bytes, unpacked where they are gzipped. */
async function bytesOf({ file, path }, signal) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  let stream = file.stream();
  if (first === 0x1f && second === 0x8b) {
    if (!globalThis.DecompressionStream) throw new Error(`${path} is compressed, and this browser cannot unpack it. Unpack it first.`);
    stream = stream.pipeThrough(new DecompressionStream('gzip'));
  }
  const parts = [];
  let size = 0;
  try {
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      signal?.throwIfAborted();
      size += value.length;
      if (size > kMostBytes + kRecord) {
        reader.cancel().catch(() => {});
        throw new RangeError(`${path} has more than ${kMostBytes >> 20} MiB of data. Take fewer or smaller images.`);
      }
      parts.push(value);
    }
  } catch (error) {
    if (error instanceof RangeError || error.name === 'AbortError') throw error;
    throw new Error(`${path} cannot be read: it is damaged or was cut short (${error.message}). Get it again.`);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** {path, count, height, width, body} of an IDX file. */
function readIdx({ path, bytes, kind }) {
  const view = new DataView(bytes.buffer);
  const header = kind === 'images' ? 16 : 8;
  if (bytes.length < header) throw new Error(`${path} ends within its first ${header} bytes, where its sizes stand. Get it again.`);
  const [count, height, width] = kind === 'images' ? [4, 8, 12].map((at) => view.getUint32(at)) : [view.getUint32(4), 1, 1];
  if (kind === 'images' && !(Math.min(height, width) >= kShortestSide && Math.max(height, width) <= kLongestSide)) {
    throw new Error(`${path} has images of ${height} × ${width} pixels; each side needs ${kShortestSide} to ${kLongestSide}. Scale them first.`);
  }
  const size = header + count * height * width;
  if (bytes.length !== size) {
    throw new Error(`${path} says that it has ${grouped(count)} ${kind}, which makes ${grouped(size)} bytes, but it has ${grouped(bytes.length)}. Get it again.`);
  }
  return { path, count, height, width, body: bytes.subarray(header) };
}

/** What a file holds: {path, kind, bytes}; of kind 'unknown' with a sentence that says so. */
async function recognise(entry, signal) {
  const { path } = entry;
  if (isNames(path)) return { path, kind: 'names', bytes: await bytesOf(entry, signal) };
  const bytes = await bytesOf(entry, signal);
  const magic = bytes.length >= 4 ? new DataView(bytes.buffer).getUint32(0) : 0;
  if (magic === kIdxImages) return { path, kind: 'images', bytes };
  if (magic === kIdxLabels) return { path, kind: 'labels', bytes };
  if (magic >>> 16 === 0 && (magic >>> 8) % 256 >= 8 && bytes.length > 0) {
    throw new Error(`${path} is an IDX file of another kind: images are 3-dimensional bytes, labels 1-dimensional ones.`);
  }
  const records = bytes.length / kRecord;
  if (records >= 1 && Number.isInteger(records)) {
    for (let i = 0; i < records; i++) {
      if (bytes[i * kRecord] <= 9) continue;
      throw new Error(`${path} has the size of a CIFAR-10 batch, but its record ${i} begins with ${bytes[i * kRecord]} in place of a label from 0 to 9.`);
    }
    return { path, kind: 'batch', bytes };
  }
  if (/\.bin(\.gz)?$/i.test(path)) {
    throw new Error(`${path} has ${grouped(bytes.length)} bytes, which are no whole number of CIFAR-10's records of ${grouped(kRecord)}. Get it again.`);
  }
  const archive = /\.(zip|tar|tgz|tar\.gz|7z|rar)$/i.test(path) ? ' Unpack it first.' : '';
  const sentence = `${path} is nothing that can be learnt from: drop IDX files (images and labels), CIFAR-10 batches (.bin), or folders of PNGs.${archive}`;
  return { path, kind: 'unknown', sentence };
}

/** One half of IDX files: {images, labels, count, height, width}. */
function pair(images, labels) {
  if (images.count === labels.count) return { ...images, images: images.body, labels: labels.body };
  throw new Error(`${images.path} holds ${grouped(images.count)} images, but ${labels.path} ${grouped(labels.count)} labels. Use the two files that belong together.`);
}

function readPairs(files) {
  const of = (kind) => files.filter((file) => file.kind === kind).map(readIdx);
  const [images, labels] = [of('images'), of('labels')];
  if (labels.length < images.length) throw new Error(`${images[0].path} holds images; the file of their labels is missing. Drop both together.`);
  if (images.length < labels.length) throw new Error(`${labels[0].path} holds labels; the file of their images is missing. Drop both together.`);
  let halves;
  if (images.length === 1) {
    halves = [pair(images[0], labels[0])];
  } else {
    const half = (test) => [images, labels].map((list) => list.filter(({ path }) => isTest(path) === test));
    const parts = [half(false), half(true)];
    if (parts.flat().some((list) => list.length !== 1)) {
      throw new Error(`${images.map(({ path }) => path).join(', ')}: drop one pair of images and labels, or two, of which the one to test with has “test” in its files' names.`);
    }
    halves = parts.map(([[ofImages], [ofLabels]]) => pair(ofImages, ofLabels));
  }
  const [{ path, height, width }, other] = halves;
  if (other && (other.height !== height || other.width !== width)) {
    throw new Error(`${path} has images of ${height} × ${width} pixels, ${other.path} of ${other.height} × ${other.width}. Use files of one data set.`);
  }
  return { shape: [1, height, width], halves };
}

/** Batches of CIFAR-10, in the order of their names. */
function readBatches(files) {
  const read = (batches) => {
    const count = batches.reduce((sum, { bytes }) => sum + bytes.length / kRecord, 0);
    const [labels, images] = [new Uint8Array(count), new Uint8Array(count * (kRecord - 1))];
    let at = 0;
    for (const { bytes } of batches) {
      for (let offset = 0; offset < bytes.length; offset += kRecord, at++) {
        labels[at] = bytes[offset];
        images.set(bytes.subarray(offset + 1, offset + kRecord), at * (kRecord - 1));
      }
    }
    return { images, labels, count };
  };
  const split = [false, true].map((test) => files.filter(({ path }) => isTest(path) === test)).filter((batches) => batches.length > 0);
  return { shape: [3, 32, 32], halves: split.map(read) };
}

/** Names of classes from a text with one a line, such as CIFAR-10's batches.meta.txt. */
function readNames({ path, bytes }, largest) {
  const names = new TextDecoder().decode(bytes).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  if (names.length > largest) return names;
  throw new Error(`${path} names ${names.length} classes, one a line, but there are labels up to ${largest}. Add the missing ones, or leave it away.`);
}

/** What a person would call them: the folder, or the kind of file. */
function nameOf(entries, otherwise) {
  const [folder, ...rest] = entries[0].path.split('/');
  return rest.length > 0 && entries.every(({ path }) => path.startsWith(`${folder}/`)) ? folder.slice(0, 60) : otherwise;
}

async function readFiles(entries, { signal, progress }) {
  const files = [];
  for (const entry of entries) {
    progress?.(files.length, entries.length);
    files.push(await recognise(entry, signal));
  }
  const names = files.filter(({ kind }) => kind === 'names');
  const batches = files.filter(({ kind }) => kind === 'batch');
  const idx = files.filter(({ kind }) => kind === 'images' || kind === 'labels');
  const unknown = files.filter(({ kind }) => kind === 'unknown');
  if (batches.length > 0 && idx.length > 0) throw new Error(`${batches[0].path} is a CIFAR-10 batch and ${idx[0].path} an IDX file. Drop the files of one data set.`);
  if (batches.length + idx.length === 0) throw new Error(unknown[0]?.sentence ?? `${names[0].path} is a text without images. Drop it together with them.`);
  if (names.length > 1) throw new Error(`${names[1].path} is a second list of names. Drop one.`);
  const { shape, halves } = batches.length > 0 ? readBatches(batches) : readPairs(idx);
  const largest = halves.reduce((top, { labels }) => labels.reduce((most, label) => Math.max(most, label), top), 0);
  if (largest >= kMostClasses) throw new Error(`${idx.find(({ kind }) => kind === 'labels').path} has the label ${largest}; labels go from 0 to ${kMostClasses - 1} here.`);
  const [train, test] = halves.map(({ images, labels }) => ({ images, labels }));
  const classes = names.length > 0 ? readNames(names[0], largest) : undefined;
  return { name: nameOf(entries, batches.length > 0 ? 'CIFAR-10 batches' : 'IDX files'), shape, classes, train, test, leftOut: unknown.map(({ path }) => path) };
}

/**
 * Reads what somebody has dropped or chosen.
 * @param {{file: File, path: string}[]} entries `path` with the folders, such as "digits/7/a.png"
 * @param {{signal?: AbortSignal, progress?: (done: number, all: number) => void}} options
 * @returns what lab.ownData() takes, and `darkOnLight` (grey PNGs whose edges are bright) and `leftOut` (paths of files that are of no use)
 */
export async function readOwnData(entries, options = {}) {
  const files = entries.filter(({ path }) => !isLitter(path)).sort(byPath);
  if (files.length === 0) throw new Error('There are no files among these.');
  const [pngs, others] = [[], []];
  for (const entry of files) {
    options.signal?.throwIfAborted();
    (/\.png$/i.test(entry.path) || (await isPng(entry.file)) ? pngs : others).push(entry);
  }
  if (pngs.length === 0) return readFiles(files, options);
  const set = await readPngs(pngs, options);
  return { name: nameOf(pngs, 'PNG files'), ...set, leftOut: others.map(({ path }) => path) };
}
