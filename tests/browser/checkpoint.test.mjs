// The trained weights that come with the page: loaded on demand, measured as they say, and refused when something is wrong with them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasMnist, openPage, SITE, state, test, waitForState, weightsHash } from './support.mjs';

const FOLDER = join(SITE, 'assets/checkpoints');
const info = JSON.parse(readFileSync(join(FOLDER, 'wss17-mnist.json'), 'utf8'));
const file = readFileSync(join(FOLDER, 'wss17-mnist.safetensors'));

test('the description speaks of the file that is there', () => {
  assert.equal(file.length, info.bytes);
  assert.ok(file.length < 900_000, `${file.length} bytes`);
  assert.equal(createHash('sha256').update(file).digest('hex'), info.sha256);
  assert.equal(info.measured.test.n, 10_000);
});

test('loaded, it is a run at step 0 that says where its weights are from, and as good as its description says', async (t) => {
  if (!hasMnist) return t.skip('MNIST is not beside the page');
  const page = await openPage(t);
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname.split('/').pop()));
  await page.evaluate(() => lab.reset({ preset: 'tiny', seed: 4, freeze: ['conv1'], learningRate: 0.3 }));
  assert.ok(!requests.some((name) => name.includes('wss17')), 'nobody asked for it yet');
  const loaded = await page.evaluate(() => lab.loadCheckpoint());
  assert.deepEqual(loaded.checkpoint, info);
  assert.equal(loaded.step, 0);
  assert.deepEqual([loaded.dataset, loaded.preset, loaded.seed, loaded.learningRate], ['mnist', 'wss17', 1, 0.02]);
  assert.deepEqual(loaded.loaded, { steps: info.measured.step, dataset: 'mnist', checkpoint: 'wss17-mnist' });
  assert.ok(loaded.layers.every((layer) => !layer.frozen));
  assert.match(await page.textContent('#notes'), /not trained here.*10,000 test images/);

  // The page measures it by itself, on all test images.
  const measured = await waitForState(page, (s) => s.testAccuracy?.n === 10_000);
  assert.equal(Math.round(measured.testAccuracy.value * 10_000), info.measured.test.correct);
  assert.equal(measured.testAccuracy.step, 0);

  // It trains on, and goes back to where it was loaded; whatever is exported says that it was.
  const hash = await weightsHash(page);
  const { step } = await page.evaluate(() => lab.step(2));
  assert.equal(step, 2);
  assert.notEqual(await weightsHash(page), hash);
  await page.evaluate(() => lab.rewind());
  assert.equal(await weightsHash(page), hash);
  const header = await page.evaluate(async () => {
    const bytes = await lab.exportWeights();
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
  });
  assert.equal(header.__metadata__.start_steps, String(info.measured.step));
  assert.equal((await page.evaluate(() => lab.reset({ seed: 2 }))).loaded, null);
});

test('without MNIST it is shown on the strokes set, with a notice', async (t) => {
  const page = await openPage(t, { data: {} });
  const loaded = await page.evaluate(() => lab.loadCheckpoint('wss17-mnist'));
  assert.equal(loaded.dataset, 'strokes');
  assert.equal(loaded.loaded.steps, info.measured.step);
  assert.match(loaded.notice, /MNIST.*strokes set/);
});

test('a person loads it from the Save panel, and is asked before a trained run goes', async (t) => {
  const page = await openPage(t, { data: {} });
  await page.evaluate(() => lab.step(2));
  await page.evaluate(() => document.getElementById('menu-save').click());
  const load = page.getByRole('button', { name: 'Load it' });
  await load.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await state(page)).step, 2);
  await load.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go on', exact: true }).click();
  await waitForState(page, (s) => s.step === 0 && s.loaded?.checkpoint === 'wss17-mnist');
  assert.match(await page.evaluate(() => lab.importWeights(new Uint8Array(9)).then(() => '', ({ message }) => message)), /./);
  assert.equal((await state(page)).loaded.checkpoint, 'wss17-mnist', 'a refused file changes nothing');
});

/** What is served in place of a checkpoint's file, and what the page says then. */
const BROKEN = [
  ['a name that is none', '../x', {}, /needs the name of a checkpoint/],
  ['no such checkpoint', 'none', {}, /There is no checkpoint “none”/],
  ['no weights', 'wss17-mnist', { 'wss17-mnist.safetensors': null }, /are not beside this page/],
  ['a description that is none', 'wss17-mnist', { 'wss17-mnist.json': 'hello' }, /cannot be read/],
  ['a description of something else', 'wss17-mnist', { 'wss17-mnist.json': '{"measured": {}}' }, /cannot be read/],
  ['weights cut short', 'wss17-mnist', { 'wss17-mnist.safetensors': file.subarray(0, 5000) }, /damaged: it has 5000 bytes/],
  ['weights with one other bit', 'wss17-mnist', { 'wss17-mnist.safetensors': Buffer.from(file).fill(file.at(-1) ^ 1, file.length - 1) }, /damaged/],
  ['weights for another network', 'wss17-mnist',
    { 'wss17-mnist.json': JSON.stringify({ ...info, measured: { ...info.measured, settings: { ...info.measured.settings, preset: 'tiny' } } }) }, /shape/],
];

test('what is wrong with a checkpoint is said, and the run before stays', async (t) => {
  const served = {};
  const page = await openPage(t, {
    strokes: true,
    prepare: (opened) =>
      opened.route('**/assets/checkpoints/*', (route) => {
        const name = new URL(route.request().url()).pathname.split('/').pop();
        if (!(name in served)) return route.continue();
        return served[name] === null ? route.fulfill({ status: 404, body: 'No such file.' }) : route.fulfill({ status: 200, body: served[name] });
      }),
  });
  const { run } = await page.evaluate(() => lab.step(2));
  const hash = await weightsHash(page);
  for (const [what, name, files, message] of BROKEN) {
    Object.assign(served, files);
    const said = await page.evaluate((checkpoint) => lab.loadCheckpoint(checkpoint).then(() => null, (error) => error.message), name);
    assert.match(String(said), message, what);
    for (const key of Object.keys(files)) delete served[key];
    const now = await state(page);
    assert.deepEqual([now.run, now.step, now.dataset, now.loaded], [run, 2, 'strokes', null], what);
    assert.equal(await weightsHash(page), hash, what);
  }
});
