// Data that is missing or broken: a sentence, the strokes set, and a session that works.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fakeMnist, idxImages, idxLabels } from './idx.mjs';
import { hasMnist, openPage, refusal, waitForState } from './support.mjs';

/** After trouble with the data: on the strokes set, with a sentence, and training works. Gives the sentence. */
async function fallsBackToStrokes(t, data) {
  const page = await openPage(t, { data });
  const s = await waitForState(page, ({ notice, error }) => notice !== null || error !== null);
  const sentence = s.notice ?? s.error;
  t.diagnostic(sentence);
  assert.equal(s.dataset, 'strokes');
  assert.match(sentence, /strokes/);
  assert.equal(s.diverged, false);
  const after = await page.evaluate(() => lab.step(5));
  assert.equal(after.step, 5);
  assert.match(await refusal(page, '() => lab.reset({dataset: "mnist"})'), /MNIST/);
  assert.equal((await page.evaluate(() => lab.step(1))).step, 6, 'the refused reset left the run alone');
  return sentence;
}

const MISSING = {
  'a manifest without MNIST': { 'index.json': '{}' },
  'no manifest': {},
  'a manifest that is no JSON': { 'index.json': '<html>' },
  'a file that the server does not have': (() => {
    const files = fakeMnist();
    delete files['fake/train-images.gz'];
    return files;
  })(),
  'a connection that breaks off': { ...fakeMnist(), 'fake/test-images.gz': 'abort' },
};

for (const [what, data] of Object.entries(MISSING)) {
  test(`missing data: ${what}`, async (t) => {
    await fallsBackToStrokes(t, data);
  });
}

const BROKEN = {
  'train images cut short': [{ change: (files) => (files['train-images'] = files['train-images'].subarray(0, 200_000)) }, /train-images/],
  'corrupt gzip': [{ change: (files) => files['train-images'].fill(0x55, 3000, 9000) }, /train-images/],
  'a wrong magic number': [{ files: { 'train-images': idxImages(5200, { magic: 0x1234 }) } }, /magic|IDX/],
  'image and label counts that differ': [{ files: { 'train-labels': idxLabels(5100) } }, /5,?100/],
  'a label over 9': [{ files: { 'train-labels': idxLabels(5200, { label: (i) => (i === 77 ? 12 : i % 10) }) } }, /label/],
};

for (const [what, [options, pattern]] of Object.entries(BROKEN)) {
  test(`broken data: ${what}`, async (t) => {
    assert.match(await fallsBackToStrokes(t, fakeMnist(options)), pattern);
  });
}

test('a sound data set in MNIST’s format is taken, and trained on', async (t) => {
  const page = await openPage(t, { data: fakeMnist() });
  const s = await waitForState(page, ({ data, dataset }) => dataset === 'mnist' && data.trainAvailable === 5200 && data.testAvailable === 100);
  assert.equal(s.notice, null);
  assert.equal((await page.evaluate(() => lab.step(6))).epoch, 1, '200 images are three minibatches of 64 and one of 8 at most');
});

test('MNIST arrives whole', async (t) => {
  if (!hasMnist) return t.skip('needs MNIST');
  const page = await openPage(t);
  const s = await waitForState(page, ({ data, dataset }) => dataset === 'mnist' && data.trainAvailable === 60000 && data.testAvailable === 10000);
  assert.equal(s.notice, null);
  assert.equal(s.error, null);
});

test('training starts on the first chunk and waits for the others', async (t) => {
  const files = fakeMnist({ train: 20_000 });
  let release;
  const released = new Promise((resolve) => (release = resolve));
  // The server holds the test images back; training needs none of them.
  const prepare = (page) =>
    page.route('**/data/**', async (route) => {
      const path = new URL(route.request().url()).pathname.replace(/^.*\/data\//, '');
      if (path.endsWith('test-images.gz')) await released;
      await route.fulfill({ status: 200, body: files[path], contentType: path.endsWith('.json') ? 'application/json' : 'application/gzip' });
    });
  const page = await openPage(t, { prepare });
  await waitForState(page, ({ dataset }) => dataset === 'mnist');
  assert.equal((await page.evaluate(() => lab.step(3))).step, 3);
  assert.equal((await page.evaluate(() => lab.state())).data.testAvailable, 0);
  release();
  await waitForState(page, ({ data }) => data.testAvailable === 100);
});
