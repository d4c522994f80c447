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
    i === 0 ? '–' : (100 * (last(arm).value - last(arms[0]).value)).toFixed(2),
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

/** One figure from the table of an experiment, as lab.look() gives it. */
async function found({ look, lab }, [request, { value, where = {}, as, unit = '', times = 1, digits = 2, rows: word = 'rows' }]) {
  const { columns, rows, facts } = await look(request);
  const same = (cell, wanted) => (typeof wanted === 'number' ? Number(cell) === wanted : cell === wanted);
  const wanted = Object.entries(where).map(([name, cell]) => [columnOf(columns, name, request.view), cell]);
  const fitting = rows.filter((row) => wanted.every(([index, cell]) => same(row[index], cell)));
  const [reducer, name] = String(value).split(' ');
  if (!Object.hasOwn(kReducers, reducer)) throw new Error(`“found” knows ${Object.keys(kReducers).join(', ')}, but not “${reducer}”.`);
  const column = numbersOf(fitting, columnOf(columns, name, request.view));
  const state = { ...lab.state(), step: facts.step ?? lab.state().step };
  return { label: as ?? value, value: column.length > 0 ? times * kReducers[reducer](column) : null, unit, digits, n: `n = ${grouped(column.length)} ${word}, ${measuredOn(state)}` };
}

/** One of the facts of an experiment: a path such as "first.nearDeadShare". */
async function fact({ look, lab }, [request, { path, as, unit = '', times = 1, digits = 2, n = '' }]) {
  const { facts } = await look(request);
  const value = String(path).split('.').reduce((at, key) => (at !== null && typeof at === 'object' ? at[key] : undefined), facts);
  if (value === undefined) throw new Error(`“${request.view}” has no fact “${path}”; it has ${Object.keys(facts).join(', ')}.`);
  const state = { ...lab.state(), step: facts.step ?? lab.state().step };
  const count = n === '' ? '' : `n = ${grouped(Number(facts[n]))} ${n}, `;
  return { label: as ?? path, value: typeof value === 'number' ? times * value : value, unit, digits, n: `${count}${measuredOn(state)}` };
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
    accuracyOf: measure(accuracyOf, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    cost: measure(cost, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    ahead: measure(ahead, 2, 2, 'two arms of the comparison, such as "MLP", "convs frozen"'),
    untrained: measure(untrained, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    time: measure(time, 1, 1, 'an arm of the comparison, such as "convs frozen"'),
    comparison: measure(comparison, 0, 0, 'nothing'),
    layers: measure(layers, 0, 0, 'nothing'),
    found: measure(found, 2, 2, 'a request of lab.look() and what to take from its table'),
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
