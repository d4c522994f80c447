// The few numbers that the tables are made of.

export function median(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** { median, min, max, count } of numbers; null where there are none. */
export function summary(values) {
  if (values.length === 0) return null;
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), count: values.length };
}

/**
 * How many times as fast `ours` is as `theirs`, both lists of { round, rate }: the ratio of the medians, and the least and the
 * largest ratio within a round. Null where either has no slices; min and max are null where no round has both.
 */
export function ratio(ours, theirs) {
  if (ours.length === 0 || theirs.length === 0) return null;
  const rates = (slices) => slices.map(({ rate }) => rate);
  const byRound = new Map(theirs.map(({ round, rate }) => [round, rate]));
  const pairs = ours.filter(({ round }) => byRound.has(round)).map(({ round, rate }) => rate / byRound.get(round));
  const range = summary(pairs);
  return { ratio: median(rates(ours)) / median(rates(theirs)), min: range?.min ?? null, max: range?.max ?? null };
}
