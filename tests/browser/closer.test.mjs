// Look closer, the confusion matrix, wrong-only browsing, logits and loss: as scripts get them and as a person has them on the page.

import assert from 'node:assert/strict';

import { answered } from './hosts.mjs';
import { click, frames, openPage, rectangle, refusal, state, test, viewsDone, waitForState, WHOLE } from './support.mjs';

const view = (page, name) =>
  page.evaluate(async (word) => {
    const found = await lab.view(word);
    for (const array of Object.values(found.arrays)) array.data = [...array.data];
    return found;
  }, name);

/** The cell of the map that is framed, by where its frame is on screen. */
async function shownCell(page) {
  const [map, cell] = [await rectangle(page, 'closer.map'), await rectangle(page, 'closer.map.cell')];
  return { y: Math.round((cell.y - map.y) / cell.height), x: Math.round((cell.x - map.x) / cell.width) };
}

/** Moves the real mouse to a cell of the map; the page follows within a few frames. */
async function pointAt(page, { y, x }) {
  const [map, cell] = [await rectangle(page, 'closer.map'), await rectangle(page, 'closer.map.cell')];
  await page.mouse.move(map.x + (x + 0.5) * cell.width, map.y + (y + 0.5) * cell.height);
  await frames(page, 4);
}

const sum = (list) => list.reduce((a, b) => a + b, 0);

test('look closer: the products and the bias are the activation, for every layer and in colour', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.step(10));
  let worst = 0;
  const check = async (request, layer) => {
    const found = await page.evaluate(async ([wanted, name]) => {
      const { facts, arrays } = await lab.look(wanted);
      const { data } = await lab.activations(name, wanted.image);
      return { facts, products: [...arrays.products.data], patch: [...arrays.patch.data], kernel: [...arrays.kernel.data], shape: arrays.map.shape, activations: [...data] };
    }, [request, layer]);
    const { facts, products, patch, kernel, shape } = found;
    products.forEach((product, i) => assert.equal(product, Math.fround(patch[i] * kernel[i])));
    const size = sum(products.map(Math.abs)) + Math.abs(facts.bias);
    const difference = Math.abs(sum(products) + facts.bias - facts.before) / size;
    worst = Math.max(worst, difference);
    assert.ok(difference <= 2e-6, `${JSON.stringify(request)}: ${difference}`);
    const area = shape[0] * shape[1];
    const activation = found.activations[request.unit * area + facts.y * shape[1] + facts.x];
    assert.ok(Math.abs(activation - facts.activation) <= 1e-6 * Math.max(1, activation));
    if (facts.nonlinearity === 'relu') assert.ok(Math.abs(facts.activation - Math.max(0, facts.before)) <= 1e-6 * size);
  };
  for (const image of [0, 7]) {
    await check({ view: 'closer', layer: 'conv1', unit: 3, image, y: 11, x: 12 }, 'relu1');
    await check({ view: 'closer', layer: 'conv2', unit: 17, image }, 'relu2');
    await check({ view: 'closer', layer: 'fc1', unit: 499, image }, 'relu3');
    await check({ view: 'closer', layer: 'fc2', unit: 4, image }, 'fc2');
  }
  t.diagnostic(`largest difference from the engine's own sum: ${worst.toExponential(1)} of Σ |product| + |bias|`);
  assert.match(await refusal(page, () => lab.look({ view: 'closer', layer: 'pool1' })), /no weights/);
  assert.match(await refusal(page, () => lab.look({ view: 'closer', layer: 'conv1', y: 24, x: 0 })), /between 0 and 23/);
});

