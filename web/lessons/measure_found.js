// Measures from the experiments of lab.look(): single figures of their tables and facts. `what` says which (docs/lessons.md).

import { figure, measuredOn } from './measure_parts.js';

/** How one column of the rows that fit becomes a figure. */
const kReducers = {
  min: (column) => Math.min(...column),
  max: (column) => Math.max(...column),
  mean: (column) => kReducers.sum(column) / column.length,
  sum: (column) => column.reduce((sum, value) => sum + value, 0),
  count: (column) => column.length, // of all rows
};

function columnOf(columns, name, view) {
  const index = columns.indexOf(name);
  if (index < 0) throw new Error(`The table of “${view}” has no column “${name}”; it has ${columns.join(', ')}.`);
  return index;
}

/** The rows in which the columns named in `where` have the values given there. */
function rowsWhere({ columns, rows }, where, view) {
  const same = (cell, wanted) => (typeof wanted === 'number' ? cell !== '' && Number(cell) === wanted : cell === wanted);
  const wanted = Object.entries(where).map(([name, cell]) => [columnOf(columns, name, view), cell]);
  return rows.filter((row) => wanted.every(([index, cell]) => same(row[index], cell)));
}

/** On how much a figure rests: the rows, or the number in the column `n` of the first of them. */
function countOf({ columns }, rows, n, view) {
  return n === undefined || rows.length === 0 ? rows.length : Number(rows[0][columnOf(columns, n, view)]);
}

/** {value, count, facts}: one figure from the table of an experiment; null where there are no rows for it. */
async function reduce({ look }, request, { value, where = {}, times = 1, n }) {
  const findings = await look(request);
  const [reducer, name] = String(value).split(' ');
  if (!Object.hasOwn(kReducers, reducer)) throw new Error(`A table’s column has ${Object.keys(kReducers).join(', ')}, but no “${reducer}”.`);
  const index = columnOf(findings.columns, name, request.view);
  const rows = rowsWhere(findings, where, request.view).filter((row) => row[index] !== ''); // empty: a figure that does not exist
  const numbers = rows.map((row) => Number(row[index]));
  const counts = reducer === 'count';
  return {
    value: numbers.length > 0 || counts ? times * kReducers[reducer](numbers) : null,
    count: countOf(findings, counts ? findings.rows : rows, n, request.view),
    facts: findings.facts,
  };
}

const stateOf = (lab, { step }) => ({ ...lab.state(), ...(step === undefined ? {} : { step }) });

export async function found(context, [request, what]) {
  const { as = what.value, unit, digits = 2, rows = 'rows' } = what;
  const { value, count, facts } = await reduce(context, request, what);
  return figure(as, value, measuredOn(stateOf(context.lab, facts), count, rows), unit, digits);
}

export async function difference(context, [request, other, what]) {
  const { as = what.value, unit, digits = 2, rows = 'rows' } = what;
  const first = await reduce(context, request, what);
  const second = await reduce(context, other, what);
  const value = first.value === null || second.value === null ? null : first.value - second.value;
  return figure(as, value, measuredOn(stateOf(context.lab, first.facts), first.count, `${rows} each`), unit, digits);
}

/** What stands in the column `of` in the row with the largest (`least`: smallest) value in the column `by`. */
export async function best({ look, lab }, [request, what]) {
  const { of, by, where = {}, least = false, as = of, unit, digits = 0, n, rows: word = 'rows' } = what;
  const findings = await look(request);
  const index = columnOf(findings.columns, by, request.view);
  const rows = rowsWhere(findings, where, request.view).filter((row) => row[index] !== '');
  if (rows.length === 0) throw new Error(`“${request.view}” has no row like that.`);
  const sign = least ? -1 : 1;
  const row = rows.reduce((a, b) => (sign * Number(b[index]) > sign * Number(a[index]) ? b : a));
  const cell = row[columnOf(findings.columns, of, request.view)];
  const value = cell !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell;
  const count = n === undefined ? rows.length : countOf(findings, [row], n, request.view);
  return figure(as, value, measuredOn(stateOf(lab, findings.facts), count, word), unit, digits);
}

/** The layer whose features move furthest when the images do so by `amount`: by the mean of the normalised distances. */
export async function movesMost(context, [request, amount]) {
  const { facts } = await context.look(request);
  const means = [];
  for (const layer of facts.layers) {
    means.push((await reduce(context, request, { value: `mean ${layer}_normalised`, where: { amount } })).value);
  }
  const label = `the layer whose features move most (${facts.transform}, ${amount} ${facts.amountUnit})`;
  const most = facts.layers[means.indexOf(Math.max(...means))];
  return figure(label, most, measuredOn(stateOf(context.lab, facts), facts.images, 'images'));
}

/** What stands in an object at a path such as "layers.0.dead"; undefined where there is no such path. */
function at(object, path) {
  return String(path).split('.').reduce((part, key) => (part !== null && typeof part === 'object' ? part[key] : undefined), object);
}

export async function fact({ look, lab }, [request, what]) {
  const { path, as = path, unit, times = 1, digits = 2, n, of } = what;
  const { facts } = await look(request);
  const value = at(facts, path);
  if (value === undefined) throw new Error(`“${request.view}” has no fact “${path}”; it has ${Object.keys(facts).join(', ')}.`);
  const count = n === undefined ? null : Number(at(facts, n));
  return figure(as, typeof value === 'number' ? times * value : value, measuredOn(stateOf(lab, facts), count, of), unit, digits);
}
