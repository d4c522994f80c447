// ConvNetJS: plain JavaScript, an image at a time; its trainer updates after each 64 of them.

import { TestSet, timed, TrainingSet } from '../mnist.js';

function makeNet() {
  const net = new convnetjs.Net();
  net.makeLayers([
    { type: 'input', out_sx: 28, out_sy: 28, out_depth: 1 },
    { type: 'conv', sx: 5, filters: 20, stride: 1, pad: 0, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2 },
    { type: 'conv', sx: 5, filters: 50, stride: 1, pad: 0, activation: 'relu' },
    { type: 'pool', sx: 2, stride: 2 },
    { type: 'fc', num_neurons: 500, activation: 'relu' },
    { type: 'softmax', num_classes: 10 },
  ]);
  return net;
}

function volume(images, index) {
  const vol = new convnetjs.Vol(28, 28, 1, 0);
  for (let i = 0; i < 784; i++) vol.w[i] = images[index * 784 + i];
  return vol;
}

const net = makeNet();

async function makeTrain(batch) {
  const set = await TrainingSet.load();
  const trainer = new convnetjs.SGDTrainer(net, { method: 'sgd', learning_rate: 0.02, momentum: 0.9, batch_size: batch, l2_decay: 0 });
  return () => {
    const { images, labels } = set.batch(batch);
    let loss = 0;
    for (let i = 0; i < batch; i++) loss += trainer.train(volume(images, i), labels[i]).cost_loss;
    return { images: batch, loss: loss / batch };
  };
}

async function makeInference(batch) {
  const set = await TestSet.load();
  return () => {
    const images = set.batch(batch);
    for (let i = 0; i < batch; i++) net.forward(volume(images, i));
    return { images: batch };
  };
}

window.peer = {
  about: async () => 'ConvNetJS 0.3.0',
  prepare: async ({ what, batch }) => (what === 'train' ? makeTrain(batch) : makeInference(batch)),
  run: (step, seconds) => timed(seconds, step),
};