test('look closer: a double click opens it; the cell moves by itself, follows the pointer, stays where it is clicked', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(5).then(() => lab.lock('conv2', 1)));
  await frames(page, 4);
  const { x, y, width, height } = await rectangle(page, 'map.conv1.2');
  // Two clicks are a double click within 0.3 s, which a machine that draws slowly may miss.
  for (let i = 0; i < 10 && (await state(page)).lab !== 'closer'; i++) {
    await page.mouse.dblclick(x + width / 2, y + height / 2, { delay: 60 });
    await frames(page, 6);
  }
  await waitForState(page, (s) => s.lab === 'closer' && s.locked.layer === 'conv1' && s.locked.unit === 2);
  await viewsDone(page, ['closer'], 5);
  await page.mouse.move(5, 5);
  const first = await shownCell(page);
  const moved = async (from) => {
    for (let i = 0; i < 200; i++) {
      const now = await shownCell(page);
      if (now.y !== from.y || now.x !== from.x) return now;
      await page.waitForTimeout(50);
    }
    throw new Error('the cell does not move');
  };
  await moved(first);

  await pointAt(page, { y: 3, x: 20 });
  assert.deepEqual(await shownCell(page), { y: 3, x: 20 });
  await page.waitForTimeout(700); // longer than a cell takes
  assert.deepEqual(await shownCell(page), { y: 3, x: 20 }, 'it stands still under the pointer');
  const [map, window] = [await rectangle(page, 'closer.source'), await rectangle(page, 'closer.window')];
  const pixel = map.width / 28;
  assert.ok(Math.abs((window.x - map.x) / pixel - 20) < 0.1 && Math.abs((window.y - map.y) / pixel - 3) < 0.1, 'the frame is where the kernel stands');

  await page.mouse.down();
  await frames(page, 2);
  await page.mouse.up();
  await waitForState(page, (s) => s.views.length === 1 && s.views[0].done);
  await answered(page, () => lab.view('closer').then(({ facts }) => facts.y === 3 && facts.x === 20, () => false));
  await page.mouse.move(5, 5);
  await frames(page, 4);
  assert.deepEqual(await shownCell(page), { y: 3, x: 20 }, 'it stays where it was clicked');
  await page.keyboard.press('Shift+ArrowDown');
  await frames(page, 4);
  assert.deepEqual(await shownCell(page), { y: 4, x: 20 });
  await click(page, 'closer.next');
  assert.deepEqual(await shownCell(page), { y: 4, x: 21 });
  assert.equal((await state(page)).locked.unit, 2, 'Shift + arrow is for the cell');

  // The layer after it: all channels' parts, one of them large.
  await page.evaluate(() => lab.lock('conv2', 9));
  // The view of conv1 is done, too, until the page has asked for this one.
  await answered(page, () => lab.view('closer').then(({ arrays }) => arrays.channels.data.length === 20, () => false));
  const { facts, arrays } = await view(page, 'closer');
  assert.equal(arrays.channels.data.length, 20);
  assert.ok(Math.abs(sum(arrays.channels.data) + facts.bias - facts.sum) < 1e-4);
  for (let channel = 0; channel < 20; channel++) await rectangle(page, `closer.channel.${channel}`);
  await click(page, 'closer.channel.4');
  await click(page, 'closer.numbers');
  // A network without conv layers, while this is open.
  await page.evaluate(() => lab.reset({ preset: 'softmax' }).then(() => lab.step(2)));
  await viewsDone(page, ['closer'], 2);
  assert.equal((await view(page, 'closer')).facts.kind, 'dense');
  await rectangle(page, 'closer.term.0');
  assert.equal((await state(page)).error, null);
});

test('look closer: nothing moves for whoever asks for less motion; a dead unit says so; scripts open it', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE, prepare: (p) => p.emulateMedia({ reducedMotion: 'reduce' }) });
  await page.evaluate(() => lab.open('closer'));
  await viewsDone(page, ['closer'], 0);
  const before = await shownCell(page);
  await page.waitForTimeout(900);
  assert.deepEqual(await shownCell(page), before);
  await click(page, 'closer.next');
  assert.notDeepEqual(await shownCell(page), before);
  await page.evaluate(() => lab.show(Array(784).fill(0)));
  await viewsDone(page, ['closer'], 0);
  const { facts } = await view(page, 'closer');
  assert.equal(facts.image, null);
  assert.equal(facts.label, null);
  assert.equal(facts.activation, 0, 'black, and a bias of 0');
  await click(page, 'closer.move');
});

