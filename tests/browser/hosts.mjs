// The built page as it stands on other people's hosts: copies of the site in folders of their own, changed as a new version changes it.

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
