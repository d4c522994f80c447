// A student's predictions and what was measured, kept in this browser and nowhere else; and their export.
//
// kept: {student, lessons: {name: [attempt, …]}}; the last attempt is the present one:
//   {title, text, begun, step, done, predictions: {id: {question, unit (null: a choice), value, said, at}},
//    runs: {index: {at, notes, shown: [[result, …], …]}}}
// `text` tells one version of the lesson from another, `index` counts the lesson's run blocks, `shown` has a list for each show block after it.

import { browserTexts } from '../page/storage.js';

const kKey = 'lenet-lab lessons';
const kMostAttempts = 20;

/** Of the export, in the order of the table. */
const kColumns = [
  'student', 'lesson', 'title', 'attempt', 'prediction', 'question', 'predicted', 'unit',
  'predicted_at', 'measured', 'measured_unit', 'measured_on', 'as_predicted', 'measured_at',
];

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const now = () => new Date().toISOString();

/** A number that tells texts apart: FNV-1a, 32 bits. */
export function textMark(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Whether what was kept has the form above, so that nothing else needs to look. */
function isSound(kept) {
  const isAttempt = (each) => isObject(each) && isObject(each.predictions) && isObject(each.runs);
  return isObject(kept) && isObject(kept.lessons) && Object.values(kept.lessons).every((list) => Array.isArray(list) && list.every(isAttempt));
}

/** What was kept, or null where it cannot be read. */
function parse(text) {
  try {
    const kept = JSON.parse(text);
    return isSound(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** One cell of a CSV file (RFC 4180). A table program must not take a text for a formula. */
function cell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  const harmless = typeof value === 'string' && /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export class Records {
  #kept = { student: '', lessons: {} };
  /** A sentence where the browser keeps nothing, else null. */
  trouble = null;

  constructor() {
    const text = browserTexts.get(kKey);
    if (browserTexts.refused) this.trouble = 'This browser keeps nothing for this page, so your predictions are lost when you leave it. Save them as a file.';
    if (text === null) return;
    const kept = parse(text);
    if (kept) this.#kept = { student: String(kept.student ?? '').slice(0, 100), lessons: kept.lessons };
    else this.trouble = 'The predictions that were kept in this browser cannot be read, so the lessons begin anew.';
  }

  #save() {
    if (browserTexts.set(kKey, JSON.stringify(this.#kept)) === null) return;
    this.trouble = 'This browser keeps no more for this page, so your newest predictions are lost when you leave it. Save them as a file.';
  }

  get student() {
    return this.#kept.student;
  }

  set student(name) {
    this.#kept.student = name.slice(0, 100);
    this.#save();
  }

  /** The present attempt at a lesson, or undefined. */
  last(name) {
    return Object.hasOwn(this.#kept.lessons, name) ? this.#kept.lessons[name].at(-1) : undefined;
  }

  /** The present attempt; a new one where there is none, or where the lesson's text is another by now. */
  begin(name, { title, text }) {
    const last = this.last(name);
    return last?.text === text ? last : this.startOver(name, { title, text });
  }

  /** A new attempt. Those before stay in the export. */
  startOver(name, { title, text }) {
    const attempt = { title, text, begun: now(), step: 0, done: false, predictions: {}, runs: {} };
    const all = Object.hasOwn(this.#kept.lessons, name) ? this.#kept.lessons[name] : [];
    const earlier = all.filter(({ predictions }) => Object.keys(predictions).length > 0);
    this.#kept.lessons[name] = [...earlier, attempt].slice(-kMostAttempts);
    this.#save();
    return attempt;
  }

  /** Keeps a prediction of the present attempt: its value, and how it is said. */
  predict(name, { id, question, number }, value, said) {
    this.last(name).predictions[id] = { question, unit: number ? number.unit : null, value, said, at: now() };
    this.#save();
  }

  /** Keeps what was measured after a run block. */
  ran(name, index, { notes, shown }) {
    this.last(name).runs[index] = { at: now(), notes, shown };
    this.#save();
  }

  /** Keeps where the student is. */
  reached(name, step, done) {
    const attempt = this.last(name);
    attempt.step = step;
    attempt.done = attempt.done || done;
    this.#save();
  }

  forgetAll() {
    this.#kept = { student: this.#kept.student, lessons: {} };
    this.#save();
  }

  get isEmpty() {
    return this.rows().length === 0;
  }

  /** One object for each prediction of each attempt, with what was measured for it where that is known. */
  rows() {
    const rows = [];
    for (const [lesson, attempts] of Object.entries(this.#kept.lessons)) {
      attempts.forEach((attempt, i) => {
        const results = Object.values(attempt.runs).flatMap(({ at, shown }) => shown.flat().map((result) => ({ ...result, at })));
        for (const [id, { question, unit, value, said, at }] of Object.entries(attempt.predictions)) {
          const result = results.find(({ answers }) => answers === id);
          rows.push({
            student: this.#kept.student, lesson, title: attempt.title, attempt: i + 1, prediction: id, question, predicted: unit === null ? said : value,
            unit: unit ?? '', predicted_at: at, measured: result?.value ?? null, measured_unit: result?.unit ?? '', measured_on: result?.n ?? '',
            as_predicted: result?.right ?? null, measured_at: result?.at ?? '',
          });
        }
      });
    }
    return rows;
  }

  csv() {
    const rows = this.rows();
    return [kColumns.join(','), ...rows.map((row) => kColumns.map((name) => cell(row[name])).join(','))].join('\r\n') + '\r\n';
  }

  json() {
    return `${JSON.stringify({ format: 'lenet-lab predictions 1', saved: now(), student: this.#kept.student, predictions: this.rows() }, null, 2)}\n`;
  }
}
