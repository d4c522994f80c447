// The same settings and seed give the same bits: here as in the native program and in Node, with threads and without.

import assert from 'node:assert/strict';

import { golden, openPage, refusal, state, test, weightsHash } from './support.mjs';

const expected = golden();
const { dataset, preset, seed, batch, rate, momentum, decay, steps: STEPS } = expected;
const SETTINGS = { dataset, preset, seed, batch, learningRate: rate, momentum, weightDecay: decay };

async function goldenRun(page, steps = STEPS) {
  await page.evaluate((settings) => lab.reset(settings), SETTINGS);
  const after = await page.evaluate((count) => lab.step(count), steps);
  assert.equal(after.step, steps);
  assert.equal(after.dataset, SETTINGS.dataset);
  return weightsHash(page);
}

for (const threads of [1, 2, 3]) {
  test(`golden seeded run of 200 steps, ${threads} threads, drawn or not`, async (t) => {
    const page = await openPage(t);
    for (const overlay of [true, false]) {
      await page.evaluate((settings) => lab.set(settings), { threads, overlay });
      assert.equal((await state(page)).overlay, overlay);
      assert.equal(await page.locator('#canvas').isVisible(), overlay);
      assert.equal(await page.locator('#undrawn').isVisible(), !overlay);
      assert.equal(await goldenRun(page, expected.long.steps), expected.long.hash);
    }
  });
}

test('the relaxed build stays within 1e-4 of the baseline over 20 steps', async (t) => {
  const weights = {};
  for (const build of ['baseline', 'relaxed']) {
    const page = await openPage(t, { build });
    if ((await state(page)).build !== build) return t.skip('this Chromium has no relaxed SIMD');
    await goldenRun(page);
    weights[build] = await page.evaluate(async () => {
      const tensors = [];
      for (const { name, shape } of lab.state().layers) {
        if (shape.length > 0) for (const kind of ['weight', 'bias']) tensors.push(Array.from((await lab.weights(`${name}.${kind}`)).data));
      }
      return tensors;
    });
  }
  assert.equal(weights.relaxed.length, 8);
  weights.baseline.forEach((expected, i) => {
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = expected.reduce((most, value, k) => Math.max(most, Math.abs(value - weights.relaxed[i][k])), 0);
    assert.ok(difference <= 1e-4 * largest, `tensor ${i}: ${difference} of ${largest}`);
  });
});

test('golden seeded run, isolated', async (t) => {
  assert.equal(await goldenRun(await openPage(t)), expected.hash);
});

test('golden seeded run, without isolation and threads', async (t) => {
  const page = await openPage(t, { isolated: false });
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  assert.equal((await state(page)).isolated, false);
  assert.equal((await state(page)).threads, 1);
  assert.match(await refusal(page, '() => lab.set({threads: 2})'), /not cross-origin isolated/);
  assert.equal(await goldenRun(page), expected.hash);
});

test('a run is the same bits with any number of threads', async (t) => {
  const page = await openPage(t);
  const hashes = [];
  for (const threads of [1, 2, 4]) {
    assert.equal((await page.evaluate((n) => lab.set({ threads: n }), threads)).threads, threads);
    hashes.push(await goldenRun(page));
  }
  assert.deepEqual(hashes, hashes.map(() => hashes[0]));
});

test('a run is the same bits whether it is played, stepped or rewound', async (t) => {
  const page = await openPage(t);
  const first = await goldenRun(page);
  await page.evaluate(() => lab.rewind());
  assert.equal((await state(page)).step, 0);
  for (let i = 0; i < STEPS; i++) await page.evaluate(() => lab.step());
  assert.equal(await weightsHash(page), first, 'stepped one by one after a rewind');
  await page.evaluate(() => lab.reset({ seed: 2 }));
  await page.evaluate((count) => lab.step(count), STEPS);
  assert.notEqual(await weightsHash(page), first, 'another seed gives other weights');
});

test('without isolation the page plays, pauses and answers', async (t) => {
  const page = await openPage(t, { isolated: false, strokes: true });
  await page.evaluate(() => lab.play());
  await page.waitForFunction(() => lab.state().step >= 10, null, { timeout: 60_000 });
  const { step } = await page.evaluate(() => lab.pause());
  const { probabilities } = await page.evaluate(() => lab.predict(0));
  assert.equal(Object.keys(probabilities).length, 10);
  assert.equal((await state(page)).step, step);
});

for (const isolated of [true, false]) {
  test(`a page that draws no frames, as in a hidden tab, works on (${isolated ? 'isolated' : 'not isolated'})`, async (t) => {
    const page = await openPage(t, { isolated, strokes: true });
    await page.evaluate(() => {
      window.requestAnimationFrame = () => 0;
    });
    assert.equal((await page.evaluate(() => lab.step(5))).step, 5);
    await page.evaluate(() => lab.play());
    await page.waitForFunction(() => lab.state().step >= 8, null, { timeout: 60_000, polling: 100 });
    const { step } = await page.evaluate(() => lab.pause());
    assert.ok(step >= 8);
  });
}
