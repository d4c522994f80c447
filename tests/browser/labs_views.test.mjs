// What the experiments find, asked for by scripts: the documented arrays, and that the numbers agree with lab.predict(), project(), activations().

import assert from 'node:assert/strict';

import { openPage, refusal, state, test, weights } from './support.mjs';

const SIDE = 28;
const CLASSES = 10;

/** lab.look(request) with plain lists; images as lists of pixels. */
const look = (page, request) =>
  page.evaluate(async (wanted) => {
    const found = await lab.look(wanted);
    for (const array of Object.values(found.arrays)) array.data = [...array.data];
    return found;
  }, request);

/** The same with what is to be known of large arrays only. */
const glance = (page, request) =>
  page.evaluate(async (wanted) => {
    const found = await lab.look(wanted);
    const check = async (data) => new Uint32Array(await crypto.subtle.digest('SHA-256', data)).join();
    for (const [name, { shape, data }] of Object.entries(found.arrays)) {
      found.arrays[name] = { shape, length: data.length, finite: data.every(Number.isFinite), zero: data.every((value) => value === 0), hash: await check(data) };
    }
    return found;
  }, request);

const predict = (page, image) => page.evaluate((x) => lab.predict(x).then(({ probabilities }) => [...probabilities]), image);
const project = (page, layer, unit, image, mode = 'deconv') =>
  page.evaluate(([l, u, i, m]) => lab.project(l, u, { image: i, mode: m }).then((p) => ({ ...p, data: [...p.data] })), [layer, unit, image, mode]);

const maps = (array) => array.shape.slice(-2).reduce((a, b) => a * b);
/** The i-th picture of an array [..., height, width]. */
const picture = (array, i) => array.data.slice(i * maps(array), (i + 1) * maps(array));

const near = (a, b, tolerance = 1e-5) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
function assertNear(a, b, what, tolerance) {
  assert.equal(a.length, b.length, what);
  a.forEach((value, i) => assert.ok(near(value, b[i], tolerance), `${what}: ${value} and ${b[i]} at ${i}`));
}

/** The image with a square around (y, x), as the page covers it. */
function covered(image, y, x, size, value) {
  const top = y - Math.floor(size / 2);
  const left = x - Math.floor(size / 2);
  return image.map((pixel, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    return row >= top && row < top + size && column >= left && column < left + size ? value : pixel;
  });
}

/** The table's column. */
const column = ({ columns, rows }, name) => rows.map((row) => row[columns.indexOf(name)]);

async function trained(t, steps) {
  const page = await openPage(t, { strokes: true });
  await page.evaluate((n) => lab.step(n), steps);
  return page;
}

