// The timeline, and what open labs must never do: change what is trained, or fail when the network is another one.

import assert from 'node:assert/strict';

import { paletteColor } from './palette.mjs';
import { click, frames, openPage, rectangle, refusal, state, stillPicture, test, viewsDone, waitForState, weights, weightsHash, WHOLE } from './support.mjs';

/** The largest difference between the conv-1 tiles on screen and these weights, on the tiles' own scale. */
async function tilesDiffer(page, data) {
  const { picture, places } = await stillPicture(page);
  let largest = 0;
  for (let tile = 0; tile < 20; tile++) {
    const { x, y, width, height, scale } = places[`tile.conv1.${tile}`];
    for (let i = 0; i < 25; i++) {
      const shown = picture.at(Math.floor(x + ((i % 5) + 0.5) * (width / 5)), Math.floor(y + (Math.floor(i / 5) + 0.5) * (height / 5)));
      paletteColor(data[tile * 25 + i], scale).forEach((c, j) => (largest = Math.max(largest, Math.abs(c - shown[j]))));
    }
  }
  return largest;
}

const conv1 = async (page) => (await weights(page, 'conv1.weight')).data;
const shown = (page, step, past = true) =>
  page.waitForFunction(([wanted, moment]) => lab.state().timeline.shown === wanted && lab.state().timeline.showsMoment === moment, [step, past], { timeout: 10_000 });

/** Drags the timeline's knob with the real mouse; from and to are parts of the bar. */
async function drag(page, from, to) {
  const { x, y, width, height } = await rectangle(page, 'timeline');
  const at = (part) => [x + 1 + part * (width - 2), y + height / 2];
  await page.mouse.move(...at(from));
  await frames(page, 2);
  await page.mouse.down();
  await frames(page, 2);
  for (const part of [0.5, 1]) {
    await page.mouse.move(...at(from + (to - from) * part));
    await frames(page, 2);
  }
  await page.mouse.up();
  await frames(page, 2);
}

test('timeline: dragged to a stored step the page shows that step’s filters, by key and button the others; Play goes on from the end', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  const initial = await conv1(page);
  await page.evaluate(() => lab.step(10));
  const tenth = await conv1(page);
  await page.evaluate(() => lab.step(2));
  const present = await conv1(page);
  assert.deepEqual((await state(page)).timeline.moments, [0, 1, 2, 5, 10]);
  assert.ok((await tilesDiffer(page, present)) <= 2, 'the present’s tiles');
  const { scale } = await rectangle(page, 'tile.conv1.0');
  assert.equal(scale, present.reduce((most, w) => Math.max(most, Math.abs(w)), 0));

  await drag(page, 1, 0);
  await shown(page, 0);
  assert.ok((await tilesDiffer(page, initial)) <= 2, 'the tiles of step 0');
  assert.ok((await tilesDiffer(page, present)) > 8, 'the tiles are not the present’s');
  assert.equal((await rectangle(page, 'tile.conv1.0')).scale, scale, 'on the present’s colour scale');
  assert.equal((await state(page)).step, 12);
  assert.deepEqual(await conv1(page), present, 'a script asks about the run');

  for (const [key, step] of [[']', 1], [']', 2], ['[', 1], [']', 2], [']', 5], [']', 10]]) {
    await page.keyboard.press(key);
    await shown(page, step);
  }
  assert.ok((await tilesDiffer(page, tenth)) <= 2, 'the tiles of step 10');
  assert.match(await refusal(page, () => lab.moment(7)), /^Step 7 is not stored\. .* is 5\.$/);
  assert.equal((await state(page)).timeline.shown, 10, 'a refusal changes nothing');
  await page.keyboard.press(']');
  await shown(page, 12, false);
  await page.evaluate(() => lab.moment(5));
  await shown(page, 5);
  await drag(page, 0.5, 1);
  await shown(page, 12, false);
  await page.evaluate(() => lab.moment(5));
  await frames(page);
  await click(page, 'timeline.present');
  await shown(page, 12, false);
  assert.ok((await tilesDiffer(page, present)) <= 2, 'the present again');

  await page.evaluate(() => lab.moment(0));
  await frames(page);
  await click(page, 'play');
  await waitForState(page, (s) => s.step > 14);
  assert.equal((await state(page)).timeline.showsMoment, false, 'Play leaves the past');
  await click(page, 'play');
  const { step } = await waitForState(page, (s) => !s.playing);
  const looked = await weightsHash(page);
  await page.evaluate((n) => lab.reset({ dataset: 'strokes', seed: 1 }).then(() => lab.step(n)), step);
  assert.equal(await weightsHash(page), looked, `${step} steps with and without looking back`);
});

