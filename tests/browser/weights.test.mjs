// Weights out of the page and into it: safetensors, sound and broken.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { openPage, refusal, state, test, weightsHash } from './support.mjs';

const exportWeights = async (page) => {
  const base64 = await page.evaluate(async () => {
    const bytes = await lab.exportWeights();
    if (!(bytes instanceof Uint8Array)) throw new Error('exportWeights() should give a Uint8Array');
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  });
  return Buffer.from(base64, 'base64');
};

/** Offers bytes to importWeights; gives its message, or null when it took them. */
const offer = (page, bytes) =>
  page.evaluate(async (base64) => {
    const file = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    return lab.importWeights(file).then(() => null, (error) => error.message);
  }, bytes.toString('base64'));

/** {header, body} of a safetensors file, and the way back. */
function split(file) {
  const size = Number(file.readBigUInt64LE(0));
  return { header: JSON.parse(file.toString('utf8', 8, 8 + size)), body: file.subarray(8 + size) };
}
function join({ header, body }) {
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, body]);
}
function changed(file, change) {
  const { header, body } = split(file);
  const parts = { header: structuredClone(header), body: Buffer.from(body) };
  change(parts);
  return join(parts);
}

test('exported weights are safetensors with PyTorch names and shapes, and come back bit for bit', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(5));
  const hash = await weightsHash(page);
  const file = await exportWeights(page);
  const { header, body } = split(file);
  const shapes = Object.fromEntries(Object.entries(header).filter(([name]) => name !== '__metadata__').map(([name, { shape }]) => [name, shape]));
  assert.deepEqual(shapes, {
    'conv1.weight': [20, 1, 5, 5], 'conv1.bias': [20], 'conv2.weight': [50, 20, 5, 5], 'conv2.bias': [50],
    'fc1.weight': [500, 800], 'fc1.bias': [500], 'fc2.weight': [10, 500], 'fc2.bias': [10],
  });
  assert.equal(body.length, 431_080 * 4);

  await page.evaluate(() => lab.reset({ seed: 7 }));
  assert.notEqual(await weightsHash(page), hash);
  assert.equal(await offer(page, file), null);
  assert.equal(await weightsHash(page), hash);
});

const BROKEN = {
  'nothing at all': () => Buffer.alloc(0),
  'not safetensors': () => Buffer.from('This is a letter, not a file of weights.'),
  'a header longer than the file': (file) => {
    const bytes = Buffer.from(file);
    bytes.writeBigUInt64LE(1n << 40n, 0);
    return bytes;
  },
  'cut short': (file) => file.subarray(0, file.length - 1000),
  'a wrong name': (file) =>
    changed(file, ({ header }) => {
      header['conv9.weight'] = header['conv1.weight'];
      delete header['conv1.weight'];
    }),
  'a wrong shape': (file) => changed(file, ({ header }) => (header['conv1.weight'].shape = [20, 1, 25])),
  'wrong offsets': (file) => changed(file, ({ header }) => (header['fc1.weight'].data_offsets[1] += 4)),
  'offsets past the end': (file) => changed(file, ({ header }) => (header['fc2.bias'].data_offsets = [2 ** 40, 2 ** 40 + 40])),
  'a value that is not a number': (file) => changed(file, ({ body }) => body.writeFloatLE(NaN, 4000)),
};

test('a broken weights file is refused with a sentence, and the session goes on unharmed', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(3));
  const file = await exportWeights(page);
  const hash = await weightsHash(page);
  for (const [what, make] of Object.entries(BROKEN)) {
    await t.test(what, async (part) => {
      const message = await offer(page, make(file));
      assert.notEqual(message, null, 'it was taken');
      part.diagnostic(message);
      assert.match(message, /^[“A-Z"a-z].*\.$/s, 'a sentence');
      assert.equal(await weightsHash(page), hash, 'the weights are as they were');
      const { step } = await state(page);
      assert.equal(step, 3);
    });
  }
  assert.equal((await page.evaluate(() => lab.step(2))).step, 5, 'training goes on');
});

test('importWeights() refuses what is no file', async (t) => {
  const page = await openPage(t, { strokes: true });
  assert.match(await refusal(page, '() => lab.importWeights("weights")'), /bytes of a file/);
  assert.match(await refusal(page, '() => lab.importWeights(new Blob([new Uint8Array(65 << 20)]))'), /64 MiB/);
});

test('weights and curves can be downloaded, and weights dropped onto the page', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(4));
  const hash = await weightsHash(page);
  const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(() => lab.saveWeights())]);
  assert.equal(download.suggestedFilename(), 'lenet-wss17-strokes-seed1-step4.safetensors');
  const bytes = readFileSync(await download.path());
  assert.ok(bytes.equals(await exportWeights(page)));

  const [curve] = await Promise.all([page.waitForEvent('download'), page.evaluate(() => lab.saveCurve())]);
  assert.equal(curve.suggestedFilename(), 'lenet-wss17-strokes-seed1-step4.csv');
  assert.equal(readFileSync(await curve.path(), 'utf8').trim().split('\n').length, 5);

  const { run } = await page.evaluate(() => lab.rewind());
  await page.evaluate((base64) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'weights.safetensors'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, bytes.toString('base64'));
  await page.waitForFunction((before) => lab.state().run > before, run);
  assert.equal(await weightsHash(page), hash);
});
