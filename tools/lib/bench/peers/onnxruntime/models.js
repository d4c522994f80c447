// wss17 as ONNX models: for inference, and as one graph that is a whole training step (forward, backward with the training
// operators of ONNX Runtime, SGD with momentum), weights and momenta going in and coming out.

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

function forward(training) {
  const pooled = (layer) => [`p${layer}`, ...(training ? [`where${layer}`] : [])];
  return [
    node('Conv', ['x', 'w1', 'b1'], ['c1'], kKernel),
    node('Relu', ['c1'], ['r1']),
    node('MaxPool', ['r1'], pooled(1), kPool),
    node('Conv', ['p1', 'w2', 'b2'], ['c2'], kKernel),
    node('Relu', ['c2'], ['r2']),
    node('MaxPool', ['r2'], pooled(2), kPool),
    node('Reshape', ['p2', 'flat'], ['f']),
    node('Gemm', ['f', 'w3', 'b3'], ['c3'], { transB: 1 }),
    node('Relu', ['c3'], ['r3']),
    node('Gemm', ['r3', 'w4', 'b4'], ['c4'], { transB: 1 }),
    node('Softmax', ['c4'], ['y'], { axis: 1 }),
  ];
}

/** Gradients d… of values and g… of parameters, of the batch's mean cross-entropy. */
function backward() {
  const convolution = { ...kKernel, pads: [0, 0, 0, 0], strides: [1, 1], dilations: [1, 1], group: 1 };
  return [
    node('Sub', ['y', 't'], ['difference']),
    node('Mul', ['difference', 'share'], ['dc4']),
    node('Gemm', ['dc4', 'r3'], ['gw4'], { transA: 1 }),
    node('ReduceSum', ['dc4', 'axis'], ['gb4'], { keepdims: 0 }),
    node('Gemm', ['dc4', 'w4'], ['dr3']),
    node('ReluGrad', ['dr3', 'r3'], ['dc3'], {}, kMicrosoft),
    node('Gemm', ['dc3', 'f'], ['gw3'], { transA: 1 }),
    node('ReduceSum', ['dc3', 'axis'], ['gb3'], { keepdims: 0 }),
    node('Gemm', ['dc3', 'w3'], ['df']),
    node('Reshape', ['df', 'maps'], ['dp2']),
    node('MaxPoolGrad', ['dp2', 'where2'], ['dr2'], kPool),
    node('ReluGrad', ['dr2', 'r2'], ['dc2'], {}, kMicrosoft),
    node('ConvGrad', ['dc2', 'p1', 'w2'], ['dp1', 'gw2', 'gb2'], convolution, kMicrosoft),
    node('MaxPoolGrad', ['dp1', 'where1'], ['dr1'], kPool),
    node('ReluGrad', ['dr1', 'r1'], ['dc1'], {}, kMicrosoft),
    node('ConvGrad', ['dc1', 'x', 'w1'], ['', 'gw1', 'gb1'], convolution, kMicrosoft), // no gradient of the pixels
  ];
}

const update = (name) => [
  node('Mul', [`m_${name}`, 'momentum'], [`kept_${name}`]),
  node('Add', [`kept_${name}`, `g${name}`], [`new_m_${name}`]),
  node('Mul', [`new_m_${name}`, 'rate'], [`step_${name}`]),
  node('Sub', [name, `step_${name}`], [`new_${name}`]),
];

const scalar = (name, number) => constant(name, [], new Float32Array([number]));
const integers = (name, ...numbers) => constant(name, [numbers.length], BigInt64Array.from(numbers, BigInt));

/** Input x, output y: probabilities. */
export function inferenceModel(batch) {
  const values = initialValues();
  return model({
    nodes: forward(false),
    constants: [...PARAMETERS.map(([name, shape]) => constant(name, shape, values[name])), integers('flat', batch, 800)],
    inputs: [value('x', [batch, 1, 28, 28])],
    outputs: [value('y', [batch, 10])],
  });
}

/** Inputs x, t (one-hot labels), every parameter p and its momentum m_p; outputs y, new_p, new_m_p. */
export function trainingModel(batch, rate, momentum) {
  return model({
    nodes: [...forward(true), ...backward(), ...PARAMETERS.flatMap(([name]) => update(name))],
    constants: [
      integers('flat', batch, 800),
      integers('maps', batch, 50, 4, 4),
      integers('axis', 0),
      scalar('share', 1 / batch),
      scalar('momentum', momentum),
      scalar('rate', rate),
    ],
    inputs: [
      value('x', [batch, 1, 28, 28]),
      value('t', [batch, 10]),
      ...PARAMETERS.flatMap(([name, shape]) => [value(name, shape), value(`m_${name}`, shape)]),
    ],
    outputs: [
      value('y', [batch, 10]),
      ...PARAMETERS.flatMap(([name, shape]) => [value(`new_${name}`, shape), value(`new_m_${name}`, shape)]),
    ],
    known: [
      value('dr2', [batch, 50, 8, 8]),
      value('dr1', [batch, 20, 24, 24]),
      value('dp1', [batch, 20, 12, 12]),
      ...PARAMETERS.map(([name, shape]) => value(`g${name}`, shape)),
    ],
  });
}
