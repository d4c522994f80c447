// When the program cannot run, the page says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from './support.mjs';

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
