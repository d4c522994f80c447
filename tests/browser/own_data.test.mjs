// Data of one's own: files of every kind are recognised, shown before they are used, and trained on; what is none is refused with a sentence and
// the run stays.

import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';

import { idxImages, idxLabels } from './idx.mjs';
import { encodePng } from './png.mjs';
import { frames, click, openPage, refusal, state, test, weightsHash, WHOLE } from './support.mjs';

const kNetwork = 'conv 4 5x5, relu, pool 2, dense 10';
const open = (t, options) => openPage(t, { strokes: true, ...options });

/** {path: bytes} as the page gets them from a drop or a picker. */
const packed = (files) => Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]);

/** In the page: entries made of packed files. */
const kUnpack = `const entriesOf = (files) => files.map(([path, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  return { path, file: new File([bytes], path.split('/').pop()) };
});`;

/** Drops files, without folders, anywhere on the page. */
const drop = (page, files) =>
  page.evaluate(`${kUnpack} {
    const transfer = new DataTransfer();
    for (const { file } of entriesOf(${JSON.stringify(packed(files))})) transfer.items.add(file);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }`);

/** What readOwnData() makes of files with paths: {name, shape, classes, train: {images, labels}, test, …}, or the sentence that it refuses with. */
const read = (page, files) =>
  page.evaluate(`(async () => {
    ${kUnpack}
    const { readOwnData } = await import('./own_data/files.js');
    const plain = (half) => half && { images: Array.from(half.images), labels: Array.from(half.labels) };
    try {
      const set = await readOwnData(entriesOf(${JSON.stringify(packed(files))}));
      return { ...set, train: plain(set.train), test: plain(set.test) };
    } catch (error) {
      return error.message;
    }
  })()`);

const dialogText = async (page) => {
  await page.waitForSelector('dialog[open] .own-summary');
  return page.locator('dialog[open]').innerText();
};

/** Two kinds of pictures that are easy to tell apart: ink in the left or in the right half. */
const halves = (count, side = 28) => {
  const file = idxImages(count, { side });
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < side * side; k++) file[16 + i * side * side + k] = (k % side < side / 2) === (i % 2 === 0) ? 200 + (i % 50) : i % 20;
  }
  return file;
};
const twoLabels = (count) => idxLabels(count, { label: (i) => i % 2 });

/** A PNG of one grey or [r, g, b], with a block of ink of another. */
const picture = (side, ground, ink, x0 = 0) =>
  encodePng(side, side, (x, y) => (x >= x0 && x < x0 + side / 2 && y < side / 2 ? ink : ground));

test('an IDX pair, gzipped, is dropped, shown, used and learnt; a second time it gives the same bits', async (t) => {
  const page = await open(t);
  await page.evaluate(async (network) => {
    await lab.reset({ network });
    await lab.step(2);
  }, kNetwork);
  const files = { 'my-images-idx3-ubyte.gz': gzipSync(halves(120)), 'my-labels-idx1-ubyte.gz': gzipSync(twoLabels(120)) };
  await drop(page, files);
  const text = await dialogText(page);
  assert.match(text, /120 images of 28 × 28 pixels, grey\./);
  assert.match(text, /2 classes: 0 \(60\), 1 \(60\)\./);
  assert.match(text, /Strokes set, at step 2, ends/);
  assert.equal((await state(page)).step, 2, 'nothing happens before somebody says so');
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await state(page)).dataset, 'strokes');

  const use = async () => {
    await drop(page, files);
    const { run } = await state(page);
    await page.getByRole('button', { name: 'Use it: a new run' }).click();
    await page.waitForFunction((before) => lab.state().run !== before, run);
    return page.evaluate(() => lab.step(20));
  };
  const s = await use();
  assert.equal(s.dataset, 'own');
  assert.equal(s.title, 'IDX files');
  assert.equal(s.data.trainCount, 100);
  assert.equal(s.data.testCount, 20);
  assert.match(s.data.hash, /^[0-9a-f]{16}$/);
  assert.ok(s.trainLoss < 0.5, `the loss fell to ${s.trainLoss}; guessing one of two is 0.69`);
  const hash = await weightsHash(page);
  const again = await use();
  assert.equal(again.data.hash, s.data.hash);
  assert.equal(await weightsHash(page), hash);
  const back = await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  assert.equal(back.ownData, 'IDX files', 'it stays among the data sets');
  assert.equal((await page.evaluate(() => lab.reset({ dataset: 'own' }))).data.hash, s.data.hash);
});

