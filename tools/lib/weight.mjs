// node weight.mjs SITE [--times N]: what a first visit to the page loads, compressed as web hosts do it, and how soon it runs.
// Exits with 1 where the page weighs more than it may.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { launchChromium } from './chromium.mjs';
import { serve } from './server.mjs';

/** Bytes, compressed with Brotli, of all that a first visit needs before the page runs; data sets come behind it. */
export const LIMIT = 700_000;

const READY_WITHIN_MS = 60_000;

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

/** Sizes of a file of the site: {path, plain, gzip, brotli}, in bytes. */
function sizesOf(site, path) {
  const bytes = readFileSync(join(site, path));
  return { path, plain: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
}

/** The paths that the page asks for on a first visit until it runs, each once; data sets left out. `search`: of the address. */
export async function pathsOfFirstVisit(browser, url, search = '') {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const paths = new Set();
  page.on('response', (response) => {
    const { origin, pathname } = new URL(response.url());
    if (response.ok() && origin === url && !pathname.startsWith('/data/')) paths.add(pathname.slice(1) || 'index.html');
  });
  await page.goto(`${url}/${search}`);
  await page.waitForFunction(() => window.lab, null, { timeout: READY_WITHIN_MS });
  await page.evaluate(() => lab.ready.then(() => {}));
  await context.close();
  return [...paths].sort();
}

/** What a first visit loads: [{path, plain, gzip, brotli}], the largest first. */
export const weigh = (site, paths) => paths.map((path) => sizesOf(site, path)).sort((a, b) => b.brotli - a.brotli);

export const total = (sizes, kind) => sizes.reduce((sum, size) => sum + size[kind], 0);

/** Milliseconds from the start of the navigation, on a first visit: the network is drawn; the first minibatch is trained, Play pressed at once. */
async function timeOneVisit(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.times = {};
    const frame = () => new Promise(requestAnimationFrame);
    addEventListener('load', async () => {
      await lab.ready;
      for (let i = 0; i < 2; i++) await frame(); // the second begins when the first one's drawing is on its way to the screen
      times.picture = performance.now();
      await lab.play();
      while (lab.state().step === 0) await frame();
      times.play = performance.now();
    });
  });
  await page.goto(url);
  await page.waitForFunction(() => window.times.play, null, { timeout: READY_WITHIN_MS });
  const times = await page.evaluate(() => ({ ...window.times, data: lab.state().dataset }));
  await context.close();
  return times;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function printTable(sizes) {
  const cell = (bytes) => String((bytes / 1000).toFixed(1)).padStart(9);
  const row = ({ path, plain, gzip, brotli: packed }) => console.log(`${path.padEnd(26)}${cell(plain)}${cell(gzip)}${cell(packed)}`);
  console.log(`${'kB of a first visit'.padEnd(26)}${['plain', 'gzip -9', 'brotli'].map((head) => head.padStart(9)).join('')}`);
  sizes.forEach(row);
  row({ path: 'together', plain: total(sizes, 'plain'), gzip: total(sizes, 'gzip'), brotli: total(sizes, 'brotli') });
}

async function main([site, option, value]) {
  const visits = option === '--times' ? Number(value) : 0;
  const server = await serve({ root: site });
  const browser = await launchChromium();
  try {
    const sizes = weigh(site, await pathsOfFirstVisit(browser, server.url));
    printTable(sizes);
    const times = [];
    for (let i = 0; i < visits; i++) times.push(await timeOneVisit(browser, server.url));
    if (visits > 0) {
      console.log(`Chromium ${browser.version()}, headless, WebGL in software; data: ${times[0].data}; n = ${visits} first visits, seconds from the start of the navigation:`);
      for (const [name, what] of [['picture', 'first picture'], ['play', 'Play live']]) {
        const seconds = times.map((time) => time[name] / 1000);
        console.log(`${what}: median ${median(seconds).toFixed(2)} (${seconds.map((one) => one.toFixed(2)).join(', ')})`);
      }
    }
    if (total(sizes, 'brotli') > LIMIT) {
      console.log(`Too heavy: more than ${LIMIT / 1000} kB.`);
      process.exitCode = 1;
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
