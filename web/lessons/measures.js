// What a lesson can show after a run: figures that are taken from window.lab then and there, each with what it was measured on.
// A measure gives {label, value (number, text or null), unit, digits, n} or {table: {caption, columns, rows}, n}.

const kSettleMs = 50;
const kLongestWaitMs = 120_000;

const grouped = (count) => count.toLocaleString('en');
const seconds = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** “10,000 test images, step 300, seed 1, MNIST” */
function measuredOn({ step, seed, title, dataset }, images = null) {
  const parts = [`step ${grouped(step)}`, `1 seed (${seed})`, title ?? dataset];
  return (images === null ? parts : [`n = ${grouped(images)} test images`, ...parts]).join(', ');
}

/** Whether the newest accuracy of a curve is that of `step`, on all the test images that are there. */
const isFinal = (last, { step, data }) => last?.step === step && last.n >= data.testAvailable;

/** Waits until accuracy has been measured where the run stands, on all test images; gives the state. */
async function settled(lab) {
  const limit = performance.now() + kLongestWaitMs;
  for (;;) {
    const state = lab.state();
    const arms = state.arms.length > 1 ? (lab.comparison()?.arms ?? []) : [];
    const done = arms.length > 0 ? arms.every((arm) => isFinal(arm.accuracy.at(-1), { step: arm.step, data: state.data })) : isFinal(state.testAccuracy, state);
    if (done) return state;
    if (state.diverged) throw new Error('The run has diverged, so there is no accuracy to measure.');
    if (state.playing) throw new Error('The network trains on, so its accuracy was not measured. Pause it, and run this again.');
    if (performance.now() > limit) throw new Error('The accuracy was not measured in time. Run this again.');
    await seconds(kSettleMs);
  }
}

function layerOf(state, name) {
  const layer = state.layers.find((each) => each.name === name);
  if (!layer) throw new Error(`This network has no layer “${name}”; it has ${state.layers.map((each) => each.name).join(', ')}.`);
  return layer;
}

async function accuracy({ lab }, [step]) {
  const state = await settled(lab);
  if (step === undefined) {
    const { value, n } = state.testAccuracy;
    return { label: 'test accuracy', value: 100 * value, unit: '%', digits: 2, n: measuredOn(state, n) };
  }
  const rows = (await lab.exportCurve()).trim().split('\n').slice(1).map((row) => row.split(','));
  const row = rows.find(([at, , value]) => Number(at) === step && value !== '');
  if (!row) throw new Error(`No accuracy was measured at step ${step}.`);
  return { label: `test accuracy after ${grouped(step)} steps`, value: 100 * Number(row[2]), unit: '%', digits: 2, n: measuredOn({ ...state, step }, Number(row[3])) };
}

async function loss({ lab }) {
  const state = lab.state();
  return { label: 'loss of the last minibatch', value: state.trainLoss, unit: 'nats per image', digits: 3, n: `n = ${state.batch} training images, ${measuredOn(state)}` };
}

async function moved({ lab }, [name]) {
  const state = lab.state();
  return { label: `how far ${name} moved, ‖W − W₀‖ / ‖W₀‖`, value: 100 * layerOf(state, name).changed, unit: '%', digits: 1, n: measuredOn(state) };
}

async function mostMoved({ lab }) {
  const state = lab.state();
  const layers = state.layers.filter(({ changed }) => changed !== null);
  const most = layers.reduce((a, b) => (b.changed > a.changed ? b : a));
  return { label: 'the layer that moved most', value: most.name, unit: '', digits: 0, n: `‖W − W₀‖ / ‖W₀‖ = ${(100 * most.changed).toFixed(1)} %; ${measuredOn(state)}` };
}

async function parameters({ lab }, [name]) {
  const { layers, title } = lab.state();
  const count = layers.reduce((sum, layer) => sum + (name === undefined || layer.name === name ? layer.parameters : 0), 0);
  if (name !== undefined) layerOf({ layers }, name);
  return { label: `weights and biases of ${name ?? 'the network'}`, value: count, unit: '', digits: 0, n: `counted, network for ${title}` };
}

async function side({ lab }, [name]) {
  const { layers, title } = lab.state();
  const [, height] = layerOf({ layers }, name).output;
  return { label: `rows of a map of ${name}`, value: height, unit: 'pixels', digits: 0, n: `counted, network for ${title}` };
}

async function work({ lab }, [name]) {
  const { layers, title } = lab.state();
  const { shape, output, kind } = layerOf({ layers }, name);
  const places = kind === 'conv' ? output[1] * output[2] : 1;
  return { label: `multiplications of ${name} for one image`, value: shape.reduce((product, extent) => product * extent, places), unit: '', digits: 0, n: `counted, network for ${title}` };
}

