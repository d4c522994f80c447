// The built page as it stands on other people's hosts: copies of the site in folders of their own, changed as a new version changes it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { serve } from '../../tools/lib/server.mjs';
import { SITE } from './support.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A new folder that goes away with the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-lab-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the site's service worker anew, as the build does it. */
export const release = (site) =>
  execFileSync('cmake', [`-DFROM=${join(ROOT, 'web', 'sw.js')}`, `-DSITE=${site}`, '-P', join(ROOT, 'cmake', 'write_worker.cmake')]);

/** A copy of the site with `files` ({path: bytes}) over it and no data but those. */
export function copyOfSite(t, files = {}) {
  const site = temporaryFolder(t);
  cpSync(SITE, site, { recursive: true, filter: (path) => path !== join(SITE, 'data') });
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), bytes);
  }
  release(site);
  return site;
}

/** Serves as serve() does, until the test ends or close() is called. */
export async function host(t, options) {
  const server = await serve(options);
  t.after(() => server.close());
  return server;
}

/** Waits until an asynchronous question to the page is answered with true. (Playwright's waitForFunction() takes a promise for true.) */
export async function answered(page, question, argument) {
  const patience = Date.now() + 30_000;
  while (!(await page.evaluate(question, argument))) {
    assert.ok(Date.now() < patience, `still not so after 30 s: ${question} (${argument})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the worker has kept a file of each of these paths. */
export const kept = (page, ...paths) =>
  answered(
    page,
    async (wanted) => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const here = new Set(all.flat().map(({ url }) => url.replace(/\?.*/, '')));
      return wanted.every((path) => here.has(new URL(path, location).href));
    },
    paths,
  );
