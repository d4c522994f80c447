// What the browser tests share: a page of the built site in a real Chromium, its pixels, its weights, its widgets.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test as nodeTest } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launchChromium } from '../../tools/lib/chromium.mjs';
import { serve } from '../../tools/lib/server.mjs';
import { decodePng } from './png.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The folder of static files under test. */
export const SITE = process.env.LENET_LAB_SITE ?? join(ROOT, 'build', 'site');

export const READY_WITHIN_MS = 60_000;

/** The whole page, as a person has it; and little of it, for tests that look at no pixel: Chromium draws in software here. */
export const WHOLE = { width: 1280, height: 800 };
const SMALL = { width: 480, height: 320 };

/** One that hangs must not hold up the others. */
export function test(name, options, run = options) {
  if (typeof run !== 'function') throw new Error(`The test “${name}” has nothing to run.`); // node would count it as passed
  nodeTest(name, { timeout: 300_000, ...(run === options ? {} : options) }, run);
}

/** What data is beside the page: data/index.json. */
export const manifest = (() => {
  const list = join(SITE, 'data', 'index.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : {};
})();
export const hasMnist = Boolean(manifest.mnist);

/** The seeded run that is pinned to the bit. */
export const golden = () => JSON.parse(readFileSync(join(ROOT, 'tests', 'golden', 'seeded-run.json'), 'utf8'));

let browser = null;
const servers = new Map();
after(async () => {
  await browser?.close();
  await Promise.all([...servers.values()].map((server) => server.close()));
});

async function address(isolated) {
  if (!servers.has(isolated)) servers.set(isolated, await serve({ root: SITE, port: 0, isolated }));
  return servers.get(isolated).url;
}

/** Serves `files` ({path under data/: bytes or null for "not found"}) in place of the site's data. */
async function replaceData(page, files) {
  await page.route('**/data/**', (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^.*\/data\//, '');
    const body = files[path];
    if (body === 'abort') return route.abort('connectionreset');
    if (body === undefined || body === null) return route.fulfill({ status: 404, body: 'No such file.' });
    return route.fulfill({ status: 200, body, contentType: path.endsWith('.json') ? 'application/json' : 'application/gzip' });
  });
}

/**
 * Opens the page for test `t` and waits until it is ready. The test fails at its end if the page threw an error.
 * `data`: files in place of the site's own data; `strokes`: start a new run on the strokes set, paused; `viewport`: WHOLE where
 * widgets and pixels matter; `build`: as in web/api/builds.js, null for the page's own choice; `at`: another address to open;
 * `worker`: with its service worker, which would otherwise answer for tests that count on the server's answers;
 * `expected`: errors that belong to the test.
 */
export async function openPage(t, { isolated = true, data = null, strokes = false, viewport = SMALL, build = 'baseline', prepare = null, at = null, worker = false, expected = null, ready = true } = {}) {
  browser ??= await launchChromium();
  const serviceWorkers = worker ? 'allow' : 'block';
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1, colorScheme: 'light', serviceWorkers });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  page.problems = problems;
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems.filter((text) => !expected?.test(text)), [], 'errors on the page');
  });
  if (data) await replaceData(page, data);
  if (prepare) await prepare(page);
  await page.goto(at ?? `${await address(isolated)}${isolated && build ? `/?build=${build}` : '/'}`);
  if (!ready) return page;
  await page.waitForFunction(() => window.lab !== undefined, null, { timeout: READY_WITHIN_MS });
  await page.evaluate(() => lab.ready.then(() => {}));
  if (strokes) await page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }));
  return page;
}

/**
 * For openPage's `prepare`: of the file whose address ends so, only the first `part` (0 … 1) comes until the page calls releaseData().
 */
export const holdDownload = (ending, part = 0) => (page) =>
  page.addInitScript(([heldEnding, heldPart]) => {
    const original = window.fetch;
    const released = new Promise((resolve) => (window.releaseData = resolve));
    window.fetch = async (url, options) => {
      const response = await original(url, options);
      if (!String(url).endsWith(heldEnding)) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      const middle = Math.floor(heldPart * bytes.length);
      const body = new ReadableStream({
        async start(controller) {
          if (middle > 0) controller.enqueue(bytes.subarray(0, middle));
          await released;
          controller.enqueue(bytes.subarray(middle));
          controller.close();
        },
      });
      return new Response(body, { status: 200 });
    };
  }, [ending, part]);

export const state = (page) => page.evaluate(() => lab.state());

/** Waits until state() fulfils a condition, given as a function of the state (it runs in the page). */
export async function waitForState(page, condition, timeout = 60_000) {
  await page.waitForFunction(`(${condition})(lab.state())`, null, { timeout, polling: 50 });
  return state(page);
}

