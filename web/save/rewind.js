// Rewind as a person means it: back to step 0 at once, and a note that brings back what was trained.

import { note } from '../page/status.js';

/** Fewer steps than that are trained again sooner than one reads a note. */
const kWorthKeeping = 50;
const kTimelineBytes = 64 << 20;
const kOfferedMs = 20_000;

/** What brings the run back, or null where it is not worth it or cannot be kept (of a comparison a session file has one arm only). */
async function keepRun(lab) {
  const { step, diverged } = lab.state();
  if (step < kWorthKeeping || diverged || lab.comparison().arms.length > 1) return null;
  return { step, bytes: await lab.exportSession({ timelineBytes: kTimelineBytes }).catch(() => null) };
}

/** Resolves when the run stands at step 0. */
export async function rewindWithWayBack(lab) {
  await lab.pause();
  const kept = await keepRun(lab);
  await lab.rewind();
  if (!kept?.bytes) return;
  const press = () => lab.importSession(kept.bytes).catch((error) => note(error.message));
  note(`Rewound to step 0, with the same initial weights. Step ${kept.step.toLocaleString('en')} can be brought back.`, { good: true, button: { label: 'Bring it back', press }, lastsMs: kOfferedMs });
}
