// Which build runs, and what the page's own settings do: drawing, the background, measurements.

import assert from 'node:assert/strict';

import { chooseBuild } from '../../web/api/builds.js';
import { hasMnist, openPage, refusal, state, test, waitForState } from './support.mjs';

test('the build: relaxed where there is relaxed SIMD, else baseline; single without isolation; what the address asks for', () => {
  const name = (search, isolated = true, relaxed = true) => chooseBuild(search, { isolated, relaxed }).name;
  const notice = (search, isolated = true, relaxed = true) => chooseBuild(search, { isolated, relaxed }).notice;
  assert.equal(name(''), 'relaxed');
  assert.equal(name('', true, false), 'baseline');
  assert.equal(name('?build=baseline'), 'baseline');
  assert.equal(name('?build=scalar'), 'scalar');
  assert.equal(name('?build=relaxed', true, false), 'baseline');
  assert.match(notice('?build=relaxed', true, false), /no relaxed SIMD/);
  assert.equal(name('?build=baseline', false), 'single');
  assert.equal(notice('?build=baseline', false), null, 'the same bits');
  assert.match(notice('?build=scalar', false), /needs threads/);
  for (const link of ['?step=3', '?compare=frozen&seed=own']) assert.equal(name(link), 'baseline', `${link} is to give the same bits everywhere`);
  assert.equal(name('?step=3&build=relaxed'), 'relaxed');
  assert.equal(name('?build=__proto__'), 'baseline');
  assert.match(notice('?build=<b>x'), /There is no build/);
  for (const quiet of ['', '?build=baseline', '?build=scalar']) assert.equal(notice(quiet), null);
});

test('the page names its build, and one that is not there gives way to the baseline with a note', async (t) => {
  const own = await openPage(t, { build: null });
  assert.equal((await state(own)).build, 'relaxed');
  assert.equal((await state(own)).simd, 'wasm relaxed SIMD');
  const cases = { relaxed: 'lenet-lab-relaxed.wasm', scalar: 'lenet-lab-scalar.js' };
  for (const [build, file] of Object.entries(cases)) {
    const missing = await openPage(t, {
      build, prepare: (page) => page.route(`**/${file}`, (route) => route.fulfill({ status: 404 })), expected: /wasm|404|abort|falling back/i,
    });
    assert.equal((await state(missing)).build, 'baseline');
    assert.match(await missing.locator('.note').innerText(), new RegExp(`${build}.* could not be started`));
  }
  const single = await openPage(t, { isolated: false });
  assert.equal((await state(single)).build, 'single');
});

test('overlay and background are checked, and an overlay that is off and on again draws again', async (t) => {
  const page = await openPage(t, { strokes: true });
  assert.match(await refusal(page, '() => lab.set({overlay: 1})'), /true or false as "overlay"/);
  assert.match(await refusal(page, '() => lab.set({background: "stop"})'), /"train" or "pause"/);
  await page.evaluate(() => lab.set({ overlay: false }));
  await page.evaluate(() => lab.play());
  await waitForState(page, (s) => s.step >= 5);
  assert.ok((await state(page)).playing);
  const after = await page.evaluate(() => lab.set({ overlay: true }));
  assert.equal(after.overlay, true);
  assert.ok(await page.locator('#canvas').isVisible());
  await page.evaluate(() => lab.set({ overlay: false }));
  await page.setViewportSize({ width: 700, height: 500 });
  await page.evaluate(() => lab.set({ overlay: true }));
  await waitForState(page, () => document.getElementById('canvas').width === 700);
  assert.ok('play' in (await page.evaluate(() => lab.ui())), 'it draws in the new size');
  await page.evaluate(() => lab.pause());
});

/** Tells the page that its tab was hidden or shown. */
const setBackground = (page, hidden) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    Object.defineProperty(document, 'visibilityState', { value: value ? 'hidden' : 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

test('a hidden tab trains on, or pauses and goes on when it is back, as was chosen', async (t) => {
  const page = await openPage(t, { strokes: true });
  assert.equal((await state(page)).background, 'train');
  await page.evaluate(() => lab.play());
  await setBackground(page, true);
  const { step } = await state(page);
  await waitForState(page, `(s) => s.step > ${step} + 2`);
  await setBackground(page, false);
  assert.equal((await page.evaluate(() => lab.set({ background: 'pause' }))).background, 'pause');
  await setBackground(page, true);
  const { step: stood } = await waitForState(page, (s) => s.suspended);
  const many = page.evaluate((n) => lab.step(n), 5);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await state(page)).step, stood, 'neither playing nor stepping goes on');
  await setBackground(page, false);
  assert.equal((await many).step, stood + 5, 'the steps asked for are done when it is back');
  assert.equal((await state(page)).playing, false, 'step() pauses, here as elsewhere');
});

test('measure() times inference and every layer, leaves the run alone, and refuses nonsense', async (t) => {
  const page = await openPage(t, { strokes: true });
  for (const batch of [1, 64]) {
    const { images, seconds } = await page.evaluate((n) => lab.measure({ what: 'inference', batch: n, seconds: 0.05 }), batch);
    assert.ok(images >= batch && images % batch === 0 && seconds >= 0.05 && seconds < 20, `${images} images in ${seconds} s`);
  }
  const { peak_gflops: peak, layers } = await page.evaluate(() => lab.measure({ what: 'layers', seconds: 0.5 }));
  assert.ok(peak > 0);
  assert.deepEqual([...new Set(layers.map(({ layer }) => layer))], ['conv1', 'conv2', 'flatten', 'fc1', 'relu3', 'fc2']);
  for (const { microseconds, gflops, share_of_peak: share } of layers) {
    assert.ok(microseconds > 0 && gflops >= 0 && Math.abs(share * peak - gflops) < 1e-6);
  }
  assert.equal((await state(page)).step, 0);
  assert.match(await refusal(page, '() => lab.measure({what: "speed"})'), /no measurement “speed”/);
  assert.match(await refusal(page, '() => lab.measure({})'), /what to measure/);
  assert.match(await refusal(page, '() => lab.measure({what: "layers", seconds: 1e9})'), /at most 60 seconds/);
});

test('with MNIST loaded the page takes less than 256 MB, and training takes no more', async (t) => {
  if (!hasMnist) return t.skip('MNIST is not beside the page');
  const page = await openPage(t);
  await waitForState(page, ({ data }) => data.trainAvailable === 60_000 && data.testAvailable === 10_000);
  await page.evaluate(() => lab.step(60));
  const { memoryBytes } = await state(page);
  assert.ok(memoryBytes < 256 << 20, `${memoryBytes} bytes`);
  await page.evaluate(() => lab.reset({ network: 'dense 10', batch: 1 }));
  const before = (await state(page)).memoryBytes;
  await page.evaluate(() => lab.step(30_000));
  assert.equal((await state(page)).memoryBytes, before, 'after 30,000 more steps');
});
