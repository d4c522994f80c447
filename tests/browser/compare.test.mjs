// The Compare lab: twins over real data, what the charts draw, seeds, the pool, and a class's link.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { click, frames, hasMnist, manifest, openPage, rectangle, refusal, screenshot, state, test, waitForMnist, waitForState, weights, WHOLE } from './support.mjs';

const NEEDS_MNIST = hasMnist ? false : 'MNIST is not beside the page';
const NAMES = ['conv1.weight', 'conv1.bias', 'conv2.weight', 'conv2.bias', 'fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];

/** All parameters of an arm, bit for bit. */
const armWeights = (page, arm) =>
  page.evaluate(async ([names, index]) => {
    const all = [];
    for (const name of names) all.push(Array.from(new Uint32Array((await lab.weights(name, { arm: index })).data.buffer)).join());
    return all;
  }, [NAMES, arm]);

const comparison = (page) => page.evaluate(() => lab.comparison());

/** [{step, value, n}] of the accuracies in the CSV of the arm that is shown. */
async function exportedAccuracies(page, arm) {
  await page.evaluate((index) => lab.showArm(index), arm);
  const csv = await page.evaluate(() => lab.exportCurve());
  return csv.trim().split('\n').slice(1).map((row) => row.split(',')).filter((cells) => cells[2] !== '')
    .map(([step, , value, n]) => ({ step: Number(step), value: Number(value), n: Number(n) }));
}

test('frozen or not, over MNIST: equal start, frozen tensors stay, and the charts show the sessions’ data', { skip: NEEDS_MNIST }, async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  await waitForMnist(page);
  await click(page, 'lab.compare');
  await click(page, 'compare.start');
  await waitForState(page, (s) => s.arms.length === 2);
  const start = [await armWeights(page, 0), await armWeights(page, 1)];
  assert.deepEqual(start[0], start[1], 'both arms start bitwise equal');

  await page.evaluate(() => lab.step(130));
  const end = [await armWeights(page, 0), await armWeights(page, 1)];
  NAMES.forEach((name, i) => {
    assert.notEqual(end[0][i], start[0][i], `${name} of the trained arm has moved`);
    if (name.startsWith('conv')) assert.equal(end[1][i], start[1][i], `${name} of the frozen arm has stayed`);
    else assert.notEqual(end[1][i], start[1][i], `${name} of the frozen arm has moved`);
  });

  await waitForState(page, (s) => !s.evaluating && s.testAccuracy?.n === 10000);
  await page.waitForFunction(() => lab.comparison().arms.every((arm) => arm.accuracy.at(-1)?.n === 10000));
  const shown = await comparison(page);
  assert.deepEqual(shown.arms.map(({ name, step, frozen }) => ({ name, step, frozen })), [
    { name: 'all trained', step: 130, frozen: [] },
    { name: 'convs frozen', step: 130, frozen: ['conv1', 'conv2'] },
  ]);
  for (const arm of [0, 1]) {
    const exported = await exportedAccuracies(page, arm);
    const drawn = shown.arms[arm].accuracy;
    assert.deepEqual(drawn.map(({ step, n }) => ({ step, n })), exported.map(({ step, n }) => ({ step, n })));
    drawn.forEach((point, i) => assert.ok(Math.abs(point.value - exported[i].value) < 1e-6));
  }
  const [trained, frozen] = shown.arms;
  assert.ok(frozen.gap.length >= 3);
  for (const { step, value, n } of frozen.gap) {
    const at = (arm) => arm.accuracy.find((point) => point.step === step && point.n === n).value;
    assert.ok(Math.abs(value - (at(frozen) - at(trained))) < 1e-9, `the gap at step ${step}`);
  }
  assert.equal(trained.parameters, 431080);
  assert.equal(trained.trainable, 431080);
  assert.equal(frozen.trainable, 405510);
  assert.ok(frozen.stepMs < trained.stepMs, `a frozen step takes ${frozen.stepMs} ms, a trained one ${trained.stepMs} ms`);

  const chart = await rectangle(page, 'chart.compare');
  await frames(page, 3);
  const picture = await screenshot(page, { x: chart.x, y: chart.y, width: chart.width, height: chart.height });
  const near = (x, y, [r, g, b]) => {
    const pixel = picture.at(x, y);
    return Math.abs(pixel[0] - r) + Math.abs(pixel[1] - g) + Math.abs(pixel[2] - b) < 30;
  };
  let blue = 0;
  let orange = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      blue += near(x, y, [0x0b, 0x6f, 0xb3]);
      orange += near(x, y, [0xd0, 0x65, 0x1a]);
    }
  }
  assert.ok(blue > 100 && orange > 100, `both curves are drawn (${blue} and ${orange} pixels)`);
});