test('IDX files with test images; CIFAR-10 batches with names; classes of one’s own in the data field', async (t) => {
  const page = await open(t, { viewport: WHOLE });
  const pairs = await read(page, {
    'set/train-images-idx3-ubyte': halves(40, 20), 'set/train-labels-idx1-ubyte': twoLabels(40),
    'set/t10k-images-idx3-ubyte': halves(10, 20), 'set/t10k-labels-idx1-ubyte': twoLabels(10), 'set/.DS_Store': Buffer.from('litter'),
  });
  assert.deepEqual([pairs.name, pairs.shape, pairs.train.labels.length, pairs.test.labels.length], ['set', [1, 20, 20], 40, 10]);
  assert.deepEqual(pairs.train.images.slice(0, 400), Array.from(halves(1, 20).subarray(16)));

  const record = (label, red) => Buffer.concat([Buffer.from([label]), Buffer.alloc(1024, red), Buffer.alloc(2048, 9)]);
  const batch = (count) => Buffer.concat(Array.from({ length: count }, (_, i) => record(i % 2, i % 2 === 0 ? 250 : 30)));
  await drop(page, { 'data_batch_1.bin': batch(20), 'data_batch_2.bin': batch(4), 'test_batch.bin': batch(6), 'batches.meta.txt': Buffer.from('rose\nviolet\n'), 'readme.html': Buffer.from('<p>') });
  const text = await dialogText(page);
  assert.match(text, /30 images of 32 × 32 pixels, in colour\./);
  assert.match(text, /2 classes: rose \(15\), violet \(15\)\./);
  assert.match(text, /24 to train on, 6 to test with\./);
  assert.match(text, /Left out: readme\.html\./);
  await page.getByRole('button', { name: 'Use it: a new run' }).click();
  await page.waitForFunction(() => lab.state().dataset === 'own');
  const s = await state(page);
  assert.deepEqual(s.input, [3, 32, 32]);
  assert.deepEqual(s.classes.slice(0, 3), ['rose', 'violet', '–']);
  assert.equal(s.classes.length, 10);
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  await frames(page, 6); // the field has another entry now
  for (let i = 0; i < 5 && (await state(page)).dataset !== 'own'; i++) {
    await click(page, 'dataset');
    await frames(page, 4);
    if ((await page.evaluate(() => lab.ui()))['dataset.own']) await click(page, 'dataset.own');
    await frames(page, 6);
  }
  await page.waitForFunction(() => lab.state().dataset === 'own', null, { timeout: 5000 });
});

