// What a session file (src/app/session_file.h) says of itself, read from its header before the program takes it.

const kLengthBytes = 8;
const kLargestHeader = 4 << 20;

/** {dataset, seed, step} of a session file's bytes, or null where it is none: weights, say, or something else. */
export function describeSession(bytes) {
  if (bytes.byteLength < kLengthBytes) return null;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > kLargestHeader || length > bytes.byteLength - kLengthBytes) return null;
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(kLengthBytes, kLengthBytes + length)));
    const { format, session } = header.__metadata__ ?? {};
    if (format !== 'lenet-lab session') return null;
    const { dataset, seed, step } = JSON.parse(session);
    return { dataset: String(dataset), seed, step };
  } catch {
    return null;
  }
}
