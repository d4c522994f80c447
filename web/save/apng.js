// Animated PNG from frames that are PNG files of one size: their compressed pixels are taken as they are and put one after the other.
// Source: the PNG specification, third edition (W3C), chunks acTL, fcTL and fdAT.

const kSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const kCrcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = kCrcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, ...parts) {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(size + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  bytes.set(new TextEncoder().encode(type), 4);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, crc32(bytes.subarray(4, at)));
  return bytes;
}

/** The chunks of a PNG file: [{type, data}]. */
function* chunksOf(png) {
  if (kSignature.some((byte, i) => png[i] !== byte)) throw new Error('A frame of the film is no PNG picture.');
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = kSignature.length; at + 12 <= png.length; ) {
    const size = view.getUint32(at);
    yield { type: new TextDecoder().decode(png.subarray(at + 4, at + 8)), data: png.subarray(at + 8, at + 8 + size) };
    at += size + 12;
  }
}

const bigEndian = (value, bytes) => Uint8Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 0xff);

/**
 * The bytes of an animated PNG that shows `frames` (Uint8Array, PNG files of equal size and format) in turn, `delays` milliseconds each,
 * for ever.
 */
export function animatedPng(frames, delays) {
  if (frames.length === 0) throw new Error('A film needs at least one frame.');
  let sequence = 0;
  const parts = [Uint8Array.from(kSignature)];
  let header = null;
  frames.forEach((png, i) => {
    const chunks = [...chunksOf(png)];
    const ihdr = chunks.find(({ type }) => type === 'IHDR').data;
    header ??= ihdr;
    if (ihdr.some((byte, k) => byte !== header[k])) throw new Error('The frames of a film must be of one size.');
    if (i === 0) parts.push(chunk('IHDR', ihdr), chunk('acTL', bigEndian(frames.length, 4), bigEndian(0, 4)));
    const size = ihdr.subarray(0, 8); // width, height
    parts.push(chunk('fcTL', bigEndian(sequence++, 4), size, new Uint8Array(8), bigEndian(delays[i], 2), bigEndian(1000, 2), new Uint8Array(2)));
    for (const { type, data } of chunks) {
      if (type !== 'IDAT') continue;
      parts.push(i === 0 ? chunk('IDAT', data) : chunk('fdAT', bigEndian(sequence++, 4), data));
    }
  });
  parts.push(chunk('IEND'));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
  return bytes;
}
