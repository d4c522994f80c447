// ONNX Runtime Web. ?package=onnxruntime-web (the current one, inference) or onnxruntime-web-training (1.19, the last with a
// wasm build that has the operators of training), &threads=N

import { crossEntropy, TestSet, timed, TrainingSet } from '../mnist.js';
import { inferenceModel, initialValues, PARAMETERS, sizeOf, trainingModel } from './models.js';

const query = new URLSearchParams(location.search);
const threads = Number(query.get('threads'));
const training = query.get('package') === 'onnxruntime-web-training';
const folder = `/node_modules/${query.get('package')}/dist/`;
const STEPS = 4; // in one call: see models.js
const kOptions = { executionProviders: ['wasm'], graphOptimizationLevel: 'all' };

async function start() {
  if (!crossOriginIsolated) throw new Error('its page is not cross-origin isolated');
  const module = await import(`${folder}${training ? 'ort.training.wasm.min.mjs' : 'ort.wasm.min.mjs'}`);
  const ort = module.default?.InferenceSession ? module.default : module;
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = threads;
  return ort;
}
const starting = start();
starting.catch(() => {});

async function makeTrain(ort, batch) {
  const set = await TrainingSet.load();
  const session = await ort.InferenceSession.create(trainingModel({ batch, steps: STEPS, rate: 0.02, momentum: 0.9 }), kOptions);
  const values = initialValues();
  const state = {};
  for (const [name, shape] of PARAMETERS) {
    state[name] = new ort.Tensor('float32', values[name], shape);
    state[`m_${name}`] = new ort.Tensor('float32', new Float32Array(sizeOf(shape)), shape);
  }
  return async () => {
    const batches = Array.from({ length: STEPS }, () => set.batch(batch));
    const feeds = { ...state };
    for (const [i, { images, oneHot }] of batches.entries()) {
      feeds[`x/${i}`] = new ort.Tensor('float32', images, [batch, 1, 28, 28]);
      feeds[`t/${i}`] = new ort.Tensor('float32', oneHot, [batch, 10]);
    }
    const results = await session.run(feeds);
    for (const name of Object.keys(state)) state[name] = results[`new_${name}`];
    const losses = batches.map(({ labels }, i) => crossEntropy(results[`y/${i}`].data, labels));
    return { images: STEPS * batch, loss: losses.reduce((sum, loss) => sum + loss, 0) / STEPS };
  };
}

async function makeInference(ort, batch) {
  const set = await TestSet.load();
  const session = await ort.InferenceSession.create(inferenceModel(batch), kOptions);
  return async () => {
    const results = await session.run({ x: new ort.Tensor('float32', set.batch(batch), [batch, 1, 28, 28]) });
    if (results.y.data.length !== batch * 10) throw new Error('its answer has the wrong size');
    return { images: batch };
  };
}

window.peer = {
  about: async () => {
    const { env } = await starting;
    return `ONNX Runtime Web ${env.versions?.web ?? ''}, wasm with SIMD, ${env.wasm.numThreads} thread(s)`;
  },
  prepare: async ({ what, batch }) => (what === 'train' ? makeTrain : makeInference)(await starting, batch),
  run: (step, seconds) => timed(seconds, step),
};
