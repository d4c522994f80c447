// Just enough of PNG to read Chromium's screenshots, and to write small pictures: 8 bits a channel, RGB or RGBA, not interlaced.

import { deflateSync, inflateSync } from 'node:zlib';

function paeth(a, b, c) {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function unfilter(type, row, above, channels) {
  for (let i = 0; i < row.length; i++) {
    const left = i >= channels ? row[i - channels] : 0;
    const up = above ? above[i] : 0;
    const corner = above && i >= channels ? above[i - channels] : 0;
    row[i] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][type];
  }
}

/** {width, height, at(x, y) → [r, g, b]} of a PNG file's bytes. */
export function decodePng(file) {
  let width, height, channels;
  const packed = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = { 2: 3, 6: 4 }[body[9]];
      if (body[8] !== 8 || !channels || body[12] !== 0) throw new Error('This PNG is of a kind that the tests do not read.');
    }
    if (type === 'IDAT') packed.push(body);
    at += length + 12;
  }
  const bytes = inflateSync(Buffer.concat(packed));
  const stride = width * channels;
  let above = null;
  const rows = [];
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const row = bytes.subarray(start + 1, start + 1 + stride);
    unfilter(bytes[start], row, above, channels);
    rows.push(row);
    above = row;
  }
  return { width, height, at: (x, y) => [...rows[y].subarray(x * channels, x * channels + 3)] };
}

/** CRC-32 of PNG's chunks (ISO 3309). */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, body) {
  const all = Buffer.alloc(12 + body.length);
  all.writeUInt32BE(body.length, 0);
  all.write(type, 4, 'latin1');
  body.copy(all, 8);
  all.writeUInt32BE(crc32(all.subarray(4, 8 + body.length)), 8 + body.length);
  return all;
}

/** A PNG file of 8 bits a channel; `at(x, y)` gives a grey value or [r, g, b]. */
export function encodePng(width, height, at) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = at(x, y);
      rows.set(Array.isArray(value) ? value : [value, value, value], y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