/** Waits until exactly these views (names as in look()) are open and worked out for `step`, or for the step that the page shows. */
export async function viewsDone(page, names, step = null) {
  const fits = ([wanted, at]) => {
    const { views, timeline } = lab.state();
    return views.map(({ view }) => view).join() === wanted.join() && views.every((view) => view.done && view.step === (at ?? timeline.shown));
  };
  await page.waitForFunction(fits, [names, step], { timeout: 60_000, polling: 50 });
  await frames(page, 4);
  return state(page);
}

/** Waits for MNIST's first images. */
export const waitForMnist = (page) => waitForState(page, (s) => s.dataset === 'mnist' && s.data.trainAvailable > 0);

/** Lets the page draw `count` more frames. */
export const frames = (page, count = 3) =>
  page.evaluate(async (n) => {
    for (let i = 0; i < n; i++) await new Promise(requestAnimationFrame);
  }, count);

/** Where a widget is, in page coordinates. */
export async function rectangle(page, name) {
  const places = await page.evaluate(() => lab.ui());
  assert.ok(places[name], `no widget “${name}” on screen; there are ${Object.keys(places).join(', ')}`);
  return places[name];
}

/** Clicks the real widget with the real mouse. */
export async function click(page, name) {
  const { x, y, width, height } = await rectangle(page, name);
  await page.mouse.move(x + width / 2, y + height / 2);
  await frames(page, 2);
  await page.mouse.down();
  await frames(page, 2);
  await page.mouse.up();
  await frames(page, 2);
}

/** Moves the mouse where no widget changes its look under it. */
export async function parkMouse(page) {
  const { width, height } = page.viewportSize();
  await page.mouse.move(width - 2, height - 2);
  await frames(page, 2);
}

/** The page's pixels, as decodePng() gives them. */
export async function screenshot(page, clip) {
  return decodePng(await page.screenshot(clip ? { clip } : {}));
}

/**
 * {picture, places}: the page's pixels and lab.ui(), once both stand still. On a busy machine the browser shows a frame some time after the
 * program has drawn it, so that a single screenshot may be older than the places.
 */
export async function stillPicture(page) {
  await parkMouse(page);
  const look = async () => {
    const places = await page.evaluate(() => lab.ui());
    return { png: await page.screenshot(), places };
  };
  let before = await look();
  for (let i = 0; i < 40; i++) {
    await page.waitForTimeout(50);
    const now = await look();
    if (now.png.equals(before.png) && JSON.stringify(now.places) === JSON.stringify(before.places)) {
      return { picture: decodePng(now.png), places: now.places };
    }
    before = now;
  }
  throw new Error('the page does not come to rest');
}

/** lab.weights() of several parameters at once, with their Float32Arrays, bit for bit. */
async function allWeights(page, names) {
  const answers = await page.evaluate(async (wanted) => {
    const all = [];
    for (const name of wanted) {
      const { shape, data } = await lab.weights(name);
      const bytes = new Uint8Array(data.buffer);
      let text = '';
      for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      all.push({ shape, base64: btoa(text) });
    }
    return all;
  }, names);
  return answers.map(({ shape, base64 }) => {
    const bytes = Buffer.from(base64, 'base64');
    return { shape, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
  });
}

/** lab.weights(name) with its Float32Array. */
export const weights = async (page, name) => (await allWeights(page, [name]))[0];

/** Names of all parameters in the network's order: conv1.weight, conv1.bias, … */
async function parameterNames(page) {
  const { layers } = await state(page);
  return layers.filter((layer) => layer.parameters > 0).flatMap(({ name }) => [`${name}.weight`, `${name}.bias`]);
}

/** FNV-1a, 64 bits, over all bytes in order; sixteen hexadecimal digits. */
export function fnv1a64(arrays) {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const array of arrays) {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      // × 0x100000001b3 = × (2^40 + 435), modulo 2^64, in two halves
      low = (low ^ byte) >>> 0;
      const product = low * 435;
      high = (high * 435 + Math.floor(product / 0x100000000) + low * 256) % 0x100000000;
      low = product % 0x100000000;
    }
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}

/** The hash of all weights, as `lenet-lab train --hash` prints it. */
export async function weightsHash(page) {
  const parameters = await allWeights(page, await parameterNames(page));
  return fnv1a64(parameters.map(({ data }) => data));
}

/** Evaluates a call that must fail and gives its message. */
export async function refusal(page, call, argument) {
  const message = await page.evaluate(`(async (argument) => {
    try { await (${call})(argument); } catch (error) { return error.message; }
    return null;
  })(${JSON.stringify(argument) ?? 'undefined'})`);
  assert.notEqual(message, null, `${call} should have been refused`);
  assert.match(message, /^[“"A-Za-z].*[.)]$/s, `"${message}" should be a sentence`);
  return message;
}
