// Small makers of elements for the lessons' panel, and what a prediction and a result look like.

import { say } from './measures.js';

/** An element with properties and children. */
export function make(name, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

export const button = (label, onClick, { primary = false, ...properties } = {}) => {
  const element = make('button', { type: 'button', className: primary ? 'button primary' : 'button', textContent: label, ...properties });
  element.addEventListener('click', onClick);
  return element;
};

function choiceFields({ id, choices }, kept, onChange) {
  return choices.map(({ text }, i) => {
    const input = make('input', { type: 'radio', name: `predict-${id}`, value: String(i), checked: kept?.value === i });
    input.addEventListener('change', () => onChange(i, text));
    return make('label', { className: 'lesson-choice' }, input, make('span', { textContent: text }));
  });
}

function numberField({ id, number: { low, high, unit } }, kept, onChange) {
  const input = make('input', { type: 'number', name: `predict-${id}`, min: low, max: high, step: 'any', value: kept?.value ?? '', required: true });
  const hint = make('span', { className: 'small', textContent: ` ${unit} (${low} to ${high})` });
  input.addEventListener('input', () => {
    const value = input.valueAsNumber;
    const fits = Number.isFinite(value) && value >= low && value <= high;
    input.setAttribute('aria-invalid', String(input.value !== '' && !fits));
    if (fits) onChange(value, unit === '' ? String(value) : `${value} ${unit}`);
  });
  return [make('label', { className: 'lesson-number' }, input, hint)];
}

/** A question with its choices or number. `kept` is what was predicted before, `fixed` whether that stays. */
export function predictionForm(block, { kept, fixed, onChange }) {
  const fields = block.number ? numberField(block, kept, onChange) : choiceFields(block, kept, onChange);
  const form = make('fieldset', { className: 'lesson-predict', disabled: fixed, data: { predict: block.id } }, make('legend', { textContent: block.question }), ...fields);
  const hint = fixed ? 'Your prediction stands: it has been run.' : 'You can change it until you run.';
  form.append(make('p', { className: 'small', textContent: hint }));
  return form;
}

/** Whether a prediction was right, in words; null where nobody can say. */
export function verdict(block, kept, result) {
  if (block.number) {
    if (typeof result.value !== 'number' || typeof kept.value !== 'number') return null;
    return { right: null, text: `Off by ${say({ ...result, value: Math.abs(result.value - kept.value) })}.` };
  }
  const fits = ({ text, low, high }) => (low === undefined ? text === String(result.value) : typeof result.value === 'number' && result.value >= low && result.value < high);
  const measured = block.choices.findIndex(fits);
  if (measured < 0) return null;
  if (measured === kept.value) return { right: true, text: 'As you predicted.' };
  return { right: false, text: `Not as you predicted: it is “${block.choices[measured].text}”.` };
}

function resultTable({ table: { caption, columns, rows }, n }) {
  const line = (cells, kind) => make('tr', {}, ...cells.map((text) => make(kind, { textContent: text })));
  const table = make('table', {}, make('caption', { textContent: caption }), make('thead', {}, line(columns, 'th')), make('tbody', {}, ...rows.map((row) => line(row, 'td'))));
  return make('div', { className: 'lesson-result' }, make('div', { className: 'lesson-wide' }, table), make('p', { className: 'small', textContent: n }));
}

/** One measured result, held against the prediction that it answers. */
export function resultCard(result, block, kept) {
  if (result.table) return resultTable(result);
  const card = make('div', { className: 'lesson-result' });
  if (block && kept) card.append(make('p', {}, 'You predicted: ', make('strong', { textContent: kept.said })));
  card.append(make('p', {}, `Measured, ${result.label}: `, make('strong', { className: 'lesson-value', textContent: say(result) })));
  const judged = block && kept ? verdict(block, kept, result) : null;
  if (judged) card.append(make('p', { className: judged.right ? 'lesson-right' : '', textContent: judged.text }));
  card.append(make('p', { className: 'small', textContent: result.n }));
  return card;
}
