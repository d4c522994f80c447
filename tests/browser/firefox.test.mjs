// The page in Firefox: the program itself, what is kept, and hosts of all kinds.

import assert from 'node:assert/strict';

import { newPage, openPage, ready, shot, test, useFirefox, waitForState } from './firefox_page.mjs';
import { copyOfSite, host, kept } from './hosts.mjs';
import { click, golden, weightsHash } from './support.mjs';

const site = useFirefox();
const exact = () => `${site.url}/?build=baseline`;

test('it plays and pauses by real clicks, freezes by a key, and predicts', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }));
  await click(page, 'play');
  await waitForState(page, ({ step }) => step >= 5);
  await click(page, 'play');
  await waitForState(page, ({ playing }) => !playing);
  await page.focus('#canvas');
  await page.keyboard.press('f');
  await waitForState(page, ({ layers, locked }) => layers.find(({ name }) => name === locked.layer).frozen);
  await shot(page, 'play');
  const { label, sum } = await page.evaluate(async () => {
    const { probabilities, label: answer } = await lab.predict(0);
    return { label: answer, sum: probabilities.reduce((a, b) => a + b) };
  });
  assert.ok(label >= 0 && label < 10);
  assert.ok(Math.abs(sum - 1) < 1e-5);
  assert.deepEqual(page.problems, []);
});

test('the golden seeded run, to the bit', async (t) => {
  const { dataset, preset, seed, batch, rate, momentum, decay, steps, hash } = golden();
  const page = await openPage(t, exact());
  await page.evaluate((settings) => lab.reset(settings), { dataset, preset, seed, batch, learningRate: rate, momentum, weightDecay: decay });
  await page.evaluate((count) => lab.step(count), steps);
  assert.equal(await weightsHash(page), hash);
});

test('the run is kept, and goes on after a reload', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(async () => {
    await lab.reset({ dataset: 'strokes', network: 'conv 4 5x5, relu, pool 4, dense 10', seed: 6 });
    await lab.step(10);
    await lenetAutosave.save();
  });
  const before = await weightsHash(page);
  await page.goto(exact()); // a reload would bring back what its address says
  await page.waitForSelector('#strip-restore');
  await page.click('#strip-restore button');
  await waitForState(page, ({ step, seed }) => step === 10 && seed === 6);
  assert.equal(await weightsHash(page), before);
});

test('on a host without headers it has threads after one reload of its own, and runs on without its host', async (t) => {
  const plain = await host(t, { root: copyOfSite(t), isolated: false });
  const page = await newPage(t);
  const runs = () => page.waitForFunction(() => crossOriginIsolated && window.lab?.state().ready, { timeout: 60_000 });
  await page.goto(`${plain.url}/?build=baseline`).catch(() => {}); // the reload ends it
  await runs();
  assert.equal(await page.evaluate(() => lab.state().build), 'baseline');
  await kept(page, 'lenet-lab.js', 'lenet-lab.wasm', 'licenses.txt');
  await plain.close();
  await page.reload();
  await runs();
  assert.equal((await page.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(3)))).step, 3);
});

test('in the iframe of a course without headers it trains on one thread, to the same bits', async (t) => {
  const { dataset, preset, seed, batch, rate, momentum, decay, steps, hash } = golden();
  const other = await host(t, { root: copyOfSite(t, { 'course.html': `<!doctype html><title>A course</title><iframe src="./" width="900" height="600"></iframe>` }), isolated: false });
  const page = await newPage(t);
  await page.goto(`${other.url}/course.html`);
  const frame = await page.waitForFrame((each) => each.url() === `${other.url}/`);
  await ready(frame);
  const state = await frame.evaluate((settings) => lab.reset(settings), { dataset, preset, seed, batch, learningRate: rate, momentum, weightDecay: decay });
  assert.equal(state.build, 'single');
  assert.equal(state.isolated, false);
  await frame.evaluate((count) => lab.step(count), steps);
  assert.equal(await weightsHash(frame), hash);
  await shot(page, 'iframe');
});

test('lost graphics: it says so, trains on, and draws again when they are back', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(2)));
  await page.evaluate(() => document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.waitForSelector('#lost', { visible: true });
  await shot(page, 'lost');
  assert.equal((await page.evaluate(() => lab.step(3))).step, 5);
  await page.click('#lost-retry');
  await page.waitForSelector('#lost', { hidden: true });
  await click(page, 'step');
  await waitForState(page, ({ step }) => step === 6);
  await shot(page, 'back');
});
