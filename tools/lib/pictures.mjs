// node pictures.mjs SITE FOLDER [NAME…]: takes the pictures of the documentation from the page itself, 1280×800. The page has to have MNIST.

import { join } from 'node:path';

import { launchChromium } from './chromium.mjs';
import { serve } from './server.mjs';

const READY_WITHIN_MS = 60_000, FOUND_WITHIN_MS = 240_000, STILL_MS = 1500;
const CURRENT_CLASS = 7; // of test image 0

/** Clicks a widget on the canvas with the mouse, which the program looks at once a frame. */
async function click(page, name) {
  const { x, y, width, height } = (await page.evaluate(() => lab.ui()))[name];
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.waitForTimeout(100);
  await page.mouse.down();
  await page.waitForTimeout(100);
  await page.mouse.up();
  await page.waitForTimeout(300);
}

/** Opens a lab and waits until all its views have found what they look for. */
async function found(page, lab) {
  await page.evaluate((word) => globalThis.lab.open(word), lab);
  await page.waitForTimeout(500);
  await page.waitForFunction(() => lab.state().views.length > 0 && lab.state().views.every(({ done, step }) => done && step === lab.state().step), null, { timeout: FOUND_WITHIN_MS });
}

const train = (page, steps) => page.evaluate((count) => lab.step(count), steps);
const lock = (page, layer, unit) => page.evaluate(([name, index]) => lab.lock(name, index), [layer, unit]);

/** A lab after so many steps of the run that a page opens with, a unit locked. */
const ofLab = (lab, steps, layer, unit) => async (page) => {
  await train(page, steps);
  await lock(page, layer, unit);
  await found(page, lab);
};

async function drawSeven(page) {
  await train(page, 300);
  await lock(page, 'conv2', 7);
  await page.evaluate(() => lab.open('draw'));
  const { x, y, width, height } = await page.locator('.draw-pad canvas').boundingBox();
  const points = [[0.28, 0.2], [0.72, 0.2], [0.6, 0.5], [0.45, 0.85]].map(([a, b]) => [x + a * width, y + b * height]);
  await page.mouse.move(...points[0]);
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
}

async function playLesson(page) {
  await page.click('#menu-lessons');
  await page.click('.lesson-entry[data-lesson="04-frozen"]');
  await page.click('[data-next]');
  await page.click('[data-predict="cost"] .lesson-choice >> nth=2');
  await page.click('[data-next]');
  await page.click('[data-run="0"]');
  await page.waitForSelector('[data-next]:not(:disabled)', { timeout: FOUND_WITHIN_MS });
  await page.click('[data-next]');
}

async function compareSeeds(page) {
  await page.evaluate(async () => {
    await lab.compare('frozen');
    await lab.open('compare', { comparison: 'frozen', seeds: 5, first: 1, steps: 300 });
    await lab.repeat({ seeds: 5, steps: 300 });
  });
  await click(page, 'source.seeds');
}

async function architectures(page) {
  await found(page, 'architecture');
  for (const which of ['first', 'second']) {
    await click(page, `architecture.paper.${which}`);
    await page.waitForFunction(() => lab.state().step === 0);
    await train(page, 500);
    await found(page, 'architecture');
  }
}

/** What each picture shows: the whole page, or the lab alone. */
const PICTURES = {
  page: {
    prepare: async (page) => {
      await train(page, 200);
      await page.evaluate(() => lab.freeze('conv1'));
      await train(page, 100);
      await lock(page, 'conv2', 7);
    },
  },
  compare: { prepare: compareSeeds },
  draw: { prepare: drawSeven },
  lesson: { prepare: playLesson },
  'labs/top': { lab: true, prepare: ofLab('top', 600, 'conv2', 7) },
  'labs/evolution': { lab: true, prepare: ofLab('evolution', 860, 'conv2', 7) },
  'labs/invariance': { lab: true, prepare: ofLab('invariance', 500, 'conv2', 7) },
  'labs/occlusion': { lab: true, prepare: ofLab('occlusion', 500, 'conv2', 7) },
  'labs/architecture': { lab: true, prepare: architectures },
  'labs/look_back': { lab: true, prepare: ofLab('lookBack', 500, 'fc2', CURRENT_CLASS) },
  'labs/classes': { lab: true, prepare: ofLab('classes', 500, 'fc2', CURRENT_CLASS) },
  'labs/random': { lab: true, prepare: ofLab('random', 500, 'conv1', 4) },
  'labs/closer': { lab: true, prepare: ofLab('closer', 500, 'conv2', 7) },
  'labs/confusion': { lab: true, prepare: ofLab('confusion', 300, 'conv2', 7) },
};

async function take(browser, url, path, { prepare, lab = false }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${url}/?build=baseline`);
  await page.waitForFunction(() => window.lab?.state().ready && lab.state().dataset === 'mnist' && lab.state().data.trainAvailable === lab.state().data.trainCount, null, { timeout: READY_WITHIN_MS });
  await prepare(page);
  await page.mouse.move(690, 18); // no tooltip, no button
  await page.waitForFunction(() => !lab.state().testAccuracy || lab.state().testAccuracy.step === lab.state().step, null, { timeout: READY_WITHIN_MS });
  await page.waitForTimeout(STILL_MS);
  const clip = lab ? await page.evaluate(() => globalThis.lab.ui().then(({ view }) => view)) : undefined;
  await page.screenshot({ path, clip });
  await context.close();
}

const [site, folder, ...names] = process.argv.slice(2);
for (const name of names) {
  if (!(name in PICTURES)) {
    console.error(`There is no picture “${name}”; there are ${Object.keys(PICTURES).join(', ')}.`);
    process.exit(2);
  }
}
const server = await serve({ root: site, port: 0, isolated: true });
const browser = await launchChromium();
try {
  for (const name of names.length > 0 ? names : Object.keys(PICTURES)) {
    const path = join(folder, `${name}.png`);
    await take(browser, server.url, path, PICTURES[name]);
    console.log(path);
  }
} finally {
  await browser.close();
  await server.close();
}
