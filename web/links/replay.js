// Trains a run to the step that a link names, in sight and at full speed. A person can stop it where it stands.

import { openDialog } from '../page/dialog.js';
import { button, make, setText } from '../page/html.js';
import { note } from '../page/status.js';
import { hideStrip, showStrip } from '../page/strip.js';

/** More steps than that are asked about first. */
export const kAskFrom = 20_000;
const kLookEveryMs = 200;
const kOfferedMs = 30_000;

const grouped = (count) => Math.round(count).toLocaleString('en');

/** What to do about a long way: "go", "checkpoint" or null for the beginning. */
function ask(steps, checkpoint) {
  const buttons = [{ label: 'Replay it', value: 'go', primary: true }, { label: 'Stay at step 0', value: null }];
  if (checkpoint) buttons.splice(1, 0, { label: 'Look at a trained network instead', value: 'checkpoint' });
  const element = `The link goes to step ${grouped(steps)}. Your browser trains all of them, which may take minutes; you can stop at any time.`;
  return openDialog({ title: 'A long way', element, buttons });
}

/** The line with the progress. */
function progressLine(steps, onCancel, onCheckpoint) {
  const text = make('span');
  const bar = make('progress', { max: steps, value: 0, 'aria-label': 'Replay of the link' });
  const line = make('div', {}, text, bar, button('Cancel', onCancel));
  if (onCheckpoint) line.append(button('Look at a trained network instead', onCheckpoint));
  const update = ({ step, imagesPerSecond, waitingForData }) => {
    bar.value = step;
    const pace = waitingForData ? 'waiting for the data' : imagesPerSecond > 0 ? `${grouped(imagesPerSecond)} images/s` : '';
    const now = `Replaying the link: step ${grouped(step)} of ${grouped(steps)}${pace ? ` · ${pace}` : ''}`;
    setText(text, now);
  };
  return { line, update };
}

/** Says where a replay was cancelled, and offers the rest of the way. */
function offerRest(lab, steps) {
  const { step } = lab.state();
  const text = `The replay was cancelled at step ${grouped(step)}; the link goes to step ${grouped(steps)}.`;
  note(text, { good: true, button: { label: 'Go on', press: () => replay(lab, steps).then(({ problem }) => problem && note(problem)) }, lastsMs: kOfferedMs });
}

/**
 * Trains the run to step `steps`. `checkpoint`, a function, is offered in its place where there is one. Resolves with how it ended:
 * {reached, problem}; `problem` is a sentence where something else than the person stopped it.
 */
export async function replay(lab, steps, checkpoint = null) {
  let choice = steps > kAskFrom ? await ask(steps, checkpoint) : 'go';
  let problem = null;
  if (choice === 'go') {
    const leave = (other) => () => {
      choice = other;
      lab.pause().catch(() => {}); // the wait below ends with it
    };
    const { line, update } = progressLine(steps, leave(null), checkpoint && leave('checkpoint'));
    update(lab.state());
    showStrip('replay', line);
    const timer = setInterval(() => update(lab.state()), kLookEveryMs);
    try {
      await lab.step(steps - lab.state().step);
    } catch (error) {
      if (choice === 'go') problem = `The replay ended at step ${grouped(lab.state().step)} of ${grouped(steps)}: ${error.message}`;
      else if (choice === null) offerRest(lab, steps);
    } finally {
      clearInterval(timer);
      hideStrip('replay');
    }
  }
  if (choice === 'checkpoint') await checkpoint().catch((error) => (problem = error.message));
  return { reached: choice === 'go' && problem === null, problem };
}
