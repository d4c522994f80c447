// A study in parts: with GNU parallel, interrupted and taken up again, merged. The results are those of one process, apart from seconds.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PROGRAM = process.env.LENET_LAB_PROGRAM ?? join(ROOT, 'build', 'native-release', 'lenet-lab');
const INTERRUPTED = 130;

const STUDY = {
  title: 'Shards',
  dataset: 'strokes',
  trainImages: 640,
  seeds: { first: 1, count: 3 },
  epochs: 2,
  measure: { steps: [3, 7] },
  base: { network: 'conv 3 5x5, relu, pool 2, dense 10', batch: 32 },
  arms: [{ name: 'all trained' }, { name: 'conv frozen', freeze: ['conv1'] }],
  compareAt: { arm: 'all trained', heldOutAccuracy: 0.3 },
};

const call = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'lenet-lab-study-'));
const place = (...names) => join(folder, ...names);
const text = (...names) => readFileSync(place(...names), 'utf8');
const hasParallel = await call('parallel', ['--version']).then(({ stdout }) => stdout.startsWith('GNU parallel'), () => false);

/** What a folder holds, without the seconds that its runs took. */
function results(name) {
  const json = JSON.parse(text(name, 'results.json'));
  for (const run of json.runs) delete run.seconds;
  const table = text(name, 'table.md').replace(/\| [\d.]+ s \| [\d.]+× \|/g, '');
  return { json, table, csv: text(name, 'results.csv'), chart: text(name, 'chart.svg') };
}

before(async () => {
  writeFileSync(place('study.json'), JSON.stringify(STUDY));
  await call(PROGRAM, ['study', place('study.json'), '--out', place('whole'), '--jobs', '1', '--quiet']);
});
after(() => rmSync(folder, { recursive: true }));

test('the whole study in one process', () => {
  const { json, table, csv } = results('whole');
  assert.equal(json.runs.length, 6);
  assert.equal(csv.split('\n').length, 1 + 6 * 4 + 1); // steps 3, 7, 20, 40
  assert.match(table, /## At step/);
  assert.doesNotMatch(table, /\d s \|/);
});

const SKIP = !hasParallel && 'GNU parallel is not installed (package parallel)';

test('three shards with GNU parallel in one folder', { skip: SKIP }, async () => {
  await call('parallel', ['-j3', PROGRAM, 'study', place('study.json'), '--out', place('shared'), '--jobs', '1', '--quiet',
    '--shard', '{}/3', ':::', '1', '2', '3']);
  assert.deepEqual(readdirSync(place('shared', 'runs')).sort(), readdirSync(place('whole', 'runs')).sort());
  assert.deepEqual(results('shared'), results('whole')); // the last shard wrote them
});

test('two shards with GNU parallel in folders of their own, merged', { skip: SKIP }, async () => {
  await call('parallel', ['-j2', PROGRAM, 'study', place('study.json'), '--out', place('part{}'), '--quiet', '--shard', '{}/2', ':::', '1', '2']);
  await call(PROGRAM, ['merge', place('part1'), place('part2'), '--out', place('merged')]);
  assert.deepEqual(results('merged'), results('whole'));
});

/** Runs a study, sends SIGINT after its first finished run, and resolves to its exit code and what it said. */
function interrupted(study, out) {
  return new Promise((resolve) => {
    const child = spawn(PROGRAM, ['study', study, '--out', out, '--jobs', '1', '--quiet']);
    let errors = '';
    child.stderr.on('data', (data) => { errors += data; });
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.on('close', (code) => resolve({ code, errors }));
  });
}

test('a study that is interrupted keeps its finished runs and goes on', async () => {
  const { code, errors } = await interrupted(place('study.json'), place('half'));
  assert.equal(code, INTERRUPTED);
  const kept = readdirSync(place('half', 'runs'));
  assert.ok(kept.length >= 1 && kept.length < 6, `${kept}`);
  assert.ok(kept.every((name) => name.endsWith('.json')), `${kept}`);
  assert.match(errors, new RegExp(`Interrupted: ${kept.length} of 6 runs are finished and kept in .*half/runs. The same command goes on`));
  const first = text('half', 'runs', kept[0]);
  const { stdout } = await call(PROGRAM, ['study', place('study.json'), '--out', place('half'), '--quiet']);
  assert.match(stdout, new RegExp(`^${kept.length} of 6 runs are there already`));
  assert.equal(text('half', 'runs', kept[0]), first);
  assert.deepEqual(results('half'), results('whole'));
});
