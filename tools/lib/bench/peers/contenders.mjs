// The peers: pages under peers/, and PyTorch.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Answerer } from '../children.mjs';
import { ORT, ORT_TRAINING, TORCH } from '../comparisons.mjs';
import { Contender, Host } from '../host.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const BENCH = dirname(HERE);
const OPEN_WITHIN_MS = 60_000;

async function openPeer({ pages, mnist }, { folder, npm, query }) {
  for (const name of npm) {
    if (!existsSync(join(BENCH, 'node_modules', name))) throw new Error(`its npm package ${name} is not installed`);
  }
  const address = await pages.url({ root: BENCH, mounts: { '/mnist/': mnist } });
  return pages.open(`${address}/peers/${folder}/index.html?${new URLSearchParams(query)}`, async (page) => {
    await page.waitForFunction(() => window.peer !== undefined, null, { timeout: OPEN_WITHIN_MS });
    await page.evaluate(async () => {
      window.steps = {};
      window.about = await peer.about();
    });
  });
}

/** Contenders of one peer with one number of threads: they share its page. */
function onPage(where, name, peer, threads, list) {
  const host = new Host(`${name}, ${threads}`, {
    start: () => openPeer(where, { ...peer, query: { ...peer.query, threads } }),
    stop: (page) => page.context().close(),
  });
  return list.map(([what, batch]) => new Contender({
    name, what, batch, threads, host,
    prepare: (page) =>
      page.evaluate(async (job) => {
        steps[`${job.what} ${job.batch}`] = await peer.prepare(job);
      }, { what, batch }),
    slice: (page, seconds) => page.evaluate((job) => peer.run(steps[job.key], job.seconds), { key: `${what} ${batch}`, seconds }),
  }));
}

async function startTorch({ mnist, python, openblas }, threads) {
  if (!openblas) throw new Error('PyTorch or OpenBLAS is not installed (packages python3-torch, libopenblas0-pthread)');
  const env = {
    ...process.env,
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: '1',
    // Activations of a few MB otherwise come fresh from the system at every step: 15 % of its speed with two threads.
    MALLOC_MMAP_THRESHOLD_: '1000000000',
    MALLOC_TRIM_THRESHOLD_: '4000000000',
    MALLOC_TOP_PAD_: '268435456',
    LD_LIBRARY_PATH: [openblas, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
  const torch = new Answerer(python, [join(HERE, 'torch', 'peer.py'), mnist, String(threads)], { env });
  try {
    torch.about = await torch.ask('about');
    if (!torch.about.blas) throw new Error('it does not use the OpenBLAS it was given');
    return torch;
  } catch (error) {
    torch.close();
    throw error;
  }
}

function torchContenders(where, threads) {
  const host = new Host(`${TORCH}, ${threads}`, { start: () => startTorch(where, threads), stop: (torch) => torch.close() });
  return [['train', 64], ['inference', 64], ['inference', 1]].map(([what, batch]) => new Contender({
    name: TORCH, what, batch, threads, host,
    slice: (torch, seconds) => torch.ask(`${what} ${batch} ${seconds}`),
  }));
}

const ortPeer = (npm) => ({ folder: 'onnxruntime', npm: [npm], query: { package: npm } });
const TFJS = { folder: 'tfjs', npm: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], query: {} };
const CONVNET = { folder: 'convnetjs', npm: ['convnetjs'], query: {} };
const inference = [['inference', 64], ['inference', 1]];

export function peerContenders(where) {
  return [
    ...[1, 2].flatMap((threads) => onPage(where, ORT_TRAINING, ortPeer('onnxruntime-web-training'), threads, [['train', 64]])),
    ...[1, 2].flatMap((threads) => onPage(where, ORT, ortPeer('onnxruntime-web'), threads, inference)),
    ...onPage(where, 'TensorFlow.js 4.22.0, wasm', TFJS, 1, [['train', 64], ...inference]),
    ...onPage(where, 'TensorFlow.js 4.22.0, wasm', TFJS, 2, [['inference', 64]]),
    ...onPage(where, 'ConvNetJS 0.3.0', CONVNET, 1, [['train', 64], ['inference', 1]]),
    ...[1, 2].flatMap((threads) => torchContenders(where, threads)),
  ];
}

/** The versions of PyTorch and OpenBLAS, once a process has said them. */
export async function torchVersions(contenders) {
  const host = contenders.find(({ name, host: { isOpen }, reason }) => name === TORCH && isOpen && !reason)?.host;
  const { about } = (await host?.open().catch(() => null)) ?? {};
  return about ? { PyTorch: about.torch, OpenBLAS: about.blas.replace(/^OpenBLAS\s*/, '') } : {};
}
