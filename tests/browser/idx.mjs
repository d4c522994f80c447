// Small data sets in MNIST's file format, sound or broken on purpose.

import { gzipSync } from 'node:zlib';

/** `count` images of 28 × 28; image i has its brightness from i, so that no two files are alike by accident. */
export function idxImages(count, { magic = 0x803, side = 28 } = {}) {
  const file = Buffer.alloc(16 + count * side * side);
  [magic, count, side, side].forEach((value, i) => file.writeUInt32BE(value, 4 * i));
  for (let i = 16; i < file.length; i++) file[i] = (i * 2654435761) >>> 24;
  return file;
}

export function idxLabels(count, { magic = 0x801, label = (i) => i % 10 } = {}) {
  const file = Buffer.alloc(8 + count);
  [magic, count].forEach((value, i) => file.writeUInt32BE(value, 4 * i));
  for (let i = 0; i < count; i++) file[8 + i] = label(i);
  return file;
}

/**
 * A data set as page.route() serves it: {file name: bytes}, gzipped, with its manifest. `change` gets the four gzipped files
 * and may break them.
 */
export function fakeMnist({ train = 5200, test = 100, files = {}, change = () => {} } = {}) {
  const plain = {
    'train-images': idxImages(train),
    'train-labels': idxLabels(train),
    'test-images': idxImages(test),
    'test-labels': idxLabels(test),
    ...files,
  };
  const packed = Object.fromEntries(Object.entries(plain).map(([name, bytes]) => [name, gzipSync(bytes, { level: 1 })]));
  change(packed);
  const served = { 'index.json': JSON.stringify({ mnist: { files: manifestOf(packed) } }) };
  for (const [name, bytes] of Object.entries(packed)) served[`fake/${name}.gz`] = bytes;
  return served;
}

const manifestOf = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, { url: `fake/${name}.gz`, bytes: bytes.length }]));
