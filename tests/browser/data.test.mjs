// Data that is missing or broken: a sentence, the strokes set, and a session that works.

import assert from 'node:assert/strict';

import { fakeMnist, idxImages, idxLabels } from './idx.mjs';
import { hasMnist, holdDownload, openPage, refusal, test, waitForState, weightsHash } from './support.mjs';

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

test('training starts on the first chunk, waits for the others, and is the same bits as with all at once', async (t) => {
  // 20,000 images, the first 5,000 held out: with 12,000 here, one chunk of 5,000 is there to train on.
  const prepare = holdDownload('train-images.gz', 0.6);
  const page = await openPage(t, { data: fakeMnist({ train: 20_000 }), prepare });
  await waitForState(page, ({ dataset, data }) => dataset === 'mnist' && data.trainAvailable > 11_000);
  await page.evaluate(() => lab.reset({ batch: 500 }));
  await page.evaluate(() => {
    window.twelve = lab.step(12);
  });
  const waiting = await waitForState(page, (s) => s.waitingForData && s.step === 10);
  assert.ok(waiting.data.trainAvailable < 20_000);
  const after = await page.evaluate(() => {
    releaseData();
    return twelve;
  });
  assert.equal(after.step, 12);
  const hash = await weightsHash(page);
  await waitForState(page, ({ data }) => data.trainAvailable === 20_000);
  await page.evaluate(() => lab.rewind().then(() => lab.step(12)));
  assert.equal(await weightsHash(page), hash);
});

test('a download that breaks off while training says so and leaves the run alone', async (t) => {
  const prepare = (page) =>
    page.addInitScript(() => {
      const original = window.fetch;
      const broken = new Promise((resolve) => (window.breakData = resolve));
      window.fetch = async (url, options) => {
        const response = await original(url, options);
        if (!String(url).endsWith('train-images.gz')) return response;
        const bytes = new Uint8Array(await response.arrayBuffer());
        const body = new ReadableStream({
          async start(controller) {
            controller.enqueue(bytes.subarray(0, Math.floor(0.6 * bytes.length)));
            await broken;
            controller.error(new TypeError('network error'));
          },
        });
        return new Response(body, { status: 200 });
      };
    });
  const page = await openPage(t, { data: fakeMnist({ train: 20_000 }), prepare });
  await waitForState(page, ({ dataset, data }) => dataset === 'mnist' && data.trainAvailable > 11_000);
  await page.evaluate(() => lab.reset({ batch: 500 }).then(() => lab.step(4)));
  const hash = await weightsHash(page);
  await page.evaluate(() => breakData());
  await page.evaluate(() => lab.step(3)); // what had arrived is still good
  await page.evaluate(() => lab.play());
  const s = await waitForState(page, ({ error, notice, playing }) => (error ?? notice) !== null && !playing);
  t.diagnostic(s.error ?? s.notice);
  assert.match(s.error ?? s.notice, /broke off|network error/);
  assert.equal(s.step, 10);
  await page.evaluate(() => lab.rewind().then(() => lab.step(4)));
  assert.equal(await weightsHash(page), hash);
  assert.equal((await page.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(2)))).step, 2);
});