/** One number of a layer's answer to a test image, before its nonlinearity. */
async function response({ lab }, [name, image, unit, y, x]) {
  const { shape, data } = await lab.activations(name, image);
  const [units, height = 1, width = 1] = shape;
  if (unit >= units || y >= height || x >= width) throw new Error(`The answer of ${name} is ${shape.join(' × ')}, so it has no number ${unit}, ${y}, ${x}.`);
  const value = data[(unit * height + y) * width + x];
  return { label: `answer of ${name}, unit ${unit}, at row ${y}, column ${x}, to test image ${image}`, value: Number(value.toPrecision(4)), unit: '', digits: 4, n: measuredOn(lab.state()) };
}

/** ‖W(t) − W(now)‖ / ‖W(0) − W(now)‖ of each layer at a stored step t: {layers, shares, now}. */
async function settling({ look }, step) {
  const { facts, arrays } = await look({ view: 'evolution', layer: 'conv1', unit: 0, images: 1 });
  const at = facts.remainingSteps.indexOf(step);
  if (at < 0) throw new Error(`No weights of step ${step} are kept; there are those of ${facts.remainingSteps.join(', ')}.`);
  const [, count] = arrays.remaining.shape;
  return { layers: facts.layers, shares: facts.layers.map((_, i) => arrays.remaining.data[i * count + at]), now: facts.remainingSteps.at(-1) };
}

async function settledFirst(context, [step]) {
  const { layers, shares, now } = await settling(context, step);
  return { label: `closest at step ${step} to where it is at step ${now}`, value: layers[shares.indexOf(Math.min(...shares))], unit: '', digits: 0, n: measuredOn(context.lab.state()) };
}

async function remaining(context, [step]) {
  const { layers, shares, now } = await settling(context, step);
  const rows = layers.map((layer, i) => [layer, `${(100 * shares[i]).toFixed(1)} %`]);
  return { table: { caption: `Still to go at step ${step}, until step ${now}`, columns: ['layer', `‖W(${step}) − W(${now})‖ / ‖W(0) − W(${now})‖`], rows }, n: measuredOn(context.lab.state()) };
}

/** The arms of the comparison once they have been measured, and the one of that name. */
async function armOf(lab, name) {
  const state = await settled(lab);
  const { arms } = lab.comparison() ?? { arms: [] };
  const arm = arms.find((each) => each.name === name);
  if (!arm) throw new Error(`No arm “${name}” is being compared; there ${arms.length === 1 ? 'is' : 'are'} ${arms.map((each) => each.name).join(', ') || 'none'}.`);
  return { state, arm, first: arms[0] };
}

async function accuracyOf({ lab }, [name]) {
  const { state, arm } = await armOf(lab, name);
  const { value, n, step } = arm.accuracy.at(-1);
  return { label: `test accuracy, ${name}`, value: 100 * value, unit: '%', digits: 2, n: measuredOn({ ...state, step }, n) };
}

async function cost({ lab }, [name]) {
  const { state, arm, first } = await armOf(lab, name);
  const { n, step } = arm.accuracy.at(-1);
  const value = 100 * (first.accuracy.at(-1).value - arm.accuracy.at(-1).value);
  return { label: `accuracy lost, ${first.name} − ${name}`, value, unit: 'points', digits: 2, n: measuredOn({ ...state, step }, n) };
}

async function ahead({ lab }, [one, other]) {
  const { arm: second } = await armOf(lab, other);
  const { state, arm } = await armOf(lab, one);
  const { n, step } = arm.accuracy.at(-1);
  const value = 100 * (arm.accuracy.at(-1).value - second.accuracy.at(-1).value);
  return { label: `accuracy, ${one} − ${other}`, value, unit: 'points', digits: 2, n: measuredOn({ ...state, step }, n) };
}

async function untrained({ lab }, [name]) {
  const { state, arm } = await armOf(lab, name);
  return { label: `parameters that ${name} does not train`, value: arm.parameters - arm.trainable, unit: '', digits: 0, n: `counted, of ${grouped(arm.parameters)}, network for ${state.title}` };
}

async function time({ lab }, [name]) {
  const { state, arm, first } = await armOf(lab, name);
  return { label: `time of a step, ${name} against ${first.name}`, value: (100 * arm.stepMs) / first.stepMs, unit: '%', digits: 0, n: `${grouped(arm.step)} steps in turn on this machine, ${state.threads} threads` };
}

