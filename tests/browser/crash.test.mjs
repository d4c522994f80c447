// When the program cannot run, the page says so.

import assert from 'node:assert/strict';

import { openPage, test } from './support.mjs';

async function crashText(page) {
  await page.locator('#crash').waitFor({ state: 'visible', timeout: 30_000 });
  assert.ok(await page.locator('#loading').isHidden());
  const rejected = await page.evaluate(() => lab.ready.then(() => null, (error) => error.message));
  assert.match(rejected, /^LeNet Lab has stopped\. .*\.$/s);
  assert.match(await page.evaluate(() => lab.state().error), /has stopped/);
  page.problems.length = 0; // they are meant
  return page.locator('#crash-reason').textContent();
}

test('without WebGL 2', async (t) => {
  const prepare = (page) =>
    page.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
      };
    });
  assert.match(await crashText(await openPage(t, { prepare, ready: false })), /WebGL 2/);
});

test('when the program’s file is missing', async (t) => {
  const prepare = (page) => page.route('**/lenet-lab.wasm', (route) => route.fulfill({ status: 404, body: '' }));
  assert.ok((await crashText(await openPage(t, { prepare, ready: false }))).length > 10);
});

test('when it breaks while it runs, what waits is refused', async (t) => {
  const page = await openPage(t, { strokes: true });
  const message = await page.evaluate(() => {
    const waiting = lab.step(100_000).then(() => null, (error) => error.message);
    const error = new WebAssembly.RuntimeError('unreachable');
    window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }));
    return waiting;
  });
  assert.match(message, /has stopped/);
  assert.match(await page.evaluate(() => lab.play().then(() => null, (error) => error.message)), /has stopped/);
  await page.locator('#crash').waitFor({ state: 'visible' });
  page.problems.length = 0; // they are meant
});

test('an error of somebody’s own script does not end the page', async (t) => {
  const page = await openPage(t, { strokes: true });
  await page.evaluate(() => {
    const error = new Error('mine');
    error.stack = 'Error: mine at <anonymous>';
    window.dispatchEvent(new ErrorEvent('error', { error, message: 'mine' }));
  });
  assert.equal((await page.evaluate(() => lab.step(1))).step, 1);
  assert.ok(await page.locator('#crash').isHidden());
  page.problems.length = 0;
});
