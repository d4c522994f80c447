// Firefox and the page in it, for the tests in firefox*.test.mjs. It is driven by puppeteer, whose pages speak other words than Playwright's.

import { after, before, test as nodeTest } from 'node:test';
import { join } from 'node:path';

import { findFirefox, launchFirefox } from '../../tools/lib/firefox.mjs';
import { serve } from '../../tools/lib/server.mjs';
import { SITE } from './support.mjs';

const skip = findFirefox() === null ? 'Firefox or Xvfb is not installed' : false;
let browser = null;

/** A test that is skipped where there is no Firefox. `run` gets node's context and the address of the page. */
export const test = (name, run) => nodeTest(`Firefox: ${name}`, { skip, timeout: 240_000 }, run);

/** Starts the browser and a server for all tests of a file; call it once there. Gives an object whose `url` is the site's. */
export function useFirefox() {
  const site = { url: null };
  let server = null;
  before(async () => {
    if (skip) return;
    server = await serve({ root: SITE, port: 0, isolated: true });
    site.url = server.url;
    browser = await launchFirefox();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return site;
}

/** A blank page for test `t`, closed at its end. `problems` are the errors that it throws. */
export async function newPage(t, { width = 1280, height = 800 } = {}) {
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.setViewport({ width, height });
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  return page;
}

/** The page at this address, ready. */
export async function openPage(t, url, size = {}) {
  const page = await newPage(t, size);
  await page.goto(url);
  await ready(page);
  return page;
}

export const ready = (page) => page.waitForFunction(() => window.lab && lab.state().ready, { timeout: 60_000 });

export const waitForState = (page, condition) => page.waitForFunction(`(${condition})(lab.state())`, { timeout: 60_000, polling: 50 });

/** A PNG of the page in the folder $LENET_LAB_SHOTS, where there is one: to be looked at. */
export async function shot(page, name) {
  if (process.env.LENET_LAB_SHOTS) await page.screenshot({ path: join(process.env.LENET_LAB_SHOTS, `firefox-${name}.png`) });
}
