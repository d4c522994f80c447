// Our own page, driven through window.lab as any script would.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Contender, Host } from '../host.mjs';

const READY_WITHIN_MS = 60_000;
const IMAGES = 60_000;

async function prepare(page, build) {
  await page.waitForFunction(() => window.lab !== undefined, null, { timeout: READY_WITHIN_MS });
  const actual = await page.evaluate(() => lab.ready.then(() => lab.state().build ?? null));
  if (actual !== build) throw new Error(`the page runs ${actual ?? 'a build that it does not name'}, not ${build}`);
  await page.waitForFunction((count) => lab.state().data.trainAvailable === count, IMAGES, { timeout: READY_WITHIN_MS });
  await page.evaluate(() => lab.reset({ dataset: 'mnist', preset: 'wss17', batch: 64, seed: 1 }));
  await page.evaluate(() => lab.set({ overlay: false }));
}

async function openPage(pages, site, build) {
  if (!existsSync(join(site, 'index.html'))) throw new Error('the page is not built (tools/bench builds it; --no-build does not)');
  const isolated = build !== 'single';
  const address = await pages.url({ root: site, isolated });
  return pages.open(isolated ? `${address}/?build=${build}` : address, (page) => prepare(page, build));
}

/**
 * Trains for so many seconds. Rewound first, so that no slice holds the end of an epoch, where the page tests itself on 10,000 images
 * between its steps. Both ends are moments in which a new count of images was seen, so what is published late is late at both.
 */
function trainInPage({ seconds, leadIn }) {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  async function nextChange() {
    const before = lab.state().imagesSeen;
    const patience = performance.now() + 20_000;
    for (;;) {
      const { imagesSeen, diverged } = lab.state();
      if (diverged) throw new Error('the run diverged');
      if (imagesSeen !== before) return { images: imagesSeen, at: performance.now() };
      if (performance.now() > patience) throw new Error('it does not train');
      await pause(2);
    }
  }
  return (async () => {
    await lab.rewind();
    await lab.play();
    await nextChange();
    await pause(leadIn * 1000);
    const first = await nextChange();
    await pause(seconds * 1000);
    const last = await nextChange();
    await lab.pause();
    return { images: last.images - first.images, seconds: (last.at - first.at) / 1000, loss: lab.state().trainLoss };
  })();
}

async function trainSlice(page, seconds) {
  return page.evaluate(trainInPage, { seconds, leadIn: 0.3 });
}

async function inferenceSlice(page, batch, seconds) {
  return page.evaluate((request) => lab.measure(request), { what: 'inference', batch, seconds });
}

function contender(host, name, { what, batch, threads, overlay = false, open = 'network' }) {
  return new Contender({
    name, what, batch, threads, host,
    slice: async (page, seconds) => {
      await page.evaluate((settings) => lab.set(settings), { threads, overlay });
      await page.evaluate((word) => lab.open(word), open);
      try {
        return await (what === 'train' ? trainSlice(page, seconds) : inferenceSlice(page, batch, seconds));
      } finally {
        if (overlay) await page.evaluate(() => lab.open('network').then(() => lab.set({ overlay: false })));
      }
    },
  });
}

const train = (threads) => ({ what: 'train', batch: 64, threads });
const inference = (batch, threads) => ({ what: 'inference', batch, threads });
const ALL = [train(1), train(2), inference(64, 1), inference(64, 2), inference(1, 1)];
const MEASURED = {
  relaxed: ALL,
  baseline: ALL,
  scalar: [train(1), train(2), inference(64, 1)],
  single: [train(1), inference(64, 1), inference(1, 1)],
};

/** The labs that look into the network, by the word that opens them. */
export const LABS = ['top', 'evolution', 'invariance', 'occlusion', 'architecture', 'lookBack', 'classes', 'random'];
export const withLab = (lab) => `page baseline, ${lab} open`;

export function pageContenders({ pages, site }) {
  const contenders = [];
  for (const [build, list] of Object.entries(MEASURED)) {
    const host = new Host(`page ${build}`, { start: () => openPage(pages, site, build), stop: (page) => page.context().close() });
    contenders.push(...list.map((what) => contender(host, `page ${build}`, what)));
    if (build !== 'baseline') continue;
    contenders.push(...[1, 2].map((threads) => contender(host, 'page baseline, overlay shown', { ...train(threads), overlay: true })));
    contenders.push(...LABS.map((lab) => contender(host, withLab(lab), { ...train(2), overlay: true, open: lab })));
  }
  return contenders;
}

/** The layers of a build, one after the other: { name, open, measure(seconds) }. */
export function pageLayers({ pages, site }) {
  return ['relaxed', 'baseline'].map((build) => ({
    name: `page ${build}`,
    measure: async (seconds) => {
      const page = await openPage(pages, site, build);
      try {
        await page.evaluate(() => lab.set({ threads: 1 }));
        return await page.evaluate((request) => lab.measure(request), { what: 'layers', seconds });
      } finally {
        await page.context().close();
      }
    },
  }));
}
