// Reads a lesson: Markdown with a few lines about it on top, a step for each heading “## …”, and three kinds of fenced blocks that do
// something (predict, run, show). docs/lessons.md describes the format. What is wrong is an Error that names file and line.

import { readCall, readValues } from './calls.js';
import { kMeasures } from './measures.js';

export const kLongestLesson = 200_000; // characters

export class LessonError extends Error {
  constructor(file, line, sentence) {
    super(`${file}, line ${line}: ${sentence}`);
    this.name = 'LessonError';
  }
}

const kNeeds = ['mnist', 'checkpoint'];
const kId = /^[a-z][a-z0-9-]{0,30}$/;
const kNumber = '-?\\d+(?:\\.\\d+)?';
/** What is measured falls into a choice by “[low .. high]”, low ≤ measured < high, by “[= word]”, or by “[else]”. */
const kRange = new RegExp(`^\\[\\s*(${kNumber})?\\s*\\.\\.\\s*(${kNumber})?\\s*\\]$`);
const kSame = /^\[=\s*(\S(?:.*\S)?)\s*\]$/;
const kElse = /^\[else\]$/;
const kAnswerNumber = new RegExp(`^number\\s+(${kNumber})\\s*\\.\\.\\s*(${kNumber})(?:\\s+(\\S.*))?$`);

/** Gives the lines of a block as [{text, line}], trimmed, without empty ones and comments. */
function linesOf(text, line) {
  const lines = text.split('\n').map((each, i) => ({ text: each.trim(), line: line + i }));
  return lines.filter((each) => each.text !== '' && !each.text.startsWith('#'));
}

/** Reads what is above the text, between two lines “---”: {fields: {title, minutes, needs, summary}, body, line of the body}. */
function readHead(text, file) {
  const match = /^---\n([\s\S]*?)\n---(?:\n|$)/.exec(text);
  if (!match) throw new LessonError(file, 1, 'A lesson begins with a line “---”, then “title: …” and “minutes: …”, then a line “---”.');
  const fields = {};
  for (const { text: each, line } of linesOf(match[1], 2)) {
    const pair = /^([a-z]+):\s*(.*)$/.exec(each);
    if (!pair || !['title', 'minutes', 'needs', 'summary'].includes(pair[1])) {
      throw new LessonError(file, line, `“${each.slice(0, 60)}” is not one of title: …, minutes: …, needs: …, summary: ….`);
    }
    fields[pair[1]] = pair[2];
  }
  if (!fields.title) throw new LessonError(file, 1, 'The lesson has no “title: …”.');
  const minutes = Number(fields.minutes);
  if (!(minutes >= 1 && minutes <= 90)) throw new LessonError(file, 1, 'The lesson needs “minutes: …”, a number from 1 to 90.');
  const needs = (fields.needs ?? '').split(',').map((need) => need.trim()).filter(Boolean);
  const unknown = needs.find((need) => !kNeeds.includes(need));
  if (unknown) throw new LessonError(file, 1, `A lesson can need ${kNeeds.join(' and ')}, but not “${unknown}”.`);
  const { title, summary = '' } = fields;
  return { fields: { title, minutes, needs, summary }, body: text.slice(match[0].length), line: match[0].split('\n').length };
}

/** A choice and when it is right: {text, fits(value)}; fits is null where the page cannot say. */
function readChoice(text, line, fail) {
  const [, words, rule = ''] = /^(.*?)(?:\s+(\[[^\]]*\]))?$/.exec(text);
  const [range, same] = [kRange.exec(rule), kSame.exec(rule)];
  if (range) {
    const low = range[1] === undefined ? -Infinity : Number(range[1]);
    const high = range[2] === undefined ? Infinity : Number(range[2]);
    if (low >= high) fail(line, 'The first number of a range is the smaller one.');
    return { text: words, otherwise: false, fits: (value) => typeof value === 'number' && value >= low && value < high };
  }
  if (same) return { text: words, otherwise: false, fits: (value) => String(value) === same[1] };
  if (kElse.test(rule)) return { text: words, otherwise: true, fits: null };
  return { text, otherwise: false, fits: null };
}

/** ```predict id: a question, then choices “- text [low .. high]” or one line “number low .. high unit”. */
function readPredict(words, text, line, fail) {
  const [id] = words;
  if (words.length !== 1 || !kId.test(id)) fail(line, 'A prediction has a name of small letters: ```predict gap');
  const block = { kind: 'predict', id, question: '', choices: [], number: null, line };
  const question = [];
  for (const each of linesOf(text, line + 1)) {
    const number = kAnswerNumber.exec(each.text);
    if (number) {
      block.number = { low: Number(number[1]), high: Number(number[2]), unit: number[3] ?? '' };
      if (block.number.low >= block.number.high) fail(each.line, 'The first number of a range is the smaller one.');
    } else if (each.text.startsWith('- ')) {
      block.choices.push(readChoice(each.text.slice(2).trim(), each.line, fail));
    } else {
      question.push(each.text);
    }
  }
  block.question = question.join(' ');
  if (block.question === '') fail(line, `The prediction “${id}” asks no question.`);
  if (block.number ? block.choices.length > 0 : block.choices.length < 2) {
    fail(line, `The prediction “${id}” needs two choices “- …” or more, or one line such as “number 0 .. 100 %”.`);
  }
  return block;
}