test('seeds run over the widgets, stop and go on; results are pooled and refused', async (t) => {
  const page = await openPage(t, { viewport: WHOLE, strokes: true });
  await page.evaluate(() => lab.reset({ network: 'conv 4 5x5, relu, pool 2, dense 10', batch: 16 }));
  await page.evaluate(() => lab.compare([{ name: 'trained' }, { name: 'frozen', freeze: ['conv1'] }]));
  await page.evaluate(() => lab.open('compare', { seeds: 3, first: 5, steps: 20 }));
  await frames(page, 5);
  await click(page, 'seeds.run');
  await waitForState(page, (s) => s.seeds.done === 3 && !s.seeds.running);
  const summary = (await comparison(page)).seeds;
  assert.deepEqual(summary.map(({ arm, test: accuracy }) => [arm, accuracy.n]), [['trained', 3], ['frozen', 3]]);
  assert.equal(summary[0].difference.mean, 0);

  const results = JSON.parse(await page.evaluate(() => lab.exportResults()));
  assert.equal(results.runs.length, 6);
  const accuracy = (arm) => results.runs.filter((run) => run.arm === arm).map((run) => run.curve.at(-1).testCorrect / run.curve.at(-1).testImages);
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(Math.abs(summary[1].difference.mean - (mean(accuracy('frozen')) - mean(accuracy('trained')))) < 1e-12);
  const csv = await page.evaluate(() => lab.exportResults({ csv: true }));
  assert.match(csv, /^arm,seed,contributor,step,/);

  // Stopped in the middle: what is done stays, and the same question goes on later.
  const error = await page.evaluate(async () => {
    const long = lab.repeat({ seeds: 1000, first: 5, steps: 20 }).then(() => null, (problem) => problem.message);
    while (lab.state().seeds.done < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    await lab.stopRepeat();
    return long;
  });
  assert.match(error, /is kept/);
  assert.ok((await comparison(page)).seeds[0].test.n >= 4);

  // A file dropped on the page joins the pool; another question is refused.
  const file = (change) => {
    const copy = structuredClone(results);
    change(copy);
    return JSON.stringify(copy);
  };
  const drop = (name, text) =>
    page.evaluate(([fileName, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], fileName, { type: 'application/json' }));
      dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, [name, text]);
  await drop('ana.json', file(() => {}));
  await waitForState(page, (s) => s.pooledFiles === 1);
  await drop('ben.json', file((copy) => copy.runs.forEach((run) => (run.seed += 2))));
  await page.locator('.note').filter({ hasText: 'different weights' }).waitFor(); // seed 7 of the one is not seed 7 of the other
  await drop('cleo.json', file((copy) => copy.runs.forEach((run) => (run.seed += 10))));
  await waitForState(page, (s) => s.pooledFiles === 2);
  assert.equal((await comparison(page)).pool[0].test.n, 6);
  await drop('dan.json', file((copy) => (copy.question.arms[1].recipe.learningRate = 0.1)));
  await page.locator('.note').filter({ hasText: /the learning rate of “frozen” \(0\.02 and 0\.1\)/ }).waitFor();
  await drop('bad.json', '{"format": "lenet-lab results"');
  await page.locator('.note').filter({ hasText: 'bad.json' }).waitFor();
  assert.equal((await state(page)).pooledFiles, 2);
});

const PROGRAM = process.env.LENET_LAB_PROGRAM;
const NEEDS_PROGRAM = PROGRAM && existsSync(PROGRAM) ? false : 'lenet-lab is not built';

test('a study of the program and seeds of the page have the same bits, and are pooled', { skip: NEEDS_PROGRAM }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-lab-study-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const shared = { network: 'conv 4 5x5, relu, pool 2, dropout 0.2, dense 10', batch: 16, schedule: 'cosine 30', augmentation: 'shift 1' };
  const arms = [{ name: 'trained' }, { name: 'frozen at 10', changes: [{ step: 10, layer: 'conv1', frozen: true }] }];
  const study = { title: 'Both', dataset: 'strokes', seeds: [3, 4], steps: 20, measure: { everyEpochs: 0 }, base: shared, arms };
  writeFileSync(join(folder, 'study.json'), JSON.stringify(study));
  execFileSync(PROGRAM, ['study', join(folder, 'study.json'), '--out', join(folder, 'out'), '--quiet']);
  const theirs = readFileSync(join(folder, 'out', 'results.json'), 'utf8');

  const page = await openPage(t, { strokes: true });
  const ours = await page.evaluate(async ([recipe, list, text]) => {
    await lab.reset(recipe);
    await lab.compare(list);
    await lab.repeat({ seeds: 2, first: 4, steps: 20 });
    const results = await lab.exportResults();
    await lab.pool(new Blob([results]), 'page');
    await lab.pool(new Blob([text]), 'study');
    return results;
  }, [shared, arms, theirs]);
  const hashes = (text) => JSON.parse(text).runs.filter(({ seed }) => seed === 4).map(({ arm, weightsHash }) => [arm, weightsHash]).sort();
  assert.deepEqual(hashes(ours), hashes(theirs));
  assert.deepEqual((await comparison(page)).pool.map(({ arm, test: accuracy }) => [arm, accuracy.n]), [['trained', 3], ['frozen at 10', 3]]);
});