test('confusion: counts and images are those that predict() says; a click shows them, and makes one current', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.reset({ preset: 'softmax' }).then(() => lab.step(30)).then(() => lab.open('confusion')));
  await viewsDone(page, ['images', 'confusion'], 30);
  const { facts, arrays } = await view(page, 'confusion');
  assert.equal(facts.n, arrays.labels.data.length);
  assert.equal(sum(arrays.counts.data), facts.n);
  const counts = (truth, guess) => arrays.counts.data[10 * truth + guess];
  assert.equal(sum(Array.from({ length: 10 }, (_, i) => counts(i, i))), facts.correct);
  const accuracy = await waitForState(page, (s) => s.testAccuracy?.step === 30 && s.testAccuracy.n === s.data.testCount);
  assert.ok(Math.abs(accuracy.testAccuracy.value - facts.accuracy) < 1e-9, 'the accuracy that the page measures');
  for (const image of [0, 17, facts.n - 1]) {
    const { label } = await page.evaluate((i) => lab.predict(i).then(({ label: guess }) => ({ label: guess })), image);
    assert.equal(arrays.predicted.data[image], label);
  }

  const off = arrays.counts.data.map((count, i) => [Math.floor(i / 10) === i % 10 ? 0 : count, i]).filter(([count]) => count > 0);
  const [count, cell] = off.reduce((a, b) => (b[0] < a[0] ? b : a)); // the rarest confusion, so that all its images are on a page
  const [truth, guess] = [Math.floor(cell / 10), cell % 10];
  await click(page, `confusion.${truth}.${guess}`);
  const behind = arrays.labels.data.flatMap((label, i) => (label === truth && arrays.predicted.data[i] === guess ? [i] : []));
  assert.equal(behind.length, count);
  await answered(page, (image) => lab.view('images').then((v) => v.rows.some((row) => Number(row[0]) === image), () => false), behind[0]);
  await frames(page, 4);
  const shown = (await view(page, 'images')).rows.map(([image]) => Number(image));
  assert.ok(shown.every((image) => behind.includes(image)), 'no other image stands behind the cell');
  for (const image of shown) await rectangle(page, `confusion.image.${image}`);
  await click(page, `confusion.image.${shown.at(-1)}`);
  const s = await waitForState(page, `(s) => s.image.index === ${shown.at(-1)}`);
  assert.equal(s.image.label, truth);
  assert.equal(s.image.probabilities.indexOf(Math.max(...s.image.probabilities)), guess);
  assert.equal((await page.evaluate(() => lab.look({ view: 'confusion', stride: 100 }))).facts.n, Math.ceil(facts.n / 100));
  await click(page, 'confusion.cells.shares');
});

test('wrong only: next() and the buttons go to images that the network gets wrong; logits and loss are theirs', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.reset({ preset: 'softmax' }).then(() => lab.step(40)));
  const wrong = (s) => s.image.probabilities.indexOf(Math.max(...s.image.probabilities)) !== s.image.label;
  let s = await page.evaluate(() => lab.next());
  assert.equal(s.image.index, 1);
  let last = s.image.index;
  for (let i = 0; i < 5; i++) {
    s = await page.evaluate(() => lab.next({ wrong: true }));
    assert.ok(s.image.index > last && wrong(s), `image ${s.image.index} is wrong`);
    last = s.image.index;
  }
  const { label, probabilities, logits, loss } = s.image;
  assert.ok(Math.abs(loss + Math.log(probabilities[label])) < 1e-6);
  const largest = Math.max(...logits);
  const total = sum(logits.map((z) => Math.exp(z - largest)));
  logits.forEach((z, i) => assert.ok(Math.abs(Math.exp(z - largest) / total - probabilities[i]) < 1e-6));
  s = await page.evaluate(() => lab.next({ wrong: true, back: true }));
  assert.ok(s.image.index < last && wrong(s));

  await click(page, 'wrong');
  const from = s.image.index;
  await click(page, 'next');
  s = await waitForState(page, `(s) => s.image.index > ${from}`);
  assert.ok(wrong(s), 'the button goes to a wrong one');
  await page.keyboard.press('p');
  s = await waitForState(page, `(s) => s.image.index === ${from}`);
  await page.keyboard.press('w');
  await page.keyboard.press('n');
  await waitForState(page, `(s) => s.image.index === ${from + 1}`);
  await click(page, 'answer.logit');
  await rectangle(page, 'loss');
  s = await page.evaluate(() => lab.show(Array(784).fill(0.5)));
  assert.equal(s.image.loss, null, 'no class, no loss');
  assert.match(await refusal(page, () => lab.next({ wrong: 'yes' })), /wrong/);
});
