// The labs as a person has them: their tabs and keys, what is saved of them, and a narrow page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { click, frames, openPage, parkMouse, rectangle, screenshot, state, test, viewsDone, waitForState, WHOLE } from './support.mjs';
import { decodePng } from './png.mjs';

/** Each lab's views, in the order of the tabs and, the first ten, of the keys 1 to 9 and 0. */
const LABS = {
  network: [],
  compare: [],
  top: ['top'],
  evolution: ['evolution'],
  invariance: ['invariance'],
  occlusion: ['occlusion'],
  architecture: ['architecture'],
  lookBack: ['lookBack', 'sanity'],
  classes: ['classes', 'maximise'],
  random: ['random'],
  closer: ['closer'],
  confusion: ['images', 'confusion'],
};
const LOOKING = Object.keys(LABS).filter((word) => LABS[word].length > 0);

/** Which part of the picture's cells of 8 × 8 pixels is not all of one colour, below its first `top` pixels. */
function inked(picture, top = 0) {
  let [cells, filled] = [0, 0];
  for (let y = top; y + 8 <= picture.height; y += 8) {
    for (let x = 0; x + 8 <= picture.width; x += 8) {
      const first = picture.at(x, y).join();
      let same = true;
      for (let i = 1; i < 64 && same; i++) same = picture.at(x + (i % 8), y + Math.floor(i / 8)).join() === first;
      cells++;
      filled += !same;
    }
  }
  return filled / cells;
}

/** The part of pixels in which two pictures of one size differ. */
function difference(a, b) {
  let different = 0;
  for (let y = 0; y < a.height; y += 2) for (let x = 0; x < a.width; x += 2) different += a.at(x, y).join() !== b.at(x, y).join();
  return (4 * different) / (a.width * a.height);
}

/** The part of two pictures, of whatever size, that has the same colours: the overlap of their histograms, 0 … 1. */
function sharedColours(a, b) {
  const histogram = ({ width, height, at }) => {
    const counts = new Map();
    const steps = 200; // samples each way
    for (let i = 0; i < steps * steps; i++) {
      const colour = at(Math.floor((((i % steps) + 0.5) * width) / steps), Math.floor(((Math.floor(i / steps) + 0.5) * height) / steps)).map((c) => c >> 5).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 1 / (steps * steps));
    }
    return counts;
  };
  const [one, other] = [histogram(a), histogram(b)];
  return [...one].reduce((sum, [colour, part]) => sum + Math.min(part, other.get(colour) ?? 0), 0);
}

/** The screenshot of the lab's card. */
async function viewPicture(page) {
  await parkMouse(page);
  const { x, y, width, height } = await rectangle(page, 'view');
  return screenshot(page, { x: Math.ceil(x), y: Math.ceil(y), width: Math.floor(width) - 1, height: Math.floor(height) - 1 });
}

test('every lab opens by its tab and by its key, is worked out, and shows something of its own', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(3));
  const pictures = {};
  for (const word of LOOKING) {
    await click(page, `lab.${word}`);
    const s = await viewsDone(page, LABS[word], word === 'evolution' ? 2 : 3);
    assert.equal(s.lab, word);
    assert.ok(s.views.every(({ error, running }) => error === null && !running));
    pictures[word] = await viewPicture(page);
    const part = inked(pictures[word], 90);
    t.diagnostic(`${word}: ${(100 * part).toFixed(0)} % of its card is drawn on`);
    assert.ok(part > 0.04, `${word} is nearly empty: ${part}`);
    for (const other of Object.keys(pictures)) {
      if (other !== word) assert.ok(difference(pictures[word], pictures[other]) > 0.05, `${word} looks like ${other}`);
    }
  }
  const keys = Object.keys(LABS).slice(0, 10);
  for (const word of [...keys].reverse()) {
    await page.keyboard.press(String((keys.indexOf(word) + 1) % 10));
    await page.waitForFunction((name) => lab.state().lab === name, word, { timeout: 10_000 });
    if (word !== 'evolution') await viewsDone(page, LABS[word], 3);
  }
  assert.equal((await state(page)).lab, 'network');
  assert.equal((await state(page)).error, null);
});

/** Header and data of a .npy file of float32. */
function decodeNpy(bytes) {
  assert.equal(bytes.toString('latin1', 0, 6), '\x93NUMPY');
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, 10 + length);
  assert.match(header, /'descr': '<f4', 'fortran_order': False/);
  const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(',').filter((part) => part.trim() !== '').map(Number);
  const data = bytes.subarray(10 + length);
  return { shape, data: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)) };
}

const bytesOf = async (page, call) => Buffer.from(await page.evaluate(`(async () => {
  const answer = await (${call})();
  const bytes = new Uint8Array(answer instanceof Blob ? await answer.arrayBuffer() : answer);
  let text = '';
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
})()`), 'base64');

