// Measures of the network on show: accuracy, movement, sizes, single answers.

import { figure, grouped, measuredOn, settled, table } from './measure_parts.js';

function layerOf({ layers }, name) {
  const layer = layers.find((each) => each.name === name);
  if (!layer) throw new Error(`This network has no layer “${name}”; it has ${layers.map((each) => each.name).join(', ')}.`);
  return layer;
}

const counted = ({ title }) => `counted, network for ${title}`;
const weighted = ({ layers }) => layers.filter(({ changed }) => changed !== null);

/** Test accuracy where the run stands, or as it was measured at an earlier step. */
export async function accuracy({ lab }, [step]) {
  const state = await settled(lab);
  if (step === undefined) {
    const { value, n } = state.testAccuracy;
    return figure('test accuracy', 100 * value, measuredOn(state, n), '%', 2);
  }
  const rows = (await lab.exportCurve()).trim().split('\n').slice(1).map((row) => row.split(','));
  const [, , value, n] = rows.find(([at, , accuracyThen]) => Number(at) === step && accuracyThen !== '') ?? [];
  if (value === undefined) throw new Error(`No accuracy was measured at step ${step}.`);
  return figure(`test accuracy after ${grouped(step)} steps`, 100 * Number(value), measuredOn({ ...state, step }, Number(n)), '%', 2);
}

export async function loss({ lab }) {
  const state = lab.state();
  return figure('loss of the last minibatch', state.trainLoss, measuredOn(state, state.batch, 'training images'), 'nats per image', 3);
}

export async function moved({ lab }, [name]) {
  const state = lab.state();
  return figure(`how far ${name} moved, ‖W − W₀‖ / ‖W₀‖`, 100 * layerOf(state, name).changed, measuredOn(state), '%', 1);
}

export async function mostMoved({ lab }) {
  const state = lab.state();
  const most = weighted(state).reduce((a, b) => (b.changed > a.changed ? b : a));
  const share = (100 * most.changed).toFixed(1);
  return figure('the layer that moved most', most.name, `‖W − W₀‖ / ‖W₀‖ = ${share} %; ${measuredOn(state)}`);
}

export async function layers({ lab }) {
  const state = lab.state();
  const row = ({ name, parameters: count, frozen, changed }) => [name, grouped(count), frozen ? 'frozen' : 'trains', `${(100 * changed).toFixed(1)} %`];
  return table('The layers', ['layer', 'parameters', '', 'moved'], weighted(state).map(row), measuredOn(state));
}

export async function parameters({ lab }, [name]) {
  const state = lab.state();
  const chosen = name === undefined ? state.layers : [layerOf(state, name)];
  const count = chosen.reduce((sum, layer) => sum + layer.parameters, 0);
  return figure(`weights and biases of ${name ?? 'the network'}`, count, counted(state));
}

export async function side({ lab }, [name]) {
  const state = lab.state();
  return figure(`rows of a map of ${name}`, layerOf(state, name).output[1], counted(state));
}

export async function work({ lab }, [name]) {
  const state = lab.state();
  const { shape, output, kind } = layerOf(state, name);
  const places = kind === 'conv' ? output[1] * output[2] : 1;
  const products = shape.reduce((product, extent) => product * extent, places);
  return figure(`multiplications of ${name} for one image`, products, counted(state));
}

/** One number of a layer's answer to a test image, before its nonlinearity. */
export async function response({ lab }, [name, image, unit, y, x]) {
  const { shape, data } = await lab.activations(name, image);
  const [units, height = 1, width = 1] = shape;
  if (unit >= units || y >= height || x >= width) {
    throw new Error(`The answer of ${name} is ${shape.join(' × ')}, so it has no number ${unit}, ${y}, ${x}.`);
  }
  const value = Number(data[(unit * height + y) * width + x].toPrecision(4));
  return figure(`answer of ${name}, unit ${unit}, at row ${y}, column ${x}, to test image ${image}`, value, measuredOn(lab.state()), '', value === 0 ? 0 : 4);
}

/** ‖W(t) − W(now)‖ / ‖W(0) − W(now)‖ of each layer at a stored step t: {names, shares, now}. */
async function settling({ look }, step) {
  const { facts, arrays } = await look({ view: 'evolution', layer: 'conv1', unit: 0, images: 8 }); // as few images as it takes
  const { layers: names, remainingSteps: steps } = facts;
  const at = steps.indexOf(step);
  if (at < 0) throw new Error(`No weights of step ${step} are kept; there are those of ${steps.join(', ')}.`);
  return { names, shares: names.map((_, i) => arrays.remaining.data[i * steps.length + at]), now: steps.at(-1) };
}

export async function settledFirst(context, [step]) {
  const { names, shares, now } = await settling(context, step);
  const first = names[shares.indexOf(Math.min(...shares))];
  return figure(`the layer closest at step ${step} to where it is at step ${now}`, first, measuredOn(context.lab.state()));
}

export async function remaining(context, [step]) {
  const { names, shares, now } = await settling(context, step);
  const rows = names.map((name, i) => [name, `${(100 * shares[i]).toFixed(1)} %`]);
  const columns = ['layer', `‖W(${step}) − W(${now})‖ / ‖W(0) − W(${now})‖`];
  return table(`Still to go at step ${step}, until step ${now}`, columns, rows, measuredOn(context.lab.state()));
}