test('every view answers with the documented table and arrays', async (t) => {
  const page = await trained(t, 12);
  const P = [14, 14];
  const I = [1, SIDE, SIDE];
  const M = [SIDE, SIDE];
  const views = [
    [{ view: 'top', layer: 'conv2', images: 32 }, null, { patches: [50, 9, 1, ...P], projections: [50, 9, 1, ...P] }],
    [{ view: 'evolution', layer: 'conv2', images: 32 }, 5 * 50, { projections: [5, 50, 1, ...P], patches: [5, 50, 1, ...P], remaining: [4, 6] }],
    [{ view: 'evolution', layer: 'conv1', images: 32 }, 5 * 20, { projections: [5, 20, 1, 5, 5], patches: [5, 20, 1, 5, 5], filters: [5, 20, 1, 5, 5], remaining: [4, 6] }],
    [{ view: 'evolution', layer: 'conv2', unit: 7, images: 32 }, 5, { projections: [5, 1, 1, ...P], patches: [5, 1, 1, ...P], remaining: [4, 6] }],
    [{ view: 'invariance', images: [0, 1, 2], transform: 'rotate', from: -180, to: 180, amounts: 37 }, 37 * 3, { distance: [4, 3, 37], probability: [3, 37], pictures: [3, 37, ...I] }],
    [{ view: 'occlusion', image: 12, size: 7, stride: 1, color: 'grey' }, 784, { image: I, probability: M, most_probable: M, activity: M, projection: I }],
    [{ view: 'correspondence', class: 3, images: 5, regions: [{ top: 4, left: 8, height: 8, width: 12 }], randomRegions: 3 }, 4, { delta: [1, 4], masked: [5, ...I] }],
    [{ view: 'architecture', images: 32 }, 20, { kernels: [20, 1, 5, 5], projections: [50, 1, ...P] }],
    [{ view: 'lookBack', layer: 'conv2', unit: 7, image: 12, occluder: 5 }, 784, { image: I, projections: [3, ...I], drop: M }],
    [{ view: 'sanity', layer: 'fc2', unit: 3, image: 12, images: 4 }, 5 * 3, { pictures: [5, 3, ...I], correlation: [5, 3], size_correlation: [5, 3] }],
    [{ view: 'classes', image: 12, rule: 'guided' }, CLASSES, { image: I, projections: [CLASSES, ...I] }],
    [{ view: 'maximise', layer: 'fc2', unit: 3, iterations: 10 }, 11, { image: I }],
    [{ view: 'random', images: 40 }, 20 + 50 + 500 + 10, { smoothness_conv1: [20, 1], percentile_conv1: [20, 1], smoothness_conv2: [50, 20], percentile_conv2: [50, 20], histogram: [4, 2, 41] }],
    [{ view: 'closer', layer: 'conv2', unit: 7, image: 12, y: 3, x: 4 }, 500, { patch: [20, 5, 5], kernel: [20, 5, 5], products: [20, 5, 5], channels: [20], sums: [8, 8], map: [8, 8], source: [20, 12, 12], image: I }],
    [{ view: 'confusion', stride: 100 }, 100, { counts: [10, 10], shares: [10, 10], images: [100], labels: [100], predicted: [100], probability: [100], true_probability: [100] }],
    [{ view: 'images', images: [3, 0, 12] }, 3, { pixels: [3, ...I] }],
  ];
  for (const [request, rows, shapes] of views) {
    const found = await glance(page, request);
    const what = JSON.stringify(request);
    assert.equal(found.view, request.view);
    assert.equal(found.facts.view, request.view);
    assert.deepEqual(Object.fromEntries(Object.entries(found.arrays).map(([name, { shape }]) => [name, shape])), shapes, what);
    for (const [name, { shape, length, finite, zero }] of Object.entries(found.arrays)) {
      assert.equal(length, shape.reduce((a, b) => a * b), `${name} of ${what}`);
      if (!name.includes('correlation')) assert.ok(finite, `${name} of ${what} is finite`);
      assert.ok(!zero, `${name} of ${what} is not 0 throughout`);
    }
    assert.ok(found.rows.every((row) => row.length === found.columns.length), what);
    if (rows !== null) assert.equal(found.rows.length, rows, what);
    if (request.view !== 'evolution') assert.equal(found.facts.step, 12, what);
    assert.deepEqual(await glance(page, request), found, `${what} twice`);
  }
  assert.equal((await state(page)).step, 12, 'experiments do not train');
});