test('what a view found is exported as CSV and .npy, and saved by the buttons', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(3).then(() => lab.open('lookBack')));
  await viewsDone(page, LABS.lookBack, 3);
  const csv = await page.evaluate(() => lab.exportView('lookBack'));
  assert.match(csv, /^y,x,drop\r\n0,0,/);
  assert.equal(csv.trimEnd().split('\r\n').length, 1 + 784);
  const found = await page.evaluate(() => lab.view('lookBack').then(({ arrays }) => ({ shape: arrays.projections.shape, data: [...arrays.projections.data] })));
  const npy = decodeNpy(await bytesOf(page, () => lab.exportView('lookBack', { array: 'projections' })));
  assert.deepEqual(npy.shape, [3, 1, 28, 28]);
  assert.deepEqual([...npy.data], found.data);

  const downloads = async (button, count) => {
    const files = [];
    const keep = (file) => files.push(file);
    page.on('download', keep);
    await click(page, button);
    for (let i = 0; i < 100 && files.length < count; i++) await page.waitForTimeout(50);
    page.off('download', keep);
    return Promise.all(files.map(async (file) => [file.suggestedFilename(), readFileSync(await file.path())]));
  };
  const tables = new Map(await downloads('lab.csv', 4));
  const saved = (ending) => `lenet-wss17-strokes-seed1-step3.${ending}`;
  assert.deepEqual([...tables.keys()].sort(), ['lookBack.csv', 'lookBack.facts.json', 'sanity.csv', 'sanity.facts.json'].map(saved));
  assert.equal(tables.get(saved('lookBack.csv')).toString(), csv);
  assert.equal(JSON.parse(tables.get(saved('lookBack.facts.json'))).step, 3);
  const arrays = await downloads('lab.npy', 6);
  assert.deepEqual(arrays.map(([name]) => name.replace(/^lenet-wss17-strokes-seed1-step3\./, '')).sort(), [
    'lookBack.drop.npy', 'lookBack.image.npy', 'lookBack.projections.npy',
    'sanity.correlation.npy', 'sanity.pictures.npy', 'sanity.size_correlation.npy',
  ]);
  for (const [, bytes] of arrays) {
    const { shape, data } = decodeNpy(bytes);
    assert.equal(data.length, shape.reduce((a, b) => a * b));
  }
  const [[name, picture]] = await downloads('lab.png', 1);
  assert.equal(name, 'lenet-wss17-strokes-seed1-step3.lookBack.png');
  const { width } = await rectangle(page, 'view');
  assert.equal(decodePng(picture).width, Math.round(2 * width));
});

test('a picture is the lab’s card at its scale, and the page goes on as before', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(3).then(() => lab.open('occlusion')));
  await viewsDone(page, LABS.occlusion, 3);
  const before = await viewPicture(page);
  const card = await rectangle(page, 'view');
  for (const scale of [1, 2, 4]) {
    const picture = decodePng(await bytesOf(page, `() => lab.picture({ scale: ${scale} })`));
    assert.deepEqual([picture.width, picture.height], [Math.round(scale * card.width), Math.round(scale * card.height)], `at ${scale}×`);
    // At another scale a map is as large as fits with whole picture pixels again: the same colours, at other places.
    if (scale > 1) {
      const shared = sharedColours(before, picture);
      t.diagnostic(`at ${scale}× ${(100 * shared).toFixed(0)} % have the page's colours`);
      assert.ok(shared > 0.88, `at ${scale}× only ${shared} has the page’s colours`);
      assert.ok(inked(picture, 90 * scale) > 0.02, `at ${scale}× it is nearly empty`);
    } else {
      const [left, top] = [Math.ceil(card.x) - card.x, Math.ceil(card.y) - card.y].map(Math.round);
      const same = { ...before, at: (x, y) => picture.at(x + left, y + top) };
      assert.ok(difference(before, same) < 0.001, 'at 1× it is what the page shows');
    }
  }
  assert.equal(difference(await viewPicture(page), before), 0, 'the page is as it was');
  assert.deepEqual(await rectangle(page, 'view'), card);
});

test('a narrow page has the labs in a tab, with a choice of them, and nothing is wider than the page', async (t) => {
  const viewport = { width: 420, height: 800 };
  const page = await openPage(t, { strokes: true, viewport });
  await page.evaluate(() => lab.step(3).then(() => lab.lock('conv2', 3)));
  await frames(page, 5);
  const fits = async (what) => {
    await frames(page, 5);
    for (const [name, { x, width }] of Object.entries(await page.evaluate(() => lab.ui()))) {
      assert.ok(x >= 0 && x + width <= viewport.width, `${what}: ${name} reaches from ${x} to ${x + width}`);
    }
  };
  await fits('the first tab');
  await click(page, 'tab.labs');
  const first = await viewsDone(page, ['top'], 3);
  assert.equal(first.lab, 'top');
  await rectangle(page, 'view');
  await fits('top');
  for (const word of LOOKING.slice(1)) {
    await click(page, 'labs');
    await frames(page, 4);
    await click(page, `labs.${word}`);
    const s = await viewsDone(page, LABS[word], word === 'evolution' ? 2 : 3);
    assert.equal(s.lab, word);
    await fits(word);
    assert.ok(inked(await viewPicture(page), 60) > 0.04, `${word} is nearly empty`);
  }
  await click(page, 'tab.network');
  await waitForState(page, (s) => s.views.length === 0);
  await page.evaluate(() => lab.open('occlusion'));
  await viewsDone(page, LABS.occlusion, 3);
});