test('ending a comparison, or changing its data set in the middle, mixes nothing', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.reset({ network: 'conv 4 5x5, relu, pool 2, dense 10', batch: 16 }));
  await page.evaluate(() => lab.compare([{ name: 'a' }, { name: 'b', freeze: ['conv1'] }]));
  const before = await page.evaluate(async () => {
    const long = lab.repeat({ seeds: 50, steps: 20 }).then(() => null, (problem) => problem.message);
    while (lab.state().seeds.done < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await lab.reset({ dataset: 'strokes', seed: 77 });
    return [await long, lab.state()];
  });
  assert.match(before[0], /is kept/);
  assert.equal(before[1].step, 0);
  assert.equal(before[1].seeds.running, false);
  assert.deepEqual(before[1].arms, ['a', 'b']);
  await page.evaluate(() => lab.step(5));
  await page.evaluate(() => lab.endComparison());
  const s = await state(page);
  assert.deepEqual(s.arms, ['this run']);
  assert.equal(s.step, 5);
  assert.match(await refusal(page, () => lab.endComparison()), /no comparison/);
  assert.match(await refusal(page, () => lab.compare('nonsense')), /Known ones: frozen/);
  assert.match(await refusal(page, () => lab.compare([{ name: 'a' }, { name: 'b', learningrate: 1 }])), /does not know "learningrate"/);
  assert.match(await refusal(page, () => lab.repeat({ seeds: 2 })), /a length: steps or epochs/);
});

test('a planned freeze and a replay give the same weights again', async (t) => {
  const page = await openPage(t, { strokes: true });
  const run = await page.evaluate(async () => {
    await lab.reset({ network: 'conv 4 5x5, relu, pool 2, dense 10', batch: 16 });
    await lab.plan([{ step: 6, layer: 'conv1', frozen: true }]);
    await lab.step(4);
    await lab.set({ learningRate: 0.01 });
    await lab.step(8);
    return lab.state();
  });
  assert.equal(run.layers.find(({ name }) => name === 'conv1').frozen, true);
  assert.deepEqual(run.history, [{ step: 4, learningRate: 0.01 }]);
  const first = await weights(page, 'fc1.weight');
  await page.evaluate(() => lab.replay());
  const again = await state(page);
  assert.equal(again.step, 12);
  assert.deepEqual((await weights(page, 'fc1.weight')).data, first.data);
  assert.equal(again.planned.length, 2);
});

test('a class link opens its comparison with a seed of one’s own, the same at every visit; what cannot be read is said', { skip: NEEDS_MNIST }, async (t) => {
  const page = await openPage(t);
  await waitForMnist(page);
  const address = await page.evaluate(async () => {
    const { classLink } = await import('./links/link.js');
    return classLink({ compare: 'frozen', dataset: 'mnist', steps: 40, seeds: 1 });
  });
  assert.match(address, /compare=frozen.*seed=own.*build=baseline/);
  const seeds = [];
  for (let visit = 0; visit < 2; visit++) {
    await page.goto(address);
    await page.waitForFunction(() => window.lab !== undefined);
    await page.evaluate(() => lab.ready.then(() => {}));
    const s = await waitForState(page, (now) => now.arms.length === 2);
    assert.deepEqual(s.arms, ['all trained', 'convs frozen']);
    assert.ok(s.seed > 0);
    seeds.push(s.seed);
  }
  assert.equal(seeds[0], seeds[1]);
  assert.notEqual(seeds[0], 1, 'drawn, not the page’s usual one');
  assert.equal(await page.locator('#strip-link').count(), 0, 'and nothing of the link was refused');
  const other = await openPage(t, { at: address });
  assert.notEqual((await waitForState(other, (now) => now.arms.length === 2)).seed, seeds[0], 'another browser has another');
  await page.goto(address.replace('compare=frozen', 'compare=nonsense'));
  await page.locator('#strip-link').filter({ hasText: 'There is no comparison' }).waitFor();
  await page.goto(address.replace('steps=40', 'steps=1e9'));
  await page.locator('#strip-link').filter({ hasText: 'no whole number' }).waitFor();
  await waitForState(page, (now) => now.arms.length === 2); // without a length of its own
  assert.ok(manifest.mnist);
});
