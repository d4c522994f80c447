// What a first visit loads.

import assert from 'node:assert/strict';

import { launchChromium } from '../../tools/lib/chromium.mjs';
import { LIMIT, pathsOfFirstVisit, total, weigh } from '../../tools/lib/weight.mjs';
import { host } from './hosts.mjs';
import { SITE, test } from './support.mjs';

test('a first visit, without its data set, is as light as promised, and loads one build of the program', async (t) => {
  const browser = await launchChromium();
  t.after(() => browser.close());
  const { url } = await host(t, { root: SITE });
  const paths = await pathsOfFirstVisit(browser, url);
  assert.deepEqual(paths.filter((path) => path.endsWith('.wasm')), ['lenet-lab-relaxed.wasm']);
  const sizes = weigh(SITE, paths);
  const weight = total(sizes, 'brotli');
  t.diagnostic(`${weight} bytes with Brotli, ${total(sizes, 'gzip')} with gzip, in ${sizes.length} files`);
  assert.ok(weight > 100_000 && weight <= LIMIT);
});
