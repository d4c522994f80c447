// The page in Firefox: what a person does there first, with real pointer and keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { findFirefox, launchFirefox } from '../../tools/lib/firefox.mjs';
import { serve } from '../../tools/lib/server.mjs';
import { copyOfSite, host, kept } from './hosts.mjs';
import { golden, SITE, weightsHash } from './support.mjs';

const skip = findFirefox() === null ? 'Firefox or Xvfb is not installed' : false;
const options = { skip, timeout: 180_000 };
let browser = null, server = null;

before(async () => {
  if (skip) return;
  server = await serve({ root: SITE, port: 0, isolated: true });
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage(path = '/?build=baseline') {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  await page.goto(server.url + path);
  await page.waitForFunction(() => window.lab && lab.state().ready, { timeout: 60_000 });
  return page;
}

const waitFor = (page, condition) => page.waitForFunction(`(${condition})(lab.state())`, { timeout: 60_000, polling: 50 });

async function click(page, name) {
  const { x, y, width, height } = (await page.evaluate(() => lab.ui()))[name];
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.mouse.down();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.mouse.up();
}

test('Firefox: it draws, plays and pauses by real clicks, freezes by a key, and predicts', options, async () => {
  const page = await openPage();
  await page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }));
  await click(page, 'play');
  await waitFor(page, ({ step }) => step >= 5);
  await click(page, 'play');
  await waitFor(page, ({ playing }) => !playing);
  await page.focus('#canvas');
  await page.keyboard.press('f');
  await waitFor(page, ({ layers, locked }) => layers.find(({ name }) => name === locked.layer).frozen);
  const { label, sum } = await page.evaluate(async () => {
    const { probabilities, label: answer } = await lab.predict(0);
    return { label: answer, sum: probabilities.reduce((a, b) => a + b) };
  });
  assert.ok(label >= 0 && label < 10);
  assert.ok(Math.abs(sum - 1) < 1e-5);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('Firefox: the golden seeded run, to the bit', options, async () => {
  const { dataset, preset, seed, batch, rate, momentum, decay, steps, hash } = golden();
  const page = await openPage();
  await page.evaluate((settings) => lab.reset(settings), { dataset, preset, seed, batch, learningRate: rate, momentum, weightDecay: decay });
  await page.evaluate((count) => lab.step(count), steps);
  assert.equal(await weightsHash(page), hash);
  await page.close();
});

test('Firefox: the run is kept, and goes on after a reload', options, async () => {
  const page = await openPage();
  await page.evaluate(async () => {
    await lab.reset({ dataset: 'strokes', network: 'conv 4 5x5, relu, pool 4, dense 10', seed: 6 });
    await lab.step(10);
    await lenetAutosave.save();
  });
  const before = await weightsHash(page);
  await page.goto(`${server.url}/?build=baseline`); // a reload would bring back what its address says
  await page.waitForSelector('#restore');
  await page.click('#restore button');
  await waitFor(page, ({ step, seed }) => step === 10 && seed === 6);
  assert.equal(await weightsHash(page), before);
  await page.close();
});

test('Firefox: on a host without headers it has threads after one reload of its own, and runs on without its host', options, async (t) => {
  const plain = await host(t, { root: copyOfSite(t), isolated: false });
  const page = await browser.newPage();
  const runs = () => page.waitForFunction(() => crossOriginIsolated && window.lab?.state().ready, { timeout: 60_000 });
  await page.goto(`${plain.url}/?build=baseline`).catch(() => {}); // the reload ends it
  await runs();
  assert.equal(await page.evaluate(() => lab.state().build), 'baseline');
  await kept(page, 'lenet-lab.js', 'lenet-lab.wasm', 'licenses.txt');
  await plain.close();
  await page.reload();
  await runs();
  assert.equal((await page.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(3)))).step, 3);
  await page.close();
});
