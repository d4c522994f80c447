// As much of ONNX's file format (Protocol Buffers) as wss17 needs, written by hand: no packages, no files to keep.
// Field numbers are those of onnx.proto.

const encoder = new TextEncoder();

function concat(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value) {
  const out = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...out, Number(rest)]);
    out.push(Number(rest & 127n) | 128);
  }
}

const integer = (field, value) => concat([varint(field << 3), varint(value)]);
const float = (field, value) => concat([varint((field << 3) | 5), new Uint8Array(new Float32Array([value]).buffer)]);
function message(field, content) {
  const inner = typeof content === 'string' ? encoder.encode(content) : Array.isArray(content) ? concat(content) : content;
  return concat([varint((field << 3) | 2), varint(inner.length), inner]);
}

const kFloat = 1; // TensorProto.DataType
const kInt64 = 7;

/** A constant: values is a Float32Array, or a BigInt64Array. */
export function constant(name, shape, values) {
  const type = values instanceof Float32Array ? kFloat : kInt64;
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return concat([...shape.map((size) => integer(1, size)), integer(2, type), message(8, name), message(9, raw)]);
}

/** The name, type and shape of an input or output of floats. */
export function value(name, shape) {
  const sizes = shape.map((size) => message(1, integer(1, size)));
  return concat([message(1, name), message(2, message(1, [integer(1, kFloat), message(2, sizes)]))]);
}

function attribute(name, setting) {
  if (Array.isArray(setting)) return concat([message(1, name), ...setting.map((item) => integer(8, item)), integer(20, 7)]);
  return concat([message(1, name), integer(3, setting), integer(20, 2)]);
}

/** An operation; attributes are integers or lists of them. */
export function node(operation, inputs, outputs, attributes = {}, domain = '') {
  return concat([
    ...inputs.map((name) => message(1, name)),
    ...outputs.map((name) => message(2, name)),
    message(4, operation),
    ...Object.entries(attributes).map(([name, setting]) => message(5, attribute(name, setting))),
    ...(domain ? [message(7, domain)] : []),
  ]);
}

const versionOf = (domain, version) => message(8, [message(1, domain), integer(2, version)]);

/** The bytes of a model. `known`: shapes of values inside, where a session cannot infer them. */
export function model({ nodes, constants, inputs, outputs, known = [] }) {
  const graph = [
    ...nodes.map((item) => message(1, item)),
    message(2, 'wss17'),
    ...constants.map((item) => message(5, item)),
    ...inputs.map((item) => message(11, item)),
    ...outputs.map((item) => message(12, item)),
    ...known.map((item) => message(13, item)),
  ];
  return concat([integer(1, 8), message(7, graph), versionOf('', 14), versionOf('com.microsoft', 1)]);
}