test('occlusion: what predict() says of the covered image; black on black changes nothing', async (t) => {
  const page = await trained(t, 40);
  const { arrays, facts } = await look(page, { view: 'occlusion', image: 4, size: 7, stride: 4, color: 'grey' });
  const image = arrays.image.data;
  assert.deepEqual(arrays.probability.shape, [7, 7]);
  assert.ok(near((await predict(page, 4))[facts.class], facts.plainProbability));
  for (const [row, col] of [[0, 0], [3, 3], [2, 4], [6, 6]]) {
    const expected = await predict(page, covered(image, 4 * row, 4 * col, 7, 0.5));
    const at = row * 7 + col;
    assert.ok(near(arrays.probability.data[at], expected[facts.class]), `p at ${row}, ${col}: ${arrays.probability.data[at]} and ${expected[facts.class]}`);
    assert.equal(arrays.most_probable.data[at], expected.indexOf(Math.max(...expected)));
  }

  const black = Array(SIDE * SIDE).fill(0);
  const same = await look(page, { view: 'occlusion', image: black, size: 9, stride: 2, color: 'black' });
  assert.equal(same.facts.labelled, false);
  assert.ok(same.arrays.probability.data.every((p) => p === Math.fround(same.facts.plainProbability)), 'p of black under black');
  assert.ok(same.arrays.activity?.data.every((a) => a === Math.fround(same.facts.plainActivity)) ?? true, 'the activity of black under black');
  const grey = await look(page, { view: 'occlusion', image: black, size: 9, stride: 2, color: 'grey' });
  assert.ok(grey.arrays.probability.data.some((p) => !near(p, grey.facts.plainProbability, 1e-3)), 'a grey square on black is seen');
});

test('invariance: an untouched image has distance 0, and a moved one is the image moved', async (t) => {
  const page = await trained(t, 12);
  for (const [transform, from, to] of [['translateY', -2, 2], ['translateX', -2, 2], ['scale', 0.5, 1.5], ['rotate', -180, 180]]) {
    const { arrays, facts } = await look(page, { view: 'invariance', images: [3, 4], transform, from, to, amounts: 5 });
    const { distance, probability, pictures } = arrays;
    assert.deepEqual(facts.layers, ['conv1', 'conv2', 'fc1', 'fc2']);
    distance.data.forEach((value, i) => {
      if (i % 5 === 2) assert.equal(value, 0, `${transform} by ${facts.amounts[2]}`);
      else assert.ok(value > 0, `${transform} by ${facts.amounts[i % 5]}: distance ${value}`);
    });
    for (const image of [0, 1]) {
      const now = await predict(page, 3 + image);
      assert.ok(near(probability.data[image * 5 + 2], now[facts.classes[image]]), `${transform}: p of the image as it is`);
      const moved = await predict(page, picture(pictures, image * 5 + 4).map((x) => Math.min(1, Math.max(0, x))));
      assert.ok(near(probability.data[image * 5 + 4], moved[facts.classes[image]], 1e-4), `${transform}: p of the moved image`);
    }
    if (transform.startsWith('translate')) {
      const [plain, end] = [picture(pictures, 2), picture(pictures, 4)];
      const [dy, dx] = transform.endsWith('Y') ? [2, 0] : [0, 2];
      const from2 = (y, x) => (y - dy < 0 || x - dx < 0 ? 0 : plain[(y - dy) * SIDE + x - dx]);
      assertNear(end, plain.map((_, i) => from2(Math.floor(i / SIDE), i % SIDE)), `${transform} by 2`);
    }
  }
});

