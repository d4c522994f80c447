// The text version: everything by keyboard and reader, the same session, and nothing serious for axe-core to find.

import assert from 'node:assert/strict';

import { violations } from './axe.mjs';
import { openPage, state, test, waitForState, WHOLE } from './support.mjs';

/** Presses Tab (or Shift+Tab) until the focus is on an element that matches; fails after `most`. */
async function tabTo(page, selector, { key = 'Tab', most = 80 } = {}) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`Tab does not come to ${selector}`);
}

test('axe-core finds nothing serious: the picture, the text version, each panel, light and dark', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  assert.deepEqual(await violations(page), [], 'with the picture');
  await page.locator('#menu-text').click();
  await page.getByRole('button', { name: 'Show the curves as tables' }).click();
  assert.deepEqual(await violations(page), [], 'as text');
  await page.keyboard.press('Escape');
  await page.locator('#menu-theme').click();
  for (const id of await page.locator('#menu button').evaluateAll((buttons) => buttons.map((button) => button.id))) {
    if (id === 'menu-theme') continue;
    await page.locator(`#${id}`).click();
    await page.waitForTimeout(100);
    assert.deepEqual(await violations(page), [], `dark, after ${id}`);
    await page.keyboard.press('Escape');
  }
});

test('by keyboard alone: to the text version, train, freeze, another image, back to the picture', async (t) => {
  const page = await openPage(t, { strokes: true });
  await tabTo(page, '#to-text', { key: 'Shift+Tab', most: 12 }); // from the canvas, which has the focus at first
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'mirror-title');

  await tabTo(page, '#mirror button');
  const press = async (name) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('Step');
  await waitForState(page, ({ step }) => step === 1);
  await page.getByLabel('Stop at step').fill('5');
  await press('Train to this step');
  await waitForState(page, ({ step }) => step === 5);
  await page.getByLabel('conv1 frozen').focus();
  await page.keyboard.press('Space');
  await waitForState(page, ({ layers }) => layers[0].frozen);
  await page.getByLabel('Test image').fill('3');
  await page.keyboard.press('Enter');
  await waitForState(page, ({ image }) => image.index === 3);
  await page.getByLabel('Learning rate').fill('0.05');
  await page.keyboard.press('Enter');
  await waitForState(page, ({ learningRate }) => learningRate === 0.05);
  await page.waitForFunction(() => document.getElementById('mirror').textContent.includes('Paused. Step 5'));

  await page.getByLabel('Stop at step').fill('2');
  await press('Train to this step');
  await page.waitForFunction(() => document.querySelector('#mirror [role=alert]').textContent.includes('stands at step 5'));

  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'canvas');
  assert.equal((await state(page)).step, 5);
});

test('the text version tells what the picture shows: layers, the unit’s projection, a lab’s findings, a stored step', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(async () => {
    await lab.step(5);
    await lab.lock('conv2', 3);
  });
  await page.evaluate(() => document.getElementById('to-text').click());
  await page.getByRole('button', { name: 'Look at this unit' }).click();
  await page.waitForFunction(() => /Strongest activation|silent/.test(document.getElementById('mirror').textContent));
  const rows = await page.locator('#mirror table', { hasText: 'Layers with weights' }).locator('tbody tr').allTextContents();
  assert.equal(rows.length, 4);
  assert.match(rows[0], /conv1.*20×1×5×5.*520/);

  await page.getByLabel('Lab', { exact: true }).selectOption('occlusion');
  await page.waitForFunction(() => lab.state().views.length > 0 && lab.state().views.every(({ done }) => done), null, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Show what it has found' }).click();
  await page.locator('#mirror caption', { hasText: 'Facts' }).first().waitFor();
  await page.getByLabel('Lab', { exact: true }).selectOption('confusion');
  await page.waitForFunction(() => lab.state().views.some(({ view, done }) => view === 'confusion' && done), null, { timeout: 60_000 });
  await page.getByRole('button', { name: 'Show what it has found' }).click();
  const matrix = page.locator('#mirror table', { hasText: 'how many test images of a class' });
  await matrix.waitFor();
  const cells = (await matrix.locator('tbody td').allTextContents()).map(Number);
  assert.equal(cells.length, 100);
  assert.equal(cells.reduce((sum, count) => sum + count), (await state(page)).data.testCount);
  await page.getByLabel('Shown step').selectOption('2');
  await waitForState(page, ({ timeline }) => timeline.showsMoment && timeline.shown === 2);
});