async function comparison({ lab }) {
  const state = await settled(lab);
  const { arms } = lab.comparison() ?? { arms: [] };
  if (arms.length < 2) throw new Error('Nothing is being compared.');
  const last = (arm) => arm.accuracy.at(-1);
  const rows = arms.map((arm, i) => [
    arm.name,
    `${(100 * last(arm).value).toFixed(2)} %`,
    i === 0 ? '–' : say({ value: 100 * (last(arm).value - last(arms[0]).value), unit: '', digits: 2 }),
    grouped(arm.trainable),
    arm.stepMs.toFixed(1),
  ]);
  const { step, n } = last(arms[0]);
  return { table: { caption: 'The arms', columns: ['arm', 'accuracy', 'points', 'trained', 'ms a step'], rows }, n: measuredOn({ ...state, step }, n) };
}

async function layers({ lab }) {
  const state = lab.state();
  const rows = state.layers.filter(({ changed }) => changed !== null).map((layer) => [
    layer.name,
    grouped(layer.parameters),
    layer.frozen ? 'frozen' : 'trains',
    `${(100 * layer.changed).toFixed(1)} %`,
  ]);
  return { table: { caption: 'The layers', columns: ['layer', 'parameters', '', 'moved'], rows }, n: measuredOn(state) };
}

/** How one column of the rows becomes a figure. */
const kReducers = {
  min: (column) => Math.min(...column),
  max: (column) => Math.max(...column),
  mean: (column) => column.reduce((sum, value) => sum + value, 0) / column.length,
  sum: (column) => column.reduce((sum, value) => sum + value, 0),
};

/** A column's numbers; empty cells are figures that do not exist. */
function numbersOf(rows, index) {
  return rows.map((row) => row[index]).filter((cell) => cell !== '').map(Number);
}

function columnOf(columns, name, view) {
  const index = columns.indexOf(name);
  if (index < 0) throw new Error(`The table of “${view}” has no column “${name}”; it has ${columns.join(', ')}.`);
  return index;
}

/** The rows of an experiment's table in which the columns named in `where` have the values given there. */
function rowsWhere({ columns, rows }, where, view) {
  const same = (cell, wanted) => (typeof wanted === 'number' ? cell !== '' && Number(cell) === wanted : cell === wanted);
  const wanted = Object.entries(where).map(([name, cell]) => [columnOf(columns, name, view), cell]);
  return rows.filter((row) => wanted.every(([index, cell]) => same(row[index], cell)));
}

/** On how much a figure rests: the number in the column `n` of its row. */
const restsOn = ({ columns }, [row], n, view) => (row === undefined ? 0 : Number(row[columnOf(columns, n, view)]));

/** {value, count}: one figure from the table of an experiment; null where there are no rows for it. */
async function reduce({ look }, request, { value, where = {}, times = 1, n }) {
  const findings = await look(request);
  const [reducer, name] = String(value).split(' ');
  if (!Object.hasOwn(kReducers, reducer)) throw new Error(`“found” knows ${Object.keys(kReducers).join(', ')}, but not “${reducer}”.`);
  const rows = rowsWhere(findings, where, request.view);
  const column = numbersOf(rows, columnOf(findings.columns, name, request.view));
  return { value: column.length > 0 ? times * kReducers[reducer](column) : null, count: n === undefined ? column.length : restsOn(findings, rows, n, request.view), facts: findings.facts };
}

const stateOf = (lab, facts) => ({ ...lab.state(), step: facts.step ?? lab.state().step });

async function found(context, [request, what]) {
  const { as, unit = '', digits = 2, rows = 'rows' } = what;
  const { value, count, facts } = await reduce(context, request, what);
  return { label: as ?? what.value, value, unit, digits, n: `n = ${grouped(count)} ${rows}, ${measuredOn(stateOf(context.lab, facts))}` };
}

async function difference(context, [request, other, what]) {
  const { as, unit = '', digits = 2, rows = 'rows' } = what;
  const [first, second] = [await reduce(context, request, what), await reduce(context, other, what)];
  const value = first.value === null || second.value === null ? null : first.value - second.value;
  return { label: as ?? what.value, value, unit, digits, n: `n = ${grouped(first.count)} ${rows} each, ${measuredOn(stateOf(context.lab, first.facts))}` };
}

/** What stands in the column `of` in the row with the largest (`least`: smallest) value in the column `by`. */
async function best({ look, lab }, [request, { of, by, where = {}, least = false, as, unit = '', digits = 0, n, rows: word = 'rows' }]) {
  const findings = await look(request);
  const index = columnOf(findings.columns, by, request.view);
  const rows = rowsWhere(findings, where, request.view).filter((row) => row[index] !== '');
  if (rows.length === 0) throw new Error(`“${request.view}” has no row like that.`);
  const sign = least ? -1 : 1;
  const row = rows.reduce((a, b) => (sign * Number(b[index]) > sign * Number(a[index]) ? b : a));
  const cell = row[columnOf(findings.columns, of, request.view)];
  return { label: as ?? `${of} where ${by} is ${least ? 'lowest' : 'highest'}`, value: cell !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell, unit, digits, n: `n = ${grouped(n === undefined ? rows.length : restsOn(findings, [row], n, request.view))} ${word}, ${measuredOn(stateOf(lab, findings.facts))}` };
}