test('timeline: labs look at the stored step, and its weights answer', async (t) => {
  const page = await openPage(t, { strokes: true });
  const before = await page.evaluate(async () => [...(await lab.predict(0)).probabilities]);
  await page.evaluate(() => lab.step(5).then(() => lab.open('classes')));
  await viewsDone(page, ['classes', 'maximise'], 5);
  await page.evaluate(() => lab.moment(0));
  await viewsDone(page, ['classes', 'maximise'], 0);
  const { facts } = await page.evaluate(() => lab.view('classes'));
  facts.probabilities.forEach((p, i) => assert.ok(Math.abs(p - before[i]) < 1e-5, `p(${i}) at step 0`));
  await page.evaluate(() => lab.moment());
  await viewsDone(page, ['classes', 'maximise'], 5);
  await page.evaluate(() => lab.moment(2).then(() => lab.rewind()));
  const s = await viewsDone(page, ['classes', 'maximise'], 0);
  assert.deepEqual(s.timeline, { ...s.timeline, moments: [0], shown: 0, showsMoment: false });
});

test('open labs, questions and moments do not change what is trained', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(30));
  const alone = await weightsHash(page);
  const restart = () => page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }));

  for (const [word, views] of [['top', ['top']], ['lookBack', ['lookBack', 'sanity']]]) {
    await restart();
    await page.evaluate((name) => lab.open(name), word);
    await page.evaluate(async () => {
      for (let i = 0; i < 6; i++) await lab.step(5);
    });
    await viewsDone(page, views, 30);
    assert.equal(await weightsHash(page), alone, `with ${word} open`);
  }

  await restart();
  await page.evaluate(async () => {
    await lab.open('occlusion');
    await lab.step(10);
    const asked = [lab.look({ view: 'maximise', layer: 'fc2', unit: 1 }), lab.look({ view: 'sanity', layer: 'fc2', unit: 1, images: 4 })];
    await lab.step(5);
    await lab.moment(2);
    await lab.step(5);
    await lab.probe(64);
    await lab.step(10);
    await Promise.all(asked);
  });
  assert.equal((await state(page)).step, 30);
  assert.equal(await weightsHash(page), alone, 'with questions asked in between');
});

test('another network while a lab is open: said quietly or looked at anew, and the first one again', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.lock('conv2', 3).then(() => lab.open('top')));
  await viewsDone(page, ['top'], 0);
  assert.equal((await page.evaluate(() => lab.view('top'))).facts.layer, 'conv2');
  const settled = () => page.waitForFunction(() => lab.state().views.length > 0 && lab.state().views.every((v) => v.done || (v.error !== null && !v.running)), null, { timeout: 30_000, polling: 50 });

  for (const word of ['top', 'evolution', 'invariance', 'occlusion', 'architecture', 'lookBack', 'classes', 'random']) {
    await page.evaluate((name) => lab.open(name), word);
    await frames(page, 3);
    await page.evaluate(() => lab.reset({ preset: 'softmax' }));
    await settled();
    let s = await page.evaluate(() => lab.step(1));
    await settled();
    await frames(page, 3);
    s = await state(page);
    assert.equal(s.error, null, `${word}: nothing for the page’s banner`);
    assert.equal(s.step, 1);
    for (const { view, error } of s.views) {
      if (error !== null) assert.match(error, /^[“"A-Z].*\.$/s, `${view}: “${error}” should be a sentence`);
    }
    t.diagnostic(`${word} of a softmax: ${s.views.map(({ view, error }) => `${view} ${error ?? 'done'}`).join(', ')}; locked ${JSON.stringify(s.locked)}`);
    await page.evaluate(() => lab.reset({ preset: 'wss17' }).then(() => lab.lock('conv2', 3)));
    await settled();
    assert.ok((await state(page)).views.every((view) => view.done), `${word} of wss17 again`);
  }
  await page.evaluate(() => lab.open('top'));
  await viewsDone(page, ['top'], 0);
  assert.equal((await page.evaluate(() => lab.view('top'))).facts.layer, 'conv2');
});

test('a drawn image, black or not, is what the labs look at', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(5).then(() => lab.open('occlusion')));
  await viewsDone(page, ['occlusion'], 5);
  const image = async (pixels) => {
    await page.evaluate((drawn) => lab.show(drawn), pixels);
    await frames(page, 4);
    await viewsDone(page, ['occlusion'], 5);
    const { facts, arrays } = await page.evaluate(() => lab.view('occlusion').then((found) => ({ ...found, arrays: { image: [...found.arrays.image.data] } })));
    assert.equal(facts.labelled, false);
    assert.deepEqual(arrays.image, pixels.map(Math.fround));
  };
  await image(Array(784).fill(0));
  await image(Array.from({ length: 784 }, (_, i) => (i % 28 > 12 && i % 28 < 16 ? 1 : 0)));
  for (const [word, views] of [['invariance', ['invariance']], ['lookBack', ['lookBack', 'sanity']], ['classes', ['classes', 'maximise']]]) {
    await page.evaluate(([name, pixels]) => lab.show(pixels).then(() => lab.open(name)), [word, Array(784).fill(0)]);
    const s = await viewsDone(page, views, 5);
    assert.ok(s.views.every(({ error }) => error === null), word);
  }
});
