// TensorFlow.js on its wasm backend, through its own Layers API. It cannot train there: asked to, it says itself why.

import { TestSet, timed, TrainingSet } from '../mnist.js';

const threads = Number(new URLSearchParams(location.search).get('threads'));

async function start() {
  tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  tf.wasm.setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('its wasm backend did not start');
  await tf.ready();
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('it found no SIMD');
  // It takes half of the logical cores at most, whatever it is asked for.
  const taken = tf.wasm.getThreadsCount();
  if (taken !== threads) throw new Error(`asked for ${threads} threads, it takes ${taken} on this machine (getThreadsCount)`);
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 20, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 50, kernelSize: 5, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 500, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.momentum(0.02, 0.9), loss: 'categoricalCrossentropy' });
  return model;
}
const starting = start();
starting.catch(() => {});

async function makeTrain(model, batch) {
  const set = await TrainingSet.load();
  const step = async () => {
    const { images, oneHot } = set.batch(batch);
    const x = tf.tensor4d(images, [batch, 28, 28, 1]);
    const y = tf.tensor2d(oneHot, [batch, 10]);
    const loss = await model.trainOnBatch(x, y);
    tf.dispose([x, y]);
    return { images: batch, loss };
  };
  await step();
  return step;
}

async function makeInference(model, batch) {
  const set = await TestSet.load();
  return () => {
    tf.tidy(() => model.predict(tf.tensor4d(set.batch(batch), [batch, 28, 28, 1]), { batchSize: batch }).dataSync());
    return { images: batch };
  };
}

window.peer = {
  about: async () => {
    await starting;
    return `TensorFlow.js ${tf.version.tfjs}, wasm with SIMD, ${threads} thread(s)`;
  },
  prepare: async ({ what, batch }) => (what === 'train' ? makeTrain : makeInference)(await starting, batch),
  run: (step, seconds) => timed(seconds, step),
};
