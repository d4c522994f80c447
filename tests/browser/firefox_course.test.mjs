// The page in Firefox as a course uses it: drawing, a lesson, a link, a phone, the keyboard, readers.

import assert from 'node:assert/strict';

import { violations } from './axe.mjs';
import { openPage, shot, test, useFirefox, waitForState } from './firefox_page.mjs';
import { click, weightsHash } from './support.mjs';

const site = useFirefox();
const exact = (query = '') => `${site.url}/?build=baseline${query}`;

test('the mouse draws a digit, which is answered, and shown with its projection', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(60)));
  await click(page, 'draw');
  const pad = await page.waitForSelector('.draw-pad canvas', { visible: true });
  const { x, y, width, height } = await pad.boundingBox();
  await page.mouse.move(x + 0.3 * width, y + 0.15 * height);
  await page.mouse.down();
  for (const [a, b] of [[0.7, 0.15], [0.45, 0.85]]) await page.mouse.move(x + a * width, y + b * height, { steps: 8 });
  await page.mouse.up();
  await waitForState(page, ({ image }) => image.drawing);
  await page.waitForFunction(() => /^It reads \d: .*, step 60$/m.test(document.querySelector('.draw-right').innerText));
  const image = await page.evaluate(() => {
    const { data } = document.querySelector('.draw-image').getContext('2d').getImageData(0, 0, 28, 28);
    return Array.from({ length: 784 }, (_, i) => data[4 * i] / 255);
  });
  const ink = image.reduce((sum, value) => sum + value, 0);
  const centre = image.reduce((sum, value, i) => sum + value * (i % 28), 0) / ink;
  assert.ok(ink > 20 && Math.abs(centre - 14) < 0.6, `ink ${ink}, centred at ${centre}`);
  assert.ok(await page.evaluate((pixels) => lab.project('fc2', 7, { image: pixels }).then(({ data }) => data.some((value) => value !== 0)), image));
  await shot(page, 'draw');
  assert.deepEqual(page.problems, []);
});

test('lesson 4 from start to end', async (t) => {
  const page = await openPage(t, exact());
  const lesson = () => page.evaluate(() => lab.lesson());
  const next = () => page.click('[data-next]');
  const nextIsOpen = () => page.$eval('[data-next]', (button) => !button.disabled);
  const choose = (id, index) => page.evaluate((name, i) => document.querySelectorAll(`[data-predict="${name}"] .lesson-choice`)[i].click(), id, index);
  const run = async (index) => {
    await page.click(`[data-run="${index}"]`);
    await page.waitForFunction(() => !lab.lesson().running, { timeout: 150_000 });
    assert.deepEqual(await page.$$eval('.lesson-problem', (all) => all.map((each) => each.textContent)), []);
    await page.waitForSelector('[data-next]:not(:disabled)');
  };
  await page.evaluate(() => lab.set({ overlay: false })); // nobody looks at the canvas: twice as fast
  await page.click('#menu-lessons');
  await page.waitForSelector('.lesson-entry[data-lesson="04-frozen"]');
  await page.click('.lesson-entry[data-lesson="04-frozen"]');
  await page.waitForSelector('[data-next]');
  await next();
  assert.equal(await nextIsOpen(), false, 'no result without a prediction');
  await choose('cost', 2);
  await next();
  assert.equal(await nextIsOpen(), false, 'nor without a run');
  await run(0);
  await next();
  await shot(page, 'lesson');
  const { arms, step } = await page.evaluate(() => lab.comparison());
  assert.equal(step, 140);
  const cost = 100 * (arms[0].accuracy.at(-1).value - arms[1].accuracy.at(-1).value);
  assert.ok(Math.abs((await lesson()).results[0].value - cost) < 1e-9);
  await next();
  await choose('later', 1);
  await page.type('[data-predict="time"] input', '60');
  await next();
  await run(1);
  await next();
  const { step: at, steps } = await lesson();
  assert.equal(at, steps - 1);
  const rows = await page.evaluate(() => lab.predictions());
  assert.deepEqual(rows.map(({ prediction, predicted }) => [prediction, predicted]), [['cost', '2 to 8 points'], ['later', '1 to 4 points are left'], ['time', 60]]);
  assert.ok(rows.every(({ measured }) => measured !== null && measured !== undefined));
  assert.deepEqual(page.problems, []);
});