test('lookBack, sanity and classes agree with project(), activations() and predict()', async (t) => {
  const page = await trained(t, 30);
  const { arrays, facts } = await look(page, { view: 'lookBack', layer: 'conv2', unit: 8, image: 5, occluder: 5 });
  assert.deepEqual(facts.rules, ['deconv', 'gradient', 'guided']);
  assert.ok(facts.peak.activation > 0, 'a unit that answers');
  for (const [i, rule] of facts.rules.entries()) {
    const expected = await project(page, 'conv2', 8, 5, rule);
    assert.deepEqual(picture(arrays.projections, i), expected.data, `${rule} of conv2:8`);
    assert.deepEqual([facts.peak.y, facts.peak.x], [expected.at.y, expected.at.x]);
    assert.ok(near(facts.peak.activation, expected.activation));
  }
  const { y, x } = facts.peak;
  for (const [py, px] of [[facts.field.top + 7, facts.field.left + 7], [14, 14], [0, 0]]) {
    const hidden = covered(arrays.image.data, py, px, 5, 0.5);
    const left = await page.evaluate(([pixels, at]) => lab.activations('relu2', pixels).then(({ data }) => data[at]), [hidden, (8 * 8 + y) * 8 + x]);
    assert.ok(near(arrays.drop.data[py * SIDE + px], facts.peak.activation - left, 1e-4), `the drop at ${py}, ${px}`);
  }

  const sanity = await look(page, { view: 'sanity', layer: 'fc2', unit: 3, image: 5, images: 4 });
  assert.deepEqual(sanity.facts.stages, ['trained', 'fc2', 'fc1', 'conv2', 'conv1']);
  assert.deepEqual(sanity.arrays.correlation.data.slice(0, 3), [1, 1, 1], 'nothing random: the same pictures');
  assert.deepEqual(sanity.arrays.size_correlation.data.slice(0, 3), [1, 1, 1]);
  assert.ok(sanity.arrays.correlation.data.slice(3).every((r) => Number.isNaN(r) || (Math.abs(r) <= 1 && r !== 1)), 'something random: other pictures');
  for (const [i, rule] of sanity.facts.rules.entries()) {
    assert.deepEqual(picture(sanity.arrays.pictures, i), (await project(page, 'fc2', 3, 5, rule)).data, `the trained net’s ${rule}`);
  }

  const classes = await look(page, { view: 'classes', image: 5, rule: 'gradient' });
  const probabilities = await predict(page, 5);
  assertNear(classes.facts.probabilities, probabilities, 'the probabilities of ten classes');
  assert.equal(classes.facts.mostProbable, probabilities.indexOf(Math.max(...probabilities)));
  const logits = await page.evaluate(() => lab.activations('fc2', 5).then(({ data }) => [...data]));
  assertNear(classes.facts.logits, logits, 'the logits');
  for (const k of [0, 9]) assert.deepEqual(picture(classes.arrays.projections, k), (await project(page, 'fc2', k, 5, 'gradient')).data, `class ${k}`);
});

test('top nine: the strongest of the held-out images, in order, by activations() of those images', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => lab.reset({ network: 'conv 4 5x5, relu, pool 2, conv 10 5x5, relu, pool 2, dense 40, relu, dense 10' }).then(() => lab.step(12)));
  const COUNT = 14;
  // A dense unit sees the whole image, so its patches are the held-out images themselves.
  const { dense, images } = await page.evaluate(async (count) => {
    const { arrays, ...table } = await lab.look({ view: 'top', layer: 'fc1', images: count });
    const [unit, rank, index] = ['unit', 'rank', 'training_image'].map((name) => table.columns.indexOf(name));
    const pixels = {};
    for (const row of table.rows) {
      const first = (Number(row[unit]) * 9 + Number(row[rank]) - 1) * 784;
      pixels[row[index]] ??= [...arrays.patches.data.subarray(first, first + 784)];
    }
    return { dense: { ...table, shape: arrays.patches.shape }, images: Object.entries(pixels).map(([i, list]) => [Number(i), list]) };
  }, COUNT);
  assert.deepEqual(dense.shape, [40, 9, 1, SIDE, SIDE]);
  assert.deepEqual(images.map(([index]) => index).sort((a, b) => a - b), Array.from({ length: COUNT }, (_, i) => i), 'all of them are among somebody’s nine');

  const conv = await glance(page, { view: 'top', layer: 'conv2', images: COUNT });
  for (const [found, layer, unit] of [[dense, 'fc1', 3], [dense, 'fc1', 10], [conv, 'conv2', 7], [conv, 'conv2', 8]]) {
    const all = await page.evaluate(([pixels, l, u]) => Promise.all(pixels.map(async ([index, image]) => {
      const { activation, at } = await lab.project(l, u, { image });
      return { index, activation, ...at };
    })), [images, layer, unit]);
    const strongest = all.filter(({ activation }) => activation > 0);
    strongest.sort((a, b) => b.activation - a.activation || a.index - b.index);
    const mine = found.rows.map((row) => Object.fromEntries(row.map((cell, i) => [found.columns[i], cell]))).filter((row) => Number(row.unit) === unit);
    assert.equal(mine.length, Math.min(9, strongest.length), `${layer}:${unit}`);
    mine.forEach((row, i) => {
      assert.equal(Number(row.training_image), strongest[i].index, `rank ${i + 1} of ${layer}:${unit}`);
      assert.ok(near(Number(row.activation), strongest[i].activation), `activation ${i + 1} of ${layer}:${unit}`);
      if (layer === 'conv2') assert.deepEqual([Number(row.y), Number(row.x)], [strongest[i].y, strongest[i].x]);
    });
  }
});

