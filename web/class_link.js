// A class's link: an address that opens a comparison, with a seed of each student's own. Parameters:
//
// compare   a comparison's key ("frozen"), or arms=[…] as lab.compare() takes them
// dataset   mnist, cifar10, strokes;  recipe={…} settings that all arms share, as lab.reset() takes them
// steps or epochs, seeds   length of each run, and how many
// seed      a number, or "own": drawn once on this machine and kept

const kSeedKey = 'lenet-lab own seed';
const kLargestSeed = 999_999_999;

/** A seed of this machine's own, the same at every visit. */
function ownSeed() {
  try {
    const kept = Number(localStorage.getItem(kSeedKey));
    if (Number.isInteger(kept) && kept > 0 && kept < kLargestSeed) return kept;
  } catch {
    // no storage: a seed for this visit
  }
  const seed = 1 + (crypto.getRandomValues(new Uint32Array(1))[0] % (kLargestSeed - 1));
  try {
    localStorage.setItem(kSeedKey, String(seed));
  } catch {
    // likewise
  }
  return seed;
}

function json(parameters, name, isRight) {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (text.length > 10_000) throw new Error(`The address has a “${name}” that is too long.`);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    // said below
  }
  if (!isRight(value)) throw new Error(`The address has a “${name}” that cannot be read.`);
  return value;
}

function whole(parameters, name, most) {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^[0-9]{1,9}$/.test(text) || value < 1 || value > most) {
    throw new Error(`The address has “${name}” = “${text.slice(0, 20)}”, which is no whole number from 1 to ${most}.`);
  }
  return value;
}

/** What the address asks for, or null when it names no comparison. Throws an Error with a sentence for what cannot be read. */
export function readClassLink(search) {
  const parameters = new URLSearchParams(search);
  const compare = parameters.get('compare') ?? undefined;
  const arms = json(parameters, 'arms', Array.isArray);
  if (compare === undefined && arms === undefined) return null;
  const seed = parameters.get('seed') === 'own' ? ownSeed() : whole(parameters, 'seed', kLargestSeed);
  return {
    compare,
    arms,
    dataset: parameters.get('dataset') ?? undefined,
    recipe: json(parameters, 'recipe', (value) => value !== null && typeof value === 'object' && !Array.isArray(value)) ?? {},
    steps: whole(parameters, 'steps', 10_000_000),
    epochs: whole(parameters, 'epochs', 100_000),
    seeds: whole(parameters, 'seeds', 1000),
    seed,
  };
}

/** The address of this page that opens a question ({compare or arms, dataset, steps or epochs, seeds}), with a seed: "own" for each visitor's. */
export function makeClassLink(question, { seed = 'own', base = location.href } = {}) {
  const url = new URL(base);
  url.search = '';
  url.hash = '';
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : value);
  url.searchParams.set('seed', seed);
  url.searchParams.set('build', 'baseline'); // whose bits are the same everywhere
  return url.href;
}

/** Brings the page to where the address asks. */
export async function openClassLink(lab, link) {
  const { compare, arms, dataset, recipe, seed, steps, epochs, seeds = 1 } = link;
  await lab.reset({ ...recipe, dataset, seed });
  await lab.compare(arms ?? compare);
  lab.open('compare', { comparison: arms ? undefined : compare, seeds, first: seed ?? lab.state().seed, steps, epochs });
}