/** ```run words on the button: calls, one a line; “otherwise …” is done only where the call before it failed. */
function readRun(words, text, line, fail) {
  const calls = linesOf(text, line + 1).map((each) => {
    const [, otherwise, call] = /^(otherwise\s+)?(.*)$/.exec(each.text);
    try {
      return { ...readCall(call), otherwise: otherwise !== undefined, text: each.text, line: each.line };
    } catch (error) {
      return fail(each.line, error.message);
    }
  });
  if (calls.length === 0) fail(line, 'This block runs nothing.');
  if (calls[0].otherwise) fail(calls[0].line, '“otherwise” needs a call before it that may fail.');
  return { kind: 'run', label: words.join(' ') || 'Run', calls, line };
}

/** ```show: what is measured after the run, one a line; “answers id: …” holds it against a prediction. */
function readShow(words, text, line, fail) {
  const items = linesOf(text, line + 1).map((each) => {
    const [, answers, name, rest] = /^(?:answers\s+([^\s:]+)\s*:\s*)?(\S+)\s*(.*)$/.exec(each.text);
    const measure = kMeasures.get(name);
    if (!measure) fail(each.line, `There is no measure “${name.slice(0, 40)}”; there are ${[...kMeasures.keys()].join(', ')}.`);
    try {
      const values = readValues(rest, `What “${name}” is given`);
      if (values.length < measure.least || values.length > measure.most) {
        throw new Error(`“${name}” is given ${measure.given}.`);
      }
      return { measure: name, values, answers: answers ?? null, line: each.line };
    } catch (error) {
      return fail(each.line, error.message);
    }
  });
  if (items.length === 0) fail(line, 'This block shows nothing.');
  return { kind: 'show', items, line };
}

const kBlocks = { predict: readPredict, run: readRun, show: readShow };

/** The steps of a lesson's text: [{title, blocks}], a block being {kind: 'text', tokens} or one of the three above. */
function readSteps(body, firstLine, lexer, fail) {
  const steps = [{ title: 'The question', blocks: [] }]; // what comes before the first heading
  let line = firstLine;
  for (const token of lexer(body)) {
    const step = steps.at(-1);
    const [kind, ...words] = token.type === 'code' && token.lang ? token.lang.trim().split(/\s+/) : [];
    if (token.type === 'heading' && token.depth <= 2) {
      steps.push({ title: token.text, blocks: [] });
    } else if (kind && Object.hasOwn(kBlocks, kind)) {
      step.blocks.push(kBlocks[kind](words, token.text, line, fail));
    } else if (token.type !== 'space') {
      if (step.blocks.at(-1)?.kind === 'text') step.blocks.at(-1).tokens.push(token);
      else step.blocks.push({ kind: 'text', tokens: [token] });
    }
    line += token.raw.split('\n').length - 1;
  }
  return steps.filter(({ blocks }) => blocks.length > 0);
}

/** Questions have names of their own, what is shown answers questions that were asked, and comes after a run. */
function checkOrder(steps, fail) {
  const asked = new Map();
  let ran = false;
  for (const block of steps.flatMap(({ blocks }) => blocks)) {
    if (block.kind === 'run') ran = true;
    if (block.kind === 'predict') {
      if (asked.has(block.id)) fail(block.line, `There are two predictions “${block.id}”.`);
      asked.set(block.id, block);
    }
    if (block.kind === 'show') {
      if (!ran) fail(block.line, 'There is nothing to show before the first run.');
      const stray = block.items.find(({ answers }) => answers !== null && !asked.has(answers));
      if (stray) fail(stray.line, `No prediction “${stray.answers}” was asked for before.`);
    }
  }
}

/**
 * Reads a lesson's `text`. `file` is its name in messages, `lexer` makes tokens of Markdown (marked.lexer).
 * Gives {title, minutes, needs, summary, steps: [{title, blocks}]}. Throws LessonError.
 */
export function parseLesson(text, file, lexer) {
  const fail = (line, sentence) => {
    throw new LessonError(file, line, sentence);
  };
  if (text.length > kLongestLesson) fail(1, `This lesson has ${text.length} characters; ${kLongestLesson} are the most.`);
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { fields, body, line } = readHead(plain, file);
  const steps = readSteps(body, line, lexer, fail);
  if (steps.length === 0) fail(line, 'The lesson has no text.');
  checkOrder(steps, fail);
  return { ...fields, steps };
}
