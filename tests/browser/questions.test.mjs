// Questions to the network: weights, activations, projections, predictions; and their refusals.

import assert from 'node:assert/strict';

import { openPage, refusal, state, test } from './support.mjs';

const size = (shape) => shape.reduce((product, n) => product * n, 1);

test('weights, activations, projections and predictions have their shapes', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(10));

  for (const [name, shape] of Object.entries({ 'conv1.weight': [20, 1, 5, 5], 'conv2.bias': [50], 'fc2.weight': [10, 500] })) {
    const answer = await page.evaluate((n) => lab.weights(n).then(({ shape: s, data }) => ({ shape: s, length: data.length, typed: data instanceof Float32Array })), name);
    assert.deepEqual(answer, { shape, length: size(shape), typed: true });
  }

  const shapes = { conv1: [20, 24, 24], relu1: [20, 24, 24], pool1: [20, 12, 12], conv2: [50, 8, 8], relu2: [50, 8, 8], pool2: [50, 4, 4], fc1: [500], relu3: [500], fc2: [10] };
  for (const [layer, shape] of Object.entries(shapes)) {
    const answer = await page.evaluate((n) => lab.activations(n, 3).then(({ shape: s, data }) => ({ shape: s, data: [...data] })), layer);
    assert.deepEqual(answer.shape, shape, layer);
    assert.equal(answer.data.length, size(shape));
    if (layer.startsWith('relu')) assert.ok(answer.data.every((value) => value >= 0));
  }

  for (const mode of ['deconv', 'gradient', 'guided']) {
    for (const [layer, unit] of [['conv1', 3], ['conv2', 7], ['fc1', 10]]) {
      const p = await page.evaluate(([l, u, m]) => lab.project(l, u, { image: 3, mode: m }).then((r) => ({ ...r, data: [...r.data] })), [layer, unit, mode]);
      assert.deepEqual(p.shape, [1, 28, 28]);
      assert.equal(p.data.length, 784);
      assert.ok(Number.isFinite(p.activation) && p.at.y >= 0 && p.at.x >= 0);
      assert.ok(p.data.every(Number.isFinite));
      if (p.activation > 0) assert.ok(p.data.some((value) => value !== 0), `${mode} of ${layer}:${unit}`);
    }
  }
  // The activation that is projected is the strongest of the map, after its ReLU.
  const { activation, at, map } = await page.evaluate(async () => {
    const p = await lab.project('conv1', 3, { image: 3 });
    const { data } = await lab.activations('relu1', 3);
    return { ...p, map: [...data.subarray(3 * 576, 4 * 576)] };
  });
  assert.equal(activation, Math.max(...map));
  assert.equal(map[at.y * 24 + at.x], activation);
});

test('predict() takes an index or pixels, gives ten probabilities, and agrees with itself', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(60));
  const byIndex = await page.evaluate(() => lab.predict(5).then((p) => ({ ...p, probabilities: [...p.probabilities] })));
  assert.equal(byIndex.probabilities.length, 10);
  assert.ok(Math.abs(byIndex.probabilities.reduce((a, b) => a + b) - 1) < 1e-5);
  assert.equal(byIndex.label, byIndex.probabilities.indexOf(Math.max(...byIndex.probabilities)));

  const blank = await page.evaluate(async () => {
    const answers = await Promise.all([
      lab.predict(new Float32Array(784)),
      lab.predict(Array(784).fill(0)),
      lab.predict(Array.from({ length: 28 }, () => Array(28).fill(0))),
    ]);
    return answers.map(({ probabilities }) => [...probabilities]);
  });
  assert.deepEqual(blank[1], blank[0]);
  assert.deepEqual(blank[2], blank[0]);
  assert.equal((await state(page)).step, 60, 'questions do not train');
});

test('questions that cannot be answered are refused with a sentence', async (t) => {
  const page = await openPage(t, { strokes: true });
  const refusals = {
    '() => lab.weights("conv9.weight")': /conv9/,
    '() => lab.weights()': /name/,
    '() => lab.activations("conv9", 0)': /conv9/,
    '() => lab.activations("conv1", 123456789)': /image/,
    '() => lab.activations("conv1")': /image/,
    '() => lab.project("conv1", 20)': /unit/,
    '() => lab.project("conv1", -1)': /unit/,
    '() => lab.project("conv1", 0.5)': /whole number/,
    '() => lab.project("conv1", 0, {mode: "magic"})': /deconv, gradient and guided/,
    '() => lab.predict([1, 2, 3])': /0 to 1/,
    '() => lab.predict([0, 1, 1])': /784/,
    '() => lab.predict(Array(784).fill(NaN))': /0 to 1/,
    '() => lab.predict(-1)': /image/,
    '() => lab.predict("seven")': /image/,
  };
  for (const [call, pattern] of Object.entries(refusals)) assert.match(await refusal(page, call), pattern, call);
  assert.equal((await page.evaluate(() => lab.step())).step, 1);
  assert.equal((await state(page)).error, null, 'a script’s mistake is not the page’s');
});
