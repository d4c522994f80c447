// The service worker: shared memory without the host's headers, offline use, new versions, frames, and packages in a folder of a host.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answered, copyOfSite, host, kept, release, ROOT, temporaryFolder } from './hosts.mjs';
import { fakeMnist } from './idx.mjs';
import { openPage, READY_WITHIN_MS, state, test, waitForState, weightsHash } from './support.mjs';

/** Waits for the page, also past a reload of its own making. */
async function running(page, { isolated = true } = {}) {
  const fits = (wanted) => crossOriginIsolated === wanted && window.lab !== undefined;
  await page.waitForFunction(fits, isolated, { timeout: READY_WITHIN_MS }).catch(async (error) => {
    const seen = () => `isolated: ${crossOriginIsolated}, worker: ${Boolean(navigator.serviceWorker?.controller)}, “${document.body.innerText}”`;
    throw new Error(`${error.message} ${await page.evaluate(seen)}`);
  });
  await page.evaluate(() => lab.ready.then(() => {}));
  return state(page);
}

const textOf = (page, path) => page.evaluate((address) => fetch(address).then((response) => response.text(), () => null), path);

function pack(site, folder) {
  execFileSync('python3', [join(ROOT, 'tools', 'lib', 'package.py'), site, '1.2.3', folder]);
  return (kind) => join(folder, `lenet-lab-1.2.3${kind}.zip`);
}

test('a package, on a host without headers, in a folder: one reload, threads, training, and the same offline', async (t) => {
  const site = copyOfSite(t);
  const zip = pack(site, temporaryFolder(t));
  assert.deepEqual(readFileSync(pack(site, temporaryFolder(t))('')), readFileSync(zip('')), 'the same bytes each time');
  const folder = temporaryFolder(t);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip('-course'), folder]);

  const server = await host(t, { root: temporaryFolder(t), isolated: false, mounts: { '/courses/7/lab/': folder } });
  const at = `${server.url}/courses/7/lab/?build=baseline`;
  let loads = 0;
  const prepare = (page) => page.on('domcontentloaded', () => (loads += 1));
  const page = await openPage(t, { at, prepare, worker: true, ready: false, expected: /data\/index\.json/ });
  const first = await running(page);
  assert.equal(loads, 2);
  assert.equal(first.build, 'baseline');
  assert.ok(first.threads >= 1 && first.isolated);
  await page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }).then(() => lab.step(5)));
  const hash = await weightsHash(page);

  const manifest = await page.evaluate(async () => {
    const text = await (await fetch('imsmanifest.xml')).text();
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    const all = (tag, name) => [...parsed.getElementsByTagName(tag)].map((element) => element.getAttribute(name));
    return {
      error: parsed.querySelector('parsererror')?.textContent ?? null,
      launched: all('resource', 'href'),
      items: all('item', 'identifierref'),
      resources: all('resource', 'identifier'),
      files: all('file', 'href'),
    };
  });
  assert.equal(manifest.error, null);
  assert.deepEqual(manifest.launched, ['index.html']);
  assert.deepEqual(manifest.items, manifest.resources);
  const inZip = execFileSync('python3', ['-c', 'import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep="\\n")', zip('-course')]);
  assert.deepEqual([...manifest.files, 'imsmanifest.xml'].sort(), inZip.toString().trim().split('\n').sort());

  await kept(page, 'licenses.txt'); // the last of what a page may need later
  await server.close();
  await page.goto(at);
  assert.equal((await running(page)).step, 0);
  await page.evaluate(() => lab.reset({ dataset: 'strokes', seed: 1 }).then(() => lab.step(5)));
  assert.equal(await weightsHash(page), hash);
});

test('after one visit to a host with headers the page is there offline, with the data that it used; ?sw=off does without', async (t) => {
  const data = Object.fromEntries(Object.entries(fakeMnist()).map(([path, bytes]) => [`data/${path}`, bytes]));
  const server = await host(t, { root: copyOfSite(t, data) });
  const at = `${server.url}/?build=baseline`;
  const arrived = ({ dataset, data: { trainAvailable, testAvailable } }) => dataset === 'mnist' && trainAvailable === 5200 && testAvailable === 100;
  const page = await openPage(t, { at, worker: true });
  await waitForState(page, arrived);
  await kept(page, 'lenet-lab.js', 'lenet-lab.wasm', ...Object.keys(data));
  await server.close();
  await page.reload();
  await running(page);
  await waitForState(page, arrived);
  assert.equal((await page.evaluate(() => lab.step(2))).step, 2);
  await page.goto(`${at}&sw=off`);
  await running(page);
  await answered(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0);
});

test('a new version waits until it is asked for and alone; no page gets files of both', async (t) => {
  const site = copyOfSite(t, { 'lenet-lab-scalar.js': '// of the first version' });
  const server = await host(t, { root: site });
  const at = `${server.url}/?build=baseline`;
  const page = await openPage(t, { at, worker: true });
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await kept(page, 'licenses.txt');

  appendFileSync(join(site, 'style.css'), '/* second version */');
  writeFileSync(join(site, 'lenet-lab-scalar.js'), '// of the second version');
  release(site);
  await page.reload();
  await running(page);
  const offer = page.locator('.note', { hasText: 'new version' });
  await offer.waitFor();
  assert.doesNotMatch(await textOf(page, 'style.css'), /second version/);
  assert.equal(await textOf(page, 'lenet-lab-scalar.js'), null, 'a file that was not kept is refused, since the host has another version of it');

  const other = await page.context().newPage();
  await other.goto(at);
  await running(other);
  await offer.getByRole('button', { name: 'Load it' }).click();
  await page.locator('.note', { hasText: 'another tab' }).waitFor();
  await other.close();
  await Promise.all([page.waitForEvent('domcontentloaded'), offer.getByRole('button', { name: 'Load it' }).click()]);
  await running(page);
  assert.match(await textOf(page, 'style.css'), /second version/);
  assert.match(await textOf(page, 'lenet-lab-scalar.js'), /second version/);
  const copies = await page.evaluate(async () => {
    const cache = await caches.open(`lenet-lab ${new URL('.', location).pathname}`);
    return (await cache.keys()).filter(({ url }) => url.includes('style.css')).length;
  });
  assert.equal(copies, 1, 'the first version is thrown away');
});

test('in a frame on a host without headers the page is not reloaded, and trains on one thread', async (t) => {
  const site = await host(t, { root: copyOfSite(t), isolated: false });
  const course = temporaryFolder(t);
  writeFileSync(join(course, 'index.html'), `<!doctype html><title>A course</title><iframe src="${site.url}/" width="450" height="300"></iframe>`);
  const around = await host(t, { root: course, isolated: false });
  let loads = 0;
  const prepare = (page) => page.on('framenavigated', (frame) => (loads += frame !== page.mainFrame()));
  const at = around.url.replace('localhost', '127.0.0.1'); // another site than the frame's
  const page = await openPage(t, { at, prepare, worker: true, ready: false, expected: /data\/index\.json/ });
  const frame = page.frames().find((one) => one !== page.mainFrame());
  const s = await running(frame, { isolated: false });
  assert.equal(s.build, 'single');
  assert.equal((await frame.evaluate(() => lab.reset({ dataset: 'strokes' }).then(() => lab.step(3)))).step, 3);
  assert.equal(loads, 1);
});
