// The drawing pad, with real pointer and key events, and the drawings that are kept.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { Drawing } from '../../web/draw/drawing.js';
import { signedColor } from '../../web/draw/palette.js';
import { paletteColor } from './palette.mjs';
import { click, frames, openPage, refusal, state, test, viewsDone, waitForState, WHOLE } from './support.mjs';

/** The least that has the dock beside the canvas: much less to draw than the whole page. */
const DOCKED = { width: 900, height: 700 };
const PHONE = { width: 390, height: 844 };

/** Opens the pad; the canvas beside it, which is drawn in software here, is left out. */
async function openPad(page) {
  await page.evaluate(() => lab.open('draw'));
  await page.evaluate(() => lab.set({ overlay: false }));
  await page.waitForSelector('.draw-pad canvas', { state: 'visible' });
}

/** Where a point of the pad, in parts of its side, is on the page. */
async function onPad(page, points) {
  const { x, y, width, height } = await page.locator('.draw-pad canvas').boundingBox();
  return points.map(([a, b]) => [x + a * width, y + b * height]);
}

/** One stroke of the real mouse through these points. */
async function stroke(page, points) {
  const [first, ...rest] = await onPad(page, points);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
}

/** A 1 in the pad's upper left corner. */
const kOne = [[0.2, 0.1], [0.22, 0.3], [0.2, 0.5]];
/** A bar beside it. */
const kBar = [[0.7, 0.8], [0.9, 0.8]];

/** The 28×28 image that the pad shows, 0 … 255, once the page shows it too. */
async function seen(page) {
  await waitForState(page, ({ image }) => image.drawing);
  await page.waitForFunction(() => document.querySelector('.draw-right').ariaBusy !== 'true');
  return page.evaluate(() => {
    const { data } = document.querySelector('.draw-image').getContext('2d').getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => data[4 * i]);
  });
}

const ink = (image) => image.reduce((sum, value) => sum + value, 0);

function centreOfMass(image) {
  const mass = ink(image);
  return {
    x: image.reduce((sum, value, i) => sum + value * (i % 28), 0) / mass,
    y: image.reduce((sum, value, i) => sum + value * Math.floor(i / 28), 0) / mass,
  };
}

/** As in MNIST: the centre of mass within half a pixel of (14, 14), rounding apart. */
function assertCentred(image) {
  const centre = centreOfMass(image);
  assert.ok(Math.abs(centre.x - 14) < 0.6 && Math.abs(centre.y - 14) < 0.6, JSON.stringify(centre));
}

const press = (page, name) => page.locator(`[data-do="${name}"]`).click();
const says = (page) => page.locator('.draw-says').textContent();
const keptCount = (page) => page.locator('.kept-list li').count();

test('the palettes of plain canvases are those of the picture', () => {
  const glsl = readFileSync(new URL('../../shaders/palette.glsl', import.meta.url), 'utf8');
  const stops = [.../kStops\[15\][^;]*;/.exec(glsl)[0].matchAll(/vec3\((\d+)\.0, (\d+)\.0, (\d+)\.0\)/g)].map((match) => match.slice(1).map(Number));
  assert.equal(stops.length, 15);
  ['orange-blue', 'wss17', 'purple-green'].forEach((palette, p) => {
    for (let i = 0; i < 5; i++) assert.deepEqual(signedColor(i / 2 - 1, 1, palette), stops[5 * p + i], `${palette} ${i}`);
  });
});

test('a drawing goes back and forth through its strokes', () => {
  const drawing = new Drawing();
  drawing.add(['a']);
  drawing.add(['b']);
  drawing.clear();
  assert.equal(drawing.empty, true);
  drawing.undo();
  assert.deepEqual(drawing.strokes, [['a'], ['b']]);
  drawing.undo();
  drawing.add(['c']);
  assert.deepEqual(drawing.strokes, [['a'], ['c']]);
  assert.equal(drawing.canRedo, false);
  for (let i = 0; i < 1000; i++) drawing.add([i]);
  for (let i = 0; i < 2000; i++) drawing.undo();
  assert.equal(drawing.canUndo, false);
  assert.ok(drawing.strokes.length > 700, 'what is older than can be taken back stays drawn');
  drawing.clear();
  drawing.clear();
  drawing.undo();
  assert.ok(drawing.strokes.length > 700, 'clearing an empty pad is nothing to take back');
});

