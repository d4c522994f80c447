// The mirror's figures: curves, what the open lab has found, the timeline, and the comparison.

import { button, make, setText, table } from '../page/html.js';
import { choiceField } from './controls.js';

const kMostPoints = 25, kMostRows = 60;
const kPresent = 'present';

/** At most so many of a list, evenly, the last one always. */
function thinned(list, most) {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}

const short = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value ?? '–'));
const asText = (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : short(value));

function curves(lab) {
  const place = make('div');
  const refresh = () => {
    const { arms } = lab.comparison();
    place.replaceChildren(...arms.flatMap(({ name, loss, accuracy }) => [
      table(`Training loss, ${name}: means over some steps, in nats`, ['up to step', 'loss'], thinned(loss, kMostPoints).map(({ step, value }) => [String(step), value.toFixed(4)])),
      table(`Test accuracy, ${name}`, ['step', 'accuracy', 'test images'], thinned(accuracy, kMostPoints).map(({ step, value, n }) => [String(step), `${(100 * value).toFixed(2)} %`, String(n)])),
    ]));
    if (arms.length < 2) return;
    place.append(table('The comparison', ['arm', 'step', 'accuracy', 'gap to the first arm', 'trainable parameters', 'ms a step'], arms.map((arm) => [
      arm.name, String(arm.step), arm.accuracy.length ? `${(100 * arm.accuracy.at(-1).value).toFixed(2)} %` : '–',
      arm.gap.length ? `${(100 * arm.gap.at(-1).value).toFixed(2)} points` : '–', `${arm.trainable} of ${arm.parameters}`, arm.stepMs.toFixed(1),
    ])));
  };
  return make('div', {}, button('Show the curves as tables', refresh), place);
}

/** The confusion matrix as a table: a row a true class. */
function confusionTable(counts, names) {
  const side = counts.shape[0];
  const row = (truth) => [names[truth], ...Array.from(counts.data.subarray(side * truth, side * (truth + 1)), String)];
  return table('Confusion: how many test images of a class (row) are taken for which (column)', ['true class', ...names], names.map((_, truth) => row(truth)));
}

function labFindings(lab, ask) {
  const open = choiceField('Lab', (word) => ask(() => lab.open(word)));
  const explanation = make('p', { className: 'small' });
  const found = make('div', { role: 'region', tabIndex: 0, className: 'scroll', 'aria-label': 'What the lab has found' });
  const refresh = button('Show what it has found', () =>
    ask(async () => {
      const { views } = lab.state();
      if (views.length === 0) throw new Error('This page has no findings of its own: choose a lab that looks into the network.');
      const parts = [];
      for (const { view, error } of views) {
        if (error) {
          parts.push(make('p', {}, error));
          continue;
        }
        const { facts, columns, rows, arrays } = await lab.view(view);
        parts.push(make('h4', {}, view), table('Facts', ['what', 'value'], Object.entries(facts).map(([name, value]) => [name, asText(value)])));
        if (view === 'confusion') parts.push(confusionTable(arrays.counts, lab.state().classes));
        const caption = rows.length > kMostRows ? `The first ${kMostRows} of ${rows.length} rows; the CSV has all` : 'Findings';
        parts.push(table(caption, columns, rows.slice(0, kMostRows).map((row) => row.map(asText))));
      }
      found.replaceChildren(...parts);
    }));
  const element = make('div', {}, make('div', { className: 'fields' }, open.element), explanation, refresh, found);
  const update = (state, focused) => {
    const labs = lab.choices().lab;
    open.show(labs, state.lab, focused);
    setText(explanation, labs.find(({ key }) => key === state.lab)?.text ?? '');
  };
  return { element, update };
}

/** {element, update(state, focused)} of the section. */
export function figuresSection(lab, ask) {
  const moment = choiceField('Shown step', (value) => ask(() => lab.moment(value === kPresent ? null : Number(value))));
  const findings = labFindings(lab, ask);
  const element = make('section', {}, make('h3', {}, 'Curves'), curves(lab), make('h3', {}, 'Timeline'), moment.element, make('h3', {}, 'Labs'), findings.element);
  const update = (state, focused) => {
    const { moments, showsMoment, shown } = state.timeline;
    moment.show([{ key: kPresent, label: 'the present' }, ...moments.map((step) => ({ key: String(step), label: `step ${step}` }))], showsMoment ? String(shown) : kPresent, focused);
    findings.update(state, focused);
  };
  return { element, update };
}