test('kernels, evolution and correspondence show the network’s own weights and images; maximise makes a stronger image', async (t) => {
  const page = await openPage(t, { strokes: true });
  const initial = [...(await weights(page, 'conv1.weight')).data];
  await page.evaluate(() => lab.step(10));
  const now = [...(await weights(page, 'conv1.weight')).data];
  assert.deepEqual((await look(page, { view: 'architecture', images: 16 })).arrays.kernels.data, now);

  const { arrays, facts } = await look(page, { view: 'evolution', layer: 'conv1', images: 16 });
  assert.deepEqual(facts.steps, [0, 1, 2, 5, 10]);
  assert.deepEqual(arrays.filters.data.slice(0, 500), initial);
  assert.deepEqual(arrays.filters.data.slice(-500), now);
  const one = await look(page, { view: 'evolution', layer: 'conv1', images: 16, unit: 4 });
  for (let moment = 0; moment < 5; moment++) {
    assert.deepEqual(picture(one.arrays.projections, moment), picture(arrays.projections, moment * 20 + 4), 'a unit alone is the unit among all');
  }

  const region = { top: 4, left: 8, height: 8, width: 12 };
  const masked = (await look(page, { view: 'correspondence', class: 3, images: 2, regions: [region], randomRegions: 2 })).arrays.masked;
  const inside = (i) => Math.floor(i / SIDE) >= 4 && Math.floor(i / SIDE) < 12 && i % SIDE >= 8 && i % SIDE < 20;
  for (const image of [0, 1]) assert.ok(picture(masked, image).every((value, i) => !inside(i) || value === 0.5), 'the region is grey');
  assert.ok(picture(masked, 0).some((value, i) => !inside(i) && value > 0.8), 'beside it there is a digit');

  const made = await look(page, { view: 'maximise', layer: 'fc2', unit: 3, iterations: 30 });
  const activations = column(made, 'activation').map(Number);
  assert.equal(activations.length, 31);
  assert.ok(made.facts.activation > made.facts.startActivation + 1, `${made.facts.startActivation} → ${made.facts.activation}`);
  assert.equal(activations[30], made.facts.activation);
});