test('folders of PNGs: labels, sizes, grey and colour, test folders', async (t) => {
  const page = await openPage(t, { ready: false }); // the program has no part in it
  const some = (folder, ...what) => Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`${folder}/${i}.png`, picture(...what)]));
  const kept = await read(page, { ...some('set/b', 12, 0, 255), ...some('set/a', 12, 0, 255, 6), 'set/notes.md': Buffer.from('hello') });
  assert.deepEqual([kept.name, kept.shape, kept.classes, kept.leftOut, kept.darkOnLight], ['set', [1, 12, 12], ['a', 'b'], ['set/notes.md'], false]);
  assert.deepEqual(kept.train.labels, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  assert.deepEqual(kept.train.images.slice(0, 12), [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255], 'a picture of a size that fits keeps its pixels');

  const names = await read(page, { '7_1.png': picture(56, 255, 0), '3_1.png': picture(100, 255, 0), '3-2.png': picture(56, 255, 0) });
  assert.deepEqual([names.shape, names.classes, names.train.labels, names.darkOnLight, names.scaled], [[1, 28, 28], undefined, [3, 3, 7], true, true]);
  assert.deepEqual(names.train.images.slice(-784, -784 + 28), [...Array(14).fill(0), ...Array(14).fill(255)], 'half a side is half a side');

  const split = await read(page, { ...some('d/train/cat', 10, [9, 9, 9], [250, 0, 0]), ...some('d/train/dog', 10, 9, 200), ...some('d/test/dog', 10, 9, 200), 'd/test/cat/1.png': picture(10, 9, 99) });
  assert.deepEqual([split.shape, split.train.labels.length, split.test.labels], [[3, 10, 10], 10, [0, 1, 1, 1, 1, 1]]);
  assert.deepEqual([0, 100, 200].map((at) => split.train.images[at]), [250, 0, 0], 'red, green and blue planes');

  const wide = encodePng(40, 10, () => 128);
  const fitted = await read(page, { 'x_1.png': wide, 'y_1.png': picture(20, 0, 255) });
  assert.deepEqual(fitted.shape, [1, 28, 28]);
  assert.deepEqual(new Set(fitted.train.images.slice(0, 784)), new Set([128]), 'what is wider than high is fitted in, on its own ground');
});

test('what is no data set is refused by name, and the run stays', async (t) => {
  const page = await open(t);
  await page.evaluate(() => lab.step(1));
  const images = idxImages(12), labels = idxLabels(12);
  const cases = {
    'a corrupt gzip': [{ 'i.gz': gzipSync(images).subarray(0, -20), 'l': labels }, /^i\.gz cannot be read: it is damaged/],
    'a short IDX file': [{ i: images.subarray(0, 5000), l: labels }, /^i says that it has 12 images.*9,424 bytes, but it has 5,000/],
    'a header that promises gigabytes': [{ i: Buffer.concat([Buffer.from([0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28]), images]), l: labels }, /says that it has 4,294,967,295 images/],
    'labels alone': [{ l: labels }, /^l holds labels; the file of their images is missing/],
    'images alone': [{ i: images }, /^i holds images; the file of their labels/],
    'counts that differ': [{ i: images, l: idxLabels(11) }, /^i holds 12 images, but l 11 labels/],
    'images that are too large': [{ i: idxImages(3, { side: 65 }), l: idxLabels(3) }, /65 × 65 pixels; each side needs 8 to 64/],
    'IDX of another kind': [{ i: idxImages(3, { magic: 0xd03 }) }, /IDX file of another kind/],
    'a label that is none': [{ i: images, l: idxLabels(12, { label: () => 200 }) }, /label 200/],
    'a batch cut short': [{ 'data_batch_1.bin': Buffer.alloc(3000) }, /3,000 bytes, which are no whole number/],
    'a batch of something else': [{ 'data_batch_1.bin': Buffer.alloc(3073, 77) }, /record 0 begins with 77/],
    nonsense: [{ 'letter.docx': Buffer.from('Dear Sir') }, /^letter\.docx is nothing that can be learnt from/],
    'an archive': [{ 'cifar.zip': Buffer.from('PK') }, /Unpack it first/],
    'an empty file': [{ 'empty': Buffer.alloc(0) }, /^empty is nothing/],
    'pictures without labels': [{ 'f/a.png': picture(9, 0, 1), 'f/b.png': picture(9, 0, 1) }, /^f\/a\.png has no label/],
    'a picture that is none': [{ 'a/x.png': picture(9, 0, 1), 'b/y.png': Buffer.from('GIF89a') }, /^b\/y\.png is no PNG/],
    'a damaged picture': [{ 'a/x.png': picture(9, 0, 1).subarray(0, 40), 'b/y.png': picture(9, 0, 1) }, /^a\/x\.png cannot be read as a picture/],
  };
  for (const [what, [files, pattern]] of Object.entries(cases)) {
    const sentence = await read(page, files);
    assert.match(String(sentence), pattern, what);
    assert.match(sentence, /\.$/, what);
  }
  await drop(page, { 'letter.docx': Buffer.from('Dear Sir') });
  await page.waitForFunction(() => document.querySelector('.note')?.textContent.includes('letter.docx'));
  assert.match(await refusal(page, '() => lab.ownData({train: {images: new Uint8Array(784 * 3), labels: [0, 1, 2]}})'), /has 3 images to train on and to test with; at least 9/);
  assert.match(await refusal(page, '() => lab.ownData({train: {images: new Uint8Array(784 * 12), labels: Array(12).fill(0)}})'), /nothing to tell apart/);
  assert.match(await refusal(page, '() => lab.ownData({train: {images: new Uint8Array(10), labels: [0, 1]}})'), /784 bytes for each of the 2 images/);
  assert.match(await refusal(page, '() => lab.ownData({train: {images: [1, 2], labels: [0]}})'), /as a Uint8Array/);
  assert.match(await refusal(page, '() => lab.ownData({shape: [3, 32, 32], train: {images: new Uint8Array(65537 * 3072), labels: new Uint8Array(65537)}})'), /has 193 MiB of pixels; 192 MiB are the most/);
  assert.match(await refusal(page, '() => lab.ownData({shape: [1, 8, 8], train: {images: new Uint8Array(640), labels: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]}})'), /does not fit the network/);
  assert.match(await refusal(page, '() => lab.reset({dataset: "own"})'), /no data of your own/);
  const s = await page.evaluate(() => lab.step(1));
  assert.deepEqual([s.dataset, s.step, s.ownData], ['strokes', 2, null]);
});

