// The conv-1 tiles on screen are the weights, coloured by the palette, in every pixel that counts.

import assert from 'node:assert/strict';

import { paletteColor } from './palette.mjs';
import { click, frames, openPage, stillPicture, test, waitForState, weights, WHOLE } from './support.mjs';

const TILES = 20;
const SIDE = 5;
const TOLERANCE = 2;

/** The colours at the centres of the 5 × 5 cells of all tiles, [tile][cell] → [r, g, b]. */
async function tileColours(page) {
  const { picture, places } = await stillPicture(page);
  const tiles = [];
  for (let k = 0; k < TILES; k++) {
    assert.ok(places[`tile.conv1.${k}`], `tile ${k} is not on screen`);
    const { x, y, width, height } = places[`tile.conv1.${k}`];
    assert.ok(width >= SIDE && height >= SIDE, `tile ${k} is ${width} × ${height} pixels`);
    const cell = (i) => picture.at(Math.floor(x + ((i % SIDE) + 0.5) * (width / SIDE)), Math.floor(y + (Math.floor(i / SIDE) + 0.5) * (height / SIDE)));
    tiles.push(Array.from({ length: SIDE * SIDE }, (_, i) => cell(i)));
  }
  return tiles;
}

/** The same from the weights: one scale for the layer, its largest |weight|. */
function expectedColours({ shape, data }) {
  assert.deepEqual(shape, [TILES, 1, SIDE, SIDE]);
  const scale = data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const cells = SIDE * SIDE;
  return Array.from({ length: TILES }, (_, k) => Array.from(data.subarray(k * cells, (k + 1) * cells), (w) => paletteColor(w, scale)));
}

function largestDifference(a, b) {
  let largest = 0;
  a.forEach((tile, k) => tile.forEach((colour, i) => colour.forEach((c, j) => (largest = Math.max(largest, Math.abs(c - b[k][i][j]))))));
  return largest;
}

test('conv-1 tiles: the palette of the weights; they move with training and stand still when frozen', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });

  const start = await weights(page, 'conv1.weight');
  const atStart = await tileColours(page);
  assert.ok(largestDifference(atStart, expectedColours(start)) <= TOLERANCE, 'at step 0');

  await page.evaluate(() => lab.step(50));
  const learned = await weights(page, 'conv1.weight');
  const atFifty = await tileColours(page);
  assert.ok(largestDifference(atFifty, expectedColours(learned)) <= TOLERANCE, 'after 50 steps');
  assert.ok(largestDifference(atFifty, atStart) > 4 * TOLERANCE, 'the tiles did not change in 50 steps');

  await click(page, 'freeze.conv1');
  await waitForState(page, (s) => s.layers.find(({ name }) => name === 'conv1').frozen);
  const dense = await weights(page, 'fc1.weight');
  await page.evaluate(() => lab.step(20));
  const frozen = await weights(page, 'conv1.weight');
  assert.deepEqual(Buffer.from(frozen.data.buffer), Buffer.from(learned.data.buffer), 'frozen weights are the same bits');
  assert.notDeepEqual((await weights(page, 'fc1.weight')).data, dense.data, 'fc1 goes on learning');
  assert.equal(largestDifference(await tileColours(page), atFifty), 0, 'the tiles of a frozen layer stand still');

  await click(page, 'freeze.conv1');
  await waitForState(page, (s) => !s.layers.find(({ name }) => name === 'conv1').frozen);
  await page.evaluate(() => lab.step(20));
  await frames(page);
  assert.notDeepEqual((await weights(page, 'conv1.weight')).data, learned.data, 'after the thaw it learns again');
});
