// The seed of “seed=own”: drawn once on each machine, the same at every visit, so that a class's results are of as many seeds as it has students.

import { browserTexts } from '../page/storage.js';

const kKey = 'lenet-lab own seed';
const kSeeds = 999_999_999;

/** A whole number from 1; where the browser keeps nothing, one for this visit. */
export function ownSeed() {
  const kept = Number(browserTexts.get(kKey));
  if (Number.isInteger(kept) && kept >= 1 && kept <= kSeeds) return kept;
  const seed = 1 + (crypto.getRandomValues(new Uint32Array(1))[0] % kSeeds);
  browserTexts.set(kKey, String(seed));
  return seed;
}
