// CIFAR-10: loaded when it is chosen, in colour, with the names of its classes; without it the run stays.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { fakeMnist } from './idx.mjs';
import { signedColor } from './palette.mjs';
import { click, holdDownload, manifest, openPage, refusal, SITE, stillPicture, test, waitForMnist, waitForState, weights, WHOLE } from './support.mjs';

const RECORD = 3073;
const TOLERANCE = 2;
const files = manifest.cifar10?.files;

const sum = (list) => list.reduce((total, { images }) => total + images, 0);

/** The colours at the centres of a picture's `side` × `side` cells, row by row. */
function cellColours(picture, { x, y, width, height }, side) {
  const at = (i) => picture.at(Math.floor(x + ((i % side) + 0.5) * (width / side)), Math.floor(y + (Math.floor(i / side) + 0.5) * (height / side)));
  return Array.from({ length: side * side }, (_, i) => at(i));
}

/** Three planes of numbers, one after the other, as one triple a cell. */
const triples = (values) => {
  const cells = values.length / 3;
  return Array.from({ length: cells }, (_, i) => [values[i], values[cells + i], values[2 * cells + i]]);
};

function assertColours(seen, expected, what) {
  seen.forEach((colour, i) => {
    const difference = Math.max(...[0, 1, 2].map((c) => Math.abs(colour[c] - expected[i][c])));
    assert.ok(difference <= TOLERANCE, `${what}, cell ${i}: ${colour} on screen, ${expected[i]} in the data`);
  });
}

/** The first test image's pixels, [channel][y][x], and its label. */
function firstTestImage() {
  const { url } = files.test[0];
  const raw = readFileSync(join(SITE, 'data', url));
  const record = (url.endsWith('.gz') ? gunzipSync(raw) : raw).subarray(0, RECORD);
  return { label: record[0], pixels: Array.from(record.subarray(1)) };
}

test('CIFAR-10 is loaded when it is chosen: 20 filters in colour, its images, its labels, and it trains', async (t) => {
  if (!files) return t.skip('CIFAR-10 is not beside the page');
  const asked = [];
  const page = await openPage(t, { viewport: WHOLE, prepare: (p) => p.on('request', (r) => asked.push(r.url())) });
  if (manifest.mnist) await waitForMnist(page);
  assert.deepEqual(asked.filter((url) => url.includes('cifar10')), [], 'it is not fetched before it is chosen');

  await click(page, 'dataset');
  await click(page, 'dataset.cifar10');
  const s = await waitForState(page, ({ dataset, wantedData }) => dataset === 'cifar10' && wantedData === null);
  assert.deepEqual(s.input, [3, 32, 32]);
  assert.equal(s.data.trainCount, sum(files.train));
  assert.equal(s.data.testCount, sum(files.test));
  assert.equal(s.classes.length, 10);
  assert.equal(s.error, null);

  const { label, pixels } = firstTestImage();
  assert.equal(s.image.label, label);
  assert.equal(s.classes[label], 'cat');
  assert.equal((await page.evaluate(() => lab.step(1))).step, 1);

  const { picture, places } = await stillPicture(page);
  assertColours(cellColours(picture, places.input, 32), triples(pixels), 'the input image');

  const { shape, data } = await weights(page, 'conv1.weight');
  assert.deepEqual(shape, [20, 3, 5, 5]);
  const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  let colourful = 0;
  for (let k = 0; k < 20; k++) {
    assert.ok(places[`tile.conv1.${k}`], `tile ${k} is not on screen`);
    const seen = cellColours(picture, places[`tile.conv1.${k}`], 5);
    assertColours(seen, triples(data.subarray(75 * k, 75 * (k + 1))).map((w) => signedColor(w, scale)), `filter ${k}`);
    colourful += seen.some((colour) => Math.max(...colour.slice(0, 3)) - Math.min(...colour.slice(0, 3)) > 30);
  }
  assert.equal(colourful, 20, 'every tile has colours, not greys alone');
  for (const name of ['strip.fc2', 'probability.9', 'patch.current', 'projection.current', 'kernel']) assert.ok(places[name], `${name} is on screen`);

  await waitForState(page, ({ data: { trainAvailable, trainCount } }) => trainAvailable === trainCount);
  const back = await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  assert.equal(back.classes[7], '7');
  assert.equal((await page.evaluate(() => lab.reset({ dataset: 'cifar10' }))).dataset, 'cifar10', 'what is here is not loaded again');
});

const batch = (name, images) => ({ url: `fake/${name}.bin`, bytes: images * RECORD, images });
const listed = (train, test) => ({ cifar10: { files: { train, test } } });

const MISSING = {
  'not in the manifest': [{}, {}, /not beside this page.*get-data --cifar10/],
  'a batch that the server does not have': [listed([batch('train', 12_000)], [batch('test', 10)]), { 'fake/test.bin': Buffer.alloc(10 * RECORD) }, /train.bin could not be loaded/],
  'a batch that is none': [listed([batch('train', 12_000)], [batch('test', 10)]), { 'fake/test.bin': Buffer.alloc(10 * RECORD, 77) }, /label of image 0/],
  'a manifest without numbers': [listed([{ url: 'fake/train.bin' }], []), {}, /no proper list/],
};

for (const [what, [entry, served, pattern]] of Object.entries(MISSING)) {
  test(`CIFAR-10 that cannot be had leaves the run as it was: ${what}`, async (t) => {
    const mnist = fakeMnist();
    const index = JSON.stringify({ ...JSON.parse(mnist['index.json']), ...entry });
    const page = await openPage(t, { data: { ...mnist, ...served, 'index.json': index } });
    await waitForMnist(page);
    await page.evaluate(() => lab.step(2));
    const sentence = await refusal(page, '() => lab.reset({dataset: "cifar10"})');
    t.diagnostic(sentence);
    assert.match(sentence, pattern);
    assert.match(sentence, /The run before \(MNIST\) stays\.$/);
    const s = await waitForState(page, ({ error }) => error !== null);
    assert.equal(s.error, sentence);
    assert.equal(s.dataset, 'mnist');
    assert.equal(s.wantedData, null);
    assert.match(await refusal(page, '() => lab.reset({dataset: "cifar10"})'), pattern, 'the next try says it again');
    assert.equal((await page.evaluate(() => lab.step(1))).step, 3);
  });
}

test('while CIFAR-10 arrives the run before is on show; what was asked for begins with the new one', async (t) => {
  const train = Buffer.alloc(12_000 * RECORD);
  const index = JSON.stringify(listed([batch('train', 12_000)], [batch('test', 10)]));
  const prepare = holdDownload('train.bin');
  const page = await openPage(t, { data: { 'index.json': index, 'fake/train.bin': train, 'fake/test.bin': train.subarray(0, 10 * RECORD) }, prepare });
  await waitForState(page, ({ notice }) => notice !== null); // no MNIST
  await page.evaluate(() => {
    window.chosen = lab.reset({ dataset: 'cifar10', network: 'conv 4 5x5, relu, pool 4, dense 10' });
    window.trained = chosen.then(() => lab.step(2));
  });
  const waiting = await waitForState(page, ({ wantedData }) => wantedData?.count === 12_000);
  assert.equal(waiting.dataset, 'strokes');
  assert.equal(waiting.wantedData.name, 'cifar10');
  await page.evaluate(() => releaseData());
  const s = await page.evaluate(() => trained);
  assert.equal(s.dataset, 'cifar10');
  assert.equal(s.step, 2);
});