test('the mouse draws: centred by mass, predicted, shown everywhere; undo, redo, clear', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(20));
  await click(page, 'draw');
  await page.waitForSelector('.draw-pad canvas', { state: 'visible' });
  assert.equal((await state(page)).image.drawing, false, 'an open pad changes nothing yet');

  await stroke(page, kOne);
  const one = await seen(page);
  assertCentred(one);
  const rows = [...Array(28).keys()].filter((y) => one.slice(28 * y, 28 * y + 28).some((value) => value > 40));
  assert.ok(rows.length >= 19 && rows.length <= 22, `a digit is 20 pixels tall, this one ${rows.length}`);

  const { image } = await state(page);
  assert.equal(image.index, -1);
  assert.equal(image.label, -1);
  const { probabilities } = await page.evaluate((pixels) => lab.predict(pixels), one.map((value) => value / 255));
  image.probabilities.forEach((p, i) => assert.ok(Math.abs(p - Object.values(probabilities)[i]) < 1e-4, 'the page answers to what the pad shows'));
  const best = image.probabilities.indexOf(Math.max(...image.probabilities));
  assert.match(await says(page), new RegExp(`^It reads ${best}: .*, step 20$`));
  assert.equal(await page.locator('.draw-bars .best .name').textContent(), String(best));

  await page.evaluate(() => lab.lock('fc2', 7));
  const projection = page.locator('.draw-projection');
  await projection.filter({ hasText: 'What fc2, unit 7 answers to, by deconvnet' }).or(projection.filter({ hasText: 'fc2, unit 7 is silent' })).waitFor();
  const { data } = await page.evaluate((pixels) => lab.project('fc2', 7, { image: pixels }), one.map((value) => value / 255));
  const values = Object.values(data);
  const scale = Math.max(...values.map(Math.abs));
  const painted = await page.evaluate(() => [...document.querySelector('.draw-projection canvas').getContext('2d').getImageData(0, 0, 28, 28).data]);
  values.forEach((value, i) => paletteColor(value, scale).forEach((channel, c) => assert.ok(Math.abs(painted[4 * i + c] - channel) < 4, `pixel ${i}`)));

  await page.evaluate(() => lab.step(5)); // the answer follows the training
  await page.waitForFunction(() => document.querySelector('.draw-says').textContent.endsWith('step 25'));

  await page.evaluate(() => lab.open('occlusion'));
  await viewsDone(page, ['occlusion']);
  const covered = await page.evaluate(() => lab.view('occlusion').then(({ arrays }) => [...arrays.image.data]));
  assert.deepEqual(covered.map((value) => Math.round(255 * value)), one, 'the lab covers the drawing');
  await page.evaluate(() => lab.set({ overlay: false }));

  await stroke(page, kBar);
  const both = await seen(page);
  assert.notDeepEqual(both, one);
  await press(page, 'undo');
  assert.deepEqual(await seen(page), one);
  await page.keyboard.press('Control+y');
  assert.deepEqual(await seen(page), both);
  await page.locator('.draw-pad canvas').focus();
  await page.keyboard.press('Delete');
  assert.equal(ink(await seen(page)), 0);
  assert.match(await says(page), /^The pad is empty/);
  await page.keyboard.press('Control+z');
  assert.deepEqual(await seen(page), both);

  await page.evaluate(() => lab.show(3));
  await page.waitForFunction(() => /another image/.test(document.querySelector('.draw-says').textContent));
  await press(page, 'show');
  assert.deepEqual(await seen(page), both);
});

