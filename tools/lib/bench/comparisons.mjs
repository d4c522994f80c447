// What is held against what, and what is aimed at. A target is judged on the better one of the page's builds.

import { LABS, withLab } from './ours/page.mjs';
import { ratio } from './statistics.mjs';

const PAGE = ['page relaxed', 'page baseline'];
export const ORT_TRAINING = 'onnxruntime-web 1.19.2';
export const ORT = 'onnxruntime-web 1.30.0';
export const TORCH = 'PyTorch + OpenBLAS';

/** targets: by the number of threads, at least so many times as fast. */
const COMPARISONS = [
  { title: 'training, batch 64', what: 'train', batch: 64, ours: PAGE, theirs: ORT_TRAINING, targets: { 1: 2.5, 2: 3.5 } },
  { title: 'training, batch 64', what: 'train', batch: 64, ours: PAGE, theirs: TORCH, targets: { 1: 1.0, 2: 1.1 } },
  { title: 'training, batch 64', what: 'train', batch: 64, ours: PAGE, theirs: 'itself with 1 thread', scaling: true, targets: { 2: 1.85 } },
  { title: 'inference, batch 64', what: 'inference', batch: 64, ours: PAGE, theirs: ORT, targets: { 1: 1.2, 2: 1.4 } },
  { title: 'inference, batch 1', what: 'inference', batch: 1, ours: PAGE, theirs: ORT, targets: { 1: 1.2 } },
  { title: 'training, batch 64', what: 'train', batch: 64, ours: ['page baseline, overlay shown'], theirs: 'page baseline', targets: { 1: 0.9, 2: 0.9 }, cores: 3 },
  // Each lab has to keep its promise, so each is held against the target alone.
  ...LABS.map((lab) => ({ title: 'training, batch 64', what: 'train', batch: 64, ours: [withLab(lab)], theirs: 'page baseline, overlay shown', targets: { 2: 0.8 } })),
  { title: 'training, batch 64', what: 'train', batch: 64, ours: ['native'], theirs: 'page baseline', targets: { 1: 1.0, 2: 1.0 } },
  { title: 'inference, batch 64', what: 'inference', batch: 64, ours: ['native'], theirs: 'page baseline', targets: { 1: 1.0, 2: 1.0 } },
];

/**
 * One entry a comparison: { title, theirs, rows: [{ ours, 1: ratio or null, 2: … }], verdicts: [{ threads, target, reached, met }] }.
 * Targets that need more `cores` than there are get no verdict.
 * `find({ name, what, batch, threads })` gives the slices [{ round, rate }] of a contender, none where it was not measured.
 */
export function compare(find, cores) {
  return COMPARISONS.map(({ title, what, batch, ours, theirs, scaling = false, targets, cores: needed = 1 }) => {
    const threadCounts = scaling ? [2] : [1, 2];
    const rows = ours.map((name) => {
      const row = { ours: name };
      for (const threads of threadCounts) {
        const other = scaling ? { name, what, batch, threads: 1 } : { name: theirs, what, batch, threads };
        row[threads] = ratio(find({ name, what, batch, threads }), find(other));
      }
      return row;
    });
    const verdicts = Object.entries(targets).map(([threads, target]) => {
      const reached = rows.map((row) => row[threads]?.ratio).filter((value) => value !== undefined);
      const best = reached.length ? Math.max(...reached) : null;
      return { threads: Number(threads), target, reached: best, met: best === null ? null : best >= target };
    });
    return { title, theirs, rows, verdicts: cores < needed ? [] : verdicts, needed };
  });
}