test('the menu explains and offers files and folders; PNGs by folder are chosen, swapped to light on dark, and trained on', async (t) => {
  const page = await open(t, { viewport: WHOLE });
  await page.evaluate((network) => lab.reset({ network }), kNetwork);
  await page.locator('#menu-own').focus();
  await page.keyboard.press('Enter');
  assert.match(await dialogText(page), /each class in a folder of its own/);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const files = Array.from({ length: 24 }, (_, i) => ({ name: `${'ab'[i % 2]}_${i}.png`, mimeType: 'image/png', buffer: picture(30, 250, 20 + i, i % 2 === 0 ? 0 : 15) }));
  await (await chooser).setFiles(files);
  const text = await dialogText(page);
  assert.match(text, /24 images of 30 × 30 pixels, grey\.\s+2 classes: a \(12\), b \(12\)\./);
  assert.equal(await page.locator('dialog[open] input').isChecked(), true, 'dark on light is offered swapped');
  await page.getByRole('button', { name: 'Use it: a new run' }).click();
  await page.waitForFunction(() => lab.state().dataset === 'own');
  const { input, classes, data } = await state(page);
  assert.deepEqual([input, classes.slice(0, 3), data.testCount], [[1, 30, 30], ['a', 'b', '–'], 4]);
  const before = (await page.evaluate(() => lab.step(1))).trainLoss;
  assert.ok((await page.evaluate(() => lab.step(19))).trainLoss < before / 2);
});

test('many classes: presets follow their number, and the page shows them', async (t) => {
  const page = await open(t, { viewport: WHOLE });
  const s = await page.evaluate(async () => {
    const count = 26 * 9;
    const images = Uint8Array.from({ length: 784 * count }, (_, i) => (Math.floor(i / 784) % 26) * 9);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 26);
    const classes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    await lab.reset({ preset: 'tiny' });
    await lab.ownData({ name: 'letters', classes, train: { images, labels } });
    return lab.step(2);
  });
  assert.equal(s.classes[25], 'Z');
  assert.equal(s.image.probabilities.length, 26);
  assert.deepEqual(s.layers.at(-1).output, [26, 1, 1]);
  assert.equal((await page.evaluate(() => lab.predict(0))).probabilities.length, 26);
  // The picture follows with the next frames. The true class has a bar, and nine others.
  await page.waitForFunction(async (label) => `probability.${label}` in (await lab.ui()), s.image.label, { timeout: 20_000 });
  assert.equal(Object.keys(await page.evaluate(() => lab.ui())).filter((name) => name.startsWith('probability.')).length, 10);
});
