// What the measures of a lesson share: how a result is made and said, and on what it was measured.

const kSettleMs = 50;
const kLongestWaitMs = 120_000;

export const grouped = (count) => count.toLocaleString('en');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A figure: its name, value (a number, a word, or null where there is none), what it was measured on, unit and decimals. */
export const figure = (label, value, n, unit = '', digits = 0) => ({ label, value, unit, digits, n });

/** A table: {table: {caption, columns, rows}, n}. */
export const table = (caption, columns, rows, n) => ({ table: { caption, columns, rows }, n });

/** A result's value in words: “96.74 %”. */
export function say({ value, unit, digits }) {
  if (value === null) return 'no figure';
  if (typeof value !== 'number') return String(value);
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−');
  return unit === '' ? text : `${text} ${unit}`;
}

/** Which weights: “step 300, 1 seed (1)”, or that they were loaded. */
function whichWeights({ step, seed, loaded }) {
  if (!loaded) return `step ${grouped(step)}, 1 seed (${seed})`;
  const trained = loaded.steps > 0 ? `weights trained before (${grouped(loaded.steps)} steps${loaded.dataset ? ` on ${loaded.dataset === 'mnist' ? 'MNIST' : loaded.dataset}` : ''})` : 'loaded weights';
  return step > 0 ? `${trained} and ${grouped(step)} steps more` : trained;
}

/** “n = 10,000 test images, step 300, 1 seed (1), MNIST”; `n` is left out where it is null. */
export function measuredOn(state, n = null, what = 'test images') {
  const rest = `${whichWeights(state)}, ${state.title}`;
  return n === null ? rest : `n = ${grouped(n)} ${what}, ${rest}`;
}

/** Whether the newest accuracy of a curve is that of `step`, on all the test images that are there. */
const isFinal = (last, step, data) => last?.step === step && last.n >= data.testAvailable;

function isSettled(lab, state) {
  if (state.arms.length < 2) return isFinal(state.testAccuracy, state.step, state.data);
  const arms = lab.comparison()?.arms ?? [];
  return arms.length > 0 && arms.every((arm) => isFinal(arm.accuracy.at(-1), arm.step, state.data));
}

/** Waits until accuracy has been measured where the run stands, on all test images; gives the state. */
export async function settled(lab) {
  const limit = performance.now() + kLongestWaitMs;
  for (;;) {
    const state = lab.state();
    if (isSettled(lab, state)) return state;
    if (state.diverged) throw new Error('The run has diverged, so there is no accuracy to measure.');
    if (state.playing) throw new Error('The network trains on, so its accuracy was not measured. Pause it, and run this again.');
    if (performance.now() > limit) throw new Error('The accuracy was not measured in time. Run this again.');
    await wait(kSettleMs);
  }
}
