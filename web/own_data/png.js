// A folder of labelled PNGs becomes a data set: labels from folders or names, all pictures of one size, grey where none has colours.
// Scaling is done here in whole numbers, so that the same files give the same pixels in every browser.

import { make } from '../page/html.js';
import { baseOf, grouped, kLongestSide, kMostBytes, kMostClasses, kShortestSide } from './limits.js';

/** The size of all pictures where they do not have one in common. */
const kSide = 28;
const kLargestSide = 4096;
/** A class name is cut after so many letters. */
const kLongestName = 24;
/** Channels that differ by more are a colour. */
const kColour = 16;
const kMagic = [0x89, 0x50, 0x4e, 0x47];

const isTestFolder = (name) => /^(t10k|test|testing|val|valid|validation)$/i.test(name);
const isTrainFolder = (name) => /^(train|training)$/i.test(name);

const headOf = async (file) => new Uint8Array(await file.slice(0, 24).arrayBuffer());
const hasMagic = (head) => kMagic.every((byte, i) => head[i] === byte);
export const isPng = async (file) => hasMagic(await headOf(file));

/** {width, height} from a PNG's header. */
async function sizeOf({ file, path }) {
  const head = await headOf(file);
  if (!hasMagic(head) || head.length < 24) throw new Error(`${path} is no PNG, whatever its name says. Convert it, or leave it away.`);
  const view = new DataView(head.buffer);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width > kLargestSide || height > kLargestSide) {
    throw new Error(`${path} has ${grouped(width)} × ${grouped(height)} pixels; ${grouped(kLargestSide)} a side are the most. Scale it first.`);
  }
  return { width, height };
}

/** The class of each file: its folder where there are several, the beginning of its name otherwise ("7_001.png"). */
function classNames(entries) {
  const folders = entries.map(({ path }) => path.split('/').slice(0, -1).filter((name) => !isTestFolder(name) && !isTrainFolder(name)).at(-1));
  if (new Set(folders).size > 1) return folders.map((folder, i) => folder ?? failLabel(entries[i].path));
  return entries.map(({ path }) => baseOf(path).match(/^(\d+|[^\d_\-\s][^_\-\s]*)[_\-\s]/)?.[1] ?? failLabel(path));
}

function failLabel(path) {
  throw new Error(`${path} has no label: put the pictures of each class into a folder of their own, or begin their names with it, as in 7_001.png.`);
}

/** {classes, labels}: digits keep their number, so that a network of the digits knows them; other names stand in order. */
function labelsOf(names) {
  const distinct = [...new Set(names)];
  const numbers = distinct.every((name) => /^\d+$/.test(name));
  if (numbers && distinct.every((name) => name.length === 1)) return { classes: undefined, labels: names.map(Number) };
  distinct.sort((a, b) => (numbers ? a - b : 0) || (a < b ? -1 : 1));
  if (distinct.length > kMostClasses) {
    throw new Error(`There are ${grouped(distinct.length)} classes in these folders (${distinct.slice(0, 3).join(', ')}, …); ${kMostClasses} are the most.`);
  }
  const places = new Map(distinct.map((name, i) => [name, i]));
  return { classes: distinct.map((name) => [...name].slice(0, kLongestName).join('')), labels: names.map((name) => places.get(name)) };
}

/** Of each place of an axis of `to` places, which of `from` places it covers and how much of each, in whole parts of 1 / to. */
function coverage(from, to) {
  return Array.from({ length: to }, (_, place) => {
    const [low, high] = [place * from, (place + 1) * from];
    const parts = [];
    for (let i = Math.floor(low / to); i * to < high; i++) parts.push([i, Math.min(high, (i + 1) * to) - Math.max(low, i * to)]);
    return parts;
  });
}

/** Area averages of a picture that is fitted into height × width in its own proportions; [channel][y][x] into `out`, edges in `edge`. */
function fit({ data, width: w, height: h }, [height, width], edge, out) {
  const scale = Math.min(width / w, height / h);
  const [ow, oh] = [Math.max(1, Math.min(width, Math.round(w * scale))), Math.max(1, Math.min(height, Math.round(h * scale)))];
  const [left, top] = [Math.floor((width - ow) / 2), Math.floor((height - oh) / 2)];
  const [rows, columns] = [coverage(h, oh), coverage(w, ow)];
  for (let channel = 0; channel < 3; channel++) {
    const plane = out.subarray(channel * height * width, (channel + 1) * height * width).fill(edge);
    for (let y = 0; y < oh; y++) {
      for (let x = 0; x < ow; x++) {
        let sum = 0;
        for (const [row, rowPart] of rows[y]) {
          for (const [column, part] of columns[x]) sum += rowPart * part * data[4 * (row * w + column) + channel];
        }
        plane[(top + y) * width + left + x] = Math.floor(sum / (w * h) + 0.5);
      }
    }
  }
}

