// What a prediction and a result look like in the lessons' panel.

import { make } from '../page/html.js';
import { say } from './measure_parts.js';

function choiceFields({ id, choices }, kept, onChange) {
  return choices.map(({ text }, i) => {
    const input = make('input', { type: 'radio', name: `predict-${id}`, value: String(i), checked: kept?.value === i });
    input.addEventListener('change', () => onChange(i, text));
    return make('label', { className: 'lesson-choice' }, input, make('span', { textContent: text }));
  });
}

function numberField({ id, number: { low, high, unit } }, kept, onChange) {
  const range = { min: low, max: high, step: 'any' };
  const input = make('input', { type: 'number', name: `predict-${id}`, ...range, value: kept?.value ?? '', required: true });
  const hint = make('span', { className: 'small', textContent: ` ${unit} (${low.toLocaleString('en')} to ${high.toLocaleString('en')})` });
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
  const form = make('fieldset', { className: 'lesson-predict', disabled: fixed, data: { predict: block.id } });
  form.append(make('legend', { textContent: block.question }), ...fields);
  return form;
}

/** Whether a prediction was right, {right: true, false or null, text}; null where nobody can say. */
export function verdict(block, kept, result) {
  if (block.number) {
    if (typeof result.value !== 'number' || typeof kept.value !== 'number') return null;
    const decimals = (String(kept.value).split('.')[1] ?? '').length;
    const unit = result.unit === '%' ? 'percentage points' : result.unit;
    const off = { value: Math.abs(result.value - kept.value), digits: Math.max(result.digits, Math.min(decimals, 3)), unit };
    return off.value === 0 ? { right: true, text: 'Exactly as you predicted.' } : { right: null, text: `You were off by ${say(off)}.` };
  }
  const fitting = block.choices.findIndex(({ fits }) => fits?.(result.value));
  const measured = fitting >= 0 ? fitting : block.choices.findIndex(({ otherwise }) => otherwise);
  if (measured < 0) return null;
  if (measured === kept.value) return { right: true, text: 'As you predicted.' };
  return { right: false, text: `Not as you predicted. The right choice was: ${block.choices[measured].text}.` };
}

function resultTable({ table: { caption, columns, rows }, n }) {
  const line = (cells, kind) => make('tr', {}, ...cells.map((text) => make(kind, { textContent: text })));
  const head = make('thead', {}, line(columns, 'th'));
  const table = make('table', {}, make('caption', { textContent: caption }), head, make('tbody', {}, ...rows.map((row) => line(row, 'td'))));
  return make('div', { className: 'lesson-result' }, make('div', { className: 'lesson-wide' }, table), make('p', { className: 'small', textContent: n }));
}

/** One measured result, held against the prediction that it answers. */
function answerCard(result, block, kept) {
  const judged = verdict(block, kept, result);
  const card = make('div', { className: 'lesson-result' },
    make('p', {}, 'You predicted: ', make('strong', { textContent: kept.said })),
    make('p', {}, `Measured, ${result.label}: `, make('strong', { className: 'lesson-value', textContent: say(result) })));
  if (judged) card.append(make('p', { className: judged.right ? 'lesson-right' : '', textContent: judged.text }));
  card.append(make('p', { className: 'small', textContent: result.n }));
  return card;
}

/** Results that no prediction was asked for: a line each, and on what they were measured where that changes. */
function factCard(results) {
  const card = make('div', { className: 'lesson-result' });
  results.forEach((result, i) => {
    card.append(make('p', {}, `Measured, ${result.label}: `, make('strong', { textContent: say(result) })));
    if (result.n !== results[i + 1]?.n) card.append(make('p', { className: 'small', textContent: result.n }));
  });
  return card;
}

/** All results of a show block. `questionOf(id)` gives {block, kept} of a prediction. */
export function resultCards(results, questionOf) {
  const cards = [];
  let plain = [];
  const flush = () => {
    if (plain.length > 0) cards.push(factCard(plain));
    plain = [];
  };
  for (const result of results) {
    const { block, kept } = questionOf(result.answers);
    if (!result.table && !(block && kept)) {
      plain.push(result);
      continue;
    }
    flush();
    cards.push(result.table ? resultTable(result) : answerCard(result, block, kept));
  }
  flush();
  return cards;
}
