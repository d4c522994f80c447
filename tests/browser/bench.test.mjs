// The arithmetic of tools/bench and its tables, and the server's mounts. Needs no browser and measures nothing.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { compare } from '../../tools/lib/bench/comparisons.mjs';
import { intoDocument, markdown } from '../../tools/lib/bench/report.mjs';
import { median, ratio, summary } from '../../tools/lib/bench/statistics.mjs';
import { serve } from '../../tools/lib/server.mjs';

const slices = (...rates) => rates.map((rate, index) => ({ round: index + 1, rate }));

test('bench: medians of odd, even and no counts', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([]), null);
  assert.deepEqual(summary([2, 9, 4]), { median: 4, min: 2, max: 9, count: 3 });
  assert.equal(summary([]), null);
});

test('bench: a ratio is one of medians, its range that of the rounds which have both', () => {
  assert.deepEqual(ratio(slices(20, 30, 40), slices(10, 10, 10)), { ratio: 3, min: 2, max: 4 });
  const laterOnly = [{ round: 2, rate: 10 }];
  assert.deepEqual(ratio(slices(20, 30, 40), laterOnly), { ratio: 3, min: 3, max: 3 });
  assert.deepEqual(ratio([{ round: 1, rate: 20 }], laterOnly), { ratio: 2, min: null, max: null });
  assert.equal(ratio([], slices(1)), null);
});

const contenders = [
  { name: 'page relaxed', what: 'train', batch: 64, threads: 1, rates: [2000, 2100, 2200] },
  { name: 'page baseline', what: 'train', batch: 64, threads: 1, rates: [2600, 2700, 2500] },
  { name: 'page baseline', what: 'train', batch: 64, threads: 2, rates: [4000, 4100, 4200] },
  { name: 'onnxruntime-web 1.19.2', what: 'train', batch: 64, threads: 1, rates: [1000, 1000, 1000] },
].map(({ rates, ...rest }) => ({ ...rest, label: `${rest.name}, ${rest.threads}`, slices: slices(...rates), images: summary(rates) }));

const find = ({ name, what, batch, threads }) =>
  contenders.find((one) => one.name === name && one.what === what && one.batch === batch && one.threads === threads)?.slices ?? [];

test('bench: a target is judged on the best build, and not at all where nothing was measured', () => {
  const [ort, torch, scaling] = compare(find, 2);
  assert.deepEqual(ort.rows.map((row) => row[1]?.ratio), [2.1, 2.6]);
  assert.deepEqual(ort.verdicts, [
    { threads: 1, target: 2.5, reached: 2.6, met: true },
    { threads: 2, target: 3.5, reached: null, met: null },
  ]);
  assert.deepEqual(torch.verdicts.map(({ met }) => met), [null, null]);
  assert.deepEqual(scaling.verdicts.map(({ met }) => met), [false]); // 4100 / 2600
  const shown = compare(find, 2).find(({ needed }) => needed === 3);
  assert.deepEqual(shown.verdicts, [], 'the drawing needs a core of its own');
});

test('bench: the tables name what was measured and what was not', () => {
  const lost = { label: 'somebody, 1', name: 'somebody', slices: [], images: null, reason: 'it is not installed' };
  const text = markdown({
    machine: { date: '2026-01-01', commit: 'abc', cpu: 'a CPU', cores: 2, memoryGiB: 8, system: 'Linux', versions: { Node: '20' } },
    settings: { rounds: 3, seconds: 1 },
    rounds: 3,
    interrupted: false,
    idle: [{ ours: 0.01, others: 0.2 }],
    comparisons: compare(find, 2),
    contenders: [...contenders, lost],
    layers: [
      { name: 'native', result: { peak_gflops: 40, layers: [{ layer: 'conv1', pass: 'forward', microseconds: 120, gflops: 20, share_of_peak: 0.5 }] } },
    ],
  });
  assert.match(text, /\| train \| 64 \| page baseline \| 2 \| 4100 \| 4000 to 4200 \| 3 \|/);
  assert.match(text, /\| training, batch 64 \| page baseline \| onnxruntime-web 1\.19\.2 \| 2\.60× \(2\.50 to 2\.70\) \| – \|/);
  assert.match(text, /1 thread ≥ 2\.5×: met; 2 threads ≥ 3\.5×: not measured/);
  assert.match(text, /\| conv1 \| forward \| 120 µs, 20\.0, 50 % \|/);
  assert.match(text, /somebody, 1: not measured: it is not installed/);
  assert.match(text, /other programs 20 %/);
});

test('bench: the tables go between the marks of the document, and only there', () => {
  const document = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
  assert.equal(intoDocument(document, 'new\n'), 'before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n');
  assert.throws(() => intoDocument('no marks', 'new'), /has no/);
});

test('server: a mount answers for its prefix and gives nothing from outside', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'root-'));
  const other = mkdtempSync(join(tmpdir(), 'other-'));
  writeFileSync(join(root, 'a.txt'), 'root');
  writeFileSync(join(other, 'a.txt'), 'other');
  const server = await serve({ root, mounts: { '/other/': other } });
  t.after(async () => {
    await server.close();
    for (const folder of [root, other]) rmSync(folder, { recursive: true });
  });
  const get = (path) => fetch(`${server.url}${path}`);
  assert.equal(await (await get('/a.txt')).text(), 'root');
  assert.equal(await (await get('/other/a.txt')).text(), 'other');
  assert.equal((await get('/other/b.txt')).status, 404);
  assert.equal((await get(`/other/..%2f${root.split('/').at(-1)}%2fa.txt`)).status, 404);
});
