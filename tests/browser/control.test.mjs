// Running and changing a run through window.lab: settings, freezing, divergence, events, mistakes.

import assert from 'node:assert/strict';

import { click, frames, openPage, refusal, state, test, waitForState, weights, weightsHash, WHOLE } from './support.mjs';

test('set() changes a run that goes on; reset() starts one with what it is told', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(2));
  let s = await page.evaluate(() => lab.set({ learningRate: 0.005, momentum: 0.5, weightDecay: 0.001, batch: 32, speed: 30 }));
  assert.deepEqual([s.step, s.learningRate, s.momentum, s.weightDecay, s.batch, s.speed], [2, 0.005, 0.5, 0.001, 32, 30]);
  s = await page.evaluate(() => lab.set({ speed: Infinity }));
  assert.equal(s.speed, 0);
  s = await page.evaluate(() => lab.step(3));
  assert.equal(s.step, 5);
  assert.equal(s.imagesSeen, 2 * 64 + 3 * 32);

  s = await page.evaluate(() => lab.reset({ preset: 'caffe', seed: 42, batch: 16, initializer: 'glorot', learningRate: 0.01 }));
  assert.deepEqual([s.step, s.preset, s.seed, s.batch, s.initializer, s.learningRate], [0, 'caffe', 42, 16, 'glorot', 0.01]);
  s = await page.evaluate(() => lab.reset({ network: 'conv 4 3x3, relu, pool 2, dense 10' }));
  assert.equal(s.preset, 'custom');
  assert.deepEqual(s.layers.map(({ name }) => name), ['conv1', 'relu1', 'pool1', 'fc1']);
  assert.equal((await page.evaluate(() => lab.step(2))).step, 2);
  assert.deepEqual((await weights(page, 'conv1.weight')).shape, [4, 1, 3, 3]);
});

test('speed limits the steps per second', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.set({ speed: 4 }).then(() => lab.play()));
  await page.waitForTimeout(2500);
  const { step } = await page.evaluate(() => lab.pause());
  assert.ok(step >= 4 && step <= 14, `${step} steps in about 2.5 s at 4 a second`);
});

test('freeze() and rate() of a layer', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.set({ weightDecay: 0.01 }).then(() => lab.step(3)));
  const layer = (s, name) => s.layers.find((l) => l.name === name);
  let s = await page.evaluate(() => lab.freeze('conv2', true).then(() => lab.rate('fc2', 0)));
  assert.equal(layer(s, 'conv2').frozen, true);
  assert.equal(layer(s, 'fc2').rate, 0);
  const names = ['conv2.weight', 'conv2.bias', 'fc2.weight', 'fc1.weight'];
  const before = await Promise.all(names.map((name) => weights(page, name)));
  s = await page.evaluate(() => lab.step(5));
  const after = await Promise.all(names.map((name) => weights(page, name)));
  assert.deepEqual(after[0].data, before[0].data);
  assert.deepEqual(after[1].data, before[1].data);
  assert.deepEqual(after[2].data, before[2].data);
  assert.notDeepEqual(after[3].data, before[3].data);
  await page.evaluate(() => lab.freeze('conv2', false).then(() => lab.step(2)));
  assert.notDeepEqual((await weights(page, 'conv2.weight')).data, before[0].data);
});

test('a huge rate diverges, says at which step, and the last good state comes back', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(5));
  const good = await weightsHash(page);
  await page.evaluate(() => lab.rewind().then(() => lab.step(5)));
  assert.equal(await weightsHash(page), good);

  await page.evaluate(() => lab.set({ learningRate: 1e6 }));
  const message = await refusal(page, '() => lab.step(200)');
  t.diagnostic(message);
  const s = await state(page);
  assert.equal(s.diverged, true);
  assert.equal(s.playing, false);
  assert.match(s.error, /step \d+/);
  assert.match(message, /step \d+/);
  assert.match(await refusal(page, '() => lab.play()'), /diverged/);

  await frames(page);
  await click(page, 'restore');
  const restored = await waitForState(page, ({ diverged }) => !diverged);
  assert.ok(restored.step < s.step);
  const values = (await weights(page, 'conv1.weight')).data;
  assert.ok(values.every(Number.isFinite));
  const healed = await page.evaluate(() => lab.set({ learningRate: 0.01 }).then(() => lab.step(3)));
  assert.equal(healed.step, restored.step + 3);
  assert.ok(Number.isFinite(healed.trainLoss));
});

