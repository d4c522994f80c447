// Our native program, which measures itself: it starts, warms up and runs for each slice.

import { existsSync } from 'node:fs';

import { runForJson } from '../children.mjs';
import { Contender, Host } from '../host.mjs';

function run({ program, mnist }, ...args) {
  if (!existsSync(program)) throw new Error('it is not built (tools/bench builds it; --no-build does not)');
  const env = { ...process.env, LENET_LAB_DATA: mnist.replace(/\/mnist\/?$/, '') };
  return runForJson(program, ['bench', ...args, '--json'], { env });
}

export function nativeContenders(where) {
  const host = new Host('native', { start: async () => ({}), stop: async () => {} });
  const contenders = [];
  for (const [what, batch] of [['train', 64], ['inference', 64], ['inference', 1]]) {
    for (const threads of batch === 1 ? [1] : [1, 2]) {
      contenders.push(new Contender({
        name: 'native', what, batch, threads, host,
        slice: async (_, seconds) =>
          run(where, '--what', what, '--batch', String(batch), '--threads', String(threads), '--seconds', String(seconds)),
      }));
    }
  }
  return contenders;
}

export const nativeLayers = (where) => [
  { name: 'native', measure: async (seconds) => run(where, '--what', 'layers', '--seconds', String(seconds)) },
];
