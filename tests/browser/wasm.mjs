// A compiled program broken on purpose, to see what the page makes of it.

const kExportSection = 7, kImportSection = 2, kCodeSection = 10;
const kUnreachable = 0x00, kNop = 0x01, kEnd = 0x0b;

/** Reads LEB128 numbers and names out of a module's bytes. */
class Reader {
  constructor(bytes, at = 8) {
    Object.assign(this, { bytes, at });
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  name() {
    const length = this.number();
    return this.bytes.toString('utf8', this.at, (this.at += length));
  }
}

/** {section's number: where its content begins}. */
function sections(bytes) {
  const found = {};
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    const id = reader.number();
    const size = reader.number();
    found[id] = reader.at;
    reader.at += size;
  }
  return found;
}

/** How many of the module's functions are imported: those are numbered first. */
function importedFunctions(bytes, at) {
  const reader = new Reader(bytes, at);
  const limits = () => (reader.number() & 1 ? (reader.number(), reader.number()) : reader.number());
  const kinds = [() => reader.number(), () => (reader.number(), limits()), limits, () => (reader.number(), reader.number()), () => (reader.number(), reader.number())];
  let functions = 0;
  for (let count = reader.number(); count > 0; count--) {
    reader.name();
    reader.name();
    const kind = reader.number();
    kinds[kind]();
    if (kind === 0) functions += 1;
  }
  return functions;
}

/** The number of the function that the module exports under this name. */
function exportedFunction(bytes, at, wanted) {
  const reader = new Reader(bytes, at);
  for (let count = reader.number(); count > 0; count--) {
    const name = reader.name();
    const kind = reader.number();
    const index = reader.number();
    if (kind === 0 && name === wanted) return index;
  }
  throw new Error(`the module exports no function ${wanted}`);
}

/** A copy of the module whose exported function `name` does nothing but trap. */
export function withTrap(module, name) {
  const bytes = Buffer.from(module);
  const at = sections(bytes);
  let left = exportedFunction(bytes, at[kExportSection], name) - importedFunctions(bytes, at[kImportSection]);
  const reader = new Reader(bytes, at[kCodeSection]);
  reader.number();
  for (; left > 0; left--) {
    const length = reader.number();
    reader.at += length;
  }
  const size = reader.number();
  bytes.fill(kNop, reader.at, reader.at + size - 1);
  bytes[reader.at] = 0; // no locals
  bytes[reader.at + 1] = kUnreachable;
  bytes[reader.at + size - 1] = kEnd;
  return bytes;
}
