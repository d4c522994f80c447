// wss17 as ONNX models: for inference, and as a graph of whole training steps (forward, backward with the training operators
// of ONNX Runtime, SGD with momentum), weights and momenta going in and coming out. A graph of several steps keeps them inside
// from one to the next: going in and out, they are copied between JavaScript and wasm, which costs a tenth of a step.

import { constant, model, node, value } from './onnx.js';

const kMicrosoft = 'com.microsoft';

/** Name, shape, inputs per output of each parameter. */
export const PARAMETERS = [
  ['w1', [20, 1, 5, 5], 25],
  ['b1', [20], 25],
  ['w2', [50, 20, 5, 5], 500],
  ['b2', [50], 500],
  ['w3', [500, 800], 800],
  ['b3', [500], 800],
  ['w4', [10, 500], 500],
  ['b4', [10], 500],
];

export const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Initial values as PyTorch has them: uniform in ±1 / sqrt(inputs). */
export function initialValues() {
  const values = {};
  for (const [name, shape, inputs] of PARAMETERS) {
    values[name] = Float32Array.from({ length: sizeOf(shape) }, () => (2 * Math.random() - 1) / Math.sqrt(inputs));
  }
  return values;
}

const kKernel = { kernel_shape: [5, 5] };
const kPool = { kernel_shape: [2, 2], strides: [2, 2] };

/** Operations: [name, inputs, outputs, attributes, domain]. */
function forward(training) {
  const pooled = (layer) => [`p${layer}`, ...(training ? [`where${layer}`] : [])];
  return [
    ['Conv', ['x', 'w1', 'b1'], ['c1'], kKernel],
    ['Relu', ['c1'], ['r1']],
    ['MaxPool', ['r1'], pooled(1), kPool],
    ['Conv', ['p1', 'w2', 'b2'], ['c2'], kKernel],
    ['Relu', ['c2'], ['r2']],
    ['MaxPool', ['r2'], pooled(2), kPool],
    ['Reshape', ['p2', 'flat'], ['f']],
    ['Gemm', ['f', 'w3', 'b3'], ['c3'], { transB: 1 }],
    ['Relu', ['c3'], ['r3']],
    ['Gemm', ['r3', 'w4', 'b4'], ['c4'], { transB: 1 }],
    ['Softmax', ['c4'], ['y'], { axis: 1 }],
  ];
}

/** Gradients d… of values and g… of parameters, of the batch's mean cross-entropy. */
function backward() {
  const convolution = { ...kKernel, pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1], group: 1 };
  return [
    ['Sub', ['y', 't'], ['difference']],
    ['Mul', ['difference', 'share'], ['dc4']],
    ['Gemm', ['dc4', 'r3'], ['gw4'], { transA: 1 }],
    ['ReduceSum', ['dc4', 'axis'], ['gb4'], { keepdims: 0 }],
    ['Gemm', ['dc4', 'w4'], ['dr3']],
    ['ReluGrad', ['dr3', 'r3'], ['dc3'], {}, kMicrosoft],
    ['Gemm', ['dc3', 'f'], ['gw3'], { transA: 1 }],
    ['ReduceSum', ['dc3', 'axis'], ['gb3'], { keepdims: 0 }],
    ['Gemm', ['dc3', 'w3'], ['df']],
    ['Reshape', ['df', 'maps'], ['dp2']],
    ['MaxPoolGrad', ['dp2', 'where2'], ['dr2'], kPool],
    ['ReluGrad', ['dr2', 'r2'], ['dc2'], {}, kMicrosoft],
    ['ConvGrad', ['dc2', 'p1', 'w2'], ['dp1', 'gw2', 'gb2'], convolution, kMicrosoft],
    ['MaxPoolGrad', ['dp1', 'where1'], ['dr1'], kPool],
    ['ReluGrad', ['dr1', 'r1'], ['dc1'], {}, kMicrosoft],
    ['ConvGrad', ['dc1', 'x', 'w1'], ['', 'gw1', 'gb1'], convolution, kMicrosoft], // no gradient of the pixels
  ];
}

const update = (name) => [
  ['Mul', [`m_${name}`, 'momentum'], [`kept_${name}`]],
  ['Add', [`kept_${name}`, `g${name}`], [`new_m_${name}`]],
  ['Mul', [`new_m_${name}`, 'rate'], [`step_${name}`]],
  ['Sub', [name, `step_${name}`], [`new_${name}`]],
];

const scalar = (name, number) => constant(name, [], new Float32Array([number]));
const integers = (name, ...numbers) => constant(name, [numbers.length], BigInt64Array.from(numbers, BigInt));

/** Input x, output y: probabilities. */
export function inferenceModel(batch) {
  const values = initialValues();
  return model({
    nodes: forward(false).map((operation) => node(...operation)),
    constants: [...PARAMETERS.map(([name, shape]) => constant(name, shape, values[name])), integers('flat', batch, 800)],
    inputs: [value('x', [batch, 1, 28, 28])],
    outputs: [value('y', [batch, 10])],
  });
}

const STATE = PARAMETERS.flatMap(([name, shape]) => [[name, shape], [`m_${name}`, shape]]);

/** The names of values in one of several steps: a step finds the weights under the names that the one before it gave them. */
function namesIn(step, steps) {
  const shared = new Set(['', 'flat', 'maps', 'axis', 'share', 'momentum', 'rate']);
  const state = new Map(STATE.map(([name]) => [name, step === 0 ? name : `new_${name}/${step - 1}`]));
  if (step === steps - 1) for (const [name] of STATE) state.set(`new_${name}`, `new_${name}`);
  return (name) => (shared.has(name) ? name : (state.get(name) ?? `${name}/${step}`));
}

/**
 * Inputs: x/i and t/i (one-hot labels) of each step i, every parameter p and its momentum m_p. Outputs: y/i (probabilities of the
 * minibatch before its update), new_p, new_m_p.
 */
export function trainingModel({ batch, steps, rate, momentum }) {
  const operations = [...forward(true), ...backward(), ...PARAMETERS.flatMap(([name]) => update(name))];
  const nodes = [];
  const inputs = STATE.map(([name, shape]) => value(name, shape));
  const outputs = STATE.map(([name, shape]) => value(`new_${name}`, shape));
  const known = [];
  for (let step = 0; step < steps; step++) {
    const named = namesIn(step, steps);
    for (const [operation, from, to, ...rest] of operations) nodes.push(node(operation, from.map(named), to.map(named), ...rest));
    inputs.push(value(named('x'), [batch, 1, 28, 28]), value(named('t'), [batch, 10]));
    outputs.push(value(named('y'), [batch, 10]));
    const shapes = { dr2: [batch, 50, 8, 8], dr1: [batch, 20, 24, 24], dp1: [batch, 20, 12, 12] };
    for (const [name, shape] of PARAMETERS) shapes[`g${name}`] = shape;
    known.push(...Object.entries(shapes).map(([name, shape]) => value(named(name), shape)));
  }
  const constants = [
    integers('flat', batch, 800),
    integers('maps', batch, 50, 4, 4),
    integers('axis', 0),
    scalar('share', 1 / batch),
    scalar('momentum', momentum),
    scalar('rate', rate),
  ];
  return model({ nodes, constants, inputs, outputs, known });
}
