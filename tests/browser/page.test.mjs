// The page as a whole: it starts, draws, and Play trains.

import assert from 'node:assert/strict';

import { click, frames, hasMnist, openPage, READY_WITHIN_MS, screenshot, state, test, waitForMnist, waitForState, WHOLE } from './support.mjs';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Losses of the steps, from the curve that the page exports (which also has rows that hold an accuracy only). */
async function losses(page) {
  const csv = await page.evaluate(() => lab.exportCurve());
  const [head, ...rows] = csv.trim().split('\n');
  const column = head.split(',').indexOf('train_loss');
  assert.ok(column > 0, `the curve has a column train_loss: ${head}`);
  return rows.map((row) => row.split(',')[column]).filter((cell) => cell !== '').map(Number);
}

test('the page is cross-origin isolated and ready soon', async (t) => {
  const started = performance.now();
  const page = await openPage(t, { viewport: WHOLE });
  const took = performance.now() - started;
  t.diagnostic(`ready after ${(took / 1000).toFixed(1)} s, Chromium's start included`);
  assert.ok(took < READY_WITHIN_MS);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  const s = await state(page);
  assert.equal(s.isolated, true);
  assert.ok(s.threads >= 1);
  assert.equal(s.step, 0);
  assert.equal(s.playing, false);
  assert.equal(s.preset, 'wss17');
  assert.equal(s.error, null);
  assert.deepEqual(
    s.layers.filter((layer) => layer.parameters > 0).map(({ name, shape, frozen, rate, changed }) => ({ name, shape, frozen, rate, changed })),
    [
      { name: 'conv1', shape: [20, 1, 5, 5], frozen: false, rate: 1, changed: 0 },
      { name: 'conv2', shape: [50, 20, 5, 5], frozen: false, rate: 1, changed: 0 },
      { name: 'fc1', shape: [500, 800], frozen: false, rate: 1, changed: 0 },
      { name: 'fc2', shape: [10, 500], frozen: false, rate: 1, changed: 0 },
    ],
  );
  assert.ok(await page.locator('#loading').isHidden());
  assert.ok(await page.locator('#crash').isHidden());
  await page.waitForFunction(() => document.getElementById('status').textContent.includes('step 0'));
});

test('the page is not blank', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  await frames(page);
  const picture = await screenshot(page);
  const colours = new Map();
  for (let y = 0; y < picture.height; y += 4) {
    for (let x = 0; x < picture.width; x += 4) {
      const colour = picture.at(x, y).join();
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
  }
  const all = (picture.width / 4) * (picture.height / 4);
  assert.ok(colours.size > 50, `only ${colours.size} colours`);
  assert.ok(Math.max(...colours.values()) < 0.95 * all, 'nearly all of the page is one colour');
});

test('Play, clicked, makes the loss fall; clicked again, it pauses', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  if (hasMnist) await waitForMnist(page);
  await click(page, 'play');
  await waitForState(page, (s) => s.step >= 120);
  const training = await state(page);
  assert.equal(training.playing, true);
  assert.ok(training.imagesPerSecond > 0);
  await click(page, 'play');
  const paused = await waitForState(page, (s) => !s.playing);
  const curve = await losses(page);
  assert.equal(curve.length, paused.step);
  const [first, last] = [mean(curve.slice(0, 5)), mean(curve.slice(-20))];
  t.diagnostic(`${paused.dataset}: loss ${first.toFixed(3)} → ${last.toFixed(3)} in ${paused.step} steps`);
  assert.ok(last < 0.6 * first, `loss ${first} → ${last}`);
  assert.ok(paused.layers.find(({ name }) => name === 'conv1').changed > 0);
  await frames(page, 5);
  assert.equal((await state(page)).step, paused.step, 'a paused run stands still');
});

test('MNIST: test accuracy rises within 300 steps', async (t) => {
  if (!hasMnist) return t.skip('needs MNIST');
  const page = await openPage(t);
  await waitForMnist(page);
  await page.evaluate(() => lab.step(300));
  const s = await waitForState(page, ({ testAccuracy }) => testAccuracy !== null && testAccuracy.step >= 300 && testAccuracy.n === 10000);
  t.diagnostic(`${(100 * s.testAccuracy.value).toFixed(2)} % of ${s.testAccuracy.n} at step ${s.testAccuracy.step}`);
  assert.ok(s.testAccuracy.value > 0.9);
});

test('our own CPU time per frame, paused and training', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await frames(page, 20);
  await page.evaluate(() => lab.play());
  await frames(page, 20);
  const { frame } = await page.evaluate(() => lab.pause());
  for (const [what, { medianMs, p95Ms, frames: n }] of [['paused', frame.paused], ['training', frame.training]]) {
    t.diagnostic(`${what}: median ${medianMs.toFixed(2)} ms, 95 % below ${p95Ms.toFixed(2)} ms, of ${n} frames (software rendering)`);
    assert.ok(n > 0 && medianMs > 0 && p95Ms >= medianMs);
  }
});