test('a finger draws on a phone: the page does not scroll away under it', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: PHONE });
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  await openPad(page);
  const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  const path = await onPad(page, Array.from({ length: 20 }, (_, i) => [0.5, 0.1 + 0.04 * i]));
  const [palm] = await onPad(page, [[0.1, 0.9]]);
  const before = await page.locator('.draw-pad canvas').boundingBox();
  await touch('touchStart', [path[0]]);
  for (const point of path) await touch('touchMove', [point]);
  await touch('touchStart', [path.at(-1), palm]); // a second finger does not draw
  await touch('touchEnd', []);
  const image = await seen(page);
  const columns = [...Array(28).keys()].filter((x) => [...Array(28).keys()].some((y) => image[28 * y + x] > 40));
  assert.ok(columns.length <= 5, `one straight stroke, no palm: ${columns}`);
  assert.deepEqual(await page.locator('.draw-pad canvas').boundingBox(), before, 'nothing has scrolled');
  assert.equal(await page.locator('[data-do="undo"]').isEnabled(), true);
});

test('drawings are kept, labelled, tested, removed and brought back, over a reload and in a file', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: DOCKED });
  await page.evaluate(() => lab.step(10));
  await openPad(page);
  for (const label of [1, 7]) {
    await stroke(page, kOne);
    await page.locator('.draw-labels button', { hasText: String(label) }).click();
    await page.waitForFunction((n) => document.querySelectorAll('.kept-list li').length === n, label === 1 ? 1 : 2);
  }
  assert.equal(await page.locator('.draw-pad p').isVisible(), true, 'the pad is free for the next');
  await page.locator('.kept-list select').nth(1).selectOption('4');

  await press(page, 'test');
  const result = page.locator('.kept-result');
  await page.waitForFunction(() => /n\s=\s2/.test(document.querySelector('.kept-result').textContent));
  const { labels, step } = await page.evaluate(async () => {
    const images = [...document.querySelectorAll('.kept-picture canvas')].map((canvas) =>
      Array.from({ length: 784 }, (_, i) => canvas.getContext('2d').getImageData(i % 28, Math.floor(i / 28), 1, 1).data[0] / 255));
    return lab.predictAll(images);
  });
  const right = [1, 4].filter((label, i) => labels[i] === label).length;
  assert.equal(await result.textContent(), `Step ${step}: ${right} of 2 drawings read right, ${(50 * right).toFixed(1)}\u00a0% (n\u00a0=\u00a02).`);
  assert.equal(await page.locator('.kept-list .wrong').count(), 2 - right);
  await page.locator('.kept-wrong').check();
  assert.equal(await keptCount(page), 2 - right);
  await page.locator('.kept-wrong').uncheck();
  await page.locator('.kept-picture').first().click();
  await waitForState(page, ({ image }) => image.index === -1 && !image.drawing);

  await page.locator('.kept-remove').first().click();
  assert.equal(await keptCount(page), 1);
  await press(page, 'restore');
  assert.equal(await keptCount(page), 2);

  await page.reload();
  await page.evaluate(() => lab.ready.then(() => {}));
  await openPad(page);
  assert.deepEqual(await page.locator('.kept-list select').evaluateAll((all) => all.map(({ value }) => value)), ['1', '4']);

  const saved = page.waitForEvent('download');
  await press(page, 'save');
  const file = await (await saved).path();
  await press(page, 'empty');
  assert.equal(await keptCount(page), 0);
  const load = async (files) => {
    const chooser = page.waitForEvent('filechooser');
    await press(page, 'load');
    await (await chooser).setFiles(files);
  };
  await load(file);
  await page.waitForFunction(() => document.querySelectorAll('.kept-list li').length === 2);
  const [good] = JSON.parse(readFileSync(file, 'utf8')).drawings;
  const text = (content) => ({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(content) });
  await load(text(JSON.stringify({ format: 'lenet-lab drawings 1', drawings: [good, { ...good, label: 12 }, null, { ...good, pixels: 'AAAA' }, { ...good, label: 9 }] })));
  await page.waitForFunction(() => document.querySelectorAll('.kept-list li').length === 3);
  assert.match(await result.textContent(), /^1 drawing added, 1 already here\. Drawing 2 was left out: .* Drawing 3 .* Drawing 4 .*3 pixels/);
  await load(text('{"format": "something else"}'));
  await page.waitForFunction(() => /holds no drawings/.test(document.querySelector('.kept-result').textContent));
  assert.equal(await keptCount(page), 3);

  await press(page, 'empty');
  await page.evaluate((content) => {
    const data = new DataTransfer();
    data.items.add(new File([content], 'digits.json', { type: 'application/json' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, readFileSync(file, 'utf8')); // dropped on the page they are drawings, and no results for the pool
  await page.waitForFunction(() => document.querySelectorAll('.kept-list li').length === 2);
});

test('a run is trained on kept drawings; for a network that reads other images the pad is closed', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: DOCKED });
  await openPad(page);
  const barAt = (column) => Array.from({ length: 784 }, (_, i) => (i % 28 >= column && i % 28 < column + 3 ? 1 : 0));
  const keep = (label, image) => page.evaluate(([l, pixels]) => lab.keep(l, pixels), [label, image]);
  await keep(1, barAt(12));
  await press(page, 'train');
  await page.waitForFunction(() => /at least \d+ are needed/.test(document.querySelector('.kept-result').textContent));
  assert.equal((await state(page)).dataset, 'strokes', 'too few: the run stays');

  for (let i = 0; i < 11; i++) await keep(i % 2 === 0 ? 0 : 1, barAt(i % 2 === 0 ? 3 + i : 12));
  await press(page, 'train');
  const s = await waitForState(page, ({ dataset, augmentation }) => dataset === 'own' && augmentation === 'shift 2');
  assert.equal(s.data.trainCount + s.data.testCount, 12);
  assert.match(await page.locator('.kept-result').textContent(), /^A new run on 12 drawings: \d+ for training, \d+ for the test/);
  await page.evaluate(() => lab.step(3));
  assert.ok((await state(page)).trainLoss > 0);
  await press(page, 'test');
  await page.waitForFunction(() => /^Step 3: .* of 12 drawings/.test(document.querySelector('.kept-result').textContent));

  const images = new Array(12 * 256).fill(0).map((_, i) => (i * 37) % 256);
  await page.evaluate((bytes) => lab.ownData({ shape: [1, 16, 16], train: { images: Uint8Array.from(bytes), labels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1] } }), images);
  await page.waitForFunction(() => /reads images of 1×16×16/.test(document.querySelector('.draw-unfit').textContent));
  await stroke(page, kOne);
  assert.equal(await page.locator('[data-do="undo"]').isEnabled(), false, 'no stroke is taken');
  assert.match(await refusal(page, () => lab.draw([1], 1, 1)), /1×16×16/);
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  await page.waitForFunction(() => document.querySelector('.draw-unfit').hidden);
});

