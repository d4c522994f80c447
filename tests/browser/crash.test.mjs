// When the program cannot run or has stopped, the page says what happened, what to do, and whether the work is kept.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { openPage, SITE, stillPicture, test, WHOLE } from './support.mjs';
import { withTrap } from './wasm.mjs';

/** The panel's title, and all its words. */
async function panel(page) {
  await page.locator('#crash').waitFor({ state: 'visible', timeout: 30_000 });
  assert.ok(await page.locator('#loading').isHidden());
  assert.ok(await page.locator('#crash-todo').isVisible(), 'it says what to do');
  assert.ok(await page.locator('#crash-reload').isVisible());
  page.problems.length = 0; // they are meant
  return { title: await page.locator('#crash-title').textContent(), text: await page.locator('#crash').innerText() };
}

/** The same of a page whose scripts run: they are told too. */
async function crashPanel(page) {
  const shown = await panel(page);
  const rejected = await page.evaluate(() => lab.ready.then(() => null, (error) => error.message));
  assert.match(rejected, /^LeNet Lab has stopped\. .*[.)]$/s);
  assert.match(await page.evaluate(() => lab.state().error), /has stopped/);
  return shown;
}

/** For openPage's `prepare`: WebAssembly.validate() refuses the module of so many bytes. */
const withoutFeature = (moduleBytes) => (page) =>
  page.addInitScript((length) => {
    const original = WebAssembly.validate;
    WebAssembly.validate = (bytes) => bytes.length !== length && original(bytes);
  }, moduleBytes);

const BROWSERS = {
  'without WebGL 2': [
    (page) =>
      page.addInitScript(() => {
        const original = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
          return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
        };
      }),
    /WebGL 2.*acceleration/s,
  ],
  'without SIMD': [withoutFeature(31), /no SIMD/],
  'without exceptions': [withoutFeature(28), /no exceptions/],
  'without WebAssembly': [(page) => page.addInitScript(() => delete window.WebAssembly), /no WebAssembly/],
};

for (const [what, [prepare, pattern]] of Object.entries(BROWSERS)) {
  test(`a browser ${what}`, async (t) => {
    const { title, text } = await crashPanel(await openPage(t, { prepare, ready: false }));
    assert.match(title, /This browser cannot run/);
    assert.match(text, pattern);
    assert.match(text, /Firefox from 100, Safari/);
  });
}

test('opened as a file', async (t) => {
  const { title, text } = await panel(await openPage(t, { at: pathToFileURL(join(SITE, 'index.html')).href, ready: false }));
  assert.match(title, /needs a web server/);
  assert.match(text, /http\.server/);
});

test('a part of the page that does not arrive', async (t) => {
  const prepare = (page) => page.route('**/native.js', (route) => route.abort());
  const { title } = await panel(await openPage(t, { prepare, ready: false }));
  assert.match(title, /could not be loaded/);
});

test('a program that does not arrive', async (t) => {
  const prepare = (page) => page.route('**/lenet-lab.wasm', (route) => route.fulfill({ status: 404, body: '' }));
  const { title, text } = await crashPanel(await openPage(t, { prepare, ready: false }));
  assert.match(title, /could not be loaded/);
  assert.match(text, /online/);
});

test('no memory to begin with', async (t) => {
  const prepare = (page) =>
    page.addInitScript(() => {
      WebAssembly.Memory = function () {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      };
    });
  const { title, text } = await crashPanel(await openPage(t, { prepare, ready: false }));
  assert.match(title, /memory has run out/);
  assert.match(text, /Close other tabs/);
});

test('memory that runs out later refuses what was too much, and nothing is lost', async (t) => {
  const prepare = (page) =>
    page.addInitScript(() => {
      const Original = WebAssembly.Memory;
      WebAssembly.Memory = function ({ initial, maximum, shared }) {
        return new Original({ initial, maximum: Math.min(maximum, initial + 64), shared }); // 4 MB more than at the start
      };
    });
  const page = await openPage(t, { prepare, strokes: true });
  await page.evaluate(() => lab.step(3));
  const refused = await page.evaluate(() => lab.reset({ network: 'dense 4000, relu, dense 4000, relu, dense 10' }).then(() => null, ({ message }) => message));
  assert.match(refused, /not enough memory/);
  assert.equal((await page.evaluate(() => lab.step(2))).step, 5);
  assert.ok(await page.locator('#crash').isHidden());
});

/** For openPage's `prepare`: the baseline's function that the page's JavaScript calls by this name traps. */
const trapping = (name) => (page) => {
  const loader = readFileSync(join(SITE, 'lenet-lab.js'), 'utf8');
  const exported = new RegExp(`\\b${name}=(?:Module\\["\\w+"\\]=)?wasmExports\\["(\\w+)"\\]`).exec(loader)?.[1];
  assert.ok(exported, `lenet-lab.js names the export of ${name}`);
  const body = withTrap(readFileSync(join(SITE, 'lenet-lab.wasm')), exported);
  return page.route('**/lenet-lab.wasm', (route) => route.fulfill({ body, contentType: 'application/wasm' }));
};

const TRAPS = { 'on the page’s thread': '_lab_version', 'on the session’s thread': '__emscripten_tls_init' };

for (const [where, name] of Object.entries(TRAPS)) {
  test(`a program that traps ${where}`, async (t) => {
    const { title, text } = await crashPanel(await openPage(t, { prepare: trapping(name), ready: false }));
    assert.match(title, /has stopped/);
    assert.match(text, /its fault and not yours/);
    assert.match(text, /unreachable/);
    assert.doesNotMatch(text, /Your work is kept/);
  });
}

test('when it breaks while it runs, what waits is refused; what is kept is said', async (t) => {
  const page = await openPage(t, { strokes: true });
  const message = await page.evaluate(() => {
    globalThis.lenetAutosave = { hasSaved: () => true };
    const waiting = lab.step(100_000).then(() => null, (error) => error.message);
    const error = new WebAssembly.RuntimeError('unreachable');
    window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }));
    return waiting;
  });
  assert.match(message, /has stopped/);
  assert.match(await page.evaluate(() => lab.play().then(() => null, (error) => error.message)), /has stopped/);
  assert.match((await panel(page)).text, /Your work is kept/);
  await Promise.all([page.waitForEvent('domcontentloaded'), page.locator('#crash-reload').click()]);
  await page.evaluate(() => lab.ready.then(() => {}));
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

/** All pixels of conv 1's tiles, as they stand on the page. */
async function tilePixels(page) {
  const { picture, places } = await stillPicture(page);
  const tiles = Object.entries(places).filter(([name]) => /^tile\.conv1\.\d+$/.test(name));
  assert.equal(tiles.length, 20);
  return tiles.flatMap(([, { x, y, width, height }]) =>
    Array.from({ length: Math.floor(width) * Math.floor(height) }, (_, i) => picture.at(Math.ceil(x) + (i % Math.floor(width)), Math.ceil(y) + Math.floor(i / Math.floor(width))).join()),
  );
}

test('lost graphics: it says so, trains on, and draws again when they are back', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(5));
  const before = await tilePixels(page);
  assert.ok(new Set(before).size > 50);
  await page.evaluate(() => document.getElementById('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext());
  await page.locator('#lost').waitFor({ state: 'visible' });
  assert.equal((await page.evaluate(() => lab.step(5))).step, 10);
  assert.ok(await page.locator('#lost-reload').isHidden());
  await page.evaluate(() => lab.rewind().then(() => lab.step(5)));
  await page.locator('#lost-retry').click();
  await page.locator('#lost').waitFor({ state: 'hidden' });
  assert.deepEqual(await tilePixels(page), before);
});