test('requests that cannot be answered are refused with a sentence, and nothing is wrong with the page then', async (t) => {
  const page = await trained(t, 2);
  const refusals = [
    [null, /object of settings/],
    [{}, /needs a "view"/],
    [{ view: 'ocluson' }, /does not know the view "ocluson"; there are top, evolution/],
    [{ view: 'occlusion', colour: 'grey' }, /colour/],
    [{ view: 'occlusion', color: 'pink' }, /“pink”/],
    [{ view: 'occlusion', stride: 0 }, /stride/],
    [{ view: 'occlusion', stride: 9 }, /stride/],
    [{ view: 'occlusion', size: 29 }, /side.*28/],
    [{ view: 'occlusion', image: -1 }, /index into the test set/],
    [{ view: 'occlusion', image: 12345678 }, /no test image 12345678/],
    [{ view: 'occlusion', image: [0, 1, 1] }, /784 pixels.*3/],
    [{ view: 'occlusion', image: Array(784).fill(2) }, /from 0 \(background\) to 1 \(ink\)/],
    [{ view: 'top', layer: 'conv9' }, /no layer “conv9”/],
    [{ view: 'top', layer: 'conv1', images: 8 }, /9/],
    [{ view: 'top', layer: 'conv1', unit: 1 }, /unit/],
    [{ view: 'lookBack', layer: 'conv1', unit: 20 }, /0 to 19.*no unit 20/],
    [{ view: 'lookBack', layer: 'conv1', unit: 0.5 }, /unit/],
    [{ view: 'evolution', layer: 'conv1', unit: 20 }, /unit/],
    [{ view: 'classes', rule: 'magic' }, /“magic”/],
    [{ view: 'invariance', images: [] }, /list of images/],
    [{ view: 'invariance', from: 3, to: 3 }, /grow/],
    [{ view: 'invariance', transform: 'shear' }, /shear/],
    [{ view: 'correspondence', class: 10, regions: [{ top: 0, left: 0, height: 4, width: 4 }] }, /class/],
    [{ view: 'correspondence' }, /regions/],
    [{ view: 'correspondence', regions: [{ top: 25, left: 0, height: 4, width: 4 }] }, /region/i],
    [{ view: 'maximise', layer: 'fc2', unit: 10 }, /no unit 10/],
    [{ view: 'maximise', iterations: 0 }, /iterations/],
  ];
  for (const [request, pattern] of refusals) assert.match(await refusal(page, '(request) => lab.look(request)', request), pattern, JSON.stringify(request));
  assert.match(await refusal(page, () => lab.view('top')), /not open/);
  assert.match(await refusal(page, () => lab.exportView('nonsense')), /not open/);
  assert.match(await refusal(page, () => lab.open('nonsense')), /no lab “nonsense”; there are network, compare, top/);
  assert.match(await refusal(page, () => lab.picture({ scale: 9 })), /1 to 4/);
  assert.match(await refusal(page, () => lab.probe(8)), /9 to 5000/);
  const s = await state(page);
  assert.equal(s.error, null, 'a script’s mistake is not the page’s');
  assert.equal((await page.evaluate(() => lab.step())).step, 3);
});

test('stopLooking() ends an experiment, and a change of the run ends it too', async (t) => {
  const page = await trained(t, 2);
  const ended = (how) => `async () => {
    const long = lab.look({ view: 'maximise', layer: 'fc2', unit: 3, iterations: 2000 });
    await lab.${how};
    return long;
  }`;
  assert.match(await refusal(page, ended('stopLooking()')), /stopped/);
  assert.match(await refusal(page, ended('rewind()')), /changed/);
  assert.equal((await look(page, { view: 'classes', image: 0 })).facts.step, 0);
});

test('random: what state() says of each layer, at step 0, of a frozen layer, and of a stored step', async (t) => {
  const page = await trained(t, 0);
  const layers = async (facts) => Object.fromEntries((facts ?? (await look(page, { view: 'random', images: 40 })).facts).layers.map((layer) => [layer.layer, layer]));
  for (const layer of Object.values(await layers())) {
    assert.deepEqual([layer.changed, layer.updateRatio], [0, null], layer.layer);
    assert.ok(near(layer.cosine, 1));
  }
  await page.evaluate(() => lab.freeze('conv1').then(() => lab.step(20)));
  const now = await layers();
  assert.equal(now.conv1.changed, 0);
  assert.equal(now.conv1.updateRatio, 0);
  for (const { name, changed, updateRatio } of (await state(page)).layers.filter(({ parameters }) => parameters > 0)) {
    assert.ok(near(now[name].changed, changed, 1e-4) && near(now[name].updateRatio, updateRatio, 1e-4), `${name}: ${now[name].changed} and ${changed}`);
  }
  assert.ok(now.conv2.changed > 0 && now.conv2.cosine < 1);
  await page.evaluate(() => lab.moment(2));
  const past = await look(page, { view: 'random', images: 40 });
  assert.equal(past.facts.step, 2);
  const then = await layers(past.facts);
  assert.ok(then.conv2.changed > 0 && then.conv2.changed < now.conv2.changed);
  assert.equal(then.conv2.updateRatio, null);
});