test('where the browser stores nothing the page says so, and keeps drawings until it is closed', async (t) => {
  const prepare = (p) =>
    p.addInitScript(() => {
      window.refusal = 'SecurityError';
      Storage.prototype.setItem = () => {
        throw new DOMException('no', window.refusal);
      };
    });
  const page = await openPage(t, { strokes: true, viewport: DOCKED, prepare });
  await openPad(page);
  for (const [i, [error, sentence]] of [['SecurityError', /store nothing/], ['QuotaExceededError', /is full/]].entries()) {
    await page.evaluate((name) => (window.refusal = name), error);
    await stroke(page, kOne);
    await page.locator('.draw-labels button').nth(i).click();
    await page.waitForFunction((n) => document.querySelectorAll('.kept-list li').length === n, i + 1);
    assert.match(await page.locator('.kept-problem').textContent(), sentence);
  }
});

test('keys alone draw, keep, test and remove', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: DOCKED });
  await openPad(page);
  const key = async (name, times = 1) => {
    for (let i = 0; i < times; i++) await page.keyboard.press(name);
  };
  const tabTo = async (selector) => {
    for (let i = 0; i < 40; i++) {
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not lead to ${selector}`);
  };
  await tabTo('.draw-pad canvas');
  await key('ArrowUp', 8);
  await key(' ');
  await key('ArrowDown', 16);
  await key(' ');
  assertCentred(await seen(page));
  assert.equal((await state(page)).playing, false, 'the keys are the pad’s alone');
  assert.equal((await state(page)).step, 0);
  await key('1');
  await page.waitForFunction(() => document.querySelectorAll('.kept-list li').length === 1);
  await tabTo('[data-do="test"]');
  await key('Enter');
  await page.waitForFunction(() => /n\s=\s1/.test(document.querySelector('.kept-result').textContent));
  await tabTo('.kept-remove');
  await key('Enter');
  assert.equal(await keptCount(page), 0);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.do), 'restore', 'the focus stays where something can be done');
  await key('Enter');
  assert.equal(await keptCount(page), 1);
});

test('window.lab: draw() answers with what the network sees, predictAll() with all of one step; what cannot be is refused', async (t) => {
  const page = await openPage(t, { strokes: true });
  const { shape, sum } = await page.evaluate(async () => {
    const pixels = Array.from({ length: 50 * 40 }, (_, i) => (i % 50 > 10 && i % 50 < 14 ? 1 : 0));
    const answer = await lab.draw(pixels, 50, 40);
    return { shape: answer.shape, sum: answer.data.reduce((a, b) => a + b, 0) };
  });
  assert.deepEqual(shape, [1, 28, 28]);
  assert.ok(sum > 20);
  assert.equal((await state(page)).image.drawing, true);
  await page.evaluate(() => lab.step(3));
  const both = await page.evaluate(async () => {
    const images = [0.2, 0.7].map((value) => new Float32Array(784).fill(value));
    const all = await lab.predictAll(images);
    const alone = await lab.predict(images[1]);
    return { labels: all.labels, step: all.step, all: [...all.probabilities[1]], alone: [...alone.probabilities] };
  });
  assert.equal(both.step, 3);
  assert.deepEqual(both.all, both.alone);
  assert.match(await refusal(page, () => lab.draw([1, 2], 2, 1)), /from 0 to 1/);
  assert.match(await refusal(page, () => lab.draw([1, 0], 2, 2)), /4 pixels/);
  assert.match(await refusal(page, () => lab.draw([1], 5000, 1)), /width/);
  assert.match(await refusal(page, () => lab.draw()), /pixels/);
  assert.match(await refusal(page, () => lab.predictAll([])), /list of images/);
  assert.match(await refusal(page, () => lab.predictAll([[1, 0], [1]])), /one size/);
  assert.match(await refusal(page, () => lab.predictAll([[1, 0]])), /784/);
  assert.match(await refusal(page, () => lab.predictAll([3])), /not as indices/);

  const image = new Array(784).fill(0.5);
  const kept = await page.evaluate(async (pixels) => {
    await lab.keep(6, pixels);
    const [{ id, label, pixels: bytes }] = lab.drawings();
    await lab.removeDrawings(id);
    return { label, byte: bytes[0], length: bytes.length, left: lab.drawings().length };
  }, image);
  assert.deepEqual(kept, { label: 6, byte: 128, length: 784, left: 0 });
  assert.match(await refusal(page, (pixels) => lab.keep(10, pixels), image), /0 to 9/);
  assert.match(await refusal(page, () => lab.keep(1, [0, 1])), /784/);
  assert.match(await refusal(page, (pixels) => lab.keep(1, pixels), image.map(() => 2)), /784 pixels from 0 to 1/);
  await frames(page);
});
