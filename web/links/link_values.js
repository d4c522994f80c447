// The kinds of values that an address can carry. Each has read(text), which gives the value or throws an Error with what is wrong
// ("is no number from 0 to 1"), and write(value), which gives the text. Nothing that is read here can be longer, deeper or larger than said.

const kLongest = 10_000; // letters of any parameter
const kDeepest = 6; // lists and objects in each other
const kMostEntries = 500;
const kForbidden = new Set(['__proto__', 'constructor', 'prototype']);

function fail(what) {
  throw new Error(what);
}

const kNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

function readNumber(text, least, most) {
  const value = Number(text);
  if (text.length > 40 || !kNumber.test(text) || !(value >= least && value <= most)) fail(`is no number from ${least} to ${most}`);
  return value;
}

function readWhole(text, least, most) {
  const value = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) fail(`is no whole number from ${least} to ${most}`);
  return value;
}

function checkName(text) {
  if (!/^[A-Za-z0-9][\w-]{0,59}$/.test(text) || kForbidden.has(text)) fail('is no name');
  return text;
}

/** The parts between commas; at most `most`. */
function parts(text, most = kMostEntries) {
  const list = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (list.length > most) fail(`has more than ${most} entries`);
  return list;
}

export const number = (least, most) => ({ read: (text) => readNumber(text, least, most), write: String });

export const whole = (least, most) => ({ read: (text) => readWhole(text, least, most), write: String });

/** 1 or 0. */
export const flag = {
  read: (text) => (text === '1' || text === '0' ? text === '1' : fail('is neither 1 nor 0')),
  write: (value) => (value ? '1' : '0'),
};

/** One of `words`; without them any name, for the program to refuse. */
export const word = (...words) => ({
  read: (text) => (words.length === 0 ? checkName(text) : words.includes(text) ? text : fail(`is none of ${words.join(', ')}`)),
  write: String,
});

/** Words of a description, such as “conv 20 5x5, relu”. */
export const phrase = (longest) => ({
  read: (text) => (text.length <= longest && /^[\w\s.,:+-]*$/.test(text) ? text.trim() : fail(`is no description of at most ${longest} plain letters`)),
  write: String,
});

export const names = {
  read: (text) => parts(text, 64).map(checkName),
  write: (list) => list.join(','),
};

/** A name, or the path of a file below the page. */
export const path = {
  read: (text) => (text.length <= 120 && /^\w[\w-]*([./]\w[\w-]*)*$/.test(text) && !kForbidden.has(text) ? text : fail('is no name of a file')),
  write: String,
};

/** Sixteen hexadecimal digits. */
export const hash = { read: (text) => (/^[0-9a-f]{16}$/.test(text) ? text : fail('is no hash of sixteen digits')), write: String };

/** “conv1:0.1,conv2:0”: {layer: multiplier}. */
export const multipliers = {
  read(text) {
    const entries = parts(text, 64).map((part) => {
      const [layer, factor, ...more] = part.split(':');
      if (factor === undefined || more.length > 0) fail('is no list such as conv1:0.1,conv2:0');
      return [checkName(layer), readNumber(factor, 0, 1e6)];
    });
    return Object.fromEntries(entries);
  },
  write: (factors) => Object.entries(factors).map(([layer, factor]) => `${layer}:${factor}`).join(','),
};

/** “conv2.7”: {layer, unit}. */
export const unit = {
  read(text) {
    const [layer, index, ...more] = text.split('.');
    if (index === undefined || more.length > 0) fail('is no unit such as conv2.7');
    return { layer: checkName(layer), unit: readWhole(index, 0, 1_000_000) };
  },
  write: ({ layer, unit: index }) => `${layer}.${index}`,
};

/** What a change at a step may say after its step, and the field of lab.plan() that it stands for. */
const kSettings = new Map([
  ['rate', (value) => ({ learningRate: readNumber(value, 0, 1e30) })],
  ['momentum', (value) => ({ momentum: readNumber(value, 0, 1) })],
  ['decay', (value) => ({ weightDecay: readNumber(value, 0, 1e6) })],
  ['batch', (value) => ({ batch: readWhole(value, 1, 1024) })],
]);

function readChange(text) {
  const [at, verb, subject = '', value, ...more] = text.split(/\s+/);
  const example = 'is no list of changes such as “200 freeze conv1,300 rate 0.01,400 scale fc1 0.5”';
  const step = /^\d+$/.test(at) ? readWhole(at, 0, 1e9) : fail(example);
  if (more.length > 0 || (value !== undefined) !== (verb === 'scale')) fail(example);
  if (verb === 'freeze' || verb === 'thaw') return { step, layer: checkName(subject), frozen: verb === 'freeze' };
  if (verb === 'scale') return { step, layer: checkName(subject), multiplier: readNumber(value, 0, 1e6) };
  const setting = kSettings.get(verb) ?? fail(example);
  return { step, ...setting(subject) };
}

function writeChange({ step, layer, frozen, multiplier, learningRate, momentum, weightDecay, batch }) {
  const said = [];
  if (frozen !== undefined) said.push(`${frozen ? 'freeze' : 'thaw'} ${layer}`);
  if (multiplier !== undefined) said.push(`scale ${layer} ${multiplier}`);
  if (learningRate !== undefined) said.push(`rate ${learningRate}`);
  if (momentum !== undefined) said.push(`momentum ${momentum}`);
  if (weightDecay !== undefined) said.push(`decay ${weightDecay}`);
  if (batch !== undefined) said.push(`batch ${batch}`);
  return said.map((what) => `${step} ${what}`);
}

/** The freeze schedule and all else that changes after a step: “200 freeze conv1,300 rate 0.01”, as lab.plan() takes it. */
export const changes = {
  read: (text) => parts(text).map(readChange),
  write: (list) => list.flatMap(writeChange).join(','),
};

/** A value of a lab's field, whose type the program knows: a number, true or false, a word. */
export const plain = {
  read(text) {
    if (text === 'true' || text === 'false') return text === 'true';
    if (kNumber.test(text)) return readNumber(text, -1e15, 1e15);
    return checkName(text);
  },
  write: String,
};

function checkJson(value, depth = 0) {
  if (depth > kDeepest) fail('is nested too deeply');
  if (typeof value === 'number' && !Number.isFinite(value)) fail('has a number that is too large');
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (kForbidden.has(key)) fail(`has a field “${key}”`);
    checkJson(inner, depth + 1);
  }
}

/** JSON whose outermost value fulfils `isRight`. */
export const json = (isRight) => ({
  read(text) {
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      fail('cannot be read');
    }
    if (!isRight(value)) fail('cannot be read');
    checkJson(value);
    return value;
  },
  write: (value) => JSON.stringify(value),
});

/** What is wrong with the length of a parameter's text, or null. */
export const tooLong = (text) => (text.length > kLongest ? `is longer than ${kLongest} letters` : null);