test('a link leads elsewhere to equal weights', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(async () => {
    await lab.reset({ dataset: 'strokes', network: 'conv 4 5x5, relu, pool 4, dense 10', seed: 5, batch: 16 });
    await lab.step(10);
    await lab.freeze('conv1');
    await lab.step(10);
    await lab.open('occlusion');
  });
  const hash = await weightsHash(page);
  await page.waitForFunction(() => /step=20/.test(location.search) && /lab=occlusion/.test(location.search));
  const link = await page.evaluate(() => location.href);
  const other = await openPage(t, link);
  await waitForState(other, ({ step, lab: shown }) => step === 20 && shown === 'occlusion');
  assert.equal(await weightsHash(other), hash);
  assert.equal(await other.evaluate(() => lab.state().layers[0].frozen), true);
});

test('360 pixels wide: everything has its place, and nothing is wider than the page', async (t) => {
  const page = await openPage(t, exact(), { width: 360, height: 740 });
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  const fits = async (what) => {
    const { content, wide } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, wide: innerWidth }));
    assert.ok(content <= wide, `${what}: ${content} of ${wide} pixels`);
    const off = await page.evaluate(() => lab.ui().then((places) => Object.entries(places).filter(([, place]) => place.x < -1 || place.x + place.width > innerWidth + 1).map(([name]) => name)));
    assert.deepEqual(off, [], what);
  };
  await fits('at first');
  await click(page, 'play');
  await waitForState(page, ({ step }) => step >= 3);
  await page.evaluate(() => lab.pause());
  await shot(page, 'phone');
  await page.evaluate(() => lab.open('top'));
  await waitForState(page, ({ lab: shown }) => shown === 'top');
  await fits('with a lab');
  for (const panel of ['lessons', 'draw', 'save']) {
    await page.click('#menu-open');
    await page.click(`#menu-${panel}`);
    await page.waitForSelector('#dock', { visible: true });
    await fits(panel);
    await shot(page, `phone-${panel}`);
    await page.keyboard.press('Escape');
  }
});

test('by keyboard alone: to the text version, a step, a frozen layer, and the same on the canvas', async (t) => {
  const page = await openPage(t, exact());
  await page.evaluate(() => lab.reset({ dataset: 'strokes' }));
  const focusOn = async (holds, back = false) => {
    for (let i = 0; i < 80; i++) {
      if (await page.evaluate(holds)) return;
      if (back) await page.keyboard.down('Shift');
      await page.keyboard.press('Tab');
      if (back) await page.keyboard.up('Shift');
    }
    assert.fail(`Tab does not come to ${holds}`);
  };
  await focusOn(() => document.activeElement.id === 'to-text', true); // back from the canvas, which has the focus at first
  await page.keyboard.press('Enter');
  await focusOn(() => document.activeElement.textContent === 'Step' && document.activeElement.matches('#mirror button'));
  await page.keyboard.press('Enter');
  await waitForState(page, ({ step }) => step === 1);
  await focusOn(() => /conv1 frozen/.test(document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent ?? ''));
  await page.keyboard.press(' ');
  await waitForState(page, ({ layers }) => layers[0].frozen);
  await shot(page, 'text');
  await page.keyboard.press('Escape');
  await page.focus('#canvas');
  await page.keyboard.press('s');
  await waitForState(page, ({ step }) => step === 2);
  await page.keyboard.press(' ');
  await waitForState(page, ({ step, playing }) => playing && step > 3);
});

test('axe-core finds nothing serious: the picture, the text version, panels', async (t) => {
  const page = await openPage(t, exact());
  assert.deepEqual(await violations(page), [], 'with the picture');
  for (const id of ['text', 'lessons', 'draw', 'save', 'share']) {
    await page.click(`#menu-${id}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(await violations(page), [], id);
    await page.keyboard.press('Escape');
  }
});
