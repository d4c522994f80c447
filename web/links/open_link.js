// Brings the page to where a link says (web/links/link.js): looks, run, replay, and at last what is on show. Nothing stops at a part that is
// refused; all that could not be done is given back in sentences.

import { partOf, runSettings, viewSettings } from './link.js';
import { replay } from './replay.js';

const kSettleMs = 50;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Applies all settings at once or, where that is refused, one by one, so that only the impossible ones are left out. */
async function applyEach(settings, apply, problems) {
  if (Object.keys(settings).length === 0) return true;
  try {
    await apply(settings);
    return true;
  } catch {
    for (const [name, value] of Object.entries(settings)) {
      await apply({ [name]: value }).catch((error) => problems.push(error.message));
    }
    return false;
  }
}

/** The run of the link at its first step; whether it is just that. */
async function beginRun(lab, values, fresh, problems) {
  const { dataset = 'mnist', ...settings } = runSettings(values, fresh);
  const begin = values.has('checkpoint') ? (run) => lab.loadCheckpoint(values.get('checkpoint'), run) : lab.reset;
  let exact = await begin({ dataset, ...settings }).then(() => true, () => false);
  if (!exact) {
    const refused = [];
    if (values.has('checkpoint')) await begin({}).catch((error) => refused.push(error.message));
    await applyEach({ dataset, ...settings }, lab.reset, refused);
    problems.push(...new Set(refused));
  }
  const twins = values.get('arms') ?? values.get('compare');
  if (twins === undefined) return exact;
  try {
    await lab.compare(twins);
    const [comparison, first] = [values.get('compare'), values.get('seed') ?? lab.state().seed];
    await lab.open('compare', { comparison, first, seeds: 1, ...Object.fromEntries(partOf(values, 'repeat')) });
  } catch (error) {
    problems.push(error.message);
    exact = false;
  }
  return exact;
}

/** Waits until a run can begin on the data set. A sentence where another one had to stand in. */
async function awaitData(lab, dataset) {
  for (;;) {
    const { dataset: inUse, wantedData, title } = lab.state();
    if (inUse === dataset) return null;
    if (!wantedData) return `The link is about the data set ${dataset}, which is not here, so it is not replayed on ${title}.`;
    await wait(kSettleMs);
  }
}

/** Once all of the data are here: a sentence where they are others than the link's, else null. */
export async function compareData(lab, hash) {
  const { run, dataset } = lab.state();
  for (;;) {
    const state = lab.state();
    if (state.run !== run || state.dataset !== dataset || state.error) return null; // another question by now
    if (state.data.hash === hash) return null;
    if (state.data.hash) {
      return `The data set ${state.title} has other images here than where the link was made (content ${state.data.hash} in place of ${hash}): figures can differ.`;
    }
    await wait(4 * kSettleMs);
  }
}

/** What is on show, in an order in which nothing undoes what came before. */
function showings(lab, values) {
  const steps = {
    lab: (name) => lab.open(name),
    unit: ({ layer, unit }) => lab.lock(layer, unit),
    mode: (mode) => lab.mode(mode),
    image: (image) => lab.show(image),
    probe: (images) => lab.probe(images),
  };
  return Object.entries(steps).filter(([name]) => values.has(name)).map(([name, show]) => () => show(values.get(name)));
}

/**
 * Opens what readLink() found. `fresh` is the state of a page opened without anything; `kept`, a function or null, brings the very state that the
 * link is about from this browser; `checkpoint` loads trained weights in place of a replay. Resolves with {problems}, sentences.
 */
export async function openLink(lab, values, { fresh, kept = null, checkpoint = null }) {
  const problems = [];
  const attempt = (action) => action().catch((error) => problems.push(error.message));
  await applyEach(viewSettings(values), (part) => lab.set(part), problems);
  const steps = values.get('step') ?? 0;
  const begins = ['run', 'compare', 'goal'].some((part) => partOf(values, part).length > 0);
  const exact = !begins || (await beginRun(lab, values, fresh, problems));
  for (const show of showings(lab, values)) await attempt(show);
  if (steps > 0 && !exact) {
    problems.push(`Since its run could not be begun as the link says, it is not replayed to step ${steps}.`);
  } else if (steps > 0) {
    const missing = await awaitData(lab, values.get('dataset') ?? fresh.wantedData?.name ?? fresh.dataset);
    const isBack = !missing && kept !== null && (await kept().then(() => true, () => false)); // if it cannot be read, it is trained again
    const { problem } = missing || isBack ? { problem: missing } : await replay(lab, steps, checkpoint);
    if (problem) problems.push(problem);
  }
  if (values.has('moment')) await attempt(() => lab.moment(values.get('moment')));
  if (values.has('lesson')) await attempt(() => lab.openLesson(values.get('lesson')));
  if (values.has('speed')) await attempt(() => lab.set({ speed: values.get('speed') }));
  return { problems };
}
