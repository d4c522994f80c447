// node main.mjs [options]: the measuring part of tools/bench, which says what the options are.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Pages, sentence } from './browser.mjs';
import { endAll } from './children.mjs';
import { compare } from './comparisons.mjs';
import { describeMachine } from './machine.mjs';
import { nativeContenders, nativeLayers } from './ours/native.mjs';
import { pageContenders, pageLayers } from './ours/page.mjs';
import { peerContenders, torchVersions } from './peers/contenders.mjs';
import { intoDocument, markdown } from './report.mjs';
import { Interrupted, Run } from './run.mjs';
import { summary } from './statistics.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md');
const KINDS = ['train', 'inference', 'layers'];

function wrongUse(why) {
  console.error(`error: ${why}`);
  process.exit(2);
}

function settingsFrom(values) {
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const what = values.what.split(',');
  if (!Number.isInteger(rounds) || rounds < 1) wrongUse('--rounds takes a whole number from 1 on.');
  if (!(seconds >= 0.2 && seconds <= 60)) wrongUse('--seconds takes a number from 0.2 to 60.');
  const unknown = what.find((kind) => !KINDS.includes(kind));
  if (unknown !== undefined) wrongUse(`--what takes a list of ${KINDS.join(', ')}; there is no "${unknown}".`);
  let only;
  try {
    only = new RegExp(values.only ?? '', 'i');
  } catch (error) {
    wrongUse(`--only takes a regular expression: ${error.message}.`);
  }
  return { rounds, seconds, what, only, out: resolve(values.out ?? join(ROOT, 'build', 'bench')), writeDocs: values['write-docs'] };
}

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        only: { type: 'string' },
        what: { type: 'string', default: KINDS.join() },
        out: { type: 'string' },
        'write-docs': { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
      },
    });
    return { ...settingsFrom(values), list: values.list };
  } catch (error) {
    return wrongUse(error.message);
  }
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
function say(line, left) {
  console.error(left === undefined ? `   ${line}` : `   ${line}  (about ${clock(left)} left)`);
}

async function measureLayers(sources, seconds, interrupted) {
  const layers = [];
  for (const { name, measure } of sources) {
    if (interrupted()) break;
    say(`layers of ${name}`);
    try {
      layers.push({ name, result: await measure(seconds) });
    } catch (error) {
      if (interrupted()) break;
      layers.push({ name, reason: sentence(error) });
      say(`layers of ${name}: ${sentence(error)}`);
    }
  }
  return layers;
}

const settings = parse();
const pages = new Pages();
const where = {
  pages,
  site: process.env.LENET_LAB_SITE ?? join(ROOT, 'build', 'site'),
  program: process.env.LENET_LAB_PROGRAM ?? join(ROOT, 'build', 'native-release', 'lenet-lab'),
  mnist: process.env.LENET_LAB_BENCH_MNIST,
  openblas: process.env.LENET_LAB_BENCH_OPENBLAS,
  python: '/usr/bin/python3', // Debian's, which knows Debian's python3-torch
};

const contenders = [...pageContenders(where), ...nativeContenders(where), ...peerContenders(where)].filter(
  ({ what, label }) => settings.what.includes(what) && settings.only.test(label),
);
const layerSources = [...pageLayers(where), ...nativeLayers(where)].filter(
  ({ name }) => settings.what.includes('layers') && settings.only.test(`${name}, layers`),
);
if (settings.list) {
  for (const { label } of contenders) console.log(label);
  for (const { name } of layerSources) console.log(`${name}, layers`);
  process.exit(0);
}
if (contenders.length + layerSources.length === 0) wrongUse('--only and --what leave nothing to measure (--list shows all names).');
if (!where.mnist) wrongUse('there is no MNIST; run this through tools/bench.');

let stopped = false;
const interrupted = () => stopped;
async function stopAll() {
  endAll();
  await pages.close().catch(() => {});
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (stopped) process.exit(130);
    stopped = true;
    say('interrupted: closing, and writing what is done');
    stopAll();
  });
}
process.on('exit', endAll);

const machine = describeMachine(ROOT);
const run = new Run({ contenders, settings, interrupted, say });
let layers = [];
try {
  await run.go(async () => {
    const chromium = await pages.version();
    Object.assign(machine.versions, chromium ? { Chromium: chromium } : {}, await torchVersions(contenders));
  });
  await stopAll(); // the layers have the machine for themselves
  if (!stopped) layers = await measureLayers(layerSources, settings.seconds, interrupted);
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
} finally {
  await stopAll();
}

const results = contenders.map(({ label, name, what, batch, threads, slices, reason }) => ({
  label, name, what, batch, threads, reason, images: summary(slices.map(({ rate }) => rate)), slices,
}));
const find = (wanted) =>
  results.find(({ name, what, batch, threads }) =>
    name === wanted.name && what === wanted.what && batch === wanted.batch && threads === wanted.threads)?.slices ?? [];
const report = {
  machine,
  settings: { rounds: settings.rounds, seconds: settings.seconds, what: settings.what, only: settings.only.source },
  rounds: run.rounds,
  interrupted: stopped,
  idle: run.idle,
  comparisons: compare(find, machine.cores),
  contenders: results,
  layers,
};
const text = markdown(report);
mkdirSync(settings.out, { recursive: true });
writeFileSync(join(settings.out, 'bench.json'), `${JSON.stringify(report, null, 1)}\n`);
writeFileSync(join(settings.out, 'bench.md'), text);
console.log(text);
if (settings.writeDocs && !stopped) writeFileSync(DOCUMENT, intoDocument(readFileSync(DOCUMENT, 'utf8'), text));
process.exit(stopped ? 130 : 0);
