// What the program answers (Native.poll()), in the form that scripts get.

/** {shape, data: Float32Array}. */
export const arrayOf = ({ shape, values }) => ({ shape, data: values });

export const textOf = ({ bytes }) => new TextDecoder().decode(bytes);

/** The answer to an experiment: {view, facts, columns, rows, arrays: {name: {shape, data}}}. */
export function findings(reply) {
  const found = JSON.parse(textOf(reply));
  let offset = 0;
  const arrays = {};
  for (const { name, shape } of found.arrays) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    arrays[name] = { shape, data: reply.values.slice(offset, offset + size) };
    offset += size;
  }
  return { ...found, arrays };
}