const greyOf = (r, g, b) => Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000);

/** {edge, coloured}: the median grey of the picture's outermost pixels, and whether it has colours. */
function judge({ data, width, height }) {
  const edges = [];
  let coloured = false;
  for (let i = 0, at = 0; at < data.length; i++, at += 4) {
    const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
    if (Math.max(r, g, b) - Math.min(r, g, b) > kColour) coloured = true;
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
    edges.push(greyOf(r, g, b));
  }
  edges.sort((a, b) => a - b);
  return { edge: edges[edges.length >> 1], coloured };
}

/** The pixels of a PNG on white, as ImageData. */
async function decode({ file, path }, canvas) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch {
    throw new Error(`${path} cannot be read as a picture: it is damaged or was cut short. Get it again, or leave it away.`);
  }
  const [width, height] = [bitmap.width, bitmap.height];
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** Pictures of three planes, one after the other, as grey ones. */
function toGrey(pixels, count, size) {
  const grey = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      const at = 3 * size * i + k;
      grey[size * i + k] = greyOf(pixels[at], pixels[at + size], pixels[at + 2 * size]);
    }
  }
  return grey;
}

/** One size for all: the one they have, if it is one that the page takes, or kSide. */
async function commonSize(entries, signal) {
  const sizes = [];
  for (const entry of entries) {
    signal?.throwIfAborted();
    sizes.push(await sizeOf(entry));
  }
  const [{ width, height }] = sizes;
  const same = sizes.every((size) => size.width === width && size.height === height);
  const fits = Math.min(width, height) >= kShortestSide && Math.max(width, height) <= kLongestSide;
  return same && fits ? [height, width] : [kSide, kSide];
}

/** {shape, classes, train, test, darkOnLight, scaled} of PNG files, as readOwnData() gives them. */
export async function readPngs(entries, { signal, progress }) {
  const { classes, labels } = labelsOf(classNames(entries));
  const [height, width] = await commonSize(entries, signal);
  const size = height * width;
  if (3 * size * entries.length > kMostBytes) {
    throw new Error(`These are ${grouped(entries.length)} pictures of ${height} × ${width} pixels; ${grouped(Math.floor(kMostBytes / 3 / size))} are the most. Take fewer.`);
  }
  const pixels = new Uint8Array(3 * size * entries.length);
  const canvas = make('canvas');
  let coloured = false, edges = 0, scaled = false;
  for (const [i, entry] of entries.entries()) {
    signal?.throwIfAborted();
    progress?.(i, entries.length);
    const picture = await decode(entry, canvas);
    const found = judge(picture);
    coloured ||= found.coloured;
    edges += found.edge;
    scaled ||= picture.width !== width || picture.height !== height;
    fit(picture, [height, width], found.edge, pixels.subarray(3 * size * i, 3 * size * (i + 1)));
  }
  const images = coloured ? pixels : toGrey(pixels, entries.length, size);
  const halves = split(entries, images, labels);
  return { shape: [coloured ? 3 : 1, height, width], classes, ...halves, darkOnLight: !coloured && edges > 127 * entries.length, scaled };
}

/** {train, test}: what lies in a folder for tests is the test set, where there is something else, too. */
function split(entries, images, labels) {
  const one = images.length / entries.length;
  const tests = entries.map(({ path }) => path.split('/').slice(0, -1).some(isTestFolder));
  const take = (places) => {
    const half = { images: new Uint8Array(one * places.length), labels: places.map((i) => labels[i]) };
    places.forEach((i, at) => half.images.set(images.subarray(one * i, one * (i + 1)), one * at));
    return half;
  };
  const both = new Set(tests).size === 2;
  if (!both) return { train: { images, labels }, test: undefined };
  const places = (test) => entries.map((_, i) => i).filter((i) => tests[i] === test);
  return { train: take(places(false)), test: take(places(true)) };
}