test('mistakes of a script are refused with a sentence and change nothing', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(1));
  const hash = await weightsHash(page);
  const refusals = {
    '() => lab.set({learningrate: 1})': /"learningrate".*learningRate/,
    '() => lab.set({learningRate: "fast"})': /number for learningRate, not "fast"/,
    '() => lab.set({learningRate: NaN})': /learningRate/,
    '() => lab.set({momentum: 2})': /[Mm]omentum/,
    '() => lab.set({batch: 0})': /batch/,
    '() => lab.set({batch: 1e9})': /batch/,
    '() => lab.set({speed: -1})': /speed/,
    '() => lab.set(5)': /object/,
    '() => lab.reset({dataset: "imagenet"})': /imagenet/,
    '() => lab.reset({preset: "alexnet"})': /alexnet/,
    '() => lab.reset({initializer: "magic"})': /magic/,
    '() => lab.reset({seed: -3})': /seed/,
    '() => lab.reset({seed: 1.5})': /seed/,
    '() => lab.reset({network: "conv 20 50x50, relu, dense 10"})': /50/,
    '() => lab.reset({network: "conv ???"})': /conv/,
    '() => lab.reset([1])': /object/,
    '() => lab.step(0)': /step\(\).*from 1/,
    '() => lab.step("many")': /step\(\)/,
    '() => lab.freeze("relu1", true)': /relu1/,
    '() => lab.freeze("conv1", "yes")': /true or false/,
    '() => lab.freeze()': /layer/,
    '() => lab.rate("conv1")': /multiplier/,
    '() => lab.rate("conv1", -2)': /./,
    '() => lab.lock("conv1", 99)': /unit/,
    '() => lab.mode("x")': /deconv, gradient and guided/,
    'async () => lab.on("never", () => {})': /snapshot, epoch, accuracy, diverged, error/,
  };
  for (const [call, pattern] of Object.entries(refusals)) assert.match(await refusal(page, call), pattern, call);
  assert.equal(await weightsHash(page), hash);
  assert.equal((await state(page)).step, 1);
  assert.equal((await page.evaluate(() => lab.step(1))).step, 2);
});

test('a pause ends steps that were asked for', async (t) => {
  const page = await openPage(t, { strokes: true });
  const outcome = await page.evaluate(async () => {
    const long = lab.step(100_000).then(() => 'done', (error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await lab.pause();
    return long;
  });
  assert.match(outcome, /[Pp]aused/);
});

test('events tell of snapshots, accuracy, epochs and divergence until one unsubscribes', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => {
    window.seen = { snapshot: 0, accuracy: 0, diverged: 0, error: 0 };
    window.ends = Object.keys(seen).map((name) => lab.on(name, (s) => {
      if (typeof s.step === 'number') seen[name]++;
    }));
  });
  await page.evaluate(() => lab.step(30));
  await page.waitForFunction(() => seen.snapshot > 0 && seen.accuracy > 0, null, { timeout: 60_000 });
  await page.evaluate(() => lab.set({ learningRate: 1e6 }).then(() => lab.step(200)).catch(() => {}));
  await page.waitForFunction(() => seen.diverged === 1 && seen.error >= 1);
  const counted = await page.evaluate(() => {
    for (const end of ends) end();
    return { ...seen };
  });
  await page.evaluate(() => lab.rewind());
  await frames(page, 5);
  assert.deepEqual(await page.evaluate(() => seen), counted, 'nobody is told after that');
});

test('the inspector follows lab.lock(), lab.mode() and lab.show()', async (t) => {
  const page = await openPage(t, { strokes: true });
  const s = await page.evaluate(() => lab.lock('conv2', 7).then(() => lab.mode('guided')).then(() => lab.show(4)));
  assert.deepEqual(s.locked, { layer: 'conv2', unit: 7, mode: 'guided' });
  assert.equal(s.image.index, 4);
  const own = await page.evaluate(() => lab.show(new Float32Array(784).fill(0.5)));
  assert.equal(own.image.index, -1);
});
