// What a lesson may do with the page: a list of calls of window.lab with their arguments as JSON, one a line. Nothing else is ever
// called, and nothing is evaluated.
//
//   reset {"seed": 2}
//   step 300
//   lock "conv2", 7

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** What an argument may be, by its name in the table below; “?” at the end of a name there: it can be left out. */
const kArguments = {
  settings: { is: isObject, says: 'settings in braces, such as {"seed": 2}' },
  text: { is: (value) => typeof value === 'string', says: 'a word in quotes' },
  count: { is: (value) => Number.isInteger(value) && value >= 0, says: 'a whole number' },
  number: { is: (value) => typeof value === 'number', says: 'a number' },
  flag: { is: (value) => typeof value === 'boolean', says: 'true or false' },
  list: { is: Array.isArray, says: 'a list in brackets' },
  twins: { is: (value) => typeof value === 'string' || Array.isArray(value), says: 'the name of a comparison in quotes, or a list of arms' },
  image: { is: (value) => Array.isArray(value) || (Number.isInteger(value) && value >= 0), says: 'the number of a test image, or a list of pixels' },
};

/** The methods of window.lab that a lesson may call, each with its arguments. */
export const kCalls = new Map(
  Object.entries({
    reset: ['settings?'],
    rewind: [],
    replay: [],
    loadCheckpoint: ['text?'],
    compare: ['twins'],
    showArm: ['count'],
    endComparison: [],
    repeat: ['settings'],
    step: ['count?'],
    epoch: [],
    set: ['settings'],
    freeze: ['text', 'flag?'],
    rate: ['text', 'number'],
    plan: ['list'],
    restore: [],
    open: ['text', 'settings?'],
    moment: ['count?'],
    probe: ['count'],
    show: ['image'],
    lock: ['text', 'count'],
    mode: ['text'],
  }),
);

/** After these calls the run that was there is gone. */
const kNewRun = ['reset', 'rewind', 'replay', 'loadCheckpoint', 'compare', 'endComparison', 'repeat'];

/** What `set` may change: the rest belongs to the person at the page. */
const kSettings = ['learningRate', 'momentum', 'weightDecay', 'batch', 'speed', 'fields'];

/** A run that begins in a lesson is this one, wherever it says nothing else: its figures must not depend on what was set before. */
export const kUsual = {
  dataset: 'mnist', preset: 'wss17', seed: 1, initializer: 'he', batch: 64, learningRate: 0.02, momentum: 0.9, weightDecay: 0,
  schedule: 'constant', augmentation: 'none', freeze: [], rateMultipliers: {}, changes: [],
};

export const beginsRun = ({ method }) => kNewRun.includes(method);

/** The values after a word, separated by commas, as JSON. Throws an Error that `where` begins. */
export function readValues(text, where) {
  try {
    return JSON.parse(`[${text}]`);
  } catch {
    throw new Error(`${where} cannot be read: “${text.slice(0, 60)}”. Words stand in double quotes, values are separated by commas.`);
  }
}

/** Throws an Error where `values` do not fit `wanted`, a list as in kCalls. */
function check(method, values, wanted) {
  if (values.length > wanted.length) throw new Error(`“${method}” is given ${values.length} values and takes ${wanted.length} at most.`);
  wanted.forEach((name, i) => {
    const { is, says } = kArguments[name.replace('?', '')];
    if (i >= values.length ? !name.endsWith('?') : !is(values[i])) throw new Error(`“${method}” needs ${says} as value ${i + 1}.`);
  });
}

/** Reads one call: {method, values}. Throws an Error with a sentence. */
export function readCall(text) {
  const [, method, rest] = /^\s*(\S+)\s*(.*)$/.exec(text);
  const wanted = kCalls.get(method);
  if (!wanted) throw new Error(`A lesson cannot call “${method.slice(0, 40)}”; it can call ${[...kCalls.keys()].join(', ')}.`);
  const values = readValues(rest, `What “${method}” is given`);
  check(method, values, wanted);
  if (method === 'set') {
    const other = Object.keys(values[0]).find((name) => !kSettings.includes(name));
    if (other) throw new Error(`A lesson can “set” ${kSettings.join(', ')}, but not “${other.slice(0, 40)}”.`);
  }
  if (method === 'open' && values[0] === 'lessons') throw new Error('A lesson is open already when it runs.');
  return { method, values };
}