/** The layer whose features move furthest when the images do so by `amount`: mean of the normalised distances. */
async function movesMost(context, [request, amount]) {
  const { facts } = await context.look(request);
  const means = [];
  for (const layer of facts.layers) means.push((await reduce(context, request, { value: `mean ${layer}_normalised`, where: { amount } })).value);
  return { label: `the layer whose features move most (${facts.transform}, ${amount} ${facts.amountUnit})`, value: facts.layers[means.indexOf(Math.max(...means))], unit: '', digits: 0, n: `n = ${facts.images} images, ${measuredOn(stateOf(context.lab, facts))}` };
}

/** What stands in an object at a path such as "layers.0.dead"; undefined where there is no such path. */
const at = (object, path) => String(path).split('.').reduce((part, key) => (part !== null && typeof part === 'object' ? part[key] : undefined), object);

async function fact({ look, lab }, [request, { path, as, unit = '', times = 1, digits = 2, n, of = '' }]) {
  const { facts } = await look(request);
  const value = at(facts, path);
  if (value === undefined) throw new Error(`“${request.view}” has no fact “${path}”; it has ${Object.keys(facts).join(', ')}.`);
  const count = n === undefined ? '' : `n = ${grouped(Number(at(facts, n)))} ${of}, `;
  return { label: as ?? path, value: typeof value === 'number' ? times * value : value, unit, digits, n: `${count}${measuredOn(stateOf(lab, facts))}` };
}

const measure = (take, least, most, given) => ({ take, least, most, given });

/** By the word that a lesson uses: what takes it, and how many values it is given. docs/lessons.md lists them. */
export const kMeasures = new Map(
  Object.entries({
    accuracy: measure(accuracy, 0, 1, 'nothing, or a step at which accuracy was measured'),
    loss: measure(loss, 0, 0, 'nothing'),
    moved: measure(moved, 1, 1, 'a layer, such as "conv1"'),
    mostMoved: measure(mostMoved, 0, 0, 'nothing'),
    parameters: measure(parameters, 0, 1, 'nothing, or a layer, such as "conv1"'),
    side: measure(side, 1, 1, 'a layer, such as "conv1"'),
    work: measure(work, 1, 1, 'a layer, such as "conv1"'),
    response: measure(response, 5, 5, 'a layer, a test image, a unit, a row and a column'),
    settledFirst: measure(settledFirst, 1, 1, 'a step at which the timeline kept the weights'),
    remaining: measure(remaining, 1, 1, 'a step at which the timeline kept the weights'),
    accuracyOf: measure(accuracyOf, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    cost: measure(cost, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    ahead: measure(ahead, 2, 2, 'two arms of the comparison, such as "MLP", "convs frozen"'),
    untrained: measure(untrained, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    time: measure(time, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    comparison: measure(comparison, 0, 0, 'nothing'),
    layers: measure(layers, 0, 0, 'nothing'),
    found: measure(found, 2, 2, 'a request of lab.look() and what to take from its table'),
    difference: measure(difference, 3, 3, 'two requests of lab.look() and what to take from the table of each'),
    best: measure(best, 2, 2, 'a request of lab.look() and which column to give'),
    movesMost: measure(movesMost, 2, 2, 'a request of lab.look() for the view "invariance" and an amount'),
    fact: measure(fact, 2, 2, 'a request of lab.look() and which of its facts to take'),
  }),
);

/** Takes all of a block's measures: [{...result, measure, answers}]. Throws an Error with a sentence. */
export async function takeMeasures(lab, items) {
  const answers = new Map(); // one experiment serves several lines
  const look = (request) => {
    const key = JSON.stringify(request);
    if (!answers.has(key)) answers.set(key, lab.look(request));
    return answers.get(key);
  };
  const results = [];
  for (const { measure: name, values, answers: id } of items) {
    results.push({ ...(await kMeasures.get(name).take({ lab, look }, values)), answers: id });
  }
  return results;
}

/** A result's value in words: “96.74 %”. */
export function say({ value, unit, digits }) {
  if (value === null) return 'no figure';
  if (typeof value !== 'number') return String(value);
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '' ? text.replace('-', '−') : `${text.replace('-', '−')} ${unit}`;
}
