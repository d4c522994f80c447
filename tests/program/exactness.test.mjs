// The program as it is shipped: the pinned run gives the same bits with each instruction set and any number of threads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PROGRAM = process.env.LENET_LAB_PROGRAM ?? join(ROOT, 'build', 'native-release', 'lenet-lab');
const { long: expected, ...run } = JSON.parse(readFileSync(join(ROOT, 'tests', 'golden', 'seeded-run.json'), 'utf8'));

const lab = (simd, ...args) => promisify(execFile)(PROGRAM, args, { env: { ...process.env, LENET_LAB_SIMD: simd } });

async function hash(simd, threads) {
  const { stdout } = await lab(
    simd, 'train', '--quiet', '--hash', '--dataset', run.dataset, '--preset', run.preset, '--seed', run.seed, '--batch', run.batch,
    '--rate', run.rate, '--momentum', run.momentum, '--decay', run.decay, '--steps', expected.steps, '--threads', threads,
  );
  return stdout.match(/^hash: ([0-9a-f]{16})$/m)?.[1];
}

const hasAvx2 = process.arch === 'x64' && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));

for (const simd of process.arch === 'x64' ? ['sse2', 'avx2'] : ['']) {
  for (const threads of [1, 2, 3]) {
    test(`200 steps, ${simd || 'plain'}, ${threads} threads`, { skip: simd === 'avx2' && !hasAvx2 && 'this processor has no AVX2' }, async () => {
      assert.equal(await hash(simd, threads), expected.hash);
    });
  }
}
